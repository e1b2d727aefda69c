"""Sentences of a template, to tell the recogniser what is likely and the user what is possible."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import TypeVar

from os_sim.nlu.graph import END, START, Arc, Graph, build
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.words import contracted

T = TypeVar("T")


def sample(sentences: Sentences, count: int, random: Random) -> list[str]:
    """Up to `count` different sentences, spread over everything that can be said.

    Every word and every listed value comes at least once if `count` allows it, and what can be
    said short is also said short ("what's").  Sentences with a slot whose values cannot be
    listed are left out.
    """
    graphs = [build(template) for template in sentences.templates]
    share = max(1, count // max(1, len(graphs)))
    found: dict[str, None] = {}
    for graph in graphs:
        values = {name: slot.reader.samples(random) for name, slot in sentences.slots.items()}
        walks = paths(graph, values, random)
        # Twice as many tries as wanted: short templates repeat themselves.
        for sentence in islice(walks, 2 * share):
            if len(found) >= count:
                break
            found.setdefault(sentence)
            found.setdefault(contracted(sentence))
    return list(found)


def shortest(sentences: Sentences) -> str | None:
    """The shortest sentence of the first template that needs no free words."""
    random = Random(0)
    for template in sentences.templates:
        graph = build(template)
        values = {name: slot.reader.samples(random) for name, slot in sentences.slots.items()}
        found = _shortest_path(graph, values)
        if found is not None:
            return found
    return None


def _shortest_path(graph: Graph, values: dict[str, list[str]]) -> str | None:
    """Breadth first, by words; of two equally short paths the one written first."""
    reached: dict[int, str] = {START: ""}
    ring = [START]
    while ring:
        for state in ring:
            # Steps over nothing belong to the same ring: it grows while it is walked.
            for arc in graph.arcs[state]:
                if arc.word is None and arc.slot is None and arc.to not in reached:
                    reached[arc.to] = reached[state]
                    ring.append(arc.to)
        if END in reached:
            return reached[END].strip()
        following = []
        for state in ring:
            for arc in graph.arcs[state]:
                if arc.to not in reached and (step := _step(arc, values)) is not None:
                    reached[arc.to] = f"{reached[state]} {step}"
                    following.append(arc.to)
        ring = following
    return None


def _step(arc: Arc, values: dict[str, list[str]]) -> str | None:
    if arc.slot is not None:
        return values[arc.slot][0] if values[arc.slot] else None
    return arc.word


def paths(graph: Graph, values: dict[str, list[str]], random: Random) -> Iterator[str]:
    """Sentences without end: first along arcs that no path has taken yet, then at random."""
    open_states = _open_states(graph, values)
    if START not in open_states:
        return
    options = [
        [arc for arc in arcs if arc.to in open_states and _passable(arc, values)]
        for arcs in graph.arcs
    ]
    fresh = [list(reversed(arcs)) for arcs in options]
    unsaid = {name: phrases[::-1] for name, phrases in values.items()}
    while True:
        words: list[str] = []
        state = START
        while state != END:
            arc = fresh[state].pop() if fresh[state] else _any(options[state], random)
            if arc.word is not None:
                words.append(arc.word)
            elif arc.slot is not None:
                left = unsaid[arc.slot]
                words.append(left.pop() if left else _any(values[arc.slot], random))
            state = arc.to
        yield " ".join(words)


def _any(items: list[T], random: Random) -> T:
    """Like `random.choice`, in a third of the time: this is called a hundred thousand times."""
    return items[int(random.random() * len(items))]


def _passable(arc: Arc, values: dict[str, list[str]]) -> bool:
    return arc.slot is None or bool(values[arc.slot])


def _open_states(graph: Graph, values: dict[str, list[str]]) -> set[int]:
    """The states from which the end can be reached without a slot that cannot be listed."""
    into: dict[int, list[int]] = {}
    for state, arcs in enumerate(graph.arcs):
        for arc in arcs:
            if _passable(arc, values):
                into.setdefault(arc.to, []).append(state)
    seen, pending = {END}, [END]
    while pending:
        for state in into.get(pending.pop(), ()):
            if state not in seen:
                seen.add(state)
                pending.append(state)
    return seen
