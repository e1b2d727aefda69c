"""What comes out of the loudspeaker: levels, joins, and the same samples every time."""

import hashlib
from functools import cache

import numpy as np
import pyloudnorm
import pytest
from numpy.typing import NDArray

from os_sim.skill import MIX_HZ
from skills.song.composer import compose
from skills.song.hall import Hall, small_hall
from skills.song.limiter import CEILING, limit
from skills.song.moods import CALM, HOPEFUL, MELANCHOLY, Mood
from skills.song.performance import perform
from skills.song.renderer import BLOCK_FRAMES, render

Samples = NDArray[np.float32]
MOODS = [MELANCHOLY, CALM, HOPEFUL]


@cache
def rendered(mood: Mood) -> Samples:
    return np.concatenate(list(render(perform(compose(5, mood)))))


def noise(frames: int) -> Samples:
    return np.random.default_rng(0).standard_normal((frames, 2), np.float32)


def true_peak(sound: Samples, size: int = 1 << 16, edge: int = 1 << 12) -> float:
    """The highest point of the wave through the samples, seen four times as closely.

    Each stretch is interpolated by its spectrum; its edges, where that wraps, are left to the
    neighbouring stretches.
    """
    peak = 0.0
    for start in range(0, len(sound) - size, size - 2 * edge):
        spectrum = np.fft.rfft(sound[start : start + size], axis=0)
        fine = 4 * np.fft.irfft(spectrum, 4 * size, axis=0)
        peak = max(peak, float(np.abs(fine[4 * edge : -4 * edge]).max()))
    return peak


def test_the_same_seed_gives_the_same_song_to_the_sample() -> None:
    again = np.concatenate(list(render(perform(compose(5, MELANCHOLY)))))
    first, second = (hashlib.sha256(s.tobytes()).digest() for s in (rendered(MELANCHOLY), again))
    assert first == second


def test_a_song_has_exactly_the_length_it_announces() -> None:
    performance = perform(compose(5, MELANCHOLY))
    assert len(rendered(MELANCHOLY)) == round(performance.seconds * MIX_HZ)


def test_blocks_join_as_if_the_song_had_been_rendered_at_once() -> None:
    performance = perform(compose(5, MELANCHOLY))
    frames = -(-round(performance.seconds * MIX_HZ) // 128) * 128
    at_once = np.concatenate(list(render(performance, block_frames=frames)))
    assert np.abs(at_once - rendered(MELANCHOLY)).max() < 2e-5


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_a_song_is_about_minus_16_lufs_loud(mood: Mood) -> None:
    meter = pyloudnorm.Meter(MIX_HZ)
    assert meter.integrated_loudness(rendered(mood)) == pytest.approx(-16, abs=1)


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_the_true_peak_stays_below_minus_one_decibel(mood: Mood) -> None:
    assert 20 * np.log10(true_peak(rendered(mood))) < -1


def test_a_song_begins_and_ends_in_silence() -> None:
    song = rendered(MELANCHOLY)
    assert np.abs(song[0]).max() < 1e-3
    assert np.abs(song[-480:]).max() < 1e-4
    # and the way down is a fade, not a cut
    seconds = [np.sqrt(np.mean(song[-n * MIX_HZ :][:MIX_HZ] ** 2)) for n in (4, 3, 2, 1)]
    assert seconds == sorted(seconds, reverse=True)


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_there_are_no_clicks(mood: Mood) -> None:
    """A click is broadband: nowhere may there be more than a trace above 10 kHz."""
    mono = rendered(mood).mean(axis=1)
    frames = mono[: len(mono) // 512 * 512].reshape(-1, 512) * np.hanning(512)
    spectrum = np.abs(np.fft.rfft(frames, axis=1)) / 128
    above = spectrum[:, np.fft.rfftfreq(512, 1 / MIX_HZ) > 10_000]
    assert 20 * np.log10(above.max()) < -70


def test_both_ears_hear_the_song_and_not_the_same() -> None:
    left, right = rendered(MELANCHOLY).T
    assert np.std(left) == pytest.approx(np.std(right), rel=0.25)
    assert 0.3 < np.corrcoef(left, right)[0, 1] < 0.98


def test_a_hall_fed_in_blocks_rings_as_one_convolution() -> None:
    response = small_hall(20_000)
    sound = noise(8 * 4096)
    sound[4096 * 2 :] = 0
    hall = Hall(response, 4096)
    wet = np.concatenate([hall.feed(block) for block in np.split(sound, 8)])
    crossed = 0.8 * sound + 0.2 * sound[:, ::-1]
    for ear in (0, 1):
        whole = np.convolve(crossed[: 4096 * 2, ear], response[:, ear])
        assert np.abs(wet[: len(whole), ear] - whole[: len(wet)]).max() < 1e-3


def test_the_limiter_leaves_quiet_sound_alone_and_holds_the_ceiling() -> None:
    quiet = 0.1 * noise(3 * BLOCK_FRAMES)
    assert np.array_equal(np.concatenate(list(limit(np.split(quiet, 3)))), quiet)
    loud = np.concatenate(list(limit(np.split(noise(3 * BLOCK_FRAMES), 3))))
    assert np.abs(loud).max() <= CEILING + 1e-6
    assert len(loud) == 3 * BLOCK_FRAMES
