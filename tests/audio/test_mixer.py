"""What the mixer promises: no click, no clipping, nothing lost, nothing that grows."""

import threading
import tracemalloc
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from os_sim.audio import MIX_HZ, Track
from os_sim.audio.cards import LockstepSink
from os_sim.audio.mixer import REST_FRAMES, Mixer
from os_sim.audio.rendering import AHEAD_FRAMES
from tests.audio.sounds import endless, sine, steady, steepest, strongest_hz

if TYPE_CHECKING:
    from os_sim.audio import Samples

TONE_HZ = 200.0
SMOOTH = 0.5 * 2 * np.pi * TONE_HZ / MIX_HZ * 1.15
"""A tone of TONE_HZ with a peak of 0.5 is never steeper; the fades may add a little."""
DUCKED = 10 ** (-15 / 20)


@pytest.fixture
def mixer() -> Iterator[Mixer]:
    patient = Mixer(render_wait_s=20.0)
    yield patient
    patient.close()


def nothing(*_: object) -> None:
    pass


def read(mixer: Mixer, seconds: float) -> "Samples":
    return mixer.read(round(seconds * MIX_HZ))


def test_a_sentence_alone_is_played_sample_for_sample(mixer: Mixer) -> None:
    sentence = sine(TONE_HZ, 0.25)
    mixer.say(sentence, nothing)
    np.testing.assert_array_equal(read(mixer, 0.25), sentence)


def test_sentences_follow_each_other_without_a_gap(mixer: Mixer) -> None:
    sentence = sine(TONE_HZ, 0.305)
    mixer.say(sentence[:5000], nothing)
    mixer.say(sentence[5000:], nothing)
    np.testing.assert_array_equal(read(mixer, 0.305), sentence)


def test_a_sentence_is_over_with_its_last_sample(mixer: Mixer) -> None:
    over: list[str] = []
    mixer.say(sine(TONE_HZ, 0.1), lambda: over.append("first"))
    mixer.say(sine(TONE_HZ, 0.1), lambda: over.append("second"))
    mixer.read(4799)
    assert over == []
    mixer.read(1)
    assert over == ["first"]
    mixer.read(4800)
    assert over == ["first", "second"]


def test_hush_fades_the_voice_within_20_ms_and_drops_the_rest(mixer: Mixer) -> None:
    over: list[str] = []
    mixer.say(sine(TONE_HZ, 1.0), lambda: over.append("first"))
    mixer.say(sine(TONE_HZ, 1.0), lambda: over.append("second"))
    before = read(mixer, 0.1013)
    mixer.hush()
    assert over == ["first", "second"]
    after = read(mixer, 1.0)
    assert steepest(np.concatenate([before, after])) < SMOOTH
    assert after[:480].any()
    assert not after[960:].any()
    assert over == ["first", "second"]


def test_what_is_said_after_a_hush_is_said(mixer: Mixer) -> None:
    mixer.say(sine(TONE_HZ, 1.0), nothing)
    mixer.hush()
    read(mixer, 0.1)
    sentence = sine(TONE_HZ, 0.1)
    mixer.say(sentence, nothing)
    np.testing.assert_array_equal(read(mixer, 0.1), sentence)


def test_no_transport_word_clicks(mixer: Mixer) -> None:
    heard = []
    mixer.start(endless(TONE_HZ), nothing)
    for act in (
        nothing,
        mixer.pause,
        mixer.resume,
        lambda: mixer.start(endless(TONE_HZ), nothing),
        mixer.pause,
        mixer.stop,
        lambda: mixer.start(endless(TONE_HZ), nothing),
        mixer.stop,
    ):
        act()
        heard.append(read(mixer, 0.2037))
    assert steepest(np.concatenate(heard)) < SMOOTH
    loud = [float(np.abs(part[-480:]).max()) > 0.4 for part in heard]
    assert loud == [True, False, True, True, False, False, True, False]


def test_transport_words_in_quick_succession_do_not_click(mixer: Mixer) -> None:
    heard = []
    for _ in range(12):
        mixer.start(endless(TONE_HZ), nothing)
        heard.append(read(mixer, 0.047))
        mixer.pause()
        heard.append(read(mixer, 0.007))
        mixer.resume()
        heard.append(read(mixer, 0.013))
    # Two fades of the same track may overlap: twice as steep, still far from a click (0.5).
    assert steepest(np.concatenate(heard)) < 2 * SMOOTH


def test_next_changes_the_track_within_40_ms(mixer: Mixer) -> None:
    mixer.start(endless(200.0), nothing)
    read(mixer, 0.5)
    mixer.start(endless(700.0), nothing)
    assert mixer.position_s == 0.0
    after = read(mixer, 0.54)[round(0.04 * MIX_HZ) :, 0]
    assert strongest_hz(after, MIX_HZ) == pytest.approx(700.0, abs=2)
    spectrum = np.abs(np.fft.rfft(after * np.hanning(len(after))))
    assert spectrum[100] < spectrum.max() / 1000


def test_resume_goes_on_where_pause_left_off(mixer: Mixer) -> None:
    ramp = np.linspace(0.0, 0.9, 10 * MIX_HZ, dtype=np.float32)
    track = Track("ramp", "even", 10.0, lambda: iter([np.stack([ramp, ramp], axis=1)]))
    mixer.start(track, nothing)
    read(mixer, 2.0)
    mixer.pause()
    read(mixer, 5.0)
    place_s = mixer.position_s
    assert place_s == pytest.approx(2.03)
    mixer.resume()
    after = read(mixer, 1.0)
    assert after[-1, 0] == pytest.approx(ramp[round((place_s + 1.0) * MIX_HZ) - 1])


def test_a_track_is_over_when_it_has_been_heard_to_its_end(mixer: Mixer) -> None:
    ended: list[Exception | None] = []
    mixer.start(steady(0.5, 1.0), ended.append)
    read(mixer, 0.99)
    assert ended == []
    after = read(mixer, 0.1)
    assert ended == [None]
    assert np.count_nonzero(after[:, 0]) == 480


def test_the_end_of_a_stopped_or_replaced_track_is_not_reported(mixer: Mixer) -> None:
    ended: list[Exception | None] = []
    mixer.start(steady(0.5, 0.5), ended.append)
    read(mixer, 0.1)
    mixer.start(steady(0.5, 0.5), ended.append)
    read(mixer, 0.1)
    mixer.stop()
    read(mixer, 2.0)
    assert ended == []


def test_music_is_ducked_while_speech_plays_and_comes_back(mixer: Mixer) -> None:
    mixer.start(steady(0.5, 10.0), nothing)
    assert read(mixer, 0.5)[-1, 0] == pytest.approx(0.5)
    mixer.say(np.zeros((MIX_HZ, 2), np.float32), nothing)
    during = read(mixer, 1.0)
    assert during[round(0.1 * MIX_HZ) :, 0] == pytest.approx(0.5 * DUCKED)
    after = read(mixer, 1.0)
    assert after[-1, 0] == pytest.approx(0.5)
    assert steepest(np.concatenate([during, after])) < 0.001


def test_music_stays_down_until_the_last_who_ducked_it_lets_go(mixer: Mixer) -> None:
    mixer.start(steady(0.5, 20.0), nothing)
    with mixer.ducked():
        with mixer.ducked():
            mixer.say(np.zeros((480, 2), np.float32), nothing)
            read(mixer, 1.0)
        assert read(mixer, 1.0)[-1, 0] == pytest.approx(0.5 * DUCKED)
    assert read(mixer, 1.0)[-1, 0] == pytest.approx(0.5)


def test_the_volume_is_turned_in_db_between_its_limits(mixer: Mixer) -> None:
    mixer.start(steady(0.5, 20.0), nothing)
    read(mixer, 0.5)
    assert mixer.turn_volume(-6.0) == -6.0
    quieter = read(mixer, 0.5)
    assert quieter[-1, 0] == pytest.approx(0.5 * 10 ** (-6 / 20))
    assert steepest(quieter) < 0.001
    assert mixer.turn_volume(+60.0) == 0.0
    assert read(mixer, 0.5)[-1, 0] == pytest.approx(0.5)
    assert mixer.turn_volume(-600.0) == -40.0


def test_the_sum_never_clips_and_keeps_its_shape(mixer: Mixer) -> None:
    mixer.start(endless(TONE_HZ, peak=1.0), nothing)
    mixer.say(sine(TONE_HZ, 2.0, peak=1.0), nothing)
    both = read(mixer, 2.0)
    assert np.abs(both).max() < 1.0
    settled = both[MIX_HZ:, 0]
    spectrum = np.abs(np.fft.rfft(settled * np.hanning(len(settled))))
    overtones = spectrum[400::200].max()
    assert 20 * np.log10(overtones / spectrum.max()) < -60


def test_a_sudden_peak_does_not_clip_either(mixer: Mixer) -> None:
    mixer.say(np.full((4800, 2), -3.0, np.float32), nothing)
    assert np.abs(read(mixer, 0.1)).max() < 1.0


def test_what_is_below_full_scale_is_left_alone(mixer: Mixer) -> None:
    sentence = sine(TONE_HZ, 0.5, peak=0.97)
    mixer.say(sentence, nothing)
    np.testing.assert_array_equal(read(mixer, 0.5), sentence)


def test_an_endless_track_is_rendered_only_a_little_ahead() -> None:
    rendered_frames = 0
    resting = threading.Event()

    def render() -> "Iterator[Samples]":
        nonlocal rendered_frames
        block = sine(TONE_HZ, 0.1)
        while True:
            rendered_frames += len(block)
            if rendered_frames >= AHEAD_FRAMES:
                resting.set()
            yield block

    mixer = Mixer()
    mixer.start(Track("endless", "even", 1.0, render), nothing)
    assert resting.wait(20)
    heard_frames = 0
    for _ in range(500):
        heard_frames += len(read(mixer, 0.02))
        assert rendered_frames - heard_frames <= AHEAD_FRAMES + 2 * 4800
    mixer.close()


def test_an_endless_track_takes_no_more_memory_the_longer_it_plays(mixer: Mixer) -> None:
    mixer.start(endless(TONE_HZ), nothing)
    read(mixer, 2.0)
    tracemalloc.start()
    try:
        for _ in range(24):
            read(mixer, 5.0)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Two answers of 5 s (2 MB each) and what is rendered ahead; all of it would be 46 MB.
    assert peak_bytes < 8_000_000


def test_a_renderer_that_raises_is_reported_after_what_it_had_rendered(mixer: Mixer) -> None:
    def render() -> "Iterator[Samples]":
        yield sine(TONE_HZ, 0.5)
        raise ZeroDivisionError("no such chord")

    ended: list[Exception | None] = []
    mixer.start(Track("broken", "sad", 10.0, render), ended.append)
    assert np.abs(read(mixer, 0.45)[-480:]).max() > 0.4
    assert ended == []
    read(mixer, 0.1)
    assert [type(error) for error in ended] == [ZeroDivisionError]
    sentence = sine(TONE_HZ, 0.1)
    mixer.say(sentence, nothing)
    np.testing.assert_array_equal(read(mixer, 0.1), sentence)


@pytest.mark.parametrize(
    "block",
    [np.zeros((10, 3)), np.full((10, 2), np.nan), np.zeros((2, 2, 2)), "a chord", None],
    ids=["three channels", "not a number", "three dimensions", "text", "nothing"],
)
def test_a_block_that_is_no_sound_is_reported(mixer: Mixer, block: object) -> None:
    ended: list[Exception | None] = []
    mixer.start(Track("odd", "sad", 1.0, lambda: iter([block])), ended.append)  # type: ignore[list-item]
    assert not read(mixer, 0.1).any()
    assert [type(error) for error in ended] in ([ValueError], [TypeError])


def test_mono_blocks_of_doubles_are_played_on_both_sides(mixer: Mixer) -> None:
    block = np.full(MIX_HZ, 0.25, np.float64)
    mixer.start(Track("mono", "even", 1.0, lambda: iter([block])), nothing)  # type: ignore[list-item]
    assert read(mixer, 0.5)[-1] == pytest.approx([0.25, 0.25])


def test_the_render_thread_of_a_track_that_is_replaced_ends(mixer: Mixer) -> None:
    ends = [threading.Event() for _ in range(10)]

    def render(end: threading.Event) -> "Iterator[Samples]":
        try:
            while True:
                yield sine(TONE_HZ, 0.1)
        finally:
            end.set()

    for end in ends:
        mixer.start(Track("endless", "even", 1.0, lambda end=end: render(end)), nothing)  # type: ignore[misc]
        read(mixer, 0.2)
    mixer.close()
    assert all(end.wait(20) for end in ends)


def test_a_renderer_that_is_too_slow_makes_a_pause_and_not_a_click() -> None:
    go_on = threading.Event()

    def render() -> "Iterator[Samples]":
        whole = sine(TONE_HZ, 2.5)
        yield whole[:23_940]  # it breaks off at the top of a wave
        go_on.wait(20)
        yield whole[23_940:]

    mixer = Mixer()
    mixer.start(Track("slow", "even", 2.5, render), nothing)
    heard = [read(mixer, 0.01)]
    while not heard[-1].any():
        heard = [read(mixer, 0.01)]
    heard.append(read(mixer, 1.0))
    assert not heard[-1][-480:].any()
    go_on.set()
    heard.append(read(mixer, 0.01))
    while not heard[-1].any():
        heard[-1] = read(mixer, 0.01)
    heard.append(read(mixer, 1.0))
    mixer.close()
    assert steepest(np.concatenate(heard)) < SMOOTH
    assert np.abs(heard[-1][-480:]).max() > 0.4


def test_a_recording_waits_for_a_slow_renderer(mixer: Mixer) -> None:
    def render() -> "Iterator[Samples]":
        for block in np.split(sine(TONE_HZ, 2.0), 200):
            threading.Event().wait(0.001)
            yield block

    mixer.start(Track("slow", "even", 2.0, render), nothing)
    heard = read(mixer, 2.0)
    np.testing.assert_array_equal(heard[1440:], sine(TONE_HZ, 2.0)[1440:])


def test_speech_is_quiet_for_as_long_as_was_read_since(mixer: Mixer) -> None:
    read(mixer, 1.0)
    assert mixer.quiet_s == float("inf")
    mixer.say(sine(TONE_HZ, 0.1), nothing)
    assert mixer.is_speaking
    read(mixer, 0.1)
    assert not mixer.is_speaking
    assert mixer.quiet_s == 0.0
    read(mixer, 0.3)
    assert mixer.quiet_s == pytest.approx(0.3)


def test_the_reference_is_what_the_loudspeaker_gets() -> None:
    reference: list[Samples] = []
    mixer = Mixer(volume_db=-6.0, reference=reference.append)
    mixer.say(sine(TONE_HZ, 0.2), nothing)
    played = [mixer.read(frames) for frames in (441, 1, 4800)]
    np.testing.assert_array_equal(np.concatenate(reference), np.concatenate(played))


class NotingSink(LockstepSink):
    """Notes whether it was told last to rest, or to wake."""

    def __init__(self) -> None:
        super().__init__()
        self.rests = False

    def rest(self) -> None:
        self.rests = True

    def wake(self) -> None:
        self.rests = False


REST_S = REST_FRAMES / MIX_HZ


def test_the_sink_rests_after_three_seconds_of_nothing_to_be_heard(mixer: Mixer) -> None:
    sink = NotingSink()
    mixer.play_on(sink)
    mixer.say(sine(TONE_HZ, 1.0), nothing)
    sink.advance(1.0 + REST_S)
    assert not sink.rests
    sink.advance(0.02)
    assert sink.rests


@pytest.mark.parametrize(
    "make_sound",
    [
        lambda mixer: mixer.say(sine(TONE_HZ, 1.0), nothing),
        lambda mixer: mixer.start(endless(TONE_HZ), nothing),
        lambda mixer: mixer.resume(),
    ],
    ids=["say", "start", "resume"],
)
def test_whatever_sounds_wakes_the_sink(mixer: Mixer, make_sound: Callable[[Mixer], None]) -> None:
    sink = NotingSink()
    mixer.play_on(sink)
    mixer.start(endless(TONE_HZ), nothing)
    mixer.pause()
    sink.advance(REST_S + 0.1)
    assert sink.rests
    make_sound(mixer)
    assert not sink.rests
    sink.advance(0.5)
    assert not sink.rests


def test_the_sink_does_not_rest_in_a_long_silence_of_a_track(mixer: Mixer) -> None:
    sink, ended = NotingSink(), threading.Event()
    mixer.play_on(sink)
    mixer.start(steady(0.0, 2 * REST_S), lambda _: ended.set())
    sink.advance(2 * REST_S - 0.1)
    assert not sink.rests
    sink.advance(0.2)
    assert ended.is_set()
