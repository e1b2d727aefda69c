"""What libvosk makes of an utterance: texts, how sure they are, and when words were said."""

import math
from typing import Any

import pytest

from os_sim.asr.readings import (
    ranked,
    readings_of,
    without_unknown,
    word_confidence,
)
from os_sim.events import Word


def answer(*readings: tuple[str, float]) -> dict[str, Any]:
    """libvosk's, each word a second long."""
    return {
        "alternatives": [
            {
                "text": text,
                "confidence": score,
                "result": [
                    {"word": word, "start": at, "end": at + 1}
                    for at, word in enumerate(text.split())
                ],
            }
            for text, score in readings
        ]
    }


def test_a_text_that_was_read_twice_is_one_text() -> None:
    found = ranked(readings_of(answer(("a", 0), ("[unk] b b", -0.4), ("b b", -0.5)), 1))
    assert [one.reading.text for one in found] == ["b b", "a"]
    assert sum(one.share for one in found) == pytest.approx(1)
    ratio = found[1].share / found[0].share
    assert ratio == pytest.approx(1 / (math.exp(-0.4) + math.exp(-0.5)))


def test_words_that_all_readings_share_are_surer_than_others() -> None:
    agreed = ranked(readings_of(answer(("write a letter", 0), ("write the letter", 0)), 1))
    assert word_confidence(agreed) == pytest.approx((1 + 0.5 + 1) / 3)
    alone = ranked(readings_of(answer(("stop", 0)), 1))
    assert word_confidence(alone) == 1
    assert word_confidence(ranked(readings_of(answer(("", 0)), 1))) == 0


def test_mostly_unknown_speech_is_no_text() -> None:
    (mostly, hardly) = readings_of(answer(("[unk] stop [unk]", 0), ("stop it [unk]", 0)), 1)
    assert mostly.words == ()
    assert hardly.text == "stop it"


def test_times_are_scaled() -> None:
    (reading,) = readings_of(answer(("next song", 0)), 1 / 3)
    assert reading.words == (Word("next", 0, 0.333), Word("song", 0.333, 0.667))


def test_an_answer_without_alternatives_is_a_reading_too() -> None:
    assert readings_of({"text": "stop"}, 1)[0].text == "stop"
    assert readings_of({"text": ""}, 1)[0].words == ()


def test_the_unknown_is_left_out() -> None:
    assert without_unknown("[unk] stop [unk] it") == "stop it"
    assert without_unknown("[unk]") == ""
