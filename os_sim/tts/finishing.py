"""From the engine's bare sound to the voice as it is heard.

In order: trim the silence, equalise, compress gently, put it into a room, set the loudness,
convert to the mix.  Filters are applied block by block in the frequency domain (overlap-add), so
that their spectra are computed once per voice and nothing runs sample by sample.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import soxr

from os_sim.audio import MIX_HZ
from os_sim.tts.equaliser import band_response
from os_sim.tts.loudness import gated_loudness, k_weighting
from os_sim.tts.room import room_impulses
from os_sim.tts.voice import Compression, Finish, Voice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from os_sim.audio import Samples

    Mono = NDArray[np.float32]
    """Shape (frames,), at the engine's rate."""
    Spectrum = NDArray[np.complex64]

_CEILING = 10 ** (-1.5 / 20)
"""Of the sample peak.  The engine's sound ends far below half the mix's rate, so that the true
peak lies within half a dB of it, and stays under -1 dBFS."""
_LONGEST_FILTER_S = 0.32
_SILENCE_DB = -50.0
"""Below the loudest moment; quieter stretches at either end are trimmed."""
_FRAME_S = 0.005
_FADE_S = 0.004
_KNEE_DB = 6.0
_GAIN_SMOOTHING_S = 0.06


def finish(sound: "Mono", rate_hz: int, voice: Voice) -> "Samples":
    """The finished sentence: stereo float32 at MIX_HZ, shape (frames, 2), peak under -1 dBFS.

    Silence in gives no frames out.  Safe in any thread; costs a few milliseconds a sentence.
    """
    sound = _trim(sound, rate_hz)
    if not len(sound):
        return np.zeros((0, 2), np.float32)
    filters = _filters(voice.finish, rate_hz)
    (equalised,) = _filtered(sound, filters.equaliser)
    sound = _compressed(equalised[: len(sound)], rate_hz, voice.finish.compression)
    weighted, left, right = _filtered(sound, filters.ear_and_room)
    room_ends = len(sound) + int(voice.finish.room.decay_s * rate_hz)
    ears = np.stack([left[:room_ends], right[:room_ends]], axis=1)
    ears *= _gain_to(voice.loudness_lufs, weighted[: len(sound)], rate_hz)
    mix: Samples = soxr.resample(_faded_out(ears, rate_hz), rate_hz, MIX_HZ, "MQ")
    peak = max(float(mix.max()), -float(mix.min()))
    return mix if peak <= _CEILING else mix * np.float32(_CEILING / peak)


@dataclass(frozen=True)
class _Filters:
    """Spectra at one rate, each shape (filters, bins)."""

    equaliser: "Spectrum"
    ear_and_room: "Spectrum"
    """The K weighting, then the room at the left and at the right ear, direct sound included."""


@lru_cache(maxsize=8)
def _filters(chain: Finish, rate_hz: int) -> _Filters:
    size = _fft_size(rate_hz)
    equaliser = band_response(chain.bands, rate_hz, size)
    room = 1 + np.fft.rfft(room_impulses(chain.room, rate_hz), size)
    return _Filters(
        equaliser=equaliser[None].astype(np.complex64),
        ear_and_room=np.vstack([k_weighting(rate_hz, size), room]).astype(np.complex64),
    )


def _fft_size(rate_hz: int) -> int:
    """At least four times the longest filter, so that a quarter of each block is overlap."""
    return 4 << (int(_LONGEST_FILTER_S * rate_hz) - 1).bit_length()


def _filtered(sound: "Mono", spectra: "Spectrum") -> "NDArray[np.float32]":
    """The sound through each of the filters, shape (filters, frames), with what rings on."""
    size = 2 * (spectra.shape[1] - 1)
    block = size - size // 4
    count = -(-len(sound) // block)
    blocks = np.zeros((count, block), np.float32)
    blocks.reshape(-1)[: len(sound)] = sound
    through = np.fft.irfft(np.fft.rfft(blocks, size) * spectra[:, None], size)
    whole = np.zeros((len(spectra), count + 1, block), np.float32)
    whole[:, :-1] = through[..., :block]
    whole[:, 1:, : size - block] += through[..., block:]
    return whole.reshape(len(spectra), -1)


def _trim(sound: "Mono", rate_hz: int) -> "Mono":
    """Without the silence at both ends; what is left begins and ends at zero."""
    frame = int(_FRAME_S * rate_hz)
    peaks = np.abs(sound[: len(sound) // frame * frame].reshape(-1, frame)).max(axis=1, initial=0)
    loud = np.flatnonzero(peaks > peaks.max(initial=0) * 10 ** (_SILENCE_DB / 20))
    if not len(loud):
        return sound[:0]
    kept = sound[max(0, loud[0] - 1) * frame : (loud[-1] + 3) * frame].copy()
    fade = np.linspace(0, 1, int(_FADE_S * rate_hz), dtype=np.float32)
    kept[: len(fade)] *= fade
    kept[-len(fade) :] *= fade[::-1]
    return kept


def _compressed(sound: "Mono", rate_hz: int, compression: Compression) -> "Mono":
    """Feed-forward compression with a soft knee, and gain that changes smoothly both ways.

    Static curve: D. Giannoulis, M. Massberg and J. D. Reiss, "Digital dynamic range compressor
    design", JAES 60, 2012, eq. 4.  The sentence is known whole, so instead of attack and release
    the gain is smoothed with a window centred on each frame, which reacts in time to an onset.
    """
    frame = int(_FRAME_S * rate_hz)
    power = np.square(sound[: len(sound) // frame * frame].reshape(-1, frame)).mean(axis=1)
    level_db = 10 * np.log10(power + 1e-12)
    # The mean over speech only: pauses would pull it down.
    mean_db = 10 * np.log10(power[level_db > level_db.max() - 30].mean() + 1e-12)
    over_db = level_db - mean_db - compression.threshold_db
    knee_db = np.clip(over_db + _KNEE_DB / 2, 0, _KNEE_DB)
    bent_db = np.where(over_db > _KNEE_DB / 2, over_db, knee_db**2 / (2 * _KNEE_DB))
    window = np.hanning(round(_GAIN_SMOOTHING_S / _FRAME_S) + 2)
    gain_db = np.convolve(bent_db * (1 / compression.ratio - 1), window / window.sum(), "same")
    middles = (np.arange(len(gain_db)) + 0.5) * frame
    gain = np.interp(np.arange(len(sound)), middles, 10 ** (gain_db / 20))
    return sound * gain.astype(np.float32)


def _gain_to(target_lufs: float, weighted: "Mono", rate_hz: int) -> np.float32:
    # The same sound from two loudspeakers is 3 LU louder than from one (BS.1770 adds powers).
    both_lufs = gated_loudness(weighted, rate_hz) + 3.01
    return np.float32(10 ** ((target_lufs - both_lufs) / 20) if np.isfinite(both_lufs) else 1)


def _faded_out(ears: "Mono", rate_hz: int) -> "Mono":
    frames = min(len(ears), int(0.03 * rate_hz))
    ears[-frames:] *= np.linspace(1, 0, frames, dtype=np.float32)[:, None]
    return ears
