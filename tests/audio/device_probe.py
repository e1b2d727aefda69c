"""Uses the devices of its environment and prints what happened: run as a process by the tests.

device_probe.py list [NAME]       the devices, or the one that NAME means
device_probe.py listen SECONDS    hears a while; prints the strongest frequency of every second
device_probe.py play HZ SECONDS   plays a tone
device_probe.py rest HZ           plays a tone, and again for every line of standard input
device_probe.py lose play|listen  plays or listens until the device goes away
"""

import asyncio
import itertools
import sys
import threading
import time
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import CAPTURE_HZ, CHUNK_S, MIX_HZ, Track
from os_sim.audio.devices import find_device, list_devices
from os_sim.audio.loudspeaker import Loudspeaker
from os_sim.audio.microphone import Microphone
from os_sim.audio.mixer import Mixer
from os_sim.audio.stderr import divert_chatter
from os_sim.errors import DeviceError

if TYPE_CHECKING:
    from os_sim.audio import Chunk, Samples

FLUSH = np.zeros((MIX_HZ // 5, 2), np.float32)
"""What is still in the device's buffer when a sink is closed is dropped: let it be this."""


def main(what: str, *rest: str) -> None:
    if what in ("lose", "rest"):
        divert_chatter()
    try:
        match what:
            case "list" if rest:
                print(find_device(rest[0], "input"))
            case "list":
                print(*list_devices(), sep="\n")
            case "listen":
                asyncio.run(listen(float(rest[0])))
            case "play":
                play(float(rest[0]), float(rest[1]))
            case "rest":
                play_now_and_then(float(rest[0]))
            case "lose":
                lose_speaker() if rest[0] == "play" else asyncio.run(lose_microphone())
    except DeviceError as error:
        print(f"DeviceError: {error}")


async def listen(seconds: float) -> None:
    microphone = Microphone()
    chunks: list[Chunk] = []
    async for chunk in microphone.chunks():
        if not chunks:
            print("listening", flush=True)
        chunks.append(chunk)
        if len(chunks) * CHUNK_S >= seconds:
            microphone.close()
    sound = np.concatenate(chunks).astype(np.float64)
    for second in sound[: len(sound) // CAPTURE_HZ * CAPTURE_HZ].reshape(-1, CAPTURE_HZ):
        spectrum = np.abs(np.fft.rfft(second))
        print(f"{spectrum.argmax()} Hz, {second.std():.0f}")


def play(hz: float, seconds: float) -> None:
    mixer, ended = Mixer(), threading.Event()
    sink = Loudspeaker()
    sink.open(mixer.read)
    print("playing", flush=True)
    mixer.start(tone(hz, seconds), lambda _: ended.set())
    ended.wait()
    say(mixer, FLUSH)
    sink.close()


def play_now_and_then(hz: float) -> None:
    mixer = Mixer()
    sink = Loudspeaker(failed=lambda error: print(f"DeviceError: {error}", flush=True))
    mixer.play_on(sink)
    for line in itertools.chain(["playing"], sys.stdin):
        print(line.strip(), flush=True)
        for sound in (next(tone(hz, 0.5).render()), FLUSH):
            say(mixer, sound)
        print("played", flush=True)
    sink.close()


def say(mixer: Mixer, sound: "Samples") -> None:
    over = threading.Event()
    mixer.say(sound, over.set)
    if not over.wait(10):
        print("stuck", flush=True)


def lose_speaker() -> None:
    mixer, lost, ended = Mixer(), threading.Event(), threading.Event()

    def note_loss(error: DeviceError) -> None:
        print(f"DeviceError: {error}", flush=True)
        lost.set()

    sink = Loudspeaker(failed=note_loss)
    sink.open(mixer.read)
    mixer.start(tone(440, 4), lambda _: ended.set())
    print("playing", flush=True)
    lost.wait()
    print("played on" if ended.wait(10) else "stuck", flush=True)
    sink.close()


async def lose_microphone() -> None:
    heard_at = time.monotonic()
    started = False
    try:
        async for _ in Microphone().chunks():
            heard_at = time.monotonic()
            if not started:
                print("listening", flush=True)
            started = True
    except DeviceError as error:
        print(f"DeviceError: {error}")
        print(f"{time.monotonic() - heard_at:.2f} s after the last sound")


def tone(hz: float, seconds: float) -> Track:
    time_s = np.arange(round(seconds * MIX_HZ)) / MIX_HZ
    wave = (0.3 * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)
    return Track(f"{hz} Hz", "even", seconds, lambda: iter([np.stack([wave, wave], axis=1)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
