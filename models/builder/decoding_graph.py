"""From the words to the states of the acoustic model: the transducer HCL that libvosk searches.

Each step is Kaldi's (https://kaldi-asr.org/doc/graph_recipe_test.html and, in its sources,
egs/wsj/s5/utils/mkgraph_lookahead.sh):

    L     phones to words                                                lexicon_graph.py
    CL    triphones to words                                             context.py
    HCL   transition ids to words: triphones replaced by their three states, each state with a
          loop to stay in it

L, and HCL before it gets its loops, are determinized and minimized.  Doing the same with CL takes
time and a quarter more memory, and HCL comes out no smaller.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.builder import openfst
from models.builder.context import TriphoneGraph, in_context
from models.builder.lexicon import Lexicon
from models.builder.lexicon_graph import lexicon_transducer
from models.builder.transducer import Labels, Transducer
from models.builder.transitions import STATES, TransitionTable

Report = Callable[[str], None]
"""Told what was done, for people who wait."""

_STAY_SCALE = 0.1
"""Kaldi's self-loop scale: how much the probabilities of staying and moving on count."""


@dataclass(frozen=True)
class DecodingGraph:
    """HCL."""

    transducer: Transducer
    """Reads transition ids and, above them, symbols that mean nothing; writes words' labels."""
    symbols: tuple[int, ...]
    """Those symbols; `disambig_tid.int` lists them."""


def decoding_graph(lexicon: Lexicon, table: TransitionTable, report: Report) -> DecodingGraph:
    """HCL of a lexicon."""
    words, symbols = lexicon_transducer(lexicon)
    report(f"{len(lexicon.entries):,} pronunciations: {words.states:,} states")
    least = openfst.minimized(words)
    report(f"determinized and minimized: {least.states:,} states")
    triphones = in_context(least, symbols, table)
    report(f"{len(triphones.triphones):,} triphones: {triphones.transducer.arcs:,} arcs")
    expanded = openfst.minimized(_with_states(triphones, table))
    report(f"states of the acoustic model: {expanded.arcs:,} arcs")
    finished = _with_loops(expanded, table)
    report(f"loops to stay in them: {finished.states:,} states, {finished.arcs:,} arcs")
    first = table.transition_ids + 1
    return DecodingGraph(finished, tuple(range(first, first + triphones.symbols)))


def with_grammar(graph: DecodingGraph, grammar: Transducer) -> Transducer:
    """HCLG: only what the grammar allows, for small grammars; reads transition ids only."""
    found = openfst.composed(graph.transducer, grammar)
    meaningless = found.inputs >= graph.symbols[0]
    return replace(found, inputs=np.where(meaningless, 0, found.inputs))


def _with_states(graph: TriphoneGraph, table: TransitionTable) -> Transducer:
    """HCL without loops: for each triphone the transition ids of leaving its states.

    An arc becomes a chain, of which the first link writes the word and has the cost.
    """
    cl, count = graph.transducer, len(graph.triphones)
    moves = np.zeros((count + graph.symbols + 1, STATES), np.int32)
    moves[1 : count + 1] = 2 * np.array(graph.triphones)
    moves[count + 1 :, 0] = table.transition_ids + 1 + np.arange(graph.symbols)
    links = np.where((cl.inputs > 0) & (cl.inputs <= count), STATES, 1)
    last = np.cumsum(links) - 1
    first = last - links + 1
    total = int(links.sum())
    inner = np.ones(total, bool)
    inner[last] = False
    targets = np.empty(total, np.int32)
    targets[last] = cl.targets
    targets[inner] = cl.states + np.arange(total - cl.arcs)
    sources = np.roll(targets, 1)
    sources[first] = cl.sources
    arc = np.repeat(np.arange(cl.arcs), links)
    outputs, costs = np.zeros(total, np.int32), np.zeros(total, np.float32)
    outputs[first], costs[first] = cl.outputs, cl.costs
    unreached = np.full(total - cl.arcs, np.inf, np.float32)
    return Transducer(
        start=cl.start,
        finals=np.concatenate([cl.finals, unreached]),
        sources=sources,
        targets=targets,
        inputs=moves[cl.inputs[arc], np.arange(total) - first[arc]],
        outputs=outputs,
        costs=costs,
    )


def _with_loops(graph: Transducer, table: TransitionTable) -> Transducer:
    """HCL with a loop in front of leaving each state (Kaldi's AddSelfLoops, reordered).

    The loop belongs to the triple that was just entered, so it stands where the arc leads.  Where
    arcs of different triples meet, each triple gets a place of its own in front of that state.
    """
    top = table.transition_ids
    triples = np.where(graph.inputs <= top, graph.inputs // 2, 0).astype(np.int64)
    key = graph.targets.astype(np.int64) * (top + 1) + triples
    key = np.append(key, graph.start * (top + 1))  # the start is entered by nothing
    meetings, which = np.unique(key, return_inverse=True)
    states, entered = np.divmod(meetings, top + 1)
    alone = np.bincount(states, minlength=graph.states)[states] == 1
    apart = ~alone & (entered > 0)
    places = states.copy()
    places[apart] = graph.states + np.arange(apart.sum())
    looping = entered > 0
    stay = -_STAY_SCALE * np.log(table.stay)
    move = np.append(0.0, -_STAY_SCALE * np.log1p(-table.stay))
    none = np.zeros(int(apart.sum()), np.int32)
    return Transducer(
        start=graph.start,
        finals=np.append(graph.finals, np.full(apart.sum(), np.inf, np.float32)),
        sources=_joined(graph.sources, places[looping], places[apart]),
        targets=_joined(places[which[:-1]], places[looping], states[apart]),
        inputs=_joined(graph.inputs, 2 * entered[looping] - 1, none),
        outputs=_joined(graph.outputs, np.zeros(int(looping.sum())), none),
        costs=np.concatenate(
            [graph.costs + move[triples], stay[entered[looping] - 1], none]
        ).astype(np.float32),
    )


def _joined(*parts: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Labels:
    return np.concatenate(parts).astype(np.int32)
