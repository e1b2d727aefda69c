"""Graphs of words in OpenFst's binary form: written, and their words read.

The form is that of `fst/fst.h` (FstHeader::Write), `fst/vector-fst.h` (VectorFst::WriteFst) and
`symbol-table.cc` (SymbolTableImpl::Write) in OpenFst 1.6 and later: little-endian; a text is its
length in four bytes and its characters; a state is its final cost, its number of arcs and they;
an arc is two labels, a cost and a state.  Costs are negative natural logarithms.
"""

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_MAGIC = 2_125_659_606
_SYMBOLS_MAGIC = 2_125_658_996
_VERSION = 2
_EXPANDED_MUTABLE = 3
"""The properties that every vector graph has; libvosk finds out about the others itself."""
_HAS_INPUT_SYMBOLS, _HAS_OUTPUT_SYMBOLS = 1, 2
_HEADER, _STATE, _ARC = struct.Struct("<iiQqqq"), struct.Struct("<fq"), struct.Struct("<iifi")


@dataclass(frozen=True, slots=True, order=True)
class FstArc:
    """One step: what is read, what is written for it (label 0: nothing), and what it costs."""

    label: int
    output: int
    cost: float
    to: int


@dataclass(frozen=True, slots=True)
class FstState:
    """A state and the arcs that leave it."""

    final_cost: float = math.inf
    """Infinite where no path ends."""
    arcs: list[FstArc] = field(default_factory=list)


def write_vector(path: Path, states: list[FstState]) -> None:
    """Write a graph that starts in its first state; arcs sorted by label, as libvosk needs it."""
    arc_count = sum(len(state.arcs) for state in states)
    header = _HEADER.pack(_VERSION, 0, _EXPANDED_MUTABLE, 0, len(states), arc_count)
    with path.open("wb") as file:
        file.write(struct.pack("<i", _MAGIC) + _text("vector") + _text("standard") + header)
        for state in states:
            file.write(_STATE.pack(state.final_cost, len(state.arcs)))
            for arc in sorted(state.arcs):
                file.write(_ARC.pack(arc.label, arc.output, arc.cost, arc.to))


def read_vector(path: Path) -> list[FstState]:
    """What `write_vector` has written."""
    data = path.read_bytes()
    at, _, count = _after_header(data)
    states = []
    for _ in range(count):
        final_cost, arc_count = _STATE.unpack_from(data, at)
        at += _STATE.size
        arcs = _ARC.iter_unpack(data[at : at + arc_count * _ARC.size])
        states.append(FstState(final_cost, [FstArc(*arc) for arc in arcs]))
        at += arc_count * _ARC.size
    return states


def read_words(path: Path) -> dict[str, int] | None:
    """The labels of the words that a graph carries inside; None if it carries none."""
    data = path.read_bytes()
    at, flags, _ = _after_header(data)
    if not flags & _HAS_OUTPUT_SYMBOLS:
        return None
    if flags & _HAS_INPUT_SYMBOLS:
        _, at = _symbols(data, at)
    return _symbols(data, at)[0]


def read_word_list(path: Path) -> dict[str, int]:
    """The labels in a `words.txt`: a word and its label on each line."""
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {line[0]: int(line[1]) for line in lines if len(line) == 2}


def write_word_list(path: Path, labels: dict[str, int]) -> None:
    """The opposite of `read_word_list`."""
    lines: Iterable[str] = (f"{word} {label}\n" for word, label in labels.items())
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _after_header(data: bytes) -> tuple[int, int, int]:
    """Where the header ends, its flags, and the number of states."""
    _, at = _read_text(data, 4)
    _, at = _read_text(data, at)
    _, flags, _, _, states, _ = _HEADER.unpack_from(data, at)
    return at + _HEADER.size, flags, states


def _symbols(data: bytes, at: int) -> tuple[dict[str, int], int]:
    """A symbol table, and where it ends."""
    (magic,) = struct.unpack_from("<i", data, at)
    if magic != _SYMBOLS_MAGIC:
        raise ValueError("there is no symbol table where one was announced")
    _, at = _read_text(data, at + 4)
    _, count = struct.unpack_from("<qq", data, at)
    at += 16
    labels: dict[str, int] = {}
    for _ in range(count):
        word, at = _read_text(data, at)
        (labels[word],) = struct.unpack_from("<q", data, at)
        at += 8
    return labels, at


def _text(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode("ascii")


def _read_text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<i", data, at)
    return data[at + 4 : at + 4 + length].decode("utf-8"), at + 4 + length
