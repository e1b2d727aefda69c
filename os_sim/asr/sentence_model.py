"""A speech model that hears whole sentences: an installed one with the skills' graph in it.

libvosk reads the graph of words from `Gr.fst` when it opens a model.  Here is a folder that has
a `Gr.fst` of its own (see `sentence_fst`), the list of words with those that were taught, and
every other file of the model it was made from, shared with it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from os_sim.asr import openfst
from os_sim.asr.models import Model, disk, layout
from os_sim.asr.openfst import WrittenFst
from os_sim.asr.pronunciation import pronunciations, spells
from os_sim.asr.sentence_fst import Lexicon, fst_of
from os_sim.asr.sentence_graph import word_graph
from os_sim.asr.vocabulary import words_of
from os_sim.asr.vosk import TAUGHT
from os_sim.errors import ModelError
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.sounds import Phones

Given = Mapping[str, Sequence[Phones]]
"""How words are pronounced that are not to be guessed."""

KEPT = 3
"""Folders of one model that stay: going back to the sentences before the last is quick."""

_FORM = b"3"
"""Changes whenever the same sentences give another graph."""


def model_for(
    model: Model, sentences: Iterable[Sentences], cache_dir: Path, given: Given | None = None
) -> Path:
    """A folder for libvosk that hears these sentences, and free speech if the model knows it.

    The model's own folder if it takes none.  Made once for the same model, sentences and `given`
    words, in about half a second; two processes may do so at once.  ModelError: the cache cannot
    be written, or the sentences are too many.
    """
    if not model.takes_grammar:
        return model.path
    known, taught = tuple(sentences), given or {}
    home = cache_dir / "graphs" / f"{model.name}-{_fingerprint(model, known, taught)}"
    if not _is_whole(home):
        what = "the graph of the skills' sentences"
        with disk.writing(home.parent, what), disk.workplace(home) as place:
            fresh = place / model.name
            _make(model.path, known, taught, cache_dir, fresh)
            disk.put_in_place(fresh, home, disk.sizes(fresh))
    _use(home, model.name)
    return home


def knows_free_speech(model: Model) -> bool:
    """Whether its own graph is more than a list of words."""
    return not model.takes_grammar or openfst.state_count(model.path / _graph(model.path)) > 1


def _fingerprint(model: Model, sentences: tuple[Sentences, ...], given: Given) -> str:
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
    found.update(repr(sorted((word, tuple(ways)) for word, ways in given.items())).encode())
    return found.hexdigest()[:12]


def _is_whole(home: Path) -> bool:
    try:
        layout.check(home)
    except ModelError:
        return False
    return True


def _make(
    model: Path, sentences: tuple[Sentences, ...], given: Given, cache_dir: Path, fresh: Path
) -> None:
    graph = _graph(model)
    words = graph.with_name("words.txt")
    for file in disk.sizes(model):
        (fresh / file).parent.mkdir(parents=True, exist_ok=True)
        if Path(file) not in (graph, words):
            _share(model / file, fresh / file)
    labels = openfst.read_words(model / graph) or openfst.read_word_list(model / words)
    lexicon = Lexicon(labels, _taught(sentences, labels, given, cache_dir))
    states, free = fst_of(
        word_graph(sentences, lexicon.knows), lexicon, _free_speech(model / graph)
    )
    openfst.write_vector(fresh / graph, states, free)
    if lexicon.taught or not (model / words).exists():
        openfst.write_word_list(fresh / words, lexicon.all_labels())
        unknown = sorted(lexicon.taught.keys() - labels.keys())
        (fresh / TAUGHT).write_text("\n".join(unknown), encoding="utf-8")
    else:
        _share(model / words, fresh / words)


def _graph(model: Path) -> Path:
    """The graph of words, in either layout."""
    return next(path for path in (Path("graph/Gr.fst"), Path("Gr.fst")) if (model / path).exists())


def _taught(
    sentences: tuple[Sentences, ...], labels: Mapping[str, int], given: Given, cache_dir: Path
) -> dict[str, tuple[Phones, ...]]:
    """How the words sound that the model does not know and can be told, or knows otherwise."""
    if not spells(labels):
        return {}
    unknown = words_of(sentences) - labels.keys()
    return pronunciations(sorted(unknown | given.keys()), given, cache_dir)


def _free_speech(graph: Path) -> WrittenFst | None:
    """The model's own graph, if it is an n-gram that can be built upon."""
    try:
        written = openfst.read_written(graph)
    except ValueError:
        return None
    return written if written.state_count > 1 else None


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
