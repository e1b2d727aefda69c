"""Makes a back-off model smaller: n-grams go that change what it says least.

The measure is Stolcke's (1998, "Entropy-based pruning of backoff language models"): by how much
the model's perplexity grows when one n-gram is left to back-off and its history's back-off weight
is computed anew.  Longest n-grams are judged first; a history of one that stays, stays too.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.builder.ngram import BEGIN, END, Floats, Level, Ngrams

_MOST_SEEN = 0.9999
"""Of a history's probability; the rest is for what was never seen after it."""


def normalised(model: Ngrams) -> Ngrams:
    """The same n-grams; the probabilities after each history add up to one."""
    singles = model.levels[0]
    total = np.logaddexp.reduce(singles.log_prob)
    model = replace(
        model, levels=(replace(singles, log_prob=singles.log_prob - total), *model.levels[1:])
    )
    for level in range(1, len(model.levels)):
        model = _with_back_offs(model, level)
    return model


def pruned(model: Ngrams, threshold: float) -> Ngrams:
    """Without the n-grams that raise a `normalised` model's perplexity by less than this share."""
    for level in range(len(model.levels) - 1, 0, -1):
        keep = growths(model, level) >= threshold
        if level + 1 < len(model.levels):
            keep[model.levels[level + 1].history] = True
        rows = np.cumsum(keep) - 1
        levels = list(model.levels)
        levels[level] = levels[level].taken(keep)
        if level + 1 < len(levels):
            above = levels[level + 1]
            levels[level + 1] = replace(above, history=rows[above.history])
        model = replace(model, levels=tuple(levels))
    return normalised(model)


def growths(model: Ngrams, level: int) -> Floats:
    """By n-gram of a level: by which share the perplexity grows without it.

    That is e^D − 1 of the divergence D (Kullback and Leibler's; Stolcke's equation 5).
    """
    these, below = model.levels[level], model.levels[level - 1]
    prob, shorter = np.exp(these.log_prob), np.exp(model.shorter_log_probs(level))
    unseen = _rest(_sums(these, prob, len(below)))[these.history]
    unseen_shorter = _rest(_sums(these, shorter, len(below)))[these.history]
    before = np.log(unseen / unseen_shorter)
    after = np.log((unseen + prob) / (unseen_shorter + shorter))
    change = prob * (np.log(shorter) + after - these.log_prob) + unseen * (after - before)
    histories = np.exp(_history_log_probs(model, level - 1))
    grown: NDArray[np.float64] = np.expm1(-histories[these.history] * change)
    return grown


def cut_to(model: Ngrams, levels: int) -> Ngrams:
    """With n-grams of no more words than this."""
    *shorter, longest = model.levels[:levels]
    longest = replace(longest, back_off=np.zeros(len(longest)))
    return replace(model, levels=(*shorter, longest))


def _with_back_offs(model: Ngrams, level: int) -> Ngrams:
    """Weights for the histories of a level, so that what follows each adds up to one."""
    these, below = model.levels[level], model.levels[level - 1]
    seen = _sums(these, np.exp(these.log_prob), len(below))
    # Probabilities that were rounded may add up to more than one.
    excess = np.maximum(seen / _MOST_SEEN, 1.0)
    log_prob = these.log_prob - np.log(excess)[these.history]
    seen = np.minimum(seen, _MOST_SEEN)
    shorter = _sums(these, np.exp(model.shorter_log_probs(level)), len(below))
    back_off = np.log(_rest(seen) / _rest(shorter))
    levels = list(model.levels)
    levels[level] = replace(these, log_prob=log_prob)
    levels[level - 1] = replace(below, back_off=back_off)
    return replace(model, levels=tuple(levels))


def _history_log_probs(model: Ngrams, level: int) -> Floats:
    """How often each n-gram of a level comes up, anywhere in a text."""
    singles = model.levels[0].log_prob.copy()
    singles[model.row_of(BEGIN)] = singles[model.row_of(END)]  # as many beginnings as ends
    if level == 0:
        return singles
    pairs = model.levels[1]
    return singles[pairs.history] + pairs.log_prob


def _rest(seen: Floats) -> Floats:
    return np.maximum(1 - seen, 1 - _MOST_SEEN)


def _sums(level: Level, values: Floats, count: int) -> Floats:
    """By history."""
    return np.bincount(level.history, values, minlength=count).astype(np.float64)
