"""Composes a whole piece from a seed and a mood; the same seed always gives the same piece."""

from dataclasses import replace
from random import Random

from .accompaniment import accompany, draw_patterns, pad, voice
from .harmony import AWAY, OPEN, TONIC, Voicing, colour_chords, progression
from .melody import Figure, draw_figure, draw_plan, sing, vary
from .moods import Mood
from .score import Note, Phrase, Score, Section
from .theory import Chord, Key

_FORMS: dict[int, tuple[Section, ...]] = {
    2: ("A", "close"),
    3: ("A", "B", "close"),
    4: ("A", "A", "B", "close"),
    5: ("A", "A", "B", "A", "close"),
    6: ("A", "A", "B", "A", "B", "close"),
    7: ("A", "A", "B", "A", "B", "A", "close"),
}
_PHRASE_BARS = 4
_LENGTH_S = (66.0, 84.0)
"""What a piece aims at, without the ring of its last chord."""
_LIFT: dict[Section, int] = {"intro": 0, "A": 0, "B": 3, "close": 0, "outro": -1}
"""How many scale steps above its centre the melody lies."""
_LEVEL: dict[Section, float] = {"intro": 0.2, "A": 0.4, "B": 0.85, "close": 0.45, "outro": 0.0}
"""How loud a section is, 0..1 of the mood's touch."""


def compose(seed: int, mood: Mood) -> Score:
    """A piece of 60 to 100 s, in plain Python: a few thousand small choices, some milliseconds."""
    random = Random(seed)
    key = Key(random.randrange(12), random.choice(mood.modes))
    bpm = round(random.uniform(*mood.bpm), 1)
    beats_per_bar = random.choice(mood.beats_per_bar)
    form = _draw_form(random, bpm, beats_per_bar)
    phrases = _lay_out(form, _draw_chords(random, mood, key), beats_per_bar)
    notes = _melody(random, mood, phrases, beats_per_bar)
    notes += _ground(random, mood, phrases, beats_per_bar)
    shaped = [_shade(mood, phrases, beats_per_bar, note) for note in notes]
    shaped.sort(key=lambda note: (note.beat, note.pitch, note.part))
    return Score(seed, mood.name, key, bpm, beats_per_bar, phrases, tuple(shaped))


def _draw_form(random: Random, bpm: float, beats_per_bar: int) -> tuple[Section, ...]:
    phrase_s = _PHRASE_BARS * beats_per_bar * 60 / bpm
    count = round(random.uniform(*_LENGTH_S) / phrase_s - 1)  # intro and outro make one phrase
    return ("intro", *_FORMS[min(max(count, 2), max(_FORMS))], "outro")


def _draw_chords(random: Random, mood: Mood, key: Key) -> dict[Section, tuple[Chord, ...]]:
    """The chords of every section; the close starts as the verse did and comes home."""
    verse = progression(random, key, _PHRASE_BARS, TONIC, OPEN)
    middle = progression(random, key, _PHRASE_BARS, AWAY, OPEN)
    home = progression(random, key, 2, OPEN - {6} if key.minor else frozenset({3, 4}), TONIC)
    close = (*verse[:2], *home)
    degrees: dict[Section, tuple[int, ...]] = {
        "intro": verse[:2],
        "A": verse,
        "B": middle,
        "close": close,
        "outro": (verse[1], 0),
    }
    return {
        section: colour_chords(random, key, walk, mood.colour) for section, walk in degrees.items()
    }


def _lay_out(
    form: tuple[Section, ...], chords: dict[Section, tuple[Chord, ...]], beats_per_bar: int
) -> tuple[Phrase, ...]:
    phrases: list[Phrase] = []
    beat = 0.0
    for section in form:
        phrases.append(Phrase(section, beat, chords[section]))
        beat += len(chords[section]) * beats_per_bar
    return tuple(phrases)


def _melody(
    random: Random, mood: Mood, phrases: tuple[Phrase, ...], beats_per_bar: int
) -> list[Note]:
    """Verse and middle each have a plan; whenever one comes back, two of its bars are varied."""
    motif = draw_figure(random, mood, beats_per_bar)
    contrast = replace(draw_figure(random, mood, beats_per_bar), rhythm=motif.rhythm)
    if len(contrast.moves) != sum(duration > 0 for duration in motif.rhythm) - 1:
        contrast = replace(motif, moves=tuple(reversed(motif.moves)))
    verse = draw_plan(random, motif, mood, beats_per_bar)
    plans = {"A": verse, "close": verse, "B": draw_plan(random, contrast, mood, beats_per_bar)}
    notes: list[Note] = []
    heard: set[Section] = set()
    for phrase in phrases[1:-1]:
        plan = plans[phrase.section]
        if phrase.section in heard:
            plan = _vary_some(random, plan)
        heard.add(phrase.section)
        sung = sing(random, mood, plan, phrase.chords, _LIFT[phrase.section], beats_per_bar)
        notes += [replace(note, beat=note.beat + phrase.beat) for note in sung]
    return notes


def _vary_some(random: Random, plan: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Two of the bars before the close are changed; the rest is as it was."""
    varied = random.sample(range(len(plan) - 1), 2)
    return tuple(vary(random, bar) if at in varied else bar for at, bar in enumerate(plan))


def _ground(
    random: Random, mood: Mood, phrases: tuple[Phrase, ...], beats_per_bar: int
) -> list[Note]:
    """Accompaniment, bass and pad."""
    voicings = list(voice(phrases))
    patterns = draw_patterns(random, beats_per_bar)
    notes = pad(phrases, voicings, beats_per_bar)
    bar = 0
    for phrase in phrases:
        bars = voicings[bar : bar + len(phrase.chords)]
        if phrase.section == "outro":
            notes += _last_bars(phrase, bars, beats_per_bar)
        else:
            notes += accompany(random, mood, phrase, patterns[phrase.section], bars)
        bar += len(phrase.chords)
    return notes


def _last_bars(
    phrase: Phrase, voicings: list[tuple[int, Voicing]], beats_per_bar: int
) -> list[Note]:
    """Each chord struck once and left to ring."""
    notes: list[Note] = []
    for bar, (bass, voicing) in enumerate(voicings):
        beat = phrase.beat + bar * beats_per_bar
        notes.append(Note("bass", beat, beats_per_bar, bass, 0.9))
        notes += [Note("chords", beat, beats_per_bar, pitch, 0.7) for pitch in voicing]
    return notes


def _shade(mood: Mood, phrases: tuple[Phrase, ...], beats_per_bar: int, note: Note) -> Note:
    """The note at the loudness of its place: its section, and the swell of its phrase."""
    phrase = max((p for p in phrases if p.beat <= note.beat), key=lambda p: p.beat)
    length = len(phrase.chords) * beats_per_bar
    place = (note.beat - phrase.beat) / length
    swell = 1 - (2 * place - 1.1) ** 2  # loudest a little after the middle
    quiet, loud = mood.touch
    level = quiet + (loud - quiet) * min(1.0, _LEVEL[phrase.section] + 0.25 * swell)
    return replace(note, velocity=round(note.velocity * level, 4))
