"""What each mood means to the composer: tempo, modes, contour, density and touch.

Every field is something that can be heard and measured; a mood that is not listed here cannot
be asked for.
"""

from dataclasses import dataclass

from .theory import Mode


@dataclass(frozen=True)
class Mood:
    """The ranges that a piece of this mood is drawn from."""

    name: str
    bpm: tuple[float, float]
    modes: tuple[Mode, ...]
    """Drawn evenly; write one twice to make it twice as likely."""
    beats_per_bar: tuple[int, ...]
    """Drawn evenly."""
    motif_fall: tuple[int, int]
    """By how many scale steps the motif goes down from its first to its last note."""
    sigh: float
    """How often a phrase ends on a dissonance that resolves a step down (0..1)."""
    colour: tuple[int, int, int]
    """Weights of plain triads, sevenths and added ninths."""
    busy: float
    """Share of the accompaniment's notes that are played (0..1)."""
    touch: tuple[float, float]
    """Velocity of the quietest and the loudest passage (0..1)."""
    centre: int
    """MIDI pitch around which the melody moves."""


MELANCHOLY = Mood(
    name="melancholy",
    bpm=(56, 74),
    modes=("aeolian", "aeolian", "dorian"),
    beats_per_bar=(4, 4, 3),
    motif_fall=(1, 4),
    sigh=0.75,
    colour=(3, 3, 4),
    busy=0.82,
    touch=(0.34, 0.62),
    centre=71,
)

CALM = Mood(
    name="calm",
    bpm=(55, 66),
    modes=("ionian", "lydian"),
    beats_per_bar=(4, 3),
    motif_fall=(-1, 1),
    sigh=0.3,
    colour=(2, 3, 5),
    busy=0.66,
    touch=(0.3, 0.5),
    centre=70,
)

HOPEFUL = Mood(
    name="hopeful",
    bpm=(78, 92),
    modes=("ionian", "ionian", "mixolydian"),
    beats_per_bar=(4, 4, 3),
    motif_fall=(-4, -1),
    sigh=0.2,
    colour=(5, 2, 3),
    busy=0.94,
    touch=(0.42, 0.72),
    centre=73,
)
