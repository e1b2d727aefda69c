"""One utterance that asks for several things: "stop the music and read me the letter"."""

import re
from collections.abc import Iterator

_JOINT = re.compile(
    r"[,;.]?\s+(?:and\s+then|and\s+after\s+that|and\s+also|after\s+that|then|and|also)\s+"
    r"|[;.!?]\s+(?=\w)",
    re.IGNORECASE,
)


def divisions(text: str) -> Iterator[list[str]]:
    """Ways to divide a text at its joints into two or three parts, fewest parts first."""
    joints = [(found.start(), found.end()) for found in _JOINT.finditer(text)][:6]
    for end, start in joints:
        yield [text[:end], text[start:]]
    for at, (end, start) in enumerate(joints):
        for later_end, later_start in joints[at + 1 :]:
            yield [text[:end], text[start:later_end], text[later_start:]]
