"""Sound cards in memory: for recordings, for benches, and wherever there is no device."""

import itertools
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import CHUNK_FRAMES, CHUNK_S, MIX_HZ
from os_sim.clock import Clock

if TYPE_CHECKING:
    from os_sim.audio import Chunk, Samples

    Listener = Callable[[Samples], None]

_BLOCK_FRAMES = round(0.01 * MIX_HZ)


def nobody(_: "Samples") -> None:
    """Listens to nothing."""


class LockstepSink:
    """A `Sink` without a pace of its own: it plays as much as it is told to.

    Whoever feeds a recording to the ears advances it by the length of every chunk, so that what
    is heard and what is played keep step, however fast the machine is.
    """

    def __init__(self, listener: "Listener" = nobody) -> None:
        """`listener` gets everything that is played, in order: a `WavWriter.write`, say."""
        self._listener = listener
        self._pull: Callable[[int], Samples] | None = None
        self._due_s = 0.0
        self._played_frames = 0

    def open(self, pull: "Callable[[int], Samples]") -> None:
        self._pull = pull

    def advance(self, seconds: float) -> None:
        """Pull so much, to the sample over any number of calls, in the caller's thread."""
        if self._pull is None:
            return
        self._due_s += seconds
        frames = round(self._due_s * MIX_HZ) - self._played_frames
        self._played_frames += frames
        if frames > 0:
            self._listener(self._pull(frames))

    def rest(self) -> None:
        """Silence is played like any other sound."""

    def wake(self) -> None:
        """It never rests."""

    def close(self) -> None:
        self._pull = None


class PacedSink:
    """A `Sink` that plays in real time to a listener, 10 ms at a time, in a thread of its own."""

    def __init__(self, listener: "Listener" = nobody) -> None:
        self._listener = listener
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, pull: "Callable[[int], Samples]") -> None:
        self._closed.clear()
        self._thread = threading.Thread(target=self._run, args=(pull,), name="card", daemon=True)
        self._thread.start()

    def rest(self) -> None:
        """Silence is played like any other sound."""

    def wake(self) -> None:
        """It never rests."""

    def close(self) -> None:
        self._closed.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self, pull: "Callable[[int], Samples]") -> None:
        start = time.monotonic()
        for block in itertools.count(1):
            self._listener(pull(_BLOCK_FRAMES))
            if self._closed.wait(
                max(0.0, start + block * _BLOCK_FRAMES / MIX_HZ - time.monotonic())
            ):
                return


class PacedSource:
    """A `Source` that delivers chunks at the pace of a clock, then silence until it is closed."""

    def __init__(self, chunks: "Iterable[Chunk]", clock: Clock) -> None:
        self._chunks, self._clock = chunks, clock
        self._closed = False

    async def chunks(self) -> "AsyncIterator[Chunk]":
        silence = itertools.repeat(np.zeros(CHUNK_FRAMES, np.int16))
        start = self._clock.now()
        for number, chunk in enumerate(itertools.chain(self._chunks, silence), start=1):
            await self._clock.sleep(start + number * CHUNK_S - self._clock.now())
            if self._closed:
                return
            yield chunk

    def close(self) -> None:
        self._closed = True
