"""The conversation: what is heard goes in here, and turns come out.

An utterance is understood in this order: stop words; the open question; transport words for what
is playing; a skill's sentence; what comes near to one; else the fallback, which says what it
heard.  `comprehension` has the middle part.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from os_sim.clock import let_others_run
from os_sim.dialogue import Ears, Mouth
from os_sim.dialogue.alarm import Alarm
from os_sim.dialogue.comprehension import Comprehension, Meant, Perhaps, Reply
from os_sim.dialogue.fallback import offer
from os_sim.dialogue.guessing import OTHER, question_for, yes_no_or_other
from os_sim.dialogue.handlers import Handlers
from os_sim.dialogue.house import House
from os_sim.dialogue.known import Known
from os_sim.dialogue.playback import STEP_DB, Playback
from os_sim.dialogue.question import Abandoned, Missed, OpenQuestion
from os_sim.dialogue.session import ConversationSession
from os_sim.dialogue.skill_thread import SkillThread
from os_sim.dialogue.turn import Stage, Turn
from os_sim.dialogue.turn_context import Wake
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
from os_sim.nlu.matcher import Match

if TYPE_CHECKING:
    from os_sim.nlu.near import Guess

MAX_WAITING = 8
"""Utterances that may wait while a skill thinks; more than a person says in its patience."""


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
        self._known = Known(house.shelf, house.clock)
        self.session = ConversationSession(house.shelf, house.voice)
        self.playback = Playback(mouth, self._skills, report, self._expect, house.patience_s)
        self._stage = Stage(
            ears, mouth, house.clock, self.session, self.playback, report, self._expect
        )
        self._turn: Turn | None = None
        self._waiting: asyncio.Queue[Utterance | Match | None] = asyncio.Queue(MAX_WAITING)
        self._handlers = Handlers(house, self._skills, self.session, self._agenda, self._wake)
        self._random = Random(house.seed)
        self._comprehension = Comprehension(
            self._known, house.shelf, house.store, house.clock, house.cache
        )
        self._rest: list[Match] = []
        """What was asked for in the same breath, and is still to be done."""

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
        if self._known.is_stop(utterance.text):
            if not await self._stop():
                self._ears.give_floor()
            return
        self._queue(utterance)

    def _queue(self, what: Utterance | Match | None) -> None:
        if self._waiting.full():  # the oldest has waited longest and is least wanted
            self._waiting.get_nowait()
        self._waiting.put_nowait(what)

    def _end(self) -> None:
        self._queue(None)

    async def _answer(self) -> None:
        """Answer one utterance after the other, until the last has been answered."""
        while True:
            what = await self._waiting.get()
            if self._turn is not None:
                await self._turn.settled.wait()
            if what is None:
                break
            answered = await (
                self._do(what) if isinstance(what, Match) else self._understand(what.text)
            )
            if not answered and not self._go_on():
                self._ears.give_floor()
        if self.session.question is not None:
            self.session.question.settle(Abandoned())
        if self._turn is not None:
            await self._turn.finished()

    # Understanding.

    async def _understand(self, text: str) -> bool:
        """Whether a turn has the floor now, and will give it back."""
        question = self.session.question
        if question is not None:
            answer = question.read(text, self._house.clock.wall())
            if answer is not None:
                await self._settle(question, answer)
                return True
            if not self._known.is_sentence(text, self.playback.active):
                await self._settle(question, Missed(text))
                return True
            await self._abandon(question)
        self._rest.clear()
        idle = self._turn is None or self._turn.over
        match await self._comprehension.of(text, playing=self.playback.active):
            case Meant([first, *others]):
                answered = await self._do(first)
                self._rest += others
                if answered and self._turn is not None:
                    self._turn.followed = bool(others)
                return answered
            case Perhaps(guesses) if idle:
                self._begin(None, partial(self._ask_back, text, guesses))
                return True
            case Reply(words):
                self._say(words)
                return True
        if idle:
            nothing_plays = self._known.steer(text) is not None
            self._say(offer(text, nothing_plays, self._house.shelf, self._random))
            return True
        return False  # over the OS's own words, what means nothing is taken for noise

    async def _do(self, match: Match) -> bool:
        """Do what is asked for; whether a turn has the floor now."""
        match match.skill, match.intent:
            case "conversation", "stop":
                return await self._stop()
            case "playback", intent:
                self._report(Understood(match.skill, match.intent, {}, match.score))
                return await self._steer(intent)
        await self._give_to_skill(match)
        return True

    def _go_on(self) -> bool:
        """Turn to what was asked for in the same breath; whether there is anything left."""
        if not self._rest:
            return False
        self._ears.take_floor()
        self._queue(self._rest.pop(0))
        return True

    async def _ask_back(self, text: str, guesses: "list[Guess]", turn: Turn) -> None:
        """Ask whether the best guess is meant; a yes is done, and remembered."""
        meant = await turn.ask(question_for(guesses[0].sentence), yes_no_or_other())
        if meant is False:
            await turn.say("All right, then not.")
            return
        guess = guesses[1] if meant == OTHER and len(guesses) > 1 else guesses[0]
        self._comprehension.confirmed(text, guess)
        self._rest.insert(0, guess.match)
        turn.followed = True

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

    async def _stop(self) -> bool:
        """Silence, now: the voice, the turn with its question, the music.

        Whether the OS says something to it.
        """
        self._rest.clear()
        if self._turn is not None:
            self._turn.followed = False
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
        return asked or (not stopped and not busy)

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
        self._begin(skill.name, partial(self._handlers.run, skill, intent.handler, slots))

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
        else:
            self._go_on()

    async def _watch(self, alarm: Alarm) -> None:
        try:
            await alarm.run()
        except OsSimError as error:
            self._report(Failed(type(error).__name__, str(error)))

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
        work = partial(self._handlers.run, skill, handler, entry.details)
        turn = self._begin(skill.name, work)
        await turn.finished()

    def _expect(self) -> None:
        """Tell the ears what may be said next."""
        self._ears.expect(self._known.expectation(self.session.question, self.playback.active))
