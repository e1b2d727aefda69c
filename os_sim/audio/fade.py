"""Gains that glide on half a cosine, so that no change of loudness is heard as a click."""

from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import MIX_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from os_sim.audio import Samples


class Fader:
    """A gain on its way to a target."""

    def __init__(self, gain: float = 1.0) -> None:
        self._from = self._target = self._gain = gain
        self._done = self._frames = 0

    @property
    def is_unity(self) -> bool:
        """Whether `apply` would change nothing."""
        return self._gain == 1.0 and self._done == self._frames

    def to(self, target: float, seconds: float) -> None:
        """Glide from wherever the gain is now to `target`; in no time, jump there."""
        self._from, self._target = self._gain, target
        self._done, self._frames = 0, round(seconds * MIX_HZ)
        if not self._frames:
            self._gain = target

    def apply(self, block: "Samples") -> None:
        """Multiply the block in place, and move on by its length."""
        moving = min(len(block), self._frames - self._done)
        if moving:
            curve = rise(self._frames, self._done, moving)
            gains = self._from + (self._target - self._from) * curve
            block[:moving] *= gains[:, np.newaxis]
            self._done += moving
            self._gain = float(gains[-1]) if self._done < self._frames else self._target
        if moving < len(block) and self._target != 1.0:
            block[moving:] *= self._target


class Tail:
    """The last few milliseconds of something that was ended, already faded, on their way out."""

    def __init__(self) -> None:
        self._samples: Samples = np.empty((0, 2), np.float32)

    def __len__(self) -> int:
        return len(self._samples)

    def add(self, samples: "Samples") -> None:
        """Fade `samples` down to silence and let them sound, over what may still be sounding."""
        tail = samples * rise(len(samples), 0, len(samples))[::-1, np.newaxis]
        longer, shorter = sorted((tail, self._samples), key=len, reverse=True)
        longer = longer.copy()
        longer[: len(shorter)] += shorter
        self._samples = longer

    def mix_into(self, block: "Samples") -> None:
        """Add what is left, as far as the block reaches."""
        sounding = min(len(block), len(self._samples))
        block[:sounding] += self._samples[:sounding]
        self._samples = self._samples[sounding:]


def rise(frames: int, start: int, count: int) -> "NDArray[np.float32]":
    """Frames `start` … `start + count` of a raised cosine that climbs from 0 to 1 in `frames`."""
    phase = np.arange(start + 1, start + count + 1, dtype=np.float32)
    phase *= np.float32(np.pi / max(1, frames))
    return (0.5 - 0.5 * np.cos(phase)).astype(np.float32)
