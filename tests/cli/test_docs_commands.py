"""Every command in README.md and CONTRIBUTING.md, as a reader would copy it."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from os_sim.config import load_config
from tests.cli.pages import blocks_of, indented_commands
from tests.cli.program import ROOT, SPEECH
from tests.cli.terminal import needs_terminal, terminal

README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
PYTHON, HERE = shlex.quote(sys.executable), shlex.quote(str(ROOT))
SHIMS = {
    "run": f'exec {PYTHON} -m os_sim "$@"',
    "test": f"cd {HERE} && exec {PYTHON} -m pytest -q --collect-only tests/test_imports.py",
    "lint": f"exec {PYTHON} -m py_compile {HERE}/script/lint",
}
"""What the scripts do, without a virtual environment of their own; tests are only counted."""
TALK = re.compile(r"script/run( talk\b|$)")
TALKS_S = 5.0
"""How long a talk may go on where there are devices."""


def commands() -> list[str]:
    shown = [
        line.removeprefix("$ ")
        for page in (README, CONTRIBUTING)
        for block in blocks_of(page)
        for line in block.text.splitlines()
        if line.startswith("$ ")
    ]
    return shown + indented_commands(README) + indented_commands(CONTRIBUTING)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the scripts, and the recording that the README speaks of."""
    (tmp_path / "script").mkdir()
    for name, line in SHIMS.items():
        script = tmp_path / "script" / name
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(0o755)
    shutil.copy(SPEECH / "rms" / "play-a-melancholy-song.flac", tmp_path / "question.wav")
    return tmp_path


@pytest.mark.parametrize("command", [line for line in commands() if not TALK.match(line)])
def test_every_command_runs(command: str, checkout: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=checkout,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", [line for line in commands() if TALK.match(line)])
def test_every_talk_begins_or_says_what_is_missing(command: str, checkout: Path) -> None:
    talk = subprocess.Popen(
        ["sh", "-c", f"exec {command}"],
        cwd=checkout,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, err = talk.communicate(timeout=TALKS_S)
    except subprocess.TimeoutExpired:
        talk.send_signal(signal.SIGINT)
        out, err = talk.communicate(timeout=TALKS_S)
        assert "I'm here." in out
        assert talk.returncode == 0
    else:
        assert re.fullmatch(r"os-sim: .*\n", err) or "list-devices" in command
        assert talk.returncode in (0, 1)


def test_the_files_that_the_readme_promises_are_written(checkout: Path) -> None:
    for command in commands():
        if " hear " in command or " say " in command:
            subprocess.run(["sh", "-c", command], cwd=checkout, timeout=50, check=True)
    assert (checkout / "answers" / "question.reply.wav").stat().st_size > 100_000
    assert (checkout / "morning.wav").stat().st_size > 50_000


def test_the_scripts_are_there_and_can_be_run() -> None:
    for name in SHIMS:
        assert os.access(ROOT / "script" / name, os.X_OK)
    named = set(re.findall(r"script/(\w+)", README.read_text() + CONTRIBUTING.read_text()))
    assert named == SHIMS.keys()


@needs_terminal
def test_the_conversation_on_the_first_screen_is_what_happens(checkout: Path) -> None:
    shown = blocks_of(README)[0].text.splitlines()
    command, typed = shown[0], [line[2:] for line in shown if line.startswith("› ")]
    answers = [line for line in shown[1:] if not line.startswith("› ")]
    with terminal(checkout) as screen:
        screen.type(f"{command.removeprefix('$ ')} --mute", "Enter")
        screen.wait_for(f"{answers[0]}\n›")
        for line, answer in zip(typed, answers[1:], strict=True):
            screen.type(line, "Enter")
            text = screen.wait_for(answer)
    lines = [line.rstrip() for line in text.splitlines()]
    begin = lines.index(answers[0])
    assert lines[begin : begin + len(shown) - 1] == shown[1:]


def test_the_tests_are_counted_in_the_readme() -> None:
    (shown,) = (block for block in blocks_of(README) if "$ script/test" in block.text)
    assert re.fullmatch(r"\$ script/test\n…\n[\d,]+ passed\n", shown.text)


def test_settings_that_the_readme_names_exist(tmp_path: Path) -> None:
    for page in (README, ROOT / "docs" / "skills.md"):
        for section, line in re.findall(r"`\[(\w+)\] (\w+ = [^`]+)`", page.read_text()):
            file = tmp_path / "config.toml"
            file.write_text(f"[{section}]\n{line}\n")
            load_config(file)


def test_links_in_the_pages_lead_somewhere() -> None:
    for page in (README, CONTRIBUTING, *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
