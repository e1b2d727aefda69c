"""Back-off n-gram language models of up to three words, as arrays.

The probability of a word after a history is that of the longest n-gram of the two that the model
holds; where it holds none, the history loses its first word and pays its back-off weight (Katz
1987).  All n-grams of one length are a `Level`; a history is named by its row in the level below,
so a million of them are looked up at once.

Logarithms are natural ones, here as in the graphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.builder import BuildError

BEGIN, END = "<s>", "</s>"
"""Stand before the first and after the last word of a sentence."""
MOST_LEVELS = 3

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Level:
    """The n-grams of one length, sorted by history, then word; none of them twice."""

    history: Rows
    """All words but the last, as a row of the level below; 0 for single words."""
    word: Rows
    """The last word, as a row of the first level."""
    log_prob: Floats
    """Of the word after this history; −228 for what is never said (`BEGIN`)."""
    back_off: Floats
    """The logarithm of what it costs to forget the n-gram's first word, as a history."""

    def __len__(self) -> int:
        return len(self.word)

    def taken(self, rows: NDArray[Any]) -> "Level":
        """These rows: their numbers, or whether each is taken."""
        return Level(self.history[rows], self.word[rows], self.log_prob[rows], self.back_off[rows])


@dataclass(frozen=True, slots=True)
class Ngrams:
    """A language model."""

    words: tuple[str, ...]
    """With `BEGIN` and `END`; the first level has exactly a row for each, in this order."""
    levels: tuple[Level, ...]
    """By length: single words, pairs, threes."""

    def row_of(self, word: str) -> int:
        """ValueError: the model does not have this word."""
        return self.words.index(word)

    def find(self, level: int, history: Rows, word: Rows) -> Rows:
        """The rows of n-grams in a level, −1 for those it does not hold."""
        count = len(self.words)
        held = self.levels[level].history * count + self.levels[level].word
        sought = history * count + word
        rows = np.searchsorted(held, sought)
        rows[rows == len(held)] = 0
        return np.where(held[rows] == sought, rows, -1) if len(held) else np.full_like(rows, -1)

    def shorter_log_probs(self, level: int) -> Floats:
        """Of every n-gram of a level: its word's after the history without its first word."""
        these, singles = self.levels[level], self.levels[0]
        if level == 1:
            return singles.log_prob[these.word]
        last = self.levels[1].word[these.history]
        pairs = self.find(1, last, these.word)
        backed_off = singles.back_off[last] + singles.log_prob[these.word]
        return np.where(pairs >= 0, self.levels[1].log_prob[pairs], backed_off)


def from_parts(words: Sequence[str], parts: Sequence[tuple[Rows, Floats, Floats]]) -> Ngrams:
    """A model from n-grams: the single words in the order of `words`, the others in any.

    `parts`: for each length the n-grams as rows of words (shape: count × length), their
    logarithmic probabilities and back-off weights.  A history that is no n-gram itself becomes
    one, with the probability it had through back-off.  BuildError: an n-gram twice, or
    no `BEGIN` or `END`.
    """
    for word in (BEGIN, END):
        if word not in words:
            raise BuildError(f"{word} is not among the single words")
    rows, log_probs, back_offs = parts[0]
    nothing = np.zeros(len(rows), np.int64)
    model = Ngrams(tuple(words), (Level(nothing, rows[:, 0], log_probs, back_offs),))
    for part in parts[1:]:
        # In order: neighbours are looked up close to each other, ten times as fast.
        order = np.lexsort(part[0].T[::-1])
        rows, log_probs, back_offs = part[0][order], part[1][order], part[2][order]
        if (np.diff(rows, axis=0) == 0).all(axis=1).any():
            raise BuildError("an n-gram stands in it twice")
        history = rows[:, 0]
        if len(model.levels) == 2:
            model = _with_pairs(model, rows[:, 0], rows[:, 1])
            history = model.find(1, rows[:, 0], rows[:, 1])
        level = Level(history, rows[:, -1], log_probs, back_offs)
        model = replace(model, levels=(*model.levels, level))
    return model


def _with_pairs(model: Ngrams, first: Rows, second: Rows) -> Ngrams:
    """The model with these pairs of words among its own, as probable as they are without."""
    missing = model.find(1, first, second) < 0
    count = len(model.words)
    keys = np.unique(first[missing] * count + second[missing])
    first, second = keys // count, keys % count
    singles, pairs = model.levels
    log_probs = singles.back_off[first] + singles.log_prob[second]
    columns = (
        (pairs.history, first),
        (pairs.word, second),
        (pairs.log_prob, log_probs),
        (pairs.back_off, np.zeros(len(keys))),
    )
    both: list[NDArray[Any]] = [np.concatenate(column) for column in columns]
    order = np.lexsort((both[1], both[0]))
    return replace(model, levels=(singles, Level(*both).taken(order)))
