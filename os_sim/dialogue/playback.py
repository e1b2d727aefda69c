"""Playback: sound that goes on after the turn, and the words that steer it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from os_sim.audio import Track
from os_sim.dialogue import Mouth
from os_sim.dialogue.skill_thread import SkillThread
from os_sim.errors import SkillError
from os_sim.events import Event, Failed, Playing, Stopped

MAX_BROKEN = 3
"""So many tracks that break off in a row end a playlist, which may be endless."""
_NONE = object()
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
        self._wishes = 0
        """Counts what was started and stopped: a track that comes too late is not begun."""
        self._broken = 0
        self._watch: asyncio.Task[None] | None = None
        self.settled = asyncio.Event()
        """Cleared while one track has ended and the next is on its way."""
        self.settled.set()
        self.track: Track | None = None

    @property
    def active(self) -> bool:
        """Whether something plays or is paused."""
        return self.track is not None

    async def start(self, playlist: Iterable[Track], source: Path) -> None:
        """Play this from its first track; `source` is the file of the skill it comes from.

        Raises SkillError if it has none to give; what played before then goes on.
        """
        self._wishes += 1
        wish = self._wishes
        tracks = await self._skills.call(lambda: iter(playlist), source, self._patience_s)
        track = await self._take(tracks, source)
        if track is None:
            raise _bad_playlist(source, "there is no track in it")
        if wish == self._wishes:
            self._playlist, self._source, self._broken = tracks, source, 0
            self._begin(track)

    async def next(self) -> None:
        """Go to the next track; with none left, stop."""
        playlist = self._playlist
        track = await self._take(playlist, self._source)
        if playlist is not self._playlist:
            return  # it was stopped or replaced while the track was composed
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
        self._wishes += 1
        self._playlist = iter(())
        if self.track is None:
            return False
        self._stop_watching()
        self.track = None
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
            self._broken = 0
        except SkillError as error:  # it broke off; the next one may be better
            self._report(Failed(type(error).__name__, str(error)))
            self._broken += 1
        self._watch = None
        self.settled.clear()
        try:
            if self._broken == MAX_BROKEN:
                self.stop()
            else:
                await self.next()
        except SkillError as error:
            self.stop()
            self._report(Failed(type(error).__name__, str(error)))
        finally:
            self.settled.set()

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _take(self, playlist: Iterator[Track], source: Path) -> Track | None:
        """The playlist's next track; composing it is the skill's code, so it runs there."""
        found = await self._skills.call(lambda: next(playlist, _NONE), source, self._patience_s)
        if found is _NONE:
            return None
        if not isinstance(found, Track):
            raise _bad_playlist(source, f"{found!r:.60} is no Track")
        return found


def _bad_playlist(source: Path, why: str) -> SkillError:
    return SkillError(f"{source.parent.name}/{source.name}: the playlist cannot be played: {why}")
