"""What the home may look like: settings that are wrong, a store that is damaged, a full disk."""

import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import OS_SIM, run

ASK = ["who directed her"]
GREET = ["greet Anna for parrot", "greet Berta for parrot", "who does parrot know"]


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ('[listening]\nmodle = "x"', "[listening] key 'modle' is unknown; did you mean 'model'?"),
        ("[listning]\n", "section 'listning' is unknown; did you mean 'listening'?"),
        ("[zzz]\n", "section 'zzz' is unknown; known: "),
        ("[listening", "not valid TOML: "),
        ("listening = 3", "[listening] must be a table"),
        ('[skills]\npatience_s = "x"', "[skills] patience_s must be a number, not 'x'"),
        ("skills = 3", "[skills] must be a table"),
        ("[skills]\npatience_s = -1", "[skills] patience_s must be more than 0 seconds, not -1"),
        ("[listening]\nsilence_s = nan", "[listening] silence_s must be more than 0 seconds"),
        (
            '[listening]\npush_to_talk = "maybe"',
            "[listening] push_to_talk must be one of off, hold, toggle, not 'maybe'",
        ),
        ("[listening]\nbarge_in = 1", "[listening] barge_in must be true or false, not 1"),
    ],
)
def test_settings_that_are_wrong_are_told_with_file_and_key(
    home: Path, settings: str, complaint: str
) -> None:
    (home / "config.toml").write_text(settings + "\n")
    talk = run("text", said=ASK)
    assert (talk.code, talk.out) == (2, "")
    assert str(home / "config.toml") in talk.complaint()
    assert complaint in talk.complaint()


def test_settings_that_are_no_text_are_told_of(home: Path) -> None:
    (home / "config.toml").write_bytes(b"\xff\xfe\0")
    assert run("text", said=ASK).code == 2


def test_settings_from_a_windows_editor_are_read(home: Path) -> None:
    """With a byte-order mark, and carriage returns."""
    (home / "config.toml").write_bytes(b'\xef\xbb\xbf[speaking]\r\nvoice = "ansel"\r\n')
    talk = run("text", said=ASK)
    assert talk.err == ""
    assert "ansel  " in talk.out


@pytest.mark.parametrize("command", ["text", "say hello --output x.wav", "hear x.wav"])
def test_a_home_that_cannot_be_written_is_told_of(tmp_path: Path, command: str) -> None:
    asked = run("--home", "/proc/home", *command.split(), cwd=tmp_path)
    assert asked.code == 1
    assert "cannot write to the home folder" in asked.complaint()
    assert "--home" in asked.complaint()


def parrot(home: Path) -> None:
    assert run("skills", "new", "parrot").code == 0


def remembered(home: Path) -> int:
    with sqlite3.connect(home / "os_sim.db") as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ((count,),) = store.execute("SELECT count(*) FROM skill_memory")
    return int(count)


def test_what_was_said_is_remembered_by_the_next_run(home: Path) -> None:
    parrot(home)
    run("text", said=GREET[:1])
    assert run("text", "--json", said=GREET[2:]).said == ["Anna"]
    assert remembered(home) == 1


def test_a_damaged_store_is_told_of_and_repaired(home: Path) -> None:
    parrot(home)
    run("text", said=GREET)
    store = home / "os_sim.db"
    store.write_bytes(b"This is no database." * 500)
    talk = run("text", said=ASK)
    assert (talk.code, talk.out) == (1, "")
    assert f"the memory file {store} is damaged" in talk.complaint()
    assert "os-sim doctor --repair" in talk.complaint()
    assert run("doctor").code == 1
    repaired = run("doctor", "--repair")
    assert (repaired.code, repaired.err) == (0, "")
    (aside,) = home.glob("os_sim.db.damaged-*")
    assert str(aside) in repaired.out
    assert aside.read_bytes() == b"This is no database." * 500
    assert run("text", "--json", said=GREET).said[-1] == "Anna, Berta"


def test_repair_saves_what_can_still_be_read(home: Path) -> None:
    parrot(home)
    run("text", said=GREET)
    store = home / "os_sim.db"
    with sqlite3.connect(store) as file:
        file.execute("PRAGMA writable_schema = 1")
        file.execute("UPDATE sqlite_schema SET sql = 'broken' WHERE name = 'schedule'")
    file.close()
    assert "damaged" in run("text", said=ASK).complaint()
    assert run("doctor", "--repair").code == 0
    assert run("doctor").code == 0


def test_repair_leaves_a_whole_store_alone(home: Path) -> None:
    parrot(home)
    run("text", said=GREET[:2])
    assert "nothing to repair" in run("doctor", "--repair").out
    assert run("text", "--json", said=GREET[2:]).said == ["Anna, Berta"]


def test_nothing_is_said_to_be_kept_that_the_disk_did_not_take(home: Path) -> None:
    """The system lets no file grow any further: to SQLite, a disk that fails."""
    parrot(home)
    run("text", said=GREET[:1])
    lines = [f"greet {'long ' * 200} number {number} for parrot" for number in range(60)]
    talk = run("text", "--json", said=[*lines, *ASK], largest_file_bytes=50_000)
    failed = talk.of("failed")
    kept = sum("Nice to meet you" in text for text in talk.said)
    assert talk.code == 0
    assert {event["error"] for event in failed} == {"StoreError"}
    assert all(str(home / "os_sim.db") in event["message"] for event in failed)
    assert kept + len(failed) == 60
    assert "Spike Jonze" in talk.said[-1]
    (known,) = run("text", "--json", said=GREET[2:]).said
    assert known.count(",") == kept
    assert remembered(home) == 1


def test_a_disk_that_was_full_from_the_beginning_is_told_of(home: Path) -> None:
    talk = run("text", said=ASK, largest_file_bytes=0)
    assert talk.code == 1
    assert str(home) in talk.complaint()


def test_two_programs_may_share_a_home(home: Path) -> None:
    parrot(home)
    run("text", said=GREET[:1])
    talks = [
        subprocess.Popen(
            [*OS_SIM, "text"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for name, talk in zip(("Berta", "Carla"), talks, strict=True):
        assert talk.stdin is not None
        talk.stdin.write(f"greet {name} for parrot\n".encode() * 50)
        talk.stdin.close()
    for talk in talks:
        assert talk.stderr is not None
        assert (talk.wait(50), talk.stderr.read()) == (0, b"")
        talk.stderr.close()
    assert remembered(home) == 1


def test_two_programs_may_begin_at_once_in_a_fresh_home(home: Path) -> None:
    for _ in range(4):
        talks = [
            subprocess.Popen(
                [*OS_SIM, "text"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for _ in range(3)
        ]
        assert [(talk.communicate(timeout=50)[0], talk.returncode) for talk in talks] == [
            (b"", 0)
        ] * 3
        for file in home.glob("os_sim.db*"):
            file.unlink()


def test_a_home_may_be_moved(home: Path, tmp_path: Path) -> None:
    parrot(home)
    run("text", said=GREET[:1])
    elsewhere = tmp_path / "a folder with späces"
    shutil.move(home, elsewhere)
    talk = run("--home", elsewhere, "text", "--json", said=GREET[2:])
    assert talk.said == ["Anna"]
