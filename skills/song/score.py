"""A piece on paper: notes in beats, before anybody has played it."""

from dataclasses import dataclass
from typing import Literal

from .theory import Chord, Key

Part = Literal["melody", "chords", "bass", "pad"]
Section = Literal["intro", "A", "B", "close", "outro"]


@dataclass(frozen=True)
class Note:
    """One note as it is written."""

    part: Part
    beat: float
    """Where it starts, in beats from the beginning."""
    beats: float
    """How long it is written."""
    pitch: int
    """MIDI number."""
    velocity: float
    """How hard it is played, 0..1."""

    @property
    def end(self) -> float:
        """Where it ends, in beats from the beginning."""
        return self.beat + self.beats


@dataclass(frozen=True)
class Phrase:
    """A stretch of bars that is one thought; the player breathes at its end."""

    section: Section
    beat: float
    chords: tuple[Chord, ...]
    """One a bar."""


@dataclass(frozen=True)
class Score:
    """A whole piece."""

    seed: int
    mood: str
    key: Key
    bpm: float
    beats_per_bar: int
    phrases: tuple[Phrase, ...]
    notes: tuple[Note, ...]
    """In the order of their beats."""

    @property
    def beats(self) -> float:
        """Length of the whole piece."""
        return self.beats_per_bar * sum(len(phrase.chords) for phrase in self.phrases)

    def part(self, name: Part) -> list[Note]:
        """The notes of one part, in order."""
        return [note for note in self.notes if note.part == name]
