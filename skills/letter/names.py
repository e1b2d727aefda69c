"""The people a letter may be for: given names, and what one calls one's family and friends."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Gender = Literal["f", "m", "p", "b"]
"""How one speaks of somebody: she, he, they (several people), or either she or he."""
Closeness = Literal["kin", "friend", "role"]

_HERE = Path(__file__).parent
_OWNED_WORD = re.compile(
    r"(?P<owner>\b(?:my|your|his|her|our|their|a|the)\s+)?(?P<word>[^\W\d_][\w'’-]*)", re.IGNORECASE
)
_PARENTS = frozenset("mum mom mama mommy dad daddy papa grandma granny grandpa nana".split())
"""Names within the family, unless they belong to somebody: Dad, but my dad."""


@dataclass(frozen=True)
class GivenName:
    """A given name, in lower case."""

    name: str
    gender: Gender
    ordinary: bool
    """Whether it is an ordinary word too, such as "grace"."""


@dataclass(frozen=True)
class Relation:
    """Somebody's place in one's life: mother, friend, doctor."""

    word: str
    """As it is written; with a capital if it serves as a name, as Mother does."""
    gender: Gender
    closeness: Closeness
    also: tuple[str, ...]
    """Other words for the same person."""


@cache
def given_names() -> dict[str, GivenName]:
    """Every known given name, by the name in lower case."""
    found: dict[str, GivenName] = {}
    for line in _lines("names.txt"):
        mark, *names = line.split()
        gender, ordinary = _gender(mark[0]), mark.endswith("*")
        found |= {name: GivenName(name, gender, ordinary) for name in names}
    return found


@cache
def relations() -> dict[str, Relation]:
    """Every known relation, by its word in lower case."""
    found = {}
    for line in _lines("relations.txt"):
        word, gender, closeness, also = (cell.strip() for cell in line.split("|"))
        others = tuple(other.replace("-and-", " and ") for other in also.split())
        found[word.lower()] = Relation(word, _gender(gender), _closeness(closeness), others)
    return found


@cache
def capitals() -> frozenset[str]:
    """Words that have a capital wherever they stand, in lower case: days, months, places, names."""
    names = (name.name for name in given_names().values() if not name.ordinary)
    listed = (word for line in _lines("capitals.txt") for word in line.split())
    return frozenset((*names, *listed))


def recipients() -> list[str]:
    """How the user is likely to say whom the letter is for: names, and "my sister"."""
    named = [word for word, relation in relations().items() if relation.word[0].isupper()]
    return [*given_names(), *named, *(f"my {word}" for word in relations())]


def with_capitals(text: str, own: str = "") -> str:
    """The text with the capitals English wants inside a sentence: I, Monday, Catherine, Boston.

    `own` is a name that gets its capital even if it is an ordinary word too.
    """
    personal = set(re.findall(r"[\w'-]+", own.lower())) - {"and"}

    def written(found: re.Match[str]) -> str:
        word = found["word"]
        plain = re.sub(r"['’]s?$", "", word.lower())
        if re.fullmatch(r"i(['’](m|ve|ll|d))?", word):
            return f"{found['owner'] or ''}I{word[1:]}"
        parent = plain in _PARENTS and not found["owner"]
        if word.islower() and (plain in capitals() or plain in personal or parent):
            return f"{found['owner'] or ''}{word[0].upper()}{word[1:]}"
        return found[0]

    return _OWNED_WORD.sub(written, text)


def _lines(file: str) -> list[str]:
    text = (_HERE / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _gender(mark: str) -> Gender:
    match mark:
        case "f" | "m" | "p" | "b":
            return mark
    raise ValueError(f"'{mark}' is none of f, m, p, b")


def _closeness(mark: str) -> Closeness:
    match mark:
        case "kin" | "friend" | "role":
            return mark
    raise ValueError(f"'{mark}' is none of kin, friend, role")
