"""The models in the user's data folder: one folder each, with a record of what was installed."""

import json
from pathlib import Path

from os_sim.asr.models import Model, layout

RECORD = "os-sim.json"
"""The record beside the model's files: `language`, and `files` with their sizes in bytes."""


def models_dir(data_dir: Path) -> Path:
    """Where installed models lie."""
    return data_dir / "models"


def installed_names(data_dir: Path) -> tuple[str, ...]:
    """The names of the installed models, broken ones too."""
    folder = models_dir(data_dir)
    if not folder.is_dir():
        return ()
    names = (path.name for path in folder.iterdir() if path.is_dir())
    return tuple(sorted(name for name in names if not name.startswith(".")))


def open_installed(name: str, data_dir: Path) -> Model:
    """The installed model, checked; ModelError says what is wrong with it."""
    home = models_dir(data_dir) / name
    try:
        record = json.loads((home / RECORD).read_text(encoding="utf-8"))
        language, files = str(record["language"]), dict(record["files"])
    except FileNotFoundError:  # put there by hand
        return layout.open_folder(home, name, "installed")
    except (OSError, ValueError, KeyError, TypeError):
        raise layout.broken(home, RECORD, "can't be read") from None
    layout.check_sizes(home, files)
    return layout.open_folder(home, name, "installed", language)
