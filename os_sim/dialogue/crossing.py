"""Awaiting what runs in another thread's event loop, also when that loop comes to its end first.

asyncio has `run_coroutine_threadsafe` with `wrap_future` for this; their callbacks raise into the
log when one of two loops is closed before the other has let go, as it happens to a skill that is
still winding up while the program leaves.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def across(there: asyncio.AbstractEventLoop, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The result of a coroutine that runs in another loop; cancelling here cancels it there.

    `work` makes the coroutine there: one that is made and never run is a warning on the screen.
    Raises CancelledError if it was cancelled there, or if that loop runs no more.
    """
    here = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = here.create_future()
    begun: list[asyncio.Task[T]] = []

    def begin() -> None:
        task = there.create_task(work())
        task.add_done_callback(lambda task: _deliver(here, lambda: _copy(task, outcome)))
        begun.append(task)

    def cancel() -> None:
        begun[0].cancel()

    if not _deliver(there, begin):
        raise asyncio.CancelledError
    try:
        return await outcome
    except asyncio.CancelledError:
        _deliver(there, cancel)  # after `begin`: calls come in the order in which they were made
        raise


def _deliver(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> bool:
    """Have something called in a loop; False if it is closed, and nobody waits there any more."""
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        return False
    return True


def _copy(task: asyncio.Task[T], outcome: asyncio.Future[T]) -> None:
    if task.cancelled():
        outcome.cancel()
        return
    error = task.exception()  # asked for in any case: asyncio logs errors that nobody looks at
    if outcome.done():
        return
    if error is not None:
        outcome.set_exception(error)
    else:
        outcome.set_result(task.result())
