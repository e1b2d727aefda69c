"""The context that a skill's handler gets: every call goes over to the house's loop and back."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from os_sim.audio import Track
from os_sim.clock import Clock
from os_sim.dialogue.crossing import across
from os_sim.dialogue.phrases import one_of, yes_or_no
from os_sim.dialogue.turn import Turn
from os_sim.errors import SkillError
from os_sim.events import Shown
from os_sim.memory.agenda import Agenda
from os_sim.memory.documents import save_document
from os_sim.nlu.slots import Reader, slot_type
from os_sim.skill.context import Document, Session

T = TypeVar("T")


@dataclass
class TurnContext:
    """Implements `os_sim.skill.Context` for one turn."""

    memory: MutableMapping[str, Any]
    settings: Mapping[str, Any]
    schedule: "SkillSchedule"
    session: Session
    clock: Clock
    random: Random
    turn: Turn
    house: asyncio.AbstractEventLoop
    documents: Path
    source: Path
    """The file of the skill."""
    given_up: bool = False
    """The house does not wait for this skill any more, and does nothing for it."""

    async def say(self, text: str) -> None:
        await self._over(lambda: self.turn.say(text))

    async def ask(self, question: str, kind: Any = str) -> Any:
        try:
            reader = slot_type(kind).reader
        except TypeError as error:
            raise SkillError(
                f"{self.source.parent.name}/{self.source.name}: ask: {error}"
            ) from None
        return await self._ask(question, reader)

    async def confirm(self, question: str) -> bool:
        return bool(await self._ask(question, yes_or_no()))

    async def choose(self, question: str, options: Sequence[str]) -> str:
        return str(await self._ask(question, one_of(options)))

    async def _ask(self, question: str, reader: Reader) -> Any:
        return await self._over(lambda: self.turn.ask(question, reader))

    async def play(self, playlist: Iterable[Track]) -> None:
        await self._over(lambda: self.turn.play(playlist, self.source))

    async def show(self, document: Document) -> Path | None:
        path = None
        if document.keep:
            path = save_document(
                self.documents, document.kind, document.title, document.text, self.clock.wall()
            )
        shown = Shown(document.kind, document.title, str(path) if path else None, document.text)
        await self._over(lambda: self.turn.show(shown))
        return path

    async def _over(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run on the house's loop; cancelling here cancels there."""

        async def if_wanted() -> T:
            if self.given_up:
                raise asyncio.CancelledError
            return await work()

        return await across(self.house, if_wanted)


@dataclass(frozen=True)
class SkillSchedule:
    """Implements `os_sim.skill.Schedule` for one skill."""

    agenda: Agenda
    skill: str
    kinds: frozenset[str]
    """What the skill has `@skill.due` handlers for."""
    wake: "Wake"

    def at(self, when: datetime, kind: str, **details: Any) -> int:
        if kind not in self.kinds:
            raise SkillError(
                f"the skill '{self.skill}' schedules '{kind}' but has no @skill.due('{kind}')"
            )
        number = self.agenda.add(self.skill, kind, when, details)
        self.wake.ring()
        return number

    def cancel(self, number: int) -> bool:
        return self.agenda.remove(number, self.skill)

    def pending(self, kind: str | None = None) -> list[tuple[int, datetime, dict[str, Any]]]:
        return [
            (entry.number, entry.due.astimezone(), entry.details)
            for entry in self.agenda.entries(self.skill)
            if kind is None or entry.kind == kind
        ]


class Wake:
    """Tells the house's loop, from any thread, that the agenda has changed."""

    def __init__(self) -> None:
        self._house = asyncio.get_running_loop()
        self.rung = asyncio.Event()

    def ring(self) -> None:
        self._house.call_soon_threadsafe(self.rung.set)


@dataclass(frozen=True)
class HouseClock:
    """The house's clock, for code that runs in the skill thread."""

    clock: Clock
    house: asyncio.AbstractEventLoop

    def now(self) -> float:
        return self.clock.now()

    def wall(self) -> datetime:
        return self.clock.wall()

    async def sleep(self, seconds: float) -> None:
        await across(self.house, lambda: self.clock.sleep(seconds))
