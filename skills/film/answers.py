"""How the skill words what it knows, and that it does not know."""

from collections.abc import Sequence
from random import Random

from .facts import Fact

MOST_AT_ONCE = 3
"""Facts in one answer, when a question asks for several."""
MOST_ECHOED = 60
"""Characters of the user's own words that are said back."""

_NOT_KNOWN = (
    "I don't know that about Her.",
    "That I don't know; my knowledge of Her has its edges.",
    "I'm sorry, I don't know that about the film Her.",
)
_NOT_KNOWN_ABOUT = (
    "I don't know {question}. The one film I know is Her.",
    "I'm sorry, I don't know {question}; I only know the film Her.",
)
_STANDS_IN = (
    'I read it: it stands under "{section}" in an article on the film.',
    'From an article on Her, the part called "{section}".',
)
_WORKED_OUT = (
    'I worked it out from figures under "{section}" in an article on the film.',
    'That is my own count, from the part called "{section}" of an article on Her.',
)


def answer(facts: Sequence[Fact], told: str, random: Random) -> str:
    """The facts in words that are not in `told`, or else have not been said for longest."""
    if not facts:
        return not_known(told, random)
    return " ".join(_freshest(fact.said, told, random) for fact in facts[:MOST_AT_ONCE])


def not_known(told: str, random: Random) -> str:
    """The honest answer to a question about the film that no fact answers."""
    return _freshest(_NOT_KNOWN, told, random)


def not_known_about(question: str, told: str, random: Random) -> str:
    """The honest answer that repeats what was asked, such as "who wrote Titanic"."""
    if len(question) > MOST_ECHOED:
        return not_known(told, random)
    options = [sentence.replace("{question}", question) for sentence in _NOT_KNOWN_ABOUT]
    return _freshest(options, told, random)


def source(fact: Fact, told: str, random: Random) -> str:
    """Where a fact is known from."""
    options = _WORKED_OUT if fact.derived else _STANDS_IN
    named = [sentence.format(section=fact.section) for sentence in options]
    return _freshest(named, told, random)


def _freshest(sentences: Sequence[str], told: str, random: Random) -> str:
    """One of those last said longest ago; `told` is everything said so far, in order."""
    last = {sentence: told.rfind(sentence) for sentence in sentences}
    longest_ago = min(last.values())
    return random.choice([sentence for sentence in sentences if last[sentence] == longest_ago])
