"""The alarm: waits for the next entry of the agenda and calls it out."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from os_sim.clock import Clock
from os_sim.dialogue.turn_context import Wake
from os_sim.memory.agenda import Agenda, Entry

LOOK_AGAIN_S = 30.0
"""The date on the wall may jump (summer time, a laptop that slept): look at it this often."""


class Alarm:
    """Runs beside the conversation, and costs nothing while the agenda is empty."""

    def __init__(
        self,
        agenda: Agenda,
        clock: Clock,
        wake: Wake,
        ring: Callable[[Entry], Awaitable[None]],
    ) -> None:
        self._agenda = agenda
        self._clock = clock
        self._wake = wake
        self._ring = ring

    async def run(self) -> None:
        """Ring every entry when it is due; one that fell due while nobody was here rings first."""
        while True:
            self._wake.rung.clear()
            entry = next(iter(self._agenda.entries()), None)
            wait_s = None
            if entry is not None:
                wait_s = (entry.due - self._clock.wall()).total_seconds()
                if wait_s <= 0:
                    await self._ring(entry)
                    # Only now: what is cut short by the end of the program rings again.
                    self._agenda.remove(entry.number)
                    continue
            await self._sleep(wait_s)

    async def _sleep(self, wait_s: float | None) -> None:
        """Until the entry is due, the agenda changes, or it is time to look at the wall again."""
        changed = asyncio.ensure_future(self._wake.rung.wait())
        waits: set[asyncio.Future[Any]] = {changed}
        if wait_s is not None:
            waits.add(asyncio.ensure_future(self._clock.sleep(min(wait_s, LOOK_AGAIN_S))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
                with suppress(asyncio.CancelledError):
                    await wait
