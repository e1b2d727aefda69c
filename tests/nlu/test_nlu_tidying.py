"""Hesitation, politeness and corrections; several requests in one breath; words by their sound."""

import pytest

from os_sim.nlu.requests import divisions
from os_sim.nlu.sounding import sound_key
from os_sim.nlu.thesaurus import read_thesaurus
from os_sim.nlu.tidying import corrected, plain_request, tells_of_past


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("um could you please play a song for me", "play a song"),
        ("okay so stop the music now would you", "stop the music"),
        ("would you mind closing it", "closing it"),
        ("please", "please"),
        ("", ""),
    ],
)
def test_politeness_and_hesitation_are_put_aside(said: str, asked: str) -> None:
    assert " ".join(plain_request(said.split())) == asked


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a timer for ten no fifteen minutes", "a timer for fifteen minutes"),
        ("at seven i mean half past seven", "at half past seven"),
        ("five minutes sorry make that ten minutes", "ten minutes"),
        ("on monday no wait tuesday", "tuesday"),
        ("no more timer", "no more timer"),
        ("add no two", "add no two"),
        ("is it one or two", "is it one or two"),
    ],
)
def test_a_value_that_is_taken_back_gives_way_to_the_next(said: str, meant: str) -> None:
    assert " ".join(corrected(said.split())) == meant


@pytest.mark.parametrize("text", ["i sent tom a message yesterday", "she turned off the light"])
def test_what_tells_of_the_past_is_known_by_its_beginning(text: str) -> None:
    assert tells_of_past(text.split())


@pytest.mark.parametrize("text", ["i need milk on the list", "i wanted to hear a song", "i read"])
def test_a_wish_tells_nothing_of_the_past(text: str) -> None:
    assert not tells_of_past(text.split())


def test_requests_are_divided_at_their_joints() -> None:
    assert ["stop the music", "read me the letter"] in list(
        divisions("stop the music and then read me the letter")
    )
    assert ["a", "b", "c"] in list(divisions("a and b; c"))
    assert list(divisions("bread")) == []
    assert list(divisions("flip one for me, heads or tails")) == []  # the second says it again


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paws", "pause"),
        ("meloncollie", "melancholy"),
        ("kathryn", "catherine"),
        ("right", "write"),
    ],
)
def test_words_that_sound_alike_have_the_same_key(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


def test_words_that_sound_different_have_different_keys() -> None:
    assert sound_key("stop") != sound_key("step in")
    assert sound_key("!?") == ""


def test_the_longest_phrase_at_a_place_counts() -> None:
    thesaurus = read_thesaurus()
    (start, end, alone), *_ = (p for p in thesaurus.found("this one again".split()) if p[1] > 2)
    assert (start, end) == (0, 3)
    longer = [p for p in thesaurus.found("not this one again".split()) if p[1] - p[0] > 1]
    assert [(start, end) for start, end, _ in longer] == [(0, 4)]
    assert longer[0][2] != alone
