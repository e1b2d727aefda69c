"""Ways to hear the same sentences, for `bench.hearing`: ours in several set-ups, and PocketSphinx.

Each takes a whole utterance and gives the text it heard, empty for none; one thread, no
endpointing.  What it has in memory is its own: every set-up runs in a process of its own.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bench.hearing_tasks import Task
from bench.levels import HZ, Sound
from os_sim.asr import openfst
from os_sim.asr.models import Model
from os_sim.asr.openfst import FstArc
from os_sim.asr.sentence_fst import Lexicon, fst_of
from os_sim.asr.sentence_graph import word_graph
from os_sim.asr.sentence_model import model_for
from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.audio import CHUNK_FRAMES
from os_sim.events import Utterance
from os_sim.nlu.sampler import sample

SAMPLES = 2_000
"""Sentences for the bigram."""

Ears = Callable[[Sound], str]
Setup = Callable[[Task, Model, Path], Ears]
"""Makes ears for a task, with a model and a folder for what is written on the way."""


def bigram(task: Task, model: Model, place: Path) -> Ears:
    """Vosk's own phrase list, of sampled sentences."""
    share = SAMPLES // len(task.sentences)
    samples = [text for one in task.sentences for text in sample(one, share, Random(1))]
    recognizer = VoskRecognizer(VoskModel.load(model.path), task.is_sentence)
    recognizer.expect(tuple(dict.fromkeys(samples)))
    return lambda sound: _heard(recognizer, sound)


def strict(task: Task, model: Model, place: Path) -> Ears:
    """The graph of the templates, and nothing else."""
    whole = model_for(model, task.sentences, place)
    folder = place / "strict"
    shutil.copytree(whole, folder, copy_function=os.link)
    graph = folder / "graph/Gr.fst"
    graph.unlink()
    lexicon = Lexicon(openfst.read_word_list(folder / "graph/words.txt"), {})
    states, _ = fst_of(word_graph(task.sentences, lexicon.knows), lexicon)
    way_out = FstArc(0, 0, states[0].arcs[-1].cost, len(states) - 1)
    states[0].arcs.remove(way_out)
    openfst.write_vector(graph, states)
    return _sentences(task, folder)


def with_free_speech(task: Task, model: Model, place: Path) -> Ears:
    """The graph of the templates beside free speech: what the program uses."""
    return _sentences(task, model_for(model, task.sentences, place))


def free(task: Task, model: Model, place: Path) -> Ears:
    """Any words; a known sentence among the ten best readings wins."""
    return _sentences(task, model.path)


def two_passes(task: Task, model: Model, place: Path) -> Ears:
    """Any words first; where they are no known sentence, the templates' graph hears again."""
    first, second = free(task, model, place), strict(task, model, place)

    def hear(sound: Sound) -> str:
        text = first(sound)
        return text if task.is_sentence(text) else second(sound)

    return hear


def pocketsphinx(task: Task, place: Path, options: Mapping[str, float]) -> Ears:
    """PocketSphinx 5 with the same graph of the templates, given as a finite-state grammar."""
    from pocketsphinx import Decoder  # type: ignore[import-untyped]  # it has no stubs

    decoder = Decoder(lm=None, loglevel="FATAL", samprate=HZ, **options)
    graph = word_graph(task.sentences, lambda word: decoder.lookup_word(word) is not None)
    final = len(graph.arcs)
    steps = [
        (state, to, p, word)
        for state, arcs in enumerate(graph.arcs)
        for word, (to, p) in arcs.items()
    ]
    ends = [(state, final, p) for state, p in enumerate(graph.ends) if p]
    decoder.add_fsg("sentences", decoder.create_fsg("sentences", 0, final, steps + ends))
    decoder.activate_search("sentences")

    def hear(sound: Sound) -> str:
        decoder.start_utt()
        decoder.process_raw(_int16(sound).tobytes(), full_utt=True)
        decoder.end_utt()
        return decoder.hyp().hypstr if decoder.hyp() else ""

    return hear


SETUPS: Mapping[str, Setup] = MappingProxyType(
    {
        "word bigram (phrase list)": bigram,
        "strict graph": strict,
        "strict graph beside free speech": with_free_speech,
        "free speech, then matching": free,
        "two passes: free, then strict": two_passes,
        "PocketSphinx, default beams": lambda task, _, place: pocketsphinx(task, place, {}),
        "PocketSphinx, best beams": lambda task, _, place: pocketsphinx(task, place, WIDE_BEAMS),
    }
)
WIDE_BEAMS: Mapping[str, float] = MappingProxyType(
    {"beam": 1e-80, "pbeam": 1e-80, "wbeam": 1e-60, "maxhmmpf": 100_000}
)
"""The defaults are 1e-48, 1e-48, 7e-29 and 30,000; still wider ones take longer than the sound."""


def _sentences(task: Task, folder: Path) -> Ears:
    recognizer = VoskRecognizer(VoskModel.load(folder), task.is_sentence, hears_sentences=True)
    recognizer.expect(None)
    return lambda sound: _heard(recognizer, sound)


def _heard(recognizer: VoskRecognizer, sound: Sound) -> str:
    samples = _int16(sound)
    whole = len(samples) // CHUNK_FRAMES * CHUNK_FRAMES
    for chunk in samples[:whole].reshape(-1, CHUNK_FRAMES):
        recognizer.feed(chunk)
    event = recognizer.finish()
    return event.text if isinstance(event, Utterance) else ""


def _int16(sound: Sound) -> NDArray[np.int16]:
    return np.rint(np.clip(sound * 32_768, -32_768, 32_767)).astype(np.int16)
