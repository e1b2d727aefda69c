"""When each word was said: a pause that is put between two words moves those after it."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.audio import CAPTURE_HZ
from os_sim.events import Utterance, Word
from tests.hearing import coffee
from tests.hearing.sounds import COMMANDS, SPEECH, chunks_of, hiss, sound_of, spoken

if TYPE_CHECKING:
    from tests.hearing.sounds import Sound

NEAR_S = 0.05


def words_of(model: VoskModel, sound: "Sound", sentences: tuple[str, ...]) -> tuple[Word, ...]:
    recognizer = VoskRecognizer(model)
    recognizer.expect(sentences)
    for chunk in chunks_of(np.concatenate([sound, hiss(0.5, -65)])):
        recognizer.feed(chunk)
    event = recognizer.finish()
    assert isinstance(event, Utterance)
    assert " ".join(word.text for word in event.words) == event.text
    return event.words


def quietest(sound: "Sound", around_s: float) -> int:
    """The frame in the middle of the quietest 20 ms within 60 ms."""
    starts = range(round((around_s - 0.06) * CAPTURE_HZ), round((around_s + 0.06) * CAPTURE_HZ), 40)
    energy = {
        start: float(np.sum(sound[start : start + 320].astype(float) ** 2)) for start in starts
    }
    return min(energy, key=energy.__getitem__) + 160


@pytest.mark.parametrize("voice", ["slt", "rms"])
@pytest.mark.parametrize("pause_s", [0.2, 0.6])
def test_words_after_a_pause_come_later_by_its_length(
    model: VoskModel, voice: str, pause_s: float
) -> None:
    sound = sound_of(spoken("play a melancholy song", voice))
    words = words_of(model, sound, COMMANDS)
    for number in (0, 2):
        cut = quietest(sound, words[number].end_s)
        slow = np.concatenate([sound[:cut], hiss(pause_s, -65), sound[cut:]])
        moved = words_of(model, slow, COMMANDS)
        before = [word.start_s for word in words[: number + 1]]
        after = [word.start_s + pause_s for word in words[number + 1 :]]
        assert [word.start_s for word in moved] == pytest.approx(before + after, abs=NEAR_S)


def test_a_person_pauses_where_the_words_say_so(model: VoskModel) -> None:
    recording = SPEECH / "coffee/05ae073e.flac"
    sentences = coffee.sampled(1_000)
    sound = sound_of(recording)
    words = words_of(model, sound, sentences)
    cut = quietest(sound, words[-2].end_s)
    moved = words_of(model, np.concatenate([sound[:cut], hiss(0.4, -65), sound[cut:]]), sentences)
    assert moved[-1].start_s - words[-1].start_s == pytest.approx(0.4, abs=NEAR_S)


def test_times_lie_within_the_sound(model: VoskModel) -> None:
    sound = sound_of(spoken("good night", "rms"))
    words = words_of(model, sound, COMMANDS)
    loud = np.flatnonzero(np.abs(sound.astype(int)) > np.abs(sound.astype(int)).max() / 30)
    assert words[0].start_s == pytest.approx(loud[0] / CAPTURE_HZ, abs=0.08)
    assert words[-1].end_s == pytest.approx(loud[-1] / CAPTURE_HZ, abs=0.15)
