"""All templates side by side: states, and what can be said next in each of them.

    template ─▶ its graph, read from the end to the beginning ─▶ states that many templates share

States from which the same can be said, equally probably, are one state (hash consing): a hundred
templates that end alike share their ends, and a list of phrases is laid out once for each way in
which it can go on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from random import Random

from os_sim.errors import ModelError
from os_sim.nlu.graph import END, START, Arc, Graph, build
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.slots import Reader
from os_sim.nlu.template import Node

MOST_STEPS = 500_000
"""Two seconds of work and 100 MB; the whole shelf has 20,000."""
_LEFT_OUT = 0.8
"""How probable it is that an optional part is not said: most people speak plainly."""

Steps = dict[tuple[str, int], float]
"""A word and the state it leads to, and their share of what is said there."""


@dataclass
class Ways:
    """States without loops; each leads only to states of lower number.  State 0 is the end."""

    knows: Callable[[str], bool]
    steps: list[Steps] = field(default_factory=lambda: [{}])
    ends: list[float] = field(default_factory=lambda: [1.0])
    """By state: the share of what is said there that is over."""
    starts: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Where templates start, and how many."""
    unknown: set[str] = field(default_factory=set)
    """Words that were asked for and that the model does not know."""
    _alike: dict[tuple[float, frozenset[tuple[tuple[str, int], float]]], int] = field(
        default_factory=dict
    )
    _step_count: int = 0
    _tries: dict[int, tuple[Reader, "_Trie"]] = field(default_factory=dict)
    _lists: dict[tuple[int, int], int | None] = field(default_factory=dict)

    def add(self, template: Node, sentences: Sentences) -> None:
        """Lay out a template from its end to its start.

        ModelError: all of them together take more than MOST_STEPS.
        """
        graph = build(template)
        states: dict[int, int] = {END: 0}
        for here in _backwards(graph):
            state = self._state(graph.arcs[here], states, sentences)
            if state is not None:
                states[here] = state
        if START in states:
            self.starts[states[START]] += 1.0

    def _state(self, arcs: list[Arc], states: dict[int, int], sentences: Sentences) -> int | None:
        """The state of these arcs; None where all of them are unknown words or free ones."""
        over_nothing = sum(arc.word is None and arc.slot is None for arc in arcs)
        left_out = 0.0 if not over_nothing else _LEFT_OUT if over_nothing < len(arcs) else 1.0
        said = (1 - left_out) / max(1, len(arcs) - over_nothing)
        steps: Steps = defaultdict(float)
        end = 0.0
        for arc in arcs:
            there = states.get(arc.to)
            if arc.word is not None:
                if self._known([arc.word]) and there is not None:
                    steps[arc.word, there] += said
            elif there is not None:
                first = there if arc.slot is None else self._first_of(arc.slot, sentences, there)
                share = left_out / over_nothing if arc.slot is None else said
                if first is not None:
                    end += self._skip(first, share, steps)
        if steps:
            return self._number(steps, end)
        return 0 if end else None

    def _first_of(self, slot: str, sentences: Sentences, there: int) -> int | None:
        """Where the phrases of a slot begin that go on `there`; None if it has none."""
        reader = sentences.slots[slot].reader
        if reader.wildcard:
            return None
        key = (id(reader), there)
        if key not in self._lists:
            self._lists[key] = self._lay(self._trie(reader), there)
        return self._lists[key]

    def _trie(self, reader: Reader) -> "_Trie":
        # The reader is kept so that no other one gets its identity.
        if id(reader) not in self._tries:
            phrases = (phrase.split() for phrase in reader.samples(Random(0)))
            known = [phrase for phrase in phrases if self._known(phrase) and phrase]
            self._tries[id(reader)] = (reader, _trie(known))
        return self._tries[id(reader)][1]

    def _known(self, words: Iterable[str]) -> bool:
        unknown = {word for word in words if not self.knows(word)}
        self.unknown |= unknown
        return not unknown

    def _lay(self, trie: "_Trie", there: int) -> int | None:
        """The first state of a trie's phrases, which go on `there`; None if it has none."""
        if not trie.total[0]:
            return None
        states = [there] * len(trie.children)
        for node in range(len(trie.children) - 1, -1, -1):  # each one after its children
            if trie.children[node]:
                total = trie.total[node]
                steps = {
                    (word, states[child]): trie.total[child] / total
                    for word, child in trie.children[node].items()
                }
                end = self._skip(there, trie.ends[node] / total, steps) if trie.ends[node] else 0.0
                states[node] = self._number(steps, end)
        return states[0]

    def _skip(self, to: int, share: float, steps: Steps) -> float:
        """Let all that can be said in a state be said here too; returns the share of its end."""
        for step, further in self.steps[to].items():
            steps[step] = steps.get(step, 0.0) + share * further
        return share * self.ends[to]

    def _number(self, steps: Steps, end: float) -> int:
        """The state in which this, and only this, can be said."""
        key = (end, frozenset(steps.items()))
        if (state := self._alike.get(key)) is None:
            state = self._alike[key] = len(self.steps)
            self.steps.append(steps)
            self.ends.append(end)
            self._step_count += len(steps)
            if self._step_count > MOST_STEPS:
                raise too_many(f"{MOST_STEPS:,} steps")
        return state


@dataclass
class _Trie:
    """Phrases by their words from the first to the last; node 0 is their beginning."""

    children: list[dict[str, int]]
    """By node: where a word leads to, always a higher node."""
    total: list[int]
    """By node: how many phrases come through here."""
    ends: list[int]
    """By node: how many phrases end here."""


def _trie(phrases: Iterable[list[str]]) -> _Trie:
    trie = _Trie([{}], [0], [0])
    for phrase in phrases:
        node = 0
        trie.total[0] += 1
        for word in phrase:
            if (child := trie.children[node].get(word)) is None:
                child = trie.children[node][word] = len(trie.children)
                trie.children.append({})
                trie.total.append(0)
                trie.ends.append(0)
            node = child
            trie.total[node] += 1
        trie.ends[node] += 1
    return trie


def _backwards(graph: Graph) -> Iterable[int]:
    """The states of a template but its end, each after those it leads to."""
    leads_to = {state: {arc.to for arc in arcs} for state, arcs in enumerate(graph.arcs)}
    return (state for state in TopologicalSorter(leads_to).static_order() if state != END)


def too_many(what: str) -> ModelError:
    """The skills' sentences are more than a graph of bearable size can hold."""
    return ModelError(
        f"The skills' sentences need a graph of more than {what}; "
        "use fewer optional parts and slots side by side, or switch a skill off"
    )
