"""A melody made of one small figure that comes back, each time a little changed."""

import itertools
from dataclasses import dataclass, replace
from random import Random

from .moods import Mood
from .score import Note
from .theory import Chord, Key

_RHYTHMS: dict[int, tuple[tuple[float, ...], ...]] = {
    4: (
        (1.5, 0.5, 2),
        (1, 1, 2),
        (-0.5, 0.5, 0.5, 0.5, 2),
        (-1, 0.5, 0.5, 2),
        (0.5, 0.5, 1, 2),
        (1.5, 0.5, 1, 1),
        (-0.5, 0.5, 1, 2),
        (2, 1.5, 0.5),
        (0.5, 1, 0.5, 2),
        (3, 0.5, 0.5),
        (2.5, 0.5, 1),
        (-1, 1, 2),
        (1, 0.5, 0.5, 1, 1),
        (1.5, 0.5, 0.5, 0.5, 1),
        (-1.5, 0.5, 1, 1),
        (0.5, 0.5, 0.5, 0.5, 2),
    ),
    3: (
        (1.5, 0.5, 1),
        (2, 1),
        (1, 0.5, 0.5, 1),
        (-0.5, 0.5, 0.5, 0.5, 1),
        (0.5, 0.5, 2),
        (1, 1, 1),
        (-1, 1, 1),
        (0.5, 1.5, 1),
        (1.5, 0.5, 0.5, 0.5),
        (-1, 0.5, 0.5, 1),
        (0.5, 0.5, 0.5, 0.5, 1),
    ),
}
"""Durations in beats of one bar; negative ones are rests."""
_ENDINGS: dict[int, tuple[float, ...]] = {4: (3, -1), 3: (2, -1)}
_HELD: dict[int, tuple[float, ...]] = {4: (-1, 2, -1), 3: (-1, 2)}

# Steps between neighbouring notes: mostly the next note of the scale, now and then a leap up.
_MOVES = {-2: 2, -1: 6, 0: 1, 1: 3, 2: 2, 3: 1, 4: 1}
_LEAP = 4
"""The widest jump from one bar into the next, in steps: a fifth."""
_REACH = 9
"""How far from its centre the melody strays, in semitones."""


@dataclass(frozen=True)
class Figure:
    """A bar's worth of melody, free of any key: a rhythm and a contour."""

    rhythm: tuple[float, ...]
    """Durations in beats; negative ones are rests."""
    moves: tuple[int, ...]
    """Scale steps from each sounding note to the next."""
    shift: int = 0
    """Where it starts, in scale steps from the phrase's own height."""


def draw_figure(random: Random, mood: Mood, beats_per_bar: int) -> Figure:
    """A figure whose contour falls as the mood wants it to."""
    rhythm = random.choice(_RHYTHMS[beats_per_bar])
    count = sum(duration > 0 for duration in rhythm)
    least, most = mood.motif_fall
    contours = [
        moves
        for moves in itertools.product(_MOVES, repeat=count - 1)
        if least <= -sum(moves) <= most and _singable(moves)
    ]
    weights = [_ease(moves) for moves in contours]
    return Figure(rhythm, random.choices(contours, weights)[0])


def draw_plan(random: Random, motif: Figure, mood: Mood, beats_per_bar: int) -> tuple[Figure, ...]:
    """Four bars: the motif, an answer, the motif again a step or two further on, and a close."""
    further = -1 if mood.motif_fall[1] > 1 else 1
    again = replace(motif, shift=random.choice((1, 2, 2, 3)) * further)
    held = Figure(_HELD[beats_per_bar], (), shift=random.choice((-1, 1, 2)))
    reply = replace(draw_figure(random, mood, beats_per_bar), shift=further)
    answer = random.choice((held, reply, reply, again))
    if answer == again:  # a sequence: the same a little further on, and further on
        again = replace(again, shift=again.shift + further)
    return motif, answer, again, Figure(_ENDINGS[beats_per_bar], (), shift=2 * further)


def vary(random: Random, figure: Figure) -> Figure:
    """The figure as it might come back: later, thinner, or with a note slipped in."""
    roomy = any(duration >= 1.5 for duration in figure.rhythm)
    ways = [_delay, _lift, _slip_in] if roomy else [_delay, _lift]
    return random.choice(ways)(random, figure)


def sing(
    random: Random,
    mood: Mood,
    plan: tuple[Figure, ...],
    chords: tuple[Chord, ...],
    lift: int,
    beats_per_bar: int,
) -> list[Note]:
    """The plan over these chords, `lift` steps above the mood's centre; beats count from 0.

    Notes on strong beats and long notes belong to the chord; the others belong to the scale.
    """
    line = _Line(mood, lift)
    notes: list[Note] = []
    for bar, (figure, chord) in enumerate(zip(plan, chords, strict=True)):
        notes += line.bar(figure, chord, float(bar * beats_per_bar), beats_per_bar)
    if random.random() < mood.sigh:
        notes[-1:] = _sigh(notes[-1], chords[-1])
    return notes


class _Line:
    """Where the melody stands while it is written out."""

    def __init__(self, mood: Mood, lift: int) -> None:
        self._mood = mood
        self._lift = lift
        self._last: int | None = None

    def bar(self, figure: Figure, chord: Chord, beat: float, beats_per_bar: int) -> list[Note]:
        key = chord.key
        step = key.nearest_step(self._mood.centre) + self._lift + figure.shift
        if self._last is not None:
            step = max(self._last - _LEAP, min(self._last + _LEAP, step))
        moves = iter((0, *figure.moves))
        notes: list[Note] = []
        offset = 0.0
        for duration in figure.rhythm:
            if duration > 0:
                move = next(moves)
                step = self._within(key, step, move)
                strong = duration >= 1.5 or offset % 2 == 0 or not notes
                if strong:
                    step = _to_chord(chord, step, self._last, move or -1)
                self._last = step
                notes.append(self._note(chord, step, beat + offset, duration, offset == 0))
            offset += abs(duration)
        return notes

    def _within(self, key: Key, step: int, move: int) -> int:
        moved = step + move
        too_far = abs(key.pitch(moved) - self._mood.centre) > _REACH
        outward = (key.pitch(moved) > self._mood.centre) == (move > 0)
        if too_far and outward:
            return step - 1 if move > 0 else step + 1
        return moved

    def _note(self, chord: Chord, step: int, beat: float, beats: float, accent: bool) -> Note:
        pitch = chord.key.pitch(step, chord.leading)
        return Note("melody", beat, beats, pitch, 1.0 if accent else 0.88)


def _to_chord(chord: Chord, step: int, last: int | None, direction: int) -> int:
    """The nearest step a melody may rest on, not far from the last; of two, the one on the way."""

    def cost(to: int) -> tuple[float, bool]:
        jump = 0 if last is None else max(0, abs(to - last) - 2)
        return abs(to - step) + 0.6 * jump, (to - step) * direction < 0

    near = range(step - 3, step + 4)
    rests = [to for to in near if chord.key.pitch(to, chord.leading) % 12 in chord.restful]
    return min(rests, key=cost)


def _sigh(note: Note, chord: Chord) -> list[Note]:
    """The note, leaned on from a step above for its first beat."""
    step = chord.key.nearest_step(note.pitch)
    above = chord.key.pitch(step + 1, chord.leading)
    if above - note.pitch > 2:  # an augmented second cries out and does not sigh
        return [note]
    leaning = replace(note, beats=1.0, pitch=above)
    return [leaning, replace(note, beat=note.beat + 1, beats=note.beats - 1, velocity=0.75)]


def _singable(moves: tuple[int, ...]) -> bool:
    """At most one leap, which is left in the other direction, and no note said three times."""
    leaps = [index for index, move in enumerate(moves) if abs(move) > 2]
    turned = all(moves[index + 1 : index + 2] < (0,) for index in leaps)
    return len(leaps) <= 1 and turned and (0, 0) not in itertools.pairwise(moves)


def _ease(moves: tuple[int, ...]) -> int:
    weight = 1
    for move in moves:
        weight *= _MOVES[move]
    return weight


def _delay(random: Random, figure: Figure) -> Figure:
    """Half a beat late, as if hesitating; a figure that starts with a rest comes on time."""
    first, *rest = figure.rhythm
    if first < 0:
        return replace(figure, rhythm=(rest[0] - first, *rest[1:]))
    if first < 1:
        return _lift(random, figure)
    return replace(figure, rhythm=(-0.5, first - 0.5, *rest))


def _slip_in(_random: Random, figure: Figure) -> Figure:
    """The longest note gives half a beat to a neighbour note before the next one."""
    sounding = [index for index, duration in enumerate(figure.rhythm) if duration > 0]
    longest = max(sounding, key=lambda index: figure.rhythm[index])
    place = sounding.index(longest)
    duration = figure.rhythm[longest]
    rhythm = (*figure.rhythm[:longest], duration - 0.5, 0.5, *figure.rhythm[longest + 1 :])
    before, after = figure.moves[:place], figure.moves[place:]
    if after and after[0] <= -2:  # fill the fall
        return replace(figure, rhythm=rhythm, moves=(*before, -1, after[0] + 1, *after[1:]))
    back = (1, *(after[:1] and (after[0] - 1,)), *after[1:])
    return replace(figure, rhythm=rhythm, moves=(*before, *back))


def _lift(random: Random, figure: Figure) -> Figure:
    """The same, higher or a little lower."""
    return replace(figure, shift=figure.shift + random.choice((-1, 1, 2, 3)))
