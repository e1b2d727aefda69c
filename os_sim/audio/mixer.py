"""Everything that sounds, summed: the voice, one track under it, and the volume.

speech  ──▶ SpeechLine ─────────────┐
                │ duck              ├─▶ volume ─▶ limiter ─▶ read() ─▶ loudspeaker
track ─▶ Rendering ─▶ MusicLine ────┘                          └─▶ reference
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import MIX_HZ, Sink, Track
from os_sim.audio.fade import Fader
from os_sim.audio.limiter import Limiter
from os_sim.audio.music_line import READY_FRAMES, Ended, MusicLine
from os_sim.audio.rendering import Rendering
from os_sim.audio.speech_line import SpeechLine
from os_sim.audio.volume import gain, turned

if TYPE_CHECKING:
    from os_sim.audio import Samples

_BLOCK_FRAMES = round(0.01 * MIX_HZ)
_VOLUME_GLIDE_S = 0.05
REST_FRAMES = 3 * MIX_HZ
"""After so much silence the sink may rest: most conversations go on sooner."""


class Mixer:
    """What a `Sink` pulls from.  Every method may be called from any thread.

    Callbacks (`over`, `ended`) come from the thread that reads, or that hushes; they must be
    quick, and may call the mixer.
    """

    def __init__(
        self,
        volume_db: float = 0.0,
        render_wait_s: float = 0.0,
        reference: "Callable[[Samples], None] | None" = None,
    ) -> None:
        """`render_wait_s`: how long a read may wait for a track that is rendered more slowly than
        it is read.  A device cannot wait, and the track falls silent until there is more of it; a
        recording that is made faster than real time can.

        `reference` gets every block as it goes out: what an echo canceller takes out of the
        microphone again.
        """
        self._lock = threading.Lock()
        self._speech, self._music = SpeechLine(), MusicLine()
        self._limiter = Limiter()
        self._volume_db = turned(volume_db, 0.0)
        self._volume = Fader(gain(self._volume_db))
        self._render_wait_s = render_wait_s
        self._reference = reference
        self._duck_depth = 0
        self._is_ducked = False
        self._frames_since_speech: float = np.inf
        self._frames_since_sound = 0
        self._sink: Sink | None = None

    def play_on(self, sink: Sink) -> None:
        """Open the sink, to be read by it; it rests while there is nothing to be heard.

        Raises DeviceError.
        """
        self._sink = sink
        sink.open(self.read)

    def read(self, frames: int) -> "Samples":
        """The next samples, shape (frames, 2), never beyond full scale; silence if there is none.

        The array belongs to the caller.
        """
        out = np.zeros((frames, 2), np.float32)
        for start in range(0, frames, _BLOCK_FRAMES):
            block = out[start : start + _BLOCK_FRAMES]
            self._wait_for_renderer()
            with self._lock:
                over = self._mix_into(block)
            for call in over:
                call()
        if self._reference is not None:
            self._reference(out)
        return out

    def say(self, samples: "Samples", over: Callable[[], None]) -> None:
        """Queue a sentence; `over` is called once: when its last sample was read, or on hush."""
        with self._lock:
            self._speech.add(samples, over)
            self._wake()

    def hush(self) -> None:
        """Fade the voice out in 20 ms, and drop what it had yet to say."""
        with self._lock:
            over = self._speech.hush()
        for call in over:
            call()

    def start(self, track: Track, ended: Ended) -> None:
        """Play this track instead of whatever plays.

        `ended` is called when it has been heard to its end, not when it is stopped or replaced.
        """
        rendering = Rendering(track)
        with self._lock:
            self._music.start(rendering, ended)
            self._wake()

    def stop(self) -> None:
        """Fade the track out in 30 ms and forget it."""
        with self._lock:
            self._music.stop()

    def pause(self) -> None:
        """Fade the track out in 30 ms and keep the place."""
        with self._lock:
            self._music.pause()

    def resume(self) -> None:
        """Go on where `pause` left off."""
        with self._lock:
            self._music.resume()
            self._wake()

    @contextmanager
    def ducked(self) -> Iterator[None]:
        """Keep the music down for a while, as while anybody speaks; may be nested."""
        self._duck(1)
        try:
            yield
        finally:
            self._duck(-1)

    def turn_volume(self, step_db: float) -> float:
        """Louder or quieter; returns the volume in dB, at most 0."""
        with self._lock:
            self._volume_db = turned(self._volume_db, step_db)
            self._volume.to(gain(self._volume_db), _VOLUME_GLIDE_S)
            return self._volume_db

    @property
    def is_speaking(self) -> bool:
        """Whether a sentence is being heard, or waits to be."""
        with self._lock:
            return self._speech.is_busy

    @property
    def quiet_s(self) -> float:
        """How long ago the last sample of speech was read, in seconds of sound; at first, inf."""
        return self._frames_since_speech / MIX_HZ

    @property
    def position_s(self) -> float:
        """How much of the track has been heard."""
        return self._music.position_s

    def close(self) -> None:
        """Drop everything, and let the render thread end."""
        self.hush()
        self.stop()

    def _mix_into(self, block: "Samples") -> list[Callable[[], None]]:
        self._follow_duck()
        self._follow_silence(len(block))
        over = self._music.mix_into(block)
        if self._speech.is_busy:
            over += self._speech.mix_into(block)
            self._frames_since_speech = 0
        else:
            self._frames_since_speech += len(block)
        if not self._volume.is_unity:
            self._volume.apply(block)
        self._limiter.apply(block)
        return over

    def _duck(self, step: int) -> None:
        with self._lock:
            self._duck_depth += step

    def _follow_duck(self) -> None:
        """Speech ducks the music too, whoever asked for more."""
        wanted = self._duck_depth > 0 or self._speech.is_busy
        if wanted != self._is_ducked:
            self._is_ducked = wanted
            (self._music.duck if wanted else self._music.unduck)()

    def _follow_silence(self, frames: int) -> None:
        is_silent = not (self._speech.is_busy or self._music.is_busy)
        self._frames_since_sound = self._frames_since_sound + frames if is_silent else 0
        if self._frames_since_sound > REST_FRAMES and self._sink is not None:
            self._sink.rest()

    def _wake(self) -> None:
        if self._sink is not None:
            self._sink.wake()

    def _wait_for_renderer(self) -> None:
        if self._render_wait_s and (rendering := self._music.rendering) is not None:
            rendering.wait_for(READY_FRAMES, self._render_wait_s)
