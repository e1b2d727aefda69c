"""What makes a folder a speech model, checked before libvosk sees it.

libvosk answers a broken model with a bare "Failed to create a model", with a crash at the first
recogniser, or not at all.  Here every file it is going to open is looked at first, and the error
names the file.  The two layouts are those of `Model::ConfigureV1` and `ConfigureV2` in vosk-api's
`src/model.cc`.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from os_sim.asr.models import Model, Origin, disk, fst
from os_sim.errors import ModelError


@dataclass(frozen=True, slots=True)
class Layout:
    """What a checked folder turned out to be."""

    takes_grammar: bool
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Places:
    acoustic: str
    settings: tuple[str, ...]
    features: tuple[str, str]
    """One of the two must be there."""
    graph: str
    boundaries: str
    """May be missing; then words have no times."""


_NEW = _Places(
    acoustic="am/final.mdl",
    settings=("conf/model.conf",),
    features=("conf/mfcc.conf", "conf/fbank.conf"),
    graph="graph/",
    boundaries="graph/phones/word_boundary.int",
)
_OLD = _Places(
    acoustic="final.mdl",
    settings=(),
    features=("mfcc.conf", "fbank.conf"),
    graph="",
    boundaries="word_boundary.int",
)
_PUBLISHED_NAME = re.compile(r"vosk-model-(small-)?(?P<language>[a-z]{2}(-[a-z]{2})?)-")
_IVECTOR = ("final.ie", "final.mat", "final.dubm", "global_cmvn.stats", "online_cmvn.conf")

_ACOUSTIC_END = b"<Priors>"
"""The last token of an acoustic model (Kaldi, `AmNnetSimple::Write`)."""
_ACOUSTIC_TAIL_BYTES = 1 << 20


def looks_like_model(folder: Path) -> bool:
    """Whether the folder is meant to be a model, whole or not."""
    traces = (_NEW.acoustic, _OLD.acoustic, *_NEW.settings)
    return any((folder / trace).exists() for trace in traces)


def open_folder(folder: Path, name: str, origin: Origin, language: str = "") -> Model:
    """The model in `folder`, checked; without a `language`, what the name tells of it."""
    layout = check(folder)
    return Model(
        name=name,
        path=folder,
        origin=origin,
        language=language or language_of(name),
        size_bytes=layout.size_bytes,
        takes_grammar=layout.takes_grammar,
    )


def check(folder: Path) -> Layout:
    """Look at every file libvosk will open; ModelError names the first one that is not right."""
    try:
        if not looks_like_model(folder):
            reason = "is not a speech model" if folder.is_dir() else "is not there"
            raise ModelError(
                f"{folder} {reason}: give the folder that has am/ and conf/ in it, or the name "
                "of a model that `os-sim models` lists."
            )
        return _check_files(folder)
    except OSError as trouble:
        raise ModelError(f"The speech model {folder} can't be read: {trouble.strerror}.") from None


def check_sizes(folder: Path, sizes: Mapping[str, int]) -> None:
    """Compare with the sizes in bytes that are on record; one stat call a file."""
    for file, expected in sizes.items():
        try:
            actual = (folder / file).stat().st_size
        except OSError:
            raise broken(folder, file, "is missing") from None
        if actual != expected:
            raise broken(folder, file, f"has {actual:,} bytes instead of {expected:,}")


def broken(folder: Path, file: str, how: str) -> ModelError:
    """The error that says which file of a model is wrong, and how."""
    return ModelError(
        f"The speech model in {folder} is broken: {file} {how}. Install it again, or choose "
        "another under [listening] model; `os-sim models` lists them."
    )


def language_of(name: str) -> str:
    """`en-us` for `vosk-model-small-en-us-0.15`; empty for a name of another form."""
    match = _PUBLISHED_NAME.match(name)
    return match["language"] if match else ""


def _check_files(folder: Path) -> Layout:
    old = (folder / _OLD.acoustic).exists() and not (folder / _NEW.acoustic).exists()
    places = _OLD if old else _NEW
    for file in _required(folder, places):
        _check_file(folder, file)
    static = (folder / places.graph / "HCLG.fst").exists()
    return Layout(takes_grammar=not static, size_bytes=sum(disk.sizes(folder).values()))


def _required(folder: Path, places: _Places) -> Iterator[str]:
    yield places.acoustic
    yield from places.settings
    mfcc, fbank = places.features
    yield fbank if (folder / fbank).exists() and not (folder / mfcc).exists() else mfcc
    yield from _graph(folder, places.graph)
    if (folder / places.boundaries).exists():
        yield places.boundaries
    if (folder / "ivector").is_dir():
        yield from (f"ivector/{file}" for file in (*_IVECTOR, "splice.conf"))
    if (folder / "rescore/G.carpa").exists():
        yield from ("rescore/G.carpa", "rescore/G.fst")


def _graph(folder: Path, prefix: str) -> Iterator[str]:
    words_in = f"{prefix}HCLG.fst"
    if not (folder / words_in).exists():
        yield from (f"{prefix}HCLr.fst", f"{prefix}disambig_tid.int")
        words_in = f"{prefix}Gr.fst"
    yield words_in
    if not fst.carries_words(folder / words_in):  # checked by the time this line is reached
        yield f"{prefix}words.txt"


def _check_file(folder: Path, file: str) -> None:
    path = folder / file
    try:
        if path.stat().st_size == 0:
            raise broken(folder, file, "is empty")
        if not _is_whole(path):
            raise broken(folder, file, "is cut short")
    except FileNotFoundError:
        raise broken(folder, file, "is missing") from None


def _is_whole(path: Path) -> bool:
    match path.suffix:
        case ".fst":
            return fst.is_whole(path)
        case ".mdl":
            return _ACOUSTIC_END in _tail(path, _ACOUSTIC_TAIL_BYTES)
        case ".int" | ".txt":  # written line by line, so a whole one ends with a line end
            return _tail(path, 1) == b"\n"
    return True


def _tail(path: Path, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(length, path.stat().st_size), os.SEEK_END)
        return file.read()
