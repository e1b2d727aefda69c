"""Reads the acoustic model that comes with PocketSphinx: US English, phonetically tied mixtures.

Each of the 42 base phones owns a codebook of 128 diagonal Gaussians per stream (cepstra, their
differences, the differences of those); a *senone*, a tied state of a triphone, is three rows of
mixture weights over the codebooks of its base phone.  Files, with where PocketSphinx reads them:

    mdef                  phones, triphones, senones   src/bin_mdef.c, bin_mdef_read
    means, variances      the Gaussians                src/ms_gauden.c, gauden_param_read
    transition_matrices   of each base phone           src/tmat.c, tmat_init
    sendump               mixture weights, 8 bits      src/ptm_mgau.c, read_sendump
    noisedict             words that are no speech     src/dict.c
    feat.params           settings of the front end    src/acmod.c, acmod_init

All numbers are little-endian, as the wheel has them.
"""

import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.builder import BuildError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LOG_BASE = 1.0001
"""Sphinx keeps probabilities as whole logarithms to this base (include/pocketsphinx/logmath.h)."""
_SENDUMP_SHIFT = 10
"""The bits that `sendump` leaves away from them (SENSCR_SHIFT in src/hmm.h)."""
_BYTE_ORDER = 0x11223344


class Position(IntEnum):
    """Where in its word a phone stands, numbered as in `mdef` (include word_posn_t)."""

    INTERNAL = 0
    BEGIN = 1
    END = 2
    SINGLE = 3


@dataclass(frozen=True)
class Definition:
    """What `mdef` says: which states the phones consist of."""

    phones: tuple[str, ...]
    """The base phones' names."""
    fillers: frozenset[int]
    """Base phones that are no speech: noises and silence."""
    silence: int
    """The base phone that stands for every filler as context."""
    matrices: tuple[int, ...]
    """Row of `transition_matrices` by base phone."""
    sequences: Ints
    """[sequence, state] = senone."""
    base_sequences: tuple[int, ...]
    """Sequence by base phone, for use without context."""
    triphones: Ints
    """[position, base phone, left, right] = sequence; -1: not seen in training."""
    codebooks: Ints
    """[senone] = the base phone whose Gaussians it weighs."""


@dataclass(frozen=True)
class SphinxModel:
    """Everything in the folder that the sound of a phone depends on."""

    definition: Definition
    means: Floats
    """[codebook, stream, Gaussian, 13]."""
    variances: Floats
    """[codebook, stream, Gaussian, 13], as estimated: floors are up to who evaluates them."""
    weights: Floats
    """[stream, senone, Gaussian]; a row sums to 0.91 to 0.99 for having been rounded."""
    transitions: Floats
    """[base phone, from state, to state]; each row sums to one, the last state is the exit."""
    noise_words: Mapping[str, str]
    """Words that are no speech, with their phone."""
    settings: Mapping[str, str]
    """Front end and feature settings by name, without their dash."""


def wheel_folder() -> Path:
    """The acoustic model inside the installed `pocketsphinx` package."""
    found = importlib.util.find_spec("pocketsphinx")
    if found is None or found.origin is None:
        raise BuildError(
            "the package pocketsphinx is missing: install it with pip install pocketsphinx==5.1.1"
        )
    return Path(found.origin).parent / "model/en-us/en-us"


def read(folder: Path) -> SphinxModel:
    """The model in `folder`; BuildError names a file that is missing or damaged."""
    definition = read_definition(folder / "mdef")
    by_matrix = read_transitions(folder / "transition_matrices")
    if max(definition.matrices) >= len(by_matrix):
        raise _damaged(folder / "transition_matrices", "it has too few matrices")
    means = read_gaussians(folder / "means")
    return SphinxModel(
        definition=definition,
        means=means,
        variances=read_gaussians(folder / "variances"),
        weights=read_weights(
            folder / "sendump", means.shape[1], means.shape[2], len(definition.codebooks)
        ),
        transitions=by_matrix[list(definition.matrices)],
        noise_words=_read_pairs(folder / "noisedict"),
        settings={name.lstrip("-"): v for name, v in _read_pairs(folder / "feat.params").items()},
    )


def read_definition(file: Path) -> Definition:
    """`mdef`: magic, version, a description in words, ten counts, then the tables."""
    reader = _Reader(file)
    if reader.take(4) != b"BMDF":
        raise _damaged(file, "it is not a binary model definition")
    reader.ints(1)  # version
    reader.take(reader.ints(1)[0])
    phones, all_phones, states, _, senones, _, sequences, _, tree_nodes, silence = reader.ints(10)
    names = [reader.text() for _ in range(phones)]
    reader.align(4)
    reader.take(8 * tree_nodes)  # an index of the triphones; they are all listed below
    record = np.dtype([("sequence", "<i4"), ("matrix", "<i4"), ("about", "u1", 4)])
    listed = reader.array(record, all_phones)
    reader.ints(1)  # how many senones follow
    table = reader.array(np.dtype("<u2"), sequences * states).reshape(sequences, states)
    if table.size == 0 or table.max() >= senones or listed["sequence"].max() >= sequences:
        raise _damaged(file, "its tables do not fit together")
    bases, triphones = listed[:phones], listed[phones:]
    place, base, left, right = triphones["about"].T.astype(np.intp)
    if place.max() >= len(Position) or max(base.max(), left.max(), right.max()) >= phones:
        raise _damaged(file, "its tables do not fit together")
    seen = np.full((len(Position), phones, phones, phones), -1, np.int64)
    seen[place, base, left, right] = triphones["sequence"]
    codebooks = np.full(senones, -1, np.int64)
    codebooks[table[bases["sequence"]]] = np.arange(phones)[:, None]
    codebooks[table[triphones["sequence"]]] = base[:, None]
    if codebooks.min() < 0:
        raise _damaged(file, "some senones belong to no phone")
    return Definition(
        phones=tuple(names),
        fillers=frozenset(np.flatnonzero(bases["about"][:, 0]).tolist()),
        silence=silence,
        matrices=tuple(bases["matrix"].tolist()),
        sequences=table.astype(np.int64),
        base_sequences=tuple(bases["sequence"].tolist()),
        triphones=seen,
        codebooks=codebooks,
    )


def read_gaussians(file: Path) -> Floats:
    """`means` or `variances`: [codebook, stream, Gaussian, 13]; the streams are equally wide."""
    reader = _open_s3(file)
    codebooks, streams, gaussians = reader.ints(3)
    widths = reader.ints(streams)
    count = reader.ints(1)[0]
    if len(set(widths)) != 1 or count != codebooks * gaussians * sum(widths):
        raise _damaged(file, "its sizes do not fit together")
    values = reader.array(np.dtype("<f4"), count).astype(np.float64)
    return values.reshape(codebooks, streams, gaussians, widths[0])


def read_transitions(file: Path) -> Floats:
    """`transition_matrices`: [matrix, from, to]; counts in the file, probabilities here."""
    reader = _open_s3(file)
    matrices, sources, targets, count = reader.ints(4)
    if count != matrices * sources * targets:
        raise _damaged(file, "its sizes do not fit together")
    counts = reader.array(np.dtype("<f4"), count).astype(np.float64)
    counts = counts.reshape(matrices, sources, targets)
    totals = counts.sum(-1, keepdims=True)
    if not (np.isfinite(totals).all() and (counts >= 0).all() and (totals > 0).all()):
        raise _damaged(file, "a state has no way out")
    return _summing_to_one(counts)


def read_weights(file: Path, streams: int, gaussians: int, senones: int) -> Floats:
    """`sendump`: [stream, senone, Gaussian]; bytes q mean weights of 1.0001 ** (-1024 q).

    A header of counted strings, ended by an empty one, comes first.  As in PocketSphinx, rows are
    not brought to a sum of one again: what is 256 different numbers compresses well.
    """
    reader = _Reader(file)
    while (length := reader.ints(1)[0]) > 0:
        text = reader.take(length)
        if text.startswith(b"cluster_count") and text.split()[1].rstrip(b"\0") != b"0":
            raise _damaged(file, "its weights are clustered, which is not understood here")
    rows, columns = reader.ints(2)
    if rows != gaussians or columns < senones:
        raise _damaged(file, "it does not fit the other files")
    stored = reader.array(np.dtype("u1"), streams * rows * columns)
    stored = stored.reshape(streams, rows, columns)[:, :, :senones].transpose(0, 2, 1)
    logs = -stored.astype(np.float64) * (1 << _SENDUMP_SHIFT) * np.log(_LOG_BASE)
    return np.asarray(np.exp(logs), np.float64)


def _summing_to_one(rows: Floats) -> Floats:
    return np.asarray(rows / rows.sum(-1, keepdims=True), np.float64)


class _Reader:
    """The bytes of a file, taken one after the other."""

    def __init__(self, file: Path) -> None:
        try:
            self._data = file.read_bytes()
        except OSError as error:
            raise BuildError(
                f"{file} cannot be read ({error.strerror}): install pocketsphinx==5.1.1 again"
            ) from None
        self._file = file
        self._at = 0

    def take(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        if count < 0 or self._at > len(self._data):
            raise _damaged(self._file, "it ends too early")
        return self._data[start : self._at]

    def ints(self, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{max(count, 0)}i", self.take(4 * count))

    def array(self, kind: np.dtype[Any], count: int) -> NDArray[Any]:
        return np.frombuffer(self.take(kind.itemsize * count), kind)

    def text(self) -> str:
        """Up to the next zero byte."""
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise _damaged(self._file, "it ends too early")
        return self.take(end + 1 - self._at)[:-1].decode("ascii", "replace")

    def align(self, unit: int) -> None:
        self.take(-self._at % unit)

    def rest(self) -> bytes:
        return self._data[self._at :]


def _open_s3(file: Path) -> _Reader:
    """A file of the "s3" family behind its header, its checksum compared (src/util/bio.c)."""
    reader = _Reader(file)
    data = reader.rest()
    end = data.find(b"endhdr\n")
    if not data.startswith(b"s3\n") or end < 0:
        raise _damaged(file, "it does not begin with the header s3")
    reader.take(end + len(b"endhdr\n"))
    if reader.ints(1)[0] != _BYTE_ORDER:
        raise _damaged(file, "its byte order is not little-endian")
    *words, expected = np.frombuffer(reader.rest()[: len(reader.rest()) & ~3], "<u4").tolist()
    total = 0
    for word in words:
        total = ((total << 20 | total >> 12) + word) & 0xFFFFFFFF
    if total != expected:
        raise _damaged(file, "its checksum is wrong")
    return reader


def _read_pairs(file: Path) -> dict[str, str]:
    """Two words a line: `noisedict` and `feat.params`."""
    lines = _Reader(file).rest().decode("ascii", "replace").splitlines()
    pairs = [line.split() for line in lines if line.strip()]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise _damaged(file, "a line does not have two words")
    return {pair[0]: pair[1] for pair in pairs}


def _damaged(file: Path, how: str) -> BuildError:
    return BuildError(f"{file} is damaged ({how}): install pocketsphinx==5.1.1 again")
