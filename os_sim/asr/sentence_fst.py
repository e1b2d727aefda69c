"""The skills' sentences as libvosk takes them, with a way out for whatever else people say.

                 ┌─▶ the sentences, their probabilities softened ─▶ end
    start ───────┤
                 └─▶ free speech: the model's own n-gram, with the words it has been taught

What is no sentence is heard as the words it is, instead of being forced into the nearest
sentence.  A model without free speech gets a loop over the sentences' words in its place, heard
as UNKNOWN: other talk sounds more like some jumble of words than like any sentence.

A word that the model does not know is a path over its pseudo-words, one for each phone
(`pronunciation.spelled`).  Equal beginnings share their arcs; the word is written where no other
one is possible any more.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from os_sim.asr.openfst import FstArc, FstState, WrittenFst
from os_sim.asr.pronunciation import spelled
from os_sim.asr.readings import UNKNOWN
from os_sim.asr.sentence_graph import WordGraph
from os_sim.nlu.sounds import Phones

_SOFTENED = 0.5
"""What the sentences' costs are multiplied with: which words were said is for the ear to tell,
and templates know little about how often something is asked."""
_FREE_SPEECH_COST, _SENTENCE_WORD_COST = 3.0, 0.7
"""A word of a sentence costs less than one of free speech, since fewer are possible; left at that,
every further word of other people's talk would make it more of a sentence.  A smaller first or a
greater second one lets less of that talk through, and loses more sentences."""
_TAUGHT_SHARE, _FREE_SPEECH_SCALE = 0.01, 0.6
"""In free speech one word in a hundred is a taught one; and what its costs are multiplied with
(`models.builder.language.SCALE`)."""
_NOISE_COST, _NOISE_WORD_COST, _NOISE_END_COST = 1.0, 5.0, 1.0


@dataclass(frozen=True)
class Lexicon:
    """The words that a graph can be made of."""

    labels: Mapping[str, int]
    """Those of the model."""
    taught: Mapping[str, tuple[Phones, ...]]
    """Those it is told phone by phone, with the ways to say each; beside what it may know."""

    def knows(self, word: str) -> bool:
        """Whether a sentence with this word can be heard."""
        return word in self.labels or word in self.taught

    def all_labels(self) -> dict[str, int]:
        """The model's, and further ones for what it is taught."""
        fresh = (word for word in sorted(self.taught) if word not in self.labels)
        first = max(self.labels.values(), default=0) + 1
        return {**self.labels, **{word: first + at for at, word in enumerate(fresh)}}


def fst_of(
    graph: WordGraph, lexicon: Lexicon, free: WrittenFst | None = None
) -> tuple[list[FstState], WrittenFst | None]:
    """The states of the sentences, and the free speech that is to be written before them.

    `free`: an n-gram whose first state is the empty history; None if the model has none.
    """
    first = free.state_count if free else 0
    per_word = _SENTENCE_WORD_COST if free else 0.0
    building = _Building(lexicon, first, [FstState(_cost(end)) for end in graph.ends])
    for state, arcs in zip(building.states[:], graph.arcs, strict=True):
        building.add(
            state, {word: (_cost(p) + per_word, to + first) for word, (to, p) in arcs.items()}
        )
    if free is None:
        if UNKNOWN in lexicon.labels:
            building.add_noise(graph.words())
    else:
        building.states[0].arcs.append(FstArc(0, 0, _FREE_SPEECH_COST, free.start))
        if lexicon.taught:
            free = free.with_skip(first + len(building.states))
            taught = building.fresh_state()
            cost = _FREE_SPEECH_SCALE * math.log(len(lexicon.taught) / _TAUGHT_SHARE)
            building.add(taught, dict.fromkeys(lexicon.taught, (cost, 0)), spelled_only=True)
    return building.states, free


def _cost(probability: float) -> float:
    return -_SOFTENED * math.log(probability) if probability else math.inf


@dataclass(frozen=True, slots=True)
class _Spelling:
    """What is left to be spelled of a word."""

    labels: tuple[int, ...]
    word: int
    cost: float
    to: int


class _Building:
    """States that grow by those inside spelled words; `first` is the number of states[0]."""

    def __init__(self, lexicon: Lexicon, first: int, states: list[FstState]) -> None:
        self.states = states
        self._first = first
        self._known = lexicon.labels
        self._labels = lexicon.all_labels()
        self._ways = {
            word: [tuple(self._labels[pseudo] for pseudo in spelled(way)) for way in ways]
            for word, ways in lexicon.taught.items()
        }

    def fresh_state(self) -> FstState:
        self.states.append(FstState())
        return self.states[-1]

    def add(
        self,
        state: FstState,
        steps: Mapping[str, tuple[float, int]],
        spelled_only: bool = False,
    ) -> None:
        """Let words lead from a state: each with its cost, and the number of where it leads.

        `spelled_only`: as they are taught, and not as the model may know them.
        """
        labels, known = self._labels, self._known
        if not spelled_only:
            state.arcs.extend(
                FstArc(label := labels[word], label, cost, to)
                for word, (cost, to) in steps.items()
                if word in known
            )
        spellings = [
            _Spelling(way, labels[word], steps[word][0] + math.log(len(ways)), steps[word][1])
            for word in steps.keys() & self._ways.keys()
            for ways in (self._ways[word],)
            for way in ways
        ]
        if spellings:
            self._spell(state, sorted(spellings, key=lambda one: (one.labels, one.word)))

    def _spell(self, state: FstState, spellings: list[_Spelling]) -> None:
        """Lay out a tree.  What is written for a word stands where it has parted from others."""
        for label, group in groupby(spellings, key=lambda one: one.labels[0]):
            alike = list(group)
            longer = [one for one in alike if len(one.labels) > 1]
            for one in alike:
                if len(one.labels) == 1:
                    state.arcs.append(FstArc(label, one.word, one.cost, one.to))
            if not longer:
                continue
            word = longer[0].word if len(longer) == 1 else 0
            cost = min(one.cost for one in longer)
            state.arcs.append(FstArc(label, word, cost, self._first + len(self.states)))
            rest = [
                _Spelling(one.labels[1:], one.word - word, one.cost - cost, one.to)
                for one in longer
            ]
            self._spell(self.fresh_state(), rest)

    def add_noise(self, words: Iterable[str]) -> None:
        """A loop over words, from the first state, in which each is written as UNKNOWN."""
        unknown, loop = self._labels[UNKNOWN], self._first + len(self.states)
        self.states[0].arcs.append(FstArc(0, 0, _NOISE_COST, loop))
        known = sorted(word for word in {UNKNOWN, *words} if word in self._known)
        arcs = [FstArc(self._labels[word], unknown, _NOISE_WORD_COST, loop) for word in known]
        self.states.append(FstState(_NOISE_END_COST, arcs))
