"""Ctrl-C, a polite kill and a lost terminal, at any moment: in good order, and nothing is lost."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.program import OS_SIM, SPEECH, run

QUESTION = SPEECH / "rms" / "play-a-melancholy-song.flac"
TALK = b"greet Anna for parrot\nplay a song\nnext\nwrite a letter\nmy mother\nstop\n" * 400


Ended = tuple[int, str, list[int]]
"""Exit code, standard error, and processes that were left behind."""


def in_order(code: int) -> Ended:
    return code, "", []


EARLY = (in_order(1), in_order(-signal.SIGINT))
"""Before there was a conversation that could be left."""


def interrupted(
    *command: str, after_s: float, said: bytes = b"", number: int = signal.SIGINT
) -> Ended:
    """How a run ended that was sent a signal after a while."""
    talk = subprocess.Popen(
        [*OS_SIM, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a session of its own: its children can be found afterwards
        preexec_fn=_heeds_interruption,
    )
    assert talk.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        talk.stdin.write(said)
        talk.stdin.flush()
    time.sleep(after_s)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(talk.pid, number)  # as a terminal does it: to all of them
    _, said_last = talk.communicate(timeout=20)
    err = said_last.decode()
    if "KeyboardInterrupt" in err and "os_sim" not in err:
        err = ""  # it hit Python itself, before there was anything of ours
    return talk.returncode, err, survivors(talk.pid)


def _heeds_interruption() -> None:
    # Who is started in the background of a script ignores Ctrl-C, and so do its children.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def survivors(session: int) -> list[int]:
    """The processes of this session that are still there a second after it ended."""
    deadline_s = time.monotonic() + 1
    while left := _members(session):
        if time.monotonic() > deadline_s:
            return left
        time.sleep(0.02)
    return []


def _members(session: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(status.parent.name))
    return found


def assert_whole(home: Path) -> None:
    store = home / "os_sim.db"
    if store.exists():
        with sqlite3.connect(store) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        file.close()


@pytest.mark.timeout(120)
def test_text_may_be_interrupted_at_any_moment(home: Path) -> None:
    run("skills", "new", "parrot")
    for moment in range(20):
        ended = interrupted("text", after_s=0.06 * moment, said=TALK)
        assert ended in (in_order(0), *EARLY)
        assert_whole(home)


@pytest.mark.timeout(120)
def test_hearing_may_be_interrupted_at_any_moment(home: Path, tmp_path: Path) -> None:
    files = [str(QUESTION)] * 40
    for moment in range(12):
        replies = str(tmp_path / f"replies {moment}")
        ended = interrupted("hear", *files, "--reply-to", replies, after_s=0.25 * moment)
        assert ended in (in_order(1), *EARLY)
        assert_whole(home)


def test_speaking_may_be_interrupted_at_any_moment(tmp_path: Path) -> None:
    # No two sentences alike: what was rendered before would come back at once.
    story = " ".join(f"This is sentence number {n} of a long story." for n in range(500))
    for moment in range(8):
        ended = interrupted(
            *("say", story, "--output", str(tmp_path / "long.wav")),
            after_s=0.1 * moment,
        )
        assert ended in (in_order(1), *EARLY)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_leaving_a_conversation_by_signal_is_no_failure(home: Path, number: int) -> None:
    assert interrupted("text", after_s=1.5, said=TALK, number=number) == in_order(0)
    assert_whole(home)


def test_what_was_remembered_before_a_kill_is_there_after_it(home: Path) -> None:
    run("skills", "new", "parrot")
    talk = subprocess.Popen(
        [*OS_SIM, "text"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert talk.stdin is not None
    assert talk.stdout is not None
    talk.stdin.write("greet Anna for parrot\n")
    talk.stdin.flush()
    while "Nice to meet you" not in talk.stdout.readline():
        pass
    talk.kill()
    talk.communicate(timeout=20)
    assert_whole(home)
    assert run("text", "--json", said="who does parrot know").said == ["Anna"]
