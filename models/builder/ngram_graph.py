"""A back-off model as a graph of words, in OpenFst's binary form (see `os_sim.asr.openfst`).

    history ──word──▶ the longest history the model knows that ends with the word
       └─────ε──────▶ the history without its first word, for its back-off weight

There is a state for every history that n-grams begin with: the empty one, words, pairs.  The
graph starts after `BEGIN` and may end where the model knows what `END` costs; from elsewhere
back-off leads there.  Arcs are sorted by label, back-off first, as libvosk's composition needs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.builder.ngram import BEGIN, END, Floats, Ngrams, Rows
from os_sim.asr import openfst

_ARC = np.dtype([("label", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("to", "<i4")])
_STATE = np.dtype([("final_cost", "<f4"), ("arcs_low", "<i4"), ("arcs_high", "<i4")])
"""The number of arcs takes eight bytes; here it never needs the upper four."""
_STEPS = 1024
"""Costs are rounded to such parts of a natural logarithm.  Finer ones change no path; these do
not depend on how a processor rounds, and make the graph's archive a fifth smaller."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Arcs sorted by the state they leave, then by label (0: nothing is said)."""

    start: int
    final_costs: Floats
    """By state; infinite where no path ends."""
    source: Rows
    label: Rows
    cost: Floats
    to: Rows


def graph_of(model: Ngrams, labels: Mapping[str, int]) -> Graph:
    """`labels`: of every word but `BEGIN` and `END`; KeyError: one is missing."""
    begin, end = model.row_of(BEGIN), model.row_of(END)
    label_of = np.array([0 if w in (BEGIN, END) else labels[w] for w in model.words], np.int64)
    states, count = _states(model)
    arrivals = _arrivals(model, states)
    final_costs = np.full(count, np.inf)
    pieces: list[tuple[Rows, Rows, Floats, Rows]] = []
    for number, level in enumerate(model.levels):
        source = states[number - 1][level.history] if number else np.zeros_like(level.history)
        is_end, is_word = level.word == end, (level.word != end) & (level.word != begin)
        final_costs[source[is_end]] = -level.log_prob[is_end]
        words = level.word[is_word]
        pieces.append(
            (source[is_word], label_of[words], -level.log_prob[is_word], arrivals[number][is_word])
        )
        if number < len(states):
            known = np.flatnonzero(states[number] >= 0)
            shorter = arrivals[0][level.word[known]] if number else np.zeros_like(known)
            nothing = np.zeros_like(known)
            pieces.append((states[number][known], nothing, -level.back_off[known], shorter))
    source, label, cost, to = (np.concatenate(columns) for columns in zip(*pieces, strict=True))
    order = np.lexsort((label, source))
    return Graph(
        int(arrivals[0][begin]), final_costs, source[order], label[order], cost[order], to[order]
    )


def write_graph(graph: Graph, path: Path, scale: float = 1.0) -> None:
    """Write it as a vector graph; `scale`: what all costs are multiplied by."""
    count = len(graph.final_costs)
    arc_counts = np.bincount(graph.source, minlength=count)
    arcs = np.zeros(len(graph.source), _ARC)
    arcs["label"] = arcs["output"] = graph.label
    arcs["cost"], arcs["to"] = _rounded(graph.cost * scale), graph.to
    states = np.zeros(count, _STATE)
    states["final_cost"] = _rounded(graph.final_costs * scale)
    states["arcs_low"] = arc_counts
    # In the file each state is followed by its arcs: all are put in place as words of four bytes.
    body = np.zeros(3 * count + 4 * len(arcs), "<i4")
    places = 3 * np.arange(count) + 4 * (np.cumsum(arc_counts) - arc_counts)
    body[places[:, None] + np.arange(3)] = states.view("<i4").reshape(-1, 3)
    arc_places = 3 * (graph.source + 1) + 4 * np.arange(len(arcs))
    body[arc_places[:, None] + np.arange(4)] = arcs.view("<i4").reshape(-1, 4)
    header = openfst.vector_header(count, len(arcs), graph.start)
    path.write_bytes(header + body.tobytes())


def _rounded(costs: Floats) -> Floats:
    return np.rint(costs * _STEPS) / _STEPS


def _states(model: Ngrams) -> tuple[list[Rows], int]:
    """By level and row: the state of a history, −1 for what no n-gram begins with; their number.

    State 0 is the empty history.
    """
    states, count = [], 1
    for level, above in zip(model.levels, model.levels[1:], strict=False):
        begins = np.zeros(len(level), bool)
        begins[above.history] = True
        states.append(np.where(begins, count - 1 + np.cumsum(begins), -1))
        count += int(begins.sum())
    return states, count


def _arrivals(model: Ngrams, states: list[Rows]) -> list[Rows]:
    """By level and row: the state of the longest history that is there after these words."""
    arrivals: list[Rows] = []
    for number, level in enumerate(model.levels):
        if number == 0:
            shorter = np.zeros(len(level), np.int64)
        elif number == 1:
            shorter = arrivals[0][level.word]
        else:
            pair = model.find(1, model.levels[1].word[level.history], level.word)
            shorter = np.where(pair >= 0, arrivals[1][pair], arrivals[0][level.word])
        own = states[number] if number < len(states) else np.full(len(level), -1)
        arrivals.append(np.where(own >= 0, own, shorter))
    return arrivals
