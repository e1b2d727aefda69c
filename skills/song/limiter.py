"""Keeps peaks below a ceiling by turning down around them, never by bending the wave."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .instruments import Samples

CEILING = 0.82
"""-1.7 dBFS: leaves room below -1 dB for what swings higher between two samples."""
_STEP = 128
"""Frames that share one gain before it is interpolated."""
_REACH = 8
"""Steps (21 ms) that the gain begins to fall before a peak, and takes to recover after it."""
_CONTEXT = 2 * _REACH + 2
"""Steps on either side that a gain depends on."""
_LATENCY = _CONTEXT * _STEP


def limit(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same sound with its peaks turned down; as many frames, in blocks a little shifted.

    Blocks are multiples of 128 frames long.
    """
    around = np.zeros((2 * _LATENCY, 2), np.float32)
    surplus = _LATENCY
    for block in chain(blocks, [around.copy()[:_LATENCY]]):
        around = np.concatenate([around, block])
        done = (around * _gain(around))[_LATENCY:-_LATENCY]
        around = around[-2 * _LATENCY :]
        yield done[surplus:]
        surplus = 0


def _gain(sound: Samples) -> NDArray[np.float32]:
    """A gain for every frame, as a column; right for all but `_LATENCY` frames at either end."""
    peaks = np.abs(sound).reshape(-1, 2 * _STEP).max(axis=1)
    needed = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9))
    if needed.min() == 1.0:
        return np.ones((len(sound), 1), np.float32)
    lowest = _windows(needed, _REACH + 1).min(axis=1)
    bell = np.hanning(2 * _REACH + 3)[1:-1]
    smooth = _windows(lowest, _REACH) @ (bell / bell.sum())
    centres = (np.arange(len(smooth)) + 0.5) * _STEP
    gain = np.interp(np.arange(len(sound)), centres, smooth)
    return np.asarray(gain, np.float32)[:, None]


def _windows(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Every value with its `reach` neighbours on both sides, one window a row."""
    padded = np.pad(values, reach, constant_values=1.0)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
