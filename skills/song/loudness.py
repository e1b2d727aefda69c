"""How loud a performance will be, worked out from its strokes before a note of it is rendered.

The first block is played long before the last one exists, so the level cannot be measured first.
A stroke's energy follows from its velocity, its pitch and how long it may ring; what remains to
be known is one weight per instrument.  They come from fits over rendered pieces (`bench/songs.py
--fit` prints one); parts rise and fall together, so a single fit tells them apart only roughly.
Measured levels lie within a decibel of the target.
"""

import math

from .performance import Performance, Stroke
from .score import Part

TARGET_LUFS = -16.0
_WEIGHTS: dict[Part, float] = {"melody": 0.126, "chords": 0.114, "bass": 0.085, "pad": 0.0053}
_LIMITED_DB = 0.1
"""What the limiter takes off a typical piece."""


def gain_for(performance: Performance) -> float:
    """The factor that brings the rendered performance to TARGET_LUFS."""
    power = sum(_WEIGHTS[part] * power for part, power in powers(performance).items())
    return float(10 ** ((TARGET_LUFS + _LIMITED_DB) / 20) / math.sqrt(power))


def powers(performance: Performance) -> dict[Part, float]:
    """Mean power of each part before weighting."""
    sums: dict[Part, float] = dict.fromkeys(_WEIGHTS, 0.0)
    for stroke in performance.strokes:
        sums[stroke.part] += _energy(stroke) / performance.seconds
    return sums


def _energy(stroke: Stroke) -> float:
    """The integral over a stroke's squared envelope: held for a pad, decaying for a string."""
    if stroke.part == "pad":
        return stroke.velocity**2 * stroke.seconds
    hz = 440 * 2 ** ((stroke.pitch - 69) / 12)
    decay = 2 * (0.7 + 0.0026 * hz)  # as the felt piano's strings decay
    return float(stroke.velocity**2.4 * (1 - math.exp(-decay * stroke.seconds)) / decay)
