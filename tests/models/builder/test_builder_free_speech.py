"""The graph of free speech: what it can say, and what that costs."""

import math
from pathlib import Path

import pytest

from models.builder import BuildError
from models.builder.language import SCALE, free_speech, write_language_model
from models.builder.ngram_arpa import read_arpa
from models.builder.ngram_graph import graph_of, write_graph
from models.builder.ngram_pruning import cut_to, normalised, pruned
from os_sim.asr import openfst
from os_sim.asr.openfst import FstState
from tests.models.builder.arpa import HELD_OUT, TEXT, dictionaries, sentences_of, trained

KALDIS = ("<eps>", "[unk]", "~T_B", "~AA_I")
NEAR = 0.01
"""Twenty arcs, each rounded by up to 1/2048."""
NOT_IN_THE_TEXT = ("thermostat", "umbrella", "zoo")


@pytest.fixture(scope="module")
def arpa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained().write(tmp_path_factory.mktemp("arpa") / "small.arpa")


@pytest.fixture(scope="module")
def labels() -> dict[str, int]:
    """Of Kaldi's symbols, the text's words but "radio", and some more; in no order."""
    words = sorted({word for line in TEXT for word in line.split()} - {"radio"})
    names = [*KALDIS, *words[::2], *NOT_IN_THE_TEXT, *words[1::2]]
    return {word: label for label, word in enumerate(names)}


class Walk:
    """Through a graph word by word: from each state over the word's arc, or else back off."""

    def __init__(self, path: Path, labels: dict[str, int]) -> None:
        self.states = openfst.read_vector(path)
        self.start = openfst.read_written(path).start
        self.labels = labels

    def cost(self, sentence: str) -> float:
        """Infinite if it is not in the graph."""
        state, total = self.start, 0.0
        for word in sentence.split():
            label = self.labels[word]
            while not (arcs := [a for a in self.states[state].arcs if a.label == label]):
                state, price = self._back_off(self.states[state])
                total += price
                if state < 0:
                    return math.inf
            (arc,) = arcs
            assert arc.output == label
            state, total = arc.to, total + arc.cost
        while math.isinf(self.states[state].final_cost):
            state, price = self._back_off(self.states[state])
            total += price
        return total + self.states[state].final_cost

    def _back_off(self, state: FstState) -> tuple[int, float]:
        found = [(arc.to, arc.cost) for arc in state.arcs if arc.label == 0]
        assert len(found) <= 1
        return found[0] if found else (-1, math.inf)


@pytest.mark.parametrize("threshold", [-1.0, 1e-3, 1e-2])
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_a_path_costs_what_the_model_says(
    arpa: Path, tmp_path: Path, threshold: float, levels: int
) -> None:
    model = pruned(cut_to(normalised(read_arpa(arpa)), levels), threshold)
    words = {word: number for number, word in enumerate(model.words, start=1)}
    write_graph(graph_of(model, words), tmp_path / "Gr.fst", scale=0.5)
    walk, katz = Walk(tmp_path / "Gr.fst", words), dictionaries(model)
    odd_ones = sentences_of(["the", "garden", "sings", "in"], 4)
    for sentence in (*TEXT, *HELD_OUT, *odd_ones):
        expected = -katz.sentence_log10(sentence) * math.log(10) * 0.5
        assert walk.cost(sentence) == pytest.approx(expected, abs=NEAR), sentence


def test_every_arc_is_sorted_and_every_state_can_be_reached(
    arpa: Path, labels: dict[str, int], tmp_path: Path
) -> None:
    write_language_model(arpa, labels, tmp_path / "Gr.fst")
    walk = Walk(tmp_path / "Gr.fst", labels)
    for state in walk.states:
        sorted_labels = [arc.label for arc in state.arcs]
        assert sorted_labels == sorted(set(sorted_labels))
    reached, pending = {walk.start}, [walk.start]
    while pending:
        for arc in walk.states[pending.pop()].arcs:
            if arc.to not in reached:
                reached.add(arc.to)
                pending.append(arc.to)
    assert reached == set(range(len(walk.states)))


def test_all_words_of_the_dictionary_can_be_said_and_no_others(
    arpa: Path, labels: dict[str, int], tmp_path: Path
) -> None:
    write_language_model(arpa, labels, tmp_path / "Gr.fst")
    walk = Walk(tmp_path / "Gr.fst", labels)
    for word in set(labels) - set(KALDIS):
        assert math.isfinite(walk.cost(f"the {word}")), word
    used = {arc.label for state in walk.states for arc in state.arcs}
    assert used == {0, *(labels[word] for word in set(labels) - set(KALDIS))}


def test_words_that_the_language_model_lacks_share_a_little(
    arpa: Path, labels: dict[str, int]
) -> None:
    katz = dictionaries(free_speech(arpa, labels))
    new = [10 ** katz.log10((), word) for word in NOT_IN_THE_TEXT]
    assert new[0] == new[1] == new[2]
    assert 0.001 < sum(new) < 0.01
    assert ("radio",) not in katz.log_probs
    for history, total in katz.history_sums().items():
        assert total == pytest.approx(1, abs=1e-6), history


def test_an_unpruned_model_is_the_text_s_own_but_for_the_words_it_gained_and_lost(
    arpa: Path,
) -> None:
    words = {word for line in TEXT for word in line.split()}
    katz = dictionaries(free_speech(arpa, words, threshold=-1))
    for sentence in (*TEXT, *HELD_OUT):
        expected = trained().sentence_log10(sentence)
        assert katz.sentence_log10(sentence) == pytest.approx(expected, abs=1e-6)


def test_the_same_model_gives_the_same_bytes(
    arpa: Path, labels: dict[str, int], tmp_path: Path
) -> None:
    shuffled = dict(sorted(labels.items(), reverse=True))
    for name, words in (("one", labels), ("two", shuffled)):
        write_language_model(arpa, words, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_source_that_is_no_language_model_is_named(
    labels: dict[str, int], tmp_path: Path
) -> None:
    source = tmp_path / "letter.txt"
    source.write_text("Dear Anna,\nthank you for your letter.\n")
    with pytest.raises(BuildError, match=r"letter\.txt:2: the text ends too soon"):
        write_language_model(source, labels, tmp_path / "Gr.fst")
    assert not (tmp_path / "Gr.fst").exists()


def test_costs_are_scaled_as_the_models_acoustic_scale_wants_it(
    arpa: Path, labels: dict[str, int], tmp_path: Path
) -> None:
    write_language_model(arpa, labels, tmp_path / "Gr.fst")
    katz = dictionaries(free_speech(arpa, labels))
    sentence = "she plays the piano"
    expected = -katz.sentence_log10(sentence) * math.log(10) * SCALE
    assert Walk(tmp_path / "Gr.fst", labels).cost(sentence) == pytest.approx(expected, abs=NEAR)
