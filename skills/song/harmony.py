"""Chord progressions that go somewhere, and voicings that move as little as they can."""

import itertools
from random import Random

from .theory import Chord, Colour, Key, diminished

Voicing = tuple[int, ...]
"""MIDI pitches from low to high."""

TONIC = frozenset({0})
OPEN = frozenset({3, 4, 6})
"""Degrees that leave a phrase hanging."""
AWAY = frozenset({2, 3, 5})
"""Degrees that a contrasting phrase may start on."""

# How willingly one degree follows another (row to column), from common practice in modal songs:
# falling fifths and thirds are easy, rising seconds welcome, the way back to the tonic open.
_MINOR_MOVES: dict[int, dict[int, int]] = {
    0: {5: 4, 3: 3, 6: 3, 2: 2, 4: 1},
    1: {4: 2, 6: 1},
    2: {5: 3, 6: 3, 3: 2, 0: 1},
    3: {0: 2, 4: 3, 6: 2, 5: 1, 2: 1},
    4: {0: 3, 5: 3, 3: 1},
    5: {2: 3, 3: 3, 6: 2, 4: 2, 0: 1},
    6: {2: 3, 0: 2, 5: 3, 3: 1},
}
_MAJOR_MOVES: dict[int, dict[int, int]] = {
    0: {5: 3, 3: 4, 4: 2, 2: 2, 1: 1},
    1: {4: 3, 3: 2, 0: 1},
    2: {5: 3, 3: 3},
    3: {0: 3, 4: 3, 1: 1, 5: 2},
    4: {5: 3, 0: 3, 3: 2},
    5: {3: 4, 1: 2, 4: 2, 2: 1},
    6: {3: 3, 0: 2},
}
_VOICES = range(51, 70)
_BASS = range(33, 49)


def progression(
    random: Random, key: Key, bars: int, start: frozenset[int], end: frozenset[int]
) -> tuple[int, ...]:
    """Degrees, one a bar, from one of `start` to one of `end`, drawn by how well they connect."""
    moves = _MINOR_MOVES if key.minor else _MAJOR_MOVES
    walks: dict[tuple[int, ...], int] = {
        (degree,): 1 for degree in sorted(start) if not diminished(key, degree)
    }
    for _ in range(bars - 1):
        walks = {
            (*walk, degree): weight * ease
            for walk, weight in walks.items()
            for degree, ease in moves[walk[-1]].items()
            if not diminished(key, degree)
        }
    fit = {walk: weight for walk, weight in walks.items() if walk[-1] in end}
    # Four different chords tell more than two that alternate.
    weights = [weight * len(set(walk)) ** 3 for walk, weight in fit.items()]
    return random.choices(list(fit), weights)[0]


def colour_chords(
    random: Random, key: Key, degrees: tuple[int, ...], weights: tuple[int, int, int]
) -> tuple[Chord, ...]:
    """Chords on these degrees; a minor key's dominant gets its leading tone at a phrase's end."""
    colours: tuple[Colour, ...] = ("triad", "seventh", "ninth")
    chords = []
    for bar, degree in enumerate(degrees):
        colour = random.choices(colours, weights)[0]
        dominant = key.minor and degree == 4 and bar == len(degrees) - 1
        # An added ninth a semitone above its root is a clash and not a colour.
        chord = Chord(key, degree, colour, leading=dominant and random.random() < 0.6)
        if colour == "ninth" and (chord.classes[3] - chord.root) % 12 == 1:
            chord = Chord(key, degree, "seventh", chord.leading)
        chords.append(chord)
    return tuple(chords)


def lead_bass(chord: Chord, before: int | None) -> int:
    """The root in the bass register, as near as can be to the bass note before."""
    roots = [pitch for pitch in _BASS if pitch % 12 == chord.root]
    return min(roots, key=lambda pitch: abs(pitch - (before or 41)))


def lead_voices(
    chord: Chord, before: Voicing | None, bass: int, bass_before: int | None
) -> Voicing:
    """Three voices above the bass, each moving as little as the chord allows."""
    classes = chord.classes if len(chord.classes) == 3 else chord.classes[1:]
    places = [[pitch for pitch in _VOICES if pitch % 12 == one] for one in classes]
    voicings = sorted(tuple(sorted(pitches)) for pitches in itertools.product(*places))
    return min(voicings, key=lambda voicing: _effort(voicing, before, bass, bass_before))


def parallels(before: Voicing, after: Voicing) -> int:
    """How many pairs of voices move together from one fifth or octave to the next."""
    return sum(
        (high0 - low0) % 12 == (high1 - low1) % 12
        and (high0 - low0) % 12 in (0, 7)
        and low0 != low1
        for (low0, low1), (high0, high1) in itertools.combinations(
            zip(before, after, strict=True), 2
        )
    )


def _effort(voicing: Voicing, before: Voicing | None, bass: int, bass_before: int | None) -> float:
    """What a pianist's hand and a listener's ear have to do to get there."""
    strain = 0.3 * abs(sum(voicing) / len(voicing) - 60) + _crowding(voicing)
    if before is None or bass_before is None:
        return strain
    moved = sum(abs(new - old) for old, new in zip(before, voicing, strict=True))
    return strain + moved + 8 * parallels((bass_before, *before), (bass, *voicing))


def _crowding(voicing: Voicing) -> float:
    """Semitones next to each other, and hands stretched too far."""
    gaps = [high - low for low, high in itertools.pairwise(voicing)]
    stretched = max(0, voicing[-1] - voicing[0] - 13)
    return 8.0 * sum(gap < 2 for gap in gaps) + 2.0 * stretched
