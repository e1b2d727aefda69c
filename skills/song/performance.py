"""Plays a score as a person would: notes in seconds, with rubato, pedal and uneven fingers."""

from dataclasses import dataclass
from random import Random

from .score import Note, Part, Score

TAIL_S = 6.0
"""How long the last chord and the hall may ring; the end of it is faded."""
_UNEVEN_S = 0.006
_ROLL_S = 0.017
"""Delay from one note of a chord to the next above it."""
_LAST_ROLL_S = 0.075


@dataclass(frozen=True)
class Stroke:
    """One note as it is played."""

    part: Part
    start_s: float
    seconds: float
    """Until the damper falls (piano, bass) or the bow leaves the string (pad)."""
    pitch: int
    velocity: float


@dataclass(frozen=True)
class Performance:
    """A score in seconds."""

    seed: int
    strokes: tuple[Stroke, ...]
    """In the order of their starts."""
    seconds: float
    """With the ring of the last chord."""


def perform(score: Score) -> Performance:
    """The score played once; the same score is always played the same way."""
    random = Random(score.seed ^ 0x5EED)
    tempo = _TempoMap(score, depth=random.uniform(0.6, 1.2))
    rolls = _rolls(score)
    strokes = []
    for note in score.notes:
        start_s = tempo.at(note.beat) + rolls.get(id(note), 0.0)
        if note.part != "pad" and note.beat > 0:
            start_s += random.uniform(-_UNEVEN_S, _UNEVEN_S)
        last = note.end >= score.beats and note.part != "melody"
        end_s = tempo.at(note.end) + (TAIL_S if last else 0.0)
        seconds = max(0.12, end_s - start_s)
        strokes.append(Stroke(note.part, max(0.0, start_s), seconds, note.pitch, note.velocity))
    strokes.sort(key=lambda stroke: (stroke.start_s, stroke.pitch, stroke.part))
    return Performance(score.seed, tuple(strokes), tempo.at(score.beats) + TAIL_S)


class _TempoMap:
    """When each beat falls: the tempo leans forward within a phrase and yields at its end."""

    def __init__(self, score: Score, depth: float) -> None:
        even_s = 60 / score.bpm
        self._times_s = [0.0]
        for phrase in score.phrases:
            count = len(phrase.chords) * score.beats_per_bar
            last = phrase is score.phrases[-1]
            for beat in range(count):
                yielding = _yielding(beat, count, score.beats_per_bar, depth * (4 if last else 1))
                self._times_s.append(self._times_s[-1] + even_s * yielding)

    def at(self, beat: float) -> float:
        """Seconds from the beginning; `beat` lies within the piece."""
        whole = min(int(beat), len(self._times_s) - 2)
        before_s, after_s = self._times_s[whole : whole + 2]
        return before_s + (beat - whole) * (after_s - before_s)


def _yielding(beat: int, count: int, beats_per_bar: int, depth: float) -> float:
    """How much longer than even this beat of a phrase is."""
    to_end = (count - 1 - beat) / beats_per_bar
    ending = 0.09 * depth * max(0.0, 1 - to_end) ** 2
    settling = 0.03 * depth if beat == 0 else 0.0
    return 0.99 + ending + settling


def _rolls(score: Score) -> dict[int, float]:
    """By note, how much later it is than the lowest note of its chord."""
    chords: dict[float, list[Note]] = {}
    for note in score.notes:
        if note.part == "chords":
            chords.setdefault(note.beat, []).append(note)
    final = max(chords, default=0.0)
    delays = {}
    for beat, notes in chords.items():
        step_s = _LAST_ROLL_S if beat == final else _ROLL_S
        for place, note in enumerate(sorted(notes, key=lambda note: note.pitch)):
            delays[id(note)] = (place + (beat == final)) * step_s
    return delays
