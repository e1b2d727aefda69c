"""How loud sound is: what all noise makers, rooms and tables mean by a level and a distance in dB.

Sound is mono float32 in -1..1 at HZ.  Levels in dBFS are RMS levels; a full-scale square wave is
0 dBFS, as in `os_sim.vad`.
"""

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
"""Mono float32 in -1..1, shape (frames,), at HZ."""

HZ = 16_000

_STEP = 80
"""Frames between two looks at the envelope: 5 ms."""
_SMOOTHING_S = 0.03
_HANGOVER_S = 0.2
_MARGIN_DB = 15.9


def level_dbfs(sound: Sound) -> float:
    """RMS over all of it; -inf for digital silence."""
    power = float(np.mean(sound.astype(np.float64) ** 2)) if len(sound) else 0.0
    return _db(power)


def peak_dbfs(sound: Sound) -> float:
    """The largest sample; -inf for digital silence."""
    return _db(float(np.abs(sound).max(initial=0.0)) ** 2)


def active_level_dbfs(speech: Sound) -> float:
    """The level of speech while somebody speaks: pauses do not count.

    Method B of ITU-T P.56 (2011): the power over the time in which the envelope, smoothed twice
    and held for 0.2 s, is above a threshold 15.9 dB below the level so found.
    """
    envelope = _envelope(speech)
    energy = float(np.sum(speech.astype(np.float64) ** 2))
    if not energy:
        return -np.inf
    thresholds_db = np.arange(-90.0, 0.5, 0.5)
    active = [_active_frames(envelope, 10 ** (db / 20)) for db in thresholds_db]
    levels_db = [_db(energy / frames) if frames else np.inf for frames in active]
    above_db = np.asarray(levels_db) - thresholds_db
    # From the lowest threshold upwards the distance shrinks; where it passes the margin, active
    # speech ends and the pauses begin.
    at = int(np.argmax(above_db <= _MARGIN_DB))
    if at == 0:
        return float(levels_db[0])
    share = (above_db[at - 1] - _MARGIN_DB) / (above_db[at - 1] - above_db[at])
    return float(levels_db[at - 1] + share * (levels_db[at] - levels_db[at - 1]))


def gained(sound: Sound, gain_db: float) -> Sound:
    """Louder or softer; nothing is clipped."""
    return (sound * np.float32(10 ** (gain_db / 20))).astype(np.float32)


def at_level(sound: Sound, dbfs: float) -> Sound:
    """Brought to this RMS level."""
    return gained(sound, dbfs - level_dbfs(sound))


def at_peak(sound: Sound, dbfs: float) -> Sound:
    """Brought to this peak level, which is how recording levels are told."""
    return gained(sound, dbfs - peak_dbfs(sound))


def _db(power: float) -> float:
    return 10 * float(np.log10(power)) if power > 0 else -np.inf


def _envelope(speech: Sound) -> NDArray[np.float64]:
    """Smoothed twice with P.56's time constant, every 5 ms."""
    whole = np.abs(speech[: len(speech) // _STEP * _STEP]).astype(np.float64)
    steps = whole.reshape(-1, _STEP).mean(axis=1)
    keep = np.exp(-_STEP / HZ / _SMOOTHING_S)
    once = twice = 0.0
    envelope = np.empty(len(steps))
    for at, value in enumerate(steps):
        once = keep * once + (1 - keep) * value
        twice = keep * twice + (1 - keep) * once
        envelope[at] = twice
    return envelope


def _active_frames(envelope: NDArray[np.float64], threshold: float) -> int:
    """Frames within the hangover after the envelope was above the threshold."""
    held = round(_HANGOVER_S * HZ / _STEP) + 1
    above = np.convolve(envelope >= threshold, np.ones(held))[: len(envelope)]
    return int(np.count_nonzero(above)) * _STEP
