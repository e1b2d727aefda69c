"""The mouth that is heard: sentences rendered one ahead, and a track under them."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from os_sim.audio import Sink, Track
from os_sim.audio.mixer import Mixer
from os_sim.errors import SkillError, VoiceError
from os_sim.tts import Synthesizer
from os_sim.tts.sentences import split_sentences

if TYPE_CHECKING:
    from os_sim.audio import Samples

TAIL_S = 0.25
"""How long the room and the sound card still carry the voice after its last sample."""


class Speaker:
    """Implements `os_sim.dialogue.Mouth` with a synthesizer, a mixer, and a sink.

    Use from one event loop.  What is said at the same time is said one after another.
    """

    def __init__(self, synthesizer: Synthesizer, mixer: Mixer, sink: Sink) -> None:
        """Opens the sink, and closes all three in `close`; raises DeviceError."""
        self.synthesizer = synthesizer
        self._mixer, self._sink = mixer, sink
        self._turn = asyncio.Lock()
        self._sayings = 0
        self._hushed = asyncio.Event()
        """Set by a hush for all that is being said; what is said later gets an event of its own."""
        self._track: Track | None = None
        self._over = asyncio.Event()
        """Whether nothing plays."""
        self._over.set()
        self._broken: SkillError | None = None
        self._rendered = asyncio.Event()
        """Cleared while a sentence is being rendered."""
        self._rendered.set()
        mixer.play_on(sink)

    @property
    def speaking(self) -> bool:
        """Whether the microphone may hear our own voice: until TAIL_S after the last sample."""
        return self._sayings > 0 or self._mixer.is_speaking or self._mixer.quiet_s < TAIL_S

    @property
    def playing(self) -> bool:
        """Whether a track is being heard, or paused."""
        return not self._over.is_set()

    async def ready(self) -> None:
        """Wait until the next thing to be heard has been rendered: for time that can stand."""
        if not self._mixer.is_speaking:
            await self._rendered.wait()

    async def say(self, text: str) -> None:
        """Speak; returns when the last sample has been played, or at a hush.

        Raises VoiceError, once what was rendered before has been heard.
        """
        hushed = self._hushed
        self._sayings += 1
        try:
            async with self._turn:
                await self._say_sentences(split_sentences(text), hushed)
        finally:
            self._sayings -= 1

    def hush(self) -> None:
        """Silence within 20 ms and the sink's latency; whatever waited to be said is dropped."""
        self._hushed.set()
        self._hushed = asyncio.Event()
        self._mixer.hush()

    def start(self, track: Track) -> None:
        """Play this track from its beginning instead of whatever is playing."""
        self._track = track
        self._broken = None
        self._over.clear()
        loop = asyncio.get_running_loop()
        self._mixer.start(track, lambda error: _tell(loop, lambda: self._note_end(track, error)))

    async def ended(self) -> None:
        """Wait until nothing plays: the last track was heard to its end, or was stopped.

        Raises SkillError, once, if it broke off because its renderer failed.
        """
        await self._over.wait()
        broken, self._broken = self._broken, None
        if broken is not None:
            raise broken

    def pause(self) -> None:
        self._mixer.pause()

    def resume(self) -> None:
        self._mixer.resume()

    def stop(self) -> None:
        """End the track with a fade of 30 ms."""
        self._mixer.stop()
        self._track = None
        self._over.set()

    def turn_volume(self, step_db: float) -> float:
        """Louder or quieter from now on; returns the volume in dB, at most 0."""
        return self._mixer.turn_volume(step_db)

    async def close(self) -> None:
        """Fall silent, and let go of the device and the voice; safe to call twice."""
        self.hush()
        self.stop()
        # In a thread: a device that was pulled out may take its time to be let go of.
        await asyncio.to_thread(self._sink.close)
        self._mixer.close()
        await self.synthesizer.close()

    async def _say_sentences(self, sentences: list[str], hushed: asyncio.Event) -> None:
        """Each sentence is rendered while the one before it is heard."""
        before = _done()
        with self._mixer.ducked():
            try:
                for sentence in sentences:
                    samples = await self._render(sentence)
                    if hushed.is_set():
                        return
                    heard = self._queue(samples)
                    await before
                    before = heard
                await before
            except VoiceError:
                await before
                raise
            except asyncio.CancelledError:
                self._mixer.hush()  # whose turn it is, theirs is all that is in the line
                raise

    async def _render(self, sentence: str) -> "Samples":
        self._rendered.clear()
        try:
            return await self.synthesizer.render(sentence)
        finally:
            self._rendered.set()

    def _queue(self, samples: "Samples") -> "asyncio.Future[None]":
        """Put a sentence into the mixer's line; the future is done when it has been heard."""
        loop = asyncio.get_running_loop()
        heard: asyncio.Future[None] = loop.create_future()

        def note() -> None:
            if not heard.done():
                heard.set_result(None)

        self._mixer.say(samples, lambda: _tell(loop, note))
        return heard

    def _note_end(self, track: Track, error: Exception | None) -> None:
        if track is not self._track:
            return  # another has been started, or this one stopped, while the news was on its way
        if error is not None:
            reason = f"{type(error).__name__}: {error}"
            self._broken = SkillError(
                f"the track '{track.title}' broke off ({reason}); skipping it"
            )
        self._track = None
        self._over.set()


def _done() -> "asyncio.Future[None]":
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


def _tell(loop: asyncio.AbstractEventLoop, news: Callable[[], None]) -> None:
    """Bring news from the mixer's thread to the loop, unless the loop has ended."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(news)
