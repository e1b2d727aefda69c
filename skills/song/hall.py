"""A small hall: a diffuse impulse response made of noise, convolved block by block."""

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from os_sim.skill import MIX_HZ

from .instruments import Samples

_BANDS_HZ = (0.0, 250.0, 1000.0, 3500.0, MIX_HZ / 2)
_T60_S = (1.7, 2.0, 1.5, 0.8)
"""Reverberation time of each band: warm below, soft above."""
_LEVEL_DB = (-4.0, 0.0, -2.0, -9.0)
_PREDELAY_S = 0.018
_BLOOM_S = 0.03
"""How long the diffuse sound takes to build up."""


@cache
def small_hall(frames: int) -> Samples:
    """The impulse response of the one hall all pieces are played in, of unit energy at each ear.

    Made once; the two ears are uncorrelated.
    """
    random = np.random.default_rng(2)
    noise = random.standard_normal((frames, 2), np.float32)
    spectrum = np.fft.rfft(noise, axis=0)
    hz = np.fft.rfftfreq(frames, 1 / MIX_HZ)
    t = np.arange(frames, dtype=np.float32) / MIX_HZ
    response = np.zeros((frames, 2), np.float32)
    bands = zip(pairwise(_BANDS_HZ), _T60_S, _LEVEL_DB, strict=True)
    for (low_hz, high_hz), t60_s, level_db in bands:
        band = np.float32(10 ** (level_db / 20)) * ((hz >= low_hz) & (hz < high_hz))
        fall = np.exp(-6.91 * t / t60_s)
        response += np.fft.irfft(spectrum * band[:, None], frames, axis=0) * fall[:, None]
    response *= _onset(t)[:, None]
    response /= np.sqrt(np.sum(response**2, axis=0))
    return response.astype(np.float32)


def _onset(t: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Silence until the first reflection, then the bloom; and nothing left at the end."""
    bloom = np.clip((t - _PREDELAY_S) / _BLOOM_S, 0, 1)
    end = np.clip((t[-1] - t) / 0.2, 0, 1)
    return np.asarray(bloom * end, np.float32)


class Hall:
    """Convolves a stream with an impulse response by overlap-add; one block in, one block out."""

    def __init__(self, response: Samples, block: int) -> None:
        self._block = block
        self._size = 1 << (block + len(response) - 2).bit_length()
        self._spectrum = np.fft.rfft(response, self._size, axis=0)
        self._carry = np.zeros((self._size, 2), np.float32)

    def feed(self, dry: Samples) -> Samples:
        """The hall's answer to the next block; what rings on comes with the blocks after it."""
        spectrum = np.fft.rfft(dry, self._size, axis=0)
        # Each ear hears a little of the other side, as in a room.
        crossed = np.float32(0.8) * spectrum + np.float32(0.2) * spectrum[:, ::-1]
        self._carry += np.fft.irfft(crossed * self._spectrum, self._size, axis=0)
        wet = self._carry[: self._block].copy()
        self._carry[: -self._block] = self._carry[self._block :]
        self._carry[-self._block :] = 0.0
        return wet
