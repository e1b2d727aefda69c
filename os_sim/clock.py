"""Time as a parameter: the machine's clock, and one that is moved by hand.

Everything that waits or measures takes a `Clock`, so that a test, or a recording played faster
than real time, moves time itself.
"""

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Seconds that only go forward, and the date on the wall."""

    def now(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        ...

    def wall(self) -> datetime:
        """The date and time where the user is, with its zone."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`; at once if it is not positive."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> datetime:
        return datetime.now().astimezone()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


class ManualClock:
    """A clock that stands still until `advance` moves it.

    Sleepers wake in the order of their deadlines, and every one sees `now()` at exactly its own
    deadline, whatever the size of the step.
    """

    def __init__(self, wall: datetime = datetime(2025, 1, 1, 12, tzinfo=UTC)) -> None:
        self._start = wall
        self._now_s = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._now_s

    def wall(self) -> datetime:
        return self._start + timedelta(seconds=self._now_s)

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now_s + seconds, next(self._order), woken))
        await woken

    @property
    def next_wake_s(self) -> float:
        """Seconds until the next sleeper is due; infinite if nobody sleeps."""
        waiting = (due for due, _, woken in self._sleepers if not woken.done())
        return min(waiting, default=float("inf")) - self._now_s

    async def advance(self, seconds: float) -> None:
        """Move time on by `seconds`, letting every sleeper that falls due run to its next wait."""
        end_s = self._now_s + seconds
        while self._sleepers and self._sleepers[0][0] <= end_s:
            self._now_s, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            await let_others_run()
        self._now_s = end_s
        await let_others_run()


async def let_others_run() -> None:
    """Return when the other tasks of this loop wait for something that is not there yet."""
    # A woken coroutine may need several passes of the loop before it sleeps again.
    for _ in range(8):
        await asyncio.sleep(0)
