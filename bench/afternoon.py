"""An afternoon of listening, faster than real time: `python -m bench.afternoon [--hours 8]`.

Silence, noises, talk that is for somebody else and now and then a command go through hearing and a
whole conversation.  Prints the memory after every half-hour of sound, and what became of the last
command.  Every half-hour is made of the same sounds in the same order.
"""

import argparse
import asyncio
import gc
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.levels import HZ, Sound, at_level
from bench.noises import NOISES, hiss
from os_sim import resources
from os_sim.asr.models.find import find
from os_sim.asr.sentence_model import model_for
from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.audio.cards import LockstepSink
from os_sim.channel.hearing import Hearing
from os_sim.channel.recording import RecordingEars, Room
from os_sim.channel.silence import Silence
from os_sim.clock import ManualClock
from os_sim.dialogue.conversation import Conversation
from os_sim.dialogue.house import House
from os_sim.dialogue.known import all_sentences
from os_sim.events import Event, Said, Understood
from os_sim.memory.store import Store
from os_sim.skill.loading import load_shelf
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing.sounds import SPEECH, chunks_of, sound_of, spoken

if TYPE_CHECKING:
    from os_sim.audio import Chunk

LAST = "who directed her"
COMMANDS = (
    "what can you do",
    "play a melancholy song",
    "next",
    "stop",
    "write a letter",
    "who wrote her",
)
HALF_HOUR_S = 1800.0
_SHORTEST_S = 60.0


@dataclass(frozen=True)
class Afternoon:
    """What came of it."""

    memory_mb: Sequence[float]
    """Resident, after each part of equal length."""
    events: Sequence[Event]
    """After the last command was said."""


class Sounds:
    """A `Source`: `parts` times the same sounds, and then the last command."""

    def __init__(
        self, parts: int, part_s: float, told: Callable[[int], None], last: Callable[[], None]
    ) -> None:
        """`told`: called after each part with its number; `last`: before the last command."""
        self._parts = parts
        self._part = list(part(part_s))
        self._told = told
        self._last = last

    async def chunks(self) -> "AsyncIterator[Chunk]":
        for number in range(self._parts):
            for sound in self._part:
                for chunk in _chunks(sound):
                    yield chunk
            self._told(number)
        self._last()
        room = hiss(30.0, 1) * np.float32(0.02)
        for sound in (room, _sound(spoken(LAST)), room[: 3 * HZ]):
            for chunk in _chunks(sound):
                yield chunk

    def close(self) -> None:
        """There is nothing to let go of."""


def part(seconds: float) -> Iterator[Sound]:
    """So many seconds: two thirds of silence, a seventh of noise, and talk and commands."""
    seconds = max(seconds, _SHORTEST_S)
    readers = sorted((SPEECH / "misc").glob("librivox*.flac"))
    talk = np.concatenate([_sound(path) for path in readers])
    yield hiss(seconds / 3, 1) * np.float32(0.02)
    yield np.zeros(round(seconds / 6 * HZ), np.float32)
    for name in ("fan", "kitchen", "street"):
        yield at_level(NOISES[name](seconds / 20, 1), -35.0)
    yield np.resize(talk, round(seconds / 15 * HZ))
    for sentence in COMMANDS:
        yield _sound(spoken(sentence))
        yield hiss(seconds / 40, 1) * np.float32(0.02)


async def listen(parts: int, part_s: float, told: Callable[[int, float], None]) -> Afternoon:
    """Live through it; `told` is called with the number of each part and the memory in MB."""
    memory_mb: list[float] = []
    events: list[Event] = []

    def after(number: int) -> None:
        gc.collect()
        memory_mb.append(resident_mb())
        told(number, memory_mb[-1])

    def before_last() -> None:
        events.clear()

    with tempfile.TemporaryDirectory() as folder:
        place, shelf, clock = Path(folder), load_shelf(resources.shipped("skills")), ManualClock()
        found = find("", data_dir=place, cache_dir=place)
        model = VoskModel.load(model_for(found, all_sentences(shelf), place))

        def is_sentence(text: str) -> bool:
            return shelf.matcher.match(text, clock.wall()) is not None

        recognizer = VoskRecognizer(model, is_sentence, hears_sentences=True)
        hearing = Hearing(recognizer, WebrtcVoiceDetector())
        room = Room(clock, LockstepSink())
        sounds = Sounds(parts, part_s, after, before_last)
        ears = RecordingEars(["afternoon"], hearing, room, open_source=lambda _: sounds)
        store = Store(place / "store.db")
        house = House(shelf, store, place / "documents", clock, seed=1)
        await Conversation(house, ears, Silence(clock), events.append).run()
        store.close()
    return Afternoon(memory_mb, events)


def resident_mb() -> float:
    """What this process holds; outside Linux, the most it has ever held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / (1 << 20)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def answered(afternoon: Afternoon) -> list[str]:
    """What was understood of the last command, and said to it."""
    return [
        event.text if isinstance(event, Said) else f"{event.skill}: {event.intent}"
        for event in afternoon.events
        if isinstance(event, Said | Understood)
    ]


def _sound(path: Path) -> Sound:
    sound: Sound = sound_of(path).astype(np.float32) / np.float32(32768)
    return sound


def _chunks(sound: Sound) -> "list[Chunk]":
    return chunks_of(np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16))


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--hours", type=float, default=8.0)
    given = options.parse_args()
    start_s = time.perf_counter()

    def told(number: int, memory_mb: float) -> None:
        spent_s = time.perf_counter() - start_s
        print(f"{(number + 1) / 2:4.1f} h: {memory_mb:.0f} MB ({spent_s:.0f} s)", flush=True)

    afternoon = asyncio.run(listen(round(given.hours * 2), HALF_HOUR_S, told))
    print(f"last, “{LAST}”: {answered(afternoon)}")


if __name__ == "__main__":
    main()
