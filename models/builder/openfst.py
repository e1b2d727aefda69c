"""What OpenFst does, by way of kaldifst: algorithms; whatever touches every arc is for arrays.

The two exchange files.  Never import this into a process that uses vosk: libvosk carries another
OpenFst, both share the table of the forms that can be read, and the process crashes.
"""

import tempfile
from pathlib import Path

import kaldifst  # type: ignore[import-untyped]  # it ships no types

from models.builder.transducer import Transducer, read_const, write_vector

_WIDTH, _CENTRE = 3, 1
"""Triphones, of which the middle one is meant."""


def minimized(transducer: Transducer) -> Transducer:
    """Determinized and minimized; input label 0 is gone.

    Weights are those of one path and not sums over paths (`use_log`): as sums, the words of a
    large dictionary share their beginnings' costs in a way that makes the search lose them.
    """
    fst = _load(transducer)
    kaldifst.determinize_star(fst, use_log=False)
    kaldifst.minimize_encoded(fst)
    return _arrays(fst)


def with_context(words: Transducer, symbols: list[int]) -> tuple[Transducer, list[list[int]]]:
    """C ∘ L, and what each of its input labels stands for.

    That is three phones; or one of `symbols`, its sign changed; or nothing.
    """
    fst = _load(words)
    kaldifst.arcsort(fst, "ilabel")
    composed, windows = kaldifst.compose_context(symbols, _WIDTH, _CENTRE, fst)
    return _arrays(composed), windows


def composed(first: Transducer, second: Transducer) -> Transducer:
    """What `first` writes is read by `second`; states that lead nowhere are gone."""
    left, right = _load(first), _load(second)
    kaldifst.arcsort(left, "olabel")
    kaldifst.arcsort(right, "ilabel")
    return _arrays(kaldifst.compose(left, right))


def _load(transducer: Transducer) -> kaldifst.StdVectorFst:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vector.fst"
        write_vector(transducer, file)
        return kaldifst.StdVectorFst.read(str(file))


def _arrays(fst: kaldifst.StdVectorFst) -> Transducer:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "const.fst"
        kaldifst.StdConstFst(fst).write(str(file))
        return read_const(file.read_bytes())
