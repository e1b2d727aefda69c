"""Reads the binary language models of CMU Sphinx (`*.lm.bin`).

The form is that of `ngram_model_trie.c`, `lm_trie.c`, `lm_trie_quant.c` and `bitarr.c` in
PocketSphinx 5 (after KenLM's tries, Heafield 2011), little-endian:

    "Trie Language Model" · order (1 byte) · the number of n-grams of each length (4 bytes each)
    1 (4 bytes) · tables of 65,536 values: for all but the longest n-grams their logarithmic
        probabilities and back-off weights, for the longest their probabilities
    single words, one more than there are: logarithmic probability, back-off weight, and the
        first longer n-gram that ends with the word
    for each length a string of bits, an n-gram after the other: a word, an index into the table
        of back-off weights and one into that of probabilities (16 bits each), the first longer
        n-gram; the longest ones only have a word and a probability
    how many bytes the words take, and the words, each ended by a zero byte

N-grams are kept from their last word to their first: below the word w stand those that end with
w, each with the word before it.  Logarithms have the base 1.0001.
"""

import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.builder import BuildError
from models.builder.ngram import MOST_LEVELS, Floats, Ngrams, Rows, from_parts

_MAGIC = b"Trie Language Model"
_LOG_BASE = math.log(1.0001)
_TABLE = 1 << 16
_SINGLE = np.dtype([("log_prob", "<f4"), ("back_off", "<f4"), ("first", "<u4")])


def is_trie(path: Path) -> bool:
    """Whether a file begins like a language model in this form; BuildError: there is none."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise BuildError(f"{path} cannot be read ({error.strerror}); fetch it again") from error


def read_trie(path: Path) -> Ngrams:
    """BuildError: this is no such file, or it is damaged."""
    if not is_trie(path):
        raise BuildError(f"{path} is not a binary language model of CMU Sphinx")
    try:
        return _model(path.read_bytes())
    except (struct.error, ValueError, IndexError, BuildError) as error:
        raise BuildError(f"{path} is cut short or damaged ({error}); fetch it again") from error


def _model(data: bytes) -> Ngrams:
    at = len(_MAGIC)
    order, at = data[at], at + 1
    if not 2 <= order <= MOST_LEVELS:
        raise ValueError(f"it has n-grams of {order} words, 2 to {MOST_LEVELS} will do")
    counts = struct.unpack_from(f"<{order}I", data, at)
    at += 4 * order + 4
    tables = np.frombuffer(data, "<f4", (2 * order - 3) * _TABLE, at).reshape(-1, _TABLE)
    at += tables.nbytes
    singles = np.frombuffer(data, _SINGLE, counts[0] + 1, at)
    at += singles.nbytes

    parts = [
        (
            np.arange(counts[0])[:, None],
            _natural(singles["log_prob"][:-1]),
            _natural(singles["back_off"][:-1]),
        )
    ]
    ngrams, first = parts[0][0], singles["first"].astype(np.int64)
    for level in range(1, order):
        longest = level == order - 1
        widths = [counts[0].bit_length(), 16]
        if not longest:
            widths += [16, counts[level + 1].bit_length()]
        fields, at = _bit_fields(data, at, counts[level] + 1, widths)
        # The n-grams below one run from its own `first` to that of the one after it.  Records
        # may be left over at the end: PocketSphinx counts some n-grams twice.
        above = np.repeat(np.arange(len(ngrams)), np.diff(first))
        used = len(above)
        ngrams = np.column_stack([fields[0][:used], ngrams[above]])
        if longest:
            parts.append((ngrams, _natural(tables[-1][fields[1][:used]]), np.zeros(used)))
        else:
            log_probs = _natural(tables[2 * level - 2][fields[2][:used]])
            back_offs = _natural(tables[2 * level - 1][fields[1][:used]])
            parts.append((ngrams, log_probs, back_offs))
            first = fields[3][: used + 1]
    (size,) = struct.unpack_from("<i", data, at)
    words = data[at + 4 : at + 4 + size].decode("utf-8").split("\0")[:-1]
    if any(ngrams.max(initial=0) >= len(words) for ngrams, _, _ in parts):
        raise ValueError("words are missing from its list")
    return from_parts(words, parts)


def _bit_fields(data: bytes, at: int, count: int, widths: list[int]) -> tuple[list[Rows], int]:
    """Records of some bits, one field's values after the other's; and where they end."""
    width = sum(widths)
    size = (count * width + 7) // 8 + 8
    # Any eight bytes as one number, wherever they begin: a field never takes more than 25 bits.
    windows: NDArray[np.uint64] = np.ndarray(
        (size - 7,), "<u8", np.frombuffer(data, np.uint8, size, at), strides=(1,)
    )
    starts = np.arange(count, dtype=np.int64) * width
    fields = []
    for bits in widths:
        values = windows[starts >> 3] >> (starts & 7).astype(np.uint64)
        fields.append((values & np.uint64((1 << bits) - 1)).astype(np.int64))
        starts = starts + bits
    return fields, at + size


def _natural(logs: NDArray[np.float32]) -> Floats:
    return np.asarray(logs, np.float64) * _LOG_BASE
