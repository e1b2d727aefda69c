"""The values of slots in a sentence that no template matches."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from os_sim.nlu.alignment import SMALL_WORDS, Alignment, Reading
from os_sim.nlu.skeletons import Skeleton
from os_sim.nlu.slots import Integer, Phrases, Reader, TimeOfDay
from os_sim.nlu.sounding import sound_key

_LONGEST_VALUE = 7
_CLOSE_LIST = 100
"""Lists up to this length are also searched for words of the same meaning."""
_BEFORE_TIME = frozenset("at for by around about until till before after from past alarm".split())
_BEFORE_FREE = frozenset(
    "to that about of for on in at by with and is please must need also from off saying say "
    "called then just".split()
)
_AFTER_FREE = frozenset("to on at in for by from off and please too also my it the a".split())
_ASKING = frozenset("what who how where when why which anything any".split())
"""What begins with one of these is a question, and nothing to be put into a slot."""
_DUTIES = (
    ("i", "have", "to"),
    ("i", "must"),
    ("i", "need", "to"),
    ("i", "should"),
    ("i", "want", "to"),
)
"""Beginnings of what somebody wants to be reminded of."""
_FREE_SHARE = 0.65
"""How far a word is explained by standing in a slot that takes anything."""


@dataclass
class Filling:
    """Slots with values, and which words they took."""

    values: dict[str, Any]
    explained: list[float]
    """For each word, how far it is accounted for (0..1)."""
    free: float = 0.0
    """The weight of the words that stand in slots which take anything."""
    guessed: bool = False
    """Whether a value was not said, but something that means or sounds the same."""
    spoken: dict[str, str] = field(default_factory=dict)
    """The values in the words that were said."""


def fill(
    skeleton: Skeleton, reading: Reading, alignment: Alignment, now: datetime
) -> Filling | None:
    """The values for the skeleton's slots, and for others of its intent that are mentioned.

    None if a slot that must be filled is not.
    """
    filling = Filling({}, list(alignment.stands_for))
    slots = skeleton.sentences.slots
    wanted = skeleton.slots
    listed = [name for name in slots if not slots[name].reader.wildcard]
    taken = [False] * len(reading.words)
    for name in sorted(listed, key=lambda name: name not in wanted):
        needed = name in wanted and not slots[name].optional
        _take_value(name, slots[name].reader, reading, taken, filling, now, needed=needed)
    for name in wanted:
        if slots[name].reader.wildcard:
            _take_free(name, reading, alignment, taken, filling)
    complete = all(slot.optional or name in filling.values for name, slot in slots.items())
    return filling if complete else None


@dataclass(frozen=True)
class _Found:
    """A value that some words may be."""

    start: int
    end: int
    value: Any
    guessed: bool = False


def _take_value(
    name: str,
    reader: Reader,
    reading: Reading,
    taken: list[bool],
    filling: Filling,
    now: datetime,
    *,
    needed: bool,
) -> None:
    for found in _values(reader, reading, now):
        if any(taken[found.start : found.end]):
            continue
        if not needed and isinstance(reader, TimeOfDay) and not _is_time(reading.words, found):
            continue
        filling.values[name] = found.value
        filling.spoken[name] = " ".join(reading.words[found.start : found.end])
        filling.guessed = filling.guessed or found.guessed
        for at in range(found.start, found.end):
            taken[at] = True
            filling.explained[at] = 1.0
        return


def _is_time(words: list[str], found: _Found) -> bool:
    """A bare number is a time only behind "at" and the like."""
    return found.start > 0 and words[found.start - 1] in _BEFORE_TIME


def _values(reader: Reader, reading: Reading, now: datetime) -> list[_Found]:
    """Every value that can be made out, what is said literally and at length first."""
    known = reading.values.get(id(reader))
    if known is None:
        known = list(_said(reader, reading.words, now))
        if isinstance(reader, Phrases):
            known += _alike(reader, reading)
        reading.values[id(reader)] = known
    return known


def _said(reader: Reader, words: list[str], now: datetime) -> Iterator[_Found]:
    for length in reader.lengths():
        if length > _LONGEST_VALUE:
            continue
        for start in range(len(words) - length + 1):
            stretch = words[start : start + length]
            if isinstance(reader, Integer) and stretch in (["a"], ["oh"]):
                continue
            value = reader.read(stretch, now)
            if value is not None:
                yield _Found(start, start + length, value)


def _alike(reader: Phrases, reading: Reading) -> Iterator[_Found]:
    """Listed values that sound like some words, or, in a short list, mean the same."""
    values, sounds = reader.values(), _sounds(reader)
    for length in range(min(3, len(reading.words)), 0, -1):
        for start in range(len(reading.words) - length + 1):
            key = sound_key("".join(reading.words[start : start + length]))
            if len(key) > 2 and key in sounds:
                yield _Found(start, start + length, values[sounds[key]], guessed=True)
    if len(values) > _CLOSE_LIST:
        return
    groups = {phrase: _groups(phrase, reading) for phrase in values}
    for start, end, those in sorted(reading.phrases, key=lambda phrase: phrase[0] - phrase[1]):
        said = " ".join(reading.words[start:end])
        same = [phrase for phrase in values if those & groups[phrase]]
        if same:
            closest = max(same, key=lambda phrase: _shared_beginning(phrase, said))
            yield _Found(start, end, values[closest], guessed=True)


def _shared_beginning(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _groups(phrase: str, reading: Reading) -> int:
    return reading.lexicon.thesaurus.phrases.get(tuple(phrase.split()), 0)


def _sounds(reader: Phrases) -> dict[str, str]:
    """The listed phrases by how they sound."""
    values = reader.values()
    known = _by_sound.get(id(reader))
    if known is None or known[0] is not values:
        known = values, {sound_key(phrase.replace(" ", "")): phrase for phrase in values}
        _by_sound[id(reader)] = known
    return known[1]


_by_sound: dict[int, tuple[dict[str, Any], dict[str, str]]] = {}
"""By reader: the values they were made of, and the phrases by sound."""


def _take_free(
    name: str, reading: Reading, alignment: Alignment, taken: list[bool], filling: Filling
) -> None:
    """The longest stretch of words that stand for nothing in the frame."""
    open_words = [
        not (used or anchored) for used, anchored in zip(taken, alignment.anchored, strict=True)
    ]
    stretches = [_trimmed(reading.words, *stretch) for stretch in _stretches(open_words)]
    start, end = max(stretches, key=lambda s: sum(reading.weights[s[0] : s[1]]), default=(0, 0))
    if SMALL_WORDS.issuperset(reading.words[start:end]) or reading.words[start] in _ASKING:
        return
    filling.values[name] = filling.spoken[name] = " ".join(reading.words[start:end])
    filling.free += sum(reading.weights[start:end])
    for at in range(start, end):
        taken[at] = True
        filling.explained[at] = max(filling.explained[at], _FREE_SHARE)


def _stretches(open_words: list[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for at, is_open in enumerate([*open_words, False]):
        if is_open and start is None:
            start = at
        elif not is_open and start is not None:
            yield start, at
            start = None


def _trimmed(words: list[str], start: int, end: int) -> tuple[int, int]:
    """Without the small words that lead to a value and away from it."""
    while start < end:
        duty = next((d for d in _DUTIES if tuple(words[start : start + len(d)]) == d), None)
        if duty is None and words[start] not in _BEFORE_FREE:
            break
        start += len(duty or "_")
    while end > start and words[end - 1] in _AFTER_FREE:
        end -= 1
    return start, end
