"""What an utterance asks for, once it is neither a stop word nor the answer to a question.

In this order: transport words while something plays; a skill's sentence; what the user taught;
the same without "um, could you … please"; several requests in one breath; what comes near.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from os_sim.clock import Clock
from os_sim.dialogue.guessing import Guesser
from os_sim.dialogue.known import Known, all_intents
from os_sim.dialogue.lessons import Lessons, lesson_matcher, readings
from os_sim.memory.store import Store
from os_sim.nlu.matcher import Match
from os_sim.nlu.requests import divisions
from os_sim.nlu.tidying import corrected, plain_request
from os_sim.nlu.words import normal
from os_sim.skill.loading import Shelf

if TYPE_CHECKING:
    from os_sim.nlu.near import Guess

STOP = Match("conversation", "stop", {}, 1.0)
MAX_LETTERS = 400
"""A longer text is only compared with the skills' own sentences."""


@dataclass(frozen=True)
class Meant:
    """It is clear what is asked for."""

    matches: list[Match]
    """One after the other."""


@dataclass(frozen=True)
class Perhaps:
    """It is worth asking whether this is meant."""

    guesses: "list[Guess]"
    """Best first; of the others only the second is of interest."""


@dataclass(frozen=True)
class Reply:
    """The house itself answers."""

    text: str


Comprehended = Meant | Perhaps | Reply | None


class Comprehension:
    """Understands for one conversation."""

    def __init__(
        self, known: Known, shelf: Shelf, store: Store, clock: Clock, cache: Path | None
    ) -> None:
        self._known = known
        self._clock = clock
        self._lessons = Lessons(store)
        self._about_lessons = lesson_matcher()
        self._guesser = Guesser(lambda: all_intents(shelf), cache)

    async def of(self, text: str, *, playing: bool) -> Comprehended:
        """What is asked for; None if nobody knows."""
        exact = self._exact(text, playing=playing)
        if exact is not None:
            return Meant([exact])
        if len(text) > MAX_LETTERS:
            return None
        return await self._about(text, playing=playing) or await self._near(text, playing=playing)

    def confirmed(self, text: str, guess: "Guess") -> None:
        """The user said yes: from now on these words of theirs mean the guess's sentence.

        Unless that sentence says less than was meant: then it is asked again next time.
        """
        exact = self._known.steer(guess.sentence) or self._known.request(guess.sentence)
        if exact is None or self._known.request(text) is not None:
            return
        said = {name: value for name, value in exact.slots.items() if value is not None}
        if (exact.skill, exact.intent, said) == (*_name_of(guess.match), guess.match.slots):
            self._lessons.teach(text, guess.sentence)

    async def guesses(self, text: str, *, playing: bool) -> "list[Guess]":
        """What the text comes near to, best first."""
        return await self._guesser.guesses(text, self._now(), playing=playing)

    def _exact(self, text: str, *, playing: bool) -> Match | None:
        return (self._known.steer(text) if playing else None) or self._known.request(text)

    async def _near(self, text: str, *, playing: bool) -> Comprehended:
        taught = self._lessons.meaning(text)
        if taught is not None:
            matches = await self._all_of(taught, playing=playing)
            return Meant(matches) if matches else None
        plain = " ".join(plain_request(corrected(normal(text).split())))
        if plain != normal(text):
            if self._known.is_stop(plain):
                return Meant([STOP])
            exact = self._exact(plain, playing=playing)
            if exact is not None and exact.score == 1:
                return Meant([exact])
        several = await self._several(text, playing=playing)
        if several:
            return Meant(several)
        return await self._guessed(text, playing=playing)

    async def _guessed(self, text: str, *, playing: bool) -> Comprehended:
        from os_sim.nlu.near import Certainty

        guesses = await self.guesses(text, playing=playing)
        match guesses[0].certainty if guesses else Certainty.NOT:
            case Certainty.SURE:
                return Meant([guesses[0].match])
            case Certainty.ALMOST:
                return Perhaps(guesses)
        return None

    async def _several(self, text: str, *, playing: bool) -> list[Match]:
        """Every part of an utterance whose parts are all clear."""
        for parts in divisions(text):
            found = [await self._clear(part, playing=playing) for part in parts]
            clear = [match for match in found if match is not None]
            if len(clear) == len(parts):
                return [match for at, match in enumerate(clear) if match not in clear[:at]]
        return []

    async def _clear(self, text: str, *, playing: bool) -> Match | None:
        """What a text that asks for one thing means beyond doubt."""
        plain = " ".join(plain_request(normal(text).split()))
        if self._known.is_stop(plain):
            return STOP
        exact = self._exact(text, playing=playing) or self._exact(plain, playing=playing)
        if exact is not None:
            return exact
        match await self._guessed(text, playing=playing):
            case Meant([one]):
                return one
        return None

    async def _all_of(self, text: str, *, playing: bool) -> list[Match]:
        """A meaning that was taught, in one part or in several."""
        several = await self._several(text, playing=playing)
        one = None if several else await self._clear(text, playing=playing)
        return [one] if one else several

    # Lessons.

    async def _about(self, text: str, *, playing: bool) -> Reply | None:
        """The answer to somebody who teaches, or asks what was taught."""
        for lesson in readings(text):
            if self._known.is_stop(lesson.phrase) or self._known.request(lesson.phrase):
                return Reply(
                    f"“{lesson.phrase}” means something already, and I'll leave it at that."
                )
            if await self._all_of(lesson.meaning, playing=playing):
                self._lessons.teach(lesson.phrase, lesson.meaning)
                return Reply(f"All right. When you say “{lesson.phrase}”, I'll do that.")
        match = self._about_lessons.match(text, self._now())
        if match is None:
            return None
        if match.intent == "taught":
            return Reply(_told(self._lessons.all()))
        phrase = match.slots["phrase"]
        return Reply(f"“{phrase}” is forgotten.") if self._lessons.unlearn(phrase) else None

    def _now(self) -> datetime:
        return self._clock.wall()


def _name_of(match: Match) -> tuple[str, str]:
    return match.skill, match.intent


def _told(lessons: Sequence[tuple[str, str]]) -> str:
    """All lessons in a sentence."""
    if not lessons:
        return "Nothing yet. Say “when I say …” and what I should do then."
    told = [f"“{phrase}” means “{meaning}”" for phrase, meaning in lessons]
    return f"{'; '.join(told)}."
