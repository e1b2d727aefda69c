"""The nouns that cross floors: what ears deliver, and what a conversation tells the world.

Ears deliver any number of `Partial`, then exactly one of `Utterance`, `NothingHeard` or
`HearingFailed`.  A conversation reports `Heard` … `Failed`; one JSON line each under `--json`.
"""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Word:
    """When a word was said, in seconds from the first sound of its utterance."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Partial:
    """What has been recognised so far of an utterance that goes on."""

    text: str
    more_follows: bool = False
    """Whether there is speech after these words that is none of the words expected."""


@dataclass(frozen=True)
class Utterance:
    """One stretch of user speech, as text."""

    text: str
    confidence: float = 1.0
    """From 0 to 1; what is typed is certain."""
    words: tuple[Word, ...] = field(default=(), compare=False)
    """Each word with its time; none where somebody types, or the model tells no times."""


@dataclass(frozen=True)
class NothingHeard:
    """There was sound, but no word in it."""


@dataclass(frozen=True)
class HearingFailed:
    """The ears broke in the middle; they may recover, and say so by delivering again."""

    message: str


HeardEvent = Partial | Utterance | NothingHeard | HearingFailed


@dataclass(frozen=True)
class Heard:
    """The user said something, or is in the middle of it (`final` is false)."""

    text: str
    final: bool
    confidence: float


@dataclass(frozen=True)
class Understood:
    """An utterance was given to a skill."""

    skill: str
    intent: str
    slots: dict[str, Any]
    score: float


@dataclass(frozen=True)
class Said:
    """The OS says a sentence or several; the event comes when it begins."""

    text: str


@dataclass(frozen=True)
class Asked:
    """The OS asks, and a question is open from now on."""

    text: str


@dataclass(frozen=True)
class Playing:
    """A track begins."""

    title: str
    mood: str
    seconds: float


@dataclass(frozen=True)
class Stopped:
    """Playback is over: it was stopped, or nothing was left to play."""


@dataclass(frozen=True)
class Shown:
    """A document was put before the user."""

    kind: str
    title: str
    path: str | None
    """Where it was saved, or None if it stands only on the screen."""
    text: str = ""
    """The document in words."""


@dataclass(frozen=True)
class Failed:
    """Something broke; the conversation goes on."""

    error: str
    """The class of the error, such as `SkillError`."""
    message: str


Event = Heard | Understood | Said | Asked | Playing | Stopped | Shown | Failed


def as_record(event: Event, t: float, file: str | None = None) -> dict[str, Any]:
    """The event as the JSON object of `--json`; `t` is in seconds since the start."""
    record: dict[str, Any] = {"event": type(event).__name__.lower(), "t": round(t, 3)}
    if file is not None:
        record["file"] = file
    record.update(asdict(event))
    if isinstance(event, Shown):
        del record["text"]
    return record
