"""What no sentence says: done when it is sure, asked when it is almost sure, and learned."""

from collections.abc import Iterator

import pytest

from os_sim.events import Understood
from os_sim.testing import Conversation, Reply
from tests.understanding.everyday import SKILLS
from tests.understanding.sentences import read


@pytest.fixture
def talk() -> Iterator[Conversation]:
    with Conversation(*SKILLS, "skills/song", "skills/house") as talk:
        yield talk


def intents(reply: Reply) -> list[str]:
    found = [event for event in reply.events if isinstance(event, Understood)]
    return [f"{one.skill}.{one.intent}" for one in found if one.skill != "conversation"]


def test_what_is_sure_is_done(talk: Conversation) -> None:
    assert intents(talk.hear("put something sad on, would you")) == ["song.play"]
    assert intents(talk.hear("i'm sick of this one")) == ["playback.next"]


def test_the_music_is_only_steered_while_it_plays(talk: Conversation) -> None:
    assert intents(talk.hear("i'm sick of this one")) == []


def test_politeness_does_not_hide_a_sentence(talk: Conversation) -> None:
    talk.hear("play a song")
    assert talk.hear("um, could you please stop the music now").stopped


def test_what_is_almost_sure_is_asked_and_a_yes_is_remembered(talk: Conversation) -> None:
    text = almost_sure(talk)
    asked = talk.hear(text)
    assert len(asked.asked) == 1
    done = intents(talk.hear("yes"))
    assert len(done) == 1
    again = talk.hear(text)
    assert again.asked == []
    assert intents(again) == done


def test_a_no_is_taken_for_an_answer(talk: Conversation) -> None:
    text = almost_sure(talk)
    talk.hear(text)
    reply = talk.hear("no")
    assert intents(reply) == []
    assert reply.said == ["All right, then not."]
    assert talk.hear(text).asked


def almost_sure(talk: Conversation) -> str:
    """A sentence that is asked back, whatever the thresholds are."""
    tries = (
        "which notes did i take",
        "write bread on my shopping list",
        "got any jokes for the kids",
        "is my timer doing well",
        "the lamp could go on",
        "what about the coin",
    )
    for text in tries:
        if talk.hear(text).asked:
            talk.hear("never mind")
            return text
    raise AssertionError("nothing was asked back")


def test_several_requests_in_one_breath_are_done_one_after_the_other(talk: Conversation) -> None:
    reply = talk.hear("flip a coin and then roll the dice")
    assert intents(reply) == ["game.coin", "game.dice"]
    assert reply.said == ["Heads.", "Six."]


def test_stop_and_something_else_does_both(talk: Conversation) -> None:
    talk.hear("play a song")
    reply = talk.hear("stop the music and tell me a joke")
    assert reply.stopped
    assert reply.said == ["Knock knock."]


def test_a_phrase_that_is_taught_works_at_once_is_listed_and_unlearned(talk: Conversation) -> None:
    talk.hear("when i say curtain, flip a coin and roll the dice")
    assert intents(talk.hear("Curtain!")) == ["game.coin", "game.dice"]
    assert "“curtain”" in talk.hear("what have i taught you").said[0]
    assert talk.hear("forget curtain").said == ["“curtain” is forgotten."]
    assert intents(talk.hear("curtain")) == []


def test_a_spoken_lesson_needs_no_comma(talk: Conversation) -> None:
    talk.hear("when i say curtain roll the dice")
    assert intents(talk.hear("curtain")) == ["game.dice"]


def test_a_lesson_never_overrules_a_sentence(talk: Conversation) -> None:
    said = talk.hear("when i say flip a coin, roll the dice").said
    assert said == ["“flip a coin” means something already, and I'll leave it at that."]
    assert intents(talk.hear("flip a coin")) == ["game.coin"]


def test_nothing_can_be_taught_that_means_nothing(talk: Conversation) -> None:
    talk.hear("when i say curtain, fly to the moon")
    assert "Nothing yet" in talk.hear("what have i taught you").said[0]


def test_bad_lessons_change_nothing_that_was_not_taught(talk: Conversation) -> None:
    """A lesson is for exactly its own words: what is understood otherwise stays as it was."""
    sentences = [said.text for said in read("report") if said.intent.startswith(("game", "clock"))]
    before = [intents(talk.hear(text)) for text in sentences]
    for phrase in ("the", "is it", "coin", "date please", "what"):
        talk.hear(f"when i say {phrase}, roll the dice")
    assert "“coin” means" in talk.hear("what have i taught you").said[0]
    assert [intents(talk.hear(text)) for text in sentences] == before


def test_nonsense_is_answered_and_does_no_harm(talk: Conversation) -> None:
    texts = (
        "\x00\x07\x1b[2J",
        "😀" * 2_000,
        "ქართული " * 300,
        "and " * 5_000,
        ", ,; .",
        "a" * 100_000,
    )
    for text in texts:
        reply = talk.hear(text)
        assert reply.failed == []
        assert intents(reply) == []
    assert intents(talk.hear("flip one for me, heads or tails")) == ["game.coin"]
