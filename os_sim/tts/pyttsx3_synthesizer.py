"""The OS's voice: pyttsx3 renders in a worker process, and what it renders is finished here."""

import asyncio
import io
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING

from os_sim.errors import VoiceError
from os_sim.tts.sentences import MAX_SENTENCE_CHARS, speakable, within
from os_sim.tts.voice import Voice
from os_sim.tts.worker_process import WorkerLostError, WorkerProcess

if TYPE_CHECKING:
    from os_sim.audio import Samples

_NOTHING_BYTES = 1_000
"""A file that is not larger holds no word: a header, and 20 ms at most."""
_ATTEMPTS = 3
_DEADLINE_S = 2.0
_DEADLINE_PER_CHAR_S = 0.01
"""A sentence takes 15 ms on a laptop; a loaded single-board computer must not look hung."""
_CACHE_BYTES = 16_000_000
"""Forty seconds of finished sound."""


class Pyttsx3Synthesizer:
    """Renders sentences in one voice.

    One worker, one request at a time, whoever asks; nothing blocks the loop.  A worker that
    crashes or hangs is replaced and asked again, so that a sentence is late rather than lost.
    Belongs to the event loop it is first used in.
    """

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        """Who speaks from the next sentence on."""
        self._worker: WorkerProcess | None = None
        self._turn = asyncio.Lock()
        self._recent = _Recent(_CACHE_BYTES)
        self._under_way: dict[tuple[str, Voice], asyncio.Task[Samples]] = {}

    @property
    def engine(self) -> str:
        """What renders, in words; empty until the worker has started."""
        return self._worker.engine if self._worker else ""

    @property
    def worker_pid(self) -> int | None:
        """The worker's process, while there is one."""
        return self._worker.pid if self._worker else None

    async def warm(self) -> None:
        """Get ready to speak: start the worker and load what finishes its sound.

        To be run in the background while the program starts.  Raises VoiceError if this machine
        has no engine that works.
        """
        # A real word, because engine and finishing do half their loading on first use; and what
        # the finishing imports meanwhile, because that takes as long as the worker's start.
        await asyncio.gather(asyncio.to_thread(_load_finishing), self.render(self.voice.name))

    async def render(self, sentence: str) -> "Samples":
        """The finished sound: stereo float32 at MIX_HZ, shape (frames, 2), not to be written to.

        Any text will do: it is cleaned, and what is too long for the engine is rendered in
        parts.  Text with nothing to say in it gives no frames.  Ends with the room dying away and
        no other pause.  Raises VoiceError.  If the caller is cancelled the sentence is rendered
        to its end and remembered, because the worker cannot be interrupted.
        """
        key = (speakable(sentence), self.voice)
        if (samples := self._recent.get(key)) is not None:
            return samples
        if key not in self._under_way:
            task = asyncio.create_task(self._render(*key))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._settle(key, done))
        return await asyncio.shield(self._under_way[key])

    async def pronounce(self, phonemes: str, respelled: str) -> "Samples":
        """The finished sound of a word whose sounds are known, as `render` gives it.

        `phonemes` in espeak-ng's notation; engines that do not know it say `respelled`.
        """
        async with self._turn:
            file = await self._ask(respelled, self.voice, phonemes)
        return await asyncio.to_thread(_finish_files, [file], self.voice)

    async def close(self) -> None:
        """End the worker; whoever waits for a sentence is cancelled.  Safe to call twice."""
        rendering = list(self._under_way.values())
        for task in rendering:
            task.cancel()
        await asyncio.gather(*rendering, return_exceptions=True)
        await self._drop_worker()

    def _settle(self, key: tuple[str, Voice], done: "asyncio.Task[Samples]") -> None:
        del self._under_way[key]
        # Asking for the exception marks it as seen even if whoever wanted the sentence is gone.
        if not done.cancelled() and done.exception() is None:
            self._recent.put(key, done.result())

    async def _render(self, text: str, voice: Voice) -> "Samples":
        async with self._turn:
            files = [await self._ask(part, voice) for part in within(text, MAX_SENTENCE_CHARS)]
        return await asyncio.to_thread(_finish_files, files, voice)

    async def _ask(self, text: str, voice: Voice, phonemes: str = "") -> bytes:
        platform = voice.on(sys.platform)
        request = {
            "text": text,
            "voices": platform.voices,
            "pace_wpm": voice.pace_wpm,
            "pitch": platform.pitch,
            "phonemes": phonemes,
        }
        reason: Exception | None = None
        for attempt in range(_ATTEMPTS):
            # Each deadline is twice the last: on a machine that is only slow, patience wins.
            deadline_s = (_DEADLINE_S + _DEADLINE_PER_CHAR_S * len(text)) * 2**attempt
            # What pyttsx3 failed at twice, the espeak-ng command may still manage.
            last = attempt == _ATTEMPTS - 1
            try:
                if self._worker is None:
                    self._worker = await WorkerProcess.start(command_only=last)
                sound = await self._worker.ask(request, deadline_s)
                # Now and then espeak-ng throws away what it was given, and says that it is done.
                if last or len(sound) > _NOTHING_BYTES or not any(map(str.isalnum, text)):
                    return sound
            except WorkerLostError as lost:
                reason = lost
                await self._drop_worker()
            except BaseException:
                # Cancelled half-way, the pipe holds half an answer.
                await self._drop_worker()
                raise
        raise VoiceError(
            f"the voice '{voice.name}' does not render, {_ATTEMPTS} workers were lost; "
            f"the last one: {reason}"
        )

    async def _drop_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.kill()


class _Recent:
    """What was rendered lately, up to a number of bytes; the longest unused goes first."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._samples: OrderedDict[tuple[str, Voice], Samples] = OrderedDict()

    def get(self, key: tuple[str, Voice]) -> "Samples | None":
        if key in self._samples:
            self._samples.move_to_end(key)
        return self._samples.get(key)

    def put(self, key: tuple[str, Voice], samples: "Samples") -> None:
        self._samples[key] = samples
        self._size_bytes += samples.nbytes
        while self._size_bytes > self._limit_bytes:
            _, dropped = self._samples.popitem(last=False)
            self._size_bytes -= dropped.nbytes


def _load_finishing() -> None:
    import os_sim.tts.finishing  # noqa: F401


def _finish_files(files: list[bytes], voice: Voice) -> "Samples":
    """Decode what the engine wrote, finish it and join it; runs in a thread."""
    import numpy as np
    import soundfile

    from os_sim.tts.finishing import finish

    finished = [np.zeros((0, 2), np.float32)]
    for file in files:
        sound, rate_hz = soundfile.read(io.BytesIO(file), dtype="float32", always_2d=True)
        finished.append(finish(sound.mean(axis=1), rate_hz, voice))
    samples = np.concatenate(finished)
    # Shared through the cache, so nobody may scribble on it.
    samples.flags.writeable = False
    return samples
