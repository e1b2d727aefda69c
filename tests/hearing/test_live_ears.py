"""Ears at a microphone that comes and goes."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import numpy as np

from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.channel.hearing import Hearing
from os_sim.channel.microphone import RETRY_S, LiveEars
from os_sim.clock import ManualClock
from os_sim.errors import DeviceError
from os_sim.events import HeardEvent, HearingFailed, Partial, Utterance
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing.sounds import COMMANDS, chunks_of, expecting, hiss, sound_of, spoken

if TYPE_CHECKING:
    from os_sim.audio import Chunk
    from tests.hearing.sounds import Sound

GONE = "the microphone 'USB' went away; connect it again"


class UsbMicrophone:
    """A `Source` that is pulled out and put back: each entry is one time that it is opened.

    As the real one, it raises DeviceError at once if there is no device, and may be asked for
    its chunks again.
    """

    def __init__(self, *times: "Sound | None") -> None:
        self._times = iter(times)
        self.opened_at_s: list[float] = []
        self.is_closed = False
        self.clock = ManualClock()

    async def chunks(self) -> "AsyncIterator[Chunk]":
        self.opened_at_s.append(self.clock.now())
        sound = next(self._times, None)
        if sound is not None:
            for chunk in chunks_of(sound):
                yield chunk
        raise DeviceError(GONE)

    def close(self) -> None:
        self.is_closed = True


async def hear(model: VoskModel, source: UsbMicrophone, count: int) -> list[HeardEvent]:
    """The first so many events that are not partial, while time passes."""
    hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector())
    ears = LiveEars(source, hearing, source.clock)
    ears.expect(expecting(*COMMANDS))
    found: list[HeardEvent] = []

    async def listen() -> None:
        stream = ears.heard()
        async for event in stream:
            if not isinstance(event, Partial):
                found.append(event)
            if len(found) == count:
                break
        await stream.aclose()  # type: ignore[attr-defined]  # an async generator

    listening = asyncio.ensure_future(listen())
    while not listening.done():
        await source.clock.advance(0.1)
    await listening
    return found


ROOM = hiss(1.0, -65)
NEXT = np.concatenate([ROOM, sound_of(spoken("next")), ROOM])
HALF = np.concatenate([ROOM, sound_of(spoken("play a melancholy song"))[:20_000]])


def test_a_microphone_that_vanishes_is_reported_and_heard_again(model: VoskModel) -> None:
    source = UsbMicrophone(NEXT, NEXT)
    events = asyncio.run(hear(model, source, 3))
    assert events == [Utterance("next", 1.0), HearingFailed(GONE), Utterance("next", 1.0)]
    assert source.is_closed


def test_half_a_sentence_is_not_delivered_as_a_whole_one(model: VoskModel) -> None:
    events = asyncio.run(hear(model, UsbMicrophone(HALF, NEXT), 2))
    assert events == [HearingFailed(GONE), Utterance("next", 1.0)]


def test_a_microphone_that_stays_away_is_tried_ever_more_rarely(model: VoskModel) -> None:
    source = UsbMicrophone(None, None, None, None, None, None, NEXT)
    events = asyncio.run(hear(model, source, 2))
    assert events == [HearingFailed(GONE), Utterance("next", 1.0)], "it is told once"
    waits = [after - before for before, after in itertools.pairwise(source.opened_at_s)]
    # The first wait begins when the recogniser's thread has let go, and this clock does not stop.
    assert waits[0] >= RETRY_S[0]
    assert np.allclose(waits[1:], [*RETRY_S[1:], RETRY_S[-1], RETRY_S[-1]], atol=0.11)


class Unplugged:
    """A `Source` that ends without an error."""

    def __init__(self, sound: "Sound") -> None:
        self._chunks = chunks_of(sound)

    async def chunks(self) -> "AsyncIterator[Chunk]":
        for chunk in self._chunks:
            yield chunk

    def close(self) -> None:
        """There is nothing to let go of."""


def test_what_is_being_said_when_the_source_ends_is_heard(model: VoskModel) -> None:
    async def run() -> list[HeardEvent]:
        source = Unplugged(np.concatenate([ROOM, sound_of(spoken("next"))[:-7_000]]))
        hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector())
        ears = LiveEars(source, hearing, ManualClock())
        ears.expect(expecting("next", "next song"))
        return [event async for event in ears.heard() if not isinstance(event, Partial)]

    [event] = asyncio.run(run())
    assert isinstance(event, Utterance)
    assert event.text == "next"
