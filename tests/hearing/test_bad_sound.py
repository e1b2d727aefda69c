"""Sound that no studio would deliver: what is said in it is heard, or nothing is."""

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest

from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.channel.hearing import Hearing
from os_sim.events import HeardEvent, NothingHeard, Partial, Utterance
from os_sim.vad.endpointing import EndpointRules
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing.sounds import (
    COMMANDS,
    SPEECH,
    at_level,
    chunks_of,
    expecting,
    hiss,
    nothing,
    sound_of,
    spoken,
)

if TYPE_CHECKING:
    from tests.hearing.sounds import Sound

ROOM = hiss(1.0, -65)
NEXT = sound_of(spoken("next", "rms"))
LONGEST_S = EndpointRules().longest_s


def heard(model: VoskModel, *sounds: "Sound") -> list[HeardEvent]:
    """What comes of the sounds, with ears for the commands; no partials."""

    async def run() -> list[HeardEvent]:
        hearing = Hearing(VoskRecognizer(model), WebrtcVoiceDetector())
        hearing.expect(expecting(*COMMANDS))
        events = [await hearing.take(chunk) for chunk in chunks_of(np.concatenate(sounds))]
        events.append(await hearing.finish())
        await hearing.close()
        return [event for event in events if event is not None and not isinstance(event, Partial)]

    return asyncio.run(run())


def texts(events: list[HeardEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, Utterance)]


def tight(sound: "Sound") -> "Sound":
    """From the first sample of speech to the last."""
    loud = np.flatnonzero(np.abs(sound.astype(int)) > np.abs(sound.astype(int)).max() / 30)
    return sound[loud[0] : loud[-1] + 1]


def clipped(sound: "Sound", by: float, offset: float = 0.0) -> "Sound":
    return np.asarray(np.clip(sound * by + offset, -32768, 32767), np.int16)


@pytest.mark.parametrize(
    "sound",
    [
        clipped(np.concatenate([ROOM, NEXT, ROOM]), 8.0),
        clipped(np.concatenate([ROOM, NEXT, ROOM]), 1.0, offset=6_000.0),
        np.concatenate([hiss(1.0, -80), at_level(NEXT, -38), hiss(1.0, -80)]),
        np.concatenate([ROOM, at_level(NEXT, 0), ROOM]),
        np.concatenate([nothing(1.0), NEXT, nothing(1.0)]),
    ],
    ids=["clipped by 18 dB", "constant offset", "very soft", "full scale", "no room at all"],
)
def test_a_word_is_heard(model: VoskModel, sound: "Sound") -> None:
    assert texts(heard(model, sound)) == ["next"]


@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_a_word_is_heard_from_the_first_sample_to_the_last(model: VoskModel, voice: str) -> None:
    assert texts(heard(model, tight(sound_of(spoken("good night", voice))))) == ["good night"]


@pytest.mark.parametrize("level", [32767, -32768, 1], ids=["stuck high", "stuck low", "one"])
def test_a_broken_card_is_no_voice(model: VoskModel, level: int) -> None:
    assert heard(model, np.full(16_000 * 3, level, np.int16)) == []


def test_full_scale_noise_has_no_words(model: VoskModel) -> None:
    loud = np.random.default_rng(1).integers(-32768, 32767, 16_000 * 3).astype(np.int16)
    assert texts(heard(model, loud, ROOM)) == []


def test_a_word_after_an_hour_of_digital_silence_is_heard(model: VoskModel) -> None:
    assert texts(heard(model, nothing(3_600), NEXT, nothing(1.0))) == ["next"]


@pytest.mark.timeout(180)
def test_somebody_who_never_pauses_is_heard_in_pieces_and_the_next_word_for_itself(
    model: VoskModel,
) -> None:
    readings = [tight(sound_of(path)) for path in sorted((SPEECH / "misc").glob("librivox*"))]
    monologue = np.concatenate(readings * 2)[: round((LONGEST_S + 4.0) * 16_000)]
    events = heard(model, monologue, ROOM, NEXT, ROOM)
    assert events[0] == NothingHeard()
    assert texts(events) == ["next"]
    assert 3 <= len(events) <= 12
