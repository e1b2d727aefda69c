"""Input that nobody means."""

from random import Random


def nonsense(random: Random, count: int) -> list[str]:
    """Strings of any characters: control characters, other scripts, emoji, single letters."""
    ranges = (
        (0, 32),
        (32, 127),
        (0x300, 0x370),
        (0x400, 0x500),
        (0x4E00, 0x4F00),
        (0x1F300, 0x1F600),
    )
    found = ["a" * 100_000, "no " * 40_000, "\u200d" * 1_000]
    while len(found) < count:
        low, high = random.choice(ranges)
        length = random.choice((1, 3, 12, 60, 400))
        found.append("".join(chr(random.randrange(low, high)) for _ in range(length)))
    return found
