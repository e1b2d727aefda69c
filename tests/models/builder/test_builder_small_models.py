"""Small models in both layouts of the published ones, heard with the program's own code."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import vosk

from os_sim.asr import openfst
from os_sim.asr.models import layout
from os_sim.asr.models.layout import open_folder
from os_sim.asr.openfst import FstArc, FstState
from os_sim.asr.sentence_model import model_for
from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.events import Utterance
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.template import parse_template
from tests.hearing.sounds import VOICES, chunks_of, nothing, sound_of, spoken
from tests.models.builder import small_models

SPELLED = small_models.SPELLED["melan"].split()
FRAME_RATIO = 3
"""libvosk takes frames to be so many times as long as they are here."""


@pytest.fixture(params=["lookahead", "static"])
def small(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(f"small_{request.param}")
    return folder


def heard(model: VoskModel, sentence: str, voice: str, *expected: str) -> str:
    recognizer = VoskRecognizer(model)
    recognizer.expect(expected or None)
    for sound in (sound_of(spoken(sentence, voice)), nothing(0.3)):
        for chunk in chunks_of(sound):
            recognizer.feed(chunk)
    answer = recognizer.finish()
    recognizer.close()
    return answer.text if isinstance(answer, Utterance) else ""


def words_of(folder: Path, voice: str) -> list[dict[str, float | str]]:
    """What libvosk alone hears in "play a melancholy song"."""
    model = vosk.Model(str(folder))
    recognizer = vosk.KaldiRecognizer(model, 16_000)
    recognizer.SetWords(True)
    sound = np.concatenate([sound_of(spoken("play a melancholy song", voice)), nothing(0.3)])
    recognizer.AcceptWaveform(sound.tobytes())
    found: list[dict[str, float | str]] = json.loads(recognizer.FinalResult())["result"]
    return found


def check_times(words: list[dict[str, float | str]]) -> None:
    """Words follow each other, and the long one lasts about as long as it takes to say it."""
    times = [(float(word["start"]), float(word["end"])) for word in words]
    assert all(start < end for start, end in times)
    assert all(end <= start for (_, end), (start, _) in pairwise(times))
    start, end = next(at for at, word in zip(times, words, strict=True) if word["word"] == "melan")
    assert 0.5 < (end - start) / FRAME_RATIO < 1.0
    assert 0.5 < start / FRAME_RATIO < 1.2


@pytest.mark.parametrize("voice", VOICES)
def test_a_spelled_word_is_heard_as_one_word_that_lasts_its_time(small: Path, voice: str) -> None:
    words = words_of(small, voice)
    assert [word["word"] for word in words if word["word"] != "a"] == ["play", "melan", "song"]
    check_times(words)


def test_the_program_hears_the_words_of_both_layouts(small: Path) -> None:
    model = VoskModel.load(small)
    for word in ("next", "stop", "pause"):
        texts = [heard(model, word, voice) for voice in VOICES]
        assert texts.count(word) >= 3, (word, texts)
    model.close()


def test_the_program_tells_the_layouts_apart(small_lookahead: Path, small_static: Path) -> None:
    assert layout.check(small_lookahead).takes_grammar
    assert not layout.check(small_static).takes_grammar
    (new, old) = map(VoskModel.load, (small_lookahead, small_static))
    assert new.takes_grammar
    assert not old.takes_grammar
    new.close()
    old.close()


def test_the_skills_sentences_are_heard_whole_where_the_layout_lets_them(
    small_lookahead: Path, small_static: Path, tmp_path: Path
) -> None:
    templates = tuple(map(parse_template, ["play a song", "(next|stop)", "(pause|resume)"]))
    sentences = [Sentences("test", "test", templates, {})]
    folders = [
        model_for(open_folder(folder, "small-en", "installed"), sentences, tmp_path)
        for folder in (small_lookahead, small_static)
    ]
    assert folders[0] != small_lookahead
    assert folders[1] == small_static
    for folder in folders:
        model = VoskModel.load(folder)
        assert heard(model, "stop", "slt") == "stop"
        assert heard(model, "pause", "rms", "pause", "resume") == "pause"
        model.close()


@pytest.mark.parametrize("voice", VOICES)
def test_a_word_is_taught_by_a_path_in_the_graph_of_sentences_alone(
    small_lookahead: Path, tmp_path: Path, voice: str
) -> None:
    folder = shutil.copytree(small_lookahead, tmp_path / "taught")
    labels = openfst.read_word_list(folder / "graph/words.txt")
    labels["gloomy"] = max(labels.values()) + 1
    openfst.write_word_list(folder / "graph/words.txt", labels)
    places = ["B", *"I" * (len(SPELLED) - 2), "E"]
    spelled = [labels[f"~{phone}_{place}"] for phone, place in zip(SPELLED, places, strict=True)]
    reads = [labels["play"], labels["a"], *spelled, labels["song"]]
    writes = [labels["play"], labels["a"], labels["gloomy"], *[0] * 8, labels["song"]]
    states = [
        FstState(arcs=[FstArc(read, write, 0.0, at)])
        for at, (read, write) in enumerate(zip(reads, writes, strict=True), 1)
    ]
    openfst.write_vector(folder / "graph/Gr.fst", [*states, FstState(final_cost=0.0)])
    words = words_of(folder, voice)
    assert [word["word"] for word in words] == ["play", "a", "gloomy", "song"]
