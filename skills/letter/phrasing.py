"""Ways of saying, written in the notation of sentence templates, and one of them picked.

    (a|b)    one of these        [a]    this or nothing        <rule>    a named part
    {slot}   a fact, filled in later

Rules are written out once, by `with_rules`; after that a way stands for itself.

It is the notation that a skill's own sentences are written in, read in the other direction:
there it says what may be heard, here what may be said.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random


@dataclass(frozen=True)
class Choice:
    """One of several ways to go on."""

    ways: tuple["Reading", ...]


Reading = tuple[str | Choice, ...]
"""Text and choices, one after another."""

_TOKEN = re.compile(r"[()\[\]|]|[^()\[\]|]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def pick(way: str, random: Random) -> str:
    """One reading of `way`, with its slots still open; raises ValueError if it does not parse."""
    text = _read(parse(way), random)
    return re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", text)).strip()


def count(way: str) -> int:
    """How many readings `way` has."""
    return _count(parse(way))


@cache
def slots(way: str) -> frozenset[str]:
    """The names of all facts that some reading of `way` asks for."""
    return frozenset(re.findall(r"\{(\w+)\}", way))


def sentences(text: str) -> list[str]:
    """The sentences of `text`, each with its final punctuation."""
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


def capitalised(sentence: str) -> str:
    """The sentence with a capital at its beginning, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def with_rules(way: str, rules: Mapping[str, str]) -> str:
    """The way with every `<rule>` written out; raises ValueError for an unknown one."""

    def body(match: re.Match[str]) -> str:
        if match[1] not in rules:
            raise ValueError(f"unknown rule <{match[1]}> in '{way}'")
        return f"({with_rules(rules[match[1]], rules)})"

    return re.sub(r"<(\w+)>", body, way)


@cache
def parse(way: str) -> Reading:
    """`way` as text and choices; raises ValueError naming the way that does not parse."""
    tokens = _TOKEN.findall(way)
    ways, rest = _alternatives(tokens)
    if rest or len(ways) != 1:
        raise ValueError(f"unbalanced brackets in '{way}'")
    return ways[0]


def _alternatives(tokens: Sequence[str]) -> tuple[tuple[Reading, ...], Sequence[str]]:
    """Everything up to the bracket that closes this group, and the tokens from there on."""
    ways: list[Reading] = []
    current: list[str | Choice] = []
    while tokens and tokens[0] not in ")]":
        token, tokens = tokens[0], tokens[1:]
        if token == "|":
            ways.append(tuple(current))
            current = []
        elif token in "([":
            inner, tokens = _alternatives(tokens)
            if not tokens or tokens[0] != {"(": ")", "[": "]"}[token]:
                raise ValueError(f"a '{token}' is not closed")
            tokens = tokens[1:]
            current.append(Choice(inner if token == "(" else (*inner, ())))
        else:
            current.append(token)
    return (*ways, tuple(current)), tokens


def _read(sequence: Reading, random: Random) -> str:
    return "".join(
        part if isinstance(part, str) else _read(_weighted(part, random), random)
        for part in sequence
    )


def _weighted(choice: Choice, random: Random) -> Reading:
    # A way that can itself be said in many ways is taken more often: every whole reading is
    # then about equally likely, and letters repeat each other as little as they can.
    return random.choices(choice.ways, [_count(way) for way in choice.ways])[0]


@cache
def _count(sequence: Reading) -> int:
    product = 1
    for part in sequence:
        if isinstance(part, Choice):
            product *= sum(_count(way) for way in part.ways)
    return product
