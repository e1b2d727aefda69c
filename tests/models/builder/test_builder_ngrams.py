"""Language models: read from two forms, and made smaller."""

import math
import random
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.builder import BuildError
from models.builder.ngram import Ngrams
from models.builder.ngram_arpa import read_arpa
from models.builder.ngram_pruning import cut_to, growths, normalised, pruned
from models.builder.ngram_trie import read_trie
from tests.models.builder.arpa import HELD_OUT, TEXT, dictionaries, sentences_of, trained


@pytest.fixture(scope="module")
def arpa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained().write(tmp_path_factory.mktemp("arpa") / "small.arpa")


@pytest.fixture(scope="module")
def small(arpa: Path) -> Ngrams:
    return normalised(read_arpa(arpa))


@pytest.fixture(scope="module")
def trie(arpa: Path) -> Path:
    """The same model in the binary form, written by PocketSphinx."""
    path = arpa.with_suffix(".lm.bin")
    _sphinx_model(arpa).write(str(path))
    return path


def test_a_sentence_is_as_probable_as_the_arpa_text_says(small: Ngrams) -> None:
    read, written = dictionaries(small), trained()
    for sentence in (*TEXT, *HELD_OUT, *sentences_of(["the", "garden", "sings", "in"], 3)):
        expected = written.sentence_log10(sentence)
        assert read.sentence_log10(sentence) == pytest.approx(expected, abs=1e-6)


def test_pocketsphinx_binary_form_says_the_same_as_the_text(arpa: Path, trie: Path) -> None:
    read, expected = dictionaries(read_trie(trie)), trained()
    assert set(expected.log_probs) == set(read.log_probs)
    for ngram, log_prob in expected.log_probs.items():
        assert read.log_probs[ngram] == pytest.approx(log_prob, abs=2e-3)
        weight = expected.back_offs.get(ngram, 0.0)
        assert read.back_offs[ngram] == pytest.approx(weight, abs=2e-3)


def test_a_pair_that_only_begins_threes_is_as_probable_as_through_back_off(tmp_path: Path) -> None:
    katz = trained()
    lost = ("in", "the")
    del katz.log_probs[lost], katz.back_offs[lost]
    read = dictionaries(read_arpa(katz.write(tmp_path / "gap.arpa")))
    assert read.log_probs[lost] == pytest.approx(katz.log10(("in",), "the"), abs=1e-6)


@pytest.mark.parametrize("threshold", [1e-4, 1e-3, 1e-2])
def test_after_every_history_probabilities_add_up_to_one(small: Ngrams, threshold: float) -> None:
    smaller = pruned(small, threshold)
    assert 0 < sum(map(len, smaller.levels[1:])) < sum(map(len, small.levels[1:]))
    for history, total in dictionaries(smaller).history_sums().items():
        assert total == pytest.approx(1, abs=1e-6), history


def test_probabilities_that_add_up_to_more_than_one_are_brought_down(small: Ngrams) -> None:
    pairs = replace(small.levels[1], log_prob=small.levels[1].log_prob + 0.7)
    right = normalised(replace(small, levels=(small.levels[0], pairs, small.levels[2])))
    for history, total in dictionaries(right).history_sums().items():
        assert total == pytest.approx(1, abs=1e-4), history


@pytest.mark.parametrize("level", [1, 2])
def test_an_ngram_counts_by_how_much_the_perplexity_grows_without_it(
    small: Ngrams, level: int
) -> None:
    """Checked by leaving each out and comparing both models word by word."""
    small = cut_to(small, level + 1)
    before = dictionaries(small)
    for row, growth in enumerate(growths(small, level)):
        keep = np.arange(len(small.levels[level])) != row
        levels = (*small.levels[:level], small.levels[level].taken(keep))
        after = dictionaries(normalised(replace(small, levels=levels)))
        history = _words_of(small, level, row)[:-1]
        chain = ("</s>", *history[1:]) if history[0] == "<s>" else history[:1] + history[1:]
        share = 10 ** before.log10((), chain[0])
        if level == 2:
            share *= 10 ** before.log10(history[:1], history[1])
        divergence = sum(
            10 ** before.log10(history, word)
            * (before.log10(history, word) - after.log10(history, word))
            * math.log(10)
            for word in before.words()
        )
        assert growth == pytest.approx(math.expm1(share * divergence), abs=1e-9)


def test_pruning_costs_less_perplexity_than_leaving_out_as_many_at_random(small: Ngrams) -> None:
    smaller = pruned(small, 3e-3)
    keep = np.arange(len(small.levels[2])) < len(smaller.levels[2])
    luck = random.Random(0)
    luck.shuffle(order := list(range(len(keep))))
    levels = (*small.levels[:2], small.levels[2].taken(keep[order]))
    at_random = normalised(replace(small, levels=levels))
    sentences = [*TEXT]
    perplexities = [dictionaries(m).perplexity(sentences) for m in (small, smaller, at_random)]
    assert perplexities[0] < perplexities[1] < perplexities[2]


def test_pruning_hardly_changes_what_a_text_nobody_has_seen_costs(small: Ngrams) -> None:
    smaller = pruned(small, 1e-3)
    before, after = (dictionaries(model).perplexity(HELD_OUT) for model in (small, smaller))
    assert after == pytest.approx(before, rel=0.1)


def test_the_wheels_model_is_read_as_pocketsphinx_reads_it(wheel: Path) -> None:
    path = wheel.parent / "en-us.lm.bin"
    read, theirs = read_trie(path), _sphinx_model(path)
    choose = random.Random(0)
    for number, level in enumerate(read.levels):
        for row in [choose.randrange(len(level)) for _ in range(200)]:
            words = _words_of(read, number, row)
            expected = theirs.prob(list(reversed(words))) * math.log(1.0001)
            assert level.log_prob[row] == pytest.approx(expected, abs=1e-3), words


@pytest.mark.parametrize(
    ("line", "instead", "says"),
    [
        ("\\2-grams:", "", r":\d+: here should be \\2-grams:"),
        ("\\end\\", "", "the text ends too soon"),
        ("\\data\\", "", "the text ends too soon"),
        ("ngram 2=", "ngram 2=1", r":\d+: here should be 2 words"),
        ("the radio\t", "the\t", r":\d+: the word '-0"),
        ("the radio", "the gramophone", r":\d+: the word 'gramophone' is not among"),
        ("the radio", "the rain", "an n-gram stands in it twice"),
        ("\train", "\tradio", r":\d+: 'radio' stands here for the second time"),
        ("</s>", "end", "</s> is not among the single words"),
        ("-99.", "ninety.", r":\d+: 'ninety"),
        ("-99.", "nan\t", r":\d+: "),
        ("-1.", "1.", r":\d+: a probability above one"),
        ("ngram 3=", "ngram 3=9999999999", r":\d+: here should be 3 words"),
    ],
)
def test_a_damaged_text_is_named_with_its_line(
    arpa: Path, tmp_path: Path, line: str, instead: str, says: str
) -> None:
    text = arpa.read_text()
    assert line in text
    damaged = tmp_path / "damaged.arpa"
    damaged.write_text(text.replace(line, instead))
    with pytest.raises(BuildError, match=says) as error:
        read_arpa(damaged)
    assert "damaged.arpa" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("share", [0.001, 0.5, 0.999])
def test_a_binary_model_that_is_cut_short_is_refused_in_one_sentence(
    trie: Path, tmp_path: Path, share: float
) -> None:
    data = trie.read_bytes()
    damaged = tmp_path / "damaged.lm.bin"
    damaged.write_bytes(data[: int(share * len(data))])
    with pytest.raises(BuildError, match=r"damaged\.lm\.bin is cut short or damaged"):
        read_trie(damaged)


def test_a_binary_model_with_changed_bytes_is_read_or_refused_but_nothing_worse(
    trie: Path, tmp_path: Path
) -> None:
    data, damaged = trie.read_bytes(), tmp_path / "damaged.lm.bin"
    after_tables = len(data) - 2_000
    for at in (*range(19, 40), *range(after_tables, len(data), 37)):
        damaged.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            read = read_trie(damaged)
        except BuildError as error:
            assert "damaged.lm.bin" in str(error)
        else:
            assert len(read.words) == len(read.levels[0])


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"nowhere\.lm\.bin cannot be read"):
        read_trie(tmp_path / "nowhere.lm.bin")


def test_a_file_of_another_kind_is_no_binary_model(arpa: Path) -> None:
    with pytest.raises(BuildError, match="is not a binary language model of CMU Sphinx"):
        read_trie(arpa)


def _sphinx_model(path: Path) -> Any:
    pocketsphinx = import_module("pocketsphinx")  # has no types
    return pocketsphinx.NGramModel(pocketsphinx.Config(), pocketsphinx.LogMath(), str(path))


def _words_of(model: Ngrams, level: int, row: int) -> tuple[str, ...]:
    these = model.levels[level]
    before = _words_of(model, level - 1, int(these.history[row])) if level else ()
    return (*before, model.words[these.word[row]])
