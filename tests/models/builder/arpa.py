"""Small language models as ARPA texts, and another way to evaluate them: word by word."""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.builder.ngram import Ngrams

TEXT = """
    the old radio plays a slow song in the kitchen
    she plays the piano in the evening
    the children play in the garden
    he sings a song in the rain
    in the evening the rain sings in the garden
    a slow song plays in the garden
    the radio sings in the evening
    she sings in the kitchen and he plays the piano
    the old piano in the kitchen plays no song
    he plays the radio and the children sing
""".splitlines()
HELD_OUT = """
    she plays a slow song in the evening
    the old radio sings in the kitchen
    the children sing in the rain and he plays the piano
""".splitlines()

Ngram = tuple[str, ...]


@dataclass(frozen=True)
class Katz:
    """A back-off model as two dictionaries, base 10."""

    log_probs: dict[Ngram, float]
    back_offs: dict[Ngram, float]

    def words(self) -> list[str]:
        """All that can come next: the end too, the beginning not."""
        return [ngram[0] for ngram in self.log_probs if len(ngram) == 1 and ngram != ("<s>",)]

    def log10(self, history: Ngram, word: str) -> float:
        if (*history, word) in self.log_probs:
            return self.log_probs[*history, word]
        return self.back_offs.get(history, 0.0) + self.log10(history[1:], word)

    def sentence_log10(self, sentence: str) -> float:
        words = ["<s>", *sentence.split(), "</s>"]
        return sum(
            self.log10(tuple(words[max(0, at - 2) : at]), words[at]) for at in range(1, len(words))
        )

    def perplexity(self, sentences: Iterable[str]) -> float:
        known = [sentence for sentence in sentences if sentence.strip()]
        tokens = sum(len(sentence.split()) + 1 for sentence in known)
        return float(10 ** (-sum(map(self.sentence_log10, known)) / tokens))

    def history_sums(self) -> dict[Ngram, float]:
        """After every history that n-grams begin with: what all words' probabilities add up to."""
        histories = {ngram[:-1] for ngram in self.log_probs}
        return {h: sum(10 ** self.log10(h, word) for word in self.words()) for h in histories}

    def write(self, path: Path) -> Path:
        by_length = [[n for n in self.log_probs if len(n) == length] for length in (1, 2, 3)]
        counts = [f"ngram {length}={len(some)}" for length, some in enumerate(by_length, start=1)]
        lines = ["\\data\\", *counts]
        for length, some in enumerate(by_length, start=1):
            lines += ["", f"\\{length}-grams:"]
            for ngram in some:
                weight = f"\t{self.back_offs[ngram]:.9f}" if ngram in self.back_offs else ""
                lines.append(f"{self.log_probs[ngram]:.9f}\t{' '.join(ngram)}{weight}")
        path.write_text("\n".join([*lines, "", "\\end\\", ""]), encoding="utf-8")
        return path


def trained(sentences: Iterable[str] = TEXT) -> Katz:
    """A model of three words, discounted as Witten and Bell (1991) do."""
    counts: Counter[Ngram] = Counter()
    for sentence in filter(str.strip, sentences):
        words = ["<s>", *sentence.split(), "</s>"]
        for length in (1, 2, 3):
            counts.update(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
    del counts["<s>",]
    after: dict[Ngram, dict[str, int]] = defaultdict(dict)
    for ngram, count in counts.items():
        after[ngram[:-1]][ngram[-1]] = count
    model = Katz({("<s>",): -99.0}, {})
    for history in sorted(after, key=len):
        seen = after[history]
        total = sum(seen.values()) + (len(seen) if history else 0)
        for word, count in seen.items():
            model.log_probs[*history, word] = math.log10(count / total)
        if history:
            shorter = sum(10 ** model.log10(history[1:], word) for word in seen)
            model.back_offs[history] = math.log10(len(seen) / total / (1 - shorter))
    return model


def dictionaries(model: Ngrams) -> Katz:
    """A model of the builder, taken apart."""
    katz = Katz({}, {})
    below: list[Ngram] = [()]
    for level in model.levels:
        words = (model.words[word] for word in level.word)
        ngrams = [(*below[h], word) for h, word in zip(level.history, words, strict=True)]
        katz.log_probs.update(zip(ngrams, level.log_prob / math.log(10), strict=True))
        katz.back_offs.update(zip(ngrams, level.back_off / math.log(10), strict=True))
        below = ngrams
    return katz


def sentences_of(words: list[str], length: int) -> list[str]:
    """Every sequence of these words."""
    return [" ".join(some) for some in itertools.product(words, repeat=length)]
