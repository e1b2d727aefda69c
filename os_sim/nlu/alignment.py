"""How a sentence lies along a skeleton: which words stand for which, and what is left over."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from os_sim.nlu.skeletons import Skeleton
from os_sim.nlu.sounding import sound_key
from os_sim.nlu.thesaurus import Thesaurus
from os_sim.nlu.tidying import plain_request
from os_sim.nlu.vectors import DIMENSIONS, Vector, WordVectors

SMALL_WORDS = frozenset(
    "the a an my your i you it is am are was were do does did to of in on at for and that this me "
    "we us be been have has had with there can could would will please what which".split()
)
_SMALL_WEIGHT = 0.15
_PLURAL, _SAME_GROUP, _SAME_SOUND = 0.95, 0.85, 0.7
_UNLIKE = 0.35
"""Words whose vectors agree less than this have nothing to do with each other."""
_ANCHORED = 0.8


@dataclass(frozen=True)
class Lexicon:
    """Where it is looked up how words are related."""

    vectors: WordVectors
    thesaurus: Thesaurus


class Reading:
    """Some words with all that comparing them needs."""

    def __init__(self, words: list[str], lexicon: Lexicon) -> None:
        self.words = words
        self.lexicon = lexicon
        self.values: dict[int, list[Any]] = {}
        """What slots can read in it, by reader; kept by `filling`."""

    @cached_property
    def phrases(self) -> list[tuple[int, int, int]]:
        return self.lexicon.thesaurus.found(self.words)

    @cached_property
    def groups(self) -> list[int]:
        """For each word, the groups of the phrases that it is part of, as bits."""
        groups = [0] * len(self.words)
        for start, end, those in self.phrases:
            for at in range(start, end):
                groups[at] |= those
        return groups

    @cached_property
    def all_groups(self) -> int:
        every = 0
        for groups in self.groups:
            every |= groups
        return every

    @cached_property
    def weights(self) -> list[float]:
        """How much each word says."""
        known = [self.lexicon.vectors.look_up(word) for word in self.words]
        return [
            _SMALL_WEIGHT if word in SMALL_WORDS else (found[1] if found else 1.0)
            for word, found in zip(self.words, known, strict=True)
        ]

    @cached_property
    def vectors(self) -> Vector:
        """(words, 128); zero for small words, whose meaning is their place."""
        rows = np.zeros((len(self.words), DIMENSIONS), np.float32)
        for at, word in enumerate(self.words):
            found = None if word in SMALL_WORDS else self.lexicon.vectors.look_up(word)
            if found is not None:
                rows[at] = found[0]
        return rows

    @cached_property
    def keys(self) -> list[str]:
        """How each word sounds; empty where that says too little."""
        keys = [sound_key(word) for word in self.words]
        return [key if len(key) > 1 else "" for key in keys]


class Frame:
    """A skeleton, ready to be compared."""

    def __init__(self, skeleton: Skeleton, lexicon: Lexicon) -> None:
        self.skeleton = skeleton
        self.reading = Reading(plain_request(skeleton.words), lexicon)
        self.word_set = frozenset(self.reading.words)

    def promise(self, reading: Reading) -> float:
        """A quick guess at how well the reading will fit."""
        shared = len(self.word_set.intersection(reading.words))
        related = (self.reading.all_groups & reading.all_groups).bit_count()
        return 2 * shared + related - 0.7 * len(self.word_set)


@dataclass(frozen=True)
class Alignment:
    """How alike the words of a reading and of a frame are."""

    stands_for: list[float]
    """For each word of the reading: how well a word of the frame expresses it (0..1)."""
    said: list[float]
    """For each word of the frame: how well a word of the reading expresses it (0..1)."""

    @property
    def anchored(self) -> list[bool]:
        """Which words of the reading belong to the frame, and not into a slot."""
        return [likeness >= _ANCHORED for likeness in self.stands_for]


def align(reading: Reading, frame: Frame) -> Alignment:
    """Compare every word with every word."""
    other = frame.reading
    if not other.words:
        return Alignment([0.0] * len(reading.words), [])
    near = (reading.vectors @ other.vectors.T).tolist()
    stands_for, said = [], [0.0] * len(other.words)
    for at, word in enumerate(reading.words):
        groups, key, row = reading.groups[at], reading.keys[at], near[at]
        best = 0.0
        for place, counterpart in enumerate(other.words):
            if word == counterpart:
                likeness = 1.0
            elif f"{word}s" == counterpart or f"{counterpart}s" == word:
                likeness = _PLURAL
            elif groups & other.groups[place]:
                likeness = _SAME_GROUP
            elif key and key == other.keys[place]:
                likeness = _SAME_SOUND
            else:
                likeness = max(0.0, (row[place] - _UNLIKE) / (1 - _UNLIKE))
            said[place] = max(said[place], likeness)
            best = max(best, likeness)
        stands_for.append(best)
    return Alignment(stands_for, said)
