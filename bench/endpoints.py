"""When it takes an utterance for finished: `python -m bench.endpoints` from the repository's top.

Recordings with known ends (`bench.pauses`) go through the real hearing with the sentence graph:
coffee orders by 62 people and commands by four flite voices.  By surroundings, and by the rule
that applied at the end ("whole", "open", "dictation"; see `os_sim.vad.endpointing`), it counts

  lost    the beginning: nothing was heard, or the first 40 ms were not
  cut     in the middle: an utterance was over before the last word was
  no end  in the end: it still went on 2.5 s after the last word
  delay   from the end of the last word to the decision, where it came after it

In rows with "words aside" nothing is recognised: they are about the voice detector alone.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.levels import HZ, Sound
from bench.noises import NOISES
from bench.pauses import Surroundings, Take, paused, staged, trimmed
from os_sim import resources
from os_sim.asr import Recognizer
from os_sim.asr.models.find import find
from os_sim.asr.sentence_model import model_for
from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.audio import CHUNK_S
from os_sim.channel.hearing import Hearing
from os_sim.clock import SystemClock
from os_sim.dialogue import Expectation
from os_sim.dialogue.known import Known, all_sentences
from os_sim.events import HeardEvent, NothingHeard, Partial, Utterance
from os_sim.nlu.matcher import Sentences
from os_sim.skill.loading import load_shelf
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing import coffee
from tests.hearing.sounds import COMMANDS, VOICES, chunks_of, sound_of, spoken

if TYPE_CHECKING:
    from os_sim.audio import Chunk

LATE_S = 2.5
UNHEARD_S = 0.04
NOISY = [Surroundings(noise, snr_db) for noise in NOISES for snr_db in (24, 12, 6)]
HEARD_THROUGH = [Surroundings(noise, 12) for noise in ("fan", "kitchen", "babble")]
LEVELS = [Surroundings(peak_dbfs=level) for level in (-3, -30, -45)]


@dataclass(frozen=True)
class Task:
    """Recordings, and the sentences that are expected in them."""

    recordings: Sequence[Path]
    sentences: Sequence[Sentences]
    expectation: Expectation


@dataclass(frozen=True)
class Outcome:
    """What came of one take."""

    rule: str
    lost: bool
    cut: bool
    endless: bool
    delay_s: float | None


class Watched:
    """A recogniser that tells how much sound it was given."""

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self.fed = 0

    @property
    def hears_sentences(self) -> bool:
        return self._recognizer.hears_sentences

    @property
    def knows_free_speech(self) -> bool:
        return self._recognizer.knows_free_speech

    def expect(self, sentences: "tuple[str, ...] | None") -> None:
        self._recognizer.expect(sentences)

    def feed(self, chunk: "Chunk") -> Partial | None:
        self.fed += 1
        return self._recognizer.feed(chunk)

    def finish(self) -> HeardEvent:
        return self._recognizer.finish()

    def close(self) -> None:
        self._recognizer.close()


class Wordless:
    """A recogniser for whom all sound is the same: only the voice detector decides."""

    hears_sentences = True
    knows_free_speech = True

    def expect(self, sentences: "tuple[str, ...] | None") -> None:
        """Nothing is expected."""

    def feed(self, chunk: "Chunk") -> None:
        """Nothing is recognised."""

    def finish(self) -> HeardEvent:
        return NothingHeard()

    def close(self) -> None:
        """There is nothing to give back."""


ANYTHING_OPEN = Expectation(lambda: (), lambda text: False, usual=True)
DICTATION = replace(ANYTHING_OPEN, anything=True)


async def hear(recognizer: Recognizer, expectation: Expectation, take: Take) -> Outcome:
    """Let the take be heard; what nobody said, before it or after it, is not looked at."""
    watched = Watched(recognizer)
    hearing = Hearing(watched, WebrtcVoiceDetector())
    hearing.expect(expectation)
    spans: list[tuple[float, float, HeardEvent | None]] = []
    begin_s: float | None = None
    samples = np.clip(np.rint(take.sound * 32768), -32768, 32767).astype(np.int16)
    for number, chunk in enumerate(chunks_of(samples), start=1):
        event = await hearing.take(chunk)
        now_s = number * CHUNK_S
        if watched.fed and begin_s is None:
            begin_s = now_s - watched.fed * CHUNK_S
        if event is not None and begin_s is not None and not isinstance(event, Partial):
            spans.append((begin_s, now_s, event))
            watched.fed, begin_s = 0, None
    if begin_s is not None:
        spans.append((begin_s, float("inf"), None))
    await hearing.restart()
    await hearing.close()
    return _judged(take, spans, expectation)


def _judged(
    take: Take, spans: Iterable[tuple[float, float, HeardEvent | None]], expectation: Expectation
) -> Outcome:
    during = [one for one in spans if one[1] > take.begin_s + 0.1 and one[0] < take.end_s - 0.1]
    if not during:
        return Outcome("open", True, False, False, None)
    _, end_s, event = during[-1]
    text = event.text if isinstance(event, Utterance) else ""
    rule = "dictation" if expectation.anything else "open"
    if text and expectation.is_complete(text):
        rule = "whole"
    cut = len(during) > 1 or end_s < take.end_s
    endless = end_s > take.end_s + LATE_S
    lost = during[0][0] > take.begin_s + UNHEARD_S
    return Outcome(rule, lost, cut, endless, None if cut or endless else end_s - take.end_s)


def words_s(model: VoskModel, speech: Sound) -> list[tuple[float, float]]:
    """Where the words of a recording begin and end, by the recogniser."""
    recognizer = model.recognizer(None)
    silence = np.zeros(round(0.5 * HZ), np.float32)
    sound = np.rint(np.concatenate([speech, silence]) * 32767).astype(np.int16)
    recognizer.AcceptWaveform(sound.tobytes())
    best = json.loads(recognizer.FinalResult())["alternatives"][0]
    scale = model.time_scale
    return [(word["start"] * scale, word["end"] * scale) for word in best.get("result", ())]


@dataclass(frozen=True)
class Speech:
    """What is said in a recording."""

    sound: Sound
    paused: Sound
    room: Sound


def speeches(model: VoskModel, task: Task, every: int) -> list[Speech]:
    """Every recording, or every so manyth, trimmed and with pauses."""
    found = []
    for seed, path in enumerate(task.recordings[::every]):
        recording: Sound = sound_of(path).astype(np.float32) / np.float32(32768)
        sound, room = trimmed(recording, words_s(model, recording))
        slow = paused(sound, words_s(model, sound), room, np.random.default_rng(seed))
        found.append(Speech(sound, slow, room))
    return found


def outcomes(
    make: Callable[[], Recognizer],
    expectation: Expectation,
    takes: Iterable[Take],
) -> list[Outcome]:
    """One for every take."""
    return [asyncio.run(hear(make(), expectation, take)) for take in takes]


def orders() -> Task:
    """Coffee, from a skill of its own."""
    expectation = Expectation(lambda: (), coffee.Barista().is_complete, usual=True)
    return Task(list(coffee.orders()), [coffee.sentences()], expectation)


def commands() -> Task:
    """What the skills on the shelf are asked, while music plays."""
    shelf = load_shelf(resources.shipped("skills"))
    recordings = [spoken(sentence, voice) for voice in VOICES for sentence in COMMANDS]
    known = Known(shelf, SystemClock())
    return Task(recordings, all_sentences(shelf), known.expectation(None, playing=True))


def row(name: str, found: Sequence[Outcome]) -> str:
    """One line of the table."""
    if not found:
        return f"| {name} | 0 | | | | |"
    delays_s = [one.delay_s for one in found if one.delay_s is not None] or [np.nan]
    lost, cut, endless = (
        f"{sum(flags)} ({np.mean(flags):.1%})"
        for flags in (
            [one.lost for one in found],
            [one.cut for one in found],
            [one.endless for one in found],
        )
    )
    p50, p95 = np.percentile(delays_s, (50, 95))
    return f"| {name} | {len(found)} | {lost} | {cut} | {endless} | {p50:.2f} / {p95:.2f} |"


def bench(task: Task, place: Path, every: int, table: "Table") -> None:
    """All rows to which a task contributes."""
    model = find("", data_dir=place, cache_dir=place)
    listening = VoskModel.load(model_for(model, task.sentences, place))
    said = speeches(listening, task, every)

    def real() -> Recognizer:
        return VoskRecognizer(listening, hears_sentences=True)

    usual = Surroundings()
    plain = [staged(one.sound, one.room, usual, 0) for one in said]
    slow = [staged(one.paused, one.room, usual, 0) for one in said]
    table.add("as spoken", outcomes(real, task.expectation, plain))
    table.add("with pauses", outcomes(real, task.expectation, slow))
    table.add("dictation, with pauses", outcomes(Wordless, DICTATION, slow))
    for around in HEARD_THROUGH:
        takes = [staged(one.paused, one.room, around, at) for at, one in enumerate(said[::4])]
        table.add(f"{around}, with pauses", outcomes(real, task.expectation, takes))
    listening.close()
    for around in [*LEVELS, *NOISY]:
        takes = [staged(one.paused, one.room, around, at) for at, one in enumerate(said)]
        table.add(f"{around}, words aside", outcomes(Wordless, ANYTHING_OPEN, takes))


class Table:
    """Rows that grow as tasks contribute to them."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Outcome]] = defaultdict(list)

    def add(self, name: str, found: Iterable[Outcome]) -> None:
        """To a row for these surroundings and each rule that applied."""
        for one in found:
            self._rows[f"{name}: {one.rule}"].append(one)
        sys.stderr.write(f"{name}\n")

    def print(self) -> None:
        print("| surroundings: rule | utterances | lost | cut | no end | delay (s), p50 / p95 |")
        print("|---|---|---|---|---|---|")
        for name, found in self._rows.items():
            print(row(name, found))


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--every", type=int, default=1, help="only every so manyth recording")
    given = options.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as place:
        for task in (orders(), commands()):
            bench(task, Path(place), given.every, table)
    table.print()


if __name__ == "__main__":
    main()
