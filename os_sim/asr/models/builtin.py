"""The model that comes with the program: an archive, unpacked once into the user's cache."""

import hashlib
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from os_sim.asr.models import Model, disk, layout
from os_sim.errors import ModelError


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.toml`, beside the archive, says about it."""

    name: str
    archive: str
    """The archive's file name."""
    sha256: str
    language: str
    description: str
    licence: str
    files: Mapping[str, int]
    """Every file in the archive, and its size in bytes."""


def read_manifest(shipped_dir: Path) -> Manifest:
    """The manifest in the folder `models` that came with the program."""
    path = shipped_dir / "manifest.toml"
    try:
        return Manifest(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as trouble:
        raise ModelError(
            f"The built-in speech model can't be used: {path}: {trouble}. Install os_sim again, "
            "or fetch another model with `os-sim models install`."
        ) from trouble


def unpacked(shipped_dir: Path, cache_dir: Path) -> Model:
    """The built-in model, ready to open; what is missing or damaged is unpacked again.

    Takes about a second the first time, a few stat calls after that.  Several processes may
    call it at once.  ModelError: the archive is damaged, or the cache cannot be written.
    """
    manifest = read_manifest(shipped_dir)
    home = cache_dir / "models" / f"{manifest.name}-{manifest.sha256[:8]}"
    try:
        layout.check_sizes(home, manifest.files)
    except ModelError:
        with disk.writing(home.parent, "the built-in speech model"), disk.workplace(home) as place:
            fresh = place / manifest.name
            _unpack(shipped_dir / manifest.archive, manifest, fresh)
            disk.put_in_place(fresh, home, manifest.files)
    return layout.open_folder(home, manifest.name, "built-in", manifest.language)


def _unpack(archive: Path, manifest: Manifest, into: Path) -> None:
    import tarfile  # 20 ms that only the very first start pays

    if not archive.is_file() or _sha256(archive) != manifest.sha256:
        raise ModelError(
            f"The built-in speech model is damaged: {archive} is missing or not what "
            "manifest.toml says. Install os_sim again."
        )
    with tarfile.open(archive, "r:xz") as tar:
        for member in tar:
            source = tar.extractfile(member)
            if member.name not in manifest.files or source is None:
                continue
            target = into / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
