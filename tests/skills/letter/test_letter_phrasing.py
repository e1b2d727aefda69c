"""The notation that letters are written in."""

from random import Random

import pytest

from skills.letter.phrasing import count, pick, sentences, slots, with_rules


def test_every_reading_is_reached() -> None:
    way = with_rules("(you|all of you) [really] <did> it", {"did": "did|made"})
    found = {pick(way, Random(seed)) for seed in range(200)}
    assert len(found) == count(way) == 8
    assert "you did it" in found
    assert "all of you really made it" in found


def test_a_way_with_more_readings_is_taken_more_often() -> None:
    found = [pick("(one|(a|b|c|d|e|f|g|h|i))", Random(seed)) for seed in range(1000)]
    assert 60 < found.count("one") < 140


def test_no_space_is_left_before_a_comma() -> None:
    assert pick("well [], then", Random(1)) == "well, then"


def test_slots_are_found() -> None:
    assert slots("({name}|you) and {detail}") == {"name", "detail"}


def test_sentences_end_with_their_own_punctuation() -> None:
    assert sentences("So. Is it? It is!") == ["So.", "Is it?", "It is!"]


@pytest.mark.parametrize("way", ["(a|b", "a)", "[a)", "<unknown> a"])
def test_a_way_that_does_not_parse_is_refused_by_name(way: str) -> None:
    with pytest.raises(ValueError, match=r"not closed|unbalanced|unknown rule"):
        pick(with_rules(way, {}), Random(1))
