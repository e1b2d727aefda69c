"""Time as a parameter."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from os_sim.clock import Clock, ManualClock, SystemClock


def test_a_manual_clock_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(datetime(2025, 1, 1, tzinfo=UTC))
    assert (clock.now(), clock.now()) == (0.0, 0.0)
    asyncio.run(clock.advance(90))
    assert clock.now() == 90
    assert clock.wall() == datetime(2025, 1, 1, 0, 1, 30, tzinfo=UTC)


def test_sleepers_wake_in_the_order_of_their_deadlines_and_see_exactly_those() -> None:
    async def scenario() -> list[tuple[str, float]]:
        clock, woken = ManualClock(), list[tuple[str, float]]()

        async def sleeper(name: str, *naps: float) -> None:
            for nap in naps:
                await clock.sleep(nap)
                woken.append((name, clock.now()))

        tasks = [
            asyncio.ensure_future(sleeper("slow", 5, 5)),
            asyncio.ensure_future(sleeper("quick", 2, 2, 2)),
            asyncio.ensure_future(sleeper("late", 100)),
        ]
        await asyncio.sleep(0)
        await clock.advance(50)
        assert not tasks[2].done()
        await clock.advance(50)
        return woken

    assert asyncio.run(scenario()) == [
        ("quick", 2),
        ("quick", 4),
        ("slow", 5),
        ("quick", 6),
        ("slow", 10),
        ("late", 100),
    ]


def test_a_cancelled_sleeper_disturbs_nobody() -> None:
    async def scenario() -> float:
        clock = ManualClock()
        sleeper = asyncio.ensure_future(clock.sleep(5))
        await asyncio.sleep(0)
        sleeper.cancel()
        await asyncio.sleep(0)
        assert clock.next_wake_s == float("inf")
        await clock.advance(10)
        return clock.now()

    assert asyncio.run(scenario()) == 10


def test_no_time_to_sleep_is_no_sleep() -> None:
    async def scenario() -> None:
        clocks: list[Clock] = [ManualClock(), SystemClock()]
        for clock in clocks:
            await asyncio.wait_for(clock.sleep(0), 5)
            await asyncio.wait_for(clock.sleep(-1), 5)

    asyncio.run(scenario())


def test_the_systems_clock_agrees_with_the_machine() -> None:
    clock = SystemClock()
    assert abs(clock.now() - time.monotonic()) < 1
    assert abs(clock.wall() - datetime.now(UTC)) < timedelta(seconds=1)
    assert clock.wall().utcoffset() is not None
