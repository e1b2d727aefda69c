"""A whole model folder for libvosk, as its publisher lays them out.

    am/final.mdl                     the acoustic model                        network.py
    conf/mfcc.conf, model.conf       front end and search                      configuration.py
    graph/words.txt                  every word and its label
    graph/phones/word_boundary.int   how words are put together from phones: gives words times
    NOTICE                           whose work it is made of, and under which licences

with the graph in one of two forms, as `src/model.cc` of vosk-api reads them:

    lookahead   graph/HCLr.fst, disambig_tid.int, Gr.fst: composed while listening, so that what
                may be said can change at any time       (vosk-model-small-en-us-0.15)
    static      graph/HCLG.fst: all composed beforehand, as in big models (vosk-model-en-us-0.22)
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from models.builder.decoding_graph import Report, decoding_graph
from models.builder.language import write_language_model
from models.builder.lexicon import Lexicon, dictionary_file, lexicon, read_dictionary
from models.builder.lookahead import look_ahead, write_look_ahead
from models.builder.network import write_acoustic_model
from models.builder.phones import NOISE, SILENCE, UNKNOWN, PhoneTable
from models.builder.sphinx import Position, wheel_folder
from models.builder.transitions import TransitionTable

GRAPH, GRAMMAR, STATIC_GRAPH = "graph/HCLr.fst", "graph/Gr.fst", "graph/HCLG.fst"

_NOTICE = Path(__file__).resolve().parent.parent / "NOTICE"
_BOUNDARIES = {
    Position.BEGIN: "begin",
    Position.END: "end",
    Position.INTERNAL: "internal",
    Position.SINGLE: "singleton",
}


def build(folder: Path, report: Report) -> None:
    """The whole model: every word of the dictionary, and free speech; always the same bytes.

    BuildError: something of PocketSphinx' is missing or damaged.
    """
    table = write_sound(folder, report)
    words = lexicon(read_dictionary(dictionary_file()), table.phones)
    labels = write_graph(folder, words, table, report)
    report("free speech")
    source = dictionary_file().with_name("en-us.lm.bin")
    write_language_model(source, labels, folder / GRAMMAR)


def write_sound(folder: Path, report: Report) -> TransitionTable:
    """`am/`, `conf/` and NOTICE; returns what the graph must be built with."""
    report("acoustic model")
    table = write_acoustic_model(wheel_folder(), folder)
    shutil.copyfile(_NOTICE, folder / "NOTICE")
    return table


def write_graph(
    folder: Path, words: Lexicon, table: TransitionTable, report: Report
) -> dict[str, int]:
    """Everything in `graph/` but `Gr.fst`; returns the words' labels, which are new ones."""
    graph = decoding_graph(words, table, report)
    report("words that each state leads to")
    found = look_ahead(graph.transducer)
    labels = {word: int(found.labels[label]) for word, label in words.labels.items()}
    write_words(folder, labels, table.phones)
    symbols = "".join(f"{symbol}\n" for symbol in graph.symbols)
    _write(folder / "graph/disambig_tid.int", symbols)
    write_look_ahead(found, folder / GRAPH)
    return labels


def write_words(folder: Path, labels: Mapping[str, int], phones: PhoneTable) -> None:
    """`words.txt` and `word_boundary.int`."""
    ordered = sorted(labels.items(), key=lambda pair: pair[1])
    lines = (f"{word} {label}\n" for word, label in [("<eps>", 0), *ordered])
    _write(folder / "graph/words.txt", "".join(lines))
    others = {SILENCE: "nonword", NOISE: "nonword", UNKNOWN: "singleton"}
    lines = (f"{one.id} {others.get(one.id, _BOUNDARIES[one.position])}\n" for one in phones)
    _write(folder / "graph/phones/word_boundary.int", "".join(lines))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
