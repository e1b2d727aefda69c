"""The mixer's line for music: one track, its transport, and its gain under speech.

Whatever silences a track (stop, pause, the next track, a renderer that is too slow) plays 30 ms
more of it, fading; whatever lets it sound again fades in.  So the line never clicks.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import MIX_HZ
from os_sim.audio.fade import Fader, Tail
from os_sim.audio.rendering import Rendering
from os_sim.audio.volume import gain

if TYPE_CHECKING:
    from os_sim.audio import Samples

Ended = Callable[[Exception | None], None]
"""Called when a track has been heard to its end, with what its renderer raised, if it did."""

FADE_S = 0.03
FADE_FRAMES = round(FADE_S * MIX_HZ)
DUCKED_GAIN = gain(-15.0)
_DUCK_S, _UNDUCK_S = 0.08, 0.5
READY_FRAMES = round(0.1 * MIX_HZ)
"""So much must be rendered before a track (re)starts to sound."""


class MusicLine:
    """One track at a time.  Not safe for two threads at once: the mixer holds its lock."""

    def __init__(self) -> None:
        self.rendering: Rendering | None = None
        self._ended: Ended = lambda _: None
        self._frames_heard = 0
        self._paused = False
        self._sounding = False
        self._fader, self._duck = Fader(), Fader()
        self._tail = Tail()

    @property
    def position_s(self) -> float:
        """How much of the track has been heard."""
        return self._frames_heard / MIX_HZ

    @property
    def is_busy(self) -> bool:
        """Whether there is anything to be heard, now or as soon as it is rendered."""
        return len(self._tail) > 0 or (self.rendering is not None and not self._paused)

    def start(self, rendering: Rendering, ended: Ended) -> None:
        """Play a track from its beginning, once what plays now has faded."""
        self.stop()
        self.rendering, self._ended = rendering, ended
        self._frames_heard = 0
        self._paused = False

    def stop(self) -> None:
        """Fade the track away and forget it; its end is not reported."""
        self._silence()
        if self.rendering is not None:
            self.rendering.close()
        self.rendering = None

    def pause(self) -> None:
        self._silence()
        self._paused = True

    def resume(self) -> None:
        self._paused = False

    def duck(self) -> None:
        """Make room for a voice."""
        self._duck.to(DUCKED_GAIN, _DUCK_S)

    def unduck(self) -> None:
        self._duck.to(1.0, _UNDUCK_S)

    def mix_into(self, block: "Samples") -> list[Callable[[], None]]:
        """Add the next samples to `block`; returns what is over with them."""
        if self.rendering is None and not len(self._tail):
            return []
        line = np.zeros_like(block)
        over = self._play(line)
        self._tail.mix_into(line)
        if not self._duck.is_unity:
            self._duck.apply(line)
        block += line
        return over

    def _play(self, line: "Samples") -> list[Callable[[], None]]:
        rendering = self.rendering
        if rendering is None or self._paused or len(self._tail):
            return []
        if not self._sounding:
            if not rendering.finished and rendering.ahead_frames < READY_FRAMES:
                return []
            self._sounding = True
            self._fader.to(0.0, 0.0)
            self._fader.to(1.0, FADE_S)
        # Asked first: a renderer that finishes in between only makes this line wait a block longer.
        finished = rendering.finished
        if not finished and rendering.ahead_frames < len(line) + FADE_FRAMES:
            self._silence()
            return []
        return self._take(rendering, line, finished)

    def _take(
        self, rendering: Rendering, line: "Samples", finished: bool
    ) -> list[Callable[[], None]]:
        taken = rendering.take_into(line)
        self._frames_heard += taken
        if not self._fader.is_unity:
            self._fader.apply(line[:taken])
        if taken == len(line) or not finished:
            return []
        ended, error = self._ended, rendering.error
        self.rendering, self._sounding = None, False
        return [lambda: ended(error)]

    def _silence(self) -> None:
        """Let the next 30 ms fade away, if the track is sounding."""
        if not self._sounding or self.rendering is None:
            return
        line = np.zeros((FADE_FRAMES, 2), np.float32)
        taken = self.rendering.take_into(line)
        self._frames_heard += taken
        self._fader.apply(line[:taken])
        self._tail.add(line[:taken])
        self._sounding = False
