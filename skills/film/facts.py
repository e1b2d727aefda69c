"""What the skill knows of the film: facts, the sentences that tell them, the words that ask.

`facts.json` has three parts.  A *fact* is a row: `subject`, `relation`, `value`, and where they
apply `unit`, `date` (2013-10-12, 2013-10 or plain words) and `of` (whom the subject works for);
`section` says which part of the article it comes from, and `derived` that it was worked out
from there.  `said` holds whole sentences with these fields in braces, so that a figure stands
in one place; `asked` holds cues by the kind of question.  A *relation* gives `said` and `asked`
to all of its facts.  *Names* lists what else a subject or a value is called, also by ear.

A cue is what follows the question word: "cost" under "how much".  `(a|b)` and `[a]` spread it
and do not nest, `<film>` is any name of the film and `<this>` any but "it", and "oscars … win"
leaves a gap for "did the film".

The file is JSON because the standard library reads TOML thirty times more slowly, and the words
are wanted while the user waits for a first answer.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

_MACROS = {
    "<this>": "(her|the film|the movie|this film|this movie)",
    "<film>": "(it|her|the film|the movie|this film|this movie)",
}
GAP = " … "

_GROUP = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_FIELD = re.compile(r"^\{(\w+)\}$")


@dataclass(frozen=True)
class Fact:
    """One thing that is known, and how it is told."""

    subject: str
    relation: str
    value: str
    section: str
    """The part of the article it comes from."""
    derived: bool
    """Worked out from that part instead of standing in it."""
    said: tuple[str, ...]
    """Whole sentences that all say it, each in other words."""
    asked: dict[str, list[str]]
    """Cues by kind of question, not yet spread."""


@cache
def known() -> tuple[Fact, ...]:
    """Everything that came with the skill, in the order of the file, read once."""
    text = Path(__file__).with_name("facts.json").read_text(encoding="utf-8")
    data = json.loads(text)
    relations, names = data["relations"], data["names"]
    return tuple(_fact(row, relations.get(row["relation"], {}), names) for row in data["facts"])


def find(kind: str, cue: str) -> tuple[Fact, ...]:
    """The facts that are asked for, in the order of the file; none if nobody knows."""
    return _by_cue(kind).get(cue, ())


def cues(kind: str) -> list[str]:
    """Every way to ask a question of this kind, without those that have a gap."""
    return [cue for cue in _by_cue(kind) if GAP not in cue]


def openings(kind: str) -> list[str]:
    """What stands before the gap in the cues that have one."""
    return [cue.partition(GAP)[0] for cue in _by_cue(kind) if GAP in cue]


def endings(kind: str) -> list[str]:
    """What stands after the gap."""
    return [cue.partition(GAP)[2] for cue in _by_cue(kind) if GAP in cue]


def told_by(text: str) -> Fact | None:
    """The fact that this answer told, or told first."""
    return next((fact for fact in known() if text.startswith(fact.said)), None)


def spread(pattern: str) -> list[str]:
    """Every phrase that a cue stands for: "[the] (cast|actors)" is four."""
    for name, meaning in _MACROS.items():
        pattern = pattern.replace(name, meaning)
    if "(" not in pattern and "[" not in pattern:
        return [pattern]
    return [" ".join(phrase.split()) for phrase in _spread(pattern)]


def _spread(pattern: str) -> list[str]:
    group = _GROUP.search(pattern)
    if group is None:
        return [pattern]
    options = group[1].split("|") + [""] * group[0].startswith("[")
    before, after = pattern[: group.start()], _spread(pattern[group.end() :])
    return [before + option + rest for option in options for rest in after]


def spoken_date(written: str) -> str:
    """A date as it is read aloud; what is not a date is left as it is."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        day = date.fromisoformat(written)
        return f"{day:%B} {day.day}, {day.year}"
    if re.fullmatch(r"\d{4}-\d\d", written):
        return f"{date.fromisoformat(written + '-01'):%B %Y}"
    return written


def _fact(row: dict[str, Any], relation: dict[str, Any], names: dict[str, list[str]]) -> Fact:
    value = row["value"] if isinstance(row["value"], str) else f"{row['value']:,}"
    fields = {
        "subject": row["subject"],
        "value": value,
        "unit": row.get("unit", ""),
        "of": row.get("of", ""),
        "date": spoken_date(row.get("date", "")),
    }
    said = (sentence.format_map(fields) for sentence in row.get("said") or relation["said"])
    asked = {
        kind: [name for cue in cues for name in _named(cue, fields, names)]
        for kind, cues in relation.get("asked", {}).items()
    }
    for kind, cues in row.get("asked", {}).items():
        asked[kind] = asked.get(kind, []) + cues
    return Fact(
        subject=row["subject"],
        relation=row["relation"],
        value=" ".join(filter(None, (value, fields["unit"]))),
        section=row["section"],
        derived=row.get("derived", False),
        said=tuple(sentence[0].upper() + sentence[1:] for sentence in said),
        asked=asked,
    )


def _named(cue: str, fields: dict[str, str], names: dict[str, list[str]]) -> list[str]:
    """A relation's cue with everything that its subject or value is called."""
    field = _FIELD.match(cue)
    if field is None:
        return [cue.format_map(fields).lower()]
    name = fields[field[1]]
    plain = re.sub(r"[^\w\s'&]", "", name.lower())
    return [*names.get(name, []), plain] if name else []


@cache
def _by_cue(kind: str) -> dict[str, tuple[Fact, ...]]:
    """The facts by each cue of one kind of question, spread when the kind is first wanted.

    The first cue of every fact comes before the second cue of any, for whoever takes only some.
    """
    rows = [
        (place, fact, cue)
        for fact in known()
        for place, cue in enumerate(dict.fromkeys(chain(*map(spread, fact.asked.get(kind, ())))))
    ]
    found: dict[str, tuple[Fact, ...]] = {}
    for _, fact, cue in sorted(rows, key=itemgetter(0)):
        found[cue] = (*found.get(cue, ()), fact)
    return found
