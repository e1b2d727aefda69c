"""Durations, times of day and dates as people say them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from os_sim.nlu.times import day, duration, time_of_day
from os_sim.nlu.words import normal

NOW = datetime(2025, 1, 1, 12, tzinfo=UTC)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("ten minutes", 10),
        ("a minute", 1),
        ("an hour", 60),
        ("half an hour", 30),
        ("a couple of minutes", 2),
        ("a quarter hour", 15),
        ("one hour thirty", 90),
        ("two hours and a quarter", 135),
        ("a fortnight", 14 * 24 * 60),
        ("a half hour", 30),
        ("an hour and a half", 90),
        ("two and a half hours", 150),
        ("a quarter of an hour", 15),
        ("three quarters of an hour", 45),
        ("1 hour 20 minutes", 80),
        ("one hour and five minutes", 65),
        ("one hour twenty minutes and thirty seconds", 80.5),
        ("1.5 hours", 90),
        ("ninety seconds", 1.5),
        ("two days", 2_880),
        ("a week", 10_080),
    ],
)
def test_durations_are_read_as_people_say_them(words: str, minutes: float) -> None:
    assert duration(normal(words).split()) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "ten",
        "minutes",
        "ten bananas",
        "ten minutes please",
        "zero minutes",
        "minus five minutes",
        "and a half",
        "two billion weeks",
        "999999999999999 hours",
        "99999999999999999999999999 seconds",
    ],
)
def test_what_is_no_duration_is_not_read_as_one(words: str) -> None:
    assert duration(words.split()) is None


@pytest.mark.parametrize(
    ("words", "hour", "minute"),
    [
        ("seven", 7, 0),
        ("seven o'clock", 7, 0),
        ("seven thirty", 7, 30),
        ("seven oh five", 7, 5),
        ("half seven", 7, 30),
        ("seven thirty five pm", 19, 35),
        ("7:30", 7, 30),
        ("7:30 p.m.", 19, 30),
        ("7 am", 7, 0),
        ("7pm", 19, 0),
        ("7:30am", 7, 30),
        ("half past seven", 7, 30),
        ("half past seven in the evening", 19, 30),
        ("quarter to eight", 7, 45),
        ("a quarter past eight", 8, 15),
        ("ten to one", 0, 50),
        ("twenty minutes after four", 4, 20),
        ("five before midnight", 23, 55),
        ("half past noon", 12, 30),
        ("noon", 12, 0),
        ("midnight", 0, 0),
        ("twelve pm", 12, 0),
        ("twelve am", 0, 0),
        ("nine in the morning", 9, 0),
        ("three in the afternoon", 15, 0),
        ("nine at night", 21, 0),
        ("twelve at night", 0, 0),
        ("three at night", 3, 0),
        ("fourteen thirty", 14, 30),
        ("23:59", 23, 59),
    ],
)
def test_times_of_day_are_read_as_people_say_them(words: str, hour: int, minute: int) -> None:
    assert time_of_day(normal(words).split()) == time(hour, minute)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "pm",
        "o'clock",
        "twenty five",
        "seven seventy",
        "24:00",
        "7:60",
        "7:",
        "minus three",
        "seven minus five",
        "minus five past seven",
        "half past",
        "quarter to",
        "past seven",
        "seven bananas",
        "7:" + "9" * 5_000,
        "9" * 5_000,
    ],
)
def test_what_is_no_time_of_day_is_not_read_as_one(words: str) -> None:
    assert time_of_day(words.split()) is None


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("today", date(2025, 1, 1)),
        ("tonight", date(2025, 1, 1)),
        ("tomorrow", date(2025, 1, 2)),
        ("yesterday", date(2024, 12, 31)),
        ("the day after tomorrow", date(2025, 1, 3)),
        ("the day before yesterday", date(2024, 12, 30)),
        ("tomorrow morning", date(2025, 1, 2)),
        ("this evening", date(2025, 1, 1)),
        ("friday night", date(2025, 1, 3)),
        ("a week from friday", date(2025, 1, 10)),
        ("a week on monday", date(2025, 1, 13)),
        ("two weeks from today", date(2025, 1, 15)),
        ("friday week", date(2025, 1, 10)),
        ("in three days", date(2025, 1, 4)),
        ("in a fortnight", date(2025, 1, 15)),
        ("friday", date(2025, 1, 3)),
        ("on friday", date(2025, 1, 3)),
        ("next wednesday", date(2025, 1, 8)),
        ("the fifth of may", date(2025, 5, 5)),
        ("may fifth", date(2025, 5, 5)),
        ("may 5", date(2025, 5, 5)),
        ("on the 25th of december", date(2025, 12, 25)),
        ("december 25th 2026", date(2026, 12, 25)),
        ("december twenty fifth twenty twenty six", date(2026, 12, 25)),
        ("the thirty first of march two thousand and thirty", date(2030, 3, 31)),
        ("2026-12-25", date(2026, 12, 25)),
        ("the twenty ninth of february", date(2028, 2, 29)),
        ("the first of january", date(2025, 1, 1)),
    ],
)
def test_dates_are_read_as_people_say_them(words: str, when: date) -> None:
    assert day(normal(words).split(), NOW) == when


def test_a_day_of_the_year_that_is_over_is_one_of_the_next_year() -> None:
    assert day("the third of march".split(), datetime(2025, 3, 4, tzinfo=UTC)) == date(2026, 3, 3)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "may",
        "this",
        "in an hour",
        "in three billion weeks",
        "a week from nowhere",
        "the fifth",
        "the thirty second of may",
        "february thirtieth",
        "the fifth of",
        "may may fifth",
        "99999999999 may",
        "minus five may",
        "2026 13 01",
        "2026 99999999999999999999 01",
        "day after",
        "the fifth of may ninety nine thousand",
    ],
)
def test_what_is_no_date_is_not_read_as_one(words: str) -> None:
    assert day(words.split(), NOW) is None
