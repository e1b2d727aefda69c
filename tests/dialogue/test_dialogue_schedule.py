"""Things to come back to: they ring at their time, survive a restart, and can be cancelled."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from os_sim.events import Failed
from os_sim.memory.agenda import Agenda
from os_sim.memory.store import Store
from os_sim.skill import Context, Skill
from os_sim.testing import Conversation

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)


def timer() -> Skill:
    skill = Skill("timer", summary="Sets timers")

    @skill.intent("wake me in {length} [for {what}]")
    async def set_timer(ctx: Context, length: timedelta, what: str = "nothing") -> None:
        number = ctx.schedule.at(ctx.clock.wall() + length, "ring", what=what)
        await ctx.say(f"Timer {number}.")

    @skill.intent("what is pending")
    async def pending(ctx: Context) -> None:
        for _, when, details in ctx.schedule.pending("ring"):
            await ctx.say(f"{details['what']} at {when.astimezone(UTC):%H:%M}")

    @skill.intent("cancel timer {number}")
    async def cancel(ctx: Context, number: int) -> None:
        await ctx.say("Cancelled." if ctx.schedule.cancel(number) else "There is no such timer.")

    @skill.intent("ask [and cancel timer {number}]")
    async def ask(ctx: Context, number: int = 0) -> None:
        await ctx.ask("Well?", int)
        ctx.schedule.cancel(number)
        await ctx.say("Fine.")

    @skill.due("ring")
    async def ring(ctx: Context, what: str) -> None:
        await ctx.say(f"Time for {what}.")

    return skill


@pytest.fixture
def talk() -> Iterator[Conversation]:
    with Conversation(timer(), now=NOON) as talk:
        yield talk


def test_what_is_scheduled_rings_at_its_time_and_only_once(talk: Conversation) -> None:
    talk.hear("wake me in ten minutes for tea")
    assert talk.wait(timedelta(minutes=9, seconds=59)).said == []
    assert talk.wait(1).said == ["Time for tea."]
    assert talk.wait(timedelta(days=2)).said == []


def test_several_things_ring_in_the_order_of_their_times(talk: Conversation) -> None:
    talk.hear("wake me in two hours for bread")
    talk.hear("wake me in five minutes for tea")
    talk.hear("wake me in an hour for soup")
    assert talk.wait(timedelta(hours=3)).said == [
        "Time for tea.",
        "Time for soup.",
        "Time for bread.",
    ]


def test_two_things_due_at_one_time_both_ring(talk: Conversation) -> None:
    talk.hear("wake me in a minute for tea")
    talk.hear("wake me in a minute for bread")
    assert talk.wait(60).said == ["Time for tea.", "Time for bread."]


def test_what_is_pending_can_be_listed_earliest_first(talk: Conversation) -> None:
    talk.hear("wake me in two hours for bread")
    talk.hear("wake me in an hour for soup")
    assert talk.hear("what is pending").said == ["soup at 13:00", "bread at 14:00"]


def test_what_is_cancelled_does_not_ring(talk: Conversation) -> None:
    talk.hear("wake me in ten minutes for tea")
    assert talk.hear("cancel timer 1").said == ["Cancelled."]
    assert talk.hear("cancel timer 1").said == ["There is no such timer."]
    assert talk.wait(timedelta(hours=1)).said == []


def test_a_ring_waits_until_the_turn_is_over(talk: Conversation) -> None:
    talk.hear("wake me in a second for tea")
    talk.hear("ask")
    assert talk.wait(5).said == []
    assert [*talk.hear("one").said, *talk.wait(1).said] == ["Fine.", "Time for tea."]


def test_what_is_cancelled_while_its_ring_waits_does_not_ring(talk: Conversation) -> None:
    talk.hear("wake me in a second for tea")
    talk.hear("ask and cancel timer 1")
    assert talk.wait(5).said == []
    assert talk.hear("one").said == ["Fine."]
    assert talk.wait(60).said == []


def test_what_is_scheduled_survives_a_restart(tmp_path: Path) -> None:
    with Conversation(timer(), home=tmp_path, now=NOON) as talk:
        talk.hear("wake me in an hour for tea")
    with Conversation(timer(), home=tmp_path, now=NOON + timedelta(minutes=50)) as talk:
        assert talk.wait(timedelta(minutes=9)).said == []
        assert talk.wait(timedelta(minutes=2)).said == ["Time for tea."]
    with Conversation(timer(), home=tmp_path, now=NOON) as talk:
        assert talk.wait(timedelta(days=1)).said == []


def test_what_fell_due_while_nobody_was_here_rings_at_once(tmp_path: Path) -> None:
    with Conversation(timer(), home=tmp_path, now=NOON) as talk:
        talk.hear("wake me in an hour for tea")
    with Conversation(timer(), home=tmp_path, now=NOON + timedelta(days=3)) as talk:
        assert talk.wait(1).said == ["Time for tea."]


def test_a_ring_whose_skill_is_gone_is_reported_and_forgotten(tmp_path: Path) -> None:
    with Conversation(timer(), home=tmp_path, now=NOON) as talk:
        talk.hear("wake me in an hour for tea")
    other = Skill("other", summary="Is not the timer")

    @other.intent("hello")
    async def hello(ctx: Context) -> None:
        await ctx.say("Hello.")

    with Conversation(other, home=tmp_path, now=NOON + timedelta(hours=2)) as talk:
        assert "nobody answers for 'timer: ring'" in talk.wait(1).failed[0].message
        assert talk.wait(100).failed == []


def test_a_ring_that_raises_is_reported_and_the_next_one_rings() -> None:
    skill = Skill("bells", summary="Rings")

    @skill.intent("go")
    async def go(ctx: Context) -> None:
        now = ctx.clock.wall()
        ctx.schedule.at(now + timedelta(seconds=5), "bad")
        ctx.schedule.at(now + timedelta(seconds=9), "good")

    @skill.due("bad")
    async def bad(ctx: Context) -> None:
        raise ValueError("cracked bell")

    @skill.due("good")
    async def good(ctx: Context) -> None:
        await ctx.say("Ding.")

    with Conversation(skill) as talk:
        talk.hear("go")
        assert "cracked bell" in talk.wait(6).failed[0].message
        assert talk.wait(4).said == ["Ding."]


def test_a_ring_may_ask_and_be_answered() -> None:
    skill = Skill("bells", summary="Rings")

    @skill.intent("go")
    async def go(ctx: Context) -> None:
        ctx.schedule.at(ctx.clock.wall() + timedelta(seconds=5), "ask")

    @skill.due("ask")
    async def ask(ctx: Context) -> None:
        await ctx.say("Up." if await ctx.confirm("Are you awake?") else "Sleep on.")

    with Conversation(skill) as talk:
        talk.hear("go")
        assert talk.wait(6).asked == ["Are you awake?"]
        assert talk.hear("no").said == ["Sleep on."]


def test_an_agenda_that_cannot_be_read_is_reported_and_the_talk_goes_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "os_sim.db")
    Agenda(store).add("timer", "ring", NOON, {"what": "tea"})
    store.write("UPDATE schedule SET due = 'soon'")
    store.close()
    with Conversation(timer(), home=tmp_path, now=NOON) as talk:
        assert len(talk.hear("good day").said) == 1
        failed = [event for event in talk.events if isinstance(event, Failed)]
    assert [type(event) for event in failed] == [Failed]
    assert "os_sim.db is damaged" in failed[0].message
