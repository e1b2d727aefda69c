"""Phones, triphones and transitions, against the files themselves."""

import struct
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from models.builder import BuildError
from models.builder.phones import NOISE, SILENCE, UNKNOWN, nearest_sequences
from models.builder.sphinx import Position, SphinxModel
from models.builder.transitions import TransitionTable, move_id, stay_id
from models.builder.transitions import transition_table as make_table
from tests.models.builder.nnet3 import AcousticModel


class TriphoneTree:
    """Finds triphones as PocketSphinx does: down the tree in `mdef`, which the builder skips."""

    def __init__(self, mdef: Path) -> None:
        data = mdef.read_bytes()
        at = 12 + struct.unpack_from("<i", data, 8)[0]
        phones, all_phones, *_, nodes, self.silence = struct.unpack_from("<10i", data, at)
        at = start = at + 40
        for _ in range(phones):
            at = data.index(b"\0", at) + 1
        at += -(at - start) % 4
        self.nodes = list(struct.iter_unpack("<hhi", data[at : at + 8 * nodes]))
        at += 8 * nodes
        self.phones = list(struct.iter_unpack("<ii4B", data[at : at + 12 * all_phones]))

    def find(self, position: int, base: int, left: int, right: int) -> int | None:
        """The senone sequence of a triphone that was seen in training."""
        first, count = 0, len(Position)
        for wanted in (position, base, self._heard_as(left), self._heard_as(right)):
            found = [node for node in self.nodes[first : first + count] if node[0] == wanted]
            if not found:
                return None
            _, count, first = found[0]
            if count == 0:
                return int(self.phones[first][0]) if first >= 0 else None
        raise AssertionError("the tree is four levels deep")

    def nearest(self, position: int, base: int, left: int, right: int) -> int:
        places = [position, *(place for place in range(4) if place != position)]
        for place in places:
            if (found := self.find(place, base, left, right)) is not None:
                return found
        left = self.silence if position in (Position.BEGIN, Position.SINGLE) else left
        right = self.silence if position in (Position.END, Position.SINGLE) else right
        for place in places:
            if (found := self.find(place, base, left, right)) is not None:
                return found
        return int(self.phones[base][0])

    def _heard_as(self, phone: int) -> int:
        return self.silence if self.phones[phone][2] else phone


def test_any_triphone_has_the_senones_that_pocketsphinx_gives_it(
    wheel: Path, sphinx_model: SphinxModel
) -> None:
    definition = sphinx_model.definition
    tree = TriphoneTree(wheel / "mdef")
    random = Random(1)
    speech = [base for base in range(42) if base not in definition.fillers]
    seen = set()
    for _ in range(40):
        base, position = random.choice(speech), random.choice(list(Position))
        table = nearest_sequences(definition, base, position)
        for left, right in [(random.randrange(42), random.randrange(42)) for _ in range(50)]:
            assert table[left, right] == tree.nearest(position, base, left, right)
            seen.add(tree.find(position, base, left, right) is None)
    assert seen == {True, False}


def test_a_word_is_spelled_in_phones_that_know_their_place(
    transition_table: TransitionTable,
) -> None:
    phones = transition_table.phones
    names = [phones[number].name for number in phones.of_word(["HH", "AH", "L", "OW"])]
    assert names == ["HH_B", "AH_I", "L_I", "OW_E"]
    assert phones[phones.of_word(["AY"])[0]].name == "AY_S"
    assert [phones[number].name for number in phones.of_word(["W", "IY"])] == ["W_B", "IY_E"]


def test_silence_and_noises_have_one_phone_each(transition_table: TransitionTable) -> None:
    phones = transition_table.phones
    assert len(phones) == 3 + 39 * 4
    assert phones.of_word(["SIL"]) == (SILENCE,)
    assert phones.of_word(["+SPN+"]) == (UNKNOWN,)
    assert phones.of_word(["+NSN+"]) == (NOISE,)
    silence = phones.definition.silence
    assert [phones.context(number) for number in (0, SILENCE, UNKNOWN, NOISE)] == [silence] * 4


def test_a_phone_that_does_not_exist_is_named(transition_table: TransitionTable) -> None:
    with pytest.raises(BuildError, match=r"no phone QQ \(in HH QQ\)"):
        transition_table.phones.of_word(["HH", "QQ"])


def test_a_phone_between_two_others_passes_through_its_senones(
    transition_table: TransitionTable, sphinx_model: SphinxModel
) -> None:
    table = transition_table
    first, second = table.phones.of_word(["W", "IY"])
    sequence = table.sequence_between(first, second, 0)
    senones = sphinx_model.definition.sequences[sequence].tolist()
    states = [table.triples[number - 1] for number in table.states_of(second, sequence)]
    assert [state.phone for state in states] == [second] * 3
    assert [state.state for state in states] == [0, 1, 2]
    assert [int(np.flatnonzero(table.pdfs == state.pdf)[0]) for state in states] == senones


def test_a_model_that_can_skip_a_state_is_refused(sphinx_model: SphinxModel) -> None:
    skipping = sphinx_model.transitions.copy()
    skipping[7, 0] = [0.5, 0.25, 0.25, 0.0]
    with pytest.raises(BuildError, match="not chains of 3 states"):
        make_table(replace(sphinx_model, transitions=skipping))


def test_pdfs_are_the_senones_sorted_by_codebook(
    transition_table: TransitionTable, sphinx_model: SphinxModel
) -> None:
    by_pdf = np.empty(5126, np.int64)
    by_pdf[transition_table.pdfs] = sphinx_model.definition.codebooks
    assert sorted(transition_table.pdfs.tolist()) == list(range(5126))
    assert (np.diff(by_pdf) >= 0).all()


def test_written_transitions_are_those_of_sphinx_and_sum_to_one(
    transition_table: TransitionTable, sphinx_model: SphinxModel, written: AcousticModel
) -> None:
    assert written.triples == sorted(set(written.triples)) == list(transition_table.triples)
    assert written.topology_phones == list(range(1, 160))
    logs = written.log_probabilities
    assert len(logs) == 1 + 2 * len(written.triples) == 1 + transition_table.transition_ids
    assert np.exp(logs[1::2]) + np.exp(logs[2::2]) == pytest.approx(1.0)
    for number, (phone, state, _) in enumerate(written.triples, 1):
        row = sphinx_model.transitions[transition_table.phones[phone].base, state]
        assert np.exp(logs[stay_id(number)]) == pytest.approx(row[state], rel=1e-5)
        assert np.exp(logs[move_id(number)]) == pytest.approx(row[state + 1], rel=1e-5)
