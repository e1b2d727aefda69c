"""What skill authors import to test: a conversation in the hand, and golden scripts.

    def test_orders_a_latte():
        with Conversation("skills/coffee") as talk:
            assert talk.hear("get me a latte").asked == ["Small or large?"]
            assert talk.hear("small").said == ["One small latte is on its way."]

A golden script is a text file in the skill's folder `conversations/`, run by pytest as soon as
os_sim is installed; see `os_sim.golden`.  Everything is real but the ears, the mouth and the
clock: the clock stands still until it is moved.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from os_sim import resources
from os_sim.channel.silence import Silence
from os_sim.clock import Clock, ManualClock
from os_sim.dialogue import Expectation, Mouth
from os_sim.dialogue.conversation import Conversation as _Conversation
from os_sim.dialogue.house import House
from os_sim.events import (
    Asked,
    Event,
    Failed,
    HeardEvent,
    Playing,
    Said,
    Shown,
    Stopped,
    Understood,
    Utterance,
)
from os_sim.memory.store import Store
from os_sim.skill import Skill
from os_sim.skill.loading import Shelf, load_shelf, load_skill

DEADLINE_S = 30.0
"""How long an answer may take before the test fails."""


@dataclass(frozen=True)
class Reply:
    """What the OS did in answer to one utterance, or while time passed."""

    events: tuple[Event, ...]

    @property
    def said(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Said)]

    @property
    def asked(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Asked)]

    @property
    def playing(self) -> list[Playing]:
        return [event for event in self.events if isinstance(event, Playing)]

    @property
    def shown(self) -> list[Shown]:
        return [event for event in self.events if isinstance(event, Shown)]

    @property
    def failed(self) -> list[Failed]:
        return [event for event in self.events if isinstance(event, Failed)]

    @property
    def stopped(self) -> bool:
        return any(isinstance(event, Stopped) for event in self.events)

    @property
    def understood(self) -> Understood | None:
        """The skill and the intent that the utterance was given to."""
        found = [event for event in self.events if isinstance(event, Understood)]
        return found[-1] if found else None


class ScriptedEars:
    """Delivers what it is told, when the OS is ready for it."""

    origin: str | None = None
    patience_s = 10.0

    def __init__(self) -> None:
        self.expectation: Expectation | None = None
        self._events: asyncio.Queue[HeardEvent | None] = asyncio.Queue()
        self._floor = asyncio.Event()
        self._floor.set()
        self._listening = asyncio.Event()

    async def heard(self) -> AsyncIterator[HeardEvent]:
        while True:
            self._listening.set()
            event = await self._events.get()
            self._listening.clear()
            if event is None:
                return
            yield event

    def deliver(self, event: HeardEvent | None) -> None:
        """Let this be heard; None: the user has left."""
        self._listening.clear()
        self._events.put_nowait(event)

    async def ready(self) -> None:
        """Wait until everything delivered is answered and the user may speak."""
        await self._listening.wait()
        await self._floor.wait()

    def expect(self, expectation: Expectation) -> None:
        self.expectation = expectation

    def give_floor(self) -> None:
        self._floor.set()

    def take_floor(self) -> None:
        self._floor.clear()


class Conversation:
    """A conversation with some skills, one utterance at a time."""

    def __init__(
        self,
        *skills: "str | Path | Skill",
        seed: int = 1,
        home: Path | None = None,
        now: datetime | None = None,
        patience_s: float = 5.0,
        settings: "dict[str, dict[str, object]] | None" = None,
        mouth: Callable[[Clock], Mouth] = Silence,
    ) -> None:
        """`skills`: folders or Skill objects; none means the whole shelf.

        Without `home`, what is remembered goes into a folder that is deleted at the end.
        `mouth` makes the mouth, of the conversation's clock.
        """
        self._temporary = None if home else tempfile.TemporaryDirectory(prefix="os_sim-")
        self.home = Path(home or self._temporary.name)  # type: ignore[union-attr]  # one of them is set
        self.clock = ManualClock(now) if now else ManualClock()
        self._open_mouth = mouth
        self.events: list[Event] = []
        self.ears = ScriptedEars()
        self._seen = 0
        self._store = Store(self.home / "os_sim.db")
        self._house = House(
            shelf=_shelf(skills),
            store=self._store,
            documents=self.home / "documents",
            clock=self.clock,
            seed=seed,
            voice="samantha",
            patience_s=patience_s,
            settings=settings,
        )
        self._loop = asyncio.new_event_loop()
        self._talk: _Conversation | None = None
        self._running: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        async def begin() -> None:
            mouth = self._open_mouth(self.clock)
            self._talk = _Conversation(self._house, self.ears, mouth, self.events.append)
            self._running = asyncio.get_running_loop().create_task(self._talk.run())

        self._run(begin())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        async def end() -> None:
            self.ears.deliver(None)
            if self._running is not None:
                await self._running

        try:
            self._run(end())
        finally:
            self._loop.close()
            self._store.close()
            if self._temporary:
                self._temporary.cleanup()

    @property
    def over(self) -> bool:
        """Whether the OS has ended the conversation."""
        return self._running is not None and self._running.done()

    def hear(self, text: str, confidence: float = 1.0) -> Reply:
        """Say this to the OS; returns what it does until the user may speak again."""
        return self.deliver(Utterance(text, confidence))

    def deliver(self, event: HeardEvent) -> Reply:
        """Like `hear`, for anything that ears deliver."""

        async def speak() -> None:
            self.ears.deliver(event)
            await self._ready()

        self._run(speak())
        return self._reply()

    def wait(self, time: timedelta | float) -> Reply:
        """Let time pass, in seconds or as a timedelta."""
        seconds = time.total_seconds() if isinstance(time, timedelta) else time

        async def pass_time() -> None:
            left_s = seconds
            while left_s > 0 and not self.over:
                # From one thing that falls due to the next: time stands while the OS thinks.
                step_s = min(left_s, max(self.clock.next_wake_s, 0.0))
                await self.clock.advance(step_s)
                await self._ready()
                left_s -= step_s

        self._run(pass_time())
        return self._reply()

    async def _ready(self) -> None:
        """Until the user may speak again, or the OS has taken its leave."""
        assert self._running is not None, "use it in a with statement"
        assert self._talk is not None
        await self._talk.settled()
        ready = asyncio.ensure_future(self.ears.ready())
        await asyncio.wait({ready, self._running}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._running.done():
            self._running.result()

    def _reply(self) -> Reply:
        fresh = tuple(self.events[self._seen :])
        self._seen = len(self.events)
        return Reply(fresh)

    def _run(self, work: Coroutine[object, object, None]) -> None:
        self._loop.run_until_complete(asyncio.wait_for(work, DEADLINE_S))


def _shelf(skills: Iterable["str | Path | Skill"]) -> Shelf:
    listed = list(skills)
    if not listed:
        return load_shelf(resources.shipped("skills"))
    shelf = Shelf()
    for skill in listed:
        shelf.add(skill if isinstance(skill, Skill) else load_skill(Path(skill)))
    return shelf
