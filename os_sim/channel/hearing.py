"""From chunks of sound to what was said; the part that a microphone and a recording share.

    chunks ─▶ voice detector ─▶ endpointing ─▶ recogniser, in its own thread ─▶ HeardEvent
       └────▶ pre-roll, so that a soft first syllable is not lost

While nobody speaks only the detector runs.  The recogniser is only ever touched in its thread,
and gets one chunk after the other, so the same sound gives the same words on every machine.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from os_sim.asr import Recognizer
from os_sim.audio import CHUNK_S
from os_sim.dialogue import Expectation
from os_sim.errors import OsSimError
from os_sim.events import HeardEvent, HearingFailed, Partial
from os_sim.vad import VoiceDetector
from os_sim.vad.endpointing import (
    EndpointRules,
    Quiet,
    State,
    Step,
    Words,
    advance,
    follow_key,
    word_came,
)

if TYPE_CHECKING:
    from os_sim.audio import Chunk

T = TypeVar("T")

PRE_ROLL_S = 0.4
"""Sound from before the beginning of an utterance that belongs to it."""
ROOM_TAIL_S = 0.25
"""How long the room rings on after the OS's own voice has fallen silent."""


@dataclass
class TalkKey:
    """Push-to-talk: everything is heard while it is pressed, and nothing otherwise."""

    pressed: bool = False


def never() -> bool:
    """Nothing of our own sounds."""
    return False


class Hearing:
    """Hears one stream of sound.  Use from one event loop, one call at a time."""

    def __init__(
        self,
        recognizer: Recognizer,
        detector: VoiceDetector,
        rules: EndpointRules | None = None,
        *,
        muted: Callable[[], bool] = never,
        talk_key: TalkKey | None = None,
    ) -> None:
        """`muted`: whether our own voice sounds, and would be taken for the user's.

        With a `talk_key` the key, not the voice, says when an utterance begins and ends; then
        our own voice does not keep the user from being heard.
        """
        self._recognizer = recognizer
        self._detector = detector
        self._rules = rules or EndpointRules()
        self._muted = muted
        self._talk_key = talk_key
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hearing")
        self._expectation: Expectation | None = None
        self._prepared: Future[None] | None = None
        self._pre_roll: deque[Chunk] = deque(maxlen=round(PRE_ROLL_S / CHUNK_S))
        self._state: State = Quiet()
        self._words = Words.OPEN
        self._deaf_s = 0.0
        self._is_closed = False

    def expect(self, expectation: Expectation) -> None:
        """What is likely to be said from the next utterance on.

        The sentences are listed and handed to the recogniser at once, in its thread.
        """
        if self._is_closed:
            return
        self._expectation = expectation
        self._prepared = self._thread.submit(self._prepare, expectation)

    async def take(self, chunk: "Chunk") -> HeardEvent | None:
        """Hear the next chunk; returns what it brought to light.

        When the recogniser fails, `HearingFailed` ends the utterance, and hearing goes on.
        """
        if self._is_deaf():
            return await self.finish()
        match self._step(chunk):
            case Step.BEGINS:
                return await self._begin(chunk)
            case Step.GOES_ON:
                return await self._or_failure(self._feed([chunk]))
            case Step.ENDS:
                return await self._or_failure(self._end([chunk]))
        if self._talk_key is None:
            self._pre_roll.append(chunk)
        return None

    async def finish(self) -> HeardEvent | None:
        """No more of this is to be heard: end the utterance, if one goes on."""
        self._pre_roll.clear()
        if isinstance(self._state, Quiet):
            return None
        self._state = Quiet()
        return await self._or_failure(self._end([]))

    async def restart(self) -> None:
        """What comes next comes from somewhere else: forget the utterance and the room."""
        self._state = Quiet()
        self._pre_roll.clear()
        self._detector.reset()
        await self._in_thread(self._recognizer.close)

    async def close(self) -> None:
        """Let go of the recogniser and its thread; safe to call twice."""
        if not self._is_closed:
            self._is_closed = True
            await self._in_thread(self._recognizer.close)
            self._thread.shutdown(wait=False)

    # On the event loop.

    def _is_deaf(self) -> bool:
        if self._talk_key is not None:
            return False
        if self._muted():
            self._deaf_s = ROOM_TAIL_S
        else:
            self._deaf_s = max(0.0, self._deaf_s - CHUNK_S)
        return self._deaf_s > 0

    def _step(self, chunk: "Chunk") -> Step:
        if self._talk_key is not None:
            self._state, step = follow_key(
                self._state, self._rules, self._talk_key.pressed, CHUNK_S
            )
        else:
            self._state, step = advance(
                self._state,
                self._rules,
                self._detector.is_speech(chunk),
                CHUNK_S,
                self._words,
            )
        return step

    async def _begin(self, chunk: "Chunk") -> HeardEvent | None:
        self._words = self._judge(Partial(""))
        chunks = [*self._pre_roll, chunk]
        self._pre_roll.clear()
        return await self._or_failure(self._feed(chunks))

    async def _feed(self, chunks: "Sequence[Chunk]") -> Partial | None:
        if self._prepared is not None:
            prepared, self._prepared = self._prepared, None
            await asyncio.wrap_future(prepared)
        partial = await self._in_thread(lambda: self._recognize(chunks))
        if partial is not None:
            self._words = self._judge(partial)
            self._state = word_came(self._state, self._rules)
        return partial

    def _judge(self, partial: Partial) -> Words:
        if self._expectation is None:
            return Words.OPEN
        # "Stop pulling my hair" is no "stop", although nothing but that may be known of it.
        is_all = bool(partial.text) and not partial.more_follows
        if is_all and self._expectation.is_complete(partial.text):
            return Words.WHOLE
        return Words.DICTATION if self._expectation.anything else Words.OPEN

    async def _end(self, chunks: "Sequence[Chunk]") -> HeardEvent:
        await self._feed(chunks)
        return await self._in_thread(self._recognizer.finish)

    async def _or_failure(self, work: Awaitable[HeardEvent | None]) -> HeardEvent | None:
        try:
            return await work
        except OsSimError as error:
            self._state = Quiet()
            await self._in_thread(self._recognizer.close)
            return HearingFailed(str(error))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._thread.submit(work))

    # In the recogniser's thread.

    def _prepare(self, expectation: Expectation) -> None:
        if expectation is self._expectation:  # else another one has come after it
            ears = self._recognizer
            unlisted = (expectation.usual and ears.hears_sentences) or (
                expectation.anything and ears.knows_free_speech
            )
            ears.expect(None if unlisted else expectation.sentences)

    def _recognize(self, chunks: "Sequence[Chunk]") -> Partial | None:
        latest = None
        for chunk in chunks:
            latest = self._recognizer.feed(chunk) or latest
        return latest
