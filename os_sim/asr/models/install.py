"""Installing a published model, and removing it again."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from os_sim.asr.models import Model, catalog, disk, layout
from os_sim.asr.models.catalog import Entry
from os_sim.asr.models.download import PAUSES_S, download
from os_sim.asr.models.installed import RECORD, installed_names, models_dir, open_installed
from os_sim.asr.models.progress import Progress, quiet
from os_sim.asr.models.unpack import unzip
from os_sim.errors import ModelError, UsageError


def install(
    name: str,
    *,
    list_url: str,
    data_dir: Path,
    cache_dir: Path,
    progress: Progress = quiet,
    pauses_s: Sequence[float] = PAUSES_S,
) -> Model:
    """Fetch the model `name` from its publisher, check it, and put it in place in one step.

    What is installed and whole is returned at once, without a connection.  An interrupted
    download goes on where it stopped.  Blocks until done; UsageError: no such name;
    ModelError: it could not be fetched, is not what was announced, or there is no room.
    """
    if name in installed_names(data_dir):
        try:
            return open_installed(name, data_dir)
        except ModelError:
            pass  # broken: installing it again is the cure
    entry = catalog.pick(name, catalog.fetch(list_url, cache_dir))
    archive = cache_dir / "downloads" / f"{entry.name}.zip"
    with disk.writing(archive.parent, f"the download of {name}"):
        archive.parent.mkdir(parents=True, exist_ok=True)
        _fetch(entry, archive, progress, pauses_s)
    home = models_dir(data_dir) / entry.name
    with disk.writing(home.parent, f"the speech model {name}"), disk.workplace(home) as place:
        _unpack(entry, archive, place, home, progress)
    archive.unlink(missing_ok=True)
    return open_installed(name, data_dir)


def remove(name: str, data_dir: Path) -> None:
    """Remove an installed model; UsageError if none of that name is installed."""
    names = installed_names(data_dir)
    if name not in names:
        there = f"Installed: {', '.join(names)}." if names else "None is installed."
        raise UsageError(f"No speech model called {name!r} is installed. {there}")
    home = models_dir(data_dir) / name
    with disk.writing(home.parent, f"the removal of {name}"), disk.workplace(home) as place:
        home.rename(place / name)  # gone in one step; its files go with the workplace


def _fetch(entry: Entry, archive: Path, progress: Progress, pauses_s: Sequence[float]) -> None:
    """Bring `archive` here, with the checksum that was announced."""
    resumed = archive.exists() and archive.stat().st_size > 0
    download(entry.url, archive, entry.size_bytes, progress=progress, pauses_s=pauses_s)
    progress("Checking", entry.size_bytes, entry.size_bytes)
    if _md5(archive) == entry.md5:
        return
    archive.unlink()
    if not resumed:
        raise ModelError(
            f"What {entry.url} sent is not the model that was announced: its checksum differs. "
            "It was thrown away; try again later."
        )
    _fetch(entry, archive, progress, pauses_s)  # the earlier part may have been of another file


def _unpack(entry: Entry, archive: Path, place: Path, home: Path, progress: Progress) -> None:
    """Unpack into `place`, check what came out, and move it to `home`."""
    try:
        unzip(archive, place, progress=progress)
        fresh = _model_root(place)
        layout.check(fresh)
    except ModelError:
        archive.unlink(missing_ok=True)  # it will not get better by being kept
        raise
    files = disk.sizes(fresh)
    record = {"language": entry.language, "md5": entry.md5, "url": entry.url, "files": files}
    (fresh / RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
    disk.put_in_place(fresh, home, (*files, RECORD))


def _model_root(place: Path) -> Path:
    """Published archives hold one folder with the model in it."""
    inside = list(place.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else place


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest()
