"""Whom a letter is for, however it is said, and what else a request says."""

import pytest

from skills.letter.recipient import recipient_of
from skills.letter.request import Request, read_request


@pytest.mark.parametrize(
    ("said", "title", "greeting"),
    [
        ("catherine", "Catherine", "Dear Catherine"),
        ("it's for catherine please", "Catherine", "Dear Catherine"),
        ("to mary jane", "Mary Jane", "Dear Mary Jane"),
        ("my mother", "Mother", "Dear Mother"),
        ("mum", "Mum", "Dear Mum"),
        ("aunt may", "Aunt May", "Dear Aunt May"),
        ("my sister", "my sister", "My dear sister"),
        ("my sister anna", "Anna", "Dear Anna"),
        ("our neighbours", "our neighbours", "To our neighbours"),
        ("my old piano teacher", "my old piano teacher", "To my old piano teacher"),
        ("mum and dad", "Mum and Dad", "Dear Mum and Dad"),
        ("tom and my brother", "Tom and my brother", "Dear Tom and my brother"),
        ("mrs jones", "Mrs. Jones", "Dear Mrs. Jones"),
        ("Doctor Smith", "Doctor Smith", "Dear Doctor Smith"),
        (
            "the nurse who looked after dad",
            "the nurse who looked after Dad",
            "To the nurse who looked after Dad",
        ),
        ("o'brien", "O'Brien", "Dear O'Brien"),
        ("jean-luc", "Jean-Luc", "Dear Jean-Luc"),
        ("Łukasz", "Łukasz", "Dear Łukasz"),
        ("李雷", "李雷", "Dear 李雷"),
    ],
)
def test_a_recipient_is_greeted_as_one_would(said: str, title: str, greeting: str) -> None:
    someone = recipient_of(said)
    assert someone is not None
    assert (someone.title, someone.greeting) == (title, greeting)


@pytest.mark.parametrize("said", ["her", "to him", "someone", "it is for them", "", "  . "])
def test_a_pronoun_names_nobody(said: str) -> None:
    assert recipient_of(said) is None


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ("my sister", Request("my sister")),
        ("my sister for her birthday", Request("my sister", "birthday")),
        ("my brother to say i'm sorry", Request("my brother", "apology")),
        ("tom because i miss him", Request("tom", "missing you")),
        ("anna about the summer at the lake", Request("anna", None, "the summer at the lake")),
        (
            "my boss to apologise for being late",
            Request("my boss", "apology", "being late"),
        ),
        (
            "the nurse to thank her for the tea",
            Request("the nurse", "gratitude", "the tea"),
        ),
        ("the nurse for holding his hand", Request("the nurse", None, "holding his hand")),
        ("my grandmother from all of us", Request("my grandmother", signature="all of us")),
        ("the nurse who looked after dad", Request("the nurse who looked after dad")),
    ],
)
def test_a_request_may_say_more_than_a_name(said: str, request_: Request) -> None:
    assert read_request(said) == request_
