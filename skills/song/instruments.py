"""Instruments as sums of decaying sinusoids.

A mode that rings at frequency f and dies at rate d is Re(a z^n) with one complex pole
z = exp((2 pi i f - d) / rate).  Splitting n into i * B + j turns z^n into z^(iB) z^j, so a whole
note, all its modes together, is one small matrix product and costs about a millisecond.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from os_sim.skill import MIX_HZ

from .performance import Stroke
from .score import Part

Samples = NDArray[np.float32]
"""Stereo float32, shape (frames, 2), at MIX_HZ."""
Floats = NDArray[np.floating[Any]]
Instrument = Callable[[Stroke, np.random.Generator], Samples]

_COLUMNS = 256
_ROWS = 8
"""Rows of one product: so few that BLAS does it at once, in this thread.  Woken threads would
cost more than they do and take the processor from whoever listens meanwhile."""
_END_FADE_S = 0.02
_HIGHEST_HZ = 7000.0
_INAUDIBLE = 1e-9
"""Below this a mode is silent; the subnormal numbers it would become cost many times the work."""


@dataclass(frozen=True)
class Modes:
    """What rings; all arrays have one entry per mode."""

    hz: Floats
    decay: Floats
    """Nepers per second: 6.9 / decay is the time in which the mode falls by 60 dB."""
    left: Floats
    right: Floats
    """Amplitudes at the two ears."""
    phase: Floats

    @staticmethod
    def join(*parts: "Modes") -> "Modes":
        """All of them ringing together."""
        return Modes(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("hz", "decay", "left", "right", "phase")
            )
        )


def ring(modes: Modes, frames: int) -> Samples:
    """The sum of the modes from the moment they are struck."""
    slabs = -(-frames // (_ROWS * _COLUMNS))
    exponent = (2j * np.pi * modes.hz - modes.decay) / MIX_HZ
    within = np.exp(np.outer(exponent, np.arange(_COLUMNS)))
    basis = np.concatenate([within.real, -within.imag]).astype(np.float32)
    inner = np.exp(np.outer(np.arange(_ROWS) * _COLUMNS, exponent))
    outer = np.exp(np.outer(np.arange(slabs) * _ROWS * _COLUMNS, exponent))
    strides = outer[:, None, :] * inner
    sound = np.empty((slabs * _ROWS * _COLUMNS, 2), np.float32)
    for ear, amplitude in enumerate((modes.left, modes.right)):
        turned = strides * (amplitude * np.exp(1j * modes.phase))
        weights = np.concatenate([turned.real, turned.imag], axis=2).astype(np.float32)
        weights[np.abs(weights) < _INAUDIBLE] = 0.0
        sound[:, ear] = (weights @ basis).ravel()
    return sound[:frames]


def felt_piano(stroke: Stroke, random: np.random.Generator) -> Samples:
    """A piano with a strip of felt between hammer and strings, heard from close by.

    Stiff strings stretch their partials by sqrt(1 + B k^2); each partial dies in two stages, the
    second slow and beating, because the strings of a course fall out of step (Weinreich 1977).
    """
    f0 = _hz(stroke.pitch)
    k = np.arange(1, 25)
    stiffness = 3e-4 * 2 ** ((stroke.pitch - 60) / 10)
    hz = k * f0 * np.sqrt(1 + stiffness * k**2)
    k, hz = k[hz < _HIGHEST_HZ], hz[hz < _HIGHEST_HZ]
    felt_hz = 320 + 900 * stroke.velocity
    struck = np.abs(np.sin(np.pi * k / 7.6)) * np.exp(-(hz - hz[0]) / felt_hz)
    struck /= np.sqrt(np.sum(struck**2))
    early = 0.7 + 0.0026 * hz
    cents = random.uniform(0.5, 1.3)
    late_hz = hz * 2 ** (cents / 1200)
    pan = _pan((stroke.pitch - 62) / 55)
    strings = Modes.join(
        _spread(hz, early, 0.8 * struck, pan, random),
        _spread(late_hz, 0.3 * early, 0.3 * struck, pan, random),
        _thump(stroke.velocity, pan, random),
    )
    frames = _frames(stroke.seconds + 0.7)
    sound = ring(strings, frames) * (0.5 * stroke.velocity**1.2)
    sound *= _attack(frames, 0.004)
    return _close(_damp(sound, stroke.seconds, 9.0))


def soft_bass(stroke: Stroke, random: np.random.Generator) -> Samples:
    """A piano's low string with a plucked bass's roundness under it."""
    f0 = _hz(stroke.pitch)
    k = np.arange(1, 13)
    hz = k * f0 * np.sqrt(1 + 8e-5 * k**2)
    amplitude = k**-1.0 * np.exp(-(hz - f0) / (180 + 350 * stroke.velocity))
    amplitude /= np.sqrt(np.sum(amplitude**2))
    strings = Modes.join(
        _spread(hz, 0.45 + 0.0035 * hz, amplitude, _pan(-0.15), random),
        _thump(0.5 * stroke.velocity, _pan(-0.15), random),
    )
    frames = _frames(stroke.seconds + 0.6)
    sound = ring(strings, frames) * (0.31 * stroke.velocity**1.2)
    sound *= _attack(frames, 0.009)
    return _close(_damp(sound, stroke.seconds, 10.0))


def warm_pad(stroke: Stroke, random: np.random.Generator) -> Samples:
    """Three slightly detuned voices side by side, dark, swelling and receding."""
    k = np.arange(1, 9)
    voices = []
    for cents, place in ((-5.0, -0.8), (0.4, 0.0), (5.5, 0.8)):
        hz = k * _hz(stroke.pitch) * 2 ** (cents / 1200)
        amplitude = k**-1.5 * np.exp(-hz / 1100)
        voices.append(_spread(hz, np.zeros_like(hz), amplitude, _pan(place), random))
    swell_s = min(1.6, 0.5 * stroke.seconds)
    fall_s = 1.8
    frames = _frames(stroke.seconds + fall_s)
    sound = ring(Modes.join(*voices), frames) * (0.055 * stroke.velocity)
    sound *= _attack(frames, swell_s)
    falling = _frames(fall_s)
    sound[-falling:] *= np.cos(np.linspace(0, np.pi / 2, falling, dtype=np.float32))[:, None] ** 2
    return sound


INSTRUMENTS: dict[Part, Instrument] = {
    "melody": felt_piano,
    "chords": felt_piano,
    "bass": soft_bass,
    "pad": warm_pad,
}


def _hz(pitch: int) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))


def _frames(seconds: float) -> int:
    return round(seconds * MIX_HZ)


def _pan(place: float) -> tuple[float, float]:
    """Gains for a place from -1 (left) to 1 (right), of constant power."""
    angle = np.pi / 4 * (1 + np.clip(place, -1, 1))
    return float(np.cos(angle)), float(np.sin(angle))


def _spread(
    hz: Floats,
    decay: Floats,
    amplitude: Floats,
    pan: tuple[float, float],
    random: np.random.Generator,
) -> Modes:
    """Modes of one string, each a little to one side, as a soundboard scatters them."""
    scatter = 1 + 0.25 * random.uniform(-1, 1, hz.shape)
    phase = random.uniform(0, 2 * np.pi, hz.shape)
    return Modes(hz, decay, amplitude * pan[0] * scatter, amplitude * pan[1] * (2 - scatter), phase)


def _thump(velocity: float, pan: tuple[float, float], random: np.random.Generator) -> Modes:
    """The hammer's felt and the wood around it: a few dull modes that die at once."""
    hz = random.uniform(60, 900, 9)
    decay = 35 + 0.16 * hz
    return _spread(hz, decay, 0.05 * velocity * np.exp(-hz / 500), pan, random)


def _attack(frames: int, seconds: float) -> NDArray[np.float32]:
    """A raised cosine from 0 to 1, as a column."""
    shape = np.ones((frames, 1), np.float32)
    count = min(frames, _frames(seconds))
    shape[:count, 0] = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, count, dtype=np.float32))
    return shape


def _damp(sound: Samples, at_s: float, rate: float) -> Samples:
    """The damper falls: from `at_s` on everything dies at `rate` nepers per second more."""
    start = min(len(sound), _frames(at_s))
    fall = np.arange(len(sound) - start, dtype=np.float32) * np.float32(-rate / MIX_HZ)
    sound[start:] *= np.exp(fall)[:, None]
    return sound


def _close(sound: Samples) -> Samples:
    """What is left at the end, faded to nothing."""
    count = min(len(sound), _frames(_END_FADE_S))
    sound[-count:] *= np.linspace(1, 0, count, dtype=np.float32)[:, None]
    return sound
