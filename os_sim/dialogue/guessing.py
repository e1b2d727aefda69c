"""The second tier of understanding, for one conversation: what may be meant, and how to ask."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from os_sim.dialogue.phrases import yes_or_no
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.slots import Phrases

if TYPE_CHECKING:
    from os_sim.nlu.near import Guess, NearMatcher

OTHER = "other"
"""What is answered when the runner-up was meant."""
_OTHERS = ("the other one", "no the other one", "no the other", "the other")
_QUESTIONS = frozenset("what who whose where when why how which are is do does did can".split())
_DOING = frozenset(
    "play put sing set start add take remove read show list turn switch remind wake write note "
    "tell roll throw flip toss dim cancel stop skip pause repeat make give count help draft "
    "compose clear restart say let draw open close call find".split()
)
_TO_YOU = {
    "me": "you",
    "my": "your",
    "i": "you",
    "am": "are",
    "myself": "yourself",
    "mine": "yours",
}


class Guesser:
    """Guesses at what no sentence of the shelf says; learns when it is first needed."""

    def __init__(self, known: Callable[[], Sequence[Sentences]], cache: Path | None) -> None:
        """`known` lists all that may be meant; `cache` keeps what was learned."""
        self._known = known
        self._cache = cache
        self._matcher: NearMatcher | None = None

    async def guesses(self, text: str, now: datetime, *, playing: bool) -> "list[Guess]":
        """What may be meant, best first.  The first time takes about a second, in a thread."""
        if self._matcher is None:
            self._matcher = await asyncio.to_thread(self._learn)

        def wanted(sentences: Sentences) -> bool:
            return playing or sentences.skill != "playback"

        return self._matcher.guess(text, now, wanted)

    def _learn(self) -> "NearMatcher":
        # numpy is wanted here first: text mode opens without it.
        from os_sim.nlu.near import NearMatcher

        return NearMatcher(self._known(), self._cache)


def question_for(sentence: str) -> str:
    """How to ask whether this is meant: "Shall I remind you to call your mum?"."""
    first, *_ = words = sentence.split()
    if first in _DOING and first not in _QUESTIONS:
        return f"Shall I {' '.join(_TO_YOU.get(word, word) for word in words)}?"
    return f"Did you mean “{sentence}”?"


def yes_no_or_other() -> Phrases:
    """Reads True, False, or OTHER."""
    return Phrases({**yes_or_no().values(), **dict.fromkeys(_OTHERS, OTHER)})
