"""A skill that misbehaves is named, and the conversation goes on."""

import textwrap
from pathlib import Path

import pytest

from tests.cli.program import Finished, run

HEADER = """\
from os_sim.skill import Context, Skill
skill = Skill("bad", summary="Breaks things")
"""


def write_skill(home: Path, text: str, name: str = "bad") -> None:
    folder = home / "skills" / name
    folder.mkdir(parents=True)
    (folder / "skill.py").write_text(text)


def converse(home: Path, handler: str) -> Finished:
    """Provoke a skill whose handler's body is this, then ask another skill something."""
    body = textwrap.indent(handler, "    ")
    intent = '@skill.intent("break something")\nasync def answer(ctx: Context) -> None:\n'
    write_skill(home, HEADER + intent + body + "\n")
    (home / "config.toml").write_text("[skills]\npatience_s = 0.5\n")
    return run("text", "--json", said=["break something", "who directed her"])


BREAKING = {
    "raises": ('raise ValueError("no beans")', "bad/skill.py:5: ValueError: no beans"),
    "calculates": ("1 / 0", "bad/skill.py:5: ZeroDivisionError: division by zero"),
    "recurses": ("await answer(ctx)", "bad/skill.py:5: RecursionError"),
    "exits": ("import sys\nsys.exit(3)", "bad/skill.py:6: SystemExit: 3"),
    "interrupts": ("raise KeyboardInterrupt", "bad/skill.py:5: KeyboardInterrupt"),
    "blocks": ("import time\ntime.sleep(10)", "bad/skill.py: no answer within 0.5 s"),
    "spins": ("while True:\n    pass", "bad/skill.py: no answer within 0.5 s"),
    "waits": ("import asyncio\nawait asyncio.sleep(10)", "bad/skill.py: no answer within 0.5 s"),
    "remembers what is no JSON": ('ctx.memory["x"] = object()', "bad/skill.py:5: TypeError"),
    "asks for no slot type": ("await ctx.ask('How?', list)", "bad/skill.py: ask: "),
    "says nothing sayable": ("await ctx.say(None)", "bad/skill.py:5: "),
    "plays no tracks": ("await ctx.play([1])", "bad/skill.py"),
    "shows no document": ("await ctx.show('x')", "bad/skill.py:5: "),
}


@pytest.mark.parametrize(("handler", "complaint"), BREAKING.values(), ids=BREAKING)
def test_a_skill_that_breaks_is_named_and_the_next_question_answered(
    home: Path, handler: str, complaint: str
) -> None:
    talk = converse(home, handler)
    assert talk.code == 0
    (failed,) = talk.of("failed")
    assert failed["error"] == "SkillError"
    assert complaint in failed["message"]
    assert talk.said[0] == "That skill stumbled. I'm still here."
    assert "Spike Jonze" in talk.said[1]
    assert talk.err == ""


def intent(templates: str, signature: str = "ctx: Context") -> str:
    return f"{HEADER}@skill.intent({templates})\nasync def answer({signature}) -> None:\n    pass\n"


UNLOADABLE = {
    "does not parse": (intent('"break (something"'), "bad/skill.py:3: "),
    "slot without parameter": (
        intent('"break {what}"'),
        "bad/skill.py:3: template 'break {what}' has the slot {what}, "
        "but answer() has no such parameter",
    ),
    "parameter without slot": (
        intent('"break [{what}]"', "ctx: Context, what: str"),
        "bad/skill.py:3: template 'break [{what}]' can match without the slot {what}",
    ),
    "no slot type": (
        intent('"break {what}"', "ctx: Context, what: list"),
        "bad/skill.py:3: parameter 'what'",
    ),
    "unknown annotation": (
        intent('"break {what}"', "ctx: Context, what: Nobody"),
        "bad/skill.py:4: NameError",
    ),
    "unknown rule": (intent('"break <nothing>"'), "bad/skill.py:3: "),
    "no sentence": (intent(""), "bad/skill.py:3: answer has no sentence"),
    "no coroutine": (
        intent('"x"').replace("async ", ""),
        "bad/skill.py:3: answer must be declared with 'async def'",
    ),
    "no Python": (HEADER + "def broken(:\n", "bad/skill.py:3: SyntaxError"),
    "missing module": (HEADER + "import not_there\n", "bad/skill.py:3: ModuleNotFoundError"),
    "leaves": (HEADER + "raise SystemExit\n", "bad/skill.py:3: SystemExit"),
    "no intent": (HEADER, "bad/skill.py: the skill 'bad' has no intent"),
    "no skill": ("x = 1\n", "bad/skill.py: there is no 'skill = Skill(…)' in it"),
    "empty": ("", "bad/skill.py: there is no 'skill = Skill(…)' in it"),
    "binary": ("\0", "bad/skill.py: SyntaxError"),
    "another's sentence": (
        intent('"who directed her"'),
        "skill.py:3: 'who directed her' is also a sentence of the skill 'film', which keeps it",
    ),
    "another's name": (
        intent('"x y"').replace('"bad"', '"film"'),
        "skill.py:3: there is a skill 'film' already; rename this one",
    ),
}


@pytest.mark.parametrize(("text", "complaint"), UNLOADABLE.values(), ids=UNLOADABLE)
def test_a_skill_that_cannot_be_loaded_is_reported_and_left_out(
    home: Path, text: str, complaint: str
) -> None:
    write_skill(home, text)
    talk = run("text", said=["who directed her"])
    assert talk.code == 0
    assert complaint in talk.complaint()
    assert "Spike Jonze" in talk.out


def test_two_broken_skills_are_two_lines(home: Path) -> None:
    write_skill(home, "1 / 0\n", "one")
    write_skill(home, "2 / 0\n", "two")
    talk = run("text", said=["who directed her"])
    assert [line.split(" ZeroDivision")[0] for line in talk.err.splitlines()] == [
        "os-sim: one/skill.py:1:",
        "os-sim: two/skill.py:1:",
    ]


def test_a_skill_that_is_switched_off_is_not_even_read(home: Path) -> None:
    write_skill(home, "1 / 0\n")
    (home / "config.toml").write_text('[skills]\noff = ["bad", "film"]\n')
    talk = run("text", "--json", said=["who directed her"])
    assert talk.err == ""
    assert talk.of("failed") == []
    assert not any("Spike Jonze" in text for text in talk.said)


def test_the_list_of_skills_names_the_broken_one_on_standard_error(home: Path) -> None:
    write_skill(home, "1 / 0\n")
    listing = run("skills")
    assert listing.complaint() == "bad/skill.py:1: ZeroDivisionError: division by zero"
    assert listing.out.startswith("film ")
