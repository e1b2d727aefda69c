"""What no letter may do, whoever composed it."""

import re
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

FEWEST_WORDS, MOST_WORDS = 92, 165
"""How long a letter may be, without the detail that the user gave."""
_RUN = 4
"""So many words in a row must not come back within a letter."""
_OPENING = 2
"""So many words at the beginning of a sentence must not begin another one."""
_NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred "
    "thousand million twice dozen".split()
)


def faults(sentences: Sequence[str], avoid: Collection[str] = ()) -> list[str]:
    """What is wrong with a letter, a line for each fault; empty if it may be sent.

    `sentences` are the letter's own words, with the facts still as slots: {detail}, {name}.
    `avoid` are sentences that an earlier draft has used.
    """
    found = [fault for sentence in sentences for fault in _invented(sentence)]
    for at, sentence in enumerate(sentences):
        found += [f"repeats itself: {clash}" for clash in clashes(sentence, sentences[:at])]
    found += [f"said in an earlier draft: {one}" for one in sentences if one in avoid]
    length = sum(len(_words(sentence)) for sentence in sentences)
    if not FEWEST_WORDS <= length <= MOST_WORDS:
        found.append(f"{length} words; {FEWEST_WORDS} to {MOST_WORDS} are wanted")
    return found


def clashes(sentence: str, before: Sequence[str]) -> list[str]:
    """What `sentence` takes up again, word for word, from the sentences before it."""
    said = {run for other in before for run in _runs(other)}
    found = [" ".join(run) for run in _runs(sentence) if run in said]
    opening = _words(sentence)[:_OPENING]
    if any(_words(other)[:_OPENING] == opening for other in before):
        found.append(" ".join(opening))
    return found


def cliches_in(text: str) -> list[str]:
    """The worn phrases in a text."""
    plain = " ".join(_words(text))
    return [phrase for phrase in _cliches() if f" {phrase} " in f" {plain} "]


def _invented(sentence: str) -> list[str]:
    """Names, numbers and worn phrases that no fact asked for."""
    words = re.findall(r"\{?[\w'’]+\}?", sentence)[1:]
    names = [word for word in words if word[:1].isupper() and word.partition("'")[0] != "I"]
    numbers = [word for word in words if word.lower() in _NUMBERS or any(map(str.isdigit, word))]
    return [f"invents '{word}'" for word in (*names, *numbers)] + [
        f"is worn: {phrase}" for phrase in cliches_in(sentence)
    ]


def _runs(sentence: str) -> set[tuple[str, ...]]:
    words = _words(sentence)
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _words(sentence: str) -> list[str]:
    return re.findall(r"[\w'’]+", re.sub(r"\{\w+\}", " ", sentence).lower())


@cache
def _cliches() -> tuple[str, ...]:
    text = (Path(__file__).parent / "cliches.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))
