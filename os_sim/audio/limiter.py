"""The last thing before the loudspeaker: whatever was summed stays below full scale."""

from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import MIX_HZ

if TYPE_CHECKING:
    from os_sim.audio import Samples

CEILING = 0.98
_ATTACK_FRAMES = 64
"""1.3 ms: short enough to be ready for most peaks, long enough not to click."""
_RELEASE_PER_FRAME = 1.0 / (0.2 * MIX_HZ)


class Limiter:
    """Turns loud blocks down as a whole, so that their shape is kept, and recovers slowly.

    Without look-ahead, and so without delay: a peak within the attack itself is cut off.
    """

    def __init__(self) -> None:
        self._gain = 1.0

    def apply(self, block: "Samples") -> None:
        """Limit a block of 10 ms or so in place; costs one pass when nothing is too loud."""
        if not len(block):
            return
        peak = max(float(block.max()), -float(block.min()))
        allowed = min(1.0, CEILING / peak) if peak > 0.0 else 1.0
        if allowed < self._gain:
            self._attack(block, allowed)
        elif self._gain < 1.0:
            self._release(block, min(allowed, self._gain + len(block) * _RELEASE_PER_FRAME))

    def _attack(self, block: "Samples", gain: float) -> None:
        frames = min(_ATTACK_FRAMES, len(block))
        block[:frames] *= np.linspace(self._gain, gain, frames, dtype=np.float32)[:, np.newaxis]
        block[frames:] *= gain
        np.clip(block, -CEILING, CEILING, out=block)
        self._gain = gain

    def _release(self, block: "Samples", gain: float) -> None:
        gains = np.linspace(self._gain, gain, len(block), dtype=np.float32)
        block *= gains[:, np.newaxis]
        self._gain = gain
