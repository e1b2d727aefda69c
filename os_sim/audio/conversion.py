"""Between the form that a device has and the one that everything here agrees on."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import soxr

from os_sim.audio import CAPTURE_HZ, MIX_HZ
from os_sim.audio.framing import Framer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from os_sim.audio import Chunk, Samples

_PULL_FRAMES = round(0.02 * MIX_HZ)


class FromDevice:
    """What a microphone delivers (interleaved int16), as chunks."""

    def __init__(self, hz: int, channels: int) -> None:
        self._channels = channels
        self._framer = Framer()
        self._resample = None
        if hz != CAPTURE_HZ:
            # "LQ" holds back 20 ms where the default holds back 40; speech loses nothing by it.
            self._resample = soxr.ResampleStream(hz, CAPTURE_HZ, 1, dtype="int16", quality="LQ")

    def __call__(self, block: bytes) -> "Iterator[Chunk]":
        """The chunks that are now whole."""
        # Of two channels one is enough: many sound cards leave the other one silent or inverted.
        mono: NDArray[np.int16] = np.frombuffer(block, np.int16)[:: self._channels]
        if self._resample is not None:
            mono = self._resample.resample_chunk(mono)
        return self._framer.feed(mono)


class ToDevice:
    """What the mixer gives, as a loudspeaker takes it (interleaved float32)."""

    def __init__(self, pull: "Callable[[int], Samples]", hz: int, channels: int) -> None:
        self._pull = pull
        self._is_mono = channels == 1
        self._resample = soxr.ResampleStream(MIX_HZ, hz, 2) if hz != MIX_HZ else None
        self._left: NDArray[np.float32] = np.empty((0, 2), np.float32)

    def __call__(self, frames: int) -> bytes:
        """The next `frames` at the device's rate."""
        samples = (
            self._pull(frames) if self._resample is None else self._through(self._resample, frames)
        )
        if self._is_mono:
            samples = samples.mean(axis=1, dtype=np.float32)
        return samples.tobytes()

    def _through(self, resample: soxr.ResampleStream, frames: int) -> "NDArray[np.float32]":
        while len(self._left) < frames:
            block = resample.resample_chunk(self._pull(_PULL_FRAMES))
            self._left = np.concatenate([self._left, block])
        out, self._left = self._left[:frames], self._left[frames:]
        return np.clip(out, -1.0, 1.0)
