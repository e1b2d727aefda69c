"""What may stand in a slot: the annotation of a handler's parameter, made into a reader."""

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Annotated, Any, Literal, Protocol, Union, get_args, get_origin

from os_sim.errors import OsSimError
from os_sim.nlu import numbers, times
from os_sim.nlu.words import normal

MAX_VALUE_WORDS = 12
"""The longest number, time or date that is looked for."""
_ANY_DAY = datetime(2000, 1, 1)


class WordSource:
    """A list of phrases that may change while the program runs."""

    def phrases(self) -> Iterable[str]:
        raise NotImplementedError


class Reader(Protocol):
    """Makes a value of the words in a slot."""

    @property
    def wildcard(self) -> bool:
        """Whether any words will do."""
        ...

    def read(self, words: list[str], now: datetime) -> Any:
        """The value of exactly these words, or None."""
        ...

    def lengths(self) -> Iterable[int]:
        """How many words a value may have, longest first; not asked of a wildcard."""
        ...

    def extends(self, words: list[str]) -> bool:
        """Whether a longer value begins with these words."""
        ...

    def samples(self, random: Random) -> list[str]:
        """How values may sound, for the speech recogniser; empty if that cannot be listed."""
        ...


@dataclass(frozen=True)
class SlotType:
    """A reader, and whether the slot may stay empty."""

    reader: Reader
    optional: bool = False


@dataclass(frozen=True)
class AnyWords:
    """One word or more, taken as they are."""

    wildcard: bool = True

    def read(self, words: list[str], now: datetime) -> str:
        return " ".join(words)

    def lengths(self) -> Iterable[int]:
        return ()

    def extends(self, words: list[str]) -> bool:
        return True

    def samples(self, random: Random) -> list[str]:
        return []


@dataclass
class Phrases:
    """One of a list of phrases; a mapping gives each phrase a value of its own."""

    source: Iterable[Any] | WordSource
    wildcard: bool = field(default=False, init=False)
    _values: dict[str, Any] | None = field(default=None, init=False, repr=False)
    _lengths: list[int] | None = field(default=None, init=False, repr=False)

    def values(self) -> dict[str, Any]:
        """The value of every phrase, by its plain words."""
        if self._values is None:
            listed = self._listed()
            named = listed if isinstance(listed, Mapping) else {value: value for value in listed}
            self._values = {normal(str(phrase)): value for phrase, value in named.items()}
        return self._values

    def refresh(self) -> None:
        """Read the list again the next time it is wanted."""
        self._values = self._lengths = None

    def check(self) -> None:
        """Read the list now; raises what the source raises."""
        if isinstance(self.source, WordSource):
            self.source.phrases()

    def _listed(self) -> Iterable[Any]:
        if not isinstance(self.source, WordSource):
            return self.source
        try:
            return self.source.phrases()
        except OsSimError:
            # `check` has told of it when the skill was loaded; its other sentences still work.
            return ()

    def read(self, words: list[str], now: datetime) -> Any:
        return self.values().get(" ".join(words))

    def lengths(self) -> Iterable[int]:
        if self._lengths is None:
            counts = {phrase.count(" ") + 1 for phrase in self.values()}
            self._lengths = sorted(counts, reverse=True)
        return self._lengths

    def extends(self, words: list[str]) -> bool:
        beginning = " ".join(words) + " "
        return any(phrase.startswith(beginning) for phrase in self.values())

    def samples(self, random: Random) -> list[str]:
        return list(self.values())


@dataclass(frozen=True)
class _Value:
    """A number, time or date."""

    wildcard: bool = field(default=False, init=False)

    def lengths(self) -> Iterable[int]:
        return range(MAX_VALUE_WORDS, 0, -1)

    def read(self, words: list[str], now: datetime) -> Any:
        raise NotImplementedError

    def extends(self, words: list[str]) -> bool:
        # "twenty" may become "twenty five", "seven" "seven thirty", "an hour" one "and a half".
        return len(words) < MAX_VALUE_WORDS and self.read(words, _ANY_DAY) is not None


class Integer(_Value):
    """A whole number."""

    def read(self, words: list[str], now: datetime) -> int | None:
        return numbers.integer(words)

    def samples(self, random: Random) -> list[str]:
        return [numbers.spoken(value) for value in (*range(101), *random.sample(range(1000), 20))]


class Real(_Value):
    """A number, whole or not."""

    def read(self, words: list[str], now: datetime) -> float | None:
        return numbers.number(words)

    def samples(self, random: Random) -> list[str]:
        tenths = (f"{whole} point {numbers.spoken(random.randrange(10))}" for whole in _teens())
        return [*Integer().samples(random), *tenths]


class Duration(_Value):
    """A length of time."""

    def read(self, words: list[str], now: datetime) -> timedelta | None:
        return times.duration(words)

    def samples(self, random: Random) -> list[str]:
        amounts = [numbers.spoken(value) for value in range(2, 61)]
        some = [f"{amount} {unit}" for amount in amounts for unit in ("seconds", "minutes")]
        some += [f"{numbers.spoken(value)} hours" for value in range(2, 25)]
        return [*some, "a minute", "an hour", "half an hour", "an hour and a half", "a day"]


class TimeOfDay(_Value):
    """A time on the clock."""

    def read(self, words: list[str], now: datetime) -> time | None:
        return times.time_of_day(words)

    def samples(self, random: Random) -> list[str]:
        hours = [numbers.spoken(hour) for hour in range(1, 13)]
        minutes = [numbers.spoken(minute) for minute in range(10, 60)]
        some = [f"{past} {hour}" for hour in hours for past in _QUARTERS]
        some += [f"{hour} {random.choice(minutes)}" for hour in hours for _ in range(8)]
        return [*hours, *some, *(f"{hour} o'clock" for hour in hours), "noon", "midnight"]


class Day(_Value):
    """A date."""

    def read(self, words: list[str], now: datetime) -> date | None:
        return times.day(words, now)

    def samples(self, random: Random) -> list[str]:
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        return ["today", "tomorrow", *days, *(f"next {day}" for day in days)]


_QUARTERS = ("half past", "quarter past", "quarter to")
_READERS: dict[Any, type[Reader]] = {
    str: AnyWords,
    int: Integer,
    float: Real,
    timedelta: Duration,
    time: TimeOfDay,
    date: Day,
}


def slot_type(annotation: Any, *, optional: bool = False) -> SlotType:
    """The slot type of an annotation; raises TypeError saying what is possible."""
    if get_origin(annotation) in (Union, types.UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        if len(options) != 1:
            raise TypeError(f"{annotation} is several types; a slot has one, or one and None")
        return slot_type(options[0], optional=optional)
    return SlotType(_reader(annotation), optional)


def _reader(annotation: Any) -> Reader:
    if get_origin(annotation) is Literal:
        return Phrases(get_args(annotation))
    if get_origin(annotation) is Annotated:
        for extra in get_args(annotation)[1:]:
            if isinstance(extra, WordSource):
                return Phrases(extra)
        return _reader(get_args(annotation)[0])
    if annotation in _READERS:
        return _READERS[annotation]()
    raise TypeError(
        f"{annotation!r} is no slot type; use str, int, float, timedelta, time, date, "
        "Literal[…] or Annotated[str, words]"
    )


def _teens() -> list[str]:
    return [numbers.spoken(value) for value in range(20)]
