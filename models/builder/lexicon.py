"""Words and how they are pronounced: CMUdict, spelled words, and the transducer L of them all.

L reads phones and writes words.  Between words there may be silence:

           ┌── phones of a word : word ──┐            ┌─── SIL ───┐
    loop ──┤                             ├──▶ loop, or silence ───┴─ #sil ──▶ loop
           └── #spell ── spelled word ───┘

A *spelled word* is one that the dictionary does not have: the graph of sentences spells it with
pseudo-words, one for each phone at its position, and all this is built once for every word that
may ever come up.  Twombly is `~T_B ~W_I ~AA_I ~M_I ~B_I ~L_I ~IY_E`, a word of one phone `~AH_S`:

            #spell           ~X_B           ~X_E
    loop ──────────▶ begin ───────▶ inside ───────▶ loop, or silence
                       │            └─▶ ~X_I ┘           ▲
                       └─────────────── ~X_S ────────────┘

The `#` symbols are read like phones and mean nothing: they keep homophones and spelled words
apart, so that L can be determinized (Mohri, Pereira, Riley: Speech recognition with weighted
finite-state transducers, 2008).  No word is the beginning of another, as its last phone says that
it ends; so only homophones need them.
"""

import importlib.util
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np

from models.builder import BuildError
from models.builder.phones import NOISE, SILENCE, UNKNOWN, Phone, PhoneTable
from models.builder.sphinx import Position
from models.builder.transducer import Transducer, TransducerBuilder

UNKNOWN_WORD = "[unk]"
"""What is written for speech that is none of the words."""
SPELL = "~"
"""What the pseudo-words begin with; their phone follows."""

Pronunciation = tuple[str, ...]
Dictionary = Mapping[str, tuple[Pronunciation, ...]]

_VARIANT = re.compile(r"\(\d+\)$")
_SILENCE_PROBABILITY = 0.5


@dataclass(frozen=True)
class Lexicon:
    """Words and spelled words as L takes them."""

    words: tuple[str, ...]
    """Word i has the label i + 1."""
    entries: tuple[tuple[int, tuple[int, ...]], ...]
    """Labels of words, with their phones; a word with several pronunciations has several."""
    pseudo_words: Mapping[int, int]
    """Phone -> label of the pseudo-word that spells it."""
    phones: PhoneTable

    @cached_property
    def labels(self) -> dict[str, int]:
        return {word: label for label, word in enumerate(self.words, 1)}


@dataclass(frozen=True)
class Symbols:
    """What is read beside phones."""

    first: int
    count: int

    def all(self) -> list[int]:
        return list(range(self.first, self.first + self.count))


def dictionary_file() -> Path:
    """CMUdict as the installed `pocketsphinx` package has it."""
    found = importlib.util.find_spec("pocketsphinx")
    if found is None or found.origin is None:
        raise BuildError(
            "the package pocketsphinx is missing: install it with pip install pocketsphinx==5.1.1"
        )
    return Path(found.origin).parent / "model/en-us/cmudict-en-us.dict"


def read_dictionary(file: Path) -> dict[str, tuple[Pronunciation, ...]]:
    """A word and its phones on each line; `word(2)` is another pronunciation of `word`."""
    found: dict[str, dict[Pronunciation, None]] = defaultdict(dict)
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        word, *phones = line.split()
        if not phones:
            raise BuildError(f"{file}:{number}: {word} has no pronunciation")
        found[_VARIANT.sub("", word)][tuple(phones)] = None
    return {word: tuple(pronunciations) for word, pronunciations in found.items()}


def lexicon(
    dictionary: Dictionary, phones: PhoneTable, spelling: Iterable[str] | None = None
) -> Lexicon:
    """Everything in the dictionary, UNKNOWN_WORD, and the pseudo-words.

    `spelling`: the base phones that words may be spelled with; all if it is not given.
    """
    spoken = {
        word: [phones.of_word(one) for one in pronunciations]
        for word, pronunciations in dictionary.items()
    }
    spoken[UNKNOWN_WORD] = [(UNKNOWN,)]
    ordered = sorted(spoken)
    bases = None if spelling is None else {SPELL + name for name in spelling}
    spelled = [
        phone
        for phone in phones
        if phone.id > NOISE and (bases is None or pseudo_word(phone)[:-2] in bases)
    ]
    return Lexicon(
        words=(*ordered, *(pseudo_word(phone) for phone in spelled)),
        entries=tuple(
            (label, phones_of)
            for label, word in enumerate(ordered, 1)
            for phones_of in spoken[word]
        ),
        pseudo_words={phone.id: label for label, phone in enumerate(spelled, len(ordered) + 1)},
        phones=phones,
    )


def pseudo_word(phone: Phone) -> str:
    """What spells this phone at its position."""
    return SPELL + phone.name


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
    ways_on: list[tuple[int, float]],
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
    ways_on: list[tuple[int, float]],
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
