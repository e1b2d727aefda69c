"""What the command line tells of understanding: why, and which skills come too close."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from os_sim.clock import ManualClock
from os_sim.dialogue.explaining import explain
from os_sim.dialogue.known import Known
from os_sim.skill.catalogue import check
from tests.understanding.everyday import everyday_shelf

NOW = datetime(2025, 5, 5, 9, 30, tzinfo=UTC)
SKILL = '''"""Plays."""

from os_sim.skill import Context, Skill

skill = Skill("jukebox", summary="Plays records", examples=("{sentence}",))


@skill.intent("{sentence}")
async def play(ctx: Context) -> None:
    await ctx.say("Playing.")
'''


def why(text: str) -> str:
    shelf = everyday_shelf()
    return explain(text, shelf, Known(shelf, ManualClock(NOW)), NOW, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stop", "it hushes at once"),
        ("flip a coin", "sentence    game.coin"),
        ("um, flip a coin please", "asked       flip a coin"),
        ("put something sad on, would you", "song.play (mood = sad)"),
        ("put something sad on, would you", "sure"),
        ("play chess with me", "not sure"),
        ("trash every note i have", "notes"),
        ("louder", "only while something plays"),
    ],
)
def test_why_tells_the_tier_that_decided(text: str, told: str) -> None:
    assert told in why(text)


def test_why_names_what_would_have_changed_the_outcome() -> None:
    assert "to change" in why("play chess with me")


def skill_that_says(sentence: str, folder: Path) -> Path:
    (folder / "jukebox" / "conversations").mkdir(parents=True)
    (folder / "jukebox" / "skill.py").write_text(SKILL.format(sentence=sentence), "utf-8")
    (folder / "jukebox" / "conversations" / "play.txt").write_text(
        f"you: {sentence}\nos: Playing.\n", "utf-8"
    )
    return folder / "jukebox"


def test_a_sentence_that_comes_close_to_another_skills_is_named(tmp_path: Path) -> None:
    (fault,) = check(skill_that_says("would you play me some sad song", tmp_path))
    assert "comes close to" in fault
    assert "'song'" in fault


def test_a_sentence_that_is_unlike_all_others_is_not(tmp_path: Path) -> None:
    assert check(skill_that_says("fold the paper boats", tmp_path)) == []
