"""What ears are told to expect: the usual sentences, a list of answers, or any words at all."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.channel.hearing import Hearing
from os_sim.dialogue import Expectation
from os_sim.events import HeardEvent, NothingHeard, Partial, Utterance
from os_sim.vad.webrtc import WebrtcVoiceDetector
from tests.hearing.sounds import chunks_of, hiss, sound_of, spoken

YES_OR_NO = Expectation(lambda: ("yes", "no"), lambda text: False)


def heard(recognizer: VoskRecognizer, expectation: Expectation) -> HeardEvent | None:
    """What becomes of "good night"."""

    async def run() -> HeardEvent | None:
        hearing = Hearing(recognizer, WebrtcVoiceDetector())
        hearing.expect(expectation)
        event = None
        for chunk in chunks_of(np.concatenate([sound_of(spoken("good night")), hiss(2.0, -65)])):
            found = await hearing.take(chunk)
            event = event if found is None or isinstance(found, Partial) else found
        await hearing.close()
        return event

    return asyncio.run(run())


@pytest.mark.parametrize("anything", [False, True], ids=["yes or no", "free words"])
def test_a_free_answer_is_heard_by_ears_that_know_free_speech(
    model: VoskModel, anything: bool
) -> None:
    expectation = replace(YES_OR_NO, anything=anything)
    event = heard(VoskRecognizer(model, hears_sentences=True), expectation)
    assert isinstance(event, Utterance if anything else NothingHeard)
    knows_none = VoskRecognizer(model, hears_sentences=True, knows_free_speech=False)
    assert heard(knows_none, expectation) == NothingHeard()


def test_the_usual_sentences_need_no_list_where_the_model_has_them(model: VoskModel) -> None:
    expectation = replace(YES_OR_NO, usual=True)
    assert isinstance(heard(VoskRecognizer(model, hears_sentences=True), expectation), Utterance)
    assert heard(VoskRecognizer(model), expectation) == NothingHeard()
