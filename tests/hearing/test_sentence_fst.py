"""The sentences as libvosk takes them: beside noise or free speech, taught words spelled."""

import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from os_sim.asr import openfst
from os_sim.asr.openfst import FstArc, FstState, WrittenFst
from os_sim.asr.pronunciation import spelled, spells
from os_sim.asr.readings import UNKNOWN
from os_sim.asr.sentence_fst import Lexicon, fst_of
from os_sim.asr.sentence_graph import word_graph
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.sounds import PHONES, Phones
from os_sim.nlu.template import parse_template

WORDS = ("<eps>", UNKNOWN, "stop", "please", "call")
SPELLING = tuple(f"~{phone}_{place}" for phone in sorted(PHONES) for place in "BIES")
LABELS = {word: at for at, word in enumerate((*WORDS, *SPELLING))}
TOM: dict[str, tuple[Phones, ...]] = {"tom": (("T", "AA", "M"),)}
TWO_NAMES = TOM | {"todd": (("T", "AA", "D"), ("T", "AO", "D"))}


def written(
    template: str,
    path: Path,
    taught: Mapping[str, tuple[Phones, ...]] | None = None,
    free: WrittenFst | None = None,
) -> tuple[list[FstState], int, dict[int, str]]:
    """The states in the file, the first of them, and the words by their labels."""
    lexicon = Lexicon(LABELS, taught or {})
    sentences = Sentences("test", "test", (parse_template(template),), {})
    states, before = fst_of(word_graph([sentences], lexicon.knows), lexicon, free)
    openfst.write_vector(path, states, before)
    start = openfst.read_written(path).start
    words = {label: word for word, label in lexicon.all_labels().items()}
    return openfst.read_vector(path), start, words


def ngram(path: Path) -> WrittenFst:
    """Two words in any order, from the state after the beginning."""
    stop, please = LABELS["stop"], LABELS["please"]
    loop = [FstArc(stop, stop, 1.0, 0), FstArc(please, please, 2.0, 0)]
    after_beginning = FstState(arcs=[FstArc(0, 0, 0.5, 0)])
    openfst.write_vector(path, [FstState(0.0, loop), after_beginning])
    body = openfst.read_written(path)
    return WrittenFst(1, body.state_count, body.states)


def spoken_as(states: list[FstState], start: int, words: dict[int, str]) -> dict[str, float]:
    """By what is read and what is written: the probability of each path without a loop."""
    found: dict[str, float] = {}
    pending: list[tuple[int, tuple[str, ...], tuple[str, ...], float]] = [(start, (), (), 0.0)]
    while pending:
        state, read, wrote, cost = pending.pop()
        if math.isfinite(states[state].final_cost):
            key = f"{' '.join(read)} → {' '.join(wrote)}"
            found[key] = found.get(key, 0.0) + math.exp(-cost - states[state].final_cost)
        for label, output, further, to in states[state].arcs:
            said = (*read, words[label]) if label else read
            told = (*wrote, words[output]) if output else wrote
            if len(said) <= 8:
                pending.append((to, said, told, cost + further))
    return found


def test_a_model_without_free_speech_hears_other_talk_as_noise(tmp_path: Path) -> None:
    states, start, _ = written("[please] stop", tmp_path / "Gr.fst")
    assert start == 0
    assert [arc.label for arc in states[0].arcs] == sorted([0, LABELS["stop"], LABELS["please"]])
    assert {arc.output for arc in states[-1].arcs} == {LABELS[UNKNOWN]}
    assert {arc.to for arc in states[-1].arcs} == {len(states) - 1}
    assert openfst.read_words(tmp_path / "Gr.fst") is None


def test_free_speech_stands_beside_the_sentences(tmp_path: Path) -> None:
    free = ngram(tmp_path / "n.fst")
    states, start, words = written("please stop", tmp_path / "Gr.fst", free=free)
    assert start == free.state_count
    assert states[: free.state_count] == openfst.read_vector(tmp_path / "n.fst")
    paths = spoken_as(states, start, words)
    assert paths["please stop → please stop"] > 0.2
    assert 0 < paths["stop stop please → stop stop please"] < 0.1
    assert openfst.state_count(tmp_path / "Gr.fst") == len(states)


def test_a_taught_word_is_a_path_of_its_sounds(tmp_path: Path) -> None:
    states, start, words = written("call tom", tmp_path / "Gr.fst", TOM)
    paths = spoken_as(states, start, words)
    assert paths["call ~T_B ~AA_I ~M_E → call tom"] == pytest.approx(1)
    assert all("tom" not in path.split("→")[0] for path in paths)


def test_taught_words_share_their_beginnings_and_their_ways_the_probability(
    tmp_path: Path,
) -> None:
    states, start, words = written("call (tom|todd)", tmp_path / "Gr.fst", TWO_NAMES)
    paths = spoken_as(states, start, words)
    # Softened: the square root of a half; and half of that for each of two ways.
    assert paths["call ~T_B ~AA_I ~M_E → call tom"] == pytest.approx(0.5**0.5)
    assert paths["call ~T_B ~AA_I ~D_E → call todd"] == pytest.approx(0.5**1.5)
    assert paths["call ~T_B ~AO_I ~D_E → call todd"] == pytest.approx(0.5**1.5)
    begins = [arc for state in states for arc in state.arcs if words[arc.label] == "~T_B"]
    assert len(begins) == 1


@pytest.mark.parametrize(
    "ways",
    [
        {"may": (("M", "EY"),), "mae": (("M", "EY"),)},
        {"oh": (("OW",),), "ohm": (("OW", "M"),)},
        {"an": (("AE", "N"),), "anna": (("AE", "N", "AH"),)},
    ],
    ids=["words that sound alike", "a single sound", "one that begins another"],
)
def test_words_that_are_hard_to_tell_apart_are_each_there(
    ways: dict[str, tuple[Phones, ...]], tmp_path: Path
) -> None:
    one, other = ways
    states, start, words = written(f"call ({one}|{other})", tmp_path / "Gr.fst", ways)
    paths = spoken_as(states, start, words)
    for word in (one, other):
        sounds = " ".join(spelled(ways[word][0]))
        assert paths[f"call {sounds} → call {word}"] == pytest.approx(0.5**0.5)


def test_taught_words_are_heard_in_free_speech_too(tmp_path: Path) -> None:
    free = ngram(tmp_path / "n.fst")
    states, start, words = written("please stop", tmp_path / "Gr.fst", TOM, free)
    paths = spoken_as(states, start, words)
    assert paths["stop ~T_B ~AA_I ~M_E please → stop tom please"] > 0
    assert [arc.label for arc in states[0].arcs] == sorted(arc.label for arc in states[0].arcs)


def test_a_known_word_may_be_said_in_a_further_way(tmp_path: Path) -> None:
    states, start, words = written("call stop", tmp_path / "Gr.fst", {"stop": (("T", "AA"),)})
    paths = spoken_as(states, start, words)
    assert paths["call stop → call stop"] == paths["call ~T_B ~AA_E → call stop"]


def test_ten_thousand_taught_words_are_a_tree(tmp_path: Path) -> None:
    vowels, others = ("AA", "IY", "UW", "EH"), ("B", "D", "G", "K", "L", "M", "N", "P", "S", "T")
    names = {
        f"name{a}{b}{c}{d}{e}": ((a, b, c, d, e),)
        for a in others
        for b in vowels
        for c in others
        for d in (*vowels, "ER")
        for e in (*others[:5],)
    }
    assert len(names) == 10_000
    states, *_ = written("stop", tmp_path / "Gr.fst", names, ngram(tmp_path / "n.fst"))
    assert len(states) < 12_000
    assert max(len(state.arcs) for state in states) <= 12


def test_a_model_that_cannot_spell_is_recognised() -> None:
    assert spells(LABELS)
    assert not spells({word: label for word, label in LABELS.items() if word != "~ZH_S"})
