"""The store: one SQLite file that keeps every acknowledged write, whatever happens."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from os_sim.errors import StoreError
from os_sim.memory.skill_memory import SkillMemory
from os_sim.memory.store import MIGRATIONS, Store, repair


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "os_sim.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    store = Store(file)
    yield store
    store.close()


def filled(file: Path, count: int = 200) -> None:
    with closing(Store(file)) as store:
        memory = SkillMemory(store, "letter")
        with store.transaction():
            pass
        for number in range(count):
            memory[f"key {number:04}"] = {"text": f"A sentence to be kept, number {number}. " * 5}


def test_a_fresh_file_is_brought_to_the_newest_version(store: Store) -> None:
    assert store.read("PRAGMA user_version") == [(len(MIGRATIONS),)]


def test_a_file_of_an_older_version_is_brought_up_to_date(file: Path) -> None:
    with closing(sqlite3.connect(file)) as old:
        old.execute("PRAGMA user_version = 0")
    with closing(Store(file)) as store:
        assert store.read("SELECT count(*) FROM skill_memory") == [(0,)]


def test_a_file_of_a_newer_version_is_refused_and_left_alone(file: Path) -> None:
    with closing(Store(file)) as store:
        store.write(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match=r"written by a newer os_sim; update this one"):
        Store(file)
    with closing(sqlite3.connect(file)) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)


def test_every_commit_is_flushed_to_the_disk(store: Store) -> None:
    wal, full = [("wal",)], [(2,)]
    assert store.read("PRAGMA journal_mode") == wal
    assert store.read("PRAGMA synchronous") == full


def test_a_skill_remembers_json_values_by_key(store: Store, file: Path) -> None:
    memory = SkillMemory(store, "letter")
    memory["names"] = ["Zoë", {"age": 3}]
    memory["none"] = None
    store.close()
    with closing(Store(file)) as again:
        memory = SkillMemory(again, "letter")
        assert dict(memory) == {"names": ["Zoë", {"age": 3}], "none": None}
        del memory["none"]
        assert list(memory) == ["names"]
        assert len(memory) == 1
        with pytest.raises(KeyError):
            memory["none"]
        with pytest.raises(KeyError):
            del memory["none"]


def test_no_skill_sees_what_another_remembers(store: Store) -> None:
    SkillMemory(store, "letter")["key"] = 1
    assert dict(SkillMemory(store, "film")) == {}


def test_several_statements_happen_together_or_not_at_all(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as connection:
        connection.execute("INSERT INTO skill_memory VALUES ('a', 'b', '1')")
        raise ZeroDivisionError
    assert store.read("SELECT * FROM skill_memory") == []


def test_closing_twice_is_safe_and_a_closed_store_says_so(file: Path) -> None:
    store = Store(file)
    store.close()
    store.close()
    with pytest.raises(StoreError, match=r"os_sim\.db"):
        store.read("SELECT 1")


def test_a_file_that_is_no_database_is_told_in_one_line(file: Path) -> None:
    file.write_text("Dear diary, this is not a database at all. " * 100)
    with pytest.raises(StoreError, match=r"is damaged .*'os-sim doctor --repair'") as caught:
        Store(file)
    assert "\n" not in str(caught.value)


def test_a_folder_in_the_place_of_the_file_is_told_in_one_line(file: Path) -> None:
    file.mkdir()
    with pytest.raises(StoreError, match=r"os_sim\.db: unable to open database file"):
        Store(file)


@pytest.mark.parametrize("seed", range(8))
def test_a_file_with_bytes_overwritten_is_told_and_repaired(file: Path, seed: int) -> None:
    filled(file)
    data, random = bytearray(file.read_bytes()), Random(seed)
    pages = [at for at in range(0, len(data), 4096) if b"A sentence" in data[at : at + 4096]]
    page = random.choice(pages[1:])  # the first is the root: with it all would be lost
    data[page : page + 4096] = random.randbytes(4096)
    file.write_bytes(data)
    with pytest.raises(StoreError, match=r"is damaged|malformed"), closing(Store(file)) as store:
        store.read("SELECT sum(length(value)) FROM skill_memory")
        list(SkillMemory(store, "letter").values())
        store.write("DELETE FROM skill_memory")
        raise AssertionError("the damage was not seen")
    aside, saved = repair(file, "2025-01-01")
    assert aside.read_bytes()[page : page + 4096] == data[page : page + 4096]
    with closing(Store(file)) as store:
        memory = SkillMemory(store, "letter")
        assert 170 < len(memory) == saved < 200
        assert all(value["text"].startswith("A sentence") for value in memory.values())
        memory["new"] = 1


def test_a_file_cut_short_keeps_what_can_be_read(file: Path) -> None:
    filled(file)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) * 2 // 3])
    _, saved = repair(file, "2025-01-01")
    assert 50 < saved < 200
    with closing(Store(file)) as store:
        assert len(SkillMemory(store, "letter")) == saved


def test_what_is_no_database_is_repaired_to_an_empty_one(file: Path) -> None:
    file.write_bytes(b"nothing" * 1_000)
    aside, saved = repair(file, "2025-01-01")
    assert saved == 0
    assert aside.read_bytes() == b"nothing" * 1_000
    Store(file).close()


def test_a_row_that_means_nothing_is_damage_and_is_left_out_by_the_repair(file: Path) -> None:
    filled(file, 3)
    with closing(Store(file)) as store:
        store.write("UPDATE skill_memory SET value = '{\"te' WHERE key = 'key 0001'")
        with pytest.raises(StoreError, match="is damaged"):
            SkillMemory(store, "letter")["key 0001"]
    assert repair(file, "2025-01-01")[1] == 2


def test_a_sound_file_loses_nothing_in_a_repair(file: Path) -> None:
    filled(file)
    assert repair(file, "2025-01-01")[1] == 200


def test_a_full_disk_is_told_and_nothing_that_was_kept_is_lost(store: Store) -> None:
    memory = SkillMemory(store, "letter")
    memory["before"] = "kept"
    ((pages,),) = store.read("PRAGMA page_count")
    store.read(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match=r"no room left .*\(disk full\); free some space"):
        memory["large"] = "x" * 100_000
    assert dict(memory) == {"before": "kept"}
    store.read("PRAGMA max_page_count = 1000000")
    memory["large"] = "x" * 100_000
    assert len(memory) == 2


def _python(code: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


_LIMITED = """
import resource, sys
from pathlib import Path
from os_sim.errors import OsSimError
from os_sim.memory.documents import save_document
from os_sim.memory.skill_memory import SkillMemory
from os_sim.memory.store import Store
from datetime import datetime
store = Store(Path(sys.argv[1]))
memory = SkillMemory(store, "letter")
memory["before"] = "kept"
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
for work in (
    lambda: [memory.__setitem__(str(n), "x" * 10_000) for n in range(100)],
    lambda: save_document(Path(sys.argv[1]).parent, "letter", "A", "x" * 300_000, datetime.now()),
):
    try:
        work()
    except OsSimError as error:
        print(type(error).__name__, str(error).replace("\\n", "NEWLINE"))
print(memory["before"])
"""


def test_a_disk_that_takes_no_more_is_told_in_one_line(file: Path) -> None:
    child = _python(_LIMITED, str(file))
    out, err = child.communicate(timeout=30)
    store, document, kept = out.splitlines()
    assert store.startswith("StoreError ")
    assert "NEWLINE" not in store
    assert document.startswith("HomeError the letter 'A' could not be saved")
    assert kept == "kept"
    assert err == ""
    assert [path.name for path in file.parent.glob("letter/*")] == []
    with closing(Store(file)) as again:
        assert SkillMemory(again, "letter")["before"] == "kept"


_WRITER = """
import sys
from pathlib import Path
from os_sim.memory.skill_memory import SkillMemory
from os_sim.memory.store import Store
memory = SkillMemory(Store(Path(sys.argv[1])), sys.argv[2])
for number in range(int(sys.argv[3])):
    memory[f"key {number}"] = number
    print(number, flush=True)
"""


def test_two_processes_that_open_a_fresh_home_at_once_both_write(file: Path) -> None:
    children = [_python(_WRITER, str(file), name, "100") for name in ("a", "b", "c")]
    for child in children:
        _, err = child.communicate(timeout=60)
        assert err == ""
    with closing(Store(file)) as store:
        assert [len(SkillMemory(store, name)) for name in ("a", "b", "c")] == [100, 100, 100]


@pytest.mark.parametrize("after", [1, 50, 333])
def test_a_process_killed_between_its_writes_leaves_every_acknowledged_one(
    file: Path, after: int
) -> None:
    child = _python(_WRITER, str(file), "letter", "100000")
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline()) for _ in range(after)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in child.stdout.read().splitlines()]
    child.communicate(timeout=30)
    with closing(Store(file)) as store:
        memory = SkillMemory(store, "letter")
        assert [number for number in acknowledged if memory[f"key {number}"] != number] == []
        assert store.read("PRAGMA integrity_check") == [("ok",)]
        memory["after"] = True
