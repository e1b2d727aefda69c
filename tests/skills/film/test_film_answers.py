"""What the film skill answers, asked as a user asks it, and what it must not answer."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from os_sim import resources
from os_sim.testing import Conversation
from skills.film import answers, facts

SKILL = resources.shipped("skills") / "film"
with Path(__file__).with_name("questions.tsv").open(encoding="utf-8", newline="") as table:
    QUESTIONS = [(row[0], row[1]) for row in csv.reader(table, delimiter="\t") if row[0][0] != "#"]

SENTENCE = {
    "about": "tell me {} of the film",
    "character": "who is {}",
    "critic": "what did {} say about it",
    "is": "is {}",
    "person": "what did {} do",
    "ranker": "where did {} put it",
    "role": "who plays {}",
    "work": "what is {}",
}
"""How a cue becomes a question, where the question does not begin with its kind."""

NOT_IN_THE_FACTS = [
    "who wrote titanic",
    "who directed blade runner",
    "who starred in the matrix",
    "who played the mother",
    "who voiced the elevator in the film",
    "how many cats are in the film",
    "when did titanic come out",
    "how long is the movie titanic",
    "tell me about the movie gravity",
    "why does the sun shine in the film",
    "what is the name of the dog in this movie",
    "why did theodore buy a red shirt",
    "where did arcade fire meet",
    "which awards was it set in",
]

OF_SOMETHING_ELSE = [
    "who is in the kitchen",
    "what time is it",
    "what year is it",
    "how long does it take",
    "is it dark outside",
    "who are you",
    "what is this",
    "how do i get to the movie theater",
    "what's the score",
    "where can i buy it",
    "why is the sky blue",
    "how much is a latte",
    "play a melancholy song",
    "tell her i said hello",
]


@pytest.fixture
def talk() -> Iterator[Conversation]:
    with Conversation(SKILL) as conversation:
        yield conversation


def ask(talk: Conversation, question: str) -> str:
    return " ".join(talk.hear(question).said)


def facts_told(answer: str) -> list[facts.Fact]:
    return [fact for fact in facts.known() if any(said in answer for said in fact.said)]


def one_question(fact: facts.Fact) -> str:
    kind, cues = next((kind, cues) for kind, cues in fact.asked.items() if cues)
    cue = facts.spread(cues[0])[0].replace(facts.GAP, " did it ")
    return SENTENCE.get(kind, kind + " {}").format(cue)


def test_every_question_of_the_table_is_answered_right(talk: Conversation) -> None:
    answered = {question: ask(talk, question) for question, _ in QUESTIONS}
    wrong = [(q, answered[q]) for q, right in QUESTIONS if not re.search(right, answered[q])]
    assert wrong == []


def test_every_fact_is_told_to_somebody_who_asks_for_it(talk: Conversation) -> None:
    untold = [
        one_question(fact)
        for fact in facts.known()
        if fact not in facts_told(ask(talk, one_question(fact)))
    ]
    assert untold == []


def test_what_is_in_no_fact_gets_an_honest_answer(talk: Conversation) -> None:
    for question in NOT_IN_THE_FACTS:
        answer = ask(talk, question)
        assert re.search("don't know", answer, re.IGNORECASE), question
        assert "Her" in answer, question
        assert facts_told(answer) == [], question


def test_what_is_not_about_the_film_is_left_to_others(talk: Conversation) -> None:
    taken = [sentence for sentence in OF_SOMETHING_ELSE if talk.hear(sentence).understood]
    assert taken == []


def test_the_same_question_is_answered_in_other_words_the_second_time(talk: Conversation) -> None:
    for fact in facts.known():
        first, second = ask(talk, one_question(fact)), ask(talk, one_question(fact))
        assert first != second


def test_the_wording_said_longest_ago_comes_back_first() -> None:
    fact = facts.find("what", "budget")[0]
    told = f"{fact.said[1]}\n{fact.said[0]}"
    assert answers.answer([fact], told, Random(1)) == fact.said[1]


def test_the_source_of_an_answer_is_the_part_of_the_article_it_came_from(
    talk: Conversation,
) -> None:
    for fact in facts.known():
        told = facts_told(ask(talk, one_question(fact)))
        assert told[0].section in ask(talk, "how do you know that")


def test_a_source_is_only_named_for_what_was_said_about_the_film(talk: Conversation) -> None:
    assert "just said" in ask(talk, "how do you know that")


def test_a_very_long_question_is_not_repeated(talk: Conversation) -> None:
    answer = ask(talk, "who wrote " + "the longest book " * 11)
    assert len(answer) < 80
    assert "longest book" not in answer


def test_braces_and_quotes_in_a_question_are_only_words(talk: Conversation) -> None:
    assert "don't know" in ask(talk, "who wrote {question} '); drop table facts; --")
