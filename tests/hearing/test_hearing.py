"""From chunks to what was said: when it listens, when it is deaf, what it costs."""

import asyncio
import gc
import resource
import sys
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.audio import CAPTURE_HZ, CHUNK_S
from os_sim.channel.hearing import Hearing, TalkKey
from os_sim.errors import ModelError
from os_sim.events import HeardEvent, HearingFailed, Partial, Utterance
from os_sim.vad.endpointing import EndpointRules
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing.sounds import (
    COMMANDS,
    chunks_of,
    expecting,
    hiss,
    hum,
    nothing,
    sound_of,
    spoken,
)

if TYPE_CHECKING:
    from tests.hearing.sounds import Sound

Told = list[tuple[float, HeardEvent]]
"""What was heard, and how many seconds of sound had been taken by then."""


def with_hearing(model: VoskModel, work: Callable[[Hearing], Awaitable[None]]) -> None:
    """Run a coroutine with ears for the commands."""

    async def run() -> None:
        hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector())
        hearing.expect(expecting(*COMMANDS))
        await work(hearing)
        await hearing.close()

    asyncio.run(run())


async def finals(hearing: Hearing, *sounds: "Sound") -> Told:
    """Everything but the partials."""
    told: Told = []
    taken_s = 0.0
    for chunk in chunks_of(np.concatenate(sounds)):
        event = await hearing.take(chunk)
        taken_s += CHUNK_S
        if event is not None and not isinstance(event, Partial):
            told.append((taken_s, event))
    return told


def texts(told: Told) -> list[str]:
    return [event.text for _, event in told if isinstance(event, Utterance)]


ROOM = hiss(1.0, -65)


def test_sentences_with_pauses_between_them_are_separate_utterances(model: VoskModel) -> None:
    async def work(hearing: Hearing) -> None:
        sounds = [sound_of(spoken(sentence)) for sentence in ("next", "stop", "good night")]
        told = await finals(hearing, ROOM, sounds[0], ROOM, sounds[1], ROOM, sounds[2], ROOM)
        assert texts(told) == ["next", "stop", "good night"]
        assert len(told) == 3

    with_hearing(model, work)


def test_an_utterance_comes_half_a_second_after_a_whole_sentence(model: VoskModel) -> None:
    speech = sound_of(spoken("good night", "rms"))
    end_s = 1.0 + _speech_end_s(speech)

    async def work(hearing: Hearing) -> None:
        [(heard_s, event)] = await finals(hearing, ROOM, speech, ROOM)
        assert isinstance(event, Utterance)
        assert 0.2 < heard_s - end_s < 0.5

    with_hearing(model, work)


def test_a_beginning_of_a_longer_sentence_is_given_more_time(model: VoskModel) -> None:
    speech = sound_of(spoken("good night", "rms"))
    end_s = 1.0 + _speech_end_s(speech)

    async def work(hearing: Hearing) -> None:
        hearing.expect(expecting("good night", "good night my dear"))
        [(heard_s, _)] = await finals(hearing, ROOM, speech, ROOM)
        assert 0.65 < heard_s - end_s < 0.9

    with_hearing(model, work)


@pytest.mark.parametrize(
    "room",
    [nothing(30), hiss(30, -60), hum(30, -35)],
    ids=["digital silence", "hiss at -60 dBFS", "50 Hz hum"],
)
def test_nothing_is_heard_where_nobody_speaks(model: VoskModel, room: "Sound") -> None:
    async def work(hearing: Hearing) -> None:
        assert await finals(hearing, room) == []

    with_hearing(model, work)


def test_its_own_voice_is_not_heard_nor_the_ring_of_the_room(model: VoskModel) -> None:
    own = sound_of(spoken("stop"))
    ring = own[8_000 : 8_000 + int(0.2 * CAPTURE_HZ)]
    speaking = False

    async def run() -> None:
        nonlocal speaking
        hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector(), muted=lambda: speaking)
        hearing.expect(expecting(*COMMANDS))
        assert await finals(hearing, ROOM) == []
        speaking = True
        assert await finals(hearing, own) == []
        speaking = False
        assert await finals(hearing, ring, ROOM) == []
        assert texts(await finals(hearing, sound_of(spoken("next")), ROOM)) == ["next"]
        await hearing.close()

    asyncio.run(run())


def test_an_utterance_ends_where_its_own_voice_begins(model: VoskModel) -> None:
    speaking = False

    async def run() -> None:
        nonlocal speaking
        hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector(), muted=lambda: speaking)
        hearing.expect(expecting(*COMMANDS))
        said = sound_of(spoken("louder"))
        assert await finals(hearing, ROOM, said[: int(len(said) * 0.75)]) == []
        speaking = True
        assert texts(await finals(hearing, ROOM)) == ["louder"]
        await hearing.close()

    asyncio.run(run())


def test_a_key_released_gives_the_answer_at_once(model: VoskModel) -> None:
    async def run() -> None:
        key = TalkKey()
        hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector(), talk_key=key)
        hearing.expect(expecting(*COMMANDS))
        assert await finals(hearing, sound_of(spoken("stop")), ROOM) == []
        key.pressed = True
        assert await finals(hearing, sound_of(spoken("next"))) == []
        key.pressed = False
        [(taken_s, event)] = await finals(hearing, ROOM)
        assert isinstance(event, Utterance)
        assert event.text == "next"
        assert taken_s == CHUNK_S
        await hearing.close()

    asyncio.run(run())


def test_speech_that_never_pauses_is_heard_in_pieces(model: VoskModel) -> None:
    async def run() -> None:
        rules = EndpointRules(longest_s=3.0)
        hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector(), rules)
        hearing.expect(expecting(*COMMANDS))
        sentence = sound_of(spoken("play a melancholy song"))
        told = await finals(hearing, *[sentence[6_400:-12_000]] * 8)
        assert len(told) >= 3
        await hearing.close()

    asyncio.run(run())


class Stumbling(VoskRecognizer):
    """A recogniser whose engine fails once."""

    failures = 1

    def finish(self) -> HeardEvent:  # type: ignore[override]  # any event is allowed here
        if self.failures:
            self.failures -= 1
            raise ModelError("the engine stumbled; say it again")
        return super().finish()


def test_a_recogniser_that_fails_is_reported_and_listens_again(model: VoskModel) -> None:
    async def run() -> None:
        hearing = Hearing(Stumbling(model), WebrtcVoiceDetector())
        hearing.expect(expecting(*COMMANDS))
        told = await finals(
            hearing, ROOM, sound_of(spoken("next")), ROOM, sound_of(spoken("stop")), ROOM
        )
        assert [event for _, event in told] == [
            HearingFailed("the engine stumbled; say it again"),
            Utterance("stop", 1.0),
        ]
        await hearing.close()

    asyncio.run(run())


@pytest.mark.timeout(180)
def test_ten_minutes_of_silence_and_speech_leave_memory_flat(model: VoskModel) -> None:
    quiet, said = hiss(19, -65), sound_of(spoken("next"))

    async def work(hearing: Hearing) -> None:
        async def minute() -> None:
            for _ in range(3):
                assert texts(await finals(hearing, quiet, said)) == ["next"]

        tracemalloc.start()
        await minute()
        gc.collect()
        start, before_mb = tracemalloc.get_traced_memory()[0], _resident_mb()
        for _ in range(10):
            await minute()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - start
        tracemalloc.stop()
        assert grown < 100_000, "bytes of Python objects"
        assert _resident_mb() - before_mb < 20

    with_hearing(model, work)


def _speech_end_s(sound: "Sound") -> float:
    """Where the last chunk within 30 dB of the loudest one ends."""
    power = [float(np.mean(chunk.astype(float) ** 2)) + 1e-9 for chunk in chunks_of(sound)]
    loud = [at for at, value in enumerate(power) if value > max(power) / 1_000]
    return (loud[-1] + 1) * CHUNK_S


def _resident_mb() -> float:
    """What this process holds; outside Linux, the most it has ever held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / (1 << 20)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
