"""What the tests of the voice share: the shipped voices, and how rendered sound is measured."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from os_sim.audio import MIX_HZ
from os_sim.resources import shipped
from os_sim.tts.voice import Voice, find_voice, list_voices

if TYPE_CHECKING:
    from os_sim.audio import Samples

SHIPPED: list[Voice] = list_voices([shipped("voices")])
SAMANTHA = find_voice("samantha", [shipped("voices")])

_FRAME_S = 0.04


def median_pitch_hz(samples: "Samples") -> float:
    """The median over voiced frames, each by the highest peak of its autocorrelation."""
    frame, shortest, longest = int(_FRAME_S * MIX_HZ), MIX_HZ // 400, MIX_HZ // 70
    mono = samples.mean(axis=1)
    pitches = []
    for start in range(0, len(mono) - frame, frame):
        spectrum = np.fft.rfft(mono[start : start + frame], 2 * frame)
        echo = np.fft.irfft(np.abs(spectrum) ** 2)[:frame]
        lag = shortest + int(echo[shortest:longest].argmax())
        if echo[0] > 1.0 and echo[lag] > 0.5 * echo[0]:
            pitches.append(MIX_HZ / lag)
    return float(np.median(pitches))


def true_peak_dbfs(samples: "Samples") -> float:
    """Of the four times oversampled signal, as in ITU-R BS.1770-5, annex 2."""
    import soxr

    oversampled = soxr.resample(samples, MIX_HZ, 4 * MIX_HZ, "VHQ")
    return float(20 * np.log10(np.abs(oversampled).max()))


def is_alive(pid: int) -> bool:
    """Whether the process runs or is stopped; a dead one may still wait to be reaped."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
