"""Sounds for the tests: recordings, and rooms in which nobody speaks."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from os_sim.audio import CAPTURE_HZ, CHUNK_FRAMES
from os_sim.dialogue import Expectation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.int16]
    """Mono, at CAPTURE_HZ."""

SPEECH = Path(__file__).parents[1] / "data/speech"
VOICES = ("slt", "rms", "awb", "kal16")
COMMANDS = (
    "play a melancholy song",
    "next",
    "stop",
    "who directed her",
    "write a letter",
    "who wrote her",
    "what can you do",
    "pause",
    "resume",
    "louder",
    "good night",
)


def spoken(sentence: str, voice: str = "slt") -> Path:
    """The recording of a sentence by one of flite's voices."""
    return SPEECH / "flite" / voice / f"{sentence.replace(' ', '-')}.flac"


def sound_of(path: Path) -> "Sound":
    samples, hz = soundfile.read(path, dtype="int16")
    assert hz == CAPTURE_HZ
    sound: Sound = samples
    return sound


def chunks_of(sound: "Sound") -> "list[Sound]":
    """Whole chunks; what is left over is dropped."""
    whole = len(sound) // CHUNK_FRAMES * CHUNK_FRAMES
    return list(sound[:whole].reshape(-1, CHUNK_FRAMES))


def nothing(seconds: float) -> "Sound":
    """Digital silence."""
    return np.zeros(round(seconds * CAPTURE_HZ), np.int16)


def hiss(seconds: float, level_dbfs: float) -> "Sound":
    """White noise."""
    noise = np.random.default_rng(1).normal(size=round(seconds * CAPTURE_HZ))
    return np.asarray(np.rint(noise * 32768 * 10 ** (level_dbfs / 20)), np.int16)


def hum(seconds: float, level_dbfs: float) -> "Sound":
    """Mains hum with two overtones; the fundamental has the given level."""
    t = np.arange(round(seconds * CAPTURE_HZ)) / CAPTURE_HZ
    wave = sum(np.sin(2 * np.pi * 50 * k * t) / k for k in (1, 2, 3))
    scale = 32768 * 2**0.5 * 10 ** (level_dbfs / 20)
    return np.asarray(np.rint(scale * wave), np.int16)


def at_level(sound: "Sound", peak_dbfs: float) -> "Sound":
    """The same, louder or softer."""
    scale = 32768 * 10 ** (peak_dbfs / 20) / np.abs(sound.astype(float)).max()
    return np.asarray(np.rint(sound * scale), np.int16)


def expecting(*sentences: str) -> Expectation:
    """These sentences; one is complete if no other begins with it."""

    def is_complete(text: str) -> bool:
        return text in sentences and not any(s.startswith(f"{text} ") for s in sentences)

    return Expectation(lambda: sentences, is_complete)
