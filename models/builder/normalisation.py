"""The part of the network that makes every room and microphone sound alike: the mean cepstrum.

The model was trained on cepstra from which the mean over the whole utterance had been taken.  Here
sound arrives as it is spoken, so the mean is a running one, over frames loud enough to be speech:

    w[t] = sigmoid(slope · (c0[t] − threshold))                how much like speech a frame is
    m[t] = (Σ w x + n0 · μ0) / (Σ w + n0)                      sums leak by 0.999 a frame
    y[t] = x[t] − m[t + look_ahead] + δ

μ0 is the mean to begin with, which counts like n0 frames.
"""

from dataclasses import dataclass

import numpy as np

from models.builder.kaldi import (
    ElementwiseProduct,
    FixedAffine,
    Node,
    Normalize,
    Sigmoid,
    Slice,
)
from models.builder.sphinx import Floats

CEPSTRA = 13
STREAMS = 3
FEATURES = STREAMS * CEPSTRA

_DENOMINATOR_GAIN = 1e5
"""Makes the denominator d so much larger than the numerator n that in the block (n, d), brought to
a root mean square of one, the first number is n / d · √2 to within (n / d)² / 2."""


_USUAL_MEAN = (
    *(88.6487, -5.1769, -3.1038, 12.9031, -5.0867, -2.9429, -7.9428),
    *(-3.3756, -4.9846, -1.3653, -1.7680, -4.2765, 2.3888),
)
_OFFSET = (8.0, 4.0, -1.0, 3.0, -0.5, -1.5, -1.5, -1.2, -1.5, 0.0, 0.0, -0.5, 0.0)


@dataclass(frozen=True)
class Normalisation:
    """The constants of the running mean."""

    threshold: float = 52.0
    """The first cepstrum of a frame that is as likely speech as not."""
    slope: float = 0.2
    """How suddenly louder frames count more."""
    leak: float = 0.999
    """What is left of the sums from one frame to the next: half after seven seconds."""
    look_ahead: int = 30
    """Frames that the mean knows of beyond the one it is for."""
    usual_mean: tuple[float, ...] = _USUAL_MEAN
    """Mean cepstra of speech: the average over eight short recordings of different people, of the
    frames louder than midway between the 5th and 95th percentile of the first cepstrum."""
    usual_frames: float = 20.0
    """How many frames that mean counts for."""
    offset: tuple[float, ...] = _OFFSET
    """What the loud frames' mean exceeds that of whole training utterances by."""


def normalisation_nodes(settings: Normalisation) -> tuple[Node | Slice, ...]:
    """From `input`, the cepstra, and `deltas`, the 39 features, to `features`: the normalised."""
    width = CEPSTRA + 1  # the cepstra and a one, to sum the weights with
    ones = np.eye(width, CEPSTRA), np.eye(width)[CEPSTRA]
    loudness = np.zeros((width, CEPSTRA))
    loudness[:, 0] = settings.slope
    recurrence = np.hstack([np.eye(width), settings.leak * np.eye(width)])
    return (
        Node("loudness", "input", _affine(loudness, -settings.slope * settings.threshold)),
        Node("weight", "loudness", Sigmoid(width)),
        Node("cepstra", "input", FixedAffine(*ones)),
        Node("weighted", "Append(weight, cepstra)", ElementwiseProduct(2 * width, width)),
        Node("sums", "Append(weighted, IfDefined(Offset(sums, -1)))", _affine(recurrence, 0.0)),
        Node("fractions", f"Offset(sums, {settings.look_ahead})", _fractions(settings)),
        Node("mean", "fractions", Normalize(2 * CEPSTRA, block=2)),
        Node("features", "Append(deltas, mean)", _subtraction(settings)),
    )


def _affine(matrix: Floats, bias: float) -> FixedAffine:
    return FixedAffine(matrix, np.full(len(matrix), bias))


def _fractions(settings: Normalisation) -> FixedAffine:
    """From the sums to numerator and denominator of each mean cepstrum."""
    matrix = np.zeros((2 * CEPSTRA, CEPSTRA + 1))
    bias = np.zeros(2 * CEPSTRA)
    matrix[0::2, :CEPSTRA] = np.eye(CEPSTRA)
    bias[0::2] = settings.usual_frames * np.array(settings.usual_mean)
    matrix[1::2, CEPSTRA] = _DENOMINATOR_GAIN
    bias[1::2] = _DENOMINATOR_GAIN * settings.usual_frames
    return FixedAffine(matrix, bias)


def _subtraction(settings: Normalisation) -> FixedAffine:
    """The mean taken from the cepstra; their differences have none."""
    matrix = np.hstack([np.eye(FEATURES), np.zeros((FEATURES, 2 * CEPSTRA))])
    matrix[:CEPSTRA, FEATURES::2] = -_DENOMINATOR_GAIN / np.sqrt(2) * np.eye(CEPSTRA)
    return FixedAffine(matrix, np.concatenate([settings.offset, np.zeros(FEATURES - CEPSTRA)]))
