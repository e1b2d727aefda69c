"""Learning from the skills' own sentences which intent a sentence comes near to.

One linear scorer for each intent and one for "not for me", fitted to sampled sentences by
weighted ridge regression: one system of equations, whatever the number of intents.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from os_sim.nlu.features import Features
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.skeletons import Skeleton, filled, skeletons
from os_sim.nlu.words import normal

_EXAMPLES = 2_400
"""Sentences of all intents together that are learned from; an intent has 4 to 40 of them."""
_FEWEST, _MOST = 4, 40
_THINGS = """
television radio kettle oven heating window door car dog cat baby garden kitchen dishes
floor wall picture photo camera email phone computer screen printer book newspaper poem
essay story recipe pizza coffee tea sandwich soup bread table chair shelf coat shoes shirt
umbrella ticket train bus taxi flight hotel restaurant doctor meeting contract bill
account money weather news game match football chess movie episode video internet map road
bridge river mountain school teacher neighbour president king dream holiday party wedding
flowers plants tree fan blinds
""".split()
"""What skills are asked about that are not there."""
_SHORT = 3
_AROUND = (
    "translate _ into the {}|the {} said _|what does _ mean|say _ to the {}|how do you spell _"
    "|the {} and the {} _ every day|write _ on the {}|is _ a {}|why did the {} _ yesterday"
    "|_ the {} and the {}"
).split("|")
"""Where a short sentence is no request but spoken of."""
EVERYDAY = Path(__file__).with_name("everyday.txt")
_BATCH = 256
_RIDGE = 0.001
_SHARPNESS = 12.0
"""Scores run from about 0 to 1; times this, they are fit for a softmax."""


@dataclass
class Intent:
    """What is told apart: an intent, or several of one skill that are asked for alike."""

    known: list[Sentences]
    skeletons: list[Skeleton]

    @property
    def names(self) -> set[tuple[str, str]]:
        return {one.name for one in self.known}


@dataclass(frozen=True)
class Scorer:
    """Scores every intent, and last "not for me"."""

    weights: NDArray[np.float32]
    """(features, intents + 1)"""

    def likelihoods(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each intent, and for none of them; they add up to 1."""
        scores = features @ self.weights
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum(), np.float32)


def intents_of(known: Sequence[Sentences]) -> list[Intent]:
    """The intents to tell apart; those of one skill that share a sentence are one."""
    count = min(_MOST, max(_FEWEST, _EXAMPLES // max(1, len(known))))
    random = Random(0)
    found: list[Intent] = []
    by_shape: dict[tuple[str, tuple[str, ...]], Intent] = {}
    for sentences in known:
        fresh = skeletons(sentences, count, random)
        shapes = {(sentences.skill, skeleton.shape) for skeleton in fresh}
        same = next((by_shape[shape] for shape in shapes if shape in by_shape), None)
        same = same or next((i for i in found if sentences.name in i.names), None)
        if same is None:
            same = Intent([], [])
            found.append(same)
        same.known.append(sentences)
        same.skeletons += fresh
        by_shape |= dict.fromkeys(shapes, same)
    return [_without_last_resorts(intent) for intent in found]


def _without_last_resorts(intent: Intent) -> Intent:
    """Without the skill's answer to anything, if it also lists what it knows.

    Where one skill has "who played {role}" for the roles it knows and the same for any words, the
    second is for exact sentences only: what merely comes near has to be about something known.
    """
    known = [one for one in intent.known if not _takes_anything(one)]
    if not known or len(known) == len(intent.known):
        return intent
    return Intent(known, [one for one in intent.skeletons if one.sentences in known])


def _takes_anything(sentences: Sentences) -> bool:
    return any(slot.reader.wildcard and not slot.optional for slot in sentences.slots.values())


def learned(intents: Sequence[Intent], features: Features, folder: Path | None) -> Scorer:
    """The scorers for these intents: those kept in the folder, if they are there."""
    content = _fingerprint(intents)
    if content not in _remembered:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[content] = _read_or_learn(intents, features, folder, content)
    return _remembered[content]


_remembered: dict[str, Scorer] = {}
"""By content: a process that opens one shelf again and again learns it once."""
_MOST_REMEMBERED = 16


def _read_or_learn(
    intents: Sequence[Intent], features: Features, folder: Path | None, content: str
) -> Scorer:
    if folder is None:
        return learn(intents, features)
    file = folder / f"{content}.npy"
    try:
        weights = np.load(file)
        if weights.shape[1] == len(intents) + 1:
            return Scorer(weights)
    except (OSError, ValueError, EOFError, IndexError):
        pass  # not there, or damaged: it is learned anew
    scorer = learn(intents, features)
    with suppress(OSError):  # a cache that cannot be written costs time only
        folder.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as out:
            np.save(out, scorer.weights)
        fresh.replace(file)
    return scorer


def _fingerprint(intents: Sequence[Intent]) -> str:
    """Of everything that is learned from, and of how."""
    parts = [[one.parts for one in intent.skeletons] for intent in intents]
    return sha256(repr(parts).encode() + _own_content()).hexdigest()[:32]


@cache
def _own_content() -> bytes:
    files = sorted(Path(__file__).parent.iterdir())
    return b"".join(file.read_bytes() for file in files if file.suffix in (".py", ".txt"))


def learn(intents: Sequence[Intent], features: Features) -> Scorer:
    """Fit the scorers to sentences of the intents, and to what is said to others.

    Weighted ridge regression on 0 and 1; an intent counts by the root of its number of sentences.
    """
    examples = _examples(intents)
    owners = np.array([owner for _, owner in examples])
    weights = 1 / np.sqrt(np.bincount(owners, minlength=len(intents) + 1) + 1e-9)[owners]
    weights = (weights / weights.mean()).astype(np.float32)
    square = wanted = np.zeros(0, np.float32)
    for start in range(0, len(examples), _BATCH):  # all rows at once would be a lot of memory
        end = start + _BATCH
        rows = np.array([features.of(words.split()) for words, _ in examples[start:end]])
        weighted = rows * weights[start:end, None]
        if not start:
            square = np.zeros((rows.shape[1], rows.shape[1]), np.float32)
            wanted = np.zeros((len(intents) + 1, rows.shape[1]), np.float32)
        square += rows.T @ weighted
        np.add.at(wanted, owners[start:end], weighted)
    square[np.diag_indices_from(square)] += _RIDGE * len(examples)
    return Scorer(np.asarray(np.linalg.solve(square, wanted.T) * _SHARPNESS, np.float32))


def _examples(intents: Sequence[Intent]) -> list[tuple[str, int]]:
    """Sentences as plain words, each with the number of its intent; "not for me" is the last."""
    random = Random(0)
    found = [
        (" ".join(filled(skeleton, random)), number)
        for number, intent in enumerate(intents)
        for skeleton in intent.skeletons
        for _ in range(2 if skeleton.slots else 1)
    ]
    ours = {sentence for sentence, _ in found}
    others = [" ".join(words) for words in near_misses(intents, random)]
    found += [(one, len(intents)) for one in (*others, *everyday()) if one not in ours]
    return found


@cache
def everyday() -> tuple[str, ...]:
    """Sentences that are for somebody else, as plain words."""
    lines = EVERYDAY.read_text("utf-8").splitlines()
    return tuple(normal(line) for line in lines if line[:1] != "#")


def near_misses(intents: Sequence[Intent], random: Random) -> Iterable[list[str]]:
    """Sentences of the intents about something else: "turn off the kettle"."""
    for intent in intents:
        for skeleton in intent.skeletons:
            at = max(range(len(skeleton.parts)), key=lambda at: len(skeleton.parts[at]))
            if skeleton.parts[at][0] != "{" and len(skeleton.parts) > 1:
                parts = (*skeleton.parts[:at], random.choice(_THINGS), *skeleton.parts[at + 1 :])
                yield filled(Skeleton(skeleton.sentences, parts), random)
            if not skeleton.slots and len(skeleton.parts) <= _SHORT:
                around = random.choice(_AROUND).format(
                    random.choice(_THINGS), random.choice(_THINGS)
                )
                before, _, after = around.partition("_")
                yield [*before.split(), *skeleton.parts, *after.split()]
