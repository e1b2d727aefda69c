"""Numbers in words."""

import pytest

from os_sim.nlu.numbers import integer, number, ordinal, spoken


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("zero", 0),
        ("oh", 0),
        ("seven", 7),
        ("nineteen", 19),
        ("forty two", 42),
        ("a hundred", 100),
        ("a hundred and five", 105),
        ("nine hundred ninety nine", 999),
        ("a thousand", 1_000),
        ("a thousand a hundred", 1_100),
        ("two thousand and fourteen", 2_014),
        ("three hundred thousand twenty", 300_020),
        ("one million two hundred thousand and one", 1_200_001),
        ("two billion", 2_000_000_000),
        ("25", 25),
        ("1,000", 1_000),
        ("5 hundred", 500),
        ("25 thousand", 25_000),
        ("3.5", 3.5),
        ("three point one four", 3.14),
        ("minus four", -4),
        ("negative two point five", -2.5),
        ("two and a half", 2.5),
        ("2 and a half", 2.5),
    ],
)
def test_numbers_are_read_as_people_say_them(words: str, value: float) -> None:
    assert number(words.split()) == value


@pytest.mark.parametrize(
    "words",
    [
        "",
        "minus",
        "point",
        "point five",
        "three point",
        "three point ten",
        "and",
        "five and",
        "hundred",
        "thousand",
        "two three",
        "five twenty",
        "ten five",
        "twenty zero",
        "five a hundred",
        "one hundred a hundred",
        "one hundred two hundred",
        "one thousand two thousand",
        "two thousand one million",
        "seven apples",
        "a",
        "1.2.3",
        "٣",
        "²",
        "half",
    ],
)
def test_what_is_no_number_is_not_read_as_one(words: str) -> None:
    assert number(words.split()) is None


@pytest.mark.parametrize("digits", [20, 400, 5_000])
def test_a_number_of_countless_digits_is_no_number(digits: int) -> None:
    nines = "9" * digits
    assert [number([nines]), integer([nines]), integer([nines + ".0"])] == [None] * 3
    assert [integer([nines, "thousand"]), ordinal(nines + "th")] == [None] * 2


def test_a_fraction_is_no_whole_number() -> None:
    assert integer("two and a half".split()) is None
    assert integer(["4.0"]) == 4


@pytest.mark.parametrize(
    ("word", "rank"),
    [("first", 1), ("twelfth", 12), ("thirtieth", 30), ("3rd", 3), ("21st", 21), ("one", None)],
)
def test_ranks_are_read_in_words_and_digits(word: str, rank: int | None) -> None:
    assert ordinal(word) == rank


def test_every_number_that_is_spoken_is_understood_again() -> None:
    values = [*range(2_000), *range(2_000, 1_000_000, 1_237), 999_999]
    assert [value for value in values if integer(spoken(value).split()) != value] == []
