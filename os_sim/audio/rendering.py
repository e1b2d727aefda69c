"""A track on its way from the skill that composes it to the mixer that plays it."""

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from os_sim.audio import MIX_HZ, Track

if TYPE_CHECKING:
    from os_sim.audio import Samples

AHEAD_FRAMES = round(1.5 * MIX_HZ)
"""The renderer rests while this much is waiting to be heard."""


class Rendering:
    """Runs a track's `render` in a thread of its own, and holds what it is ahead.

    Safe from any thread.  What the renderer raises is kept in `error`, and what it had rendered
    until then is still played.
    """

    def __init__(self, track: Track) -> None:
        self.track = track
        self.error: Exception | None = None
        self._blocks: deque[Samples] = deque()
        self._ahead_frames = 0
        self._finished = self._closed = self._is_late = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name=f"render {track.title}", daemon=True).start()

    @property
    def finished(self) -> bool:
        """Whether nothing more will be rendered."""
        return self._finished

    @property
    def ahead_frames(self) -> int:
        """How much is waiting to be taken."""
        return self._ahead_frames

    def wait_for(self, frames: int, timeout_s: float) -> None:
        """Return when that much (at most AHEAD_FRAMES) is waiting, or the renderer has ended.

        Returns when time is up, too; whoever was late once is not waited for again.
        """
        with self._changed:
            if not self._is_late:
                self._is_late = not self._changed.wait_for(
                    lambda: self._finished or self._ahead_frames >= frames, timeout_s
                )

    def take_into(self, out: "Samples") -> int:
        """Fill `out` from its beginning as far as there is something; returns how far."""
        filled = 0
        with self._changed:
            while filled < len(out) and self._blocks:
                block = self._blocks[0]
                part = min(len(block), len(out) - filled)
                out[filled : filled + part] = block[:part]
                filled += part
                if part == len(block):
                    self._blocks.popleft()
                else:
                    self._blocks[0] = block[part:]
            self._ahead_frames -= filled
            if self._ahead_frames < AHEAD_FRAMES:
                self._changed.notify_all()
        return filled

    def close(self) -> None:
        """Nobody will listen any more: the thread ends after the block that it is rendering."""
        with self._changed:
            self._closed = True
            self._blocks.clear()
            self._ahead_frames = 0
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            for block in self.track.render():
                if not self._put(_checked(block)):
                    break
        except Exception as error:  # noqa: BLE001 - a skill's own code, in a thread of ours
            self.error = error
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify_all()

    def _put(self, block: "Samples") -> bool:
        """Add a block, then rest until more is wanted; returns whether any is."""
        with self._changed:
            if len(block) and not self._closed:
                self._blocks.append(block)
                self._ahead_frames += len(block)
                self._changed.notify_all()
            self._changed.wait_for(lambda: self._closed or self._ahead_frames < AHEAD_FRAMES)
            return not self._closed


def _checked(block: Any) -> "Samples":
    """The block as stereo float32; raises ValueError for what is no sound."""
    samples = np.asarray(block, dtype=np.float32)
    if samples.ndim == 1:
        samples = samples[:, np.newaxis]
    if samples.ndim != 2 or samples.shape[1] not in (1, 2):
        raise ValueError(f"rendered a block of shape {samples.shape}; (frames, 2) is wanted")
    if not np.isfinite(samples).all():
        raise ValueError("rendered samples that are not finite")
    return np.broadcast_to(samples, (len(samples), 2))
