"""Phrases that ask for the same: "put on" and "play", "i am sick of this" and "next"."""

from dataclasses import dataclass
from pathlib import Path

from os_sim.nlu.words import normal

FILE = Path(__file__).with_name("thesaurus.txt")


@dataclass(frozen=True)
class Thesaurus:
    """Groups of phrases; a set of groups is the bits of a number."""

    phrases: dict[tuple[str, ...], int]
    """The groups that each phrase stands in."""
    count: int
    longest: int
    """Words of the longest phrase."""

    def found(self, words: list[str]) -> list[tuple[int, int, int]]:
        """The phrases in these words: where each begins, where it ends, its groups.

        Single words count wherever they stand; of longer phrases the longest at each place, so
        that "not this one again" does not ask for "this one again".
        """
        result: list[tuple[int, int, int]] = []
        for start in range(len(words)):
            for end in range(start + 1, min(start + self.longest, len(words)) + 1):
                groups = self.phrases.get(tuple(words[start:end]))
                if groups is not None:
                    result.append((start, end, groups))
        return [one for one in result if one[1] - one[0] == 1 or not _inside_another(one, result)]


def _inside_another(one: tuple[int, int, int], others: list[tuple[int, int, int]]) -> bool:
    start, end, _ = one
    return any(a <= start and end <= b and b - a > end - start for a, b, _ in others)


def read_thesaurus(file: Path = FILE) -> Thesaurus:
    """The groups in a file: one a line, phrases divided by commas, # for comments."""
    phrases: dict[tuple[str, ...], int] = {}
    lines = [line for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]
    for number, line in enumerate(lines):
        for phrase in line.split(","):
            words = tuple(normal(phrase).split())
            phrases[words] = phrases.get(words, 0) | 1 << number
    return Thesaurus(phrases, len(lines), max(map(len, phrases), default=0))
