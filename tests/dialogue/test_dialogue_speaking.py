"""Speaking takes time: what may happen while the OS is saying something."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from os_sim.clock import Clock, ManualClock
from os_sim.dialogue import Mouth
from os_sim.dialogue.conversation import Conversation as DialogueConversation
from os_sim.dialogue.house import House
from os_sim.events import Event, Said, Utterance
from os_sim.memory.agenda import Agenda
from os_sim.memory.store import Store
from os_sim.skill import Context, Skill, Track
from os_sim.skill.loading import Shelf
from os_sim.testing import Conversation, ScriptedEars
from tests.dialogue.speaking import WORD_S, TalkingMouth

SPEECH = "This is a speech of exactly ten words, no more."


def speaker(after: list[str]) -> Skill:
    skill = Skill("speaker", summary="Speaks")

    @skill.intent("speak")
    async def speak(ctx: Context) -> None:
        await ctx.say(SPEECH)
        after.append("spoken")
        await ctx.say("And then some.")

    @skill.intent("hello")
    async def hello(ctx: Context) -> None:
        await ctx.say("Hello.")

    @skill.intent("ask")
    async def ask(ctx: Context) -> None:
        await ctx.say(f"{await ctx.ask('Would you like two or rather three of them?', int)}!")

    @skill.intent("ring")
    async def schedule(ctx: Context) -> None:
        ctx.schedule.at(ctx.clock.wall() + timedelta(seconds=1), "bell")
        await ctx.say(SPEECH)

    @skill.due("bell")
    async def bell(ctx: Context) -> None:
        await ctx.say("Ding dong.")

    @skill.intent("music")
    async def music(ctx: Context) -> None:
        await ctx.play([Track("A", "calm", 60, lambda: iter(()))])

    @skill.intent("good bye")
    async def leave(ctx: Context) -> None:
        ctx.session.leave()
        await ctx.say("Sleep well.")

    return skill


class Scene:
    """A conversation with a mouth that takes its time."""

    def __init__(self) -> None:
        self.after: list[str] = []
        self._mouths: list[TalkingMouth] = []
        self.talk = Conversation(speaker(self.after), mouth=self._open)

    def _open(self, clock: Clock) -> Mouth:
        self._mouths.append(TalkingMouth(clock))
        return self._mouths[-1]

    @property
    def mouth(self) -> TalkingMouth:
        return self._mouths[-1]


@pytest.fixture
def scene() -> Iterator[Scene]:
    scene = Scene()
    with scene.talk:
        yield scene
        scene.talk.hear("stop")
        scene.talk.wait(60)


def test_say_returns_when_it_has_been_said(scene: Scene) -> None:
    scene.talk.hear("speak")
    scene.talk.wait(9 * WORD_S)
    assert scene.after == []
    scene.talk.wait(1.1 * WORD_S)
    assert scene.after == ["spoken"]
    scene.talk.wait(5 * WORD_S)
    assert scene.mouth.finished == [SPEECH, "And then some."]


def test_stop_hushes_in_the_middle_of_a_sentence_and_ends_the_turn(scene: Scene) -> None:
    scene.talk.hear("speak")
    scene.talk.wait(3 * WORD_S)
    assert scene.talk.hear("stop").said == []
    assert scene.mouth.cut_short == [SPEECH]
    assert scene.talk.wait(60).said == []
    assert scene.after == []


def test_a_sentence_over_the_speech_replaces_the_turn(scene: Scene) -> None:
    scene.talk.hear("speak")
    scene.talk.wait(3 * WORD_S)
    assert scene.talk.hear("hello").said == ["Hello."]
    assert scene.mouth.cut_short == [SPEECH]
    scene.talk.wait(60)
    assert scene.mouth.finished == ["Hello."]
    assert scene.after == []


def test_noise_over_the_speech_changes_nothing(scene: Scene) -> None:
    scene.talk.hear("speak")
    scene.talk.wait(3 * WORD_S)
    assert scene.talk.hear("mumble mumble").said == []
    scene.talk.wait(60)
    assert scene.mouth.finished == [SPEECH, "And then some."]


def test_an_answer_over_the_question_is_taken(scene: Scene) -> None:
    scene.talk.hear("ask")
    scene.talk.wait(2 * WORD_S)
    assert scene.talk.hear("three").said == ["3!"]
    assert len(scene.mouth.cut_short) == 1


def test_patience_begins_when_the_question_has_been_said(scene: Scene) -> None:
    scene.talk.hear("ask")
    asking_s = 9 * WORD_S
    assert scene.talk.wait(asking_s + ScriptedEars.patience_s - 0.1).asked == []
    assert len(scene.talk.wait(0.2).asked) == 1


def test_a_ring_waits_until_the_speech_is_over(scene: Scene) -> None:
    scene.talk.hear("ring")
    scene.talk.wait(9 * WORD_S)
    assert scene.mouth.finished == []
    scene.talk.wait(60)
    scene.talk.wait(60)
    assert scene.mouth.finished == [SPEECH, "Ding dong."]


def test_a_sentence_over_a_ring_ends_the_ring(scene: Scene) -> None:
    scene.talk.hear("ring")
    scene.talk.wait(10 * WORD_S)
    scene.talk.wait(WORD_S)
    assert scene.talk.hear("hello").said == ["Hello."]
    assert scene.mouth.cut_short == ["Ding dong."]
    assert scene.talk.wait(60).said == []


def test_steering_over_the_speech_leaves_the_speech_alone(scene: Scene) -> None:
    scene.talk.hear("music")
    scene.talk.hear("speak")
    scene.talk.hear("louder")
    scene.talk.wait(60)
    assert scene.mouth.finished == [SPEECH, "And then some."]


def test_stop_during_speech_over_music_ends_both(scene: Scene) -> None:
    scene.talk.hear("music")
    scene.talk.hear("speak")
    reply = scene.talk.hear("stop")
    assert reply.stopped
    assert scene.mouth.cut_short == [SPEECH]


def test_the_os_has_its_last_word_before_it_leaves(store: Store) -> None:
    async def leave() -> TalkingMouth:
        clock, ears, begun = ManualClock(), ScriptedEars(), asyncio.Event()
        mouth = TalkingMouth(clock)
        running = _begin(store, clock, ears, mouth, begun)
        ears.deliver(Utterance("good bye"))
        await asyncio.wait_for(begun.wait(), 5)
        await clock.advance(1.9 * WORD_S)
        assert not running.done()
        await clock.advance(WORD_S)
        await asyncio.wait_for(running, 5)
        return mouth

    assert asyncio.run(leave()).finished == ["Sleep well."]


def test_when_the_user_has_gone_the_last_answer_is_still_said() -> None:
    scene = Scene()
    with scene.talk:
        scene.talk.hear("hello")
        scene.talk.ears.deliver(None)
        scene.talk.wait(10)
        assert scene.talk.over
    assert scene.mouth.finished == ["Hello."]


def test_what_rings_when_the_program_is_interrupted_rings_again(store: Store) -> None:
    Agenda(store).add("speaker", "bell", ManualClock().wall(), {})

    async def interrupted() -> TalkingMouth:
        clock, begun = ManualClock(), asyncio.Event()
        mouth = TalkingMouth(clock)
        running = _begin(store, clock, ScriptedEars(), mouth, begun)
        await asyncio.wait_for(begun.wait(), 5)
        running.cancel()
        await asyncio.wait({running}, timeout=5)
        assert running.done(), "it does not let itself be interrupted"
        return mouth

    for _ in range(2):
        assert asyncio.run(interrupted()).cut_short == ["Ding dong."]


def test_an_interrupted_speech_ends_at_once(store: Store) -> None:
    async def interrupted() -> tuple[TalkingMouth, asyncio.Future[None]]:
        clock, ears, begun = ManualClock(), ScriptedEars(), asyncio.Event()
        mouth = TalkingMouth(clock)
        running = _begin(store, clock, ears, mouth, begun)
        ears.deliver(Utterance("speak"))
        ears.deliver(None)
        await asyncio.wait_for(begun.wait(), 5)
        running.cancel()
        await asyncio.wait({running}, timeout=5)
        return mouth, running

    mouth, running = asyncio.run(interrupted())
    assert running.cancelled()
    assert mouth.cut_short == [SPEECH]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:

    store = Store(tmp_path / "os_sim.db")
    yield store
    store.close()


def _begin(
    store: Store, clock: Clock, ears: ScriptedEars, mouth: Mouth, begun: asyncio.Event
) -> asyncio.Future[None]:
    """Start a conversation; `begun` is set as soon as the OS speaks."""

    def report(event: Event) -> None:
        if isinstance(event, Said):
            begun.set()

    shelf = Shelf()
    shelf.add(speaker([]))
    house = House(shelf, store, store.file.parent, clock, seed=1)
    return asyncio.ensure_future(DialogueConversation(house, ears, mouth, report).run())
