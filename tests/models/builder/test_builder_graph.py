"""The graph of a small model: its files against the dictionary and the acoustic model."""

import math
import re
from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from models.builder import BuildError
from models.builder.lexicon import read_dictionary
from models.builder.transitions import TransitionTable
from tests.models.builder import lookahead_file, nnet3, small_models
from tests.models.builder.lookahead_file import LookaheadFst
from tests.models.builder.nnet3 import AcousticModel


@pytest.fixture(scope="module")
def acoustic(small_lookahead: Path) -> AcousticModel:
    return nnet3.read(small_lookahead / "am/final.mdl")


@pytest.fixture(scope="module")
def graph(small_lookahead: Path) -> LookaheadFst:
    return lookahead_file.read(small_lookahead / "graph/HCLr.fst")


@pytest.fixture(scope="module")
def words(small_lookahead: Path) -> dict[int, str]:
    lines = (small_lookahead / "graph/words.txt").read_text().splitlines()
    return {int(label): word for word, label in map(str.split, lines)}


@pytest.fixture(scope="module")
def dictionary(wheel: Path) -> dict[str, set[tuple[str, ...]]]:
    """CMUdict, read by other means."""
    found = defaultdict(set)
    for line in (wheel.parent / "cmudict-en-us.dict").open(encoding="utf-8"):
        if match := re.fullmatch(r"(\S+?)(?:\(\d+\))? (.+)\n", line):
            found[match[1]].add(tuple(match[2].split()))
    return found


class Spoken:
    """What a path through the graph reads and writes."""

    def __init__(
        self, path: list[lookahead_file.Arc], acoustic: AcousticModel, phones: dict[int, str]
    ) -> None:
        moves = [arc.input for arc in path if 0 < arc.input <= 2 * len(acoustic.triples)]
        assert all(move % 2 == 0 for move in moves)  # no loop was taken
        states = [acoustic.triples[move // 2 - 1] for move in moves]
        self.phones = [states[at][0] for at in range(0, len(states), 3)]
        starts = range(0, len(states), 3)
        self.pdfs = [tuple(pdf for *_, pdf in states[at : at + 3]) for at in starts]
        for at, (phone, state, _) in enumerate(states):
            assert (phone, state) == (self.phones[at // 3], at % 3)
        self.words = [arc.output for arc in path if arc.output]
        self.names = [phones[phone] for phone in self.phones]

    def pronounced(self) -> list[tuple[str, ...]]:
        """The phones between the ends of words; silence is not one."""
        found: list[tuple[str, ...]] = []
        inside: list[str] = []
        for name in self.names:
            if name == "SIL":
                assert not inside
                continue
            base, _, position = name.partition("_")
            assert (position in "BS") == (not inside)
            inside.append(base)
            if position in ("E", "S", ""):
                found.append(tuple(inside))
                inside = []
        assert not inside
        return found


@pytest.fixture(scope="module")
def paths(
    graph: LookaheadFst, acoustic: AcousticModel, transition_table: TransitionTable
) -> list[Spoken]:
    names = {phone.id: phone.name for phone in transition_table.phones}
    random = Random(7)
    return [
        Spoken(lookahead_file.walk(graph, random, words=6), acoustic, names) for _ in range(400)
    ]


def test_a_path_has_the_phones_of_the_words_it_writes(
    paths: list[Spoken], words: dict[int, str], dictionary: dict[str, set[tuple[str, ...]]]
) -> None:
    heard = set()
    for path in paths:
        written = joined([words[label] for label in path.words])
        assert len(written) == len(path.pronounced())
        for word, phones in zip(written, path.pronounced(), strict=True):
            if isinstance(word, tuple):
                assert word == phones
            elif word == "[unk]":
                assert phones == ("SPN",)
            else:
                assert phones in dictionary[word]
            heard.add(word if isinstance(word, str) else "spelled")
    # Each word, homophones too, can be had.
    assert heard == {"spelled", "[unk]", *small_models.KNOWN}


def joined(words: list[str]) -> list[str | tuple[str, ...]]:
    """Pseudo-words put together: the phones that they name."""
    found: list[str | tuple[str, ...]] = []
    inside: list[str] = []
    for word in words:
        if word.startswith("~"):
            base, position = word[1:].split("_")
            assert (position in "BS") == (not inside)
            inside.append(base)
            if position in "ES":
                found.append(tuple(inside))
                inside = []
        else:
            assert not inside
            found.append(word)
    assert not inside
    return found


def test_every_phone_has_the_senones_that_its_neighbours_ask_for(
    paths: list[Spoken], transition_table: TransitionTable
) -> None:
    table = transition_table
    for path in paths:
        edges = [0, *path.phones, 0]
        for left, phone, right, pdfs in zip(edges, path.phones, edges[2:], path.pdfs, strict=False):
            sequence = table.sequence_between(left, phone, right)
            senones = table.phones.definition.sequences[sequence]
            assert tuple(table.pdfs[senones].tolist()) == pdfs


def test_a_state_can_be_stayed_in_as_long_as_its_transitions_say(
    graph: LookaheadFst, acoustic: AcousticModel
) -> None:
    entered: dict[int, set[int]] = defaultdict(set)
    for arcs in graph.arcs:
        for arc in arcs:
            if arc.input in range(2, 2 * len(acoustic.triples) + 1, 2):
                entered[arc.target].add(arc.input)
    for state, arcs in enumerate(graph.arcs):
        loops = {arc.input: arc for arc in arcs if arc.target == state}
        assert loops.keys() == {move - 1 for move in entered[state]}
        assert len(loops) <= 1
        for stay, loop in loops.items():
            assert loop.cost == pytest.approx(-0.1 * acoustic.log_probabilities[stay], rel=1e-3)
            assert loop.output == 0


def test_what_a_state_leads_to_is_what_can_be_written_next(graph: LookaheadFst) -> None:
    for state in Random(8).sample(range(len(graph.arcs)), 1_000):
        silent = list(lookahead_file.silently(graph, state))
        wanted = {arc.output for one in silent for arc in graph.arcs[one] if arc.output}
        if any(graph.finals[one] < math.inf for one in silent):
            wanted.add(graph.end)
        assert graph.reached[state] == wanted


def test_symbols_that_mean_nothing_are_listed_and_are_no_transitions(
    small_lookahead: Path, graph: LookaheadFst, acoustic: AcousticModel
) -> None:
    listed = set(map(int, (small_lookahead / "graph/disambig_tid.int").read_text().split()))
    top = 2 * len(acoustic.triples)
    read = {arc.input for arcs in graph.arcs for arc in arcs}
    assert {label for label in read if label > top} <= listed
    assert min(listed) > top


def test_the_boundaries_of_words_fit_the_names_of_phones(
    small_lookahead: Path, transition_table: TransitionTable
) -> None:
    lines = (small_lookahead / "graph/phones/word_boundary.int").read_text().splitlines()
    found = {int(phone): kind for phone, kind in map(str.split, lines)}
    kinds = {"B": "begin", "I": "internal", "E": "end", "S": "singleton"}
    other = {"SIL": "nonword", "SPN": "singleton", "NSN": "nonword"}
    for phone in transition_table.phones:
        assert found.pop(phone.id) == (other.get(phone.name) or kinds[phone.name[-1]])
    assert not found


def test_the_same_words_make_the_same_bytes(small_lookahead: Path, tmp_path: Path) -> None:
    again = small_models.build(tmp_path / "again", "lookahead")
    files = [path for path in small_lookahead.rglob("*") if path.is_file()]
    assert len(files) == 9
    for file in files:
        assert file.read_bytes() == (again / file.relative_to(small_lookahead)).read_bytes(), file


def test_a_word_that_the_dictionary_lacks_is_told_in_one_line(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("stop\nblorft\n")
    done = small_models.run("--words", str(words), "--into", str(tmp_path / "model"))
    assert done.returncode == 1
    assert done.stderr == "The model can't be built: the dictionary does not have blorft.\n"


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("stop\n")
    done = small_models.run("--words", str(words), "--into", str(tmp_path))
    assert done.returncode == 1
    assert "is not empty and not a model; choose another folder" in done.stderr
    assert words.exists()


def test_a_word_without_a_pronunciation_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "some.dict"
    file.write_text("read R IY D\nread(2) R EH D\nstop\n")
    with pytest.raises(BuildError, match=r"some\.dict:3: stop has no pronunciation"):
        read_dictionary(file)
    file.write_text("read R IY D\nread(2) R EH D\n")
    assert read_dictionary(file) == {"read": (("R", "IY", "D"), ("R", "EH", "D"))}
    with pytest.raises(BuildError, match=r"missing\.dict cannot be read"):
        read_dictionary(tmp_path / "missing.dict")
