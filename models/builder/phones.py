"""Phones as Kaldi counts them, and the senones that each consists of between two others.

Kaldi tells the positions in a word apart by having a phone for each: `AE` becomes `AE_B`, `AE_E`,
`AE_I` and `AE_S`, as utils/prepare_lang.sh does it.  Sphinx keeps the position beside the phone,
and has only the triphones that were seen in training; for others it backs off (src/bin_mdef.c,
bin_mdef_phone_id_nearest).  Doing that for every triphone beforehand gives one table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.builder import BuildError
from models.builder.sphinx import Definition, Ints, Position

SILENCE = 1
"""The id of the phone of silence."""
UNKNOWN = 2
"""The id of the phone of speech that is no word; its word is written [unk]."""
NOISE = 3
"""The id of the phone of every other sound."""

_SILENCE_NAMES = {"SIL": "SIL", "SPN": "+SPN+", "NSN": "+NSN+"}
"""Kaldi's usual names, and Sphinx's; in the order of the ids above."""
_SUFFIXES = {
    Position.BEGIN: "_B",
    Position.END: "_E",
    Position.INTERNAL: "_I",
    Position.SINGLE: "_S",
}


@dataclass(frozen=True)
class Phone:
    """A phone at one position in a word."""

    id: int
    """Counted from 1; 0 is epsilon."""
    name: str
    base: int
    """Sphinx's phone, an index into `Definition.phones`."""
    position: Position


@dataclass(frozen=True)
class PhoneTable:
    """All phones: silence and noises first, then every base phone in its four positions."""

    phones: tuple[Phone, ...]
    definition: Definition

    def __getitem__(self, phone: int) -> Phone:
        return self.phones[phone - 1]

    def __iter__(self) -> Iterator[Phone]:
        return iter(self.phones)

    def __len__(self) -> int:
        return len(self.phones)

    def of_word(self, pronunciation: Sequence[str]) -> tuple[int, ...]:
        """The ids for Sphinx's phones of one word, in order; BuildError names an unknown one."""
        places = positions(len(pronunciation))
        try:
            return tuple(
                self._ids[name, place] for name, place in zip(pronunciation, places, strict=True)
            )
        except KeyError as error:
            spoken = " ".join(pronunciation)
            raise BuildError(f"the model has no phone {error.args[0][0]} (in {spoken})") from None

    @cached_property
    def _ids(self) -> dict[tuple[str, Position], int]:
        names = self.definition.phones
        fillers = [phone for phone in self.phones if phone.base in self.definition.fillers]
        anywhere = {(names[phone.base], place): phone.id for phone in fillers for place in Position}
        return anywhere | {(names[one.base], one.position): one.id for one in self.phones[NOISE:]}

    def context(self, phone: int) -> int:
        """The base phone that others see beside them; silence for 0, the edge of the sound."""
        if phone == 0 or self[phone].base in self.definition.fillers:
            return self.definition.silence
        return self[phone].base


def phone_table(definition: Definition) -> PhoneTable:
    """The phones of a model."""
    named = [(name, definition.phones.index(own)) for name, own in _SILENCE_NAMES.items()]
    phones = [
        Phone(number, name, base, Position.SINGLE) for number, (name, base) in enumerate(named, 1)
    ]
    for base, name in enumerate(definition.phones):
        if base not in definition.fillers:
            for position, suffix in _SUFFIXES.items():
                phones.append(Phone(len(phones) + 1, name + suffix, base, position))
    return PhoneTable(tuple(phones), definition)


def positions(count: int) -> list[Position]:
    """Where in a word each of so many phones stands."""
    if count == 1:
        return [Position.SINGLE]
    return [Position.BEGIN, *[Position.INTERNAL] * (count - 2), Position.END]


def nearest_sequences(definition: Definition, base: int, position: Position) -> Ints:
    """[left, right] = the senone sequence that Sphinx takes for a phone between two others.

    The phone there in training; or else there at another position of a word; or with silence
    where its word begins or ends; or the phone without context.  Fillers count as silence.
    """
    contexts = np.arange(len(definition.phones))
    contexts[list(definition.fillers)] = definition.silence
    silence = np.full_like(contexts, definition.silence)
    begins = position in (Position.BEGIN, Position.SINGLE)
    ends = position in (Position.END, Position.SINGLE)
    beyond = silence if begins else contexts, silence if ends else contexts
    found = np.full((len(contexts), len(contexts)), -1, np.int64)
    for lefts, rights in ((contexts, contexts), beyond):
        for place in (position, *Position):
            seen = definition.triphones[place, base][np.ix_(lefts, rights)]
            found = np.where(found < 0, seen, found)
    return np.where(found < 0, definition.base_sequences[base], found)


def all_sequences(table: PhoneTable) -> Ints:
    """[phone, left, right] = senone sequence; row 0 is nobody's and holds -1."""
    bases = len(table.definition.phones)
    sequences = np.full((len(table) + 1, bases, bases), -1, np.int64)
    for phone in table:
        sequences[phone.id] = nearest_sequences(table.definition, phone.base, phone.position)
    return sequences
