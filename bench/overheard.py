"""Talk that is not for the OS: flite's four voices read at four paces, alone or three at once.

The text is `overheard.txt`, written for this, and sentences put together from a stock of words;
both come near what the OS listens for every now and then.  Minute n is the same every time.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator

from bench.levels import HZ, Sound, at_peak
from bench.noises import NOISES, VOICES, add_noise, babble

PACES = (0.8, 0.95, 1.1, 1.3)
"""How much longer or shorter than usual the words are."""
_TEXT = Path(__file__).with_name("overheard.txt")
_PEAKS_DBFS = (-6.0, -12.0, -20.0, -30.0)
_STOCK = {
    "who": "my sister|the neighbour|our teacher|a friend of mine|the new doctor|his mother|the "
    "girl next door|the man from the bank|my boss|the twins|your cousin|the old couple",
    "did": "forgot|found|wanted|bought|lost|painted|repaired|borrowed|sold|cleaned|described|kept",
    "what": "the red bicycle|a box of records|an old guitar|the garden gate|two tickets for the "
    "concert|the letter from the school|a pair of gloves|the kitchen table|a film about whales|the "
    "alarm clock|a song about the sea|my umbrella|the second volume|a bottle of ink",
    "where": "at the market|in the attic|behind the station|at work|in the library|on the island|"
    "beside the lake|in front of the cinema|at our place|under the stairs",
    "when": "last night|on Sunday|ten minutes ago|before the storm|at half past six|in the spring|"
    "the other day|every morning|shortly after lunch|when nobody was looking",
    "why": "because it was raining|so we had to laugh|and nobody noticed|although it was expensive|"
    "because the music was too loud|and then the lights went out|but she never said a word|so I "
    "wrote a note|and that was the end of it|but he would not stop talking",
}
_PATTERNS = (
    "who did what where",
    "when who did what",
    "who did what when why",
    "who did what where why",
)


def talk(minute: int) -> Sound:
    """A minute of it, or a little more: of one reader, or in every sixth minute of three."""
    rng = np.random.default_rng(minute)
    peak_dbfs = rng.choice(_PEAKS_DBFS)
    if minute % 6 == 5:
        several = [_reading(np.random.default_rng((minute, one)), 60.0) for one in range(3)]
        return at_peak(babble(several, 60.0, minute), peak_dbfs)
    speech = at_peak(_reading(rng, 60.0), peak_dbfs)
    if minute % 3:
        return speech
    noise = rng.choice(["fan", "street", "kitchen"])
    return add_noise(speech, NOISES[noise](len(speech) / HZ, minute), snr_db=20)


def sentences() -> tuple[str, ...]:
    """Those that were written."""
    lines = _TEXT.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def made_up(rng: Generator) -> str:
    """One put together from the stock."""
    pattern = rng.choice(_PATTERNS).split()
    words = " ".join(str(rng.choice(_stock()[part])) for part in pattern)
    return f"{words[0].upper()}{words[1:]}."


def _reading(rng: Generator, seconds: float) -> Sound:
    """One voice that reads at one pace, with a breath between the sentences."""
    voice, pace = rng.choice(VOICES), rng.choice(PACES)
    pieces: list[Sound] = []
    for text in _texts(rng):
        spoken = _read(str(voice), float(pace), text)
        breath = np.zeros(round(rng.uniform(0.15, 1.5) * HZ), np.float32)
        pieces += [spoken, breath]
        if sum(map(len, pieces)) > seconds * HZ:
            break
    return np.concatenate(pieces)


def _texts(rng: Generator) -> Iterator[str]:
    written = sentences()
    while True:
        yield str(rng.choice(written)) if rng.uniform() < 0.6 else made_up(rng)


@cache
def _stock() -> dict[str, list[str]]:
    return {part: phrases.split("|") for part, phrases in _STOCK.items()}


def _read(voice: str, pace: float, text: str) -> Sound:
    """Raises SystemExit if there is no flite."""
    with tempfile.TemporaryDirectory() as place:
        wav = Path(place) / "read.wav"
        stretch = f"duration_stretch={pace}"
        command = ["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", str(wav)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except FileNotFoundError:
            raise SystemExit("flite reads the text: install the Debian package `flite`.") from None
        samples, hz = soundfile.read(wav, dtype="float32")
    if hz == HZ:
        return np.asarray(samples, np.float32)
    import soxr  # only kal has another rate

    return np.asarray(soxr.resample(samples, hz, HZ), np.float32)
