"""Noise to hear through: babble, a kitchen, a fan, a street, music, hiss; all made here.

Every maker takes how long and a seed, and gives the same samples for the same two: mono float32
at 16 kHz, at LEVEL_DBFS.  `add_noise` mixes at a signal-to-noise ratio.

    noisy = add_noise(speech, NOISES["kitchen"](8.0, 1), snr_db=12)
"""

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import cycle, islice
from pathlib import Path
from types import MappingProxyType

import numpy as np
import soundfile
import soxr
from numpy.random import Generator
from numpy.typing import NDArray

from bench.levels import HZ, Sound, active_level_dbfs, at_level, gained, level_dbfs
from os_sim.audio import MIX_HZ
from skills.song.moods import HOPEFUL
from skills.song.playlist import song

LEVEL_DBFS = -30.0
TALKERS = 8
VOICES = ("slt", "rms", "awb", "kal16")


def add_noise(speech: Sound, noise: Sound, snr_db: float) -> Sound:
    """Speech with noise under it; noise shorter than the speech is repeated.

    The ratio is that of the speech's active level (ITU-T P.56) to the noise's RMS level over the
    stretch that is mixed.  The speech keeps its level; nothing is clipped.
    """
    under = np.resize(noise, len(speech))
    gain_db = active_level_dbfs(speech) - snr_db - level_dbfs(under)
    return (speech + gained(under, gain_db)).astype(np.float32)


def hiss(seconds: float, seed: int) -> Sound:
    """White noise."""
    return _finished(np.random.default_rng(seed).normal(size=_frames(seconds)))


def fan(seconds: float, seed: int) -> Sound:
    """A ventilator: broad noise that falls with frequency, and the hum of its blades."""
    rng = np.random.default_rng(seed)
    air = _coloured(rng, seconds, {40: 0, 120: 6, 400: 0, 1500: -12, 4000: -26, 8000: -40})
    t = _time(seconds)
    blades_hz = rng.uniform(90, 180)
    wobble = 0.3 * np.sin(2 * np.pi * rng.uniform(0.2, 0.6) * t)
    hum = sum(
        10 ** (-7 * k / 20) * np.sin(2 * np.pi * k * blades_hz * t + k * wobble + rng.uniform(0, 6))
        for k in range(1, 7)
    )
    return _finished(air + 0.5 * hum * (1 + 0.2 * np.sin(2 * np.pi * 1.3 * t)))


def street(seconds: float, seed: int) -> Sound:
    """Traffic: a distant rumble, and every few seconds a car that comes and goes."""
    rng = np.random.default_rng(seed)
    mix = 0.4 * _coloured(rng, seconds, {30: 0, 100: 0, 400: -14, 2000: -28, 8000: -45})
    t = _time(seconds)
    cars = max(1, round(seconds / 4))
    for middle_s in (np.arange(cars) + rng.uniform(0, 1, cars)) * seconds / cars:
        tyres = _coloured(rng, seconds, {60: 0, 200: -2, 1000: 0, 2500: -12, 8000: -30})
        passing = 1 / (1 + ((t - middle_s) / rng.uniform(0.5, 1.2)) ** 2)
        engine_hz = rng.uniform(45, 90)
        engine = sum(np.sin(2 * np.pi * k * engine_hz * t + 3 * passing) / k for k in range(1, 9))
        mix += rng.uniform(0.7, 1.6) * passing * (tyres + 0.4 * engine)
    return _finished(mix)


def kitchen(seconds: float, seed: int) -> Sound:
    """Plates and pans that clatter, something that sizzles, water that runs."""
    rng = np.random.default_rng(seed)
    sizzle = _coloured(rng, seconds, {200: -40, 1500: -18, 3000: -2, 5000: 0, 8000: -6})
    crackles = _sparse(rng, seconds, per_s=40, decay_s=0.004)
    water = _coloured(rng, seconds, {100: -20, 400: -3, 900: 0, 2500: -4, 5000: -14, 8000: -25})
    gurgle = 1 + 0.5 * _slow(rng, seconds, 3.0)
    steady = 0.35 * sizzle * (0.6 + crackles) + 0.5 * water * gurgle
    return _finished(steady + 1.6 * _clatter(rng, seconds))


def music(seconds: float, seed: int) -> Sound:
    """A song of our own, from where it is in full swing."""
    track = song(seed, HOPEFUL, "background")
    skipped_s = min(12.0, max(0.0, track.seconds - seconds))
    blocks, wanted = [], round((skipped_s + seconds) * MIX_HZ)
    for block in track.render():
        blocks.append(block.mean(axis=1))
        wanted -= len(block)
        if wanted <= 0:
            break
    mono = np.concatenate(blocks)[round(skipped_s * MIX_HZ) :]
    heard = soxr.resample(mono, MIX_HZ, HZ)
    return _finished(np.resize(heard, _frames(seconds)).astype(np.float64))


def babble(talkers: Sequence[Sound], seconds: float, seed: int) -> Sound:
    """Everybody talks at once, each in a loop of their own, nobody much louder than the rest."""
    rng = np.random.default_rng(seed)
    mix = np.zeros(_frames(seconds))
    for talker in talkers:
        turned = np.roll(talker, int(rng.integers(len(talker))))
        gain_db = LEVEL_DBFS - active_level_dbfs(talker) + rng.uniform(-3, 3)
        mix += np.resize(gained(turned, gain_db), len(mix))
    return _finished(mix)


@lru_cache
def flite_talkers(count: int = TALKERS) -> tuple[Sound, ...]:
    """People who read: flite's four voices (Debian package `flite`), some of them higher or lower.

    None says what the tests and tables listen for.
    """
    shifts = (1.0, 0.93, 1.08, 0.88, 1.13)
    cast = [(voice, shift) for shift in shifts for voice in VOICES][:count]
    texts = islice(cycle(_READ), len(cast))
    return tuple(
        _read(voice, shift, text) for (voice, shift), text in zip(cast, texts, strict=True)
    )


NOISES: MappingProxyType[str, Callable[[float, int], Sound]] = MappingProxyType(
    {
        "babble": lambda seconds, seed: babble(flite_talkers(), seconds, seed),
        "kitchen": kitchen,
        "fan": fan,
        "street": street,
        "music": music,
    }
)
"""Makers by name, each taking seconds and a seed."""


_READ = (
    "The harbour office opens at seven, and by then the first boats have already left. Whoever "
    "comes late has to wait for the tide, reading old timetables on the wall of the shed.",
    "My grandmother kept a notebook about the weather. On most days she wrote a single line, and "
    "on a few of them a drawing of the hill behind her house with the shadow of a cloud.",
    "To mend a wooden chair, first clean the joint, then let the glue rest for an hour. Tie it "
    "with a rope, not too firmly, and put it somewhere dry until the following morning.",
    "The new bridge will carry trams and bicycles, but no lorries. Engineers have tested it with "
    "sacks of gravel, and found that it bends by less than the width of a finger.",
    "There were eleven of us in the choir that winter, and the heating failed every Thursday. We "
    "sang in our coats, and the breath of the basses rose up to the lamps like steam.",
    "A good map leaves things out. It shows the path through the marsh and the ford below the "
    "mill, and says nothing of the brambles, which change from one summer to the next.",
    "When the library moved, each reader carried one shelf across the square. It took an "
    "afternoon, and afterwards nobody could find the books on astronomy for about a year.",
    "Bees find their way home by the sun, even when it hides. They see how light is bent by the "
    "air, and tell the others about it by dancing in the dark on the comb.",
)


def _read(voice: str, shift: float, text: str) -> Sound:
    with tempfile.TemporaryDirectory() as place:
        wav = Path(place) / "read.wav"
        command = ["flite", "-voice", voice, "-t", text, "-o", str(wav)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except FileNotFoundError:
            raise SystemExit(
                "The talkers need flite: install the Debian package `flite`."
            ) from None
        samples, hz = soundfile.read(wav, dtype="float32")
    # Taken for a recording at another rate, the same voice is higher and quicker, or the reverse.
    heard: Sound = soxr.resample(samples, hz * shift, HZ)
    return heard


def _clatter(rng: Generator, seconds: float) -> NDArray[np.float64]:
    """About three impacts a second, each with the few inharmonic tones of a plate or a pan."""
    mix = np.zeros(_frames(seconds))
    for start in rng.integers(len(mix), size=max(1, rng.poisson(3 * seconds))):
        tones = rng.integers(4, 9)
        ring_s = 10 ** rng.uniform(-1.9, -0.6)
        t = np.arange(min(len(mix) - start, round(5 * ring_s * HZ))) / HZ
        hz = rng.uniform(500, 1500) * np.cumprod(np.append(1.0, rng.uniform(1.2, 1.8, tones)))
        rings = [
            np.sin(2 * np.pi * f * t + rng.uniform(0, 6)) * np.exp(-t / ring_s * (1 + k / 3))
            for k, f in enumerate(hz[hz < 7500])
        ]
        knock = rng.normal(size=len(t)) * np.exp(-t / 0.003)
        mix[start : start + len(t)] += 10 ** (rng.uniform(-18, 0) / 20) * (sum(rings) + 2 * knock)
    return mix


def _coloured(rng: Generator, seconds: float, at_hz: dict[int, float]) -> NDArray[np.float64]:
    """Noise with this spectrum in dB, straight lines over log frequency between the points."""
    frames = _frames(seconds)
    hz = np.fft.rfftfreq(frames, 1 / HZ)
    points = np.log(list(at_hz))
    db = np.interp(np.log(np.maximum(hz, 1.0)), points, list(at_hz.values()))
    spectrum = np.fft.rfft(rng.normal(size=frames)) * 10 ** (db / 20)
    spectrum[hz < next(iter(at_hz)) / 2] = 0
    noise = np.fft.irfft(spectrum, frames)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def _sparse(rng: Generator, seconds: float, per_s: float, decay_s: float) -> NDArray[np.float64]:
    """An envelope of random crackles."""
    frames = _frames(seconds)
    clicks = rng.exponential(size=frames) * (rng.uniform(size=frames) < per_s / HZ)
    decay = np.exp(-np.arange(round(6 * decay_s * HZ)) / decay_s / HZ)
    return np.convolve(clicks, decay)[:frames]


def _slow(rng: Generator, seconds: float, hz: float) -> NDArray[np.float64]:
    """Wanders between about -1 and 1, so many times a second."""
    knots = rng.uniform(-1, 1, max(2, round(seconds * hz) + 2))
    return np.interp(_time(seconds), np.arange(len(knots)) / hz, knots)


def _finished(noise: NDArray[np.float64]) -> Sound:
    return at_level(noise.astype(np.float32), LEVEL_DBFS)


def _frames(seconds: float) -> int:
    return round(seconds * HZ)


def _time(seconds: float) -> NDArray[np.float64]:
    return np.arange(_frames(seconds)) / HZ
