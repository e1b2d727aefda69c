"""Modes, keys and chords: the words the composer thinks in.

Pitches are MIDI numbers (60 is middle C), pitch classes are 0..11 (0 is C).  A *step* counts
scale degrees from the tonic of the lowest octave, so that step 7 is the tonic an octave up.
"""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["aeolian", "dorian", "ionian", "lydian", "mixolydian"]

SEMITONES: dict[Mode, tuple[int, ...]] = {
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}
_MINOR: tuple[Mode, ...] = ("aeolian", "dorian")
_NAMES = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
_LOWEST_OCTAVE = 24

Colour = Literal["triad", "seventh", "ninth"]


@dataclass(frozen=True)
class Key:
    """A tonic and a mode."""

    tonic: int
    """Pitch class."""
    mode: Mode

    @property
    def name(self) -> str:
        """As it is said: "D minor", "E flat lydian"."""
        plain = {"aeolian": "minor", "ionian": "major"}.get(self.mode, self.mode)
        return f"{_NAMES[self.tonic]} {plain}"

    @property
    def minor(self) -> bool:
        """Whether the third above the tonic is small."""
        return self.mode in _MINOR

    def pitch(self, step: int, leading: bool = False) -> int:
        """The MIDI pitch of a step; `leading` raises the seventh degree to a leading tone."""
        octave, degree = divmod(step, 7)
        raised = leading and degree == 6 and SEMITONES[self.mode][6] == 10
        return _LOWEST_OCTAVE + self.tonic + 12 * octave + SEMITONES[self.mode][degree] + raised

    def nearest_step(self, pitch: int) -> int:
        """The step whose pitch is closest to a MIDI pitch."""
        return min(range(56), key=lambda step: abs(self.pitch(step) - pitch))


@dataclass(frozen=True)
class Chord:
    """A chord built in thirds on a degree of a key."""

    key: Key
    degree: int
    """0 is the tonic."""
    colour: Colour = "triad"
    leading: bool = False
    """Whether the key's seventh degree is raised, as in the dominant of a minor key."""

    @property
    def classes(self) -> tuple[int, ...]:
        """Pitch classes: root, third, fifth and, if there is one, the colour."""
        above = {"triad": (), "seventh": (6,), "ninth": (8,)}[self.colour]
        return tuple(self._class(self.degree + step) for step in (0, 2, 4, *above))

    @property
    def root(self) -> int:
        """Pitch class of the root."""
        return self.classes[0]

    @property
    def restful(self) -> frozenset[int]:
        """Pitch classes a melody may rest on: all but a root that a major seventh rubs against."""
        rubs = self.colour == "seventh" and (self.root - self.classes[3]) % 12 == 1
        return frozenset(self.classes[1:] if rubs else self.classes)

    def _class(self, step: int) -> int:
        return self.key.pitch(step, self.leading) % 12


def diminished(key: Key, degree: int) -> bool:
    """Whether the triad on this degree has a diminished fifth."""
    root, _, fifth = Chord(key, degree).classes
    return (fifth - root) % 12 == 6
