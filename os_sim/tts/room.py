"""A small furnished room, heard from its sofa: what comes back a little after the voice.

The first reflections are image sources of a shoebox room (J. B. Allen and D. A. Berkley, "Image
method for efficiently simulating small-room acoustics", JASA 65, 1979); what follows is noise that
dies away exponentially, different at each ear (J. A. Moorer, "About this reverberation business",
Computer Music Journal 3, 1979).  Both lose their treble on the way, as they do to curtains.
"""

import itertools
from typing import TYPE_CHECKING

import numpy as np

from os_sim.tts.voice import Room

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIZE_M = np.array([4.3, 3.4, 2.5])
_SPEAKER_M = np.array([2.3, 2.6, 1.2])
_EARS_M = np.array([[1.95, 1.1, 1.2], [2.15, 1.1, 1.2]])
_SPEED_OF_SOUND_M_S = 343.0
_REFLECTION = 0.6
"""The part of the pressure that a wall gives back."""
_TAIL_STARTS_S = 0.012
_TREBLE_HZ = 3_000.0
"""Where the absorption of soft surfaces has taken half the power."""
_TAIL_SHARE = 0.5
"""The tail's part of the reflected energy; the rest is in the first reflections."""


def room_impulses(room: Room, rate_hz: int) -> "NDArray[np.float64]":
    """What each ear hears after the direct sound, shape (2, frames).

    Its energy is `room.level_db` above that of the direct sound (so below it, being negative).
    The same room gives the same samples on every machine.
    """
    frames = max(1, int(room.decay_s * rate_hz))
    early, tail = _first_reflections(frames, rate_hz), _tail(frames, rate_hz, room.decay_s)
    sound = _unit(early) * (1 - _TAIL_SHARE) ** 0.5 + _unit(tail) * _TAIL_SHARE**0.5
    return _unit(_without_treble(sound, rate_hz)) * 10 ** (room.level_db / 20)


def _first_reflections(frames: int, rate_hz: int) -> "NDArray[np.float64]":
    impulses = np.zeros((2, frames))
    direct_m = np.linalg.norm(_SPEAKER_M - _EARS_M, axis=1)
    for cell in itertools.product((-1, 0, 1), repeat=3):
        if cell == (0, 0, 0):
            continue
        # In every other cell of the lattice of mirrored rooms the speaker stands mirrored.
        mirrored = np.where(np.array(cell) % 2, _SIZE_M - _SPEAKER_M, _SPEAKER_M)
        image_m = np.array(cell) * _SIZE_M + mirrored
        distance_m = np.linalg.norm(image_m - _EARS_M, axis=1)
        walls = sum(map(abs, cell))
        for ear in (0, 1):
            delay_s = (distance_m[ear] - direct_m[ear]) / _SPEED_OF_SOUND_M_S
            at = int(delay_s * rate_hz)
            if at < frames:
                impulses[ear, at] += _REFLECTION**walls * direct_m[ear] / distance_m[ear]
    return impulses


def _tail(frames: int, rate_hz: int, decay_s: float) -> "NDArray[np.float64]":
    t_s = np.arange(frames) / rate_hz
    noise = np.random.default_rng(1).standard_normal((2, frames))
    # 60 dB down after decay_s, the definition of reverberation time (W. C. Sabine).
    return np.asarray(noise * 10 ** (-3 * t_s / decay_s) * (t_s > _TAIL_STARTS_S))


def _without_treble(sound: "NDArray[np.float64]", rate_hz: int) -> "NDArray[np.float64]":
    size = 2 * sound.shape[1]
    low_pass = 1 / (1 + 1j * np.fft.rfftfreq(size, 1 / rate_hz) / _TREBLE_HZ)
    return np.fft.irfft(np.fft.rfft(sound, size) * low_pass, size)[:, : sound.shape[1]]


def _unit(sound: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Scaled to the energy of a single sample of 1 at each ear, on average."""
    energy = float(np.square(sound).sum()) / 2
    return sound / energy**0.5 if energy else sound
