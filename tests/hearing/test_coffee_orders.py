"""Sixty-two people order coffee; heard as a recording is, understood as a skill would."""

import asyncio

import pytest

from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.channel.hearing import Hearing
from os_sim.dialogue import Expectation
from os_sim.events import HeardEvent, Utterance
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing import coffee
from tests.hearing.sounds import chunks_of, nothing, sound_of

WANTED = 0.85


@pytest.mark.timeout(300)
def test_most_orders_are_completely_right(model: VoskModel) -> None:
    barista = coffee.Barista()
    right: list[str] = []
    wrong: list[tuple[str, list[str]]] = []

    async def listen() -> None:
        recognizer = VoskRecognizer(model, prefer=barista.is_order)
        hearing = Hearing(recognizer, WebrtcVoiceDetector())
        hearing.expect(Expectation(lambda: coffee.sampled(2_000), barista.is_complete))
        for recording, slots in coffee.orders().items():
            await hearing.restart()
            events: list[HeardEvent | None] = [
                await hearing.take(chunk)
                for sound in (sound_of(recording), nothing(1.0))
                for chunk in chunks_of(sound)
            ]
            texts = [event.text for event in events if isinstance(event, Utterance)]
            understood = barista.understand(texts[0]) if len(texts) == 1 else None
            if understood == slots:
                right.append(recording.name)
            else:
                wrong.append((recording.name, texts))
        await hearing.close()

    asyncio.run(listen())
    assert len(right) >= WANTED * 62, wrong
