"""The transducer L: reads phones, writes the words of a lexicon and its pseudo-words.

Between words there may be silence; pseudo-words follow each other as the phones of a word do:

    loop ─┬─ phones of a word : word ───────┬─▶ loop
          └─ #spell ─▶ begin ── X_S : ~X_S ─┤
                         │                  └─▶ silence ── SIL ── #sil ─▶ loop
                     X_B : ~X_B             │
                         ▼                  │
                       inside ─ X_E : ~X_E ─┘
                       └─ X_I : ~X_I ─▶ inside

The `#` symbols are read like phones and mean nothing: they keep homophones and spelled words
apart, so that L can be determinized (Mohri, Pereira, Riley: Speech recognition with weighted
finite-state transducers, 2008).  No word is the beginning of another, as its last phone says that
it ends; so only homophones need them.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from models.builder.lexicon import Lexicon
from models.builder.phones import SILENCE
from models.builder.sphinx import Position
from models.builder.transducer import Transducer, TransducerBuilder

_SILENCE_PROBABILITY = 0.5

Ways = list[tuple[int, float]]
"""Where a word may lead, and what that costs."""


@dataclass(frozen=True)
class Symbols:
    """What is read beside phones."""

    first: int
    count: int

    def all(self) -> list[int]:
        return list(range(self.first, self.first + self.count))


def lexicon_transducer(lexicon: Lexicon) -> tuple[Transducer, Symbols]:
    """L, and the symbols that it reads beside the phones."""
    homophones = Counter(phones for _, phones in lexicon.entries)
    symbols = Symbols(len(lexicon.phones) + 1, max(homophones.values()) + 2)
    after_silence, spell, *homophone = symbols.all()
    graph = TransducerBuilder()
    start, loop, silence = (graph.state() for _ in range(3))
    graph.finish_in(loop)
    ways_on = [
        (loop, -math.log(1 - _SILENCE_PROBABILITY)),
        (silence, -math.log(_SILENCE_PROBABILITY)),
    ]
    for target, cost in ways_on:
        graph.arc(start, target, 0, 0, cost)
    silent = graph.state()
    graph.arc(silence, silent, SILENCE, 0)
    graph.arc(silent, loop, after_silence, 0)
    _add_words(graph, _told_apart(lexicon.entries, homophones, homophone), loop, ways_on)
    _add_spelled_words(graph, lexicon, spell, loop, ways_on)
    return graph.build(start), symbols


def _told_apart(
    entries: Iterable[tuple[int, tuple[int, ...]]],
    homophones: Counter[tuple[int, ...]],
    symbols: list[int],
) -> list[tuple[int, tuple[int, ...]]]:
    """The entries with a symbol behind the phones of homophones, another one for each."""
    seen: Counter[tuple[int, ...]] = Counter()
    found = []
    for label, phones in entries:
        if homophones[phones] > 1:
            found.append((label, (*phones, symbols[seen[phones]])))
            seen[phones] += 1
        else:
            found.append((label, phones))
    return found


def _add_words(
    graph: TransducerBuilder,
    entries: list[tuple[int, tuple[int, ...]]],
    loop: int,
    ways_on: Ways,
) -> None:
    """A path for each entry, which writes its word on the first arc."""
    lengths = np.array([len(read) for _, read in entries])
    reads = np.fromiter(chain.from_iterable(read for _, read in entries), np.int32, lengths.sum())
    last = np.cumsum(lengths) - 1
    first = last - lengths + 1
    writes = np.zeros(len(reads), np.int32)
    writes[first] = [label for label, _ in entries]
    inner = np.ones(len(reads), bool)
    inner[last] = False
    targets = np.full(len(reads), -1, np.int32)
    targets[inner] = graph.add_states(int(inner.sum())) + np.arange(inner.sum())
    sources = np.roll(targets, 1)
    sources[first] = loop
    free = np.zeros(int(inner.sum()), np.float32)
    graph.add_arcs(sources[inner], targets[inner], reads[inner], writes[inner], free)
    for target, cost in ways_on:
        ends = np.full(len(last), target, np.int32)
        costs = np.full(len(last), cost, np.float32)
        graph.add_arcs(sources[last], ends, reads[last], writes[last], costs)


def _add_spelled_words(
    graph: TransducerBuilder,
    lexicon: Lexicon,
    spell: int,
    loop: int,
    ways_on: Ways,
) -> None:
    begin, inside = graph.state(), graph.state()
    graph.arc(loop, begin, spell, 0)
    for phone, label in lexicon.pseudo_words.items():
        match lexicon.phones[phone].position:
            case Position.BEGIN:
                graph.arc(begin, inside, phone, label)
            case Position.INTERNAL:
                graph.arc(inside, inside, phone, label)
            case Position.END | Position.SINGLE as position:
                source = inside if position is Position.END else begin
                for target, cost in ways_on:
                    graph.arc(source, target, phone, label, cost)
