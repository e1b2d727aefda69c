"""What words mean, as vectors: words that are used alike point in like directions.

The table is distilled once from a sentence encoder (`models/vectors/make.py` tells how) and
shipped as `models/vectors/words.npz`: `words`, one a line and the most frequent first;
`vectors`, int8, a row of 128 for each word.  A word that is not in it is put together from
pieces, longest first, as WordPiece does; pieces that go on begin with "##".
"""

import math
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
DIMENSIONS = 128


class WordVectors:
    """The table in memory: 4 MB, and 3 MB for the words."""

    def __init__(self, file: Path) -> None:
        with np.load(file) as table:
            words = table["words"].tobytes().decode("ascii").split("\n")
            self._rows: NDArray[np.int8] = table["vectors"]
        self._index = {word: row for row, word in enumerate(words)}
        self._most = math.log(2 + len(words))
        self.look_up = cache(self._look_up)

    def _look_up(self, word: str) -> tuple[Vector, float] | None:
        """The unit vector of a word, and from 0 to 1 how much it says; None for no letters.

        Frequent words say little: the weight grows with the logarithm of the rank (Zipf).
        """
        row = self._index.get(word)
        if row is not None:
            return _unit(self._rows[row].astype(np.float32)), math.log(2 + row) / self._most
        rows = self._pieces(word.replace("'", ""))
        return (_unit(self._rows[rows].astype(np.float32).sum(0)), 1.0) if rows else None

    def _pieces(self, word: str) -> list[int]:
        found: list[int] = []
        at = 0
        while at < len(word):
            mark = "##" if at else ""
            for end in range(min(len(word), at + 20), at, -1):
                row = self._index.get(mark + word[at:end])
                if row is not None:
                    found.append(row)
                    at = end
                    break
            else:
                return []
        return found

    def of(self, words: list[str]) -> Vector:
        """The unit vector of several words together; zero if none of them is known."""
        total = np.zeros(DIMENSIONS, np.float32)
        for word in words:
            known = self.look_up(word)
            if known is not None:
                total += known[0] * known[1]
        return _unit(total)


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
