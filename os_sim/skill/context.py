"""What a skill may do with the conversation: the context that every handler gets."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Protocol, TypeVar, overload

from os_sim.audio import Track
from os_sim.clock import Clock

T = TypeVar("T")


@dataclass(frozen=True)
class Document:
    """Something to be looked at: a letter, a list, a score."""

    kind: str
    """One word: letter, list, help."""
    title: str
    text: str
    keep: bool = True
    """Whether it is saved among the user's documents, or only shown."""


@dataclass(frozen=True)
class Told:
    """One thing that was said in this conversation."""

    who: str
    """"you" or "os"."""
    text: str
    skill: str | None = None
    """The skill that said it or answered it."""


@dataclass(frozen=True)
class SkillInfo:
    """What one loaded skill is for, as the user may be told."""

    name: str
    summary: str
    examples: tuple[str, ...]
    """Whole sentences that it understands."""


class Session(Protocol):
    """The conversation so far, and the one thing that can be done to it: to end it."""

    @property
    def history(self) -> Sequence[Told]:
        """What was said, oldest first; the last few hundred at most."""
        ...

    @property
    def skills(self) -> Sequence[SkillInfo]:
        """What is loaded, in the order of names."""
        ...

    @property
    def voice(self) -> str:
        """The name of the voice that speaks."""
        ...

    def leave(self) -> None:
        """End the conversation when this turn has been said."""
        ...


class Schedule(Protocol):
    """Things to come back to: they survive a restart."""

    def at(self, when: datetime, kind: str, **details: Any) -> int:
        """At `when`, call the skill's `@skill.due(kind)` handler; returns a number to cancel by."""
        ...

    def cancel(self, number: int) -> bool:
        """Whether there was something to cancel."""
        ...

    def pending(self, kind: str | None = None) -> list[tuple[int, datetime, dict[str, Any]]]:
        """What this skill still waits for, earliest first."""
        ...


class Context(Protocol):
    """A skill's hold on the conversation during one turn."""

    memory: MutableMapping[str, Any]
    """What this skill remembers from one run to the next: JSON values by key."""
    settings: Mapping[str, Any]
    """The `[skills.<name>]` table of the configuration."""
    schedule: Schedule
    session: Session
    clock: Clock
    random: Random
    """Follows `--seed`; differs from turn to turn."""

    async def say(self, text: str) -> None:
        """Say this; returns when it has been said.  Hushing it ends the turn."""
        ...

    @overload
    async def ask(self, question: str) -> str: ...
    @overload
    async def ask(self, question: str, kind: type[T]) -> T: ...
    @overload
    async def ask(self, question: str, kind: Any) -> Any: ...
    async def ask(self, question: str, kind: Any = str) -> Any:
        """The answer, as a value of `kind` (see `os_sim.skill`): `await ctx.ask("How many?", int)`.

        The question is open before it has been said, so that an answer may come over it.
        Raises NoAnswer after one repeat, or when the user talks about something else.
        """
        ...

    async def confirm(self, question: str) -> bool:
        """Yes or no; raises NoAnswer."""
        ...

    async def choose(self, question: str, options: Sequence[str]) -> str:
        """One of the options, by its words or by its place ("the second one"); raises NoAnswer."""
        ...

    async def play(self, playlist: Iterable[Track]) -> None:
        """Play the tracks one after another, and return at once.

        "next", "stop", "pause", "louder" and "what is this" then work without the skill's help.
        An endless generator is welcome: a track is taken from it only when it is due.
        """
        ...

    async def show(self, document: Document) -> Path | None:
        """Put the document before the user; returns where it was saved, if it is kept."""
        ...
