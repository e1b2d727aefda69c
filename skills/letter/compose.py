"""A letter, made of the moves of its occasion and the facts the user gave."""

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from .detail import Detail, detail
from .occasions import Occasion, load
from .phrasing import capitalised, count, pick, sentences, slots
from .recipient import Recipient
from .rules import clashes, faults

_DRAFTS = 40
"""Whole letters tried before the least faulty of them is taken."""
_BARE = re.compile(r"\{\w+\}\W?")
"""A sentence that is all the user's own."""
_TRIES = 12
"""Ways tried for one move before a clash is accepted."""


@dataclass(frozen=True)
class Facts:
    """All that is known, and so all that may be said."""

    recipient: Recipient
    occasion: str
    detail: str | None = None
    """In the user's own words."""
    signature: str | None = None


@dataclass(frozen=True)
class Letter:
    """A letter as it may be sent."""

    title: str
    greeting: str
    paragraphs: tuple[str, ...]
    closing: str
    signature: str | None
    own_sentences: tuple[str, ...]
    """What the composer said, with slots where the facts stand: to be avoided in another draft."""

    @property
    def text(self) -> str:
        """The whole letter, its parts a blank line apart."""
        return "\n\n".join((f"{self.greeting},", *self.paragraphs, self.farewell)) + "\n"

    @property
    def farewell(self) -> str:
        """The last lines: the closing, and who signs."""
        return f"{self.closing},\n{self.signature}" if self.signature else f"{self.closing}."


def compose(facts: Facts, random: Random, avoid: Collection[str] = ()) -> Letter:
    """A letter that says the facts and nothing else; `avoid` holds sentences of earlier drafts.

    Draft after draft is tried until one has no fault; if none is faultless, as may happen when
    much has to be avoided, the one with the fewest faults is taken.
    """
    occasion = load(facts.occasion)
    given = _detail(facts, occasion)
    best: list[list[str]] = []
    fewest: int | None = None
    for _ in range(_DRAFTS):
        draft = _draft(occasion, given, facts, random, avoid)
        found = len(faults([sentence for part in draft for sentence in part], avoid))
        if fewest is None or found < fewest:
            best, fewest = draft, found
        if not found:
            break
    return _written(best, facts, given, occasion, random)


def _detail(facts: Facts, occasion: Occasion) -> Detail | None:
    if facts.detail is None:
        return None
    return detail(facts.detail, facts.recipient, of_another=occasion.of_another, mine=occasion.mine)


def _draft(
    occasion: Occasion,
    given: Detail | None,
    facts: Facts,
    random: Random,
    avoid: Collection[str],
) -> list[list[str]]:
    """The sentences of each paragraph, their slots still open."""
    known = _values(given, facts).keys()
    said: list[str] = []
    draft = []
    for moves in occasion.plan if given else occasion.plain_plan:
        paragraph: list[str] = []
        for move in moves:
            ways = _frames(occasion, given) if move == "detail" and given else occasion.moves[move]
            fitting = [way for way in ways if slots(way) <= known]
            new = _made(fitting, said, random, avoid)
            paragraph += new
            said += new
        draft.append(paragraph)
    return draft


def _made(
    ways: Sequence[str],
    said: Sequence[str],
    random: Random,
    avoid: Collection[str],
) -> list[str]:
    """The sentences of one move, made in a way that takes up nothing already said."""
    new: list[str] = []
    for _ in range(_TRIES):
        way = random.choices(ways, [_weight(way) for way in ways])[0]
        read = pick(way, random)
        new = [capitalised(sentence) for sentence in sentences(read)]
        if not any(one in avoid or clashes(one, [*said, *new[:at]]) for at, one in enumerate(new)):
            break
    return new


def _weight(way: str) -> float:
    # Between taking every way equally often, which repeats the short ones word for word, and
    # every reading equally often, which hardly ever uses them.
    return math.sqrt(count(way))


def _frames(occasion: Occasion, given: Detail) -> tuple[str, ...]:
    if given.kind in ("doing", "thing", "said"):
        return occasion.frames[given.kind]
    return (*occasion.frames.get(given.kind, ()), *occasion.frames["clause"])


def _values(given: Detail | None, facts: Facts) -> dict[str, str]:
    """What the slots stand for; a slot that is not in it cannot be filled."""
    found = {"name": facts.recipient.name}
    if given:
        found |= {
            "detail": given.text,
            "Detail": capitalised(given.text),
            "past": given.past,
            "gerund": given.gerund,
            "sentence": given.sentence,
        }
    return {slot: value for slot, value in found.items() if value}


def _written(
    draft: list[list[str]],
    facts: Facts,
    given: Detail | None,
    occasion: Occasion,
    random: Random,
) -> Letter:
    values = _values(given, facts)
    near = facts.recipient.closeness in ("kin", "friend")
    return Letter(
        title=f"Letter to {facts.recipient.title}",
        greeting=facts.recipient.greeting,
        paragraphs=tuple(" ".join(_filled(one, values) for one in part) for part in draft),
        closing=random.choice(occasion.near if near else occasion.far),
        signature=facts.signature,
        own_sentences=tuple(one for part in draft for one in part if not _BARE.fullmatch(one)),
    )


def _filled(sentence: str, values: dict[str, str]) -> str:
    for slot, value in values.items():
        sentence = sentence.replace(f"{{{slot}}}", value)
    return sentence
