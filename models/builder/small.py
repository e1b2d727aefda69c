"""Models of a few words, in both layouts: for tests, and for machines with little room.

Any of the words may come at any time, none likelier than another.  A word that has been given a
pronunciation is spelled (see lexicon.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from models.builder import BuildError
from models.builder.artefact import (
    GRAMMAR,
    STATIC_GRAPH,
    write_graph,
    write_sound,
    write_words,
)
from models.builder.decoding_graph import Report, decoding_graph, with_grammar
from models.builder.lexicon import (
    SPELL,
    Pronunciation,
    dictionary_file,
    lexicon,
    pseudo_word,
    read_dictionary,
)
from models.builder.phones import PhoneTable
from models.builder.transducer import Transducer, TransducerBuilder, write_vector

_WORD_COST, _END_COST = 5.0, 2.0


class Layout(StrEnum):
    """How the graph is kept; see artefact.py."""

    LOOKAHEAD = "lookahead"
    STATIC = "static"


@dataclass(frozen=True)
class Vocabulary:
    """The words of a small model."""

    known: tuple[str, ...]
    """As the dictionary pronounces them."""
    spelled: Mapping[str, Pronunciation]
    """With pronunciations of their own."""


def read_vocabulary(file: Path) -> Vocabulary:
    """A word on each line; behind it its phones if the dictionary is not to be asked."""
    known: dict[str, None] = {}
    spelled: dict[str, Pronunciation] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        match line.split():
            case [word]:
                known[word] = None
            case [word, *phones]:
                spelled[word] = tuple(phones)
    return Vocabulary(tuple(known), spelled)


def build_small(folder: Path, vocabulary: Vocabulary, layout: Layout, report: Report) -> None:
    """A model of these words; BuildError names those that the dictionary does not have."""
    dictionary = read_dictionary(dictionary_file())
    if missing := [word for word in vocabulary.known if word not in dictionary]:
        raise BuildError(f"the dictionary does not have {', '.join(missing)}")
    table = write_sound(folder, report)
    words = lexicon(
        {word: dictionary[word] for word in vocabulary.known},
        table.phones,
        spelling={phone for phones in vocabulary.spelled.values() for phone in phones},
    )
    match layout:
        case Layout.LOOKAHEAD:
            labels = _with(vocabulary, write_graph(folder, words, table, report))
            write_words(folder, labels, table.phones)
            write_vector(_any_words(vocabulary, labels, table.phones), folder / GRAMMAR)
        case Layout.STATIC:
            labels = _with(vocabulary, words.labels)
            grammar = _any_words(vocabulary, labels, table.phones)
            graph = with_grammar(decoding_graph(words, table, report), grammar)
            write_words(folder, labels, table.phones)
            write_vector(graph, folder / STATIC_GRAPH)


def _with(vocabulary: Vocabulary, labels: Mapping[str, int]) -> dict[str, int]:
    """The labels, and those of the spelled words behind them."""
    behind = max(labels.values()) + 1
    return {**labels, **{word: behind + at for at, word in enumerate(vocabulary.spelled)}}


def _any_words(vocabulary: Vocabulary, labels: Mapping[str, int], phones: PhoneTable) -> Transducer:
    graph = TransducerBuilder()
    loop = graph.state()
    graph.finish_in(loop, _END_COST)
    for word, label in labels.items():
        if word not in vocabulary.spelled and not word.startswith(SPELL):
            graph.arc(loop, loop, label, label, _WORD_COST)
    for word, pronunciation in vocabulary.spelled.items():
        spelling = [labels[pseudo_word(phones[one])] for one in phones.of_word(pronunciation)]
        states = [loop, *(graph.state() for _ in spelling[1:]), loop]
        for at, label in enumerate(spelling):
            written, cost = (0, 0.0) if at else (labels[word], _WORD_COST)
            graph.arc(states[at], states[at + 1], label, written, cost)
    return graph.build(loop)
