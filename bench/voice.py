"""How quickly the voice speaks and how it sounds: start, latency, finishing, loudness, balance.

python bench/voice.py                     print the figures of docs/voices.md
python bench/voice.py --write docs/voices write the before and after files as well
"""

import argparse
import asyncio
import io
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from os_sim.resources import shipped
from os_sim.tts.pyttsx3_synthesizer import Pyttsx3Synthesizer
from os_sim.tts.voice import Voice, find_voice, list_voices
from os_sim.tts.worker_process import WorkerProcess

if TYPE_CHECKING:  # a cold start is measured with numpy and soundfile not yet imported
    import numpy as np
    from numpy.typing import NDArray

SAMPLE = (
    "It has been raining since four in the morning, and I rather like it. "
    "Shall I read you the letter from your sister?"
)
THREE_SECONDS = "The rain has stopped, and somebody is laughing in the yard."
RUNS = 60


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--write", type=Path, metavar="DIR", help="write the sound files here")
    asyncio.run(measure(arguments.parse_args().write))


async def measure(folder: Path | None) -> None:
    voice = find_voice("samantha", [shipped("voices")])
    await print_start(voice)
    await print_latency(voice)
    print_balance_header()
    for each in list_voices([shipped("voices")]):
        await print_sound(each, folder)


async def print_start(voice: Voice) -> None:
    """Must come first: numpy and its friends are part of a cold start."""
    began_s = time.perf_counter()
    synthesizer = Pyttsx3Synthesizer(voice)
    await synthesizer.warm()
    await synthesizer.render(THREE_SECONDS)
    cold_s = time.perf_counter() - began_s
    print(f"engine: {synthesizer.engine}")
    print(f"cold start to the first sentence: {cold_s * 1e3:.0f} ms")
    starts_s: list[float] = []
    for _ in range(10):
        await synthesizer.close()
        began_s = time.perf_counter()
        await synthesizer.render(f"{THREE_SECONDS} {len(starts_s)}")
        starts_s.append(time.perf_counter() - began_s)
    await synthesizer.close()
    print(f"a new worker to its first sentence: {milliseconds(starts_s)}")


async def print_latency(voice: Voice) -> None:
    from os_sim.tts import finishing

    synthesizer = Pyttsx3Synthesizer(voice)
    await synthesizer.warm()
    warm_s = []
    for number in range(RUNS):
        began_s = time.perf_counter()
        await synthesizer.render(f"{THREE_SECONDS} {number}")
        warm_s.append(time.perf_counter() - began_s)
    began_s = time.perf_counter()
    await synthesizer.render(f"{THREE_SECONDS} {RUNS - 1}")
    cached_s = time.perf_counter() - began_s
    await synthesizer.close()

    sound, rate_hz = decoded(await rendered(voice, THREE_SECONDS))
    wall_s, cpu_s = [], []
    for _ in range(RUNS):
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        finishing.finish(sound, rate_hz, voice)
        wall_s.append(time.perf_counter() - began_s)
        cpu_s.append(time.process_time() - began_cpu_s)
    print(f"a sentence of about 4 s, worker warm: {milliseconds(warm_s)}")
    print(f"the same again, from the cache: {cached_s * 1e3:.2f} ms")
    print(f"finishing {len(sound) / rate_hz:.1f} s: {milliseconds(wall_s)}")
    print(f"  processor time: {milliseconds(cpu_s)}")


def print_balance_header() -> None:
    print("\nvoice               LUFS   peak dBFS   spread dB   2-5 kHz against 0.3-1 kHz, dB")


async def print_sound(voice: Voice, folder: Path | None) -> None:
    import soundfile

    from os_sim.audio import MIX_HZ
    from os_sim.tts.finishing import finish

    bare, rate_hz = decoded(await rendered(voice, SAMPLE))
    finished = finish(bare, rate_hz, voice)
    print_row(f"{voice.name} before", bare[:, None].repeat(2, axis=1), rate_hz)
    print_row(f"{voice.name} after", finished, MIX_HZ)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        name = voice.name.lower()
        soundfile.write(folder / f"{name}-before.ogg", bare, rate_hz)
        soundfile.write(folder / f"{name}-after.ogg", finished, MIX_HZ)


def print_row(name: str, stereo: "NDArray[np.float32]", rate_hz: int) -> None:
    """Loudness and true peak (BS.1770), spread of level in speech (50 ms), harshness."""
    import numpy as np
    import pyloudnorm
    import soxr

    loudness = pyloudnorm.Meter(rate_hz).integrated_loudness(stereo)
    true_peak = np.abs(soxr.resample(stereo, rate_hz, 4 * rate_hz, "VHQ")).max()
    frame = rate_hz // 20
    mono = stereo.mean(axis=1)
    frames = mono[: len(mono) // frame * frame].reshape(-1, frame)
    level_db = 10 * np.log10(np.square(frames).mean(axis=1) + 1e-12)
    spread_db = np.std(level_db[level_db > level_db.max() - 30])
    power = np.square(np.abs(np.fft.rfft(mono)))
    hz = np.fft.rfftfreq(len(stereo), 1 / rate_hz)
    presence = power[(hz >= 2_000) & (hz < 5_000)].sum()
    body = power[(hz >= 300) & (hz < 1_000)].sum()
    print(
        f"{name:<18} {loudness:5.1f}   {20 * np.log10(true_peak):9.1f}   "
        f"{spread_db:9.1f}   {10 * np.log10(presence / body):14.1f}"
    )


async def rendered(voice: Voice, text: str) -> bytes:
    """What the engine makes of it, before any finishing."""
    platform = voice.on(sys.platform)
    worker = await WorkerProcess.start()
    request = {
        "text": text,
        "voices": platform.voices,
        "pace_wpm": voice.pace_wpm,
        "pitch": platform.pitch,
    }
    try:
        return await worker.ask(request, deadline_s=10)
    finally:
        await worker.kill()


def decoded(file: bytes) -> "tuple[NDArray[np.float32], int]":
    """Mono float32 and its rate in Hz."""
    import soundfile

    sound, rate_hz = soundfile.read(io.BytesIO(file), dtype="float32")
    return sound, rate_hz


def milliseconds(times_s: list[float]) -> str:
    ranked = sorted(times_s)
    p95_s = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    return f"p50 {statistics.median(ranked) * 1e3:.1f} ms, p95 {p95_s * 1e3:.1f} ms"


if __name__ == "__main__":
    main()
