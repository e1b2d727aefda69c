"""Ears for lines from a pipe, held to a real pipe."""

import asyncio
import io
import os
from pathlib import Path

import pytest

from os_sim.channel.pipe import AHEAD, PipeEars
from os_sim.channel.silence import Silence
from os_sim.clock import ManualClock
from os_sim.dialogue.conversation import Conversation
from os_sim.dialogue.house import House
from os_sim.events import Event, Heard, HeardEvent, Said, Utterance
from os_sim.memory.store import Store
from os_sim.skill import Context, Skill
from os_sim.skill.loading import Shelf


def pipe_of(data: bytes) -> io.TextIOWrapper:
    """The reading end of a pipe that holds these bytes and ends."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return open(reading, encoding="utf-8", errors="replace")  # noqa: PTH123


def heard(data: bytes) -> list[HeardEvent]:
    async def listen() -> list[HeardEvent]:
        with pipe_of(data) as stream:
            return [event async for event in PipeEars(stream).heard()]

    return asyncio.run(asyncio.wait_for(listen(), 10))


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"hello\nnext\n", ["hello", "next"]),
        (b"no end of line", ["no end of line"]),
        (b"\n  \n\t\nhello\n\n\r\nbye\r\n", ["hello", "bye"]),
        (b"", []),
        (b"caf\xe9 \xff\nnext\n", ["caf\ufffd \ufffd", "next"]),
        ("naïve 😀\n".encode(), ["naïve 😀"]),
        (b"a\x00b\n", ["a\x00b"]),
    ],
)
def test_every_line_is_an_utterance_until_the_end(data: bytes, texts: list[str]) -> None:
    assert heard(data) == [Utterance(text) for text in texts]


def test_more_lines_than_are_read_ahead_all_arrive_in_order() -> None:
    lines = [f"line {number}" for number in range(AHEAD * 5)]
    assert heard("\n".join(lines).encode()) == [Utterance(line) for line in lines]


def test_a_line_waits_until_the_one_before_it_is_answered_even_a_stop(tmp_path: Path) -> None:
    skill = Skill("parrot", summary="Says it again")

    @skill.intent("say {words}")
    async def say(ctx: Context, words: str) -> None:
        await ctx.say(f"{words}.")

    async def talk() -> list[str]:
        store = Store(tmp_path / "os_sim.db")
        shelf, clock, events = Shelf(), ManualClock(), list[Event]()
        shelf.add(skill)
        house = House(shelf, store, tmp_path, clock, seed=1)
        with pipe_of(b"say one\nstop\nsay two\nsay three\nstop\nsay four\n") as stream:
            ears = PipeEars(stream)
            conversation = Conversation(house, ears, Silence(clock), events.append)
            await asyncio.wait_for(conversation.run(), 20)
        store.close()
        return [e.text for e in events if isinstance(e, Heard | Said)]

    assert asyncio.run(talk()) == [
        "say one",
        "one.",
        "stop",
        "It's quiet already.",
        "say two",
        "two.",
        "say three",
        "three.",
        "stop",
        "It's quiet already.",
        "say four",
        "four.",
    ]
