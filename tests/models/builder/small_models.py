"""Builds small models as their user does.

In a process of its own: OpenFst is in kaldifst and in libvosk, and one process can have only one.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
KNOWN = (
    "play a song next stop louder pause resume "  # there are recordings of these
    "two to too read tomato or oh"  # homophones, several pronunciations, words of one phone
).split()
SPELLED = {
    "melan": "M EH L AH N K AA L IY",  # melancholy, as the recordings have it
    "awe": "AO",
}


def build(folder: Path, layout: str) -> Path:
    """A model of the words above."""
    lines = [*KNOWN, *(f"{word} {phones}" for word, phones in SPELLED.items())]
    words = folder.with_suffix(".txt")
    words.write_text("\n".join(lines), encoding="utf-8")
    options = ["--words", str(words), "--layout", layout, "--into", str(folder)]
    done = run(*options)
    assert done.returncode == 0, done.stderr
    return folder


def run(*options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "models.builder", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, cwd=ROOT)
