"""Text mode at a real terminal: history, completion, and the terminal left as it was."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import PROMPT, Terminal, needs_terminal, terminal

pytestmark = needs_terminal

START = f"{sys.executable} -m os_sim text --seed 1 --mute"


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Terminal]:
    with terminal(tmp_path) as shell:
        yield shell


def start(screen: Terminal, *options: str) -> None:
    screen.type(" ".join([START, *options]), "Enter")
    screen.wait_for("I'm here.")
    screen.wait_for("›")


def at_the_shell(text: str) -> bool:
    return text.rstrip().endswith(PROMPT.strip())


def test_a_conversation_is_typed_and_read(screen: Terminal) -> None:
    start(screen)
    screen.type("who directed her", "Enter")
    text = screen.wait_for("Spike Jonze")
    assert "› who directed her\nsamantha  " in text
    screen.type("good night", "Enter")
    assert screen.wait_for(at_the_shell)


def test_tab_completes_what_can_be_said(screen: Terminal) -> None:
    start(screen)
    screen.type("say tha", "Tab")
    screen.wait_for("› say that")


def test_the_line_before_comes_back_with_the_arrow_key(screen: Terminal) -> None:
    start(screen)
    screen.type("who are you", "Enter")
    screen.wait_for("not a person")
    screen.type("Up", "Enter")
    screen.wait_for(lambda text: text.count("not a person") == 2)


def test_the_history_is_kept_for_the_next_time_only_if_wanted(screen: Terminal, home: Path) -> None:
    start(screen)
    screen.type("who are you", "Enter")
    screen.wait_for("not a person")
    screen.type("C-d")
    screen.wait_for(at_the_shell)
    assert not (home / "history").exists()
    (home / "config.toml").write_text("[text]\nkeep_history = true\n")
    screen.type("clear", "Enter")
    for _ in range(2):
        screen.type(START, "Enter")
        screen.wait_for(lambda text: text.rstrip().endswith("›"))
        screen.type("Up", "C-u", "who are you", "Enter", "C-d")
        screen.wait_for(at_the_shell)
    assert "who are you" in (home / "history").read_text()


def test_ctrl_c_empties_the_line_and_then_leaves(screen: Terminal) -> None:
    start(screen)
    screen.type("something half said", "C-c")
    screen.type("who are you", "Enter")
    screen.wait_for("not a person")
    screen.type("C-c")
    text = screen.wait_for(at_the_shell)
    assert "Traceback" not in text
    assert "I heard" not in text


@pytest.mark.parametrize(
    "leave",
    [["C-d"], ["C-c"], ["good night", "Enter"], ["half a line", "C-c", "C-d"]],
    ids=" ".join,
)
def test_the_terminal_is_left_as_it_was(screen: Terminal, leave: list[str]) -> None:
    before = screen.settings("before")
    start(screen)
    screen.type(*leave)
    screen.wait_for(at_the_shell)
    screen.type("echo code=$?", "Enter")
    screen.wait_for("code=0\n")
    assert screen.settings("after") == before


def test_a_song_at_the_prompt_goes_on_in_silence_if_that_is_wanted(screen: Terminal) -> None:
    start(screen)
    screen.type("play a melancholy song", "Enter")
    screen.wait_for("♪ ")
    screen.type("next", "Enter")
    screen.wait_for(lambda text: text.count("♪ ") == 2)
    screen.type("stop", "Enter")
    screen.wait_for("♪ –")


def test_without_a_command_it_says_why_it_types(screen: Terminal) -> None:
    screen.type(f"{sys.executable} -m os_sim", "Enter")
    text = screen.wait_for("I'm here.")
    assert "os-sim: typing instead of talking: " in text
