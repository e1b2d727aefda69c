"""Short ways to a matcher, for the tests of what is understood."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from os_sim.nlu.matcher import Match, Matcher, Sentences
from os_sim.nlu.slots import slot_type
from os_sim.nlu.template import parse_template

NOW = datetime(2025, 1, 1, 12, tzinfo=UTC)
"""A Wednesday."""

KINDS: dict[str, Any] = {
    "n": int,
    "x": float,
    "length": timedelta,
    "when": time,
    "day": date,
    "words": str,
    "more": str,
}
"""What a slot of that name takes."""


def sentences(*templates: str, intent: str = "intent", **kinds: Any) -> Sentences:
    """The templates as one intent; slots as in `KINDS`, or as given."""
    slots = {name: slot_type(kind) for name, kind in {**KINDS, **kinds}.items()}
    return Sentences("skill", intent, tuple(map(parse_template, templates)), slots)


def knows(*templates: str, **kinds: Any) -> Matcher:
    """A matcher that knows these templates, each as an intent named by its number."""
    matcher = Matcher()
    for number, template in enumerate(templates, start=1):
        matcher.add(sentences(template, intent=f"t{number}", **kinds))
    return matcher


def understood(matcher: Matcher, text: str) -> Match | None:
    return matcher.match(text, NOW)


def slots(matcher: Matcher, text: str) -> dict[str, Any]:
    """The slots of a text that must be understood."""
    match = matcher.match(text, NOW)
    assert match is not None, f"not understood: {text!r}"
    return match.slots
