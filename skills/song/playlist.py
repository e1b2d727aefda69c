"""Songs without end, each composed when its turn comes."""

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from os_sim.skill import Track

from .composer import compose
from .moods import Mood
from .performance import Performance, perform
from .titles import titles

if TYPE_CHECKING:
    from .instruments import Samples


def playlist(seed: int, mood: Mood) -> Iterator[Track]:
    """One new piece after another, all of this mood; the same seed gives the same pieces."""
    random = Random(seed)
    for title in titles(random, mood.name):
        yield song(random.getrandbits(63), mood, title)


def song(seed: int, mood: Mood, title: str) -> Track:
    """One piece, composed but not yet rendered: this much costs no numpy."""
    performance = perform(compose(seed, mood))
    return Track(title, mood.name, performance.seconds, lambda: _render(performance))


def _render(performance: Performance) -> "Iterator[Samples]":
    from .renderer import render  # numpy, which a conversation without sound does not need

    return render(performance)
