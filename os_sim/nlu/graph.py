"""A template laid out as a graph of words: states, and the words and slots between them.

Built once per template.  The matcher looks for a path that spells the utterance, the sampler
takes paths at random; a template of 10^9 sentences is a graph of a few hundred arcs.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from os_sim.nlu.template import AnyOrder, Choice, Node, Sequence, Slot, Text

START, END = 0, 1


@dataclass(frozen=True, slots=True)
class Arc:
    """One step: over a word, over a slot's value, or (neither) over nothing."""

    to: int
    word: str | None = None
    slot: str | None = None


@dataclass
class Graph:
    """Arcs by the state they leave, from START to END, without loops."""

    arcs: list[list[Arc]] = field(default_factory=lambda: [[], []])

    def state(self) -> int:
        self.arcs.append([])
        return len(self.arcs) - 1

    @cached_property
    def before_slots(self) -> frozenset[int]:
        """The states from which a slot may still be reached."""
        into: dict[int, list[int]] = {}
        for state, arcs in enumerate(self.arcs):
            for arc in arcs:
                into.setdefault(arc.to, []).append(state)
        pending = [state for state, arcs in enumerate(self.arcs) if any(a.slot for a in arcs)]
        found = set(pending)
        while pending:
            fresh = set(into.get(pending.pop(), ())) - found
            found |= fresh
            pending += fresh
        return frozenset(found)

    def first_words(self) -> set[str] | None:
        """The words that a sentence can begin with; None if it can begin with a slot."""
        words: set[str] = set()
        seen, pending = set[int](), [START]
        while pending:
            state = pending.pop()
            if state in seen:
                continue
            seen.add(state)
            for arc in self.arcs[state]:
                if arc.slot is not None:
                    return None
                if arc.word is not None:
                    words.add(arc.word)
                else:
                    pending.append(arc.to)
        return words


def build(node: Node) -> Graph:
    """The graph of a parsed template."""
    graph = Graph()
    _lay(graph, node, START, END)
    return graph


def _lay(graph: Graph, node: Node, start: int, end: int) -> None:
    """Put every sentence of `node` between two states."""
    match node:
        case Text(text):
            graph.arcs[start].append(Arc(end, word=text))
        case Slot(name):
            graph.arcs[start].append(Arc(end, slot=name))
        case Choice(options):
            for option in options:
                _lay(graph, option, start, end)
        case Sequence(parts):
            here = start
            for at, part in enumerate(parts):
                there = end if at == len(parts) - 1 else graph.state()
                _lay(graph, part, here, there)
                here = there
            if not parts:
                graph.arcs[start].append(Arc(end))
        case AnyOrder(parts):
            _lay_in_any_order(graph, parts, start, end)


def _lay_in_any_order(graph: Graph, parts: tuple[Node, ...], start: int, end: int) -> None:
    """One state for every set of parts already said: 2^n states instead of n! paths."""
    everything = frozenset(range(len(parts)))
    states = {
        frozenset(some): graph.state()
        for size in range(1, len(parts))
        for some in combinations(range(len(parts)), size)
    }
    states |= {frozenset(): start, everything: end}
    for done, here in states.items():
        for at in everything - done:
            _lay(graph, parts[at], here, states[done | {at}])
