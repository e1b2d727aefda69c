"""A turn: one utterance and all that answers it, from the house's side.

The skill's handler runs in the skill thread and calls its context; what it asks for happens here,
on the house's loop.  A turn is *settled* when the user may speak again: it is over, it asks, or
it is in the middle of saying something.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from os_sim.audio import Track
from os_sim.clock import Clock
from os_sim.dialogue import Ears, Mouth
from os_sim.dialogue.playback import Playback
from os_sim.dialogue.question import Abandoned, Answered, Missed, OpenQuestion, Outcome
from os_sim.dialogue.session import ConversationSession
from os_sim.errors import NoAnswer, OsSimError
from os_sim.events import Asked, Event, Failed, Said, Shown
from os_sim.nlu.slots import Reader

ASKED_TWICE = 2
"""An unanswered question is repeated once."""


@dataclass(frozen=True)
class Stage:
    """What every turn of a conversation shares."""

    ears: Ears
    mouth: Mouth
    clock: Clock
    session: ConversationSession
    playback: Playback
    report: Callable[[Event], None]
    changed: Callable[[], None]
    """To be called when something else is expected to be said next."""


class Turn:
    """What a turn may do, and how far it has come."""

    def __init__(self, stage: Stage, skill: str | None) -> None:
        self._stage = stage
        self._skill = skill
        self._task: asyncio.Task[None] | None = None
        self._last_sign_s = 0.0
        self._calls = 0
        self._cancelled = False
        self._replaced = False
        self.followed = False
        """Whether something of the same breath follows: its end does not give the floor back."""
        self.settled = asyncio.Event()

    @property
    def over(self) -> bool:
        return self._task is not None and self._task.done()

    @property
    def idle_s(self) -> float:
        """Seconds since the skill last asked the house for something; 0 while it does."""
        return 0.0 if self._calls else asyncio.get_running_loop().time() - self._last_sign_s

    def begin(
        self, work: Callable[["Turn"], Awaitable[None]], when_over: Callable[[], None]
    ) -> None:
        """Start the turn; it runs until `work` is done or it is cancelled."""
        self._last_sign_s = asyncio.get_running_loop().time()
        self._task = asyncio.get_running_loop().create_task(self._run(work))
        self._task.add_done_callback(lambda _: when_over())

    async def _run(self, work: Callable[["Turn"], Awaitable[None]]) -> None:
        try:
            await work(self)
        except NoAnswer as silence:
            if str(silence):
                await self._apologise(silence)
        except OsSimError as error:
            self._stage.report(Failed(type(error).__name__, str(error)))
            await self._apologise(error)
        finally:
            self._close_question(Abandoned())
            if self.followed:
                self.replace()
            self._give_floor()

    async def _apologise(self, error: OsSimError) -> None:
        await self.say(error.spoken)

    def replace(self) -> None:
        """Another turn follows at once: the floor is not given back in between."""
        self._replaced = True

    async def cancel(self) -> None:
        """End it now, wherever it stands; silent.  The floor passes to whoever cancels."""
        self._cancelled = True
        self.replace()
        if self._task is not None:
            self._stage.mouth.hush()
            self._task.cancel()
            await asyncio.wait({self._task})
            # It may have been cancelled before its first step.
            self.settled.set()

    async def finished(self) -> None:
        """Wait for its end."""
        if self._task is not None:
            await asyncio.wait({self._task})

    # What the context asks for.

    async def say(self, text: str) -> None:
        """Say it; the user may speak again while it is being said."""
        if not text.strip():
            return
        self._stage.session.note("os", text, self._skill)
        self._stage.report(Said(text))
        with _Call(self):
            await self._speak(text)

    async def _speak(self, text: str) -> None:
        saying = asyncio.ensure_future(self._stage.mouth.say(text))
        try:
            # A mouth that only prints is done at once: the floor need not change hands.
            await asyncio.sleep(0)
            if not saying.done():
                self._give_floor()
            await saying
        except OsSimError as error:
            # What was to be said stands on the screen; a lost voice does not end the turn.
            self._stage.report(Failed(type(error).__name__, str(error)))
        finally:
            if not saying.done():
                saying.cancel()
                self._stage.mouth.hush()
            self._take_floor()

    async def ask(self, text: str, reader: Reader) -> Any:
        """The answer; raises NoAnswer after one repeat, or if the user turns elsewhere."""
        with _Call(self):
            prompt = text
            for _ in range(ASKED_TWICE):
                match await self._ask_once(prompt, reader):
                    case Answered(value):
                        return value
                    case Missed(heard):
                        prompt = f"I heard “{heard}”. {text}" if heard else text
                    case Abandoned():
                        raise NoAnswer
            raise NoAnswer(f"no answer to “{text}”")

    async def _ask_once(self, prompt: str, reader: Reader) -> Outcome:
        stage = self._stage
        question = OpenQuestion(prompt, reader)
        stage.session.question = question  # open before it is said: an answer may come over it
        stage.session.note("os", prompt, self._skill)
        stage.changed()
        stage.report(Asked(prompt))
        asking = asyncio.ensure_future(self._say_and_wait(question))
        self._give_floor()
        try:
            return await question.outcome()
        finally:
            asking.cancel()
            stage.mouth.hush()
            self._take_floor()
            self._close_question(Abandoned())

    async def _say_and_wait(self, question: OpenQuestion) -> None:
        """Say the question; then, where people speak, wait only so long for an answer."""
        stage = self._stage
        try:
            await stage.mouth.say(question.text)
        except OsSimError as error:
            stage.report(Failed(type(error).__name__, str(error)))
        if stage.ears.patience_s == float("inf"):
            return
        while True:
            question.stirred.clear()
            await stage.clock.sleep(stage.ears.patience_s)
            if not question.stirred.is_set():
                question.settle(Missed(None))
                return

    def _close_question(self, outcome: Outcome) -> None:
        question = self._stage.session.question
        if question is not None:
            self._stage.session.question = None
            question.settle(outcome)
            self._stage.changed()

    async def play(self, playlist: Iterable[Track], source: Path) -> None:
        """Play it from its first track on."""
        with _Call(self):
            await self._stage.playback.start(playlist, source)

    async def show(self, shown: Shown) -> None:
        """Put it before the user."""
        with _Call(self):
            self._stage.report(shown)

    def _give_floor(self) -> None:
        self.settled.set()
        if not self._replaced and not self._stage.session.left:
            self._stage.ears.give_floor()

    def _take_floor(self) -> None:
        self.settled.clear()
        if not self._replaced:
            self._stage.ears.take_floor()

    def _sign(self, calls: int) -> None:
        if self._cancelled and calls > 0:
            # The skill went on after it was cancelled; it has nothing more to say.
            raise asyncio.CancelledError
        self._calls += calls
        self._last_sign_s = asyncio.get_running_loop().time()


class _Call:
    """While a skill waits for the house, its patience is not counted."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn

    def __enter__(self) -> None:
        self._turn._sign(+1)

    def __exit__(self, *_: object) -> None:
        self._turn._sign(-1)
