"""Everything the house understands at a given moment, and what it therefore expects to hear."""

from datetime import datetime
from functools import partial
from random import Random

from os_sim.clock import Clock
from os_sim.dialogue import Expectation
from os_sim.dialogue.phrases import stop_matcher, transport_matcher
from os_sim.dialogue.question import OpenQuestion
from os_sim.nlu.matcher import Match, Matcher, Sentences
from os_sim.nlu.sampler import sample
from os_sim.skill.loading import Shelf


class Known:
    """Stop words, transport words and the skills' sentences, in this order of rank."""

    def __init__(self, shelf: Shelf, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock
        self._stop_words = stop_matcher()
        self.transport = transport_matcher()

    def is_stop(self, text: str) -> bool:
        """Whether the user wants silence."""
        return self._stop_words.match(text, self._now()) is not None

    def steer(self, text: str) -> Match | None:
        """What is asked of the music."""
        return self.transport.match(text, self._now())

    def request(self, text: str) -> Match | None:
        """What is asked of a skill."""
        return self._shelf.matcher.match(text, self._now())

    def is_sentence(self, text: str, playing: bool) -> bool:
        """Whether it is a foreseen sentence, with no word in a wildcard."""
        match = self.request(text)
        return (match is not None and match.score == 1) or (
            playing and self.steer(text) is not None
        )

    def expectation(self, question: OpenQuestion | None, playing: bool) -> Expectation:
        """What may be said next, while this question is open, and music plays or not."""
        return Expectation(
            list_sentences=partial(self._sentences, question, playing),
            is_complete=partial(self._is_complete, question, playing),
            anything=question is not None and question.takes_anything,
            usual=question is None,
        )

    def _sentences(self, question: OpenQuestion | None, playing: bool) -> tuple[str, ...]:
        found = _listed(self._stop_words)
        if question is not None:
            found += sample(question.sentences, 1_000, Random(0))
        if playing:
            found += _listed(self.transport)
        if question is None:
            found += self._shelf.samples()
        elif not question.takes_anything:
            # Enough to turn to something else, and not so much that an answer drowns in it.
            found += self._shelf.examples()
        else:
            # For ears that know no free speech: at least every name on the shelf can be said.
            found += self._shelf.phrases()
        return tuple(dict.fromkeys(found))

    def _is_complete(self, question: OpenQuestion | None, playing: bool, text: str) -> bool:
        now = self._now()
        if self._stop_words.is_complete(text, now):
            return True
        if question is not None:
            return question.is_complete(text, now)
        if playing and self.transport.is_complete(text, now):
            return True
        return self._shelf.matcher.is_complete(text, now)

    def _now(self) -> datetime:
        return self._clock.wall()


def all_sentences(shelf: Shelf) -> list[Sentences]:
    """What can be said at any time: to the house itself, and to its skills."""
    return [*stop_matcher().known, *transport_matcher().known, *shelf.matcher.known]


def all_intents(shelf: Shelf) -> list[Sentences]:
    """What a sentence may come near to: what steers the music, and the skills.

    Silence is asked for in so many words, or not at all.
    """
    return [*transport_matcher().known, *shelf.matcher.known]


def _listed(matcher: Matcher) -> list[str]:
    return [
        sentence for sentences in matcher.known for sentence in sample(sentences, 200, Random(0))
    ]
