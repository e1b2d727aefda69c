"""Whatever form a device has, the sound in it is the same."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from os_sim.audio import CAPTURE_HZ, CHUNK_FRAMES, MIX_HZ
from os_sim.audio.conversion import FromDevice, ToDevice
from tests.audio.sounds import sine, strongest_hz

if TYPE_CHECKING:
    from os_sim.audio import Samples


class Tape:
    """Gives out a sound piece by piece, and then silence."""

    def __init__(self, sound: "Samples") -> None:
        self._sound = sound

    def __call__(self, frames: int) -> "Samples":
        piece, self._sound = self._sound[:frames], self._sound[frames:]
        return np.pad(piece, ((0, frames - len(piece)), (0, 0)))


@pytest.mark.parametrize("hz", [8_000, 16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_microphone_is_heard_as_mono_at_the_capture_rate(hz: int, channels: int) -> None:
    tone = (10_000 * np.sin(2 * np.pi * 1000 * np.arange(hz) / hz)).astype(np.int16)
    sound = np.zeros((hz, channels), np.int16)
    sound[:, 0] = tone  # a second channel is often silent
    convert = FromDevice(hz, channels)
    chunks = [chunk for block in np.array_split(sound, 67) for chunk in convert(block.tobytes())]
    assert {len(chunk) for chunk in chunks} == {CHUNK_FRAMES}
    heard = np.concatenate(chunks).astype(float)
    assert len(heard) == pytest.approx(CAPTURE_HZ, abs=5 * CHUNK_FRAMES)
    assert strongest_hz(heard, CAPTURE_HZ) == pytest.approx(1000, abs=2)
    assert heard[1000:-1000].std() == pytest.approx(10_000 / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize("hz", [16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_speaker_gets_its_own_rate_and_channels(hz: int, channels: int) -> None:
    convert = ToDevice(Tape(sine(1000, 1.2)), hz, channels)
    sound = np.frombuffer(b"".join(convert(441) for _ in range(hz // 441)), np.float32)
    frames = sound.reshape(-1, channels)
    assert len(frames) == hz // 441 * 441
    assert strongest_hz(frames[:, 0], hz) == pytest.approx(1000, abs=2)
    assert np.abs(frames).max() == pytest.approx(0.5, rel=0.02)


def test_a_mono_speaker_plays_both_sides() -> None:
    sides = np.zeros((MIX_HZ, 2), np.float32)
    sides[:, 0], sides[:, 1] = 0.2, 0.6
    convert = ToDevice(Tape(sides), MIX_HZ, 1)
    assert np.frombuffer(convert(480), np.float32) == pytest.approx(0.4)
