"""What comes near to a sentence: who is meant, what stands in the slots, and how sure that is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal

import pytest

from os_sim.dialogue.known import all_intents
from os_sim.nlu.matcher import Sentences
from os_sim.nlu.near import MAX_WORDS, Certainty, Guess, NearMatcher
from os_sim.nlu.slots import slot_type
from os_sim.nlu.template import parse_template
from tests.understanding.everyday import everyday_shelf
from tests.understanding.nonsense import nonsense

NOW = datetime(2025, 5, 5, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def matcher() -> NearMatcher:
    return NearMatcher(all_intents(everyday_shelf()))


def best(matcher: NearMatcher, text: str) -> Guess:
    guesses = matcher.guess(text, NOW)
    assert guesses, f"nothing comes near to {text!r}"
    return guesses[0]


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("put something sad on, would you", "song.play", {"mood": "sad"}),
        ("i'm sick of this one", "playback.next", {}),
        (
            "could you start the timer, fifteen minutes",
            "timer.start",
            {"length": timedelta(minutes=15)},
        ),
        (
            "a timer for ten, no, fifteen minutes",
            "timer.start",
            {"length": timedelta(minutes=15)},
        ),
        (
            "shopping list, add two Bananas",
            "lists.add",
            {"item": "two Bananas", "name": "shopping"},
        ),
        ("light up the office", "light.on", {"room": "office"}),
    ],
)
def test_what_no_template_says_is_understood_with_its_values(
    matcher: NearMatcher, text: str, intent: str, slots: dict[str, object]
) -> None:
    guess = best(matcher, text)
    assert guess.certainty is Certainty.SURE
    assert f"{guess.match.skill}.{guess.match.intent}" == intent
    assert guess.match.slots == slots


@pytest.mark.parametrize(
    "text", ["what's the weather like today", "play chess with me", "how do you boil an egg", "?!"]
)
def test_what_is_for_somebody_else_is_not_guessed_at(matcher: NearMatcher, text: str) -> None:
    assert all(guess.certainty is Certainty.NOT for guess in matcher.guess(text, NOW)[:1])


def test_a_name_that_only_sounds_the_same_is_taken_for_the_known_one() -> None:
    names = Literal["catherine", "tom", "anna"]
    template = parse_template("(call|ring) {who} [on the phone]")
    matcher = NearMatcher([Sentences("phone", "ring", (template,), {"who": slot_type(names)})])
    guess = best(matcher, "could you ring kathryn on the phone for me")
    assert guess.match.slots["who"] == "catherine"


def test_what_cannot_be_undone_is_never_almost_sure(matcher: NearMatcher) -> None:
    texts = ["trash the notes", "wipe it all, the notes", "my notes should go", "clear it"]
    guesses = [guess for text in texts for guess in matcher.guess(text, NOW)]
    assert any(guess.irreversible for guess in guesses)
    assert not any(g.irreversible and g.certainty is Certainty.ALMOST for g in guesses)


def test_what_is_told_of_the_past_is_not_done(matcher: NearMatcher) -> None:
    guess = best(matcher, "i sent tom a message yesterday")
    assert guess.irreversible
    assert guess.certainty is Certainty.NOT


def test_only_what_can_be_meant_now_is_guessed(matcher: NearMatcher) -> None:
    def not_music(sentences: Sentences) -> bool:
        return sentences.skill != "playback"

    guesses = matcher.guess("i'm sick of this one", NOW, not_music)
    assert all(guess.match.skill != "playback" for guess in guesses)


def test_a_long_story_is_nobodys_request(matcher: NearMatcher) -> None:
    assert matcher.guess("play a sad song and " * MAX_WORDS, NOW) == []


def test_what_was_learned_is_kept_and_a_damaged_copy_is_learned_anew(tmp_path: Path) -> None:
    known = all_intents(everyday_shelf())[-6:]
    text = "flip one for me, heads or tails"
    before = [guess.match for guess in NearMatcher(known, tmp_path).guess(text, NOW)]
    (kept,) = tmp_path.glob("*.npy")
    kept.write_bytes(b"no numbers")
    again = [guess.match for guess in NearMatcher(known, tmp_path).guess(text, NOW)]
    assert again == before


def test_nonsense_changes_nothing_and_does_no_harm(matcher: NearMatcher) -> None:
    asked = "put something sad on, would you"
    before = best(matcher, asked)
    random = Random(4)
    for text in nonsense(random, 500):
        guesses = matcher.guess(text, NOW)
        assert all(guess.certainty is not Certainty.SURE for guess in guesses), text
    assert best(matcher, asked) == before
