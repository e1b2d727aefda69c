"""An open question: what it waits for, and how it ends."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from os_sim.dialogue.phrases import answer_sentences
from os_sim.nlu.matcher import Matcher, Sentences
from os_sim.nlu.slots import Reader


@dataclass(frozen=True)
class Answered:
    """The user gave a value."""

    value: Any


@dataclass(frozen=True)
class Missed:
    """The user said something else, or nothing; worth asking again."""

    heard: str | None


@dataclass(frozen=True)
class Abandoned:
    """The user turned to something else, or took leave."""


Outcome = Answered | Missed | Abandoned


class OpenQuestion:
    """One question, from the moment before it is said until it has an outcome."""

    def __init__(self, text: str, reader: Reader) -> None:
        self.text = text
        self.reader = reader
        self.sentences: Sentences = answer_sentences(reader)
        self._matcher = Matcher()
        self._matcher.add(self.sentences)
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.stirred = asyncio.Event()
        """Set when the user begins to say something: patience starts anew."""

    @property
    def takes_anything(self) -> bool:
        """Whether any words are an answer."""
        return self.reader.wildcard

    def read(self, text: str, now: datetime) -> Answered | None:
        """The answer that `text` gives, if it gives one."""
        if self.takes_anything:
            return Answered(text.strip())
        match = self._matcher.match(text, now)
        return Answered(match.slots["answer"]) if match else None

    def is_complete(self, text: str, now: datetime) -> bool:
        """Whether `text` is a whole answer that cannot go on."""
        return not self.takes_anything and self._matcher.is_complete(text, now)

    def settle(self, outcome: Outcome) -> None:
        """End it; whatever comes later is too late."""
        if not self._outcome.done():
            self._outcome.set_result(outcome)

    async def outcome(self) -> Outcome:
        """Wait for the end."""
        return await asyncio.shield(self._outcome)
