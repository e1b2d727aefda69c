"""Phrases that ask for the same: "put on" and "play", "i am sick of this" and "next"."""

from dataclasses import dataclass
from pathlib import Path

from os_sim.nlu.words import normal

WIDEST_GAP = 4
"""Words between the halves of a divided phrase."""
FILE = Path(__file__).with_name("thesaurus.txt")


@dataclass(frozen=True)
class Thesaurus:
    """Groups of phrases; a set of groups is the bits of a number."""

    phrases: dict[tuple[str, ...], int]
    """The groups that each phrase stands in."""
    count: int
    longest: dict[str, int]
    """By the first word of a phrase: words of the longest that begins with it."""
    divided: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], int]]]
    """Phrases with a gap ("let … know"), by their first word: both halves and the groups."""

    def found(self, words: list[str]) -> list[tuple[int, int, int]]:
        """The phrases in these words: where each begins, where it ends, its groups.

        Single words count wherever they stand; of longer phrases the longest at each place, so
        that "not this one again" does not ask for "this one again".
        """
        result: list[tuple[int, int, int]] = []
        for start in range(len(words)):
            longest = self.longest.get(words[start], 0)
            for end in range(start + 1, min(start + longest, len(words)) + 1):
                groups = self.phrases.get(tuple(words[start:end]))
                if groups is not None:
                    result.append((start, end, groups))
        for start, word in enumerate(words):
            for head, tail, groups in self.divided.get(word, ()):
                place = _place_of_tail(words, start, head, tail)
                if place is not None:
                    result.append((start, start + len(head), groups))
                    result.append((place, place + len(tail), groups))
        return [one for one in result if one[1] - one[0] == 1 or not _inside_another(one, result)]


def _place_of_tail(
    words: list[str], start: int, head: tuple[str, ...], tail: tuple[str, ...]
) -> int | None:
    """Where the second half begins, if both halves are there and not too far apart."""
    middle = start + len(head)
    if tuple(words[start:middle]) != head:
        return None
    for place in range(middle + 1, min(middle + WIDEST_GAP, len(words) - len(tail)) + 1):
        if tuple(words[place : place + len(tail)]) == tail:
            return place
    return None


def _inside_another(one: tuple[int, int, int], others: list[tuple[int, int, int]]) -> bool:
    start, end, _ = one
    return any(a <= start and end <= b and b - a > end - start for a, b, _ in others)


def read_thesaurus(file: Path = FILE) -> Thesaurus:
    """The groups in a file: one a line, phrases divided by commas, # for comments.

    "…" in a phrase stands for one to four other words.
    """
    phrases: dict[tuple[str, ...], int] = {}
    divided: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], int]]] = {}
    lines = [line for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]
    for number, line in enumerate(lines):
        for phrase in line.split(","):
            head, gap, tail = phrase.partition("…")
            words = tuple(normal(head).split())
            if gap:
                halves = (words, tuple(normal(tail).split()), 1 << number)
                divided.setdefault(words[0], []).append(halves)
            else:
                phrases[words] = phrases.get(words, 0) | 1 << number
    longest: dict[str, int] = {}
    for words in phrases:
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return Thesaurus(phrases, len(lines), longest, divided)
