"""Which words each state of HCL leads to, kept beside it so that composition can look ahead.

While libvosk composes HCL with the graph of sentences it asks, for every step into HCL, whether
any word that the sentences allow is still to come there (Allauzen, Riley, Schalkwyk: A generalized
composition algorithm for weighted finite-state transducers, 2009).  The answer is a set of labels
per state: those of the next words, and the *end label* if the end is reached without another one.
With labels in a good order the sets are few stretches of neighbours.

The file is OpenFst's `olabel_lookahead` (fst/matcher-fst.h, add-on.h, label-reachable.h,
interval-set.h), which everybody else makes with `fstconvert --fst_type=olabel_lookahead`:

    header of kind olabel_lookahead, number 446681434, a const transducer with arcs by output
    1: there are sets;  0: none for inputs;  1: for outputs
    0: about outputs;  0: no list of old labels;  end label
    number of states; for each: number of stretches, [first, behind the last]…, how many labels
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.builder.transducer import Labels, Transducer, const_bytes, header

Stretches = tuple[int, ...]
"""first, behind the last, first, …: ascending, with gaps between them."""

_ADD_ON = 446_681_434


@dataclass(frozen=True)
class Lookahead:
    """A transducer whose labels have been put in order, and what can be looked up in it."""

    transducer: Transducer
    """Writes labels 1 … `end` - 1."""
    labels: Labels
    """[label before] = label now; 0 for one that is never written."""
    end: int
    """The label that stands for the end."""
    reached: Sequence[Stretches]
    """By state."""


def look_ahead(transducer: Transducer) -> Lookahead:
    """Order the labels and find the sets; only loops may go round without writing anything."""
    silent = _SilentArcs(transducer.ordered(transducer.inputs))
    order, numbers = _search(silent)
    labels = np.zeros(int(transducer.outputs.max(initial=0)) + 1, np.int32)
    labels[list(numbers)] = list(numbers.values())
    end = len(numbers) + 1
    return Lookahead(
        transducer=replace(transducer, outputs=labels[transducer.outputs]),
        labels=labels,
        end=end,
        reached=_reached(silent, order, numbers, end),
    )


def write_look_ahead(found: Lookahead, file: Path) -> None:
    """Write `HCLr.fst`."""
    transducer = found.transducer.ordered(found.transducer.outputs, found.transducer.inputs)
    with file.open("wb") as out:
        out.write(header("olabel_lookahead", version=1))
        out.write(struct.pack("<i", _ADD_ON))
        out.write(const_bytes(transducer))
        out.write(
            struct.pack("<?????iq", True, False, True, False, False, found.end, transducer.states)
        )
        out.write(_set_units(found.reached).tobytes())


class _SilentArcs:
    """A transducer as lists, for walking along the arcs that write nothing."""

    def __init__(self, arranged: Transducer) -> None:
        counts = np.bincount(arranged.sources, minlength=arranged.states)
        ends = np.cumsum(counts)
        self.start = arranged.start
        self.arcs = [range(*span) for span in zip(ends - counts, ends, strict=True)]
        """By state."""
        self.outputs: list[int] = arranged.outputs.tolist()
        self.targets: list[int] = arranged.targets.tolist()
        self.is_final: list[bool] = np.isfinite(arranged.finals).tolist()


def _search(silent: _SilentArcs) -> tuple[list[int], dict[int, int]]:
    """All states, those that a state leads to silently before it; and the labels' numbers.

    Labels are counted as a depth-first search from the start meets them: words that share a
    beginning are met one after the other, wherever else that beginning is met again.
    """
    seen = bytearray(len(silent.arcs))
    order: list[int] = []
    numbers: dict[int, int] = {}
    for root in (silent.start, *range(len(silent.arcs))):
        path = [] if seen[root] else [(root, iter(silent.arcs[root]))]
        seen[root] = True
        while path:
            state, arcs = path[-1]
            for arc in arcs:
                target = silent.targets[arc]
                if silent.outputs[arc]:
                    numbers.setdefault(silent.outputs[arc], len(numbers) + 1)
                elif not seen[target]:
                    seen[target] = True
                    path.append((target, iter(silent.arcs[target])))
                    break
            else:
                order.append(state)
                path.pop()
    return order, numbers


def _reached(
    silent: _SilentArcs, order: list[int], numbers: dict[int, int], end: int
) -> list[Stretches]:
    """By state the labels that come next."""
    reached: list[Stretches] = [()] * len(order)
    same: dict[Stretches, Stretches] = {}
    for state in order:
        parts = {(end, end + 1)} if silent.is_final[state] else set()
        for arc in silent.arcs[state]:
            if label := silent.outputs[arc]:
                parts.add((numbers[label], numbers[label] + 1))
            elif silent.targets[arc] != state:
                stretches = reached[silent.targets[arc]]
                parts.update(zip(stretches[::2], stretches[1::2], strict=True))
        union = _union(parts)
        reached[state] = same.setdefault(union, union)
    return reached


def _union(parts: set[tuple[int, int]]) -> Stretches:
    """The stretches that cover the same labels and leave gaps between them."""
    found: list[int] = []
    for first, behind in sorted(parts):
        if found and first <= found[-1]:
            found[-1] = max(found[-1], behind)
        else:
            found += (first, behind)
    return tuple(found)


def _set_units(reached: Sequence[Stretches]) -> Labels:
    """All sets as they stand in the file, which is made of four-byte numbers there."""
    units: list[int] = []
    for stretches in reached:
        units += (len(stretches) // 2, 0, *stretches, sum(stretches[1::2]) - sum(stretches[::2]))
    return np.array(units, "<i4")
