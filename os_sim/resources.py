"""Where the data that comes with the program lies: voices, skills, the built-in model.

In a checkout these are the folders beside the package; in a wheel they travel inside it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(kind: str) -> Path:
    """The folder `voices`, `skills` or `models` that came with this installation."""
    inside = _PACKAGE / "data" / kind
    return inside if inside.is_dir() else _PACKAGE.parent / kind
