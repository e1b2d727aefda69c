"""Ears for lines from a pipe: one utterance a line."""

import asyncio
import threading
from collections.abc import AsyncIterator
from itertools import chain
from typing import TextIO

from os_sim.dialogue import Expectation
from os_sim.events import HeardEvent, Utterance

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

    async def heard(self) -> AsyncIterator[HeardEvent]:
        lines: asyncio.Queue[str] = asyncio.Queue(AHEAD)
        house = asyncio.get_running_loop()
        # A daemon: a read that nobody will ever satisfy must not keep the program alive.
        threading.Thread(target=self._read, args=(lines, house), daemon=True).start()
        while line := await lines.get():
            if line.strip():
                await self._floor.wait()
                yield Utterance(line.strip())

    def _read(self, lines: "asyncio.Queue[str]", house: asyncio.AbstractEventLoop) -> None:
        """Put every line, then an empty text for the end; in a thread of its own."""
        for line in chain(self._stream, [""]):
            try:
                asyncio.run_coroutine_threadsafe(lines.put(line), house).result()
            except RuntimeError:  # the conversation is over and the loop closed
                return

    def expect(self, expectation: Expectation) -> None:
        pass

    def give_floor(self) -> None:
        self._floor.set()

    def take_floor(self) -> None:
        self._floor.clear()
