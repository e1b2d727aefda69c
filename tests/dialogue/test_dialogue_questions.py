"""Questions: what answers them, and how they end without an answer."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal

import pytest

from os_sim.events import HearingFailed, NothingHeard, Partial
from os_sim.skill import Context, NoAnswer, Skill
from os_sim.testing import Conversation, ScriptedEars

OPTIONS = ["the red one", "Blue", "green tea"]


def asking(kind: Any, answers: list[Any]) -> Skill:
    """A skill that asks for a value of this kind, and keeps what it gets."""
    skill = Skill("asker", summary="Asks")

    @skill.intent("ask me")
    async def ask(ctx: Context) -> None:
        try:
            answers.append(await ctx.ask("Well?", kind))
        except NoAnswer:
            answers.append(NoAnswer)
            raise
        await ctx.say("Thank you.")

    @skill.intent("something else")
    async def other(ctx: Context) -> None:
        await ctx.say("Something else, then.")

    @skill.intent("yes or no")
    async def confirm(ctx: Context) -> None:
        answers.append(await ctx.confirm("Really?"))

    @skill.intent("choose")
    async def choose(ctx: Context) -> None:
        answers.append(await ctx.choose("Which?", OPTIONS))

    return skill


names = Skill.words("names", lambda: ["Anna", "Jean-Luc"])


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (str, "  Anything at ALL, really ", "Anything at ALL, really"),
        (int, "twelve", 12),
        (int, "um, 12 please", 12),
        (float, "two and a half", 2.5),
        (timedelta, "ten minutes, I think", timedelta(minutes=10)),
        (timedelta, "make it an hour", timedelta(hours=1)),
        (time, "at half past seven".removeprefix("at "), time(7, 30)),
        (date, "tomorrow", date(2025, 1, 2)),
        (Literal["small", "very large"], "the very large one, please", "very large"),
        (Literal["small", "very large"] | None, "Small", "small"),
        (Annotated[str, names], "it's jean luc", "Jean-Luc"),
    ],
)
def test_a_question_takes_an_answer_of_its_kind(kind: Any, text: str, value: Any) -> None:
    answers: list[Any] = []
    with Conversation(asking(kind, answers)) as talk:
        assert talk.hear("ask me").asked == ["Well?"]
        assert talk.hear(text).said == ["Thank you."]
    assert answers == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, True) for text in ("yes", "Yeah!", "yes please", "of course", "um, sure", "I do")),
        *((text, False) for text in ("no", "Nope.", "no thanks", "not really", "no, thank you")),
    ],
)
def test_confirm_knows_yes_and_no(text: str, value: bool) -> None:
    answers: list[Any] = []
    with Conversation(asking(str, answers)) as talk:
        talk.hear("yes or no")
        talk.hear(text)
    assert answers == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("blue", "Blue"),
        ("the red one", "the red one"),
        ("green tea please", "green tea"),
        ("the second one", "Blue"),
        ("number two", "Blue"),
        ("number 3", "green tea"),
        ("two", "Blue"),
        ("2", "Blue"),
        ("the first", "the red one"),
        ("the last one, thanks", "green tea"),
    ],
)
def test_an_option_is_chosen_by_its_words_its_number_or_its_place(text: str, value: str) -> None:
    answers: list[Any] = []
    with Conversation(asking(str, answers)) as talk:
        talk.hear("choose")
        talk.hear(text)
    assert answers == [value]


def test_the_words_of_an_option_win_over_its_place() -> None:
    chosen: list[str] = []
    skill = Skill("order", summary="Orders")

    @skill.intent("order")
    async def order(ctx: Context) -> None:
        chosen.append(await ctx.choose("Which?", ["two", "one"]))

    with Conversation(skill) as talk:
        for text in ("one", "the first one", "number one"):
            talk.hear("order")
            talk.hear(text)
    assert chosen == ["one", "two", "two"]


def test_a_wrong_answer_is_asked_again_once_and_then_let_go() -> None:
    answers: list[Any] = []
    with Conversation(asking(int, answers)) as talk:
        talk.hear("ask me")
        assert talk.hear("purple").asked == ["I heard “purple”. Well?"]
        reply = talk.hear("orange")
        assert reply.asked == []
        assert reply.said == ["Never mind, then."]
    assert answers == [NoAnswer]


def test_the_second_try_may_succeed() -> None:
    answers: list[Any] = []
    with Conversation(asking(int, answers)) as talk:
        talk.hear("ask me")
        talk.hear("purple")
        talk.hear("seven")
    assert answers == [7]


def test_silence_is_asked_again_and_then_let_go() -> None:
    answers: list[Any] = []
    with Conversation(asking(int, answers)) as talk:
        talk.hear("ask me")
        assert talk.wait(ScriptedEars.patience_s - 0.1).asked == []
        assert talk.wait(0.2).asked == ["Well?"]
        assert talk.wait(ScriptedEars.patience_s + 0.1).said == ["Never mind, then."]
        assert answers == [NoAnswer]
        assert talk.hear("something else").said == ["Something else, then."]


def test_whoever_has_begun_to_speak_is_given_time_to_finish() -> None:
    answers: list[Any] = []
    with Conversation(asking(int, answers)) as talk:
        talk.hear("ask me")
        talk.wait(8)
        talk.deliver(Partial("twen"))
        assert talk.wait(8).asked == []
        talk.hear("twenty one")
    assert answers == [21]


def test_a_sound_without_words_is_asked_again() -> None:
    with Conversation(asking(int, [])) as talk:
        talk.hear("ask me")
        assert talk.deliver(NothingHeard()).asked == ["Well?"]


def test_a_sound_without_words_means_nothing_without_a_question() -> None:
    with Conversation(asking(int, [])) as talk:
        assert talk.deliver(NothingHeard()).events == ()


def test_ears_that_fail_in_a_question_leave_it_open() -> None:
    answers: list[Any] = []
    with Conversation(asking(int, answers)) as talk:
        talk.hear("ask me")
        reply = talk.deliver(HearingFailed("the microphone went away"))
        assert [(fault.error, fault.message) for fault in reply.failed] == [
            ("HearingFailed", "the microphone went away")
        ]
        talk.hear("three")
    assert answers == [3]


def test_changing_the_subject_abandons_the_question_without_a_word() -> None:
    answers: list[Any] = []
    with Conversation(asking(int, answers)) as talk:
        talk.hear("ask me")
        reply = talk.hear("something else")
        assert reply.said == ["Something else, then."]
        assert reply.asked == []
    assert answers == [NoAnswer]


def test_asking_anew_replaces_the_open_question() -> None:
    answers: list[Any] = []
    with Conversation(asking(int, answers)) as talk:
        talk.hear("ask me")
        assert talk.hear("ask me").asked == ["Well?"]
        talk.hear("five")
    assert answers == [NoAnswer, 5]


@pytest.mark.parametrize("words", ["never mind", "forget it", "cancel"])
def test_never_mind_ends_a_question(words: str) -> None:
    answers: list[Any] = []
    with Conversation(asking(str, answers)) as talk:
        talk.hear("ask me")
        assert talk.hear(words).said == ["All right."]
    assert answers == []


def test_leaving_ends_a_question() -> None:
    answers: list[Any] = []
    with Conversation(asking(str, answers)) as talk:
        talk.hear("ask me")
    assert answers == [NoAnswer]


def test_a_kind_that_cannot_be_asked_for_is_told_with_the_skills_file() -> None:
    with Conversation(asking(dict, [])) as talk:
        reply = talk.hear("ask me")
        assert len(reply.said) == 1
        (fault,) = reply.failed
        assert "dialogue/test_dialogue_questions.py" in fault.message
        assert "is no slot type" in fault.message


def test_questions_follow_one_another_in_one_turn() -> None:
    skill = Skill("form", summary="Fills in a form")

    @skill.intent("fill in")
    async def fill(ctx: Context) -> None:
        name = await ctx.ask("Who?")
        while (age := await ctx.ask("How old?", int)) > 150:
            await ctx.say("Nobody is.")
        if await ctx.confirm(f"{name}, {age}?"):
            await ctx.say("Done.")

    steps: list[Callable[[Conversation], list[str]]] = [
        lambda talk: talk.hear("fill in").asked,
        lambda talk: talk.hear("Anna").asked,
        lambda talk: talk.hear("999").asked,
        lambda talk: talk.hear("30").asked,
        lambda talk: talk.hear("yes").said,
    ]
    with Conversation(skill) as talk:
        assert [step(talk) for step in steps] == [
            ["Who?"],
            ["How old?"],
            ["How old?"],
            ["Anna, 30?"],
            ["Done."],
        ]
