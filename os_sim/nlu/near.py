"""What is meant by a sentence that no template matches: the second tier of understanding.

Two scorers have to agree.  The first (`learning`) tells the intents apart, and "not for me" from
all of them; the second (`alignment`, `filling`) lays the sentence along the intent's own
sentences and counts what is left over on either side.  A logistic regression makes one
probability of both; what is below it is not guessed at.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from os_sim.nlu.alignment import Alignment, Frame, Lexicon, Reading, align
from os_sim.nlu.features import shipped_features
from os_sim.nlu.filling import Filling, fill
from os_sim.nlu.learning import Intent, Scorer, intents_of, learned
from os_sim.nlu.matcher import Match, Sentences
from os_sim.nlu.tidying import corrected, plain_request, tells_of_past
from os_sim.nlu.words import Word, cut, said

MAX_WORDS = 40
"""Who says more than this at once is telling a story."""
MAX_LETTERS = 400
SURE, ALMOST = 0.5, 0.3
"""From these probabilities on a sentence is acted on, and asked back."""
_CANDIDATES, _FRAMES = 3, 3
_LEAST = 0.003
_FIT, _WEAKEST, _UNLIKE = 3.0, 1.0, 0.3
_TELLING = 0.4
_TRUST_IN_NEWS = 0.5
"""Of a sentence about the past: it is hardly ever a request."""
_FLOOR = 0.05


class Certainty(Enum):
    """What to do with a guess."""

    SURE = "sure"
    ALMOST = "almost sure"
    NOT = "not sure"


@dataclass(frozen=True)
class Evidence:
    """What speaks for a guess, each a logarithm but the last."""

    likely: float
    """The first scorer's share for this intent."""
    not_for_me: float
    """Its share for none at all."""
    explained: float
    """How much of what was said the intent accounts for."""
    said: float
    """How much of the intent's sentence was said."""
    least_explained: float
    """The same of the one word that is least accounted for."""
    least_said: float
    """The same of the one word that is said least."""
    free: float
    """How much of what was said fills slots that take anything, for a word of the frame."""
    margin: float
    """How far the next best guess is behind."""
    words: float
    guessed: float
    """1 if a slot's value only sounds like what was said, or means the same."""

    def row(self) -> list[float]:
        return [
            1.0,
            self.likely,
            self.not_for_me,
            self.explained,
            self.said,
            self.least_explained,
            self.least_said,
            self.free,
            self.margin,
            self.words,
            self.guessed,
        ]


@dataclass(frozen=True)
class Guess:
    """What may have been meant."""

    match: Match
    """Its score is the probability that this is right."""
    certainty: Certainty
    sentence: str
    """The skill's own sentence that comes closest, with what was said in its slots."""
    evidence: Evidence
    irreversible: bool
    free: dict[str, str] = field(default_factory=dict)
    """What stands in slots that take anything, as plain words."""


@dataclass
class _Candidate:
    number: int
    likely: float
    frame: Frame
    filling: Filling
    alignment: Alignment
    reading: Reading

    def __post_init__(self) -> None:
        weights = self.reading.weights
        self.explained = _share(self.filling.explained, weights)
        self.least_explained = _least(self.filling.explained, weights)
        own = self.frame.reading.weights
        self.said = _share(self.alignment.said, own) if own else 0.0
        self.least_said = _least(self.alignment.said, own)
        fit = math.log(_FLOOR + self.said * self.explained)
        least = math.log(_FLOOR + self.least_said) + math.log(_FLOOR + self.least_explained)
        unlike = len(set(self.frame.skeleton.slots) ^ self.filling.values.keys())
        self.score = math.log(self.likely + 1e-4) + _FIT * fit + _WEAKEST * least - _UNLIKE * unlike


class NearMatcher:
    """Guesses at sentences; learned once for a shelf."""

    def __init__(self, known: Sequence[Sentences], cache: Path | None = None) -> None:
        """Learns for about a second, or reads what it learned before from the folder `cache`.

        `known`: everything that may be meant.
        """
        self._features = shipped_features()
        self._lexicon = Lexicon(self._features.vectors, self._features.thesaurus)
        self.intents: list[Intent] = intents_of(known)
        self._scorer: Scorer = learned(self.intents, self._features, cache)
        self._frames: dict[int, list[Frame]] = {}

    def guess(
        self, text: str, now: datetime, wanted: Callable[[Sentences], bool] = lambda _: True
    ) -> list[Guess]:
        """What may be meant, best first; empty if nothing comes near.

        `wanted` says which intents can be meant just now.
        """
        cut_words = cut(text[:MAX_LETTERS])
        words = corrected([word.text for word in cut_words])
        if not words or len(words) > MAX_WORDS or len(text) > MAX_LETTERS:
            return []
        likelihoods = self._scorer.likelihoods(self._features.of(words))
        reading = Reading(plain_request(words), self._lexicon)
        found = [
            candidate
            for number in self._most_likely(likelihoods, wanted)
            if (candidate := self._fitted(number, float(likelihoods[number]), reading, now, wanted))
        ]
        found.sort(key=lambda candidate: -candidate.score)
        nobody, trust = float(likelihoods[-1]), _TRUST_IN_NEWS if tells_of_past(words) else 1.0
        guesses = [self._judged(one, found, nobody, reading, trust) for one in found]
        return [_as_written(guess, text, cut_words) for guess in guesses]

    def _most_likely(
        self, likelihoods: NDArray[np.float32], wanted: Callable[[Sentences], bool]
    ) -> list[int]:
        order = np.argsort(-likelihoods[:-1])[: 3 * _CANDIDATES].tolist()
        allowed = [n for n in order if any(wanted(one) for one in self.intents[n].known)]
        return [n for n in allowed[:_CANDIDATES] if likelihoods[n] > _LEAST]

    def _fitted(
        self,
        number: int,
        likely: float,
        reading: Reading,
        now: datetime,
        wanted: Callable[[Sentences], bool],
    ) -> _Candidate | None:
        """The frame of an intent that fits best."""
        if number not in self._frames:
            skeletons = self.intents[number].skeletons
            self._frames[number] = [Frame(skeleton, self._lexicon) for skeleton in skeletons]
        frames = [one for one in self._frames[number] if wanted(one.skeleton.sentences)]
        frames.sort(key=lambda frame: -frame.promise(reading))
        best: _Candidate | None = None
        for frame in _varied(frames):
            alignment: Alignment = align(reading, frame)
            filling = fill(frame.skeleton, reading, alignment, now)
            if filling is None or not _has_substance(frame, alignment):
                continue
            candidate = _Candidate(number, likely, frame, filling, alignment, reading)
            if best is None or candidate.score > best.score:
                best = candidate
        return best

    def _judged(
        self,
        one: _Candidate,
        found: list[_Candidate],
        not_for_me: float,
        reading: Reading,
        trust: float,
    ) -> Guess:
        rivals = [other.score for other in found if other is not one]
        evidence = Evidence(
            likely=math.log(one.likely + 1e-4),
            not_for_me=math.log(not_for_me + 1e-4),
            explained=math.log(_FLOOR + one.explained),
            said=math.log(_FLOOR + one.said),
            least_explained=math.log(_FLOOR + one.least_explained),
            least_said=math.log(_FLOOR + one.least_said),
            free=one.filling.free / sum(reading.weights) / (1 + sum(one.alignment.said)),
            margin=max(-4.0, min(4.0, one.score - max(rivals, default=one.score - 4))),
            words=math.log(len(reading.words)),
            guessed=float(one.filling.guessed),
        )
        skeleton = one.frame.skeleton
        probability = trust * probability_of(evidence)
        match = Match(
            skeleton.sentences.skill,
            skeleton.sentences.intent,
            one.filling.values,
            round(probability, 3),
        )
        return Guess(
            match,
            certainty_of(probability, irreversible=skeleton.sentences.irreversible),
            _spoken(skeleton.parts, one.filling),
            evidence,
            skeleton.sentences.irreversible,
            {
                name: words
                for name, words in one.filling.spoken.items()
                if skeleton.sentences.slots[name].reader.wildcard
            },
        )


_WEIGHTS = (4.896, 0.618, -0.11, 4.072, 1.168, 0.696, 0.695, -10.079, 0.341, -1.044, -2.359)
"""Of the rows of `Evidence`, fitted by `python -m bench.understanding --fit --clinc FILE`."""


def probability_of(evidence: Evidence) -> float:
    """How likely a guess with this evidence is right."""
    return 1 / (1 + math.exp(-sum(map(float.__mul__, _WEIGHTS, evidence.row()))))


def certainty_of(probability: float, *, irreversible: bool) -> Certainty:
    """What cannot be undone has to be beyond doubt, or is not done at all."""
    if irreversible:
        return Certainty.SURE if probability >= (1 + SURE) / 2 else Certainty.NOT
    if probability >= SURE:
        return Certainty.SURE
    return Certainty.ALMOST if probability >= ALMOST else Certainty.NOT


def _as_written(guess: Guess, text: str, words: list[Word]) -> Guess:
    """Free words in the case and with the signs that they were written with."""
    plain = [word.text for word in words]
    slots = dict(guess.match.slots)
    for name, value in guess.free.items():
        parts = value.split()
        for at in range(len(plain) - len(parts) + 1):
            if plain[at : at + len(parts)] == parts:
                slots[name] = said(text, words[at : at + len(parts)])
                break
    return replace(guess, match=replace(guess.match, slots=slots))


def _share(parts: list[float], weights: list[float]) -> float:
    return sum(map(float.__mul__, parts, weights)) / sum(weights)


def _varied(frames: list[Frame]) -> list[Frame]:
    """The first few, and the first one with other slots than these."""
    chosen = frames[:_FRAMES]
    slots = {frozenset(frame.skeleton.slots) for frame in chosen}
    other = (f for f in frames[_FRAMES:] if frozenset(f.skeleton.slots) not in slots)
    return [*chosen, *islice(other, 1)]


def _has_substance(frame: Frame, alignment: Alignment) -> bool:
    """Whether more of the frame is said than its small words."""
    telling = [
        part
        for part, weight in zip(alignment.said, frame.reading.weights, strict=True)
        if weight > _TELLING
    ]
    return not telling or max(telling) > _TELLING


def _least(parts: list[float], weights: list[float]) -> float:
    """The smallest part of a word that says something."""
    return min(
        (part for part, weight in zip(parts, weights, strict=True) if weight > _TELLING), default=1
    )


def _spoken(parts: tuple[str, ...], filling: Filling) -> str:
    values = {f"{{{name}}}": words for name, words in filling.spoken.items()}
    said = (values.get(part, "" if part[0] == "{" else part) for part in parts)
    return " ".join(part for part in said if part)
