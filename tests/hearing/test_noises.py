"""The noises, levels and rooms that figures are measured with are what they are called."""

from collections.abc import Callable

import numpy as np
import pytest
import soundfile

from bench import noises, rooms
from bench.levels import HZ, Sound, active_level_dbfs, at_level, at_peak, level_dbfs, peak_dbfs
from tests.hearing.sounds import COMMANDS, VOICES, spoken


def _spoken(sentence: str, voice: str) -> Sound:
    samples, _ = soundfile.read(spoken(sentence, voice), dtype="float32")
    return np.asarray(samples)


def _babble(seconds: float, seed: int) -> Sound:
    talkers = [
        np.concatenate([_spoken(sentence, voice) for sentence in COMMANDS]) for voice in VOICES
    ]
    return noises.babble(talkers, seconds, seed)


MAKERS = {**noises.NOISES, "babble": _babble, "hiss": noises.hiss}
makers = pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
Maker = Callable[[float, int], Sound]


@pytest.fixture(scope="module")
def speech() -> Sound:
    return _spoken("play a melancholy song", "slt")


def _tone(seconds: float, dbfs: float, hz: float = 1000) -> Sound:
    wave = np.sin(2 * np.pi * hz * np.arange(round(seconds * HZ)) / HZ)
    return at_level(wave.astype(np.float32), dbfs)


def _share_db(sound: Sound, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / HZ)
    inside = power[(low_hz <= hz) & (hz < high_hz)].sum()
    return float(10 * np.log10(inside / power.sum()))


@makers
def test_the_same_seed_gives_the_same_noise_and_another_seed_another(maker: Maker) -> None:
    first = maker(1.5, 1)
    assert np.array_equal(first, maker(1.5, 1))
    assert not np.array_equal(first, maker(1.5, 2))


@makers
def test_a_noise_is_as_long_and_as_loud_as_told(maker: Maker) -> None:
    noise = maker(1.5, 3)
    assert noise.dtype == np.float32
    assert noise.shape == (24_000,)
    assert level_dbfs(noise) == pytest.approx(noises.LEVEL_DBFS, abs=0.01)


@makers
def test_noise_is_added_at_the_ratio_asked_for(maker: Maker, speech: Sound) -> None:
    noise = maker(1.0, 1)
    for snr_db in (24, 6, -3):
        added = noises.add_noise(speech, noise, snr_db) - speech
        assert active_level_dbfs(speech) - level_dbfs(added) == pytest.approx(snr_db, abs=0.05)


def test_a_pause_does_not_change_the_active_level_of_speech(speech: Sound) -> None:
    silence = np.zeros(3 * HZ, np.float32)
    with_pause = np.concatenate([speech, silence, speech])
    assert active_level_dbfs(with_pause) == pytest.approx(active_level_dbfs(speech), abs=0.5)
    assert level_dbfs(with_pause) < active_level_dbfs(speech) - 2


def test_the_active_level_of_a_steady_tone_is_its_level() -> None:
    assert active_level_dbfs(_tone(4.0, -26)) == pytest.approx(-26, abs=0.3)


def test_hiss_is_flat_a_fan_hums_low_and_a_kitchen_rings_high() -> None:
    hiss, fan, kitchen = (make(8.0, 1) for make in (noises.hiss, noises.fan, noises.kitchen))
    assert _share_db(hiss, 0, 2000) == pytest.approx(-6.0, abs=0.2)
    assert _share_db(fan, 0, 1000) > -1.0
    assert _share_db(kitchen, 1000, 8000) > -2.0


def test_a_kitchen_clatters_and_a_fan_is_steady() -> None:
    def crest_db(noise: Sound) -> float:
        return peak_dbfs(noise) - level_dbfs(noise)

    assert crest_db(noises.kitchen(8.0, 1)) > crest_db(noises.fan(8.0, 1)) + 5


def test_a_car_passes_in_the_street() -> None:
    halves = noises.street(8.0, 1).reshape(-1, HZ // 2)
    levels = [level_dbfs(half) for half in halves]
    assert max(levels) - min(levels) > 5


def test_many_talkers_leave_no_pause(speech: Sound) -> None:
    def quietest_db(sound: Sound) -> float:
        tenths = sound[: len(sound) // 1600 * 1600].reshape(-1, 1600)
        return min(level_dbfs(tenth) for tenth in tenths) - active_level_dbfs(sound)

    babble = noises.NOISES["babble"](8.0, 1)
    assert quietest_db(babble) > -15 > quietest_db(speech)


@pytest.mark.parametrize("t60_s", [0.2, 0.5, 0.8])
def test_a_room_rings_for_its_reverberation_time(t60_s: float) -> None:
    energy = rooms.room(t60_s, 1).astype(np.float64) ** 2
    # Schroeder's backward integration; the slope between -5 and -25 dB, times three.
    left_db = 10 * np.log10(np.cumsum(energy[::-1])[::-1] / energy[1:].sum())
    fell_s = [int(np.argmax(left_db[1:] < db)) / HZ for db in (-5, -25)]
    assert 3 * (fell_s[1] - fell_s[0]) == pytest.approx(t60_s, rel=0.15)


def test_at_the_critical_distance_a_room_is_as_loud_as_the_talker() -> None:
    critical_m = 0.057 * (50 / 0.5) ** 0.5
    ratios_db = [
        10 * np.log10(np.sum(rooms.room(0.5, seed, critical_m)[1:].astype(np.float64) ** 2))
        for seed in range(8)
    ]
    assert np.mean(ratios_db) == pytest.approx(0, abs=1)


def test_a_room_keeps_the_length_and_the_peak_of_speech(speech: Sound) -> None:
    heard = rooms.in_room(speech, rooms.room(0.5, 1))
    assert len(heard) == len(speech)
    assert peak_dbfs(heard) == pytest.approx(peak_dbfs(speech), abs=0.01)
    assert np.abs(heard - speech).max() > 0.01


def test_a_telephone_lets_its_band_through_and_nothing_else() -> None:
    for hz, loss_db in ((100, 30), (1000, 0), (5000, 30)):
        loss = -20 - level_dbfs(rooms.over_telephone(_tone(1.0, -20, hz)))
        assert loss == pytest.approx(0, abs=0.5) if not loss_db else loss > loss_db


def test_a_telephone_has_eight_bits() -> None:
    tone = _tone(1.0, -20)
    error = rooms.over_telephone(tone) - tone
    assert -42 < level_dbfs(error[HZ // 4 : -HZ // 4]) + 20 < -30


def test_clipping_flattens_what_stood_above_full_scale(speech: Sound) -> None:
    heard = rooms.clipped(speech, 12)
    assert peak_dbfs(heard) == 0
    assert np.mean(np.abs(heard) == 1) > 0.005
    assert np.array_equal(rooms.clipped(speech, 0), at_peak(speech, 0))


def test_an_offset_moves_the_mean(speech: Sound) -> None:
    moved = rooms.with_offset(speech, 0.05)
    assert float(moved.mean() - speech.mean()) == pytest.approx(0.05, abs=1e-4)


def test_flite_talkers_read_something_else_each() -> None:
    talkers = noises.flite_talkers(2)
    assert all(len(talker) > 5 * HZ for talker in talkers)
    assert len(talkers[0]) != len(talkers[1])
