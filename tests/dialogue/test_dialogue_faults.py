"""Skills that raise, block, recurse or never return cost one sentence, not the house."""

import asyncio
import sys
import threading
from pathlib import Path
from textwrap import dedent

import pytest

from os_sim.skill import Context, Skill, SkillError
from os_sim.skill.surface import Handler
from os_sim.testing import Conversation

PATIENCE_S = 0.3


class Tantrum(BaseException):
    """Not even an Exception."""


async def raises(ctx: Context) -> None:
    raise ValueError("two lines\nof trouble")


async def divides(ctx: Context) -> None:
    print(1 / 0)


async def raises_no_exception(ctx: Context) -> None:
    raise Tantrum("really")


async def interrupts(ctx: Context) -> None:
    raise KeyboardInterrupt


async def exits(ctx: Context) -> None:
    sys.exit(3)


async def recurses(ctx: Context) -> None:
    await recurses(ctx)


async def complains(ctx: Context) -> None:
    raise SkillError("the oven is cold")


async def asks_wrongly(ctx: Context) -> None:
    await ctx.say(5)  # type: ignore[arg-type]  # that is the fault


async def remembers_wrongly(ctx: Context) -> None:
    ctx.memory["it"] = object()


async def schedules_wrongly(ctx: Context) -> None:
    ctx.schedule.at(ctx.clock.wall(), "never declared")


async def blocks(ctx: Context) -> None:
    threading.Event().wait(10)


async def spins(ctx: Context) -> None:
    while True:
        pass


async def never_returns(ctx: Context) -> None:
    await asyncio.Event().wait()


async def swallows_cancellation(ctx: Context) -> None:
    for _ in range(1_000):
        try:
            await asyncio.sleep(3_600)
        except asyncio.CancelledError:
            await ctx.say("You can't stop me.")


async def blocks_after_speaking(ctx: Context) -> None:
    await ctx.say("Just a moment.")
    threading.Event().wait(10)


FAULTS: dict[Handler, str] = {
    raises: "dialogue/test_dialogue_faults.py:LINE: ValueError: two lines",
    divides: "dialogue/test_dialogue_faults.py:LINE: ZeroDivisionError: division by zero",
    raises_no_exception: "dialogue/test_dialogue_faults.py:LINE: Tantrum: really",
    interrupts: "dialogue/test_dialogue_faults.py:LINE: KeyboardInterrupt",
    exits: "dialogue/test_dialogue_faults.py:LINE: SystemExit: 3",
    recurses: "dialogue/test_dialogue_faults.py:LINE: RecursionError: maximum recursion",
    complains: "the oven is cold",
    asks_wrongly: "dialogue/test_dialogue_faults.py:LINE: AttributeError: 'int' object",
    remembers_wrongly: "dialogue/test_dialogue_faults.py:LINE: TypeError: Object of type object",
    schedules_wrongly: "the skill 'faulty' schedules 'never declared' but has no @skill.due",
    blocks: "dialogue/test_dialogue_faults.py: no answer within 0.3 s, so it was given up",
    spins: "dialogue/test_dialogue_faults.py: no answer within 0.3 s, so it was given up",
    never_returns: "dialogue/test_dialogue_faults.py: no answer within 0.3 s",
    swallows_cancellation: "dialogue/test_dialogue_faults.py: no answer within 0.3 s",
    blocks_after_speaking: "dialogue/test_dialogue_faults.py: no answer within 0.3 s",
}


def faulty(handler: Handler) -> Skill:
    skill = Skill("faulty", summary="Does it wrong")
    skill.intent("do it")(handler)

    @skill.intent("hello")
    async def hello(ctx: Context) -> None:
        await ctx.say("Hello.")

    return skill


@pytest.mark.parametrize("handler", FAULTS, ids=lambda handler: handler.__name__)
def test_a_faulty_skill_is_named_once_and_the_conversation_goes_on(
    handler: Handler,
) -> None:
    with Conversation(faulty(handler), patience_s=PATIENCE_S) as talk:
        reply = talk.hear("do it")
        (failed,) = reply.failed
        line = handler.__code__.co_firstlineno + 1
        assert FAULTS[handler].replace("LINE", str(line)) in failed.message
        assert "\n" not in failed.message
        apologies = [text for text in reply.said if text != "Just a moment."]
        assert len(apologies) == 1
        assert "rror" not in apologies[0]
        for _ in range(2):
            assert talk.hear("hello").said == ["Hello."]


def test_a_fault_in_a_skill_folder_is_named_by_folder_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "oven"
    folder.mkdir()
    (folder / "skill.py").write_text(
        dedent("""\
            from os_sim.skill import Context, Skill
            from .heat import warm
            skill = Skill("oven", summary="Bakes")
            @skill.intent("bake")
            async def bake(ctx: Context) -> None:
                warm()
            """)
    )
    (folder / "heat.py").write_text("def warm():\n    raise RuntimeError('cold')\n")
    with Conversation(folder) as talk:
        (failed,) = talk.hear("bake").failed
    assert failed.message == "oven/heat.py:2: RuntimeError: cold"
