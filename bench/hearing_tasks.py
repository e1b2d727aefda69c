"""What is listened to for `bench.hearing`: recordings, and what should be understood of them.

A task has the sentences that are understood, and recordings of people or voices who say some of
them, each with the slots that it must fill.  `own_task` makes one of a folder of recordings:

    labels.json     {"one.flac": {"intent": "order", "slots": {"drink": "latte"}, "text": "…"}}
                    `text`, the words as they were said, may be missing
    sentences.toml  [intents]
                    order = ["get me (a|an) {drink}"]
                    [slots]
                    drink = ["latte", "iced coffee"]
                    `[rules]`, for <rules> in the templates, may be missing
"""

import json
import subprocess
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import soundfile
import soxr

from bench.levels import HZ, Sound
from os_sim import resources
from os_sim.dialogue.known import all_sentences
from os_sim.nlu.matcher import Matcher, Sentences
from os_sim.nlu.slots import Phrases, SlotType
from os_sim.nlu.template import parse_template
from os_sim.skill.loading import load_shelf
from tests.hearing import coffee

VOICES = ("slt", "rms", "awb", "kal16")
"""Of flite."""
_TEXTS = Path(__file__).with_name("sentences")
_NOW = datetime(2025, 1, 1, tzinfo=UTC)

Meaning = tuple[str, dict[str, str]]
"""The intent, and its slots by name."""


@dataclass(frozen=True)
class Recording:
    """One utterance."""

    name: str
    load: Callable[[], Sound]
    meaning: Meaning
    text: str | None = None
    """Word for word, if that is known."""


@dataclass(frozen=True)
class Task:
    """Recordings, and everything that might be said in them."""

    name: str
    sentences: tuple[Sentences, ...]
    recordings: tuple[Recording, ...]

    @cached_property
    def _matcher(self) -> Matcher:
        matcher = Matcher()
        for sentences in self.sentences:
            matcher.add(sentences)
        return matcher

    def understand(self, text: str) -> Meaning | None:
        """What a foreseen sentence means; None for any other."""
        match = self._matcher.match(text, _NOW)
        if match is None or match.score < 1:
            return None
        slots = {name: str(value) for name, value in match.slots.items() if value is not None}
        return match.intent, slots

    def is_sentence(self, text: str) -> bool:
        return self.understand(text) is not None


def coffee_task() -> Task:
    """Sixty-two people order coffee."""
    recordings = tuple(
        Recording(path.name, _reader(path), ("order", slots))
        for path, slots in coffee.orders().items()
    )
    return Task("human coffee orders", (coffee.sentences(),), recordings)


def shelf_task() -> Task:
    """Flite's voices in turn ask the skills of the shelf for something."""
    known = tuple(all_sentences(load_shelf(resources.shipped("skills"))))
    task = Task("flite, the shelf's sentences", known, ())
    recordings = []
    for at, text in enumerate(read_lines("commands.txt")):
        meaning = task.understand(text)
        if meaning is None:
            raise SystemExit(f"No skill on the shelf understands {text!r} any more.")
        voice = VOICES[at % len(VOICES)]
        recordings.append(Recording(f"{voice}: {text}", _talker(voice, text), meaning, text))
    return Task(task.name, known, tuple(recordings))


def own_task(folder: Path, template: Path) -> Task:
    """Recordings of your own; the module's docstring has the two files."""
    grammar = tomllib.loads(template.read_text(encoding="utf-8"))
    slots = {name: SlotType(Phrases(values)) for name, values in grammar.get("slots", {}).items()}
    sentences = tuple(
        Sentences(
            "own", intent, tuple(parse_template(t, grammar.get("rules")) for t in some), slots
        )
        for intent, some in grammar["intents"].items()
    )
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    recordings = tuple(
        Recording(
            name, _reader(folder / name), (label["intent"], label["slots"]), label.get("text")
        )
        for name, label in labels.items()
    )
    return Task(folder.name, sentences, recordings)


def read_lines(name: str) -> list[str]:
    """A list of sentences that lies beside this module."""
    return (_TEXTS / name).read_text(encoding="utf-8").splitlines()


def said_by_flite(voice: str, text: str) -> Sound:
    """The text in one of flite's voices; SystemExit if flite is not installed."""
    with tempfile.TemporaryDirectory() as place:
        wav = Path(place) / "said.wav"
        command = ["flite", "-voice", voice, "-t", text, "-o", str(wav)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except FileNotFoundError:
            raise SystemExit(
                "The talkers need flite: install the Debian package `flite`."
            ) from None
        return _read(wav)


def _talker(voice: str, text: str) -> Callable[[], Sound]:
    return lambda: said_by_flite(voice, text)


def _reader(path: Path) -> Callable[[], Sound]:
    return lambda: _read(path)


def _read(path: Path) -> Sound:
    samples, hz = soundfile.read(path, dtype="float32", always_2d=True)
    sound: Sound = samples.mean(axis=1, dtype=np.float32)
    return sound if hz == HZ else soxr.resample(sound, hz, HZ)
