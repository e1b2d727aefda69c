"""How often a word that is read by its letters sounds as the dictionary has it.

    python -m bench.pronunciation CMUDICT [COUNT]

CMUDICT: a dictionary in CMU's form, such as `model/en-us/cmudict-en-us.dict` in the pocketsphinx
wheel, without stress.  COUNT words of it (2,000) are taken at random, always the same.  A phone
is wrong if it has to be changed, put in or taken out; of several pronunciations in the dictionary
the nearest counts.
"""

import random
import sys
import tempfile
from pathlib import Path

from os_sim.asr.pronunciation import guesses
from os_sim.nlu.sounds import Phones


def main() -> None:
    """Print the table."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    known = read(Path(sys.argv[1]))
    words = random.Random(1).sample(sorted(known), count)
    with tempfile.TemporaryDirectory() as cache:
        guessed = guesses(words, Path(cache))
    print(f"{count:,} words of {len(known):,}; {count - len(guessed)} could not be read")
    print(f"{'':24} {'phones wrong':>12} {'words right':>12}")
    for name, most in (("the likeliest", 1), ("the best of all ways", 4)):
        wrong, phones, right = 0, 0, 0
        for word, ways in guessed.items():
            edits, length = nearest(ways[:most], known[word])
            wrong, phones, right = wrong + edits, phones + length, right + (edits == 0)
        print(f"{name:24} {wrong / phones:12.1%} {right / len(guessed):12.1%}")
    print(f"{sum(map(len, guessed.values())) / len(guessed):.2f} pronunciations a word")


def read(file: Path) -> dict[str, list[Phones]]:
    """The words in plain letters and all their pronunciations."""
    known: dict[str, list[Phones]] = {}
    for line in file.read_text("utf-8").splitlines():
        word, *phones = line.split()
        if (name := word.split("(")[0]).isalpha():
            known.setdefault(name, []).append(tuple(phones))
    return known


def nearest(ways: tuple[Phones, ...], right: list[Phones]) -> tuple[int, int]:
    """The fewest edits that make a way one of the right ones, and how long that one is."""
    return min((edits(way, one), len(one)) for way in ways for one in right)


def edits(one: Phones, other: Phones) -> int:
    """Levenshtein's distance."""
    row = list(range(len(one) + 1))
    for at, phone in enumerate(other, 1):
        above, row = row, [at]
        for column, here in enumerate(one):
            row.append(min(above[column] + (here != phone), above[column + 1] + 1, row[-1] + 1))
    return row[-1]


if __name__ == "__main__":
    main()
