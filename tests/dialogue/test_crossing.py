"""From one thread's loop to another's, and what becomes of it when one of them has ended."""

import asyncio
import gc
import threading
import warnings
from collections.abc import Iterator

import pytest

from os_sim.dialogue.crossing import across


class OtherLoop:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def end(self) -> None:
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
        self.loop.close()


@pytest.fixture
def other() -> Iterator[OtherLoop]:
    other = OtherLoop()
    yield other
    other.end()


async def where() -> int:
    return threading.get_ident()


def test_the_work_runs_in_the_other_thread(other: OtherLoop) -> None:
    async def cross() -> None:
        assert await across(other.loop, where) != threading.get_ident()

    asyncio.run(cross())


def test_an_error_over_there_is_raised_here(other: OtherLoop) -> None:
    async def cross() -> None:
        async def fail() -> None:
            raise LookupError("not there")

        with pytest.raises(LookupError, match="not there"):
            await across(other.loop, fail)

    asyncio.run(cross())


def test_cancelling_here_cancels_there(other: OtherLoop) -> None:
    async def cross() -> None:
        begun, ended = threading.Event(), threading.Event()

        async def wait() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        waiting = asyncio.ensure_future(across(other.loop, wait))
        await asyncio.to_thread(begun.wait, 5)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await asyncio.to_thread(ended.wait, 5)

    asyncio.run(cross())


def test_a_loop_that_has_ended_cancels(other: OtherLoop) -> None:
    async def cross() -> None:
        other.end()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(asyncio.CancelledError):
                await across(other.loop, where)
            gc.collect()

    asyncio.run(cross())


def test_who_waits_may_end_before_what_it_waits_for(
    other: OtherLoop, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    async def blocks() -> None:
        begun.set()
        go_on.wait(5)

    async def leave_in_the_middle() -> None:
        waiting = asyncio.ensure_future(across(other.loop, blocks))
        await asyncio.to_thread(begun.wait, 5)
        waiting.cancel()

    asyncio.run(leave_in_the_middle())
    go_on.set()
    other.end()
    gc.collect()
    assert caplog.records == []


def test_what_is_waited_for_may_end_before_who_waits(
    other: OtherLoop, caplog: pytest.LogCaptureFixture
) -> None:
    begun = threading.Event()

    async def never() -> None:
        begun.set()
        await asyncio.Event().wait()

    async def outlive_it() -> None:
        waiting = asyncio.ensure_future(across(other.loop, never))
        await asyncio.to_thread(begun.wait, 5)
        await asyncio.to_thread(other.end)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(outlive_it())
    assert "Event loop is closed" not in caplog.text
