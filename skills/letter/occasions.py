"""What letters are written for: how one asks for each, and the moves it is made of.

The words by which an occasion is known stand here, because the skill needs them when it is
loaded; the letters themselves stand in `occasions/*.toml` and are read when one is written.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .phrasing import with_rules

_FOLDER = Path(__file__).parent / "occasions"

KINDS = {
    "love": "love",
    "romantic": "love",
    "apology": "apology",
    "sorry": "apology",
    "gratitude": "gratitude",
    "thank you": "gratitude",
    "thanks": "gratitude",
    "condolence": "condolence",
    "sympathy": "condolence",
    "congratulation": "congratulation",
    "congratulations": "congratulation",
    "birthday": "birthday",
    "farewell": "farewell",
    "goodbye": "farewell",
    "encouragement": "encouragement",
    "encouraging": "encouragement",
    "missing you": "missing you",
    "i miss you": "missing you",
    "get well": "get well",
    "just because": "just because",
}
"""What may stand before the word "letter", and the occasion it means."""

ERRANDS = {
    "apologise to": "apology",
    "apologize to": "apology",
    "say sorry to": "apology",
    "say i'm sorry to": "apology",
    "make up with": "apology",
    "thank": "gratitude",
    "say thank you to": "gratitude",
    "comfort": "condolence",
    "congratulate": "congratulation",
    "say happy birthday to": "birthday",
    "say goodbye to": "farewell",
    "encourage": "encouragement",
    "cheer up": "encouragement",
}
"""What a letter may be asked to do to somebody, and the occasion it means."""

_ANSWERS = {
    "i love you": "love",
    "i love her": "love",
    "i love him": "love",
    "anniversary": "love",
    "i'm sorry": "apology",
    "apologise": "apology",
    "apologize": "apology",
    "forgiveness": "apology",
    "thank": "gratitude",
    "grateful": "gratitude",
    "someone died": "condolence",
    "condolences": "condolence",
    "funeral": "condolence",
    "congratulate": "congratulation",
    "good news": "congratulation",
    "leaving": "farewell",
    "cheer up": "encouragement",
    "courage": "encouragement",
    "i miss her": "missing you",
    "i miss him": "missing you",
    "i miss them": "missing you",
    "missing her": "missing you",
    "missing him": "missing you",
    "get well soon": "get well",
    "sick": "get well",
    "ill": "get well",
    "no reason": "just because",
    "no occasion": "just because",
    "nothing special": "just because",
    "nothing in particular": "just because",
    "hello": "just because",
}
_OPENINGS = ("", "her", "his", "their", "to say", "because")

MESSAGES = {
    **dict.fromkeys(("i miss her", "i miss him", "i miss them"), "missing you"),
    **dict.fromkeys(("i love her", "i love him", "i love them"), "love"),
    **dict.fromkeys(("i'm sorry", "i apologise", "i apologize"), "apology"),
    **dict.fromkeys(("i'm grateful", "thank you"), "gratitude"),
    **dict.fromkeys(("i'm thinking of her", "i'm thinking of him"), "just because"),
    **dict.fromkeys(("happy birthday", "a happy birthday"), "birthday"),
}
"""What a letter may be asked to tell somebody, and the occasion it means."""

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


def answers() -> dict[str, str]:
    """Everything that may be said when the occasion is asked for, and the occasion it means."""
    named = {**KINDS, **_ANSWERS}
    return {
        f"{opening} {word}".strip(): kind for word, kind in named.items() for opening in _OPENINGS
    }


def occasion_in(text: str) -> str | None:
    """The occasion that free words speak of: "about her birthday" is birthday; or None."""
    spoken = f" {text.lower().replace('’', chr(39))} "
    named = {**KINDS, **_ANSWERS, **ERRANDS}
    found = [word for word in named if f" {word} " in spoken]
    return named[max(found, key=len)] if found else None


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
