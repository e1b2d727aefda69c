"""Speech models: the built-in one, those installed on request, those vosk's own tools fetched.

A model is a folder that libvosk can open.  `find` says which one is used, `install` fetches
another from its publisher, `table` lists them all.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Origin = Literal["built-in", "installed", "found"]


@dataclass(frozen=True, slots=True)
class Model:
    """A folder that has been checked and that libvosk can open."""

    name: str
    path: Path
    origin: Origin
    """Came with the program, was installed by it, or lay elsewhere on this machine."""
    language: str
    """Such as `en-us`; empty if nothing tells it."""
    size_bytes: int
    takes_grammar: bool
    """Whether it can be told at run time what will be said; a static graph cannot."""
