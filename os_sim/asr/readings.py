"""What libvosk makes of an utterance: readings of its sound, and how sure each is.

`confidence` in libvosk's answer is the score of a path in Kaldi's lattice, a log likelihood
without its constant; compared with one another, the readings' scores become probabilities.
"""

import math
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from os_sim.events import Word

UNKNOWN = "[unk]"
"""What a model writes for speech that is none of the expected words."""
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the sound as words."""

    words: tuple[Word, ...]
    """Without `UNKNOWN`; none if most of it was that."""
    log_probability: float

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A text, with its share of the probability of all readings."""

    reading: Reading
    share: float


def readings_of(answer: dict[str, Any], time_scale: float) -> list[Reading]:
    """The readings in libvosk's answer, best first; never empty.

    `time_scale`: what its times are to be multiplied with.
    """
    found = answer.get("alternatives") or [answer]
    return [
        Reading(_known_words(_words_of(one, time_scale)), float(one.get("confidence", 0.0)))
        for one in found
    ]


def ranked(readings: list[Reading]) -> list[Ranked]:
    """Every text once, the most probable first."""
    top = max(reading.log_probability for reading in readings)
    shares: dict[str, float] = {}
    best: dict[str, Reading] = {}
    for reading in readings:
        shares[reading.text] = shares.get(reading.text, 0.0) + math.exp(
            reading.log_probability - top
        )
        best.setdefault(reading.text, reading)
    total = sum(shares.values())
    order = sorted(shares, key=lambda text: -shares[text])
    return [Ranked(best[text], shares[text] / total) for text in order]


def word_confidence(all_readings: list[Ranked]) -> float:
    """How sure the words of the first are on average: the share of the readings with each.

    Words are compared in order, by the longest common stretches.
    """
    best = [word.text for word in all_readings[0].reading.words]
    if not best:
        return 0.0
    sure = 0.0
    for one in all_readings:
        other = [word.text for word in one.reading.words]
        blocks = SequenceMatcher(None, best, other, autojunk=False).get_matching_blocks()
        sure += one.share * sum(block.size for block in blocks)
    return sure / len(best)


def without_unknown(text: str) -> str:
    """A text without `UNKNOWN`."""
    return " ".join(word for word in text.split() if word != UNKNOWN)


def _words_of(reading: dict[str, Any], scale: float) -> list[Word]:
    if "result" in reading:
        return [
            Word(one["word"], round(one["start"] * scale, 3), round(one["end"] * scale, 3))
            for one in reading["result"]
        ]
    return [Word(text, 0.0, 0.0) for text in reading.get("text", "").split()]


def _known_words(words: list[Word]) -> tuple[Word, ...]:
    total_s = sum(word.end_s - word.start_s for word in words)
    unknown_s = sum(word.end_s - word.start_s for word in words if word.text == UNKNOWN)
    if unknown_s > _MOSTLY * total_s:
        return ()  # a word or two fished out of other people's talk
    return tuple(word for word in words if word.text != UNKNOWN)
