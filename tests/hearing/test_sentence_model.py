"""The sentence model in bad times: a full disk, rivals, a model that changes under a running OS."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from os_sim.asr import openfst
from os_sim.asr.models import Model, layout
from os_sim.asr.models.find import find
from os_sim.asr.sentence_model import knows_free_speech, model_for
from os_sim.asr.vosk import TAUGHT, VoskModel, VoskRecognizer
from os_sim.events import Utterance
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.template import parse_template
from tests.hearing.sounds import chunks_of, sound_of, spoken


def of(*templates: str) -> Sentences:
    return Sentences("test", "test", tuple(map(parse_template, templates)), {})


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Model:
    place = tmp_path_factory.mktemp("model")
    return find("", data_dir=place / "data", cache_dir=place / "cache")


@pytest.fixture
def own(built_in: Model, tmp_path: Path) -> Model:
    """A copy that a test may spoil; only the graph is its own."""
    folder = tmp_path / "own"
    for file in built_in.path.rglob("*"):
        if file.is_file():
            place = folder / file.relative_to(built_in.path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.hardlink_to(file)
    graph = folder / "graph/Gr.fst"
    content = graph.read_bytes()
    graph.unlink()
    graph.write_bytes(content)
    return replace(built_in, path=folder)


MAKING = """
import resource, sys
from pathlib import Path
from os_sim.asr.models.find import find
from os_sim.asr.sentence_model import model_for
from os_sim.errors import ModelError
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.template import parse_template
place, cache, most_bytes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
model = find("", data_dir=place / "data", cache_dir=place / "cache")
if most_bytes:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
sentences = [Sentences("t", "t", (parse_template("[please] stop"),), {})]
try:
    print(model_for(model, sentences, cache))
except ModelError as error:
    print(error)
"""


def making(built_in: Model, cache: Path, most_bytes: int = 0) -> "subprocess.Popen[str]":
    """Another process that makes the folder; no file that it writes may be longer."""
    place = built_in.path.parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", MAKING, str(place), str(cache), str(most_bytes)],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit to simulate it with")
def test_a_disk_that_is_full_in_the_middle_of_it_is_told_in_one_line(
    built_in: Model, tmp_path: Path
) -> None:
    told, _ = making(built_in, tmp_path, most_bytes=100).communicate(timeout=60)
    assert told.startswith("Can't write the graph of the skills' sentences")
    assert told.count("\n") == 1
    assert list((tmp_path / "graphs").iterdir()) == []


def test_two_processes_may_make_it_at_once(built_in: Model, tmp_path: Path) -> None:
    both = [making(built_in, tmp_path) for _ in range(2)]
    folders = {process.communicate(timeout=60)[0].strip() for process in both}
    assert len(folders) == 1
    folder = Path(folders.pop())
    layout.check(folder)
    assert [path.name for path in (tmp_path / "graphs").iterdir()] == [folder.name]


def test_a_model_that_changes_under_a_running_os_is_heard_with_to_the_end(
    own: Model, tmp_path: Path
) -> None:
    folder = model_for(own, [of("next", "stop")], tmp_path)
    recognizer = VoskRecognizer(VoskModel.load(folder), hears_sentences=True)
    recognizer.expect(None)
    openfst.write_vector(own.path / "graph/Gr.fst", [openfst.FstState(0.0)])
    changed = model_for(own, [of("next", "stop")], tmp_path)
    assert changed != folder, "the next start does not take the old one for it"
    for chunk in chunks_of(sound_of(spoken("next"))):
        recognizer.feed(chunk)
    result = recognizer.finish()
    assert isinstance(result, Utterance)
    assert result.text == "next"


def test_a_list_of_words_is_no_free_speech(built_in: Model, own: Model) -> None:
    graph = own.path / "graph/Gr.fst"
    openfst.write_vector(graph, [openfst.FstState(0.0)])
    assert not knows_free_speech(own)
    openfst.write_vector(graph, [openfst.FstState(0.0), openfst.FstState(0.0)])
    assert knows_free_speech(own)
    assert knows_free_speech(replace(own, takes_grammar=False))


def test_answers_with_a_taught_word_are_left_to_the_models_own_graph(
    built_in: Model, tmp_path: Path
) -> None:
    folder = model_for(built_in, [of("next", "good night")], tmp_path)
    (folder / TAUGHT).write_text("jonze\n", encoding="utf-8")
    recognizer = VoskRecognizer(VoskModel.load(folder), hears_sentences=True)
    for answers, text in ((("spike jonze", "stop"), "next"), (("spike lee", "stop"), None)):
        recognizer.expect(answers)
        for chunk in chunks_of(sound_of(spoken("next"))):
            recognizer.feed(chunk)
        assert getattr(recognizer.finish(), "text", None) == text
