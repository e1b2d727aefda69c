"""A small hall: a diffuse impulse response made of noise, convolved block by block."""

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from os_sim.skill import MIX_HZ

from .instruments import Samples

_BANDS_HZ = (0.0, 300.0, 2000.0, MIX_HZ)
_T60_S = (1.5, 1.7, 0.9)
"""Reverberation time of each band: warm below, soft above."""
_LEVEL_DB = (-4.0, 0.0, -6.0)
_PREDELAY_S = 0.018
_BLOOM_S = 0.03
"""How long the diffuse sound takes to build up."""


@cache
def small_hall(frames: int) -> Samples:
    """The impulse response of the one hall all pieces are played in, of unit energy at each ear.

    Made once; the two ears are uncorrelated.
    """
    random = np.random.default_rng(2)
    # White noise is white in either domain, and a complex one is two real ones at once.
    noise = random.standard_normal((frames, 2)) @ np.array([1, 1j])
    hz = np.abs(np.fft.fftfreq(frames, 1 / MIX_HZ))
    t = np.arange(frames) / MIX_HZ
    response = np.zeros(frames, np.complex128)
    bands = zip(pairwise(_BANDS_HZ), _T60_S, _LEVEL_DB, strict=True)
    for (low_hz, high_hz), t60_s, level_db in bands:
        band = np.fft.ifft(noise * ((hz >= low_hz) & (hz < high_hz)))
        response += 10 ** (level_db / 20) * np.exp(-6.91 * t / t60_s) * band
    response *= _onset(t)
    ears = np.stack([response.real, response.imag], axis=1)
    return np.asarray(ears / np.sqrt(np.sum(ears**2, axis=0)), np.float32)


def _onset(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Silence until the first reflection, then the bloom; and nothing left at the end."""
    bloom = np.clip((t - _PREDELAY_S) / _BLOOM_S, 0, 1)
    end = np.clip((t[-1] - t) / 0.2, 0, 1)
    return np.asarray(bloom * end)


class Hall:
    """Convolves a stream with an impulse response by overlap-add; one block in, one block out."""

    def __init__(self, response: Samples, block: int) -> None:
        self._block = block
        self._size = _fast_size(block + len(response) - 1)
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


def _fast_size(least: int) -> int:
    """The next size that a Fourier transform is quick at: 2^n or 3 * 2^n."""
    power = 1 << (least - 1).bit_length()
    return 3 * power // 4 if 3 * power // 4 >= least else power
