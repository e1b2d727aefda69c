"""What is on the paper: the composer's rules, checked over many seeds."""

from functools import cache
from itertools import pairwise
from statistics import mean

import pytest

from skills.song.accompaniment import voice
from skills.song.composer import compose
from skills.song.harmony import parallels
from skills.song.moods import CALM, HOPEFUL, MELANCHOLY, Mood
from skills.song.performance import perform
from skills.song.score import Note, Score

MOODS = [MELANCHOLY, CALM, HOPEFUL]
SEEDS = range(50)


@cache
def scores(mood: Mood) -> list[Score]:
    return [compose(seed, mood) for seed in SEEDS]


def sung(score: Score) -> list[list[Note]]:
    """The melody, phrase by phrase."""
    ends = [phrase.beat for phrase in score.phrases[1:]] + [score.beats]
    return [
        [note for note in score.part("melody") if phrase.beat <= note.beat < end]
        for phrase, end in zip(score.phrases, ends, strict=True)
    ]


def test_the_same_seed_composes_the_same_piece() -> None:
    assert compose(11, MELANCHOLY) == compose(11, MELANCHOLY)


def test_two_seeds_never_compose_the_same_piece() -> None:
    melodies = set()
    for seed in range(200):
        score = compose(seed, MELANCHOLY)
        home = score.key.tonic
        notes = score.part("melody")
        melodies.add(tuple((note.beat, note.pitch - home) for note in notes))
    assert len(melodies) == 200  # not even when moved to the same key


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_a_piece_lasts_between_60_and_100_seconds(mood: Mood) -> None:
    lengths_s = [perform(score).seconds for score in scores(mood)]
    assert min(lengths_s) >= 60
    assert max(lengths_s) <= 100


def test_melancholy_is_minor_or_dorian_and_slow() -> None:
    for score in scores(MELANCHOLY):
        assert score.key.mode in ("aeolian", "dorian")
        assert 55 <= score.bpm <= 85


def test_melancholy_phrases_fall_and_hopeful_motifs_rise() -> None:
    def first_bar(score: Score) -> int:
        phrase = sung(score)[1]
        bar = [n for n in phrase if n.beat < phrase[0].beat // 1 + score.beats_per_bar]
        return bar[-1].pitch - bar[0].pitch

    assert mean(first_bar(score) for score in scores(MELANCHOLY)) < -2
    assert mean(first_bar(score) for score in scores(HOPEFUL)) > 1


def test_moods_differ_in_how_many_notes_there_are_a_second() -> None:
    def density(mood: Mood) -> float:
        return mean(len(s.notes) / perform(s).seconds for s in scores(mood))

    assert density(CALM) < density(MELANCHOLY) < density(HOPEFUL)
    assert density(MELANCHOLY) < 3.2


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_the_melody_can_be_sung(mood: Mood) -> None:
    for score in scores(mood):
        pitches = [note.pitch for note in score.part("melody")]
        assert max(pitches) - min(pitches) <= 24
        for phrase in sung(score):
            leaps = [abs(b.pitch - a.pitch) for a, b in pairwise(phrase)]
            assert max(leaps, default=0) <= 12
        steps = [abs(b - a) for a, b in pairwise(pitches)]
        assert sum(step <= 5 for step in steps) / len(steps) > 0.7  # mostly within a fourth


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_the_melody_is_one_voice_and_pauses_for_breath(mood: Mood) -> None:
    for score in scores(mood):
        notes = score.part("melody")
        assert all(a.end <= b.beat for a, b in pairwise(notes))
        rests = [b.beat - a.end for a, b in pairwise(notes)]
        assert sum(rest >= 1 for rest in rests) >= len(score.phrases) - 4


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_long_notes_rest_on_the_chord(mood: Mood) -> None:
    for score in scores(mood):
        chords = [chord for phrase in score.phrases for chord in phrase.chords]
        for note in score.part("melody"):
            if note.beats >= 1.5:
                chord = chords[int(note.beat // score.beats_per_bar)]
                assert note.pitch % 12 in chord.classes


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_voices_move_little_and_seldom_in_parallel(mood: Mood) -> None:
    moves, hidden, bars = [], 0, 0
    for score in scores(mood):
        for (bass0, before), (bass1, after) in pairwise(voice(score.phrases)):
            moves += [abs(b - a) for a, b in zip(before, after, strict=True)]
            hidden += parallels((bass0, *before), (bass1, *after)) > 0
            bars += 1
    assert mean(moves) < 2.5
    assert hidden / bars < 0.12


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_a_piece_ends_at_home(mood: Mood) -> None:
    for score in scores(mood):
        last = score.phrases[-1].chords[-1]
        assert last.root == score.key.tonic
        assert [n.pitch % 12 for n in score.part("bass")][-1] == score.key.tonic


def test_the_motif_comes_back_and_is_not_the_same_every_time() -> None:
    def shape(phrase: list[Note]) -> tuple[tuple[float, int], ...]:
        return tuple((n.beat - phrase[0].beat, n.pitch - phrase[0].pitch) for n in phrase)

    for score in scores(MELANCHOLY):
        verses = [
            phrase
            for phrase, plan in zip(sung(score), score.phrases, strict=True)
            if plan.section in ("A", "close")
        ]
        shapes = [shape(phrase) for phrase in verses]
        assert len(set(shapes)) > 1
        rhythms = [[n.beats for n in phrase[:2]] for phrase in verses]
        assert any(rhythm == rhythms[0] for rhythm in rhythms[1:])


def test_a_player_slows_down_at_the_end_and_never_plays_backwards() -> None:
    for score in scores(MELANCHOLY)[:20]:
        performance = perform(score)
        starts = [stroke.start_s for stroke in performance.strokes]
        assert starts == sorted(starts)
        bass = [s.start_s for s in performance.strokes if s.part == "bass"]
        even_s = score.beats_per_bar * 60 / score.bpm
        assert bass[-1] - bass[-2] > 0.98 * even_s
        last_bar_s = performance.seconds - 6.0 - bass[-1]
        assert last_bar_s > 1.05 * even_s
