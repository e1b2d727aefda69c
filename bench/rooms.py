"""What happens to sound on its way to a recogniser: rooms, levels, telephones, poor sound cards.

All of it takes and gives mono float32 at 16 kHz.
"""

import numpy as np
import soxr
from numpy.typing import NDArray

from bench.levels import HZ, Sound, at_peak, peak_dbfs

TELEPHONE_HZ = 8_000
_TELEPHONE_BAND_HZ = (300.0, 3_400.0)
_SOUND_M_PER_S = 343.0
_MU = 255.0


def room(t60_s: float, seed: int, distance_m: float = 1.0, volume_m3: float = 50.0) -> Sound:
    """The impulse response of a room in which sound fades by 60 dB in t60_s.

    Reflections arrive more and more often, 4πc³t²/V a second; each has the strength of its way,
    r/ct, and of what the walls took, 60 dB in T60 (Kuttruff, Room Acoustics, chapter 4).  Their
    energy so is that of the direct sound at the critical distance, 0.057 √(V/T60) metres.  The
    response begins with the direct sound, which has strength 1.
    """
    rng = np.random.default_rng(seed)
    direct_s = distance_m / _SOUND_M_PER_S
    t = direct_s + np.arange(1, round(1.2 * t60_s * HZ)) / HZ
    arrivals = rng.poisson(4 * np.pi * _SOUND_M_PER_S**3 * t**2 / volume_m3 / HZ)
    signed = 2 * rng.binomial(arrivals, 0.5) - arrivals
    tail = signed * direct_s / t * 10 ** (-3 * (t - direct_s) / t60_s)
    return np.concatenate([[1.0], tail]).astype(np.float32)


def in_room(speech: Sound, response: Sound) -> Sound:
    """As heard in the room; as long as the speech, and with its peak level."""
    frames = len(speech) + len(response)
    spectrum = np.fft.rfft(speech, frames) * np.fft.rfft(response, frames)
    heard = np.fft.irfft(spectrum, frames)[: len(speech)].astype(np.float32)
    return _as_loud(heard, speech)


def over_telephone(speech: Sound) -> Sound:
    """Through 300 to 3,400 Hz at 8 kHz with the eight bits of ITU-T G.711 (µ-law)."""
    narrow = soxr.resample(_band(speech, *_TELEPHONE_BAND_HZ), HZ, TELEPHONE_HZ)
    squeezed = np.sign(narrow) * np.log1p(_MU * np.abs(np.clip(narrow, -1, 1))) / np.log1p(_MU)
    coded = np.rint(squeezed * 127) / 127
    opened = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(_MU)) / _MU
    heard = np.zeros_like(speech)
    wide = soxr.resample(opened.astype(np.float32), TELEPHONE_HZ, HZ)[: len(speech)]
    heard[: len(wide)] = wide
    return heard


def clipped(speech: Sound, by_db: float) -> Sound:
    """Recorded so loud that its peaks stood this far above full scale."""
    return np.clip(at_peak(speech, by_db), -1.0, 1.0)


def with_offset(speech: Sound, offset: float) -> Sound:
    """With a constant added, as cheap sound cards do; `offset` is a share of full scale."""
    moved: Sound = np.clip(speech + np.float32(offset), -1.0, 1.0)
    return moved


def _as_loud(heard: Sound, speech: Sound) -> Sound:
    return at_peak(heard, peak_dbfs(speech)) if heard.any() else heard


def _band(speech: Sound, low_hz: float, high_hz: float) -> Sound:
    """Falling by 24 dB an octave outside."""
    spectrum = np.fft.rfft(speech)
    hz = np.maximum(np.fft.rfftfreq(len(speech), 1 / HZ), 1.0)
    slope: NDArray[np.float64] = (
        np.minimum(1.0, hz / low_hz) ** 4 * np.minimum(1.0, high_hz / hz) ** 4
    )
    return np.fft.irfft(spectrum * slope, len(speech)).astype(np.float32)
