"""How loud a sentence is, after ITU-R BS.1770-5, in LUFS.

The recommendation gives its two filters for 48 kHz only; the analogue prototypes behind them, and
so the coefficients for any rate, are from B. De Man, "Evaluation of implementations of the EBU
R128 loudness measurement" (AES e-Brief 2018).
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from os_sim.tts.equaliser import Biquad, response_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from os_sim.tts.equaliser import Response

_BLOCK_S = 0.4
_STEP_S = 0.1
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0


def k_weighting(rate_hz: int, fft_size: int) -> "Response":
    """The K weighting: the head's high shelf, then the high-pass at 38 Hz."""
    return response_of((_head_shelf(rate_hz), _high_pass(rate_hz)), fft_size)


def gated_loudness(weighted: "NDArray[np.float32]", rate_hz: int) -> float:
    """Integrated loudness in LUFS of one K-weighted channel; -inf for silence.

    Anything shorter than a block of 400 ms counts as one block of its own length, or one word
    would measure quieter than the same word in a sentence.
    """
    step = int(_STEP_S * rate_hz)
    whole = np.square(weighted[: len(weighted) // step * step], dtype=np.float64)
    per_step = whole.reshape(-1, step).mean(axis=1)
    steps = round(_BLOCK_S / _STEP_S)
    if len(per_step) >= steps:
        power = np.convolve(per_step, np.full(steps, 1 / steps), mode="valid")
    else:
        power = np.array([np.square(weighted, dtype=np.float64).mean() if len(weighted) else 0.0])
    power = power[power > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(power):
        return -math.inf
    gate = _power(_lufs(power.mean()) + _RELATIVE_GATE_LU)
    return _lufs(power[power > gate].mean())


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _head_shelf(rate_hz: int) -> Biquad:
    k = math.tan(math.pi * 1681.974450955533 / rate_hz)
    q = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    return (
        (high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k),
        (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k),
    )


def _high_pass(rate_hz: int) -> Biquad:
    k = math.tan(math.pi * 38.13547087602444 / rate_hz)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    # The numerator is not divided by a0: the recommendation's own coefficients are 1, -2, 1.
    return (1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)
