"""Sound of any block length, cut into chunks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import CHUNK_FRAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from os_sim.audio import Chunk


class Framer:
    """Keeps what does not fill a chunk until there is more."""

    def __init__(self) -> None:
        self._left: NDArray[np.int16] = np.empty(0, np.int16)

    def feed(self, block: "NDArray[np.int16]") -> "Iterator[Chunk]":
        """Take mono int16 at CAPTURE_HZ; returns the chunks that are now whole."""
        sound = np.concatenate([self._left, block])
        whole = len(sound) // CHUNK_FRAMES * CHUNK_FRAMES
        self._left = sound[whole:]
        return iter(sound[:whole].reshape(-1, CHUNK_FRAMES))

    def finish(self) -> "Iterator[Chunk]":
        """The last chunk, filled up with silence, if there is anything left for it."""
        if len(self._left):
            yield np.pad(self._left, (0, CHUNK_FRAMES - len(self._left)))
            self._left = np.empty(0, np.int16)
