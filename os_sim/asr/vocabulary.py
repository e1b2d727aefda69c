"""The words a speech model knows, those that skills need, and which of them sound alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from os_sim.asr import openfst
from os_sim.asr.models import Model
from os_sim.asr.pronunciation import letters_to_phonemes, pronunciations, spells
from os_sim.asr.pronunciation_espeak import pronunciations_of
from os_sim.errors import VoiceError
from os_sim.nlu.graph import build
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.sounds import Phones, nearest

DICTIONARY = "graph/pronunciations.txt"
"""A word and its phones on each line, beside the model's graph; libvosk does not look at it."""
_WORD_LISTS = ("graph/words.txt", "words.txt")
_GRAPHS = ("graph/Gr.fst", "Gr.fst")
_SYMBOLS = ("<", "#", "!", "~", "[")
"""How Kaldi's own symbols, pseudo-words and noises begin; no word does."""
_COMPARED = 3
"""Words of which is told what sounds like them: that takes a second for each."""
_ALIKE_LETTERS = 2
"""How much longer or shorter a word may be that is asked how it sounds."""


@dataclass(frozen=True)
class Vocabulary:
    """What a model can hear."""

    words: frozenset[str]
    teachable: bool
    """Whether it can be told further words phone by phone."""
    dictionary: Path
    """How its words are pronounced; published models carry no such file."""


@dataclass(frozen=True, slots=True)
class MissingWord:
    """A word that a model does not know."""

    word: str
    ways: tuple[Phones, ...]
    """How it is pronounced; empty if nobody can tell."""


def read_vocabulary(model: Path) -> Vocabulary:
    """What the model in this folder can hear; no word at all if nothing there tells.

    Reads two megabytes for 130,000 words: a tenth of a second.
    """
    labels = _labels(model)
    words = frozenset(word for word in labels if not word.startswith(_SYMBOLS))
    return Vocabulary(words, spells(labels), model / DICTIONARY)


def words_of(sentences: Iterable[Sentences]) -> frozenset[str]:
    """Every word of these sentences, listed values included."""
    found: set[str] = set()
    for one in sentences:
        for template in one.templates:
            found |= {arc.word for arcs in build(template).arcs for arc in arcs if arc.word}
        for slot in one.slots.values():
            found.update(*(phrase.split() for phrase in slot.reader.samples(Random(0))))
    return frozenset(found)


def missing(
    words: Iterable[str],
    vocabulary: Vocabulary,
    given: Mapping[str, Sequence[Phones]],
    cache_dir: Path,
) -> list[MissingWord]:
    """The words that the model does not know, by name, with their pronunciations if there are."""
    unknown = sorted(set(words) - vocabulary.words)
    found = pronunciations(unknown, given, cache_dir)
    return [MissingWord(word, found.get(word, ())) for word in unknown]


def unheard(
    sentences: Iterable[Sentences],
    model: Model,
    given: Mapping[str, Sequence[Phones]],
    cache_dir: Path,
) -> tuple[list[str], list[str]]:
    """What is wrong with the words of these sentences, and what is only a pity; a line each.

    Wrong: the model does not know a word, and nobody can tell how it sounds.  A pity: somebody
    can, but this model cannot be taught.
    """
    vocabulary = read_vocabulary(model.path)
    if not vocabulary.words:
        return [], []  # a static graph that keeps its words to itself
    lacking = missing(words_of(sentences), vocabulary, given, cache_dir)
    wrong = [
        f"'{one.word}' can't be heard: the model {model.name} does not know it"
        f"{_likeness(one, vocabulary)}, and nobody can tell how it sounds; "
        "say so in the skill's pronunciations.toml"
        for one in lacking
        if not one.ways
    ]
    untaught = [one for one in lacking if one.ways]
    if vocabulary.teachable or not untaught:
        return wrong, []
    some = ", ".join(f"{one.word}{_likeness(one, vocabulary)}" for one in untaught[:_COMPARED])
    more = f" and {len(untaught) - _COMPARED} more" if len(untaught) > _COMPARED else ""
    return wrong, [f"the model {model.name} can't be taught words and does not know {some}{more}"]


def _likeness(word: MissingWord, vocabulary: Vocabulary) -> str:
    alike = closest(word, vocabulary)
    return f" (it knows {', '.join(alike)})" if alike else ""


def closest(word: MissingWord, vocabulary: Vocabulary, count: int = 3) -> list[str]:
    """Known words that sound most like it, or that are spelled most like it; best first."""
    if not word.ways:
        import difflib  # 10 ms that are seldom needed

        alike = _alike(word.word, vocabulary.words)
        return difflib.get_close_matches(word.word, sorted(alike), count)
    sounds = read_dictionary(vocabulary.dictionary) or _read_aloud(word.word, vocabulary.words)
    return [name for name, _ in nearest(word.ways[0], sounds, count) if name != word.word]


def sounds_of(
    words: Iterable[str], vocabulary: Vocabulary, cache_dir: Path
) -> dict[str, tuple[Phones, ...]]:
    """How words sound that may be known: as the model has it, else as they are written."""
    wanted = tuple(words)
    return pronunciations(wanted, read_dictionary(vocabulary.dictionary), cache_dir)


def read_dictionary(file: Path) -> dict[str, tuple[Phones, ...]]:
    """The pronunciations that a model carries; empty if it has no such file."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        return {}
    found: dict[str, tuple[Phones, ...]] = {}
    for line in lines:
        word, *phones = line.split()
        found[word] = (*found.get(word, ()), tuple(phones))
    return found


def _read_aloud(word: str, among: Iterable[str]) -> dict[str, tuple[Phones, ...]]:
    """How known words sound that are worth comparing, where no dictionary tells.

    They are not kept: there are thousands, and hardly ever is one of them asked for again.
    """
    with suppress(VoiceError):
        read = letters_to_phonemes(_alike(word, among))
        return {other: pronunciations_of(phonemes) for other, phonemes in read.items()}
    return {}


def _alike(word: str, among: Iterable[str]) -> list[str]:
    """Words that begin like it and are about as long."""
    return [
        other
        for other in among
        if other[0] == word[0] and abs(len(other) - len(word)) <= _ALIKE_LETTERS
    ]


def _labels(model: Path) -> dict[str, int]:
    readers: list[tuple[str, Callable[[Path], dict[str, int] | None]]] = [
        *((name, openfst.read_word_list) for name in _WORD_LISTS),
        *((name, openfst.read_words) for name in _GRAPHS),
    ]
    for name, read in readers:
        if (model / name).is_file() and (labels := read(model / name)):
            return labels
    return {}
