"""What letters are written for, and the moves each is made of, from `occasions/*.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .phrasing import with_rules

_FOLDER = Path(__file__).parent / "occasions"

Plan = tuple[tuple[str, ...], ...]
"""The moves of each paragraph, by name."""


@dataclass(frozen=True)
class Occasion:
    """A kind of letter: its moves in order, and many ways to make each of them."""

    name: str
    plan: Plan
    """With a detail; the move `detail` weaves it in."""
    plain_plan: Plan
    """Without one."""
    of_another: bool
    """Whether she and he, in the detail, are somebody other than the recipient."""
    mine: bool
    """Whether a detail without a subject is the writer's own doing."""
    moves: dict[str, tuple[str, ...]]
    frames: dict[str, tuple[str, ...]]
    """Ways to weave in the detail, by its kind."""
    near: tuple[str, ...]
    """Closings for family and friends."""
    far: tuple[str, ...]
    """Closings for everybody else."""


@cache
def load(name: str) -> Occasion:
    """The occasion of that name, from its file; raises KeyError naming what the file lacks."""
    shared = _read("shared")
    own = _read(name.replace(" ", "_"))
    frames = own.get("detail", {})
    if not own.get("own_frames"):
        frames = _joined(frames, shared["detail"])
    rules = {**shared["rules"], **own.get("rules", {})}
    return Occasion(
        name=name,
        plan=tuple(map(tuple, own["plan"])),
        plain_plan=tuple(map(tuple, own["plain_plan"])),
        of_another=own.get("of_another", False),
        mine=own.get("mine", False),
        moves=_ways(own["moves"], rules),
        frames=_ways(frames, rules),
        near=tuple(own["closings"]["near"]),
        far=tuple(own["closings"]["far"]),
    )


def _ways(by_name: dict[str, list[str]], rules: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(with_rules(way, rules) for way in ways) for name, ways in by_name.items()}


def _joined(own: dict[str, list[str]], shared: dict[str, list[str]]) -> dict[str, list[str]]:
    return {kind: [*own.get(kind, []), *shared.get(kind, [])] for kind in {*own, *shared}}


def _read(name: str) -> dict[str, Any]:
    with (_FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
