"""Reads `HCLr.fst` as OpenFst would, number by number; shares nothing with the writer."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple


class Arc(NamedTuple):
    input: int
    output: int
    cost: float
    target: int


@dataclass
class LookaheadFst:
    """What a file holds."""

    start: int
    finals: list[float]
    arcs: list[list[Arc]]
    reached: list[set[int]]
    """By state the labels in its set, among them perhaps `end`."""
    end: int


def read(file: Path) -> LookaheadFst:
    data = file.read_bytes()
    kind, _, at = _header(data, 0)
    assert kind == "olabel_lookahead"
    assert struct.unpack_from("<i", data, at) == (446681434,)
    kind, (start, states, arcs), at = _header(data, at + 4)
    assert kind == "const"
    about = list(struct.iter_unpack("<fIIII", data[at : at + 20 * states]))
    at += 20 * states
    every = [Arc(*arc) for arc in struct.iter_unpack("<iifi", data[at : at + 16 * arcs])]
    at += 16 * arcs
    assert struct.unpack_from("<?????", data, at) == (True, False, True, False, False)
    end, sets = struct.unpack_from("<iq", data, at + 5)
    assert sets == states
    at += 17
    reached = []
    for _ in range(sets):
        (count,) = struct.unpack_from("<q", data, at)
        at += 8
        spans = struct.iter_unpack("<ii", data[at : at + 8 * count])
        members = [label for first, behind in spans for label in range(first, behind)]
        assert members == sorted(set(members))
        at += 8 * count
        assert struct.unpack_from("<i", data, at) == (len(members),)
        at += 4
        reached.append(set(members))
    assert at == len(data)
    by_state = [every[first : first + count] for _, first, count, _, _ in about]
    for leaving, (_, _, _, reading, writing) in zip(by_state, about, strict=True):
        assert reading == sum(arc.input == 0 for arc in leaving)
        assert writing == sum(arc.output == 0 for arc in leaving)
        assert leaving == sorted(leaving, key=lambda arc: arc.output)
    return LookaheadFst(start, [final for final, *_ in about], by_state, reached, end)


def walk(fst: LookaheadFst, random: Random, words: int) -> list[Arc]:
    """A path from the start to the end that writes at least so many words."""
    state, path, written = fst.start, list[Arc](), 0
    while True:
        if written >= words and fst.finals[state] < math.inf:
            return path
        arc = random.choice([arc for arc in fst.arcs[state] if arc.target != state])
        written += arc.output > 0
        path.append(arc)
        state = arc.target


def silently(fst: LookaheadFst, state: int) -> Iterator[int]:
    """All states that are reached without writing, the first one among them."""
    waiting, seen = [state], {state}
    while waiting:
        state = waiting.pop()
        yield state
        further = {arc.target for arc in fst.arcs[state] if arc.output == 0} - seen
        seen |= further
        waiting += further


def _header(data: bytes, at: int) -> tuple[str, tuple[int, int, int], int]:
    assert struct.unpack_from("<i", data, at) == (2125659606,)
    kind, at = _text(data, at + 4)
    arcs, at = _text(data, at)
    assert arcs == "standard"
    _, flags, _, *counts = struct.unpack_from("<iiQqqq", data, at)
    assert flags == 0
    start, states, number = counts
    return kind, (start, states, number), at + 40


def _text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<i", data, at)
    return data[at + 4 : at + 4 + length].decode("ascii"), at + 4 + length
