"""Which known sentence was said, and what stood in its slots."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from os_sim.nlu.graph import END, START, Graph, build
from os_sim.nlu.slots import Reader, SlotType
from os_sim.nlu.template import Node
from os_sim.nlu.words import Word, cut, said


@dataclass(frozen=True)
class Sentences:
    """The templates of one intent, and who is meant by them."""

    skill: str
    intent: str
    templates: tuple[Node, ...]
    slots: dict[str, SlotType]
    irreversible: bool = False
    """Whether what is asked for cannot be undone."""

    @property
    def name(self) -> tuple[str, str]:
        """The skill and the intent."""
        return self.skill, self.intent


@dataclass(frozen=True)
class Match:
    """An utterance understood."""

    skill: str
    intent: str
    slots: dict[str, Any]
    score: float
    """1 if every word was foreseen; less for every word that a wildcard took."""


@dataclass
class _Entry:
    sentences: Sentences
    graph: Graph
    order: int


@dataclass
class Matcher:
    """All known sentences, looked up by their first word.

    An exact match of the words; what comes near is not its business.  Among several matches
    the one with the fewest words in wildcards wins, then the one that was added first.
    """

    _by_first_word: dict[str, list[_Entry]] = field(default_factory=dict)
    _any_first_word: list[_Entry] = field(default_factory=list)
    _count: int = 0
    known: list[Sentences] = field(default_factory=list)
    """Everything that was added, in order."""

    def add(self, sentences: Sentences) -> None:
        """Know these sentences from now on."""
        self.known.append(sentences)
        for template in sentences.templates:
            entry = _Entry(sentences, build(template), self._count)
            self._count += 1
            first = entry.graph.first_words()
            if first is None:
                self._any_first_word.append(entry)
                continue
            for word in first:
                self._by_first_word.setdefault(word, []).append(entry)

    def match(self, text: str, now: datetime) -> Match | None:
        """What was meant by `text`, or None; `now` is what "tomorrow" is counted from."""
        return next(iter(self.matches(text, now)), None)

    def matches(self, text: str, now: datetime) -> list[Match]:
        """Everything that can be meant by `text`, best first, at most one for each template."""
        words = cut(text)
        found: list[tuple[float, int, Match]] = []
        for entry in self._candidates(words):
            walk = _Walk(entry, words, text, now)
            slots = walk.find(START, 0)
            if slots is not None:
                score = round(1 - 0.5 * walk.loose / max(len(words), 1), 3)
                match = Match(entry.sentences.skill, entry.sentences.intent, slots, score)
                found.append((-score, entry.order, match))
        found.sort(key=lambda item: item[:2])
        return [match for _, _, match in found]

    def is_complete(self, text: str, now: datetime) -> bool:
        """Whether `text` is a whole sentence, and no longer one would mean anything else.

        "next" is complete although "next please" is a sentence too: it asks for the same.
        "write a letter" is not, because "to anna" may follow.  What wildcards take never is.
        """
        words = cut(text)
        meant: set[tuple[str, str]] = set()
        longer: set[tuple[str, str]] = set()
        for entry in self._candidates(words):
            reach = _reach(entry, words, now)
            if reach.says_more:
                return False
            intent = (entry.sentences.skill, entry.sentences.intent)
            if reach.ends:
                meant.add(intent)
            if reach.goes_on:
                longer.add(intent)
        return len(meant) == 1 and longer <= meant

    def _candidates(self, words: list[Word]) -> Iterator[_Entry]:
        if words:
            yield from self._by_first_word.get(words[0].text, ())
            yield from self._any_first_word


class _Walk:
    """One search for a path through a graph that spells an utterance."""

    def __init__(self, entry: _Entry, words: list[Word], text: str, now: datetime) -> None:
        self._arcs = entry.graph.arcs
        self._slots = entry.sentences.slots
        self._words = words
        self._text = text
        self._now = now
        self._dead: set[tuple[int, int]] = set()
        self._barren: dict[int, int] = {}
        """By state: no word after this one leads from there to the end."""
        self.loose = 0
        """Words that wildcards took on the path that was found."""

    def find(self, state: int, at: int) -> dict[str, Any] | None:
        """The slots on the first path from here to the end, or None.

        Whether the rest can be spelled depends only on (state, at), so a pair that failed once
        is never tried again: time is bounded by states × words × lengths of a value.
        """
        if state == END:
            return {} if at == len(self._words) else None
        if (state, at) in self._dead:
            return None
        for arc in self._arcs[state]:
            if arc.slot is not None:
                slots = self._over_slot(arc.slot, arc.to, at)
            elif arc.word is None:
                slots = self.find(arc.to, at)
            elif at < len(self._words) and self._words[at].text == arc.word:
                slots = self.find(arc.to, at + 1)
            else:
                continue
            if slots is not None:
                return slots
        self._dead.add((state, at))
        return None

    def _over_slot(self, name: str, to: int, at: int) -> dict[str, Any] | None:
        reader = self._slots[name].reader
        if reader.wildcard:
            return self._over_wildcard(name, to, at)
        for end, value in _values(reader, self._words, at, self._now):
            slots = self.find(to, end)
            if slots is not None:
                return {name: value, **slots}
        return None

    def _over_wildcard(self, name: str, to: int, at: int) -> dict[str, Any] | None:
        """Any words, as few as possible; ends that failed once are not tried again."""
        barren = self._barren.get(to, len(self._words))
        for end in range(at + 1, barren + 1):
            slots = self.find(to, end)
            if slots is not None:
                self.loose += end - at
                return {name: said(self._text, self._words[at:end]), **slots}
        self._barren[to] = min(at, barren)
        return None


def _values(reader: Reader, words: list[Word], at: int, now: datetime) -> Iterator[tuple[int, Any]]:
    """Every value that can be read from here, and where it ends."""
    for length in reader.lengths():
        if at + length <= len(words):
            value = reader.read([word.text for word in words[at : at + length]], now)
            if value is not None:
                yield at + length, value


@dataclass(frozen=True)
class _Reach:
    """How far some words lead into one graph."""

    ends: bool
    """They are a whole sentence of it."""
    goes_on: bool
    """They are the beginning of a longer one."""
    says_more: bool
    """They are the beginning of one with another value: a slot is still to come, or to go on."""


def _reach(entry: _Entry, words: list[Word], now: datetime) -> _Reach:
    arcs, slots = entry.graph.arcs, entry.sentences.slots
    ends = goes_on = says_more = False
    seen: set[tuple[int, int]] = set()
    pending = [(START, 0)]
    while pending:
        state, at = pending.pop()
        if (state, at) in seen:
            continue
        seen.add((state, at))
        if at == len(words):
            ends = ends or state == END
            says_more = says_more or state in entry.graph.before_slots
        for arc in arcs[state]:
            if arc.word is None and arc.slot is None:
                pending.append((arc.to, at))
            elif at == len(words):
                goes_on = True
            elif arc.word is not None:
                if words[at].text == arc.word:
                    pending.append((arc.to, at + 1))
            elif arc.slot is not None:
                reader = slots[arc.slot].reader
                if reader.wildcard:  # what any words can say, a foreseen sentence says better
                    continue
                pending += [(arc.to, end) for end, _ in _values(reader, words, at, now)]
                says_more = says_more or reader.extends([word.text for word in words[at:]])
    return _Reach(ends, goes_on, says_more)
