"""The models of this machine and those that could be installed, as rows and as text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from os_sim.asr.models import Origin, builtin, layout
from os_sim.asr.models.catalog import Entry
from os_sim.asr.models.find import Location, locate, locations
from os_sim.asr.models.installed import open_installed
from os_sim.errors import ModelError


@dataclass(frozen=True, slots=True)
class Row:
    """One model."""

    name: str
    origin: Origin | Literal["known"]
    """`known`: published, not on this machine."""
    language: str
    size_bytes: int
    """On the disk; of a known one, to download."""
    in_use: bool
    note: str
    """What is wrong with it, or worth knowing."""


def models_table(
    wanted: str,
    *,
    data_dir: Path,
    published: Sequence[Entry] = (),
    shipped_dir: Path | None = None,
) -> tuple[Row, ...]:
    """Every model there is; `wanted` is the configured one, `published` comes from `catalog`.

    Unpacks nothing and connects to nothing.
    """
    try:
        used = locate(wanted, data_dir=data_dir, shipped_dir=shipped_dir)
    except ModelError:
        used = None
    places = list(locations(data_dir=data_dir, shipped_dir=shipped_dir))
    if used and used not in places:  # configured by its path
        places.append(used)
    here = [_row_here(place, place == used, data_dir) for place in places]
    return (*here, *_rows_published(published, {row.name for row in here}))


def format_table(rows: Sequence[Row]) -> str:
    """The rows as lines in columns; the one in use is marked with `*`."""
    cells = [("", "NAME", "ORIGIN", "LANGUAGE", "SIZE", "")]
    cells += [
        (
            "*" if row.in_use else "",
            row.name,
            row.origin,
            row.language or "?",
            f"{row.size_bytes / 1e6:,.0f} MB" if row.size_bytes else "?",
            row.note,
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in cells
    )
    return "\n".join(line.rstrip() for line in lines)


def _row_here(place: Location, in_use: bool, data_dir: Path) -> Row:
    if place.origin == "built-in":
        manifest = builtin.read_manifest(place.path)
        size = sum(manifest.files.values())
        return Row(manifest.name, "built-in", manifest.language, size, in_use, "")
    try:
        if place.origin == "installed":
            model = open_installed(place.name, data_dir)
        else:
            model = layout.open_folder(place.path, place.name, "found")
    except ModelError as trouble:
        language = layout.language_of(place.name)
        return Row(place.name, place.origin, language, 0, in_use, str(trouble))
    note = "" if model.takes_grammar else "takes no grammar: hears sentences less surely"
    return Row(model.name, model.origin, model.language, model.size_bytes, in_use, note)


def _rows_published(published: Sequence[Entry], here: set[str]) -> Iterator[Row]:
    for entry in published:
        if entry.name not in here and not entry.obsolete:
            name, size = entry.name, entry.size_bytes
            yield Row(name, "known", entry.language, size, False, entry.language_name)
