"""Whether a compiled graph is all there, told from its header without reading its content.

OpenFst begins a file with: magic number, kind, kind of arc, version, flags, properties, start
state, number of states, number of arcs (`fst/fst.h`, `FstHeader`).  The arcs of every model are
`standard`: two labels, a weight and a state in 16 bytes.
"""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

_MAGIC = 2_125_659_606
_HAS_INPUT_SYMBOLS, _HAS_OUTPUT_SYMBOLS = 1, 2
_ARC_BYTES = 16
_CONST_STATE_BYTES = 20
_ADD_ON_MAGIC_BYTES = 4
_WALK_AT_MOST_STATES = 200_000
"""About 0.1 s of walking; the graphs that are stored this way are small ones."""


@dataclass(frozen=True, slots=True)
class _Header:
    kind: str
    flags: int
    states: int
    arcs: int
    end: int
    """Offset in bytes of what follows."""


def is_whole(path: Path) -> bool:
    """False if the file is no graph, or is certainly shorter than its header announces."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            header = _read_header(data, 0)
            if header.kind.endswith("_lookahead"):  # a plain graph wrapped, with tables after it
                header = _read_header(data, header.end + _ADD_ON_MAGIC_BYTES)
            return _end(data, header) <= len(data)
        except (struct.error, ValueError):
            return False


def carries_words(path: Path) -> bool:
    """Whether the graph has its list of words inside, so that no words.txt is needed."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return bool(_read_header(data, 0).flags & _HAS_OUTPUT_SYMBOLS)


def _read_header(data: mmap.mmap, start: int) -> _Header:
    (magic,) = struct.unpack_from("<i", data, start)
    if magic != _MAGIC:
        raise ValueError("not an OpenFst file")
    kind, at = _read_text(data, start + 4)
    _, at = _read_text(data, at)
    _, flags, _, _, states, arcs = struct.unpack_from("<iiQqqq", data, at)
    return _Header(kind, flags, states, arcs, at + struct.calcsize("<iiQqqq"))


def _read_text(data: mmap.mmap, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<i", data, at)
    return data[at + 4 : at + 4 + length].decode("ascii"), at + 4 + length


def _end(data: mmap.mmap, header: _Header) -> int:
    """Where the graph ends at the earliest."""
    symbols = header.flags & (_HAS_INPUT_SYMBOLS | _HAS_OUTPUT_SYMBOLS)
    if header.kind == "const":
        return header.end + header.states * _CONST_STATE_BYTES + header.arcs * _ARC_BYTES
    if header.kind == "vector" and not symbols and header.states <= _WALK_AT_MOST_STATES:
        at = header.end
        for _ in range(header.states):  # each: its weight, its number of arcs, its arcs
            _, arcs = struct.unpack_from("<fq", data, at)
            at += struct.calcsize("<fq") + arcs * _ARC_BYTES
        return at
    return header.end
