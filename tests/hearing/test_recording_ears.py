"""Ears for recordings: in order, in step with what sounds, and the same every run."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.audio import CHUNK_S, MIX_HZ
from os_sim.audio.cards import LockstepSink
from os_sim.channel.hearing import Hearing
from os_sim.channel.recording import THINKING_S, RecordingEars, Room
from os_sim.clock import ManualClock
from os_sim.events import HeardEvent, HearingFailed, Partial, Utterance
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing.sounds import COMMANDS, expecting, hiss, sound_of, spoken

if TYPE_CHECKING:
    from os_sim.audio import Samples


class Told:
    """What a hearing of recordings came to."""

    def __init__(self) -> None:
        self.events: list[tuple[str | None, HeardEvent]] = []
        self.at_s: list[float] = []
        self.played_frames = 0
        self.clock = ManualClock()
        self.sink = LockstepSink()
        self.sink.open(self.pull)

    def pull(self, frames: int) -> "Samples":
        self.played_frames += frames
        return np.zeros((frames, 2), np.float32)

    @property
    def texts(self) -> list[tuple[str | None, str]]:
        return [(Path(o or "").name, e.text) for o, e in self.events if isinstance(e, Utterance)]


async def hear(
    model: VoskModel,
    files: list[str],
    answer: Callable[[RecordingEars, Told], None] = lambda ears, told: None,
    **room: object,
) -> Told:
    """Hear the files; `answer` is called for each event that is not partial."""
    told = Told()
    hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector())
    ears = RecordingEars(files, hearing, Room(told.clock, told.sink, **room))  # type: ignore[arg-type]  # fields
    ears.expect(expecting(*COMMANDS))
    async for event in ears.heard():
        if not isinstance(event, Partial):
            told.events.append((ears.origin, event))
            told.at_s.append(told.clock.now())
            answer(ears, told)
    return told


def length_s(*files: str) -> float:
    """Their length in whole chunks."""
    return sum(-(-len(sound_of(Path(file))) // 320) for file in files) * CHUNK_S


NEXT, STOP, NIGHT = (str(spoken(sentence)) for sentence in ("next", "stop", "good night"))


def test_recordings_are_heard_in_order_under_the_name_they_were_given(model: VoskModel) -> None:
    told = asyncio.run(hear(model, [NEXT, STOP, NIGHT]))
    assert told.events == [
        (NEXT, Utterance("next", 1.0)),
        (STOP, Utterance("stop", 1.0)),
        (NIGHT, Utterance("good night", 1.0)),
    ]


def test_time_and_sound_keep_step_with_the_recording(model: VoskModel) -> None:
    told = asyncio.run(hear(model, [NEXT, STOP]))
    assert told.clock.now() == pytest.approx(length_s(NEXT, STOP))
    assert told.played_frames == pytest.approx(length_s(NEXT, STOP) * MIX_HZ, abs=1)


def test_every_run_is_the_same(model: VoskModel) -> None:
    runs = [asyncio.run(hear(model, [NIGHT, NEXT])) for _ in range(2)]
    assert runs[0].events == runs[1].events
    assert runs[0].at_s == runs[1].at_s


def test_time_stands_still_while_the_os_thinks(model: VoskModel, tmp_path: Path) -> None:
    both = tmp_path / "both.wav"
    sounds = [sound_of(Path(NEXT)), np.zeros(8_000, np.int16), sound_of(Path(STOP))]
    soundfile.write(both, np.concatenate(sounds), 16_000)
    passed_s: list[float] = []

    def answer(ears: RecordingEars, told: Told) -> None:
        ears.take_floor()
        before_s = told.clock.now()

        async def think() -> None:
            for _ in range(100):
                await asyncio.sleep(0)
            passed_s.append(told.clock.now() - before_s)
            ears.give_floor()

        told.thinking = asyncio.ensure_future(think())  # type: ignore[attr-defined]  # kept alive

    told = asyncio.run(hear(model, [str(both)], answer))
    assert [text for _, text in told.texts] == ["next", "stop"]
    assert passed_s == [0.0, 0.0]


@pytest.mark.timeout(THINKING_S + 20)
def test_a_skill_that_sleeps_is_woken(model: VoskModel) -> None:
    def answer(ears: RecordingEars, told: Told) -> None:
        ears.take_floor()

        async def sleep() -> None:
            await told.clock.sleep(0.5)
            ears.give_floor()

        told.sleeping = asyncio.ensure_future(sleep())  # type: ignore[attr-defined]  # kept alive

    told = asyncio.run(hear(model, [NEXT], answer))
    assert told.clock.now() == pytest.approx(length_s(NEXT) + 0.5, abs=0.05)


def test_an_answer_is_heard_to_its_end_and_music_for_a_while(model: VoskModel) -> None:
    spoken_until_s = length_s(NEXT) + 7.0
    told = Told()

    async def run() -> None:
        room = Room(
            told.clock,
            told.sink,
            is_speaking=lambda: told.clock.now() < spoken_until_s,
            is_playing=lambda: True,
            music_s=2.0,
        )
        hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector())
        async for _ in RecordingEars([NEXT], hearing, room).heard():
            pass

    asyncio.run(run())
    assert told.clock.now() == pytest.approx(spoken_until_s + 2.0, abs=0.05)


def test_an_answer_without_end_is_cut(model: VoskModel) -> None:
    told = asyncio.run(hear(model, [NEXT], is_speaking=lambda: True, speech_s=3.0))
    assert told.clock.now() == pytest.approx(length_s(NEXT) + 3.0, abs=0.05)


def test_nothing_moves_until_what_will_be_heard_is_rendered(model: VoskModel) -> None:
    asked = 0

    async def ready() -> None:
        nonlocal asked
        asked += 1

    told = asyncio.run(hear(model, [NEXT], ready=ready))
    assert asked >= told.clock.now() / CHUNK_S


def test_a_broken_recording_is_reported_and_the_others_are_heard(
    model: VoskModel, tmp_path: Path
) -> None:
    text = tmp_path / "letter.wav"
    text.write_text("Dear microphone,")
    told = asyncio.run(hear(model, [NEXT, str(text), str(tmp_path / "gone.wav"), STOP]))
    assert told.texts == [("next.flac", "next"), ("stop.flac", "stop")]
    failures = {o: e.message for o, e in told.events if isinstance(e, HearingFailed)}
    assert set(failures) == {str(text), str(tmp_path / "gone.wav")}
    assert "not a recording" in failures[str(text)]


def test_what_came_before_the_damage_is_heard(model: VoskModel, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.flac"
    soundfile.write(damaged, np.concatenate([sound_of(Path(NIGHT)), hiss(6.0, -60)]), 16_000)
    data = damaged.read_bytes()
    damaged.write_bytes(data[: int(len(data) * 0.8)])
    told = asyncio.run(hear(model, [str(damaged), NEXT]))
    assert told.texts == [("damaged.flac", "good night"), ("next.flac", "next")]
    failures = [(origin, e) for origin, e in told.events if isinstance(e, HearingFailed)]
    assert [origin for origin, _ in failures] == [str(damaged)]


def test_what_is_said_to_the_very_end_of_a_file_is_heard(model: VoskModel, tmp_path: Path) -> None:
    cut = tmp_path / "cut.wav"
    soundfile.write(cut, sound_of(Path(NEXT))[:-7_500], 16_000)
    told = asyncio.run(hear(model, [str(cut), STOP]))
    assert told.texts == [("cut.wav", "next"), ("stop.flac", "stop")]


@pytest.mark.parametrize("hz", [8_000, 44_100, 96_000])
def test_recordings_of_any_rate_and_channels_are_heard(
    model: VoskModel, tmp_path: Path, hz: int
) -> None:
    import soxr

    mono = soxr.resample(sound_of(Path(NEXT)).astype(np.float32) / 32768, 16_000, hz)
    stereo = tmp_path / "stereo.wav"
    soundfile.write(stereo, np.stack([mono, mono], axis=1), hz, subtype="PCM_24")
    told = asyncio.run(hear(model, [str(stereo)]))
    assert [text for _, text in told.texts] == ["next"]
