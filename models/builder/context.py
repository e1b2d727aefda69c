"""Phones between their neighbours: from L, which reads phones, to triphones that sound different.

kaldifst composes the context transducer C with L without ever building C (Kaldi's
fstext/context-fst.h).  The triphones that read the same senones are one *physical* triphone from
there on; there are thirty times fewer of them.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.builder import openfst
from models.builder.lexicon_graph import Symbols
from models.builder.transducer import Labels, Transducer
from models.builder.transitions import TransitionTable


@dataclass(frozen=True)
class TriphoneGraph:
    """A transducer that reads physical triphones."""

    transducer: Transducer
    """Reads 1 … len(triphones), then the symbols that mean nothing."""
    triphones: tuple[tuple[int, ...], ...]
    """The triples (transitions.py) that each consists of; triphone i is at index i - 1."""
    symbols: int
    """How many labels above them mean nothing."""


def in_context(words: Transducer, symbols: Symbols, table: TransitionTable) -> TriphoneGraph:
    """C ∘ L with physical triphones; `words` is L."""
    graph, windows = openfst.with_context(words, symbols.all())
    labels, triphones = _physical(windows, table)
    return TriphoneGraph(
        transducer=replace(graph, inputs=labels[graph.inputs]),
        triphones=triphones,
        symbols=int(labels.max()) - len(triphones),
    )


def _physical(
    windows: list[list[int]], table: TransitionTable
) -> tuple[Labels, tuple[tuple[int, ...], ...]]:
    """The new label of each input label, and what the triphones among them consist of.

    Windows are as in `openfst.with_context`; one that has nothing in its middle, as a phone is
    only to come, reads nothing.
    """
    widths = np.array([len(window) for window in windows])
    whole = np.flatnonzero(widths == 3)
    left, phone, right = np.array([windows[at] for at in whole]).T
    spoken = phone > 0
    contexts = np.array([table.phones.context(at) for at in range(len(table.phones) + 1)])
    sequences = table.sequences[phone, contexts[left], contexts[right]]
    keys, numbers = np.unique(
        np.stack([phone, sequences], axis=1)[spoken], axis=0, return_inverse=True
    )
    labels = np.zeros(len(windows), np.int32)
    labels[whole[spoken]] = 1 + numbers.ravel()
    symbols = np.flatnonzero(widths == 1)
    labels[symbols] = len(keys) + 1 + np.arange(len(symbols))
    return labels, tuple(table.states_of(*key) for key in keys.tolist())
