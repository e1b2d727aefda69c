"""Recordings of which it is known when somebody speaks: trimmed, with pauses between the words.

A recording is cut to its speech and put between stretches of its own room.  Pauses are inserted
where the recogniser's word times and the sound agree that a word ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench.levels import HZ, Sound, at_peak
from bench.noises import NOISES, add_noise, hiss

STEP = 160
"""Frames between two looks at the level: 10 ms."""
BEFORE_S = 2.5
AFTER_S = 3.0
PAUSE_S = (0.2, 0.6)
"""The shortest and the longest pause."""
_BELOW_PEAK_DB = 35.0
_FADE_S = 0.01
_REACH_S = 0.06
"""How far word times may be off the quietest moment."""
_APART_S = 0.3
"""Two pauses with less than this between them would be one longer pause."""
_OFF_S = 0.15
"""How far the first and the last word may reach beyond their times."""


@dataclass(frozen=True)
class Take:
    """One utterance between two stretches in which nobody speaks."""

    sound: Sound
    begin_s: float
    end_s: float
    """Where the first word begins and the last one ends."""


@dataclass(frozen=True)
class Surroundings:
    """What is added to a recording."""

    noise: str = ""
    """One of NOISES; empty: nothing but the recording's own room."""
    snr_db: float = 0.0
    peak_dbfs: float = -9.0
    """Of the speech alone."""

    def __str__(self) -> str:
        if self.noise:
            return f"{self.noise} {self.snr_db:.0f} dB"
        return f"peaks at {self.peak_dbfs:.0f} dBFS"


def trimmed(recording: Sound, words_s: Sequence[tuple[float, float]]) -> tuple[Sound, Sound]:
    """The speech, and a stretch of the room around it; `words_s`: where words begin and end.

    Breath, coughs and clicks before and after the words are no speech.
    """
    levels_db = _levels_db(recording)
    loud_db, room_db = np.percentile(levels_db, (95, 5))
    threshold_db = max(loud_db - _BELOW_PEAK_DB, min(room_db + 8.0, loud_db - 20.0))
    steps = np.flatnonzero(levels_db > threshold_db)
    if words_s:
        at_s = steps * STEP / HZ
        begin_s, end_s = words_s[0][0] - _OFF_S, words_s[-1][1] + _OFF_S
        steps = steps[(at_s >= begin_s) & (at_s < end_s)]
    speech = recording[steps[0] * STEP : (steps[-1] + 1) * STEP]
    quiet = np.argsort(levels_db)[: max(4, len(levels_db) // 20)]
    room_dbfs = 10 * np.log10(np.mean(10 ** (levels_db[quiet] / 10)))
    room = hiss(BEFORE_S + AFTER_S, 1)
    return speech, room * np.float32(10 ** ((room_dbfs + 30.0) / 20))


def paused(
    speech: Sound, words_s: Sequence[tuple[float, float]], room: Sound, rng: Generator
) -> Sound:
    """With a pause of `PAUSE_S` after about every third word."""
    ends_s = [end_s for _, end_s in words_s]
    inner = [end_s for end_s in ends_s if 0.15 < end_s < len(speech) / HZ - 0.15]
    chosen = [end_s for end_s in inner if rng.uniform() < 0.35] or inner[-1:]
    cuts: list[int] = []
    for cut in (_quietest(speech, round(end_s * HZ)) for end_s in chosen):
        if not cuts or cut - cuts[-1] > _APART_S * HZ:
            cuts.append(cut)
    pieces = [_faded(piece) for piece in np.split(speech, cuts)]
    joined = [pieces[0]]
    for piece in pieces[1:]:
        joined += [room[: round(rng.uniform(*PAUSE_S) * HZ)], piece]
    return np.concatenate(joined)


def staged(speech: Sound, room: Sound, around: Surroundings, seed: int) -> Take:
    """The speech at its level, between two stretches of its room, in these surroundings."""
    before = round(BEFORE_S * HZ)
    sound = np.concatenate([room[:before], speech, room[: round(AFTER_S * HZ)]])
    sound = at_peak(sound, around.peak_dbfs)
    if around.noise:
        noise = NOISES[around.noise](len(sound) / HZ, seed)
        sound = add_noise(sound, noise, around.snr_db)
    return Take(sound, BEFORE_S, BEFORE_S + len(speech) / HZ)


def _levels_db(sound: Sound) -> NDArray[np.float64]:
    whole = sound[: len(sound) // STEP * STEP].astype(np.float64).reshape(-1, STEP)
    return np.asarray(10 * np.log10(np.mean(whole**2, axis=1) + 1e-10))


def _quietest(speech: Sound, around: int) -> int:
    """The quietest moment near a frame."""
    reach = round(_REACH_S * HZ)
    start = max(0, around - reach)
    return start + STEP * int(np.argmin(_levels_db(speech[start : around + reach]))) + STEP // 2


def _faded(piece: Sound) -> Sound:
    frames = min(round(_FADE_S * HZ), len(piece) // 2)
    ramp = np.linspace(0, 1, frames, dtype=np.float32)
    faded = piece.copy()
    faded[:frames] *= ramp
    faded[len(faded) - frames :] *= ramp[::-1]
    return faded
