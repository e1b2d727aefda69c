"""Second-order filters as frequency responses.

Formulas: R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients"
(W3C Audio Working Group note, 2021).  Sentences are short and known whole, so a filter is applied
by multiplying spectra, and its coefficients never run sample by sample.
"""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from os_sim.tts.voice import Band

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Response = NDArray[np.complex128]

Biquad = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Numerator and denominator of H(z), in powers of 1/z."""


def band_response(bands: Iterable[Band], rate_hz: int, fft_size: int) -> "Response":
    """What all the bands together do, at the frequencies of an rfft of `fft_size`."""
    z = _unit_circle(fft_size)
    response = np.ones_like(z)
    for band in bands:
        # A band above what this rate can carry has nothing to work on.
        if band.hz < rate_hz / 2:
            response *= _evaluate(_design(band, rate_hz), z)
    return response


def response_of(biquads: Iterable[Biquad], fft_size: int) -> "Response":
    """What a chain of biquads does, at the frequencies of an rfft of `fft_size`."""
    z = _unit_circle(fft_size)
    response = np.ones_like(z)
    for biquad in biquads:
        response *= _evaluate(biquad, z)
    return response


def _unit_circle(fft_size: int) -> "Response":
    return np.asarray(np.exp(2j * np.pi * np.fft.rfftfreq(fft_size)))


def _evaluate(biquad: Biquad, z: "Response") -> "Response":
    (b0, b1, b2), (a0, a1, a2) = biquad
    return (b0 + (b1 + b2 / z) / z) / (a0 + (a1 + a2 / z) / z)


def _design(band: Band, rate_hz: int) -> Biquad:
    a = 10 ** (band.gain_db / 40)
    w0 = 2 * math.pi * band.hz / rate_hz
    cos, alpha = math.cos(w0), math.sin(w0) / (2 * band.q)
    match band.shape:
        case "peak":
            return (
                (1 + alpha * a, -2 * cos, 1 - alpha * a),
                (1 + alpha / a, -2 * cos, 1 - alpha / a),
            )
        case "low_shelf":
            return _shelf(a, cos, alpha)
        case "high_shelf":
            # The cookbook's high shelf is the low shelf with the sign of the cosine turned.
            (b0, b1, b2), (a0, a1, a2) = _shelf(a, -cos, alpha)
            return (b0, -b1, b2), (a0, -a1, a2)
        case "high_pass":
            return (
                ((1 + cos) / 2, -(1 + cos), (1 + cos) / 2),
                (1 + alpha, -2 * cos, 1 - alpha),
            )


def _shelf(a: float, cos: float, alpha: float) -> Biquad:
    slope = 2 * math.sqrt(a) * alpha
    return (
        (
            a * ((a + 1) - (a - 1) * cos + slope),
            2 * a * ((a - 1) - (a + 1) * cos),
            a * ((a + 1) - (a - 1) * cos - slope),
        ),
        (
            (a + 1) + (a - 1) * cos + slope,
            -2 * ((a - 1) + (a + 1) * cos),
            (a + 1) + (a - 1) * cos - slope,
        ),
    )
