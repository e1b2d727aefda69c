"""The publisher's list of models: fetched on request, and remembered for when there is no net.

The list is one JSON array.  Of each model it gives `name`, `lang`, `lang_text`, `type` (`small`,
`big`, `big-lgraph`; `spk` and `tts` are no speech recognition models), `url`, `size` and `md5` of
the zip archive, and `obsolete` as the text "true" or "false".  The checksum comes by the same way
as the list, so it tells a damaged download, not a forged one; what protects is https.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

from os_sim.asr.models import disk
from os_sim.asr.models.download import BrokenOffError, open_url, read
from os_sim.errors import ModelError, UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
"""What may become the name of a folder."""
_MD5 = re.compile(r"[0-9a-f]{32}")
_OTHER_KINDS = frozenset({"spk", "tts"})
_LIST_AT_MOST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A published model."""

    name: str
    language: str
    """Such as `en-us`."""
    language_name: str
    kind: str
    """`small` and `big-lgraph` take a grammar at run time, `big` does not."""
    size_bytes: int
    """Of the archive."""
    md5: str
    url: str
    obsolete: bool


def fetch(list_url: str, cache_dir: Path) -> tuple[Entry, ...]:
    """The list as it is now, over the network; a copy is remembered in the cache."""
    try:
        with open_url(list_url) as answer:
            text = _read_all(answer)
        entries = _parse(text)
    except (BrokenOffError, ValueError) as trouble:
        raise ModelError(
            f"Can't get the list of speech models from {list_url}: {trouble}. "
            "Are you online? What is installed works without."
        ) from trouble
    with disk.writing(cache_dir, "the list of speech models"):
        copy = _copy(cache_dir)
        copy.parent.mkdir(parents=True, exist_ok=True)
        fresh = copy.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(text)
        fresh.replace(copy)
    return entries


def remembered(cache_dir: Path) -> tuple[Entry, ...]:
    """The list as it was when last fetched, without any connection; empty if there is none."""
    try:
        return _parse(_copy(cache_dir).read_bytes())
    except (OSError, ValueError):
        return ()


def known(list_url: str, cache_dir: Path) -> tuple[tuple[Entry, ...], str]:
    """The list, fetched if possible, and a line about it if it is only the remembered one.

    ModelError if there is neither.
    """
    try:
        return fetch(list_url, cache_dir), ""
    except ModelError as trouble:
        if not (entries := remembered(cache_dir)):
            raise
        return entries, f"{trouble} This is the list as last seen."


def pick(name: str, entries: Sequence[Entry]) -> Entry:
    """The model of that name; UsageError offers the nearest ones."""
    for entry in entries:
        if entry.name == name:
            return entry
    current = [entry.name for entry in entries if not entry.obsolete]
    near = get_close_matches(name, current, n=3, cutoff=0.4)
    hint = (
        f"Did you mean {' or '.join(near)}?" if near else "`os-sim models list --known` shows all."
    )
    raise UsageError(f"No speech model is called {name!r}. {hint}")


def _read_all(answer: HTTPResponse) -> bytes:
    blocks = b""
    while block := read(answer, _LIST_AT_MOST_BYTES):
        blocks += block
        if len(blocks) > _LIST_AT_MOST_BYTES:
            raise ValueError(f"more than {_LIST_AT_MOST_BYTES:,} bytes")
    return blocks


def _parse(text: bytes) -> tuple[Entry, ...]:
    records = json.loads(text)
    if not isinstance(records, list):
        raise ValueError("not a list")
    return tuple(_entries(records))


def _entries(records: list[Any]) -> Iterator[Entry]:
    """What can be used; one odd record does not spoil the list."""
    for record in records:
        try:
            entry = Entry(
                name=str(record["name"]),
                language=str(record["lang"]),
                language_name=str(record["lang_text"]),
                kind=str(record["type"]),
                size_bytes=int(record["size"]),
                md5=str(record["md5"]).lower(),
                url=str(record["url"]),
                obsolete=str(record["obsolete"]).lower() == "true",
            )
            usable = _NAME.fullmatch(entry.name) and _MD5.fullmatch(entry.md5)
        except (KeyError, TypeError, ValueError):
            continue
        if usable and entry.kind not in _OTHER_KINDS:
            yield entry


def _copy(cache_dir: Path) -> Path:
    return cache_dir / "models" / "published.json"
