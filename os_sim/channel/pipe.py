"""Ears for lines from a pipe: one utterance a line."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TextIO

from os_sim.dialogue import Expectation
from os_sim.events import HeardEvent, HearingFailed, Utterance

AHEAD = 16
"""Lines that are read before they are wanted."""


class PipeEars:
    """Reads a text stream to its end; a line waits until the one before it is answered."""

    origin: str | None = None
    patience_s = float("inf")

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._floor = asyncio.Event()
        self._floor.set()
        self._room = threading.Semaphore(AHEAD)

    async def heard(self) -> AsyncIterator[HeardEvent]:
        lines: asyncio.Queue[str | OSError] = asyncio.Queue()
        house = asyncio.get_running_loop()

        def put(line: str | OSError) -> None:
            with suppress(RuntimeError):  # the conversation is over and the loop closed
                house.call_soon_threadsafe(lines.put_nowait, line)

        # A daemon: a read that nobody will ever satisfy must not keep the program alive.
        threading.Thread(target=self._read, args=(put,), daemon=True).start()
        while line := await lines.get():
            self._room.release()
            if isinstance(line, OSError):
                yield HearingFailed(f"standard input cannot be read ({line.strerror})")
                return
            if line.strip():
                await self._floor.wait()
                yield Utterance(line.strip())

    def _read(self, put: Callable[[str | OSError], None]) -> None:
        """Put every line, then an empty text for the end; in a thread of its own."""
        try:
            for line in self._stream:
                self._room.acquire()
                put(line)
        except OSError as error:
            put(error)
        put("")

    def expect(self, expectation: Expectation) -> None:
        pass

    def give_floor(self) -> None:
        self._floor.set()

    def take_floor(self) -> None:
        self._floor.clear()
