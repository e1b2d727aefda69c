"""Ears for recordings: one file after the other, faster than real time, the same every run.

    recording   ▁▁███████▁▁▁▁▁▁│              │▁▁▁▁▁▁▁████▁▁▁│                 │ next file
    floor                utterance ▸ thinking ◂ may be interrupted       trailing time
    what sounds                               │▂▂▃▃▃ spoken ▃▃▃▂▂▂▂▂▂▂ music ▂▂│
    time        ───────────────│   (stands)   │───────────────│────────────────│

Time is what is heard: the clock and the loudspeaker move on by every chunk's 20 ms, and stand
still while the OS thinks.  So an answer lies in what was played where it would have been given.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from os_sim.audio import CHUNK_S, Source
from os_sim.audio.cards import LockstepSink
from os_sim.channel.hearing import Hearing, never
from os_sim.clock import ManualClock
from os_sim.dialogue import Expectation
from os_sim.errors import RecordingError
from os_sim.events import HeardEvent, HearingFailed

THINKING_S = 2.0
"""Longest time by a real clock that thinking takes.

After it time moves on at its own pace: perhaps a skill waits for it to pass."""


def open_recording(file: str) -> Source:
    """The file as a source; raises RecordingError."""
    from os_sim.audio.files import RecordingSource  # brings libsndfile and soxr

    return RecordingSource(Path(file))


async def at_once() -> None:
    """Nothing is in the making."""


@dataclass(frozen=True)
class Room:
    """What else goes on where a recording is played."""

    clock: ManualClock
    sink: LockstepSink
    is_speaking: Callable[[], bool] = never
    """Whether the OS is saying something."""
    is_playing: Callable[[], bool] = never
    """Whether music sounds."""
    ready: Callable[[], Awaitable[None]] = at_once
    """Returns when nothing is being rendered that waits to be heard."""
    speech_s: float = 120.0
    """How long an answer may go on after a recording is over."""
    music_s: float = 5.0
    """How much of the music is heard after a recording is over, and the answer."""

    async def pass_time(self, seconds: float) -> None:
        """Let so much be heard, and everything due by then happen."""
        await self.ready()
        self.sink.advance(seconds)
        await self.clock.advance(seconds)


class RecordingEars:
    """Hears recordings, in order."""

    def __init__(
        self,
        files: Sequence[str],
        hearing: Hearing,
        room: Room,
        patience_s: float = 8.0,
        open_source: Callable[[str], Source] = open_recording,
    ) -> None:
        """`patience_s`: how long an open question waits, in seconds of the recording."""
        self.patience_s = patience_s
        self._files = tuple(files)
        self._hearing = hearing
        self._room = room
        self._open_source = open_source
        self._floor = asyncio.Event()
        self._floor.set()
        self._origin: str | None = None

    @property
    def origin(self) -> str | None:
        """The file that is being heard, as it was named."""
        return self._origin

    async def heard(self) -> AsyncIterator[HeardEvent]:
        """Everything said in the files; one that cannot be read is reported and left out."""
        try:
            for file in self._files:
                self._origin = file
                async for event in self._heard_in(file):
                    yield event
                await self._let_answer()
        finally:
            await self._hearing.close()

    def expect(self, expectation: Expectation) -> None:
        self._hearing.expect(expectation)

    def give_floor(self) -> None:
        self._floor.set()

    def take_floor(self) -> None:
        self._floor.clear()

    async def _heard_in(self, file: str) -> AsyncIterator[HeardEvent]:
        failure: HeardEvent | None = None
        try:
            source = self._open_source(file)
        except RecordingError as error:
            yield HearingFailed(str(error))
            return
        await self._hearing.restart()
        try:
            async for chunk in source.chunks():
                await self._wait_for_floor()
                await self._room.pass_time(CHUNK_S)
                if (event := await self._hearing.take(chunk)) is not None:
                    yield event
        except RecordingError as error:
            failure = HearingFailed(str(error))
        finally:
            source.close()
        for last in (await self._hearing.finish(), failure):
            if last is not None:
                yield last

    async def _let_answer(self) -> None:
        """Let time pass until everything has been said, and some of the music been heard."""
        speech_s, music_s = self._room.speech_s, self._room.music_s
        while True:
            await self._wait_for_floor()
            await self._room.ready()
            if self._room.is_speaking() and speech_s > 0:
                speech_s -= CHUNK_S
            elif self._room.is_playing() and music_s > 0:
                music_s -= CHUNK_S
            else:
                return
            await self._room.pass_time(CHUNK_S)

    async def _wait_for_floor(self) -> None:
        """Until the OS has thought; see `THINKING_S`."""
        patience_s = THINKING_S
        while not self._floor.is_set():
            try:
                # Not `wait_for`: before Python 3.12 it may forget that it was itself cancelled.
                async with asyncio.timeout(patience_s):
                    await self._floor.wait()
            except TimeoutError:
                patience_s = CHUNK_S
                await self._room.pass_time(CHUNK_S)
