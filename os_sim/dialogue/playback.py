"""Playback: sound that goes on after the turn, and the words that steer it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from os_sim.audio import Track
from os_sim.dialogue import Mouth
from os_sim.dialogue.skill_thread import SkillThread
from os_sim.errors import SkillError
from os_sim.events import Event, Failed, Playing, Stopped

STEP_DB = 6.0
"""One "louder" or "quieter": twice or half as loud."""


class Playback:
    """One playlist, one track of it at a time."""

    def __init__(
        self,
        mouth: Mouth,
        skills: SkillThread,
        report: Callable[[Event], None],
        changed: Callable[[], None],
        patience_s: float,
    ) -> None:
        self._mouth = mouth
        self._skills = skills
        self._report = report
        self._changed = changed
        self._patience_s = patience_s
        self._playlist: Iterator[Track] = iter(())
        self._source = Path()
        self._watch: asyncio.Task[None] | None = None
        self.track: Track | None = None

    @property
    def active(self) -> bool:
        """Whether something plays or is paused."""
        return self.track is not None

    async def start(self, playlist: Iterable[Track], source: Path) -> None:
        """Play this from its first track; `source` is the file of the skill it comes from.

        Raises SkillError if it has none to give.
        """
        self._playlist, self._source = iter(playlist), source
        await self.next()

    async def next(self) -> None:
        """Go to the next track; with none left, stop."""
        track = await self._take()
        if track is None:
            self.stop()
            return
        self._begin(track)

    def restart(self) -> None:
        """Play the same track again from its beginning."""
        if self.track is not None:
            self._begin(self.track)

    def stop(self) -> bool:
        """Whether there was something to stop."""
        if self.track is None:
            return False
        self._stop_watching()
        self.track = None
        self._playlist = iter(())
        self._mouth.stop()
        self._report(Stopped())
        self._changed()
        return True

    def _begin(self, track: Track) -> None:
        self._stop_watching()
        self.track = track
        self._mouth.start(track)
        self._report(Playing(track.title, track.mood, round(track.seconds, 1)))
        self._watch = asyncio.get_running_loop().create_task(self._go_on_after_end())
        self._changed()

    async def _go_on_after_end(self) -> None:
        try:
            await self._mouth.ended()
        except SkillError as error:  # it broke off; the next one may be better
            self._report(Failed(type(error).__name__, str(error)))
        self._watch = None
        try:
            await self.next()
        except SkillError as error:
            self.stop()
            self._report(Failed(type(error).__name__, str(error)))

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _take(self) -> Track | None:
        """The playlist's next track; composing it is the skill's code, so it runs there."""
        playlist = self._playlist
        return await self._skills.call(lambda: next(playlist, None), self._source, self._patience_s)
