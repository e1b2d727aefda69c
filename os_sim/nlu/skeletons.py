"""Sentences of a template with the slots still open: what near sentences are compared with."""

from dataclasses import dataclass
from functools import cache
from itertools import islice
from random import Random

from os_sim.nlu.graph import build
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.sampler import paths
from os_sim.nlu.slots import AnyWords, Phrases, Reader
from os_sim.nlu.tidying import plain_request

_FREE_WORDS = (
    "milk|the blue book|call the bank|my keys are on the table|bread and butter|he is late"
    "|a new lamp|pay the bill|the green one|see you soon|water|clean the house"
).split("|")
"""What stands in for free words while learning: of everything a little."""
_TRIES = 3


@dataclass(frozen=True)
class Skeleton:
    """One way through a template: its fixed words, and the slots between them."""

    sentences: Sentences
    parts: tuple[str, ...]
    """Words; a slot as its name in braces."""

    @property
    def words(self) -> list[str]:
        return [part for part in self.parts if part[0] != "{"]

    @property
    def slots(self) -> list[str]:
        return [part[1:-1] for part in self.parts if part[0] == "{"]

    @property
    def shape(self) -> tuple[str, ...]:
        """The parts, whatever the slots are called and however politely it is said."""
        parts = ["{}" if part[0] == "{" else part for part in self.parts]
        return tuple(plain_request(parts))

    @property
    def takes_anything(self) -> bool:
        """Whether one of its slots does."""
        return any(self.sentences.slots[name].reader.wildcard for name in self.slots)


def skeletons(sentences: Sentences, count: int, random: Random) -> list[Skeleton]:
    """Up to `count` different ones, every word of every template at least once if that allows."""
    values = {name: [f"{{{name}}}"] for name in sentences.slots}
    share = max(2, count // max(1, len(sentences.templates)))
    found: dict[str, None] = {}
    for template in sentences.templates:
        before = len(found)
        for path in islice(paths(build(template), values, random), _TRIES * share):
            found.setdefault(path)
            if len(found) - before >= share:
                break
    return [Skeleton(sentences, tuple(path.split())) for path in found if path]


def filled(skeleton: Skeleton, random: Random) -> list[str]:
    """A whole sentence: every slot with a value that it may have."""
    words: list[str] = []
    for part in skeleton.parts:
        if part[0] == "{":
            words += _any_value(skeleton.sentences.slots[part[1:-1]].reader, random).split()
        else:
            words.append(part)
    return words


def _any_value(reader: Reader, random: Random) -> str:
    if isinstance(reader, AnyWords):
        return random.choice(_FREE_WORDS)
    if isinstance(reader, Phrases):
        return random.choice(list(reader.values()) or [""])
    return random.choice(_listed(type(reader)))


@cache
def _listed(kind: type[Reader]) -> list[str]:
    """Numbers, times or dates as they are said."""
    return kind().samples(Random(0))
