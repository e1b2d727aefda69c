"""Whatever comes through the pipe, the next line is answered."""

import subprocess
import time
from pathlib import Path

from tests.cli.program import OS_SIM, run

ASK = b"who directed her\n"


def test_bytes_that_are_no_text_do_not_end_the_conversation() -> None:
    talk = run("text", "--json", said=b"\xff\xfe\x80 what\n" + ASK)
    assert (talk.code, talk.err) == (0, "")
    assert len(talk.of("heard")) == 2
    assert "Spike Jonze" in talk.said[-1]


def test_nul_and_control_characters_do_no_harm() -> None:
    talk = run("text", "--json", said=b"\0\0\n\x1b[2J\x07stop\n\x00who directed her\x00\n" + ASK)
    assert (talk.code, talk.err) == (0, "")
    assert "Spike Jonze" in talk.said[-1]


def test_what_cannot_be_shown_on_this_terminal_is_shown_as_well_as_can_be() -> None:
    talk = run("text", said="café ♪ 你好\n" + ASK.decode(), env={"PYTHONIOENCODING": "ascii"})
    assert talk.code == 0
    assert "Spike Jonze" in talk.out


def test_a_line_of_a_hundred_thousand_characters_is_answered_soon() -> None:
    for line in (b"x" * 100_000, b"play " * 20_000, b"write a letter to " + b"anna " * 20_000):
        begin = time.monotonic()
        talk = run("text", "--json", said=line + b"\n" + ASK)
        assert talk.code == 0
        assert "Spike Jonze" in talk.said[-1]
        assert time.monotonic() - begin < 10


def test_a_thousand_lines_are_a_thousand_answers() -> None:
    talk = run("text", "--json", said=ASK * 1000)
    assert talk.code == 0
    assert len(talk.of("heard")) == len(talk.said) == 1000


def test_nothing_said_is_nothing_answered() -> None:
    for said in ("", "\n\n  \n\t\n"):
        talk = run("text", said=said)
        assert (talk.code, talk.out, talk.err) == (0, "", "")


def test_a_last_line_without_an_end_is_heard() -> None:
    assert "Spike Jonze" in run("text", said="who directed her").out


def test_without_standard_input_there_is_nothing_to_hear(home: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *OS_SIM, "text"],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
    assert done.returncode in (0, 1)


def test_a_reader_who_has_had_enough_ends_it_quietly(home: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'yes "who directed her" | "$@" | head -1', "sh", *OS_SIM, "text"],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.stdout == "› who directed her\n"
    assert done.stderr == ""


def test_a_full_disk_behind_standard_output_is_told_of(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*OS_SIM, "text"],
            input=ASK.decode(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=50,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("os-sim: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_pipe_that_breaks_is_told_of() -> None:
    with Path("/proc/self/mem").open("rb") as unreadable:
        done = subprocess.run(
            [*OS_SIM, "text"],
            stdin=unreadable,
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "os-sim: standard input cannot be read (Input/output error)\n"


def test_programs_get_every_letter_through_any_encoding() -> None:
    said = run("text", "--json", said="café 你好", env={"PYTHONIOENCODING": "utf-8"})
    assert said.of("heard")[0]["text"] == "café 你好"
    said = run("text", "--json", said="stop", env={"PYTHONIOENCODING": "ascii"})
    assert said.said == ["It's quiet already."]
    said = run("text", "--json", said="café".encode("latin-1"), env={"PYTHONIOENCODING": "latin-1"})
    assert said.of("heard")[0]["text"] == "café"
