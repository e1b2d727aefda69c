"""How text is cut into words."""

import pytest

from os_sim.nlu.words import contracted, cut, normal


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Play a Song!", "play a song"),
        ("  what's   THIS?? ", "what is this"),
        ("I’m here", "i am here"),
        ("it‘s, well; fine...", "it is well fine"),
        ("at 7:30 p.m.", "at 7:30 p.m"),
        ("1,000.5 and 3.14", "1,000.5 and 3.14"),
        ("o'clock", "o'clock"),
        ("ice-cream / soda", "ice cream soda"),
        ("I cannot", "i can not"),
        ("", ""),
        ("?!… 😀 --", ""),
        ("naïve ÉTUDE", "naïve étude"),
        ("nai\u0308ve e\u0301tude", "naïve étude"),
        ("日本 語", "日本 語"),
        ("हिन्दी गाना", "हिन्दी गाना"),
        ("a\x00b\x07c\nd\te", "a b c d e"),
    ],
)
def test_text_is_cut_into_plain_words(text: str, plain: str) -> None:
    assert normal(text) == plain


def test_every_word_knows_where_it_stands_in_the_text() -> None:
    text = "  Call “Zoë O’Hara”, it's 7 a.m.!"
    assert [text[word.start : word.end] for word in cut(text)] == [
        "Call",
        "Zoë",
        "O’Hara",
        "it's",
        "it's",
        "7",
        "a.m",
    ]


@pytest.mark.parametrize(
    ("plain", "quick"),
    [
        ("what is this", "what's this"),
        ("i am sure it is", "i'm sure it's"),
        ("do not do that", "don't do that"),
        ("play a song", "play a song"),
        ("this is it", "this is it"),
    ],
)
def test_plain_words_are_contracted_as_a_quick_tongue_does(plain: str, quick: str) -> None:
    assert contracted(plain) == quick


def test_what_is_contracted_is_cut_into_the_same_words_again() -> None:
    plain = "what is that and who is there i will not do it do not say it can not be"
    assert normal(contracted(plain)) == plain
