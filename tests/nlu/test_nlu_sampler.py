"""Sentences that a template can say."""

from random import Random
from typing import Literal

import pytest

from os_sim.nlu.matcher import Matcher
from os_sim.nlu.sampler import sample, shortest
from os_sim.nlu.words import normal
from tests.nlu.understanding import NOW, knows, sentences

Drink = Literal["latte", "iced coffee", "flat white"]


def test_every_word_and_every_listed_value_comes_at_least_once() -> None:
    intent = sentences(
        "(get|make|bring|fetch) [for] (me|us|them) [a|an|the] {drink} [with (milk|cream;sugar)]"
        " [(now|later|soon)] [please|thanks]".replace("|cream;", "|cream) (ice;"),
        drink=Drink,
    )
    said = " ".join(sample(intent, 60, Random(1)))
    words = "get make bring fetch for me us them a an the with milk cream ice sugar now later soon"
    missing = [word for word in words.split() if word not in said.split()]
    assert missing == []
    assert all(drink in said for drink in ("latte", "iced coffee", "flat white"))


def test_every_sample_is_understood_and_comes_once() -> None:
    intent = sentences(
        "(set;[please]) [a|an] (timer|alarm) [for] {length}",
        "[please] wake me at {when} [{day}]",
        "count [up|down] to {n} [in steps of {x}]",
    )
    matcher = Matcher()
    matcher.add(intent)
    said = sample(intent, 500, Random(3))
    assert len(said) > 400
    assert len(set(said)) == len(said)
    assert [text for text in said if matcher.match(text, NOW) is None] == []


def test_what_can_be_said_short_is_also_sampled_short() -> None:
    said = sample(sentences("what is (this|that)"), 20, Random(0))
    assert set(said) == {"what is this", "what's this", "what is that", "what's that"}


def test_sentences_with_free_words_are_left_out() -> None:
    said = sample(sentences("play [{words}] [now]", "tell {words}"), 20, Random(0))
    assert set(said) == {"play", "play now"}


def test_no_more_than_asked_for_are_sampled() -> None:
    intent = sentences("(a|b|c|d) (a|b|c|d) (a|b|c|d)")
    assert len(sample(intent, 7, Random(0))) == 7


def test_the_same_seed_gives_the_same_samples() -> None:
    intent = sentences("(a|b|c|d) (a|b|c|d) (a|b|c|d) {n}")
    assert sample(intent, 50, Random(4)) == sample(intent, 50, Random(4))


@pytest.mark.parametrize(
    ("templates", "text"),
    [
        (["[please] play [a] (melancholy|sad) song"], "play melancholy song"),
        (["[very] [very] long", "short"], "long"),
        (["(one two three|four)"], "four"),
        (["tell {words}", "tell [me] a story"], "tell a story"),
        (["get me [a] {drink}"], "get me latte"),
        (["tell {words}"], None),
    ],
)
def test_the_shortest_sentence_stands_as_the_example(
    templates: list[str], text: str | None
) -> None:
    assert shortest(sentences(*templates, drink=Drink)) == text


def test_a_template_of_a_billion_sentences_is_sampled_without_spelling_it_out() -> None:
    template = "(a|b|c|d|e|f|g|h) " * 10
    said = sample(sentences(template), 100, Random(0))
    assert len(said) == 100
    assert all(knows(template).match(text, NOW) for text in said)


def test_samples_are_plain_words() -> None:
    intent = sentences("What's up, (Doc|Nurse)?")
    assert {normal(text) for text in sample(intent, 10, Random(0))} == {
        "what is up doc",
        "what is up nurse",
    }
