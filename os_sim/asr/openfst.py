"""Graphs of words in OpenFst's binary form: written, and their words read.

The form is that of `fst/fst.h` (FstHeader::Write), `fst/vector-fst.h` (VectorFst::WriteFst) and
`symbol-table.cc` (SymbolTableImpl::Write) in OpenFst 1.6 and later: little-endian; a text is its
length in four bytes and its characters; a state is its final cost, its number of arcs and they;
an arc is two labels, a cost and a state.  Costs are negative natural logarithms.
"""

import math
import struct
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

_MAGIC = 2_125_659_606
_SYMBOLS_MAGIC = 2_125_658_996
_VERSION = 2
_EXPANDED_MUTABLE = 3
"""The properties that every vector graph has; libvosk finds out about the others itself."""
_HAS_INPUT_SYMBOLS, _HAS_OUTPUT_SYMBOLS = 1, 2
_HEADER_BYTES = 256
"""More than any header takes."""
_HEADER, _STATE, _ARC = struct.Struct("<iiQqqq"), struct.Struct("<fq"), struct.Struct("<iifi")


class FstArc(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class WrittenFst:
    """A graph as it stands in a file, for building upon it without taking it apart."""

    start: int
    state_count: int
    states: bytes

    def with_skip(self, to: int, cost: float = 0.0) -> "WrittenFst":
        """The same, with a step over nothing from its first state to the state `to`."""
        final_cost, arc_count = _STATE.unpack_from(self.states)
        head = _STATE.pack(final_cost, arc_count + 1) + _ARC.pack(0, 0, cost, to)
        return replace(self, states=head + self.states[_STATE.size :])


def write_vector(path: Path, states: list[FstState], before: WrittenFst | None = None) -> None:
    """Write a graph that starts in the first of `states`; arcs sorted as libvosk needs them.

    `before`: states that are written first; the numbers of `states` go on from theirs.
    """
    old = before or WrittenFst(0, 0, b"")
    body = bytearray(old.states)
    for state in states:
        body += _STATE.pack(state.final_cost, len(state.arcs))
        body += b"".join([_ARC.pack(*arc) for arc in sorted(state.arcs)])
    count = old.state_count + len(states)
    arc_count = (len(body) - count * _STATE.size) // _ARC.size
    with path.open("wb") as file:
        file.write(vector_header(count, arc_count, old.state_count))
        file.write(body)


def vector_header(states: int, arcs: int, start: int = 0) -> bytes:
    """What a file begins with, for whoever writes many states faster than `write_vector`."""
    counts = _HEADER.pack(_VERSION, 0, _EXPANDED_MUTABLE, start, states, arcs)
    return struct.pack("<i", _MAGIC) + _text("vector") + _text("standard") + counts


def state_count(path: Path) -> int:
    """How many states a graph has, told from its header."""
    with path.open("rb") as file:
        return _after_header(file.read(_HEADER_BYTES))[1].state_count


def read_written(path: Path) -> WrittenFst:
    """A graph without symbol tables.  ValueError: it has some, or is of another kind."""
    data = path.read_bytes()
    at, header = _after_header(data)
    if header.kind != "vector" or header.flags & (_HAS_INPUT_SYMBOLS | _HAS_OUTPUT_SYMBOLS):
        raise ValueError(f"a graph of kind {header.kind!r}, or one with symbols inside")
    return WrittenFst(header.start, header.state_count, data[at:])


def read_vector(path: Path) -> list[FstState]:
    """The states of such a graph, in order; ValueError as for `read_written`."""
    written = read_written(path)
    data, at = written.states, 0
    states = []
    for _ in range(written.state_count):
        final_cost, arc_count = _STATE.unpack_from(data, at)
        at += _STATE.size
        arcs = _ARC.iter_unpack(data[at : at + arc_count * _ARC.size])
        states.append(FstState(final_cost, [FstArc(*arc) for arc in arcs]))
        at += arc_count * _ARC.size
    return states


def read_words(path: Path) -> dict[str, int] | None:
    """The labels of the words that a graph carries inside; None if it carries none."""
    data = path.read_bytes()
    at, header = _after_header(data)
    if not header.flags & _HAS_OUTPUT_SYMBOLS:
        return None
    if header.flags & _HAS_INPUT_SYMBOLS:
        _, at = _symbols(data, at)
    return _symbols(data, at)[0]


def read_word_list(path: Path) -> dict[str, int]:
    """The labels in a `words.txt`: a word and its label on each line."""
    fields = path.read_bytes().split()  # words hold no ASCII blank; 126,000 of them in 40 ms
    words = b"\n".join(fields[::2]).decode("utf-8").split("\n")
    return dict(zip(words, map(int, fields[1::2]), strict=True))


def write_word_list(path: Path, labels: dict[str, int]) -> None:
    """The opposite of `read_word_list`."""
    lines = [f"{word} {label}" for word, label in labels.items()]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")


class _Header(NamedTuple):
    kind: str
    flags: int
    start: int
    state_count: int


def _after_header(data: bytes) -> tuple[int, _Header]:
    """Where the header ends, and what it says."""
    kind, at = _read_text(data, 4)
    _, at = _read_text(data, at)
    _, flags, _, start, states, _ = _HEADER.unpack_from(data, at)
    return at + _HEADER.size, _Header(kind, flags, start, states)


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
