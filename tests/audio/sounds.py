"""Sounds to test with, and how loud, how even and how smooth a sound is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import MIX_HZ, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from os_sim.audio import Samples


def sine(hz: float, seconds: float, peak: float = 0.5) -> "Samples":
    """A stereo tone at MIX_HZ."""
    phase = 2 * np.pi * hz * np.arange(round(seconds * MIX_HZ)) / MIX_HZ
    return np.repeat((peak * np.sin(phase)).astype(np.float32)[:, np.newaxis], 2, axis=1)


def endless(hz: float, peak: float = 0.5) -> Track:
    """A tone without an end; one block is a whole number of its periods."""
    block = sine(hz, 0.1, peak)

    def render() -> "Iterator[Samples]":
        while True:
            yield block

    return Track(f"{hz} Hz", "even", float("inf"), render)


def steady(level: float, seconds: float) -> Track:
    """A track of one value, so that its gain can be read off."""
    block = np.full((round(seconds * MIX_HZ), 2), level, np.float32)
    return Track("steady", "even", seconds, lambda: iter([block]))


def steepest(samples: "Samples") -> float:
    """The greatest step from one sample to the next: a click is steep."""
    return float(np.abs(np.diff(samples, axis=0)).max())


def strongest_hz(mono: "NDArray[np.floating]", hz: int) -> float:
    """The frequency of the highest peak in the spectrum."""
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    return float(spectrum.argmax() * hz / len(mono))
