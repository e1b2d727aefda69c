"""The order of understanding: stop, the open question, transport words, sentences, fallback."""

from collections.abc import Iterator
from typing import Literal

import pytest

from os_sim.skill import Context, Skill, Track
from os_sim.testing import Conversation, Reply

Size = Literal["small", "large", "next"]


def tracks() -> Iterator[Track]:
    for title in ("One", "Two", "Three"):
        yield Track(title, "calm", 60.0, lambda: iter(()))


def house() -> Skill:
    skill = Skill("bar", summary="Serves drinks and music")

    @skill.intent("a drink")
    async def drink(ctx: Context) -> None:
        size = await ctx.ask("Which size?", Size)
        await ctx.say(f"A {size} one.")

    @skill.intent("a name")
    async def name(ctx: Context) -> None:
        await ctx.say(f"Hello, {await ctx.ask('Who are you?')}.")

    @skill.intent("music")
    async def music(ctx: Context) -> None:
        await ctx.play(tracks())

    @skill.intent("next", "stop it now")
    async def shadow(ctx: Context) -> None:
        await ctx.say("The skill's own next.")

    @skill.intent("tell {words}")
    async def tell(ctx: Context, words: str) -> None:
        await ctx.say(f"Told {words}.")

    return skill


@pytest.fixture
def talk() -> Iterator[Conversation]:
    with Conversation(house()) as talk:
        yield talk


def intent(reply: Reply) -> tuple[str, str] | None:
    return (reply.understood.skill, reply.understood.intent) if reply.understood else None


@pytest.mark.parametrize(
    "words",
    ["stop", "Stop!", "please stop", "stop it", "never mind", "be quiet", "cancel that", "enough"],
)
def test_stop_wins_over_an_open_question(talk: Conversation, words: str) -> None:
    talk.hear("a name")
    reply = talk.hear(words)
    assert intent(reply) == ("conversation", "stop")
    assert reply.said == ["All right."]
    assert talk.hear("tell a joke").said == ["Told a joke."]


def test_stop_silences_music_without_a_word(talk: Conversation) -> None:
    talk.hear("music")
    reply = talk.hear("stop")
    assert reply.stopped
    assert reply.said == []


def test_stop_ends_a_question_and_the_music_behind_it(talk: Conversation) -> None:
    talk.hear("music")
    talk.hear("a drink")
    reply = talk.hear("stop")
    assert reply.stopped
    assert reply.said == ["All right."]


def test_stop_into_silence_says_that_it_is_quiet(talk: Conversation) -> None:
    assert talk.hear("stop").said == ["It's quiet already."]


def test_the_open_question_wins_over_transport_words(talk: Conversation) -> None:
    talk.hear("music")
    talk.hear("a drink")
    reply = talk.hear("next")
    assert reply.said == ["A next one."]
    assert reply.playing == []


def test_a_transport_word_that_is_no_answer_still_steers(talk: Conversation) -> None:
    talk.hear("music")
    talk.hear("a drink")
    reply = talk.hear("skip this one")
    assert [track.title for track in reply.playing] == ["Two"]


def test_transport_words_win_over_sentences_while_something_plays(talk: Conversation) -> None:
    assert talk.hear("next").said == ["The skill's own next."]
    talk.hear("music")
    reply = talk.hear("next")
    assert intent(reply) == ("playback", "next")
    assert [track.title for track in reply.playing] == ["Two"]


def test_a_sentence_wins_over_the_fallback_even_with_free_words(talk: Conversation) -> None:
    assert talk.hear("tell everyone the News").said == ["Told everyone the News."]


def test_the_fallback_says_what_it_heard(talk: Conversation) -> None:
    (said,) = talk.hear("paint the fence green").said
    assert said.startswith("I heard “paint the fence green”.")


def test_the_fallback_offers_the_closest_sentence(talk: Conversation) -> None:
    (said,) = talk.hear("a drnk").said
    assert "Did you mean “a drink”?" in said


def test_the_fallback_quotes_only_the_beginning_of_a_long_speech(talk: Conversation) -> None:
    (said,) = talk.hear("blah " * 10_000).said
    assert len(said) < 300


def test_transport_words_without_music_are_told_so(talk: Conversation) -> None:
    assert talk.hear("louder").said == ["Nothing is playing right now."]


@pytest.mark.parametrize(
    "text", ["?!", "😀", "\x00\x07\x1b[2J", "ქართული", "1 2 3", "'", "x" * 5_000]
)
def test_any_text_gets_one_answer(talk: Conversation, text: str) -> None:
    assert len(talk.hear(text).said) == 1
