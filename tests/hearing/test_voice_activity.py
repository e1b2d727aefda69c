"""Speech or not: rooms without a voice stay quiet, soft voices are noticed."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from os_sim.audio import CHUNK_FRAMES, CHUNK_S
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing.sounds import (
    COMMANDS,
    SPEECH,
    VOICES,
    at_level,
    chunks_of,
    hiss,
    hum,
    nothing,
    sound_of,
    spoken,
)

if TYPE_CHECKING:
    from tests.hearing.sounds import Sound


def speech_s(sound: "Sound", detector: WebrtcVoiceDetector | None = None) -> float:
    """How much of it is taken for speech."""
    detector = detector or WebrtcVoiceDetector()
    return sum(detector.is_speech(chunk) for chunk in chunks_of(sound)) * CHUNK_S


@pytest.mark.parametrize(
    "room",
    [
        nothing(20),
        hiss(20, -60),
        hiss(20, -40),
        hum(20, -30),
        np.clip(hiss(20, -50) + hum(20, -40), -32768, 32767),
        nothing(20) + np.int16(2_000),
    ],
    ids=["digital silence", "soft hiss", "loud hiss", "hum", "hiss and hum", "constant offset"],
)
def test_a_room_without_a_voice_is_quiet(room: "Sound") -> None:
    assert speech_s(room) < 0.1


def test_a_fan_that_is_switched_on_becomes_part_of_the_room() -> None:
    detector = WebrtcVoiceDetector()
    speech_s(hiss(5, -60), detector)
    speech_s(hiss(5, -35), detector)
    assert speech_s(hiss(10, -35), detector) == 0


def test_gusts_and_rustling_are_no_voice() -> None:
    room = hiss(10, -65)
    for start in range(16_000, 144_000, 16_000):
        room[start : start + 4_800] = hiss(0.3, -30)
    assert speech_s(room) < 0.2


@pytest.mark.parametrize("sentence", COMMANDS)
def test_a_voice_is_noticed(sentence: str) -> None:
    room = hiss(2, -65)
    assert speech_s(np.concatenate([room, sound_of(spoken(sentence)), room])) > 0.2


def test_a_soft_voice_in_a_quiet_room_is_noticed() -> None:
    sound = at_level(sound_of(spoken("play a melancholy song")), -38)
    room = hiss(len(sound) / 16_000 + 2, -72)
    room[: len(sound)] += sound
    assert speech_s(room) > 0.4


def test_a_voice_above_a_fan_is_noticed() -> None:
    fan = hiss(8, -45)
    sound = at_level(sound_of(spoken("play a melancholy song")), -9)
    fan[-len(sound) :] += sound
    assert speech_s(fan) > 0.4


def test_most_of_what_people_say_is_speech() -> None:
    sound = sound_of(SPEECH / "misc/librivox-0870.flac")
    assert speech_s(sound) > 0.6 * len(sound) * CHUNK_S / CHUNK_FRAMES


def test_another_room_starts_afresh() -> None:
    detector = WebrtcVoiceDetector()
    speech_s(hiss(5, -30), detector)
    detector.reset()
    assert speech_s(sound_of(spoken("next")), detector) > 0.2


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("sentence", ["stop", "next", "good night"])
def test_a_voice_with_peaks_at_45_below_full_scale_is_noticed(sentence: str, voice: str) -> None:
    quiet = hiss(2, -90)
    sound = at_level(sound_of(spoken(sentence, voice)), -45)
    assert speech_s(np.concatenate([quiet, sound, quiet])) > 0.2


def test_a_word_at_the_very_beginning_is_noticed() -> None:
    sound = sound_of(spoken("next"))
    loud = np.flatnonzero(np.abs(sound.astype(int)) > 1_000)
    assert speech_s(sound[loud[0] : loud[0] + 6_400]) > 0.15


def test_the_murmur_of_many_people_becomes_part_of_the_room() -> None:
    recordings = sorted((SPEECH / "misc").glob("librivox*.flac"))
    murmur = np.zeros(16_000 * 12)
    for number, path in enumerate(recordings * 2):
        talker = np.roll(np.resize(sound_of(path).astype(float), len(murmur)), 16_000 * number)
        murmur += talker / 4
    detector = WebrtcVoiceDetector()
    speech_s(murmur[: 16_000 * 4].astype(np.int16), detector)
    assert speech_s(murmur[16_000 * 4 :].astype(np.int16), detector) < 0.2 * 8
