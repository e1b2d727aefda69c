"""The thread in which skills run, so that one that blocks cannot stop the house from hearing."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from os_sim.dialogue.crossing import across
from os_sim.errors import OsSimError, SkillError
from os_sim.skill.loading import describe, place_of

T = TypeVar("T")

RESPONSE_S = 0.5
"""How soon a healthy loop must react."""


async def guarded(work: Coroutine[Any, Any, T], file: Path) -> T:
    """A skill's code, whose errors come out as ours; raises SkillError with file and line.

    The one place where any exception is caught: a stranger's code may raise anything.
    """
    try:
        return await work
    except (OsSimError, asyncio.CancelledError, GeneratorExit):
        raise
    except BaseException as error:
        raise SkillError(f"{place_of(error, file)}: {describe(error)}") from error


def too_slow(file: Path, patience_s: float) -> SkillError:
    """What is said of a skill that does not answer."""
    return SkillError(
        f"{file.parent.name}/{file.name}: no answer within {patience_s:g} s, so it was given up; "
        "[skills] patience_s sets the limit"
    )


class SkillThread:
    """An event loop in a daemon thread; replaced by a fresh one when a skill will not let go."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="os_sim-skills", daemon=True
        )
        self._thread.start()

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of a coroutine that runs there; cancelling here cancels it there."""
        return await across(self._loop, work)

    async def call(self, function: Callable[[], T], file: Path, patience_s: float) -> T:
        """The result of a plain function of a skill, run there; raises SkillError.

        One that does not return within `patience_s` loses its thread.
        """

        async def called() -> T:
            return function()

        try:
            # Not `wait_for`: before Python 3.12 it may forget that it was itself cancelled.
            async with asyncio.timeout(patience_s):
                return await self.run(lambda: guarded(called(), file))
        except TimeoutError:
            await self.replace_if_stuck()
            raise too_slow(file, patience_s) from None

    async def replace_if_stuck(self) -> None:
        """If the loop does not react, leave it to itself and go on with another."""
        alive: Future[None] = Future()
        self._loop.call_soon_threadsafe(alive.set_result, None)
        try:
            async with asyncio.timeout(RESPONSE_S):
                await asyncio.shield(asyncio.wrap_future(alive))
        except TimeoutError:
            self._abandon()
            self._start()

    def _abandon(self) -> None:
        """Break into the thread's Python code; code that is waiting outside Python ends later.

        https://docs.python.org/3/c-api/threads.html#c.PyThreadState_SetAsyncExc
        """
        self._loop.call_soon_threadsafe(self._loop.stop)
        import ctypes

        if self._thread.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self._thread.ident), ctypes.py_object(SystemExit)
            )

    def close(self) -> None:
        """Let handlers that were cancelled come to their end, then the loop; safe to call twice."""
        if self._loop.is_running():
            asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop)
            self._thread.join(RESPONSE_S)
        if not self._thread.is_alive():
            self._loop.close()

    async def _wind_up(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
        self._loop.stop()
