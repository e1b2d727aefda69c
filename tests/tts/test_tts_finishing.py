"""The finishing chain: trimmed, equalised, compressed, in a room, as loud as asked for."""

import math

import numpy as np
import pyloudnorm
import pytest

from os_sim.audio import MIX_HZ
from os_sim.tts.equaliser import band_response
from os_sim.tts.finishing import finish
from os_sim.tts.loudness import gated_loudness, k_weighting
from os_sim.tts.room import room_impulses
from os_sim.tts.voice import Band, Room
from tests.tts.voicing import SAMANTHA, true_peak_dbfs

HZ = 22_050


def noise(
    seconds: float, level: float = 0.1, seed: int = 0
) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    return (np.random.default_rng(seed).standard_normal(int(seconds * HZ)) * level).astype(
        np.float32
    )


def gain_db(band: Band, hz: float) -> float:
    response = band_response([band], HZ, HZ)  # bins of 1 Hz
    return float(20 * np.log10(np.abs(response[round(hz)]) + 1e-12))


def test_a_peak_has_its_gain_at_its_frequency_and_none_far_away() -> None:
    band = Band("peak", hz=1_000, gain_db=-6, q=1)
    assert gain_db(band, 1_000) == pytest.approx(-6, abs=0.01)
    assert gain_db(band, 50) == pytest.approx(0, abs=0.1)


def test_a_shelf_has_half_its_gain_at_its_corner() -> None:
    low, high = Band("low_shelf", hz=500, gain_db=4), Band("high_shelf", hz=2_000, gain_db=-4)
    assert [gain_db(low, hz) for hz in (10, 500, 9_000)] == pytest.approx([4, 2, 0], abs=0.1)
    assert [gain_db(high, hz) for hz in (10, 2_000, 11_000)] == pytest.approx([0, -2, -4], abs=0.1)


def test_a_high_pass_lets_nothing_of_a_rumble_through() -> None:
    assert gain_db(Band("high_pass", hz=80), 10) < -30
    assert gain_db(Band("high_pass", hz=80), 1_000) == pytest.approx(0, abs=0.1)


def test_a_band_beyond_the_engines_rate_is_left_out() -> None:
    assert gain_db(Band("peak", hz=15_000, gain_db=12), 9_000) == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100, 48_000])
def test_loudness_agrees_with_the_reference_meter(rate_hz: int) -> None:
    sound = np.random.default_rng(1).standard_normal(4 * rate_hz) * 0.1
    sound[rate_hz : 2 * rate_hz] *= 0.001  # a pause, for the gates
    size = 8 * rate_hz
    weighted = np.fft.irfft(np.fft.rfft(sound, size) * k_weighting(rate_hz, size), size)
    ours = gated_loudness(weighted[: len(sound)].astype(np.float32), rate_hz)
    assert ours == pytest.approx(pyloudnorm.Meter(rate_hz).integrated_loudness(sound), abs=0.15)


def test_silence_has_no_loudness() -> None:
    assert gated_loudness(np.zeros(HZ, np.float32), HZ) == -math.inf


def test_the_room_is_as_loud_as_asked_and_different_at_each_ear() -> None:
    left, right = room_impulses(Room(level_db=-17, decay_s=0.25), HZ)
    energy = (np.square(left).sum() + np.square(right).sum()) / 2
    assert 10 * np.log10(energy) == pytest.approx(-17, abs=0.01)
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.3


def test_what_is_finished_is_as_loud_as_the_voice_says() -> None:
    for level in (0.003, 0.1, 0.9):
        mix = finish(noise(3, level), HZ, SAMANTHA)
        loudness = pyloudnorm.Meter(MIX_HZ).integrated_loudness(mix)
        assert loudness == pytest.approx(SAMANTHA.loudness_lufs, abs=1)


def test_a_click_in_a_quiet_sentence_stays_under_the_ceiling() -> None:
    sound = noise(2, 0.01)
    sound[HZ] = 1.0
    assert true_peak_dbfs(finish(sound, HZ, SAMANTHA)) < -1


def test_silence_around_a_sentence_is_trimmed_and_the_room_dies_away_after_it() -> None:
    padded = np.concatenate([np.zeros(HZ, np.float32), noise(1), np.zeros(2 * HZ, np.float32)])
    mix = finish(padded, HZ, SAMANTHA)
    assert len(mix) / MIX_HZ == pytest.approx(1 + SAMANTHA.finish.room.decay_s, abs=0.03)
    assert np.abs(mix[: MIX_HZ // 20]).max() > 0.01  # speech within 50 ms
    assert 0 < np.abs(mix[-MIX_HZ // 10 :]).max() < 0.01


def test_a_sentence_begins_and_ends_without_a_click() -> None:
    mix = finish(noise(1), HZ, SAMANTHA)
    assert np.abs(mix[:8]).max() < 0.01
    assert np.abs(mix[-8:]).max() < 0.001


@pytest.mark.parametrize("frames", [0, 1, 7, 100, 1_000])
def test_a_scrap_of_sound_is_finished_too(frames: int) -> None:
    mix = finish(np.full(frames, 0.5, np.float32), HZ, SAMANTHA)
    assert mix.shape[1] == 2
    assert mix.dtype == np.float32
    assert np.isfinite(mix).all()


def test_silence_gives_no_frames() -> None:
    assert finish(np.zeros(HZ, np.float32), HZ, SAMANTHA).shape == (0, 2)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_an_engine_may_use_any_rate(rate_hz: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz).astype(np.float32)
    mix = finish(tone, rate_hz, SAMANTHA)[:MIX_HZ, 0]
    spectrum = np.abs(np.fft.rfft(mix * np.hanning(MIX_HZ)))
    assert int(spectrum.argmax()) == 440


def test_compression_brings_loud_and_quiet_together() -> None:
    sound = np.concatenate([noise(1, 0.4), noise(1, 0.05)])
    mix = finish(sound, HZ, SAMANTHA)[:, 0]
    loud, quiet = (
        np.sqrt(np.mean(np.square(part))) for part in (mix[10_000:40_000], mix[58_000:90_000])
    )
    assert 20 * np.log10(loud / quiet) < 18 - 1
