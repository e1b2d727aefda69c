"""A mouth for text without sound: nothing is heard, but tracks still take their time."""

import asyncio

from os_sim.audio import Track
from os_sim.audio.volume import turned
from os_sim.clock import Clock


class Silence:
    """Implements `os_sim.dialogue.Mouth`; a track lasts its length on the clock, unrendered."""

    def __init__(self, clock: Clock, volume_db: float = 0.0) -> None:
        self._clock = clock
        self._volume_db = volume_db
        self._left_s = 0.0
        self._since_s: float | None = None
        """When the track went on playing; None while it is paused or over."""
        self._changed = asyncio.Event()

    async def say(self, text: str) -> None:
        pass

    def hush(self) -> None:
        pass

    def start(self, track: Track) -> None:
        self._left_s = track.seconds
        self._since_s = self._clock.now()
        self._changed.set()

    async def ended(self) -> None:
        while self._left_s > 0:
            self._changed.clear()
            if self._since_s is None:
                await self._changed.wait()
                continue
            passed = asyncio.ensure_future(self._clock.sleep(self._rest_s()))
            changed = asyncio.ensure_future(self._changed.wait())
            try:
                await asyncio.wait({passed, changed}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                passed.cancel()
                changed.cancel()
            if self._since_s is not None and self._rest_s() <= 0:
                self.stop()

    def pause(self) -> None:
        if self._since_s is not None:
            self._left_s = self._rest_s()
            self._since_s = None
            self._changed.set()

    def resume(self) -> None:
        if self._since_s is None and self._left_s > 0:
            self._since_s = self._clock.now()
            self._changed.set()

    def stop(self) -> None:
        self._left_s, self._since_s = 0.0, None
        self._changed.set()

    def turn_volume(self, step_db: float) -> float:
        self._volume_db = turned(self._volume_db, step_db)
        return self._volume_db

    async def close(self) -> None:
        self.stop()

    def _rest_s(self) -> float:
        if self._since_s is None:
            return self._left_s
        return self._left_s - (self._clock.now() - self._since_s)
