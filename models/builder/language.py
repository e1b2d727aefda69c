"""The graph of free speech: which words follow which, of all the words of the dictionary.

PocketSphinx brings a language model of three words with it, 3.7 million n-grams.  What is kept of
it are the words that the dictionary pronounces, and as many n-grams as fit.  Words of the
dictionary that the language model has never seen share a small probability.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.builder.ngram import BEGIN, END, Level, Ngrams
from models.builder.ngram_arpa import read_arpa
from models.builder.ngram_graph import graph_of, write_graph
from models.builder.ngram_pruning import normalised, pruned
from models.builder.ngram_trie import is_trie, read_trie

PRUNED = 4e-7
"""How much the perplexity may grow for one n-gram left out: 10 MB."""
_UNSEEN_SHARE = 0.005
"""How probable it is that a word is one that the language model lacks."""
SCALE = 0.6
"""What all costs are multiplied by: libvosk weighs words 14 times as heavy as a frame of sound
(the model's acoustic scale of 0.07), which is too much."""


def write_language_model(source: Path, words: Mapping[str, int], path: Path) -> None:
    """Write `Gr.fst` for the words of a model (`words.txt`) from PocketSphinx' `*.lm.bin`.

    Of `words` all can be said that are not Kaldi's or ours: `<eps>`, `[unk]`, `#0`, `~T_B`.
    `source` may also be in ARPA's form.  The same bytes every time.  BuildError: `source`
    is damaged.
    """
    write_graph(graph_of(free_speech(source, words), words), path, SCALE)


def free_speech(source: Path, words: Iterable[str], threshold: float = PRUNED) -> Ngrams:
    """The model that `write_language_model` writes."""
    said = [word for word in words if word[0] not in "<[#~"]
    read = read_trie if is_trie(source) else read_arpa
    return pruned(normalised(with_words(read(source), said)), threshold)


def with_words(model: Ngrams, words: Iterable[str]) -> Ngrams:
    """A model of exactly these words: n-grams with others go, words it lacks share a little."""
    wanted = {BEGIN, END, *words}
    unseen = sorted(wanted.difference(model.words))
    known = np.array([word in wanted for word in model.words])
    names = (*(word for word in model.words if word in wanted), *unseen)
    singles = model.levels[0].taken(known)
    share = np.full(len(unseen), np.log(_UNSEEN_SHARE / max(1, len(unseen))))
    levels = [
        Level(
            np.zeros(len(names), np.int64),
            np.arange(len(names)),
            np.append(singles.log_prob, share),
            np.append(singles.back_off, np.zeros(len(unseen))),
        )
    ]
    word_rows = np.cumsum(known) - 1
    keep, rows = known, word_rows
    for level in model.levels[1:]:
        keep_below, rows_below = keep, rows
        keep = keep_below[level.history] & known[level.word]
        rows = np.cumsum(keep) - 1
        kept = level.taken(keep)
        levels.append(replace(kept, history=rows_below[kept.history], word=word_rows[kept.word]))
    return Ngrams(names, tuple(levels))
