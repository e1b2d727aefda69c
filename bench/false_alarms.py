"""How often talk that is not for the OS is taken for a command.

    python -m bench.false_alarms --minutes 120 [--from 0] [--keep FILE]

Runs minutes of `bench.overheard` through the real hearing with the shelf's sentences, and prints
each utterance that would be acted upon.  With `--keep` every minute is noted when it is done, so
that a run can be broken off and taken up again, and shards can be added up.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bench import overheard
from bench.levels import HZ, Sound
from os_sim import resources
from os_sim.asr.models.find import find
from os_sim.asr.sentence_model import model_for
from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.channel.hearing import Hearing
from os_sim.clock import SystemClock
from os_sim.dialogue.known import Known, all_sentences
from os_sim.events import Partial, Utterance
from os_sim.skill.loading import load_shelf
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing.sounds import chunks_of


@dataclass(frozen=True)
class Minute:
    """What was heard in one minute of talk."""

    number: int
    sound_s: float
    processor_s: float
    utterances: int
    commands: list[tuple[str, float]]
    """What would be acted upon, with its confidence."""
    remarks: int
    """Utterances that are no command, and would be answered with what was heard."""


async def listen(hearing: Hearing, known: Known, number: int, talk: Sound) -> Minute:
    """Let a minute be heard."""
    start_s = time.process_time()
    await hearing.restart()
    samples = np.clip(np.rint(talk * 32768), -32768, 32767).astype(np.int16)
    events = [await hearing.take(chunk) for chunk in chunks_of(samples)]
    events.append(await hearing.finish())
    over = [event for event in events if event is not None and not isinstance(event, Partial)]
    heard = [event for event in over if isinstance(event, Utterance)]
    commands = [
        (event.text, event.confidence)
        for event in heard
        if known.is_stop(event.text) or known.request(event.text) is not None
    ]
    spent_s = time.process_time() - start_s
    return Minute(number, len(talk) / HZ, spent_s, len(over), commands, len(heard) - len(commands))


def run(numbers: Sequence[int], keep: Path | None) -> list[Minute]:
    """Those minutes, or what is known of them already."""
    done = _kept(keep)
    shelf = load_shelf(resources.shipped("skills"))
    known = Known(shelf, SystemClock())
    with tempfile.TemporaryDirectory() as place:
        found = find("", data_dir=Path(place), cache_dir=Path(place))
        model = VoskModel.load(model_for(found, all_sentences(shelf), Path(place)))

        def is_sentence(text: str) -> bool:
            return known.request(text) is not None

        async def hear(number: int) -> Minute:
            recognizer = VoskRecognizer(model, is_sentence, hears_sentences=True)
            hearing = Hearing(recognizer, WebrtcVoiceDetector())
            hearing.expect(known.expectation(None, playing=False))
            try:
                return await listen(hearing, known, number, overheard.talk(number))
            finally:
                await hearing.close()

        for number in numbers:
            if number not in done:
                done[number] = asyncio.run(hear(number))
                _note(keep, done[number])
            _tell(done[number])
    return [done[number] for number in numbers]


def _tell(minute: Minute) -> None:
    for text, confidence in minute.commands:
        print(f"minute {minute.number}: “{text}” ({confidence:.2f})", flush=True)


def _kept(keep: Path | None) -> dict[int, Minute]:
    if keep is None or not keep.exists():
        return {}
    lines = [json.loads(line) for line in keep.read_text(encoding="utf-8").splitlines()]
    return {line["number"]: Minute(**line) for line in lines}


def _note(keep: Path | None, minute: Minute) -> None:
    if keep is not None:
        with keep.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(asdict(minute))}\n")


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--minutes", type=int, default=120)
    options.add_argument("--from", dest="first", type=int, default=0, help="number of the first")
    options.add_argument("--keep", type=Path, help="a file of minutes that are done")
    given = options.parse_args()
    minutes = run(range(given.first, given.first + given.minutes), given.keep)
    sound_s = sum(minute.sound_s for minute in minutes)
    commands = sum(len(minute.commands) for minute in minutes)
    remarks = sum(minute.remarks for minute in minutes)
    spent_s = sum(minute.processor_s for minute in minutes)
    print(
        f"{sound_s / 60:.0f} minutes, {sum(m.utterances for m in minutes)} stretches of speech: "
        f"{commands} commands ({commands * 7200 / sound_s:.1f} in two hours), {remarks} remarks; "
        f"real-time factor {spent_s / sound_s:.2f}"
    )


if __name__ == "__main__":
    main()
