"""How well and how fast it hears: `python -m bench.hearing` from the top of the repository.

Coffee orders completely right, by the number of sample sentences; the real-time factor; from the
end of speech to the utterance, in seconds of the recording; the share of a core that silence
costs; and memory.  On the recordings in tests/data/speech.
"""

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from os_sim.asr.models.find import find
from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.audio import CHUNK_S
from os_sim.channel.hearing import Hearing
from os_sim.dialogue import Expectation
from os_sim.events import Utterance
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing import coffee
from tests.hearing.sounds import COMMANDS, VOICES, chunks_of, expecting, hiss, sound_of, spoken

if TYPE_CHECKING:
    from tests.hearing.sounds import Sound

ROOM_DBFS = -65.0
SILENCE_S = 120.0


@dataclass
class Heard:
    """What came of some recordings."""

    texts: list[str] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)
    """From the end of speech to the utterance, in the recording's own time."""
    sound_s: float = 0.0
    processor_s: float = 0.0


async def hear(hearing: Hearing, recordings: list[Path]) -> Heard:
    """One utterance each, in a quiet room; an empty text for none or several."""
    heard = Heard()
    start_s = time.process_time()
    for recording in recordings:
        speech = sound_of(recording)
        sound = np.concatenate([speech, hiss(1.5, ROOM_DBFS)])
        heard.sound_s += len(sound) / 16_000
        await hearing.restart()
        found = [
            (number * CHUNK_S, event.text)
            for number, chunk in enumerate(chunks_of(sound), start=1)
            if isinstance(event := await hearing.take(chunk), Utterance)
        ]
        heard.texts.append(found[0][1] if len(found) == 1 else "")
        heard.delays_s += [at_s - _speech_end_s(speech) for at_s, _ in found[-1:]]
    heard.processor_s = time.process_time() - start_s
    return heard


def _speech_end_s(sound: "Sound") -> float:
    """Where the last chunk within 30 dB of the loudest one ends."""
    power = [float(np.mean(chunk.astype(float) ** 2)) + 1e-9 for chunk in chunks_of(sound)]
    return CHUNK_S * (1 + max(at for at, value in enumerate(power) if value > max(power) / 1e3))


async def bench_coffee(model: VoskModel, counts: list[int]) -> None:
    barista = coffee.Barista()
    orders = coffee.orders()
    for count in counts:
        sentences = coffee.sampled(count)
        hearing = _hearing(model, barista.is_order)
        hearing.expect(Expectation(lambda s=sentences: s, barista.is_complete))  # type: ignore[misc]
        heard = await hear(hearing, list(orders))
        await hearing.close()
        right = sum(
            barista.understand(text) == slots
            for text, slots in zip(heard.texts, orders.values(), strict=True)
        )
        print(f"coffee, {count:5} sentences: {right} of {len(orders)} right, {_figures(heard)}")


async def bench_commands(model: VoskModel) -> None:
    for voice in VOICES:
        hearing = _hearing(model)
        hearing.expect(expecting(*COMMANDS))
        heard = await hear(hearing, [spoken(sentence, voice) for sentence in COMMANDS])
        await hearing.close()
        right = sum(a == b for a, b in zip(heard.texts, COMMANDS, strict=True))
        print(f"commands, {voice:5}: {right} of {len(COMMANDS)} right, {_figures(heard)}")


async def bench_silence(model: VoskModel) -> None:
    hearing = _hearing(model)
    chunks = chunks_of(hiss(SILENCE_S, ROOM_DBFS))
    start_s = time.process_time()
    for chunk in chunks:
        await hearing.take(chunk)
    share = (time.process_time() - start_s) / SILENCE_S
    await hearing.close()
    print(f"silence: {share:.2%} of a core, without the device")


def _hearing(model: VoskModel, prefer: Callable[[str], bool] | None = None) -> Hearing:
    return Hearing(VoskRecognizer(model, prefer), WebrtcVoiceDetector())


def _figures(heard: Heard) -> str:
    factor = heard.processor_s / heard.sound_s
    ranked = sorted(heard.delays_s)
    p50, p95 = statistics.median(ranked), ranked[round(0.95 * (len(ranked) - 1))]
    return f"real-time factor {factor:.2f}, utterance after {p50:.2f} s (p95 {p95:.2f} s)"


def _resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--counts", type=int, nargs="*", default=[500, 2_000, 5_000])
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = find("", data_dir=Path(place), cache_dir=Path(place)).path
        start_s, start_mb = time.perf_counter(), _resident_mb()
        model = VoskModel.load(folder)
    print(
        f"model: {time.perf_counter() - start_s:.2f} s to load, "
        f"{_resident_mb() - start_mb:.0f} MB with libvosk"
    )
    asyncio.run(bench_silence(model))
    asyncio.run(bench_commands(model))
    asyncio.run(bench_coffee(model, options.counts))
    print(f"memory: {_resident_mb():.0f} MB at most")


if __name__ == "__main__":
    main()
