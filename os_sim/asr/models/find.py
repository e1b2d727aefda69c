"""Which model is used: a name or a path becomes a checked model.

A name is looked for among the installed models, then where vosk itself looks, then it may be the
built-in one's.  Without a name the built-in model is used: installing another language does not
change what the OS hears until the configuration says so.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from os_sim.asr.models import Model, Origin, builtin, layout
from os_sim.asr.models.installed import installed_names, models_dir, open_installed
from os_sim.errors import ModelError
from os_sim.resources import shipped


@dataclass(frozen=True, slots=True)
class Location:
    """Where a model should be; nothing has been opened yet."""

    name: str
    origin: Origin
    path: Path


def find(wanted: str, *, data_dir: Path, cache_dir: Path, shipped_dir: Path | None = None) -> Model:
    """The model to open for `wanted`: a name, a path, or empty for the built-in one.

    Blocks for a second when the built-in model is unpacked for the first time.  ModelError: no
    such model, or something is wrong with it.
    """
    place = locate(wanted, data_dir=data_dir, shipped_dir=shipped_dir)
    match place.origin:
        case "built-in":
            return builtin.unpacked(place.path, cache_dir)
        case "installed":
            return open_installed(place.name, data_dir)
        case "found":
            return layout.open_folder(place.path, place.name, "found")


def locate(wanted: str, *, data_dir: Path, shipped_dir: Path | None = None) -> Location:
    """Where the model for `wanted` is; ModelError if there is none of that name."""
    if wanted and Path(wanted).expanduser().name != wanted:  # more than a bare name
        path = Path(wanted).expanduser().absolute()
        return Location(path.name, "found", path)
    places = list(locations(data_dir=data_dir, shipped_dir=shipped_dir))
    for place in places:
        if place.name == wanted or (not wanted and place.origin == "built-in"):
            return place
    names = [place.name for place in places]
    near = get_close_matches(wanted, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There is: {', '.join(names) or 'none'}."
    raise ModelError(
        f"There is no speech model {wanted or 'built in'!r} on this machine. {hint} "
        f"`os-sim models install {wanted or 'NAME'}` fetches a published one."
    )


def locations(*, data_dir: Path, shipped_dir: Path | None = None) -> Iterator[Location]:
    """Every model on this machine, whole or not, in the order in which names are looked for."""
    for name in installed_names(data_dir):
        yield Location(name, "installed", models_dir(data_dir) / name)
    for path in _found():
        yield Location(path.name, "found", path)
    folder = shipped_dir or shipped("models")
    if (folder / "manifest.toml").exists():
        yield Location(builtin.read_manifest(folder).name, "built-in", folder)


def _found() -> Iterator[Path]:
    """Models in the folders vosk looks in (`MODEL_DIRS` in its Python package)."""
    given = os.environ.get("VOSK_MODEL_PATH")
    home = Path.home()
    folders = [Path("/usr/share/vosk"), home / "AppData/Local/vosk", home / ".cache/vosk"]
    for folder in [Path(given), *folders] if given else folders:
        yield from _models_in(folder)


def _models_in(folder: Path) -> list[Path]:
    try:
        if layout.looks_like_model(folder):  # the variable is often set to a model itself
            return [folder]
        return [path for path in sorted(folder.iterdir()) if layout.looks_like_model(path)]
    except OSError:  # missing, not a folder, or not for us to read: nothing is found there
        return []
