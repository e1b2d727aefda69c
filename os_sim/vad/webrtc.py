"""Speech or not, by WebRTC's detector behind an energy gate that knows the room.

The detector (a mixture model of speech spectra, ITU-T style, 10 µs a chunk) takes a fan or a hum
for speech now and then; the gate does not let steady sound through at all.  Digital silence and
a quiet room cost a few microseconds a chunk.
"""

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import CAPTURE_HZ, CHUNK_S

if TYPE_CHECKING:
    from os_sim.audio import Chunk

QUIETEST_DBFS = -62.0
"""No microphone delivers speech below this."""
ABOVE_ROOM_DB = 8.0
"""Speech stands out of the room by this much; steady noise varies by 3 dB from chunk to chunk."""
ROOM_WINDOW_S = 3.0
"""Nobody speaks this long without a pause for breath: the quietest chunk is the room."""
AGGRESSIVENESS = 2
"""WebRTC's mode, from 0 (lets noise through) to 3 (swallows soft speech)."""

_PART_CHUNKS = 25
_PARTS = round(ROOM_WINDOW_S / (_PART_CHUNKS * CHUNK_S))


class WebrtcVoiceDetector:
    """Judges one chunk at a time, in order; one for each stream of sound."""

    def __init__(self) -> None:
        self.reset()

    def is_speech(self, chunk: "Chunk") -> bool:
        """Whether somebody speaks in this chunk (mono int16, CAPTURE_HZ, 20 ms)."""
        level_dbfs = _level_dbfs(chunk)
        room_dbfs = self._room.follow(level_dbfs)
        if level_dbfs < max(QUIETEST_DBFS, room_dbfs + ABOVE_ROOM_DB):
            return False
        return bool(self._detector.is_speech(chunk.tobytes(), CAPTURE_HZ))

    def reset(self) -> None:
        """Forget the room: the next chunk comes from somewhere else."""
        import webrtcvad  # only where there is something to hear

        self._detector = webrtcvad.Vad(AGGRESSIVENESS)
        self._room = _Room()


class _Room:
    """The level of the room: the minimum over the last seconds.

    R. Martin, Noise power spectral density estimation based on optimal smoothing and minimum
    statistics, IEEE Trans. Speech and Audio Processing 9(5), 2001; here for the whole band, with
    his sub-windows, so that a chunk costs one comparison.
    """

    def __init__(self) -> None:
        self._parts: deque[float] = deque(maxlen=_PARTS)
        self._part_dbfs = math.inf
        self._chunks = 0

    def follow(self, level_dbfs: float) -> float:
        """Take in the level of the next chunk; returns the room's in dBFS."""
        self._part_dbfs = min(self._part_dbfs, level_dbfs)
        room_dbfs = min(self._part_dbfs, *self._parts) if self._parts else self._part_dbfs
        self._chunks += 1
        if self._chunks == _PART_CHUNKS:
            self._parts.append(self._part_dbfs)
            self._part_dbfs, self._chunks = math.inf, 0
        return room_dbfs


def _level_dbfs(chunk: "Chunk") -> float:
    """RMS without the constant offset that cheap sound cards add; a full-scale square is 0 dBFS."""
    samples = chunk.astype(np.float64)  # which holds every sum of squares exactly
    mean = float(samples.sum()) / len(samples)
    power = float(samples.dot(samples)) / len(samples) - mean * mean
    return 10.0 * math.log10(max(power, 1e-3) / 32768.0**2)
