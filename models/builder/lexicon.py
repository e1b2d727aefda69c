"""Words and how they are pronounced: CMUdict, and what spells the words that it lacks.

A *spelled word* is one that the dictionary does not have: the graph of sentences spells it with
pseudo-words, one for each phone at its position in a word.  Twombly is
`~T_B ~W_I ~AA_I ~M_I ~B_I ~L_I ~IY_E`, a word of one phone `~AH_S`.  All this is built once, for
every word that may ever come up; a new word is a path in `Gr.fst`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from models.builder import BuildError
from models.builder.phones import NOISE, UNKNOWN, Phone, PhoneTable
from models.builder.sphinx import wheel_folder

UNKNOWN_WORD = "[unk]"
"""What is written for speech that is none of the words."""
SPELL = "~"
"""What the pseudo-words begin with; their phone follows."""

Pronunciation = tuple[str, ...]
Dictionary = Mapping[str, tuple[Pronunciation, ...]]

_VARIANT = re.compile(r"\(\d+\)$")


@dataclass(frozen=True)
class Lexicon:
    """Words and spelled words as L takes them."""

    words: tuple[str, ...]
    """Word i has the label i + 1."""
    entries: tuple[tuple[int, tuple[int, ...]], ...]
    """Labels of words, with their phones; a word with several pronunciations has several."""
    pseudo_words: Mapping[int, int]
    """Phone -> label of the pseudo-word that spells it."""
    phones: PhoneTable

    @cached_property
    def labels(self) -> dict[str, int]:
        return {word: label for label, word in enumerate(self.words, 1)}


def dictionary_file() -> Path:
    """CMUdict as the installed `pocketsphinx` package has it."""
    return wheel_folder().parent / "cmudict-en-us.dict"


def read_dictionary(file: Path) -> dict[str, tuple[Pronunciation, ...]]:
    """A word and its phones on each line; `word(2)` is another pronunciation of `word`."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BuildError(
            f"{file} cannot be read ({error.strerror}): install pocketsphinx==5.1.1 again"
        ) from None
    found: dict[str, dict[Pronunciation, None]] = defaultdict(dict)
    for number, line in enumerate(lines, 1):
        word, *phones = line.split()
        if not phones:
            raise BuildError(f"{file}:{number}: {word} has no pronunciation")
        found[_VARIANT.sub("", word)][tuple(phones)] = None
    return {word: tuple(pronunciations) for word, pronunciations in found.items()}


def lexicon(
    dictionary: Dictionary, phones: PhoneTable, spelling: Iterable[str] | None = None
) -> Lexicon:
    """Everything in the dictionary, UNKNOWN_WORD, and the pseudo-words.

    `spelling`: the base phones that words may be spelled with; all if it is not given.
    """
    spoken = {
        word: [phones.of_word(one) for one in pronunciations]
        for word, pronunciations in dictionary.items()
    }
    spoken[UNKNOWN_WORD] = [(UNKNOWN,)]
    ordered = sorted(spoken)
    names = phones.definition.phones
    letters = set(names if spelling is None else spelling)
    spelled = [one for one in phones if one.id > NOISE and names[one.base] in letters]
    return Lexicon(
        words=(*ordered, *(pseudo_word(phone) for phone in spelled)),
        entries=tuple(
            (label, phones_of)
            for label, word in enumerate(ordered, 1)
            for phones_of in spoken[word]
        ),
        pseudo_words={phone.id: label for label, phone in enumerate(spelled, len(ordered) + 1)},
        phones=phones,
    )


def pseudo_word(phone: Phone) -> str:
    """What spells this phone at its position."""
    return SPELL + phone.name
