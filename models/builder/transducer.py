"""Weighted finite-state transducers as arrays, and as files of OpenFst.

Costs are negative natural logarithms.  The forms (`fst/fst.h`, `vector-fst.h`, `const-fst.h`):

    header   magic, kind, arc type, version, flags, properties, start, states, arcs
    vector   of each state its final cost, how many arcs it has, and they
    const    all states (final cost, first arc, number of arcs, of input and output epsilons),
             then all arcs; an arc is input label, output label, cost, next state
"""

import math
import struct
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]
Costs = NDArray[np.float32]

_MAGIC = 2_125_659_606
_VERSION = 2
_EXPANDED = 1
_HEADER = struct.Struct("<iiQqqq")
_CONST_STATE = np.dtype(
    [("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("reading", "<u4"), ("writing", "<u4")]
)
_ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("target", "<i4")])


@dataclass(frozen=True)
class Transducer:
    """Arc i leads from `sources[i]` to `targets[i]`; label 0 reads or writes nothing."""

    start: int
    finals: Costs
    """[state]: the cost of ending there, infinite where no path ends."""
    sources: Labels
    targets: Labels
    inputs: Labels
    outputs: Labels
    costs: Costs

    @property
    def states(self) -> int:
        return len(self.finals)

    @property
    def arcs(self) -> int:
        return len(self.sources)

    def ordered(self, *by: Labels) -> "Transducer":
        """The same with arcs grouped by state, within it by the given arrays."""
        order = np.lexsort((*by[::-1], self.sources))
        return replace(
            self,
            sources=self.sources[order],
            targets=self.targets[order],
            inputs=self.inputs[order],
            outputs=self.outputs[order],
            costs=self.costs[order],
        )


class TransducerBuilder:
    """Collects arcs one by one or many at a time."""

    def __init__(self) -> None:
        self._states = 0
        self._finals: dict[int, float] = {}
        self._parts: list[tuple[NDArray[np.generic], ...]] = []
        self._single: list[tuple[int, int, int, int, float]] = []

    def state(self) -> int:
        return self.add_states(1)

    def add_states(self, count: int) -> int:
        """The first of `count` states numbered in a row."""
        self._states += count
        return self._states - count

    def finish_in(self, state: int, cost: float = 0.0) -> None:
        self._finals[state] = cost

    def arc(self, source: int, target: int, read: int, write: int, cost: float = 0.0) -> None:
        self._single.append((source, target, read, write, cost))

    def add_arcs(
        self, sources: Labels, targets: Labels, inputs: Labels, outputs: Labels, costs: Costs
    ) -> None:
        self._parts.append((sources, targets, inputs, outputs, costs))

    def build(self, start: int) -> Transducer:
        rows = np.array(self._single, np.float64).reshape(-1, 5)
        parts = [*self._parts, tuple(rows.T)]
        finals = np.full(self._states, math.inf, np.float32)
        for state, cost in self._finals.items():
            finals[state] = cost
        columns = [np.concatenate([part[column] for part in parts]) for column in range(5)]
        sources, targets, inputs, outputs = (column.astype(np.int32) for column in columns[:4])
        costs = columns[4].astype(np.float32)
        return Transducer(start, finals, sources, targets, inputs, outputs, costs)


def write_vector(transducer: Transducer, file: Path) -> None:
    """Write the form that can be changed when read, arcs by input label as libvosk needs them."""
    arranged = transducer.ordered(transducer.inputs)
    counts = np.bincount(arranged.sources, minlength=arranged.states)
    # Everything is made of four-byte units: three of a state, then four of each of its arcs.
    first = 3 * np.arange(arranged.states) + 4 * (np.cumsum(counts) - counts)
    units = np.empty(3 * arranged.states + 4 * arranged.arcs, "<i4")
    units[first] = arranged.finals.astype("<f4").view("<i4")
    units[first + 1] = counts
    units[first + 2] = 0  # the upper half of the number of arcs
    at = 3 * (arranged.sources.astype(np.int64) + 1) + 4 * np.arange(arranged.arcs)
    for offset, column in enumerate(_arc_columns(arranged)):
        units[at + offset] = column
    file.write_bytes(header("vector", transducer) + units.tobytes())


def const_bytes(transducer: Transducer) -> bytes:
    """The form that is read at once; arcs stay in the order they have within their state."""
    arranged = transducer.ordered()
    counts = np.bincount(arranged.sources, minlength=arranged.states)
    states = np.zeros(arranged.states, _CONST_STATE)
    states["final"] = arranged.finals
    states["arcs"] = counts
    states["first"] = np.cumsum(counts) - counts
    for name, labels in (("reading", arranged.inputs), ("writing", arranged.outputs)):
        states[name] = np.bincount(arranged.sources[labels == 0], minlength=arranged.states)
    arcs = np.stack(_arc_columns(arranged), axis=1).astype("<i4")
    return header("const", transducer) + states.tobytes() + arcs.tobytes()


def header(kind: str, transducer: Transducer | None = None, version: int = _VERSION) -> bytes:
    """What every file of OpenFst begins with; without a transducer, of a wrapper around one."""
    texts = (kind.encode(), b"standard")
    counts = (transducer.start, transducer.states, transducer.arcs) if transducer else (-1, 0, 0)
    return b"".join(
        [
            struct.pack("<i", _MAGIC),
            *(struct.pack("<i", len(text)) + text for text in texts),
            _HEADER.pack(version, 0, _EXPANDED, *counts),
        ]
    )


def _arc_columns(transducer: Transducer) -> list[NDArray[np.int32]]:
    costs = transducer.costs.astype("<f4").view("<i4")
    return [transducer.inputs, transducer.outputs, costs, transducer.targets]


def read_const(data: bytes) -> Transducer:
    """What `const_bytes` has made."""
    at = 4
    for _ in range(2):
        at += 4 + struct.unpack_from("<i", data, at)[0]
    _, _, _, start, states, arcs = _HEADER.unpack_from(data, at)
    at += _HEADER.size
    state = np.frombuffer(data, _CONST_STATE, states, at)
    arc = np.frombuffer(data, _ARC, arcs, at + state.nbytes)
    return Transducer(
        start=start,
        finals=state["final"].copy(),
        sources=np.repeat(np.arange(states, dtype=np.int32), state["arcs"]),
        targets=arc["target"].copy(),
        inputs=arc["input"].copy(),
        outputs=arc["output"].copy(),
        costs=arc["cost"].copy(),
    )
