"""What the left hand and the pad do under the melody."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from .harmony import Voicing, lead_bass, lead_voices
from .moods import Mood
from .score import Note, Phrase

# One cell per half beat: b the bass, o its octave, 0 1 2 the voices from low to high, . nothing.
_FLOWING: dict[int, tuple[str, ...]] = {
    4: (
        "b 0 1 2 1 0 1 2",
        "b 1 0 2 o 1 0 2",
        "b 0 2 1 2 0 1 .",
        "b . 0 1 2 1 0 .",
        "b 1 2 0 . 1 2 0",
    ),
    3: ("b 0 1 2 1 0", "b 1 2 1 0 1", "b . 0 1 2 .", "b 0 2 1 o 1"),
}
_STILL: dict[int, tuple[str, ...]] = {
    4: ("b . 012 . . . 12 .", "b . 0 . 12 . . .", "b . . 01 . . 2 .", "b . 01 . 2 . 1 ."),
    3: ("b . 12 . 12 .", "b . 012 . . .", "b . 0 . 12 ."),
}
_CELL_BEATS = 0.5

Pattern = tuple[str, ...]


def draw_patterns(random: Random, beats_per_bar: int) -> dict[str, Pattern]:
    """One accompaniment pattern per section: still at the edges, flowing in the middle."""
    still, flowing = _STILL[beats_per_bar], _FLOWING[beats_per_bar]
    verse = random.choice(still + flowing)
    middle = random.choice([pattern for pattern in flowing if pattern != verse])
    edge = random.choice([pattern for pattern in still if pattern != verse])
    sections = {"intro": verse, "A": verse, "B": middle, "close": verse, "outro": edge}
    return {section: tuple(pattern.split()) for section, pattern in sections.items()}


def voice(phrases: tuple[Phrase, ...]) -> Iterator[tuple[int, Voicing]]:
    """A bass note and three voices for every bar of the piece, led from one to the next."""
    bass: int | None = None
    voicing: Voicing | None = None
    for phrase in phrases:
        for chord in phrase.chords:
            bass_before, bass = bass, lead_bass(chord, bass)
            voicing = lead_voices(chord, voicing, bass, bass_before)
            yield bass, voicing


def accompany(
    random: Random,
    mood: Mood,
    phrase: Phrase,
    pattern: Pattern,
    voicings: list[tuple[int, Voicing]],
) -> list[Note]:
    """The pattern over the phrase's voicings; every note rings to the end of its bar."""
    beats_per_bar = len(pattern) * _CELL_BEATS
    notes: list[Note] = []
    for bar, (bass, voicing) in enumerate(voicings):
        start = phrase.beat + bar * beats_per_bar
        cells = _breathe(random, mood, pattern, last=bar == len(voicings) - 1)
        for index, cell in enumerate(cells):
            beat = start + index * _CELL_BEATS
            ringing = beats_per_bar - index * _CELL_BEATS
            notes += _play_cell(cell, beat, ringing, bass, voicing)
    return notes


def pad(phrases: tuple[Phrase, ...], voicings: list[tuple[int, Voicing]], bar: float) -> list[Note]:
    """The voices held, from the second phrase on; a pitch that stays is held over one bar line."""
    if len(phrases) < 2:
        return []
    begin, end = phrases[1].beat, phrases[-1].beat
    notes: list[Note] = []
    held: dict[int, int] = {}
    for index, (_, voicing) in enumerate(voicings):
        beat = index * bar
        if not begin <= beat < end:
            continue
        holding: dict[int, int] = {}
        for pitch in voicing:
            if pitch in held:
                notes[held[pitch]] = replace(notes[held[pitch]], beats=2 * bar)
            else:
                holding[pitch] = len(notes)
                notes.append(Note("pad", beat, bar, pitch, 0.5))
        held = holding
    return notes


def _breathe(random: Random, mood: Mood, pattern: Pattern, last: bool) -> list[str]:
    """The pattern with notes left out here and there, and with a pause at a phrase's end."""
    kept = [
        "." if index and random.random() > mood.busy else cell for index, cell in enumerate(pattern)
    ]
    pause = len(pattern) * 5 // 8 if last else len(pattern)
    return [cell if index < pause else "." for index, cell in enumerate(kept)]


def _play_cell(cell: str, beat: float, beats: float, bass: int, voicing: Voicing) -> Iterator[Note]:
    accent = 1.0 if beat % 1 == 0 else 0.86
    for sign in cell:
        match sign:
            case "b":
                yield Note("bass", beat, beats, bass, 1.0)
            case "o":
                yield Note("bass", beat, beats, bass + 12, 0.7)
            case "0" | "1" | "2":
                yield Note("chords", beat, beats, voicing[int(sign)], 0.62 * accent)
