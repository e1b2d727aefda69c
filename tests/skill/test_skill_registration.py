"""What is checked when a skill registers its handlers, with file and line."""

from random import Random
from typing import Any, Literal

import pytest

from os_sim.errors import SkillError, TemplateError
from os_sim.skill import Context, Skill


async def plain(ctx: Context) -> None: ...


async def with_number(ctx: Context, n: int) -> None: ...


async def with_default(ctx: Context, n: int = 3) -> None: ...


async def with_dict(ctx: Context, n: dict[str, int]) -> None: ...


async def with_two_types(ctx: Context, n: int | str) -> None: ...


async def with_unknown(ctx: Context, n: "Unknown") -> None: ...  # type: ignore[name-defined]  # noqa: F821


async def without_context() -> None: ...


async def context_by_name(*, ctx: Context) -> None: ...


async def by_position(ctx: Context, n: int, /) -> None: ...


def not_async(ctx: Context) -> None: ...


FAULTS: dict[str, tuple[Any, str, str]] = {
    "no sentence": (plain, "", "plain has no sentence; give @skill.intent at least one"),
    "broken template": (plain, "play (a", "template 'play (a', column 6: the '(' is never closed"),
    "slot without parameter": (
        plain,
        "play {song}",
        "template 'play {song}' has the slot {song}, but plain() has no such parameter",
    ),
    "required parameter not in the template": (
        with_number,
        "count",
        "template 'count' can match without the slot {n}, which with_number() requires",
    ),
    "required parameter only in one way": (
        with_number,
        "count [to {n}]",
        "can match without the slot {n}, which with_number() requires; give the parameter a def",
    ),
    "a type that is no slot": (with_dict, "a {n}", "parameter 'n': dict[str, int] is no slot type"),
    "several types": (with_two_types, "a {n}", "parameter 'n': int | str is several types"),
    "a type that does not exist": (with_unknown, "a {n}", "an annotation cannot be resolved"),
    "no context": (without_context, "a", "must take the context as its first parameter"),
    "context by name": (context_by_name, "a", "must take the context as its first parameter"),
    "a slot by position": (by_position, "a {n}", "parameter 'n' is given by name"),
    "not async": (not_async, "a", "not_async must be declared with 'async def'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_handler_that_does_not_fit_is_refused_with_file_and_line(fault: str) -> None:
    handler, template, message = FAULTS[fault]
    skill = Skill("bad", summary="Bad")
    with pytest.raises(SkillError) as caught:
        skill.intent(*([template] if template else []))(handler)
    line = handler.__code__.co_firstlineno
    assert str(caught.value).startswith(f"test_skill_registration.py:{line}: ")
    assert message in str(caught.value)
    assert skill.intents == []


def test_an_error_of_a_template_is_a_template_error() -> None:
    with pytest.raises(TemplateError):
        Skill("bad", summary="Bad").intent("(")(plain)


def test_a_due_handler_is_checked_as_well() -> None:
    with pytest.raises(SkillError, match=r"registration\.py:\d+: not_async must be declared"):
        Skill("bad", summary="Bad").due("ring")(not_async)  # type: ignore[arg-type]  # the fault


def test_two_handlers_of_one_name_are_refused() -> None:
    skill = Skill("bad", summary="Bad")

    @skill.intent("one")
    async def answer(ctx: Context) -> None: ...

    with pytest.raises(SkillError, match=r"there is a handler answer\(\) already .*; rename"):

        @skill.intent("two")
        async def answer(ctx: Context) -> None: ...


def test_a_handler_may_be_registered_for_several_sets_of_sentences() -> None:
    skill = Skill("good", summary="Good")
    skill.intent("one")(skill.intent("two")(plain))
    assert [intent.templates for intent in skill.intents] == [("two",), ("one",)]


def test_a_parameter_with_a_default_may_be_missing_from_a_template() -> None:
    skill = Skill("good", summary="Good")
    skill.intent("count [to {n}]", "count")(with_default)
    assert skill.intents[0].slots["n"].optional


def test_a_parameter_without_an_annotation_takes_any_words() -> None:
    skill = Skill("good", summary="Good")

    @skill.intent("say {words}")
    async def say(ctx: Context, words) -> None: ...  # type: ignore[no-untyped-def]  # on purpose

    assert skill.intents[0].slots["words"].reader.wildcard


def test_a_literal_of_numbers_is_a_list_like_any_other() -> None:
    skill = Skill("good", summary="Good")

    @skill.intent("floor {n}")
    async def floor(ctx: Context, n: Literal[1, 2, 10]) -> None: ...

    assert skill.intents[0].slots["n"].reader.samples(Random(0)) == [
        "1",
        "2",
        "10",
    ]
