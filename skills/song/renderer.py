"""Turns a performance into sound, block by block, in memory that does not grow."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from os_sim.skill import MIX_HZ

from .hall import Hall, small_hall
from .instruments import INSTRUMENTS, Samples
from .limiter import limit
from .loudness import gain_for
from .performance import Performance

BLOCK_FRAMES = 24_576
"""Half a second."""
_HALL_FRAMES = 3 * (1 << 15) - BLOCK_FRAMES
"""1.5 s: with a block, it just fills a transform of a quick size."""
_WET = 0.33
_FADE_OUT_S = 4.0


def render(performance: Performance, block_frames: int = BLOCK_FRAMES) -> Iterator[Samples]:
    """Blocks of stereo float32 at MIX_HZ, from the first stroke to the end of the last ring.

    `block_frames`, a multiple of 128, changes the pace and not the sound.
    """
    left = round(performance.seconds * MIX_HZ)
    for block in limit(_in_the_hall(performance, block_frames)):
        yield block[:left]
        left -= len(block[:left])
        if not left:
            return


def _in_the_hall(performance: Performance, size: int) -> Iterator[Samples]:
    """Every block at its final loudness, with the hall, faded at the end of the piece."""
    gain = np.float32(gain_for(performance))
    hall = Hall(small_hall(_HALL_FRAMES), size)
    total = round(performance.seconds * MIX_HZ)
    for start, dry in _mix(performance, total, size):
        wet = np.float32(_WET) * hall.feed(dry)
        yield gain * (dry + wet) * _fade(np.arange(start, start + size), total)


def _mix(performance: Performance, total: int, size: int) -> Iterator[tuple[int, Samples]]:
    """Every block's first frame, and the strokes that sound in it, without the hall."""
    random = np.random.default_rng(performance.seed)
    strokes = iter(performance.strokes)
    stroke = next(strokes, None)
    ahead = np.zeros((size, 2), np.float32)
    for start in range(0, total, size):
        while stroke and round(stroke.start_s * MIX_HZ) < start + size:
            sound = INSTRUMENTS[stroke.part](stroke, random)
            offset = round(stroke.start_s * MIX_HZ) - start
            ahead = _reach(ahead, offset + len(sound))
            ahead[offset : offset + len(sound)] += sound
            stroke = next(strokes, None)
        yield start, ahead[:size]
        ahead = _reach(ahead[size:], size)


def _reach(sound: Samples, frames: int) -> Samples:
    """The sound, with silence after it if it is shorter than `frames`."""
    missing = frames - len(sound)
    return np.pad(sound, ((0, missing), (0, 0))) if missing > 0 else sound


def _fade(frames: NDArray[np.int_], total: int) -> Samples:
    """The gain at these frames, as a column: one, and half a cosine over the last seconds."""
    left = np.clip((total - frames) / (_FADE_OUT_S * MIX_HZ), 0, 1)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * left), np.float32)[:, None]
