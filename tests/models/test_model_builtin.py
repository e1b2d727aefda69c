"""The built-in model is unpacked once, and put right whenever it is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from os_sim.asr.models import Model, disk, layout
from os_sim.asr.models.builtin import read_manifest, unpacked
from os_sim.errors import ModelError
from os_sim.resources import shipped
from tests.models.making import dynamic_model, packed, write

UNPACK_MANY = """
import sys
from pathlib import Path
from os_sim.asr.models.builtin import unpacked
print("ready", flush=True)
sys.stdin.readline()
for cache in sys.argv[2:]:
    unpacked(Path(sys.argv[1]), Path(cache))
"""

UNPACK_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from os_sim.asr.models.builtin import unpacked
from os_sim.errors import ModelError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    unpacked(Path(sys.argv[1]), Path(sys.argv[2]))
except ModelError as error:
    print(error)
"""


def test_the_shipped_archive_holds_what_its_manifest_says(built_in: Model) -> None:
    manifest = read_manifest(shipped("models"))
    assert disk.sizes(built_in.path) == dict(manifest.files)
    assert built_in.name == "os1-en"
    assert built_in.origin == "built-in"
    assert built_in.takes_grammar
    assert "Redistribution" in (built_in.path / "NOTICE").read_text()


def test_packing_the_same_files_twice_gives_the_same_bytes(
    tmp_path: Path, small_shipped: Path
) -> None:
    folder = write(tmp_path / "small-en", dynamic_model())
    again = packed(folder, tmp_path / "again")
    for file in ("manifest.toml", "small-en.tar.xz"):
        assert (again / file).read_bytes() == (small_shipped / file).read_bytes()


def test_what_is_unpacked_is_what_was_packed(tmp_path: Path, small_shipped: Path) -> None:
    model = unpacked(small_shipped, tmp_path)
    for name, data in dynamic_model().items():
        assert (model.path / name).read_bytes() == data


def test_a_second_start_unpacks_nothing(tmp_path: Path, small_shipped: Path) -> None:
    first = unpacked(small_shipped, tmp_path)
    inodes = {path: path.stat().st_ino for path in first.path.rglob("*")}
    assert unpacked(small_shipped, tmp_path) == first
    assert {path: path.stat().st_ino for path in first.path.rglob("*")} == inodes


@pytest.mark.parametrize("damage", ["missing", "cut short", "folder missing", "everything missing"])
def test_a_damaged_copy_is_repaired(tmp_path: Path, small_shipped: Path, damage: str) -> None:
    path = unpacked(small_shipped, tmp_path).path
    graph = path / "graph/HCLr.fst"
    match damage:
        case "missing":
            graph.unlink()
        case "cut short":
            os.truncate(path / "graph/words.txt", 8)  # at the end of a line
        case "folder missing":
            graph.parent.rename(tmp_path / "elsewhere")
        case "everything missing":
            path.rename(tmp_path / "elsewhere")
            path.mkdir()
    unpacked(small_shipped, tmp_path)
    layout.check_sizes(path, read_manifest(small_shipped).files)


def test_processes_that_unpack_at_once_do_not_disturb_each_other(
    tmp_path: Path, small_shipped: Path
) -> None:
    caches = [tmp_path / str(number) for number in range(12)]
    for cache in caches[::2]:  # every other one is there already, but damaged
        (unpacked(small_shipped, cache).path / "graph/words.txt").unlink()
    command = [sys.executable, "-c", UNPACK_MANY, str(small_shipped), *map(str, caches)]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, complaints = process.communicate(timeout=30)
        assert (process.returncode, complaints) == (0, "")
    for cache in caches:
        (home,) = (cache / "models").iterdir()  # and nothing temporary beside it
        layout.check_sizes(home, read_manifest(small_shipped).files)


def test_what_a_killed_process_left_behind_is_cleared_away(
    tmp_path: Path, small_shipped: Path
) -> None:
    old, young = tmp_path / "models/.making-old", tmp_path / "models/.making-young"
    write(old, {"am/final.mdl": b"half of it"})
    write(young, {"am/final.mdl": b"half of it"})
    os.utime(old, (0, 0))
    unpacked(small_shipped, tmp_path)
    assert not old.exists()
    assert young.exists()  # its owner may still be at work


def test_a_cache_that_cannot_be_written_is_said_in_one_line(
    tmp_path: Path, small_shipped: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="Can't write the built-in speech model to") as error:
        unpacked(small_shipped, tmp_path / "cache")
    assert "--home" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_full_disk_leaves_nothing_half_unpacked(tmp_path: Path, small_shipped: Path) -> None:
    command = [sys.executable, "-c", UNPACK_ON_A_FULL_DISK, str(small_shipped), str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert result.stdout.startswith("Can't write the built-in speech model to"), result.stderr
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("damage", ["cut short", "missing"])
def test_a_damaged_archive_is_not_unpacked(tmp_path: Path, damage: str) -> None:
    folder = packed(write(tmp_path / "small-en", dynamic_model()), tmp_path / "models")
    archive = folder / "small-en.tar.xz"
    os.truncate(archive, 1000)
    if damage == "missing":
        archive.unlink()
    with pytest.raises(ModelError, match="Install os_sim again"):
        unpacked(folder, tmp_path / "cache")


def test_without_a_manifest_the_error_says_what_else_can_be_done(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="os-sim models install"):
        unpacked(tmp_path, tmp_path / "cache")
