"""The part of the network that makes every room and microphone sound alike.

The model was trained on cepstra from which the mean over the whole utterance had been taken, with
silence some 20 dB below speech.  Here sound arrives as it is spoken, at any level and over any
noise.  Noise fills the valleys of a spectrum: the mean moves and cepstra vary less.  So mean and
spread of speech are tracked (Viikki and Laurila, "Cepstral domain segmental feature vector
normalization", 1998); what counts as speech is told by where a frame stands between the softest
and the loudest ones, which does not depend on the level.

    F[t] = Σ v x / Σ v,    v = exp(−contrast · c0)          the floor: what the room sounds like
    P[t] = Σ p c0 / Σ p,   p = exp(+contrast · c0)          how loud the loudest frames are
    w[t] = sigmoid(slope · (c0 − (F0 + P) / 2 − margin))    how much like speech a frame is
    m[t] = Σ w x / Σ w                                      the mean of speech
    s²[t] = Σ w (x − μ)² / Σ w − (m − μ)²                   its variance
    y[t] = (x − m) · (σ / s)^evenness + δ                   what the phones see
    z[t] = x − F + silence                                  what silence sees

Sums leak, and are read some frames ahead of the one they are for.  Means and variances begin at
usual ones, μ and σ², that count like some frames.  Differences of cepstra are scaled as the
cepstra are.  The phone of silence sees its features as if the room sounded like the silence in
training: steady noise is silence, however loud it is.
"""

from collections.abc import Sequence
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

_DENOMINATOR_GAIN = 1e6
"""Makes the denominator d so much larger than the numerator n that in the block (n, d), brought to
a root mean square of one, the first number is n / d · √2 to within (n / d)² / 2."""
_QUOTIENT_GAIN = _DENOMINATOR_GAIN / np.sqrt(2)
_QUIETEST, _LOUDEST = 10.0, 115.0
"""Between these first cepstra, and so for all that a microphone delivers, a sigmoid that falls
from the one or rises to the other is an exponential function."""
_SMALL = 14.0
"""Below -14, sigmoid(x) is e^x to six digits: this is how the network exponentiates."""

_USUAL_MEAN = (
    *(88.6487, -5.1769, -3.1038, 12.9031, -5.0867, -2.9429, -7.9428),
    *(-3.3756, -4.9846, -1.3653, -1.7680, -4.2765, 2.3888),
)
_USUAL_VARIANCE = (
    *(175.7, 458.1, 231.7, 416.9, 409.8, 284.7, 322.1),
    *(263.1, 227.1, 256.4, 227.2, 180.7, 189.0),
)
_OFFSET = (8.0, 4.0, -1.0, 3.0, -0.5, -1.5, -1.5, -1.2, -1.5, 0.0, 0.0, -0.5, 0.0)


@dataclass(frozen=True)
class Normalisation:
    """The constants of the running means."""

    contrast: float = 0.12
    """How much more the softest frames count for the floor, and the loudest for the peak: e times
    for 7 dB (the first cepstrum grows by 1.15 a dB)."""
    extremes_leak: float = 0.997
    """What is left of the sums for floor and peak from one frame to the next: half after 2.3 s."""
    extremes_ahead: int = 20
    """Frames that floor and peak know of beyond the one they are for."""
    extremes_frames: float = 0.3
    """How many frames the usual mean counts for as floor and as peak."""
    slope: float = 0.3
    """How suddenly louder frames count more as speech."""
    margin: float = 5.0
    """How far above the middle of floor and peak a frame is as likely speech as not: where nothing
    but the room has been heard so far, floor and peak are one."""
    leak: float = 0.999
    """What is left of the sums for mean and variance: half after seven seconds."""
    look_ahead: int = 30
    """Frames that mean and variance know of beyond the one they are for."""
    usual_mean: tuple[float, ...] = _USUAL_MEAN
    """Mean cepstra of speech: the average over eight short recordings of different people, of the
    frames louder than midway between the 5th and 95th percentile of the first cepstrum."""
    mean_frames: float = 20.0
    """How many frames that mean counts for."""
    usual_variance: tuple[float, ...] = _USUAL_VARIANCE
    """Variances of the cepstra of speech in quiet, the average over eleven recordings."""
    variance_frames: float = 150.0
    """How many frames they count for."""
    evenness: float = 0.8
    """How far the spread is brought to the usual one: 0 not at all, 1 wholly."""
    offset: tuple[float, ...] = _OFFSET
    """What the speech frames' mean exceeds that of whole training utterances by."""

    @property
    def frames_ahead(self) -> int:
        """Frames beyond a frame that its features depend on."""
        return self.look_ahead + self.extremes_ahead


def normalisation_nodes(settings: Normalisation, silence: Floats) -> tuple[Node | Slice, ...]:
    """From `input`, the cepstra, and `deltas`, the 39 features, to what the Gaussians see.

    `features`: the 39 normalised ones; `silence` and `silence_squares`: the 13 cepstra that the
    phone of silence sees, whose mean in training was `silence`.
    """
    return (
        *_extremes(settings),
        *_moments(settings),
        *_scale(settings),
        Node("centred", "Append(deltas, moments)", _centring()),
        Node("scaled", "Append(centred, scale)", ElementwiseProduct(2 * FEATURES, FEATURES)),
        Node("features", "scaled", FixedAffine(np.eye(FEATURES), _padded(settings.offset))),
        Node("silence", "Append(input, extremes)", _difference(silence)),
        Node("silence_squares", "Append(silence, silence)", _product(CEPSTRA)),
    )


def _extremes(settings: Normalisation) -> tuple[Node | Slice, ...]:
    """To `extremes`: the floor's 13 cepstra and the peak's first, as `_fractions` has them."""
    floor, peak = CEPSTRA + 1, 2  # each with a one, which sums the weights
    width = floor + peak
    signs = np.array([-1.0] * floor + [1.0] * peak)
    zero_at = np.array([_QUIETEST] * floor + [_LOUDEST] * peak)
    rise = np.zeros((width, CEPSTRA))
    rise[:, 0] = settings.contrast * signs
    values, ones = np.zeros((width, CEPSTRA)), np.zeros(width)
    values[:CEPSTRA], values[floor, 0] = np.eye(CEPSTRA), 1.0
    ones[[CEPSTRA, width - 1]] = 1.0
    usual = np.append(settings.usual_mean, settings.usual_mean[0])
    rarity = 1 / (1 + np.exp(settings.contrast * signs * (zero_at - usual[0])))[[0, -1]]
    counts = settings.extremes_frames * rarity[[0] * CEPSTRA + [1]]
    totals = [CEPSTRA] * CEPSTRA + [width - 1]
    return (
        Node("extremeness", "input", FixedAffine(rise, -settings.contrast * signs * zero_at)),
        Node("extreme_weight", "extremeness", Sigmoid(width)),
        Node("extreme_cepstra", "input", FixedAffine(values, ones)),
        Node("extreme", "Append(extreme_weight, extreme_cepstra)", _product(width)),
        _sums("extreme_sums", "extreme", width, settings.extremes_leak),
        Node(
            "extreme_fractions",
            f"Offset(extreme_sums, {settings.extremes_ahead})",
            _fractions(width, [*range(CEPSTRA), floor], totals, usual, counts),
        ),
        Node("extremes", "extreme_fractions", Normalize(2 * len(totals), block=2)),
    )


def _moments(settings: Normalisation) -> tuple[Node | Slice, ...]:
    """To `moments`: the means of speech and its mean squares about μ, as `_fractions` has them."""
    width = 2 * CEPSTRA + 1  # the cepstra, their squares, and a one, which sums the weights
    usual = np.array(settings.usual_mean)
    loudness = np.zeros((width, CEPSTRA + 2 * (CEPSTRA + 1)))
    loudness[:, 0] = settings.slope
    loudness[:, [CEPSTRA, -2]] = -settings.slope * _QUOTIENT_GAIN / 2
    threshold = np.full(width, -settings.slope * settings.margin)
    begin = np.append(usual, settings.usual_variance)
    counts = np.repeat([settings.mean_frames, settings.variance_frames], CEPSTRA)
    return (
        Node("loudness", "Append(input, extremes)", FixedAffine(loudness, threshold)),
        Node("weight", "loudness", Sigmoid(width)),
        Node("about_usual", "input", FixedAffine(np.eye(CEPSTRA), -usual)),
        Node("squared", "Append(about_usual, about_usual)", _product(CEPSTRA)),
        Node("powers", "Append(input, squared)", _with_one(2 * CEPSTRA)),
        Node("weighted", "Append(weight, powers)", _product(width)),
        _sums("sums", "weighted", width, settings.leak),
        Node(
            "fractions",
            f"Offset(sums, {settings.look_ahead})",
            _fractions(width, range(width - 1), [width - 1] * (width - 1), begin, counts),
        ),
        Node("moments", "fractions", Normalize(4 * CEPSTRA, block=2)),
    )


def _scale(settings: Normalisation) -> tuple[Node | Slice, ...]:
    """To `scale`: for each of the 39 features (σ / s)^evenness · e^-14."""
    means, squares = np.zeros((2, CEPSTRA, 4 * CEPSTRA))
    means[:, 0 : 2 * CEPSTRA : 2] = squares[:, 2 * CEPSTRA :: 2] = _QUOTIENT_GAIN * np.eye(CEPSTRA)
    logs = np.zeros((CEPSTRA, 2 * CEPSTRA))
    logs[:, 1::2] = -settings.evenness / 2 * np.eye(CEPSTRA)
    usual = settings.evenness / 2 * np.log(settings.usual_variance) - _SMALL
    return (
        Node("bias", "moments", FixedAffine(means, -np.array(settings.usual_mean))),
        Node("bias_squared", "Append(bias, bias)", _product(CEPSTRA)),
        Node(
            "variance",
            "Append(moments, bias_squared)",
            FixedAffine(np.hstack([squares, -np.eye(CEPSTRA)]), np.zeros(CEPSTRA)),
        ),
        Node("sign_and_log", "variance", Normalize(CEPSTRA, block=1, log=True)),
        Node(
            "log_scale",
            "sign_and_log",
            FixedAffine(np.vstack([logs] * STREAMS), np.tile(usual, STREAMS)),
        ),
        Node("scale", "log_scale", Sigmoid(FEATURES)),
    )


def _fractions(
    width: int, values: Sequence[int], totals: Sequence[int], usual: Floats, counts: Floats
) -> FixedAffine:
    """Numerators and denominators of means, by turns; after Normalize the former are the means
    divided by _QUOTIENT_GAIN.

    Of so many sums, `values` are those of the numerators and `totals` those of the weights; each
    mean begins at its usual value, which counts like a weight of `counts`.
    """
    matrix, bias = np.zeros((2 * len(values), width)), np.zeros(2 * len(values))
    at = np.arange(0, len(bias), 2)
    matrix[at, list(values)] = 1.0
    matrix[at + 1, list(totals)] = _DENOMINATOR_GAIN
    bias[at], bias[at + 1] = counts * usual, _DENOMINATOR_GAIN * counts
    return FixedAffine(matrix, bias)


def _sums(name: str, source: str, width: int, leak: float) -> Node:
    matrix = np.hstack([np.eye(width), leak * np.eye(width)])
    descriptor = f"Append({source}, IfDefined(Offset({name}, -1)))"
    return Node(name, descriptor, FixedAffine(matrix, np.zeros(width)))


def _centring() -> FixedAffine:
    """The mean taken from the cepstra; differences have none.  Undoes the e^-14 of the scale."""
    matrix = np.hstack([np.eye(FEATURES), np.zeros((FEATURES, 4 * CEPSTRA))])
    matrix[:CEPSTRA, FEATURES : FEATURES + 2 * CEPSTRA : 2] = -_QUOTIENT_GAIN * np.eye(CEPSTRA)
    return FixedAffine(np.exp(_SMALL) * matrix, np.zeros(FEATURES))


def _difference(silence: Floats) -> FixedAffine:
    """The floor taken from the cepstra, and the silence of training put in its place."""
    matrix = np.hstack([np.eye(CEPSTRA), np.zeros((CEPSTRA, 2 * (CEPSTRA + 1)))])
    matrix[:, CEPSTRA:-2:2] = -_QUOTIENT_GAIN * np.eye(CEPSTRA)
    return FixedAffine(matrix, silence)


def _with_one(width: int) -> FixedAffine:
    return FixedAffine(np.eye(width + 1, width), np.eye(width + 1)[width])


def _product(width: int) -> ElementwiseProduct:
    return ElementwiseProduct(2 * width, width)


def _padded(offset: Sequence[float]) -> Floats:
    return np.append(offset, np.zeros(FEATURES - CEPSTRA))
