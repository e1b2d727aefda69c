"""The conversation: what is heard goes in here, and turns come out.

An utterance is understood in this order: stop words; the open question; transport words for what
is playing; a skill's sentence; else the fallback, which says what it heard.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from os_sim.clock import Clock, let_others_run
from os_sim.dialogue import Ears, Expectation, Mouth
from os_sim.dialogue.alarm import Alarm
from os_sim.dialogue.fallback import offer
from os_sim.dialogue.phrases import stop_matcher, transport_matcher
from os_sim.dialogue.playback import STEP_DB, Playback
from os_sim.dialogue.question import Abandoned, Missed, OpenQuestion
from os_sim.dialogue.session import ConversationSession
from os_sim.dialogue.skill_thread import SkillThread, guarded, too_slow
from os_sim.dialogue.turn import Stage, Turn
from os_sim.dialogue.turn_context import HouseClock, SkillSchedule, TurnContext, Wake
from os_sim.errors import OsSimError
from os_sim.events import (
    Event,
    Failed,
    Heard,
    HearingFailed,
    NothingHeard,
    Partial,
    Understood,
    Utterance,
)
from os_sim.memory.agenda import Agenda, Entry
from os_sim.memory.skill_memory import SkillMemory
from os_sim.memory.store import Store
from os_sim.nlu.matcher import Match, Matcher
from os_sim.nlu.sampler import sample
from os_sim.skill.loading import Shelf
from os_sim.skill.surface import Handler, Skill

MAX_WAITING = 8
"""Utterances that may wait while a skill thinks; more than a person says in its patience."""


@dataclass(frozen=True)
class House:
    """What a conversation is made of."""

    shelf: Shelf
    store: Store
    documents: Path
    clock: Clock
    seed: int | None
    """Fixes every random choice; None: each run is another."""
    voice: str = ""
    patience_s: float = 8.0
    settings: dict[str, dict[str, Any]] | None = None
    """The skills' own settings by name."""


class Conversation:
    """One session between one user and the house."""

    def __init__(
        self, house: House, ears: Ears, mouth: Mouth, report: Callable[[Event], None]
    ) -> None:
        """Must be made in a running event loop."""
        self._house = house
        self._ears = ears
        self._report = report
        self._skills = SkillThread()
        self._wake = Wake()
        self._agenda = Agenda(house.store)
        self._stop_words = stop_matcher()
        self._transport = transport_matcher()
        self.session = ConversationSession(house.shelf, house.voice)
        self.playback = Playback(mouth, self._skills, report, self._expect, house.patience_s)
        self._stage = Stage(
            ears, mouth, house.clock, self.session, self.playback, report, self._expect
        )
        self._turn: Turn | None = None
        self._turns = Counter[str]()
        """Turns of each skill: what one draws at random does not depend on the others."""
        self._waiting: asyncio.Queue[Utterance | None] = asyncio.Queue(MAX_WAITING)
        self._random = Random(house.seed)
        self._seed = self._random.random()

    async def run(self, greeting: str | None = None) -> None:
        """Talk until the user leaves, or the ears have nothing more."""
        loop = asyncio.get_running_loop()
        alarm = Alarm(self._agenda, self._house.clock, self._wake, self._ring)
        self._expect()
        if greeting:
            self._say(greeting)
        listening = loop.create_task(self._listen())
        # However the ears end, in peace or in an error, that is the end of what is to be answered.
        listening.add_done_callback(lambda _: self._end())
        alarms = loop.create_task(self._watch(alarm))
        try:
            await self._answer()
        finally:
            for task in (listening, alarms):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            if self._turn is not None:
                await self._turn.cancel()
            self.playback.stop()
            self._skills.close()

    async def settled(self) -> None:
        """Wait until nobody is thinking: not a skill, not a playlist."""
        while True:
            # Whoever waited for a turn to end, such as an alarm, begins the next one now.
            await let_others_run()
            if self._turn is not None and not self._turn.settled.is_set():
                await self._turn.settled.wait()
            elif not self.playback.settled.is_set():
                await self.playback.settled.wait()
            else:
                return

    # Hearing.

    async def _listen(self) -> None:
        """Take what the ears deliver.  Stop acts at once; all else waits for its turn."""
        async for event in self._ears.heard():
            match event:
                case Partial(text):
                    self._report(Heard(text, False, 0.0))
                    if self.session.question is not None:
                        self.session.question.stirred.set()
                case Utterance(text, confidence):
                    self._report(Heard(text, True, confidence))
                    self.session.note("you", text)
                    await self._take(event)
                case NothingHeard():
                    if self.session.question is not None:
                        self.session.question.settle(Missed(None))
                case HearingFailed(message):
                    self._report(Failed("HearingFailed", message))

    async def _take(self, utterance: Utterance) -> None:
        self._ears.take_floor()
        if self._stop_words.match(utterance.text, self._house.clock.wall()):
            await self._stop()
            return
        self._queue(utterance)

    def _queue(self, utterance: Utterance | None) -> None:
        if self._waiting.full():  # the oldest has waited longest and is least wanted
            self._waiting.get_nowait()
        self._waiting.put_nowait(utterance)

    def _end(self) -> None:
        self._queue(None)

    async def _answer(self) -> None:
        """Answer one utterance after the other, until the last has been answered."""
        while True:
            utterance = await self._waiting.get()
            if self._turn is not None:
                await self._turn.settled.wait()
            if utterance is None:
                break
            if not await self._understand(utterance.text):
                self._ears.give_floor()
        if self.session.question is not None:
            self.session.question.settle(Abandoned())
        if self._turn is not None:
            await self._turn.finished()

    # Understanding.

    async def _understand(self, text: str) -> bool:
        """Whether a turn has the floor now, and will give it back."""
        now = self._house.clock.wall()
        question = self.session.question
        if question is not None:
            answer = question.read(text, now)
            if answer is not None:
                await self._settle(question, answer)
                return True
            if not self._means_something(text):
                await self._settle(question, Missed(text))
                return True
            await self._abandon(question)
        if self.playback.active and (steer := self._transport.match(text, now)):
            self._report(Understood(steer.skill, steer.intent, {}, steer.score))
            return await self._steer(steer.intent)
        match = self._house.shelf.matcher.match(text, now)
        if match is not None:
            await self._give_to_skill(match)
            return True
        if self._turn is None or self._turn.over:
            sentence = offer(text, self._transport, self._house.shelf, self._random, now)
            self._say(sentence)
            return True
        return False  # over the OS's own words, what means nothing is taken for noise

    def _means_something(self, text: str) -> bool:
        now = self._house.clock.wall()
        transport = self.playback.active and self._transport.match(text, now) is not None
        match = self._house.shelf.matcher.match(text, now)
        return transport or (match is not None and match.score == 1)

    async def _settle(self, question: OpenQuestion, outcome: Any) -> None:
        """End the question, and let the turn take the floor before anything else is heard."""
        question.settle(outcome)
        while self.session.question is question:
            await asyncio.sleep(0)

    async def _abandon(self, question: OpenQuestion) -> None:
        """The user has turned to something else: let the old turn end in its own way."""
        if self._turn is not None:
            self._turn.replace()
        await self._settle(question, Abandoned())
        if self._turn is not None:
            await self._turn.settled.wait()
            await self._turn.cancel()

    async def _stop(self) -> None:
        """Silence, now: the voice, the turn with its question, the music."""
        asked = self.session.question is not None
        busy = self._turn is not None and not self._turn.over
        self._report(Understood("conversation", "stop", {}, 1.0))
        if self._turn is not None:
            await self._turn.cancel()
        while not self._waiting.empty():
            self._waiting.get_nowait()
        stopped = self.playback.stop()
        if asked:
            self._say("All right.")
        elif not stopped and not busy:
            self._say("It's quiet already.")
        else:
            self._ears.give_floor()

    async def _steer(self, intent: str) -> bool:
        """Do what a transport word asks for; whether the OS says something to it."""
        playback, mouth = self.playback, self._stage.mouth
        match intent:
            case "next":
                try:
                    await playback.next()
                except OsSimError as error:
                    self._report(Failed(type(error).__name__, str(error)))
                    self._say(error.spoken)
                    return True
            case "restart":
                playback.restart()
            case "pause":
                mouth.pause()
            case "resume":
                mouth.resume()
            case "louder":
                mouth.turn_volume(+STEP_DB)
            case "quieter":
                mouth.turn_volume(-STEP_DB)
            case "what" if playback.track is not None:
                title, mood = playback.track.title, playback.track.mood
                self._say(f"This is “{title}”, a {mood} one.")
                return True
        return False

    # Turns.

    async def _give_to_skill(self, match: Match) -> None:
        slots = {name: value for name, value in match.slots.items() if value is not None}
        self._report(Understood(match.skill, match.intent, slots, match.score))
        skill = self._house.shelf.skills[match.skill]
        intent = self._house.shelf.find(match.skill, match.intent)
        if self._turn is not None:
            await self._turn.cancel()  # the user spoke over it and wants something else
        self._begin(skill.name, partial(self._run_handler, skill, intent.handler, slots))

    def _begin(self, skill: str | None, work: Callable[[Turn], Any]) -> Turn:
        self._turn = Turn(self._stage, skill)
        self._turn.begin(work, self._after_turn)
        return self._turn

    def _say(self, text: str) -> None:
        """Say something on the house's own account."""
        self._begin(None, lambda turn: turn.say(text))

    def _after_turn(self) -> None:
        if self.session.left:
            self._end()

    async def _watch(self, alarm: Alarm) -> None:
        try:
            await alarm.run()
        except OsSimError as error:
            self._report(Failed(type(error).__name__, str(error)))

    async def _run_handler(
        self, skill: Skill, handler: Handler, slots: dict[str, Any], turn: Turn
    ) -> None:
        """Run a handler in the skill thread; give it up if it is silent for too long."""
        file = Path(handler.__code__.co_filename)
        context = self._context(skill, turn, file)

        async def handle() -> None:
            await guarded(handler(context, **slots), file)

        running = asyncio.wrap_future(self._skills.submit(handle()))
        try:
            while not running.done():
                left_s = self._house.patience_s - turn.idle_s
                if left_s <= 0:
                    raise too_slow(file, self._house.patience_s)
                await asyncio.wait({running}, timeout=left_s)
            running.result()
        finally:
            context.given_up = True
            if not running.done():
                running.cancel()
                await self._skills.replace_if_stuck()

    def _context(self, skill: Skill, turn: Turn, file: Path) -> TurnContext:
        house, loop = self._house, asyncio.get_running_loop()
        self._turns[skill.name] += 1
        return TurnContext(
            memory=SkillMemory(house.store, skill.name),
            settings=(house.settings or {}).get(skill.name, {}),
            schedule=SkillSchedule(
                self._agenda, skill.name, frozenset(skill.due_handlers), self._wake
            ),
            session=self.session,
            clock=HouseClock(house.clock, loop),
            random=Random(f"{self._seed} {skill.name} {self._turns[skill.name]}"),
            turn=turn,
            house=loop,
            documents=house.documents,
            source=file,
        )

    async def _ring(self, entry: Entry) -> None:
        """Something on the agenda is due: let its skill speak up as soon as nobody else does."""
        while self._turn is not None and not self._turn.over:
            await self._turn.finished()
        if entry not in self._agenda.entries(entry.skill):
            return  # that turn has cancelled it
        skill = self._house.shelf.skills.get(entry.skill)
        handler = skill.due_handlers.get(entry.kind) if skill else None
        if skill is None or handler is None:
            self._report(
                Failed("SkillError", f"nobody answers for '{entry.skill}: {entry.kind}' any more")
            )
            return
        self._ears.take_floor()
        work = partial(self._run_handler, skill, handler, entry.details)
        turn = self._begin(skill.name, work)
        await turn.finished()

    # What is expected.

    def _expect(self) -> None:
        """Tell the ears what may be said next."""
        question = self.session.question
        self._ears.expect(
            Expectation(
                list_sentences=partial(self._sentences, question, self.playback.active),
                is_complete=partial(self._is_complete, question),
                anything=question is not None and question.takes_anything,
            )
        )

    def _sentences(self, question: OpenQuestion | None, playing: bool) -> tuple[str, ...]:
        found = _listed(self._stop_words)
        if question is not None:
            found += sample(question.sentences, 1_000, Random(0))
        if playing:
            found += _listed(self._transport)
        if question is None or not question.takes_anything:
            found += self._house.shelf.samples()
        return tuple(dict.fromkeys(found))

    def _is_complete(self, question: OpenQuestion | None, text: str) -> bool:
        now = self._house.clock.wall()
        if self._stop_words.is_complete(text, now):
            return True
        if question is not None:
            return question.is_complete(text, now)
        if self.playback.active and self._transport.is_complete(text, now):
            return True
        return self._house.shelf.matcher.is_complete(text, now)


def _listed(matcher: Matcher) -> list[str]:
    return [
        sentence for sentences in matcher.known for sentence in sample(sentences, 200, Random(0))
    ]
