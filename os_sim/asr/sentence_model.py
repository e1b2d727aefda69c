"""A speech model that hears whole sentences: an installed one with the skills' graph in it.

libvosk reads the graph of words from `Gr.fst` when it opens a model.  Here is a folder that has
a `Gr.fst` of its own and shares every other file with the model it was made from.

Beside the sentences stands a loop over all their words, written as UNKNOWN: talk that is none of
the sentences sounds more like some jumble of words than like any of them.

                  ┌─▶ the sentences, their probabilities softened ─▶ end
    start ────────┤
                  └─▶ any word of theirs, again and again, heard as [unk] ─▶ end
"""

import hashlib
import math
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from random import Random

from os_sim.asr import openfst
from os_sim.asr.models import Model, disk, layout
from os_sim.asr.openfst import FstArc, FstState
from os_sim.asr.sentence_graph import WordGraph, word_graph
from os_sim.asr.vosk import UNKNOWN
from os_sim.errors import ModelError
from os_sim.nlu.matcher import Sentences

KEPT = 3
"""Folders of one model that stay: going back to the sentences before the last is quick."""

_SOFTENED = 0.5
"""What the sentences' costs are multiplied with: which words were said is for the ear to tell,
and templates know little about how often something is asked."""
_OTHER_SPEECH_COST = 1.0
_OTHER_WORD_COST = 5.0
"""Smaller ones let less talk of other people through, and lose more short sentences."""
_OTHER_END_COST = 1.0
_FORM = b"2"
"""Changes whenever the same sentences give another graph."""


def model_for(model: Model, sentences: Iterable[Sentences], cache_dir: Path) -> Path:
    """A folder for libvosk that hears exactly these sentences; `model.path` if it takes none.

    Made once for the same model and sentences, in about half a second; two processes may do so
    at once.  ModelError: the cache cannot be written, or the sentences are too many.
    """
    if not model.takes_grammar:
        return model.path
    known = tuple(sentences)
    home = cache_dir / "graphs" / f"{model.name}-{_fingerprint(model, known)}"
    if not _is_whole(home):
        what = "the graph of the skills' sentences"
        with disk.writing(home.parent, what), disk.workplace(home) as place:
            fresh = place / model.name
            _make(model.path, known, fresh)
            disk.put_in_place(fresh, home, disk.sizes(fresh))
    _use(home, model.name)
    return home


def fst_of(graph: WordGraph, labels: dict[str, int]) -> list[FstState]:
    """The graph as libvosk takes it, with a loop for other speech if the model has UNKNOWN."""
    states = [
        FstState(
            _cost(end),
            [FstArc(labels[word], labels[word], _cost(p), to) for word, (to, p) in arcs.items()],
        )
        for arcs, end in zip(graph.arcs, graph.ends, strict=True)
    ]
    if UNKNOWN in labels:
        loop = len(states)
        states[0].arcs.append(FstArc(0, 0, _OTHER_SPEECH_COST, loop))
        words = sorted({UNKNOWN, *graph.words()})
        arcs = [FstArc(labels[w], labels[UNKNOWN], _OTHER_WORD_COST, loop) for w in words]
        states.append(FstState(_OTHER_END_COST, arcs))
    return states


def _cost(probability: float) -> float:
    return -_SOFTENED * math.log(probability) if probability else math.inf


def _fingerprint(model: Model, sentences: tuple[Sentences, ...]) -> str:
    """Of everything that goes into the folder."""
    found = hashlib.sha256(_FORM)
    for file in disk.sizes(model.path):
        state = (model.path / file).stat()
        found.update(f"{file} {state.st_size} {state.st_mtime_ns}\n".encode())
    for one in sentences:
        found.update(repr(one.templates).encode())
        for name, slot in sorted(one.slots.items()):
            phrases = slot.reader.samples(Random(0))
            found.update(f"\n{name} {slot.reader.wildcard} {phrases}\n".encode())
    return found.hexdigest()[:12]


def _is_whole(home: Path) -> bool:
    try:
        layout.check(home)
    except ModelError:
        return False
    return True


def _make(model: Path, sentences: tuple[Sentences, ...], fresh: Path) -> None:
    graph = next(path for path in (Path("graph/Gr.fst"), Path("Gr.fst")) if (model / path).exists())
    labels = openfst.read_words(model / graph)
    for file in disk.sizes(model):
        (fresh / file).parent.mkdir(parents=True, exist_ok=True)
        if file != graph.as_posix():
            _share(model / file, fresh / file)
    words = (fresh / graph).with_name("words.txt")
    if labels is None:
        labels = openfst.read_word_list(words)
    elif not words.exists():
        openfst.write_word_list(words, labels)
    states = fst_of(word_graph(sentences, labels.__contains__), labels)
    openfst.write_vector(fresh / graph, states)


def _share(file: Path, at: Path) -> None:
    """The same file in another place, taking no room; a copy where links are not to be had."""
    source = file.resolve()
    try:
        os.link(source, at)
    except OSError:
        try:
            at.symlink_to(source)
        except OSError:
            shutil.copy2(source, at)


def _use(home: Path, name: str) -> None:
    """Mark a folder as used just now, and remove those of its model that were not for longest."""
    try:
        os.utime(home)
        alike = [path for path in home.parent.glob(f"{name}-*") if path.is_dir()]
        for old in sorted(alike, key=lambda path: path.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return  # another process is tidying up, or the cache is read-only: nothing is lost
