"""The syntax of sentence templates, and what is said of one that does not parse."""

import time

import pytest

from os_sim.errors import TemplateError
from os_sim.nlu.template import parse_template
from tests.nlu.understanding import knows, understood

RULES = {"what": "(song|tune)", "open": "a (b", "loop": "a <round>", "round": "b <loop>"}


@pytest.mark.parametrize(
    ("template", "column", "why"),
    [
        ("", 1, "there is nothing in it"),
        ("   ", 1, "there is nothing in it"),
        ("play (a|b", 6, "the '(' is never closed"),
        ("play [a", 6, "the '[' is never closed"),
        ("play {song", 6, "the '{' is never closed"),
        ("play <song", 6, "the '<' is never closed"),
        ("play a)", 7, "there is a ')' that nothing opened"),
        ("play a]", 7, "there is a ']' that nothing opened"),
        ("play a}", 7, "there is a '}' that nothing opened"),
        ("play a>", 7, "there is a '>' that nothing opened"),
        ("play (a]", 8, "there is a ']' that nothing opened"),
        ("play (a|b;c)", 10, "'|' and ';' stand in one group; nest a second one"),
        ("play {two words}", 6, "'{two words}' is not a slot's name"),
        ("play {}", 6, "'{}' is not a slot's name"),
        ("play {1st}", 6, "'{1st}' is not a slot's name"),
        ("play <wat>", 6, "there is no rule <wat> (known: <loop>, <open>, <round>, <what>)"),
        ("play pre{song} now", 6, "a slot or (a;b) touches a word; put a space between them"),
        ("play {song}s now", 6, "a slot or (a;b) touches a word; put a space between them"),
        ("now (a;b;c;d;e;f)", 5, "more than 5 parts in any order"),
    ],
)
def test_a_template_that_does_not_parse_is_told_with_its_column(
    template: str, column: int, why: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template(template, RULES)
    assert str(caught.value) == f"template '{template}', column {column}: {why}"


def test_an_error_inside_a_rule_names_the_rule() -> None:
    with pytest.raises(TemplateError, match=r"'a \(b', column 3: .* \(in the rule <open>\)"):
        parse_template("play <open>", RULES)


def test_a_rule_that_contains_itself_is_refused() -> None:
    with pytest.raises(TemplateError, match="the rule <loop> contains itself"):
        parse_template("play <loop>", RULES)


def test_a_template_that_nests_too_deep_is_an_error_of_the_template() -> None:
    with pytest.raises(TemplateError, match="nests"):
        parse_template("(" * 5_000 + "a" + ")" * 5_000)


def test_word_parts_in_endless_combinations_are_refused_rather_than_spelled_out() -> None:
    began = time.perf_counter()
    with pytest.raises(TemplateError, match="spellings"):
        parse_template("la" + "(la|li)" * 40)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("template", "said", "not_said"),
    [
        ("play a song", ["play a song", "Play a song!", " play  a song "], ["play a", "a song"]),
        ("(turn|switch) on", ["turn on", "switch on"], ["on", "turn switch on"]),
        ("play [a|the] song", ["play song", "play a song", "play the song"], ["play a the song"]),
        ("(now;quietly) sing", ["now quietly sing", "quietly now sing"], ["now sing", "sing"]),
        ("([now];sing)", ["now sing", "sing now", "sing"], ["now"]),
        ("light[s] on", ["light on", "lights on"], ["light s on", "on"]),
        ("(un|re)do it", ["undo it", "redo it"], ["do it", "un do it"]),
        ("[re]start", ["start", "restart"], ["re start"]),
        ("play <what>", ["play song", "play tune"], ["play"]),
        ("play [a <what>]", ["play", "play a tune"], ["play a"]),
        ("what's up", ["what's up", "what is up", "What’s up?"], ["what up"]),
        ("a (b|c (d|[e] f))", ["a b", "a c d", "a c e f", "a c f"], ["a c", "a c e"]),
        ("((a|b)|c)", ["a", "b", "c"], ["a b"]),
        ("(a|) b", ["a b", "b"], ["a"]),
    ],
)
def test_a_template_means_these_sentences_and_no_others(
    template: str, said: list[str], not_said: list[str]
) -> None:
    matcher = knows(template.replace("<what>", RULES["what"]))
    assert [text for text in said if not understood(matcher, text)] == []
    assert [text for text in not_said if understood(matcher, text)] == []


def test_a_rule_stands_for_its_template() -> None:
    with_rule = parse_template("play [a <what>]", RULES)
    assert with_rule == parse_template("play [a (song|tune)]")


def test_a_list_named_as_in_hassil_gives_the_slot_its_own_name() -> None:
    assert parse_template("to {area:room}") == parse_template("to {room}")
