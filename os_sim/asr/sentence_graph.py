"""Everything that the skills can be asked, as one graph of words with probabilities.

    templates ─▶ ways: states side by side (`sentence_ways`) ─▶ graph: each word leads to one state

The graph comes out of the ways by subset construction (Rabin and Scott 1959): one of its states
stands for all the places in all the templates where the words so far may have led.  Permutations
and optional parts share states, so that 10^12 sentences are a few hundred of them.

Where several templates agree in their words so far, the probability of a word is the share of
them that goes on with it: of all graphs of this shape the one nearest to the templates'
distribution (Kullback-Leibler).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from os_sim.asr.sentence_ways import Ways, too_many
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.words import CONTRACTIONS

MOST_STATES = 40_000
"""Five seconds of work; the whole shelf has 4,000."""
_CONTRACTED = 0.5
"""How probable it is that "what is" is said as "what's"."""
_CONTRACTIONS = [
    (first, second, short)
    for short, (first, second) in (
        (short, long.split()) for short, long in CONTRACTIONS.items() if "'" in short
    )
]


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
    ways = Ways(knows)
    for one in sentences:
        for template in one.templates:
            ways.add(template, one)
    arcs, ends = _subsets(ways)
    _contract(arcs, knows)
    return WordGraph(arcs, ends, frozenset(ways.unknown))


def _subsets(ways: Ways) -> tuple[list[dict[str, tuple[int, float]]], list[float]]:
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
            raise too_many(f"{MOST_STATES:,} states")
    return arcs, ends


def _following(ways: Ways, masses: dict[int, float]) -> tuple[dict[str, dict[int, float]], float]:
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
