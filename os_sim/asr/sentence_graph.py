"""Everything that the skills can be asked, as one graph of words with probabilities.

    templates ─▶ net: states, words and skips ─▶ graph: from a state each word leads to one other

The net has every template as it stands and every list of phrases once for each place it is used.
The graph comes out of it by subset construction (Rabin and Scott 1959): one of its states stands
for all the places in all the templates where the words so far may have led.  Permutations and
optional parts share states, so that 10^9 sentences are a few hundred of them.

Where several templates agree in their words so far, the probability of a word is the share of
them that goes on with it: of all graphs of this shape the one nearest to the templates'
distribution (Kullback-Leibler).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from random import Random

from os_sim.errors import ModelError
from os_sim.nlu.graph import END, START, build
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.slots import Reader
from os_sim.nlu.template import Node
from os_sim.nlu.words import CONTRACTIONS

MOST_STATES = 40_000
"""Five seconds of work; the whole shelf has 4,000."""
_LEFT_OUT = 0.8
"""How probable it is that an optional part is not said: most people speak plainly."""
_CONTRACTED = 0.5
"""How probable it is that "what is" is said as "what's"."""
_CONTRACTIONS = [
    (first, second, short)
    for short, (first, second) in (
        (short, long.split()) for short, long in CONTRACTIONS.items() if "'" in short
    )
]
_FINAL = 0


@dataclass(frozen=True, slots=True)
class WordGraph:
    """Sentences as paths from state 0; every state's probabilities add up to one."""

    arcs: list[dict[str, tuple[int, float]]]
    """By state: where each word leads to, and how probable it is there."""
    ends: list[float]
    """By state: how probable it is that the sentence is over."""
    unknown_words: frozenset[str]
    """Words of the templates that the model does not know; no sentence with them is in it."""

    def probability(self, sentence: str) -> float:
        """Of a sentence in plain words; 0 if it is none of these."""
        state, product = 0, 1.0
        for word in sentence.split():
            state, share = self.arcs[state].get(word, (0, 0.0))
            product *= share
        return product * self.ends[state]

    def words(self) -> frozenset[str]:
        """Every word of every sentence."""
        return frozenset(word for arcs in self.arcs for word in arcs)


def word_graph(sentences: Iterable[Sentences], knows: Callable[[str], bool]) -> WordGraph:
    """The graph of these sentences, all templates equally probable.

    Sentences with a slot that takes any words are left out, and so are those with a word that
    the model does not know.  ModelError: it would take more than MOST_STATES.
    """
    net = _Net(knows)
    starts = [net.add_template(template, one) for one in sentences for template in one.templates]
    arcs, ends = _subsets(_without_skips(net, starts))
    _contract(arcs, knows)
    return WordGraph(arcs, ends, frozenset(net.unknown))


@dataclass
class _Net:
    """All templates side by side, without loops; state _FINAL is the end of them all."""

    knows: Callable[[str], bool]
    steps: list[list[tuple[str, int, float]]] = field(default_factory=lambda: [[]])
    """By state: a word, where it leads to, and its share of what is said there."""
    skips: list[list[tuple[int, float]]] = field(default_factory=lambda: [[]])
    """By state: where one gets without a word, and the share of it."""
    unknown: set[str] = field(default_factory=set)
    _phrases: dict[int, tuple[Reader, list[list[str]]]] = field(default_factory=dict)
    _lists: dict[tuple[int, int], int] = field(default_factory=dict)

    def state(self) -> int:
        self.steps.append([])
        self.skips.append([])
        return len(self.steps) - 1

    def add_template(self, template: Node, sentences: Sentences) -> int:
        """Lay out a template; returns where it starts."""
        graph = build(template)
        states = [_FINAL if at == END else self.state() for at in range(len(graph.arcs))]
        for here, arcs in zip(states, graph.arcs, strict=True):
            over_nothing = sum(arc.word is None and arc.slot is None for arc in arcs)
            left_out = 0.0 if not over_nothing else _LEFT_OUT if over_nothing < len(arcs) else 1.0
            for arc in arcs:
                there = states[arc.to]
                said = (1 - left_out) / max(1, len(arcs) - over_nothing)
                if arc.word is not None:
                    self._add_step(here, arc.word, there, said)
                elif arc.slot is None:
                    self.skips[here].append((there, left_out / over_nothing))
                elif not sentences.slots[arc.slot].reader.wildcard:
                    first = self._add_list(sentences.slots[arc.slot].reader, there)
                    self.skips[here].append((first, said))
        return states[START]

    def _add_step(self, here: int, word: str, there: int, share: float) -> None:
        if self.knows(word):
            self.steps[here].append((word, there, share))
        else:
            self.unknown.add(word)

    def _add_list(self, reader: Reader, there: int) -> int:
        """Every phrase of a list, each leading to `there`; returns where they start."""
        key = (id(reader), there)
        if key not in self._lists:
            self._lists[key] = first = self.state()
            phrases = self._known_phrases(reader)
            tails: dict[tuple[str, int], int] = {}
            for phrase in phrases:
                # From the last word to the second, so that equal endings are laid only once;
                # equal beginnings come together when subsets are taken.
                to = there
                for word in reversed(phrase[1:]):
                    if (word, to) not in tails:
                        tails[word, to] = self.state()
                        self.steps[tails[word, to]].append((word, to, 1.0))
                    to = tails[word, to]
                self.steps[first].append((phrase[0], to, 1 / len(phrases)))
        return self._lists[key]

    def _known_phrases(self, reader: Reader) -> list[list[str]]:
        if id(reader) not in self._phrases:
            phrases = [phrase.split() for phrase in reader.samples(Random(0))]
            self.unknown |= {word for phrase in phrases for word in phrase if not self.knows(word)}
            known = [phrase for phrase in phrases if phrase and self.unknown.isdisjoint(phrase)]
            # The reader is kept so that no other one gets its identity.
            self._phrases[id(reader)] = (reader, known)
        return self._phrases[id(reader)][1]


@dataclass(frozen=True, slots=True)
class _Ways:
    """A net without skips; every state leads only to states of lower number."""

    steps: list[dict[tuple[str, int], float]]
    """By state: a word and where it leads to, and their share of what is said there."""
    ends: list[float]
    starts: dict[int, float]
    """Where templates start, and how many."""


def _without_skips(net: _Net, starts: list[int]) -> _Ways:
    """States that lead nowhere, because of unknown words or free ones, are gone as well."""
    order = TopologicalSorter(
        {
            state: {to for _, to, _ in net.steps[state]} | {to for to, _ in net.skips[state]}
            for state in range(len(net.steps))
        }
    )
    ways = _Ways([], [], defaultdict(float))
    numbers: dict[int, int] = {}
    for state in order.static_order():  # each one after those it leads to
        steps: dict[tuple[str, int], float] = defaultdict(float)
        end = 1.0 if state == _FINAL else 0.0
        for word, to, share in net.steps[state]:
            if to in numbers:
                steps[word, numbers[to]] += share
        for to, share in net.skips[state]:
            if to in numbers:
                end += share * ways.ends[numbers[to]]
                for step, further in ways.steps[numbers[to]].items():
                    steps[step] += share * further
        if steps or end:
            numbers[state] = len(ways.steps)
            ways.steps.append(steps)
            ways.ends.append(end)
    for start in starts:
        if start in numbers:
            ways.starts[numbers[start]] += 1.0
    return ways


def _subsets(ways: _Ways) -> tuple[list[dict[str, tuple[int, float]]], list[float]]:
    """The arcs and ends of the graph; those subsets first whose highest state is highest.

    A subset leads only to subsets whose highest state is lower, so when its turn has come, all
    that can be said before it has been counted.
    """
    numbers = {frozenset(ways.starts): 0}
    masses: list[dict[int, float]] = [ways.starts]
    arcs: list[dict[str, tuple[int, float]]] = [{}]
    ends = [0.0]
    pending = [(-max(ways.starts, default=0), 0)]
    while pending:
        _, number = heappop(pending)
        following, end = _following(ways, masses[number])
        total = end + sum(sum(targets.values()) for targets in following.values())
        ends[number] = end / total if total else 1.0
        for word, targets in following.items():
            subset = frozenset(targets)
            if (there := numbers.get(subset)) is None:
                there = numbers[subset] = len(arcs)
                masses.append(defaultdict(float))
                arcs.append({})
                ends.append(0.0)
                heappush(pending, (-max(subset), there))
            for state, mass in targets.items():
                masses[there][state] += mass
            arcs[number][word] = (there, sum(targets.values()) / total)
        if len(arcs) > MOST_STATES:
            raise ModelError(
                f"The skills' sentences need a graph of more than {MOST_STATES:,} states; "
                "use fewer optional parts and slots side by side, or switch a skill off"
            )
    return arcs, ends


def _following(ways: _Ways, masses: dict[int, float]) -> tuple[dict[str, dict[int, float]], float]:
    """What can be said next from these states: by word, where it leads to; and the end's mass."""
    following: dict[str, dict[int, float]] = {}
    end = 0.0
    for state, mass in masses.items():
        end += mass * ways.ends[state]
        for (word, to), share in ways.steps[state].items():
            targets = following.setdefault(word, {})
            targets[to] = targets.get(to, 0.0) + mass * share
    return following, end


def _contract(arcs: list[dict[str, tuple[int, float]]], knows: Callable[[str], bool]) -> None:
    """Let every "what is" be said as "what's" too: an arc around the state between them."""
    for state in arcs:
        for first, second, short in _CONTRACTIONS:
            between, share = state.get(first, (0, 0.0))
            there, further = arcs[between].get(second, (0, 0.0))
            if share and further and knows(short):
                moved = share * further * _CONTRACTED
                state[short] = (there, moved)
                state[first] = (between, share - moved)
