"""Golden conversations: how a script is read, held against a conversation, and collected."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from os_sim.golden import ScriptError, play, read_script
from os_sim.skill import Context, Document, Skill, Track
from os_sim.skill.catalogue import write_skill


def stage() -> Skill:
    skill = Skill("stage", summary="Does a bit of everything")

    @skill.intent("hello")
    async def hello(ctx: Context) -> None:
        await ctx.say("Hello there, “friend”.")

    @skill.intent("what time is it")
    async def now(ctx: Context) -> None:
        await ctx.say(f"It is {ctx.clock.wall():%d %B %H:%M}, lucky number {ctx.random.random()}.")

    @skill.intent("age")
    async def age(ctx: Context) -> None:
        await ctx.say(f"You are {await ctx.ask('How old are you?', int)}.")

    @skill.intent("music")
    async def music(ctx: Context) -> None:
        await ctx.play([Track("One", "calm", 60, lambda: iter(()))])

    @skill.intent("letter")
    async def letter(ctx: Context) -> None:
        await ctx.show(Document("letter", "To Anna", "Dear Anna"))

    @skill.intent("wake me")
    async def wake(ctx: Context) -> None:
        ctx.schedule.at(ctx.clock.wall() + timedelta(minutes=10), "ring")

    @skill.due("ring")
    async def ring(ctx: Context) -> None:
        await ctx.say("Wake up.")

    @skill.intent("break")
    async def fail(ctx: Context) -> None:
        raise ValueError("oh dear")

    @skill.intent("good night")
    async def leave(ctx: Context) -> None:
        ctx.session.leave()
        await ctx.say("Good night.")

    return skill


def hold(tmp_path: Path, text: str) -> None:
    file = tmp_path / "talk.txt"
    file.write_text(text, "utf-8")
    script = read_script(file)
    for scene in script.scenes:
        play(script, scene, stage())


EVERYTHING = """\
\ufeff# A comment.
seed: 7
now: 2025-05-04 09:30

== Everything a script can say
you: hello
os: HELLO there, "friend".
you: hello
os: Hello ... friend...
you: what time is it
os: It is 04 May 09:30, lucky number ...
you: age
os asks: How old are you?
you: purple
os asks: I heard ... How old are you?
you: 30
os: You are 30.
you: music
plays: One (calm)
you: stop
stops
you: letter
shows: letter: To Anna
you: break
fails: SkillError: ... ValueError: oh dear
os: ...
you: wake me
wait: 9 Minutes
wait: 1 minute and a half
os: Wake up.
you: good night
os: Good night.
leaves
"""


def test_every_line_a_script_can_say_is_understood(tmp_path: Path) -> None:
    hold(tmp_path, EVERYTHING)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("you: hello\nos: Bye.\n", "talk.txt:2: expected 'os: Bye.', but got 'os: Hello there"),
        ("you: hello\n", "end of 'talk': the script says nothing of 'os: Hello there"),
        ("you: hello\nyou: hello\n", "talk.txt:2: the script says nothing of 'os: Hello there"),
        (
            "you: hello\nos: ...\nos: More.\n",
            "talk.txt:3: expected 'os: More.', but nothing more happened",
        ),
        ("you: hello\nos asks: ...\n", "talk.txt:2: expected 'os asks: ...', but got 'os: Hello"),
        ("you: hello\nos: ...\nstops\n", "talk.txt:3: expected 'stops', but nothing more happened"),
        ("you: hello\nos: ...\nleaves\n", "talk.txt:3: the conversation goes on"),
        ("wait: soon\n", "talk.txt:1: 'soon' is not a length of time"),
        ("me: hello\n", "talk.txt:1: 'me: hello' begins with none of you: os: os asks: …"),
        ("seed: lots\n", "talk.txt:1: 'lots' is no seed"),
        ("now: tomorrow\n", "talk.txt:1: 'tomorrow' is no now"),
        ("you: hello\nseed: 5\n", "talk.txt:2: 'seed' stands before the scenes"),
    ],
)
def test_where_a_conversation_leaves_its_script_is_told_with_the_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(ScriptError) as caught:
        hold(tmp_path, text)
    assert message in str(caught.value)


def test_a_script_that_is_no_text_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "talk.txt"
    file.write_bytes(b"you: \xff\xfe\n")
    with pytest.raises(ScriptError, match=r"talk\.txt: cannot be read"):
        read_script(file)


def test_every_scene_begins_a_conversation_of_its_own(tmp_path: Path) -> None:
    hold(tmp_path, "== a\nyou: music\nplays: ...\n\n== b\nyou: stop\nos: ... quiet ...\n")


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    yield write_skill("my_list", tmp_path)


def run_pytest(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout + done.stderr


def test_pytest_runs_the_scenes_of_a_skill_by_name(mine: Path) -> None:
    (mine / "conversations" / "more.txt").write_text("== a second one\nyou: stop\nos: ...\n")
    (mine / "notes.txt").write_text("no conversation")
    out = run_pytest(mine.parent)
    assert "my_list.txt::It remembers who it has met PASSED" in out
    assert "more.txt::a second one PASSED" in out
    assert "2 passed" in out


def test_pytest_tells_in_one_line_where_a_scene_went_another_way(mine: Path) -> None:
    (mine / "conversations" / "more.txt").write_text("== wrong\n\nyou: stop\nos: Never.\n")
    out = run_pytest(mine)
    assert "more.txt:4: expected 'os: Never.', but got 'os: It's quiet already.'" in out
    assert "Traceback" not in out
    assert "1 failed, 1 passed" in out


def test_text_files_elsewhere_are_none_of_its_business(tmp_path: Path) -> None:
    (tmp_path / "conversations").mkdir()
    (tmp_path / "conversations" / "chat.txt").write_text("me: this is no script\n")
    assert "no tests ran" in run_pytest(tmp_path)
