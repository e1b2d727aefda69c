"""A session as a whole: history, settings, documents, seeds, bursts, and a thousand turns."""

import asyncio
import gc
import threading
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest

from os_sim.channel.silence import Silence
from os_sim.clock import Clock, ManualClock
from os_sim.dialogue import Mouth
from os_sim.dialogue.conversation import Conversation as DialogueConversation
from os_sim.dialogue.house import House
from os_sim.errors import DeviceError
from os_sim.events import (
    Event,
    Failed,
    Heard,
    HeardEvent,
    HearingFailed,
    Partial,
    Playing,
    Said,
    Utterance,
)
from os_sim.memory.store import Store
from os_sim.skill import Context, Document, Skill, Track
from os_sim.skill.loading import Shelf
from os_sim.testing import Conversation, ScriptedEars
from tests.dialogue.speaking import TalkingMouth


def track(title: str) -> Track:
    return Track(title, "calm", 60.0, lambda: iter(()))


def house() -> Skill:
    skill = Skill("house", summary="A bit of everything")

    @skill.intent("hello")
    async def hello(ctx: Context) -> None:
        await ctx.say("Hello.")

    @skill.intent("draw")
    async def draw(ctx: Context) -> None:
        await ctx.say(f"{ctx.random.random()}")

    @skill.intent("ask")
    async def ask(ctx: Context) -> None:
        await ctx.say(f"{await ctx.ask('How many?', int)} it is.")

    @skill.intent("music")
    async def music(ctx: Context) -> None:
        await ctx.play(track(f"Song {number}") for number in range(10_000))

    @skill.intent("history")
    async def history(ctx: Context) -> None:
        lines = [f"{told.who}/{told.skill}: {told.text}" for told in ctx.session.history]
        await ctx.say(" | ".join(lines))

    @skill.intent("settings")
    async def settings(ctx: Context) -> None:
        await ctx.say(f"{ctx.settings.get('name', 'nobody')}, {ctx.session.voice}")

    @skill.intent("show [and keep] {title}")
    async def show(ctx: Context, title: str) -> None:
        path = await ctx.show(Document("list", title, "milk\nbread"))
        await ctx.say(str(path and path.name))

    @skill.intent("look")
    async def look(ctx: Context) -> None:
        await ctx.say(f"{await ctx.show(Document('help', 'Help', 'text', keep=False))}")

    @skill.intent("count")
    async def count(ctx: Context) -> None:
        ctx.memory["count"] = ctx.memory.get("count", 0) + 1
        await ctx.say(str(ctx.memory["count"]))

    @skill.intent("good bye")
    async def leave(ctx: Context) -> None:
        ctx.session.leave()
        await ctx.say("Good bye.")

    return skill


@pytest.fixture
def talk() -> Iterator[Conversation]:
    with Conversation(house()) as talk:
        yield talk


def test_a_skill_sees_what_was_said_and_by_whom(talk: Conversation) -> None:
    talk.hear("hello")
    talk.hear("gibberish")
    (said,) = talk.hear("history").said
    lines = said.split(" | ")
    assert lines[:3] == ["you/None: hello", "os/house: Hello.", "you/None: gibberish"]
    assert lines[3].startswith("os/None: I heard “gibberish”.")
    assert lines[4] == "you/None: history"


def test_the_history_forgets_what_is_long_past(talk: Conversation) -> None:
    for _ in range(300):
        talk.hear("hello")
    assert talk.hear("history").said[0].count(" | ") == 399


def test_a_skill_gets_its_own_table_of_the_settings() -> None:
    with Conversation(house(), settings={"house": {"name": "Theo"}, "x": {"name": "Y"}}) as talk:
        assert talk.hear("settings").said == ["Theo, samantha"]


def test_a_document_that_is_kept_lies_in_the_home(tmp_path: Path) -> None:
    with Conversation(house(), home=tmp_path) as talk:
        reply = talk.hear("show and keep Things / to buy")
        assert reply.said == ["2025-01-01 Things to buy.txt"]
        (shown,) = reply.shown
        assert shown.path is not None
        assert Path(shown.path).is_relative_to(tmp_path / "documents" / "list")
        assert Path(shown.path).read_text() == "milk\nbread\n"


def test_a_document_that_is_only_shown_is_saved_nowhere(tmp_path: Path) -> None:
    with Conversation(house(), home=tmp_path) as talk:
        reply = talk.hear("look")
        assert (reply.said, reply.shown[0].path, reply.shown[0].text) == (["None"], None, "text")
    assert not (tmp_path / "documents").exists()


def test_a_document_that_cannot_be_saved_costs_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file in the way")
    with Conversation(house(), home=tmp_path) as talk:
        reply = talk.hear("show this")
        assert "could not be saved" in reply.failed[0].message
        assert reply.said == ["I can't write to my home folder."]


def test_what_a_skill_remembers_survives_a_restart(tmp_path: Path) -> None:
    for expected in ("1", "2"):
        with Conversation(house(), home=tmp_path) as talk:
            assert talk.hear("count").said == [expected]


def test_the_same_seed_repeats_a_conversation_exactly() -> None:
    def events(seed: int) -> list[Event]:
        with Conversation(house(), seed=seed) as talk:
            for text in ("draw", "nonsense", "draw", "more nonsense", "draw"):
                talk.hear(text)
        return talk.events

    assert events(7) == events(7)
    assert events(7) != events(8)


def test_every_turn_draws_something_else(talk: Conversation) -> None:
    assert len({talk.hear("draw").said[0] for _ in range(20)}) == 20


def test_taking_leave_ends_the_conversation_after_the_last_word(talk: Conversation) -> None:
    assert talk.hear("good bye").said == ["Good bye."]
    assert talk.over


def test_partials_are_reported_but_not_answered(talk: Conversation) -> None:
    assert talk.deliver(Partial("hel")).events == (Heard("hel", False, 0.0),)
    assert talk.deliver(Utterance("hello", 0.8)).events[0] == Heard("hello", True, 0.8)


def test_ears_that_fail_are_reported_and_may_go_on(talk: Conversation) -> None:
    reply = talk.deliver(HearingFailed("the microphone is busy"))
    assert reply.events == (Failed("HearingFailed", "the microphone is busy"),)
    assert talk.hear("hello").said == ["Hello."]


def test_a_thousand_turns_leave_memory_flat(talk: Conversation) -> None:
    def turns(count: int) -> None:
        for _ in range(count // 4):
            for text in ("hello", "ask", "3", "who knows what"):
                talk.hear(text)
        gc.collect()

    turns(420)
    tracemalloc.start()
    try:
        turns(40)
        before, kept = tracemalloc.get_traced_memory()[0], len(talk.events)
        turns(1_000)  # more than the history holds
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    # The harness keeps every event, a few hundred bytes each; the house keeps nothing.
    assert grown < 500 * (len(talk.events) - kept)


@pytest.mark.parametrize("seed", range(6))
def test_bursts_of_speech_never_hang_the_conversation(seed: int) -> None:
    random = Random(seed)
    texts = ["hello", "ask", "3", "stop", "stop", "music", "next", "what is this", "nonsense"]
    with Conversation(house()) as talk:
        for _ in range(60):
            for text in random.choices(texts, k=random.randint(0, 12)):
                talk.ears.deliver(Utterance(text))
            talk.wait(1)
        talk.ears.deliver(Utterance("stop"))
        talk.ears.deliver(Utterance("hello"))
    assert [event for event in talk.events if isinstance(event, Said)][-1] == Said("Hello.")


def _conversation(
    store: Store, skill: Skill, clock: Clock, ears: ScriptedEars, mouth: Mouth
) -> tuple[asyncio.Future[None], list[Event]]:
    shelf, events = Shelf(), list[Event]()
    shelf.add(skill)
    made = House(shelf, store, store.file.parent, clock, seed=1)
    talk = DialogueConversation(made, ears, mouth, events.append)
    return asyncio.ensure_future(talk.run()), events


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "os_sim.db")
    yield store
    store.close()


class BrokenEars(ScriptedEars):
    """Ears whose device goes away after the first utterance."""

    async def heard(self) -> AsyncIterator[HeardEvent]:
        yield Utterance("hello")
        raise DeviceError("the microphone went away; plug it in again")


def test_ears_that_break_for_good_end_the_conversation_with_their_error(store: Store) -> None:
    async def scenario() -> list[Event]:
        clock = ManualClock()
        ears = BrokenEars()
        running, events = _conversation(store, house(), clock, ears, Silence(clock))
        with pytest.raises(DeviceError, match="went away"):
            await asyncio.wait_for(running, 10)
        return events

    assert Said("Hello.") in asyncio.run(scenario())


def test_stop_while_the_next_track_is_composed_is_silence_for_good(store: Store) -> None:
    stopped, composing = threading.Event(), threading.Event()
    skill = Skill("slow", summary="Composes slowly")

    def playlist() -> Iterator[Track]:
        yield track("A")
        composing.set()
        stopped.wait(10)
        yield track("B")

    @skill.intent("music")
    async def music(ctx: Context) -> None:
        await ctx.play(playlist())

    class Noting(TalkingMouth):
        def stop(self) -> None:
            super().stop()
            stopped.set()

    async def scenario() -> list[str]:
        clock, ears = ManualClock(), ScriptedEars()
        running, events = _conversation(store, skill, clock, ears, Noting(clock))
        ears.deliver(Utterance("music"))
        while not any(isinstance(event, Playing) for event in events):
            await asyncio.sleep(0)
        ears.deliver(Utterance("next"))
        await asyncio.to_thread(composing.wait, 10)
        ears.deliver(Utterance("stop"))
        ears.deliver(None)
        await asyncio.wait_for(running, 20)
        return [event.title for event in events if isinstance(event, Playing)]

    assert asyncio.run(scenario()) == ["A"]
