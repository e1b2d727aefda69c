"""Folders that appear whole or not at all, and one clear line for what a disk refuses."""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from os_sim.errors import ModelError

ABANDONED_AFTER_S = 3600.0
"""A temporary folder this old was left by a process that was killed."""
_PREFIX = ".making-"


@contextmanager
def writing(folder: Path, what: str) -> Iterator[None]:
    """Raise ModelError for an OSError inside: `what` could not be written to `folder`, and why."""
    try:
        yield
    except OSError as trouble:
        reason = trouble.strerror or str(trouble)
        raise ModelError(
            f"Can't write {what} to {folder}: {reason}. "
            "Make room or make it writable there, or choose another home with --home."
        ) from trouble


@contextmanager
def workplace(home: Path) -> Iterator[Path]:
    """An empty folder beside `home` to build its content in; gone again at the end."""
    home.parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(home.parent)
    place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home.parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def put_in_place(fresh: Path, home: Path, files: Iterable[str]) -> None:
    """Make `fresh` into `home` in one step; repair a `home` that is there already, file by file.

    Every step is atomic and `home` never goes away, so that several processes may do this at
    once, and one that is reading meanwhile finds each file either as it was or whole.
    """
    try:
        fresh.rename(home)
    except OSError:
        for file in files:
            (home / file).parent.mkdir(parents=True, exist_ok=True)
            (fresh / file).replace(home / file)


def sizes(folder: Path) -> dict[str, int]:
    """The size in bytes of every file below `folder`, by its path with forward slashes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _clear_abandoned(folder: Path) -> None:
    for place in folder.glob(f"{_PREFIX}*"):
        try:
            age_s = time.time() - place.stat().st_mtime
        except FileNotFoundError:  # its owner has just finished with it
            continue
        if age_s > ABANDONED_AFTER_S:
            shutil.rmtree(place, ignore_errors=True)
