"""Kaldi's numbering of HMM states and transitions, and how probable the transitions are.

A *triple* (phone, state, pdf) is what Kaldi calls a transition state.  Triples are sorted and
counted from 1; as every state has exactly two ways on, staying and moving on, triple i has the
transition ids 2 i − 1 (stay) and 2 i (move on).  See hmm/transition-model.h and
https://kaldi-asr.org/doc/hmm.html.

A *pdf* is a column of the network's output: the senones, sorted by their base phone, so that the
senones of one codebook stand side by side.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from models.builder import BuildError
from models.builder.phones import PhoneTable, all_sequences, phone_table
from models.builder.sphinx import Floats, Ints, SphinxModel

STATES = 3
"""Every phone has so many states, passed from left to right, none left out."""


class Triple(NamedTuple):
    """A state of a phone together with what it sounds like."""

    phone: int
    state: int
    pdf: int


@dataclass(frozen=True)
class TransitionTable:
    """What the graph and the acoustic model must agree on."""

    phones: PhoneTable
    triples: tuple[Triple, ...]
    """Sorted; number i is at index i - 1."""
    stay: Floats
    """[triple − 1] = the probability of staying in that state."""
    pdfs: Ints
    """[senone] = pdf."""
    sequences: Ints
    """[phone, left context, right context] = senone sequence; see `phones.all_sequences`."""

    @cached_property
    def numbers(self) -> dict[Triple, int]:
        """The number of each triple."""
        return {triple: number for number, triple in enumerate(self.triples, 1)}

    @property
    def transition_ids(self) -> int:
        """The highest transition id."""
        return 2 * len(self.triples)

    def states_of(self, phone: int, sequence: int) -> tuple[int, ...]:
        """The triples, by number, that a phone with this senone sequence passes through."""
        senones = self.phones.definition.sequences[sequence]
        pdfs = self.pdfs[senones].tolist()
        return tuple(self.numbers[Triple(phone, state, pdf)] for state, pdf in enumerate(pdfs))

    def sequence_between(self, left: int, phone: int, right: int) -> int:
        """The senone sequence of a phone between two phones, or 0 at the edge of the sound."""
        contexts = self.phones.context(left), self.phones.context(right)
        return int(self.sequences[phone, *contexts])

    def log_probabilities(self) -> Floats:
        """[transition id]; entry 0 stands for none and is 0."""
        both = np.stack([np.log(self.stay), np.log1p(-self.stay)], axis=1)
        return np.concatenate([[0.0], both.ravel()])


def stay_id(number: int) -> int:
    """The transition id of staying in a triple."""
    return 2 * number - 1


def move_id(number: int) -> int:
    """The transition id of moving on from a triple."""
    return 2 * number


def transition_table(model: SphinxModel) -> TransitionTable:
    """The states of all triphones of a model."""
    definition = model.definition
    if definition.sequences.shape[1] != STATES or not _is_chain(model.transitions):
        raise BuildError(f"the phones are not chains of {STATES} states, which is all Kaldi gets")
    phones = phone_table(definition)
    pdfs = np.empty(len(definition.codebooks), np.int64)
    pdfs[np.argsort(definition.codebooks, kind="stable")] = np.arange(len(pdfs))
    sequences = all_sequences(phones)
    triples = sorted(
        {
            Triple(phone.id, state, pdf)
            for phone in phones
            for sequence in np.unique(sequences[phone.id])
            for state, pdf in enumerate(pdfs[definition.sequences[sequence]].tolist())
        }
    )
    stay = [model.transitions[phones[t.phone].base, t.state, t.state] for t in triples]
    return TransitionTable(phones, tuple(triples), np.array(stay), pdfs, sequences)


def _is_chain(transitions: Floats) -> bool:
    """Whether from each state one can only stay or go to the next."""
    source, target = np.indices(transitions.shape[1:])
    return not transitions[:, (target < source) | (target > source + 1)].any()
