"""Whole sentences: the graph of the templates, and the model that hears with it."""

import math
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import process_time

import pytest

from os_sim import resources
from os_sim.asr.models import Model, layout
from os_sim.asr.models.find import find
from os_sim.asr.sentence_graph import WordGraph, word_graph
from os_sim.asr.sentence_model import KEPT, model_for
from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.errors import ModelError
from os_sim.events import NothingHeard, Utterance
from os_sim.nlu.matcher import Matcher, Sentences
from os_sim.nlu.sampler import sample
from os_sim.nlu.slots import SlotType, slot_type
from os_sim.nlu.template import parse_template
from os_sim.skill.loading import load_shelf
from tests.hearing import coffee
from tests.hearing.sounds import SPEECH, chunks_of, sound_of, spoken

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def of(*templates: str, **slots: SlotType) -> Sentences:
    return Sentences("test", "test", tuple(map(parse_template, templates)), slots)


def every_word(word: str) -> bool:
    return True


def graph_of(*templates: str, knows: Callable[[str], bool] = every_word) -> WordGraph:
    return word_graph([of(*templates)], knows)


def walk(graph: WordGraph, random: Random) -> str:
    """A sentence, drawn as its probabilities say."""
    state = 0
    words: list[str] = []
    while True:
        ways: list[tuple[str | None, int, float]] = [(None, 0, graph.ends[state])]
        ways += [(word, to, share) for word, (to, share) in graph.arcs[state].items()]
        ((word, state, _),) = random.choices(ways, [share for *_, share in ways])
        if word is None:
            return " ".join(words)
        words.append(word)


@pytest.fixture(scope="module")
def shelf() -> list[Sentences]:
    return load_shelf(resources.shipped("skills")).matcher.known


@pytest.fixture(scope="module")
def shelf_graph(shelf: list[Sentences]) -> WordGraph:
    return word_graph(shelf, every_word)


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Model:
    place = tmp_path_factory.mktemp("model")
    return find("", data_dir=place / "data", cache_dir=place / "cache")


# The graph.


def test_every_path_is_a_sentence_that_the_skills_understand(
    shelf: list[Sentences], shelf_graph: WordGraph
) -> None:
    matcher = Matcher()
    for sentences in shelf:
        matcher.add(sentences)
    random = Random(5)
    for _ in range(300):
        sentence = walk(shelf_graph, random)
        assert matcher.match(sentence, NOW), sentence


def test_every_sentence_of_the_skills_is_a_path(
    shelf: list[Sentences], shelf_graph: WordGraph
) -> None:
    for sentences in shelf:
        for sentence in sample(sentences, 40, Random(6)):
            assert shelf_graph.probability(sentence) > 0, sentence


def test_the_probabilities_of_a_state_add_up_to_one(shelf_graph: WordGraph) -> None:
    for arcs, end in zip(shelf_graph.arcs, shelf_graph.ends, strict=True):
        assert math.isclose(sum(share for _, share in arcs.values()) + end, 1)


def test_equal_beginnings_share_their_states() -> None:
    graph = graph_of("play a song", "play a tune", "(now;quietly;please) stop")
    assert len(graph.arcs) == 11  # 2^3 sets said, "stop", and two on the way to song or tune
    assert graph.probability("play a tune") == pytest.approx(1 / 3)
    assert graph.probability("quietly please now stop") == pytest.approx(1 / 18)


def test_a_part_left_out_is_more_probable_than_one_that_is_said() -> None:
    graph = graph_of("[please|kindly] stop")
    assert graph.probability("stop") == pytest.approx(0.8)
    assert graph.probability("please stop") == pytest.approx(0.1)


def test_short_forms_are_sentences_too() -> None:
    graph = graph_of("what is (this|that)", "what was that")
    assert graph.probability("what's this") > 0
    assert graph.probability("what is this") > 0
    assert graph.probability("what's") == graph.probability("what's was that") == 0
    assert graph_of("what is this", knows=lambda word: "'" not in word).arcs[0].keys() == {"what"}


def test_unknown_words_are_named_and_their_sentences_left_out() -> None:
    slots = {"anyone": slot_type(str), "drink": slot_type(coffee.Drink)}
    sentences = of("call (zzqx|me)", "order {drink}", "tell {anyone}", **slots)
    graph = word_graph([sentences], lambda word: word not in ("zzqx", "mocha", "iced"))
    assert graph.unknown_words == {"zzqx", "mocha", "iced"}
    assert graph.probability("call me") == pytest.approx(1 / 2)
    assert graph.probability("order latte") > 0
    assert graph.words().isdisjoint({"zzqx", "mocha", "iced", "tell"})


def test_without_a_sentence_there_is_one_state() -> None:
    assert word_graph([], every_word) == WordGraph([{}], [1.0], frozenset())
    assert graph_of("zzqx", knows=lambda word: False).arcs == [{}]


def test_billions_of_sentences_are_a_few_hundred_arcs() -> None:
    choices = " ".join(f"[a{n}|b{n}|c{n}]" for n in range(20))  # 4^20 = 10^12
    began = process_time()
    graph = word_graph([coffee.sentences(), of(choices)], every_word)
    assert process_time() - began < 1
    assert sum(map(len, graph.arcs)) < 1_500
    assert graph.probability(" ".join(f"c{n}" for n in range(20))) > 0


def test_sentences_that_have_no_small_graph_are_refused_in_one_line() -> None:
    # "the 20th word from the end is a": a classic that takes 2^20 states.
    any_word = " [a|b]" * 40
    with pytest.raises(ModelError, match=r"more than 40,000 states.*switch a skill off"):
        graph_of(f"{any_word} a {'(a|b) ' * 20}")


def test_a_template_of_too_many_steps_is_refused_in_one_line() -> None:
    # Each of 2,000 optional words may follow each that comes before it.
    with pytest.raises(ModelError, match=r"more than 500,000 steps.*switch a skill off"):
        graph_of(" ".join(f"[a{n}]" for n in range(2_000)))


# The model.


def recognizer_of(folder: Path) -> VoskRecognizer:
    recognizer = VoskRecognizer(VoskModel.load(folder))
    recognizer.expect(None)
    return recognizer


def heard(recognizer: VoskRecognizer, path: Path) -> Utterance | NothingHeard:
    for chunk in chunks_of(sound_of(path)):
        recognizer.feed(chunk)
    return recognizer.finish()


@pytest.mark.timeout(240)
def test_sentences_are_heard_whole_and_other_talk_is_not(
    built_in: Model, shelf: list[Sentences], tmp_path: Path
) -> None:
    matcher = Matcher()
    for sentences in shelf:
        matcher.add(sentences)
    recognizer = recognizer_of(model_for(built_in, shelf, tmp_path))
    for sentence in ("play a melancholy song", "write a letter"):
        result = heard(recognizer, spoken(sentence, "rms"))
        assert isinstance(result, Utterance)
        assert result.text == sentence
    result = heard(recognizer, SPEECH / "misc/librivox-0880.flac")
    assert result == NothingHeard() or matcher.match(result.text, NOW) is None  # type: ignore[union-attr]  # NothingHeard is first


def test_the_folder_shares_what_it_does_not_change(built_in: Model, tmp_path: Path) -> None:
    folder = model_for(built_in, [of("stop")], tmp_path)
    assert folder.parent == tmp_path / "graphs"
    for file in ("am/final.mdl", "graph/HCLr.fst", "graph/words.txt"):
        assert (folder / file).samefile(built_in.path / file)
    assert not (folder / "graph/Gr.fst").samefile(built_in.path / "graph/Gr.fst")


def test_other_sentences_or_another_model_make_another_folder(
    built_in: Model, tmp_path: Path
) -> None:
    folder = model_for(built_in, [of("stop")], tmp_path)
    assert model_for(built_in, [of("stop")], tmp_path) == folder
    assert model_for(built_in, [of("next")], tmp_path) != folder
    colours = of("paint it {colour}", colour=slot_type(coffee.Size))
    others = of("paint it {colour}", colour=slot_type(coffee.Roast))
    assert model_for(built_in, [colours], tmp_path) != model_for(built_in, [others], tmp_path)


def test_only_the_latest_folders_are_kept(built_in: Model, tmp_path: Path) -> None:
    for at, word in enumerate(("one", "two", "three", "four", "five")):
        folder = model_for(built_in, [of(word)], tmp_path)
        os.utime(folder, (at, at))
    stays = model_for(built_in, [of("six")], tmp_path)
    assert stays.is_dir()
    assert len(list((tmp_path / "graphs").iterdir())) == KEPT


def test_a_damaged_folder_is_made_again(built_in: Model, tmp_path: Path) -> None:
    folder = model_for(built_in, [of("stop")], tmp_path)
    (folder / "graph/Gr.fst").write_bytes(b"")
    assert model_for(built_in, [of("stop")], tmp_path) == folder
    layout.check(folder)


def test_a_model_that_takes_no_grammar_stays_as_it_is(built_in: Model, tmp_path: Path) -> None:
    static = replace(built_in, takes_grammar=False)
    assert model_for(static, [of("stop")], tmp_path) == built_in.path
    assert not list(tmp_path.iterdir())


def test_several_may_make_the_same_folder_at_once(built_in: Model, tmp_path: Path) -> None:
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(model_for(built_in, [of("stop")], tmp_path)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    layout.check(found[0])
    assert [path.name for path in (tmp_path / "graphs").iterdir()] == [found[0].name]


def test_a_cache_that_cannot_be_written_is_told_in_one_line(
    built_in: Model, tmp_path: Path
) -> None:
    (tmp_path / "graphs").write_text("a file where the folder should be")
    with pytest.raises(ModelError, match=r"Can't write the graph .*--home"):
        model_for(built_in, [of("stop")], tmp_path)
