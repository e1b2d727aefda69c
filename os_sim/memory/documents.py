"""The user's documents: letters and lists as text files that any program can open."""

import os
import re
from datetime import datetime
from pathlib import Path

from os_sim.errors import HomeError

MAX_NAME = 80
"""Characters of a title that go into a file's name: every file system takes these many."""


def save_document(folder: Path, kind: str, title: str, text: str, now: datetime) -> Path:
    """Write the text to a file of its own, whole or not at all; raises HomeError."""
    import tempfile  # and with it shutil and its archive formats: 5 ms that few runs need

    shelf = folder / kind
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=shelf, prefix=".", suffix=".txt")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
                file.write(text.rstrip() + "\n")
                file.flush()
                os.fsync(file.fileno())
            return _place(Path(temporary), shelf, f"{now:%Y-%m-%d} {_file_name(title)}")
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise HomeError(
            f"the {kind} '{title}' could not be saved in {shelf} ({error.strerror}); "
            "free some space or choose another home, and say it again"
        ) from None


def _place(temporary: Path, shelf: Path, name: str) -> Path:
    """Give the finished file its name; a second one of the same name gets a number."""
    number = 1
    while True:
        target = shelf / (f"{name}.txt" if number == 1 else f"{name} ({number}).txt")
        try:
            target.touch(exist_ok=False)  # claims the name, also against another process
        except FileExistsError:
            number += 1
            continue
        temporary.replace(target)
        return target


def _file_name(title: str) -> str:
    plain = re.sub(r'[\x00-\x1f<>:"/\\|?*]+', " ", title)
    return " ".join(plain.split())[:MAX_NAME].rstrip(". ") or "untitled"
