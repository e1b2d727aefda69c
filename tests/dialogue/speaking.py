"""A mouth that takes its time, for the tests of what happens while the OS speaks."""

import asyncio

from os_sim.channel.silence import Silence
from os_sim.clock import Clock

WORD_S = 0.5
"""How long a word lasts."""


class TalkingMouth(Silence):
    """Like `Silence`, but a word lasts `WORD_S` on the clock; keeps the contract of `Mouth`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._hushed = asyncio.Event()
        self.finished: list[str] = []
        """What was said to its end."""
        self.cut_short: list[str] = []

    async def say(self, text: str) -> None:
        self._hushed.clear()
        said = asyncio.ensure_future(self._clock.sleep(WORD_S * len(text.split())))
        hushed = asyncio.ensure_future(self._hushed.wait())
        try:
            await asyncio.wait({said, hushed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            (self.finished if said.done() else self.cut_short).append(text)
            said.cancel()
            hushed.cancel()

    def hush(self) -> None:
        self._hushed.set()
