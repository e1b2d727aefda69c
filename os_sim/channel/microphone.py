"""Ears at a microphone: they listen all the time, and outlive the device."""

from collections.abc import AsyncIterator

from os_sim.audio import Source
from os_sim.channel.hearing import Hearing
from os_sim.clock import Clock
from os_sim.dialogue import Expectation
from os_sim.errors import DeviceError
from os_sim.events import HeardEvent, HearingFailed

RETRY_S = (0.5, 1.0, 2.0, 4.0)
"""How long to wait before a lost device is tried again; the last one from then on."""


class LiveEars:
    """A live source and the hearing behind it."""

    origin: str | None = None

    def __init__(
        self, source: Source, hearing: Hearing, clock: Clock, patience_s: float = 8.0
    ) -> None:
        """`source.chunks()` must be callable again after a DeviceError.

        `patience_s`: how long an open question waits for an answer.
        """
        self.patience_s = patience_s
        self._source = source
        self._hearing = hearing
        self._clock = clock

    async def heard(self) -> AsyncIterator[HeardEvent]:
        """Everything the user says until the source ends.

        A device that is lost is reported once, and tried again until it is back; half a sentence
        is never delivered as a whole one.
        """
        failures = 0
        try:
            while True:
                try:
                    async for chunk in self._source.chunks():
                        failures = 0
                        if (event := await self._hearing.take(chunk)) is not None:
                            yield event
                    break
                except DeviceError as error:
                    failures += 1
                    if failures == 1:
                        await self._hearing.restart()
                        yield HearingFailed(str(error))
                await self._clock.sleep(RETRY_S[min(failures, len(RETRY_S)) - 1])
            if (event := await self._hearing.finish()) is not None:
                yield event
        finally:
            self._source.close()
            await self._hearing.close()

    def expect(self, expectation: Expectation) -> None:
        self._hearing.expect(expectation)

    def give_floor(self) -> None:
        """Live ears never stop listening."""

    def take_floor(self) -> None:
        """Live ears never stop listening."""
