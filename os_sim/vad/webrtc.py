"""Speech or not, by WebRTC's detector behind a gate that knows the room.

The detector (a mixture model of speech spectra, ITU-T style, 10 µs a chunk) takes a fan, a hum or
other people's murmur for speech, and has no ear for soft voices.  So the gate lets nothing through
that belongs to the room, and what it lets through is brought to the level the detector knows.
Digital silence and a quiet room cost a few microseconds a chunk.
"""

import math
from bisect import bisect_left, insort
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import CAPTURE_HZ, CHUNK_S

if TYPE_CHECKING:
    from os_sim.audio import Chunk

QUIETEST_DBFS = -78.0
"""No microphone delivers speech below this."""
USUAL_DBFS = -30.0
"""Below this WebRTC's detector begins to miss a voice's peaks; softer ones are amplified to it."""
MOST_GAIN_DB = 30.0
AGGRESSIVENESS = 2
"""WebRTC's mode, from 0 (lets noise through) to 3 (swallows soft speech)."""

_CLEAR_DB = 25.0
"""A voice that stands out so far does not drown at the ends of its words."""
_HELD = 8
"""Chunks after the last one with a voice that belong to it where it hardly stands out."""
_BURST = 3
"""Chunks with a voice in a row, before any are held."""
_PEAK_FALLS_DB = 5.0 * CHUNK_S
"""How fast a loud voice is forgotten: 5 dB a second."""
_WINDOW = round(4.0 / CHUNK_S)
"""Nobody speaks for four seconds without pausing for a tenth of them."""
_ROOM_SHARE = 0.1
_LOUDER_ROOM_SHARE = 0.25
_STRANGE = 100
"""Chunks after which the room is known: a recording may begin in the middle of a word."""
_QUIET_ROOM_DBFS = -60.0
"""What a room is taken for that is not known yet."""
_STEADY_DB = 6.0
"""A voice varies more than this within a tenth of a second, a fan or a hum never does."""


class WebrtcVoiceDetector:
    """Judges one chunk at a time, in order; one for each stream of sound."""

    def __init__(self) -> None:
        self._peak_dbfs = QUIETEST_DBFS
        self._burst = self._held = 0
        self.reset()

    def is_speech(self, chunk: "Chunk") -> bool:
        """Whether somebody speaks in this chunk (mono int16, CAPTURE_HZ, 20 ms)."""
        level_dbfs = _level_dbfs(chunk)
        self._peak_dbfs = max(level_dbfs, self._peak_dbfs - _PEAK_FALLS_DB)
        if self._is_voice(chunk, level_dbfs):
            self._burst += 1
            if self._burst >= _BURST:
                self._held = self._hangover()
            return True
        self._burst = 0
        self._held -= 1
        return self._held >= 0

    def reset(self) -> None:
        """Forget the room: the next chunk comes from somewhere else."""
        import webrtcvad  # only where there is something to hear

        self._detector = webrtcvad.Vad(AGGRESSIVENESS)
        self._room = _Room()
        self._peak_dbfs = QUIETEST_DBFS
        self._burst = self._held = 0

    def _is_voice(self, chunk: "Chunk", level_dbfs: float) -> bool:
        if level_dbfs < max(QUIETEST_DBFS, self._room.follow(level_dbfs)):
            return False
        gain_db = min(MOST_GAIN_DB, max(0.0, USUAL_DBFS - self._peak_dbfs))
        return bool(self._detector.is_speech(_amplified(chunk, gain_db).tobytes(), CAPTURE_HZ))

    def _hangover(self) -> int:
        """The ends of words drown in noise: as in 3GPP TS 26.094 they are given the more time, the
        less the voice stands out."""
        drowned = 1 - (self._peak_dbfs - self._room.level_dbfs) / _CLEAR_DB
        return round(_HELD * min(1.0, max(0.0, 2 * drowned)))


class _Room:
    """How loud something must be to stand out of the room.

    A quantile of the levels of the last seconds is the room, as in V. Stahl, A. Fischer and
    R. Bippus, Quantile based noise estimation for spectral subtraction and Wiener filtering,
    ICASSP 2000; here of the whole band.  What stands out is louder by a margin that grows with
    the distance between two quantiles: a fan hardly varies, a room full of people does.
    """

    def __init__(self) -> None:
        self._levels: deque[float] = deque()
        self._ranked: list[float] = []
        self.level_dbfs = QUIETEST_DBFS

    def follow(self, level_dbfs: float) -> float:
        """Take in the level of the next chunk; returns the least level that is not the room's."""
        if len(self._levels) == _WINDOW:
            del self._ranked[bisect_left(self._ranked, self._levels.popleft())]
        self._levels.append(level_dbfs)
        insort(self._ranked, level_dbfs)
        room_dbfs = self._ranked[int(_ROOM_SHARE * len(self._ranked))]
        if len(self._ranked) < _STRANGE and self._ranked[-1] - self._ranked[0] > _STEADY_DB:
            room_dbfs = min(room_dbfs, _QUIET_ROOM_DBFS)
        self.level_dbfs = room_dbfs
        spread_db = self._ranked[int(_LOUDER_ROOM_SHARE * len(self._ranked))] - room_dbfs
        return room_dbfs + min(12.0, max(4.0, 2.0 + 4.0 * spread_db))


def _level_dbfs(chunk: "Chunk") -> float:
    """RMS without the constant offset that cheap sound cards add; a full-scale square is 0 dBFS."""
    samples = chunk.astype(np.float64)  # which holds every sum of squares exactly
    mean = float(samples.sum()) / len(samples)
    power = float(samples.dot(samples)) / len(samples) - mean * mean
    return 10.0 * math.log10(max(power, 1e-3) / 32768.0**2)


def _amplified(chunk: "Chunk", gain_db: float) -> "Chunk":
    if gain_db == 0.0:
        return chunk
    louder = np.clip(chunk * 10.0 ** (gain_db / 20.0), -32768, 32767)
    return np.asarray(louder, np.int16)
