"""A sentence as numbers: what its words mean, which phrases are in it, and how it is spelled."""

import zlib
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from os_sim.nlu.numbers import spoken
from os_sim.nlu.thesaurus import Thesaurus, read_thesaurus
from os_sim.nlu.tidying import plain_request
from os_sim.nlu.vectors import Vector, WordVectors
from os_sim.resources import shipped

_UNITS = frozenset("second seconds minute minutes hour hours day days week weeks".split())
_CLOCK = frozenset("past quarter noon midnight o'clock morning evening".split())
_DAYS = frozenset(
    "today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday".split()
)
_VALUE_WORDS = _UNITS | _CLOCK | _DAYS | {word for n in range(100) for word in spoken(n).split()}
SPELLINGS = 256
"""Buckets that runs of words and letters are counted in (the hashing trick)."""
_MEANING, _PHRASES, _PHRASES_AROUND, _SPELLING = 1.0, 1.5, 0.75, 0.5
"""How much each kind of feature counts; chosen on the sentences for tuning."""
_VALUES = 0.5
_LETTERS = 0.4
"""How much three letters count beside a word."""


@cache
def shipped_features() -> "Features":
    """Made of the tables that come with the program, read once."""
    return Features(WordVectors(shipped("models") / "words.npz"), read_thesaurus())


class Features:
    """Makes feature vectors of sentences, all of one length."""

    def __init__(self, vectors: WordVectors, thesaurus: Thesaurus) -> None:
        self.vectors = vectors
        self.thesaurus = thesaurus

    def of(self, words: list[str]) -> Vector:
        """The features of one sentence, given as plain words; the last one is always 1."""
        asked = plain_request(words)
        return np.concatenate(
            [
                _MEANING * self.vectors.of(asked),
                _PHRASES_AROUND * self._phrases(words),
                _PHRASES * self._phrases(asked),
                _SPELLING * _spelling(asked),
                _VALUES * _values(asked),
                np.ones(1, np.float32),
            ]
        ).astype(np.float32)

    def _phrases(self, words: list[str]) -> Vector:
        """Which groups of the thesaurus are named, longer phrases counting more."""
        counts = np.zeros(self.thesaurus.count, np.float32)
        for start, end, groups in self.thesaurus.found(words):
            weight = min(end - start, 3) ** 0.5
            while groups:
                lowest = groups & -groups
                at = lowest.bit_length() - 1
                counts[at] = max(counts[at], weight)
                groups ^= lowest
        return _unit(counts)


def _values(words: list[str]) -> NDArray[np.float32]:
    """Whether a length of time, a time, a day, a number is named."""
    telling = [word for word in words if word in _VALUE_WORDS or word[:1].isdigit()]
    counts = (
        sum(word in _UNITS for word in telling),
        sum(word in _CLOCK for word in telling),
        sum(word in _DAYS for word in telling),
        len(telling),
    )
    return np.array([count > 0 for count in counts], np.float32)


def _spelling(words: list[str]) -> NDArray[np.float32]:
    counts = np.zeros(SPELLINGS, np.float32)
    edged = ["^", *words, "$"]
    for run in (*words, *map(" ".join, pairwise(edged))):
        at, sign = _bucket(run)
        counts[at] += sign
    for word in words:
        for start in range(len(word)):
            at, sign = _bucket(f"<{word}>"[start : start + 3])
            counts[at] += _LETTERS * sign
    return _unit(counts)


@cache
def _bucket(run: str) -> tuple[int, float]:
    number = zlib.crc32(run.encode())
    return number % SPELLINGS, 1.0 if number >> 20 & 1 else -1.0


def _unit(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(counts))
    return counts / np.float32(length) if length else counts
