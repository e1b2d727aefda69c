"""Every command: what it prints, where, and with which exit code."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from os_sim import __version__
from os_sim.cli import run as run_here
from tests.cli.program import run

COMMANDS = ["talk", "text", "hear", "say", "skills", "voices", "models", "why", "doctor"]
HELP = [
    [],
    *([name] for name in COMMANDS),
    ["skills", "new"],
    ["models", "install"],
    ["models", "words"],
    ["models", "words", "add"],
]


def test_the_version_is_told() -> None:
    assert run("--version").out == f"os-sim {__version__}\n"


@pytest.mark.parametrize("command", HELP, ids=" ".join)
def test_help_fits_a_narrow_terminal(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.suppress(SystemExit):
        run_here([*command, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(" ".join(["usage: os-sim", *command]))
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 40


def test_help_names_every_command() -> None:
    out = run("--help").out
    assert all(f"\n    {command} " in out for command in COMMANDS)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("nonsense", "invalid choice: 'nonsense'"),
        ("text --nonsense", "unrecognized arguments: --nonsense"),
        ("text --seed x", "invalid int value: 'x'"),
        ("hear", "the following arguments are required: FILE"),
        ("skills bogus", "invalid choice: 'bogus'"),
        ("skills new", "the following arguments are required: NAME"),
        ("voices extra", "unrecognized arguments: extra"),
        ("talk --push-to-talk maybe", "invalid choice: 'maybe'"),
    ],
)
def test_a_wrong_question_is_one_line_and_exit_code_2(line: str, what: str) -> None:
    asked = run(*line.split())
    assert asked.code == 2
    assert asked.out == ""
    assert what in asked.complaint()
    assert "--help' shows what there is" in asked.complaint()


def test_the_skills_are_listed_with_a_sentence_each() -> None:
    listing = run("skills")
    assert (listing.code, listing.err) == (0, "")
    for sentence in (
        "“play a melancholy song”",
        "“who directed her”",
        "“write a letter”",
        "“what can you do”",
    ):
        assert sentence in listing.out


def test_the_voices_are_listed_and_the_chosen_one_marked() -> None:
    lines = run("voices").out.splitlines()
    assert [line[:12].rstrip() for line in lines] == ["  Ansel", "  Conductor", "* Samantha"]


def test_the_models_are_listed_and_the_one_in_use_marked() -> None:
    listing = run("models")
    assert (listing.code, listing.err) == (0, "")
    assert any(line.startswith("*  os1-en") for line in listing.out.splitlines())


@pytest.mark.parametrize("command", ["text", "say hello", "doctor"])
def test_a_voice_that_does_not_exist_is_told_of_with_the_nearest(command: str) -> None:
    asked = run(*command.split(), "--voice", "samanta")
    assert asked.code == 1
    assert "there is no voice called 'samanta'; did you mean samantha?" in asked.out + asked.err


def test_the_doctor_looks_at_every_part() -> None:
    looked = run("doctor")
    found = {line[4:17].strip(): line[:2] for line in looked.out.splitlines()}
    assert looked.err == ""
    assert {"os_sim", "home", "memory", "skills", "model", "words", "voice"} <= found.keys()
    assert {found[part] for part in ("home", "memory", "skills", "model", "voice")} == {"ok"}
    assert looked.code == 0


def test_the_doctor_tells_programs_the_same(home: Path) -> None:
    (home / "config.toml").write_text('[listening]\nmodel = "/nowhere"\n')
    looked = run("doctor", "--json")
    found = {finding["part"]: finding for finding in map(json.loads, looked.out.splitlines())}
    assert found["model"]["state"] == "broken"
    assert "/nowhere" in found["model"]["text"]
    assert found["voice"]["state"] == "good"
    assert looked.code == 1


def test_the_doctor_does_not_mind_a_missing_device() -> None:
    """Microphone and speaker are marked `--`, or `ok` where there are some."""
    marks = {line[4:17].strip(): line[:2] for line in run("doctor").out.splitlines()}
    assert {marks["microphone"], marks["speaker"]} <= {"--", "ok"}


def test_say_writes_speech_that_can_be_heard(tmp_path: Path) -> None:
    file = tmp_path / "morning.wav"
    said = run("say", "Good morning.", "This is a second sentence.", "--output", file)
    assert (said.code, said.out, said.err) == (0, "", "")
    samples, rate_hz = soundfile.read(file)
    assert 1.5 < len(samples) / rate_hz < 6
    assert 0.02 < float(np.sqrt(np.mean(samples**2))) < 0.5


def test_say_cannot_write_where_there_is_no_folder(tmp_path: Path) -> None:
    said = run("say", "Good morning.", "--output", tmp_path / "missing" / "morning.wav")
    assert said.code == 1
    assert "morning.wav: cannot write sound" in said.complaint()


def test_a_new_skill_passes_its_own_tests(home: Path) -> None:
    written = run("skills", "new", "parrot")
    folder = home / "skills" / "parrot"
    assert (written.code, written.out.strip()) == (0, str(folder))
    assert run("skills", "check", folder).code == 0
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert "1 passed" in tests.stdout, tests.stdout
    talk = run("text", said=["greet Anna for parrot"])
    assert talk.out.splitlines()[-1] == "samantha  Hello, Anna. Nice to meet you."
    assert "parrot " in run("skills").out


@pytest.mark.parametrize("name", ["Bad Name", "2fast", "film", "class", "../escape"])
def test_a_new_skill_needs_a_name_of_its_own(home: Path, name: str) -> None:
    written = run("skills", "new", name)
    assert written.code == 2
    assert name in written.complaint()
    assert not (home / "skills").exists()


def test_a_skill_is_never_overwritten(home: Path) -> None:
    run("skills", "new", "parrot")
    mine = home / "skills" / "parrot" / "skill.py"
    mine.write_text("# mine\n")
    again = run("skills", "new", "parrot")
    assert again.code == 2
    assert "exists already" in again.complaint()
    assert mine.read_text() == "# mine\n"


def test_check_tells_what_is_wrong_with_a_skill(home: Path) -> None:
    run("skills", "new", "parrot")
    folder = home / "skills" / "parrot"
    (folder / "skill.py").write_text("1 / 0\n")
    checked = run("skills", "check", folder)
    assert checked.code == 1
    assert "parrot/skill.py:1: ZeroDivisionError" in checked.out
