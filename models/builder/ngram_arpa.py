"""Reads language models in ARPA's text form, which every language modelling tool writes.

    \\data\\
    ngram 1=3
    …
    \\1-grams:
    −1.2 <TAB> word <TAB> −0.3      logarithms to the base 10: probability and back-off weight
    …
    \\end\\

(Doug Paul's form, as SRILM's manual page ngram-format(5) describes it.)
"""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.builder import BuildError
from models.builder.ngram import MOST_LEVELS, Floats, Ngrams, Rows, from_parts

_COUNT = re.compile(r"ngram (\d+) *= *(\d+)")


def read_arpa(path: Path) -> Ngrams:
    """BuildError: the text is no such model; the message names the line."""
    try:
        with path.open(encoding="utf-8") as file:
            return _Reader(path, enumerate(map(str.strip, file), start=1)).model()
    except UnicodeDecodeError as error:
        raise BuildError(
            f"{path} is neither a language model of CMU Sphinx nor a text in UTF-8"
        ) from error


class _Reader:
    """Goes through the lines once."""

    def __init__(self, path: Path, lines: Iterator[tuple[int, str]]) -> None:
        self._path, self._lines = path, lines
        self._number = 0
        self._rows: dict[str, int] = {}

    def model(self) -> Ngrams:
        while self._line() != "\\data\\":
            pass
        counts = []
        while found := _COUNT.fullmatch(line := self._line()):
            counts.append(int(found[2]))
        if not 1 <= len(counts) <= MOST_LEVELS:
            raise self._error(f"n-grams of 1 to {MOST_LEVELS} words are announced above this line")
        parts = []
        for length, count in enumerate(counts, start=1):
            if line != f"\\{length}-grams:":
                raise self._error(f"here should be \\{length}-grams:, not {line!r}")
            parts.append(self._ngrams(length, count))
            line = self._line()
        if line != "\\end\\":
            raise self._error(f"here should be \\end\\, not {line!r}")
        try:
            return from_parts(list(self._rows), parts)
        except BuildError as error:
            raise self._error(str(error)) from error

    def _ngrams(self, length: int, count: int) -> tuple[Rows, Floats, Floats]:
        rows: list[list[int]] = []
        logs: list[tuple[float, float]] = []
        for _ in range(count):
            fields = self._line().split()
            if not length < len(fields) <= length + 2:
                raise self._error(f"here should be {length} words between two logarithms")
            words = fields[1 : length + 1]
            if length == 1 and self._rows.setdefault(words[0], len(rows)) < len(rows):
                raise self._error(f"{words[0]!r} stands here for the second time")
            if unknown := [word for word in words if word not in self._rows]:
                raise self._error(f"the word {unknown[0]!r} is not among the single words")
            rows.append([self._rows[word] for word in words])
            logs.append((self._log(fields[0]), self._log("".join(fields[length + 1 :]) or "0")))
            if logs[-1][0] > 0:
                raise self._error("a probability above one")
        log_probs, back_offs = (np.array(logs).reshape(-1, 2) * math.log(10)).T
        return np.array(rows, np.int64).reshape(-1, length), log_probs, back_offs

    def _log(self, text: str) -> float:
        try:
            if math.isfinite(value := float(text)):
                return value
        except ValueError:
            pass
        raise self._error(f"{text!r} is no logarithm")

    def _line(self) -> str:
        """The next one with something on it."""
        for number, line in self._lines:
            self._number = number
            if line:
                return line
        raise self._error("the text ends too soon")

    def _error(self, what: str) -> BuildError:
        return BuildError(f"{self._path}:{self._number}: {what}")
