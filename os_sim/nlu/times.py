"""Durations, times of day and dates as people say them."""

import re
from datetime import date, datetime, time, timedelta

from os_sim.nlu.numbers import integer, number, ordinal

_UNITS_S = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_UNITS_S |= {f"{unit}s": seconds for unit, seconds in _UNITS_S.items()}
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NAMED_HOURS = {"noon": 12, "midday": 12, "midnight": 0}
_LONGEST_S = 100 * 365 * 86_400
"""A century: what is longer can be neither waited for nor counted from a date."""
_HOUR_AND_HALF_OF_DAY = re.compile(r"([\d:]+)([ap]m)")


def duration(words: list[str]) -> timedelta | None:
    """ "ten minutes", "an hour and a half", "1 hour 20 minutes", "half an hour"."""
    total_s, pending, last_unit_s = 0.0, list[str](), 0
    for word in words:
        if word in _UNITS_S:
            amount = _amount(pending)
            if amount is None:
                return None
            last_unit_s = _UNITS_S[word]
            total_s += amount * last_unit_s
            pending = []
        else:
            pending.append(word)
    if pending == ["and", "a", "half"] and last_unit_s:
        total_s += last_unit_s / 2
    elif pending:
        return None
    return timedelta(seconds=total_s) if 0 < total_s <= _LONGEST_S else None


def _amount(words: list[str]) -> float | None:
    if words[:1] == ["and"]:
        words = words[1:]
    if words in (["a"], ["an"]):
        return 1
    if words in (["half", "a"], ["half", "an"], ["a", "half"]):
        return 0.5
    if words in (["a", "quarter", "of", "an"], ["quarter", "of", "an"]):
        return 0.25
    if words == ["three", "quarters", "of", "an"]:
        return 0.75
    return number(words)


def time_of_day(words: list[str]) -> time | None:
    """ "half past seven", "seven thirty", "7:30 pm", "quarter to eight", "noon"."""
    words, part = _part_of_day(words)
    found = _clock_time(words)
    if found is None:
        return None
    hour, minute = found
    if part and 1 <= hour <= 12:
        hour %= 12
        # "nine at night" is late, "three at night" is early.
        if part == "pm" or (part == "night" and hour >= 6):
            hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _part_of_day(words: list[str]) -> tuple[list[str], str]:
    """The words without "pm" or "in the evening", and what they meant: am, pm, night or ""."""
    if words and (glued := _HOUR_AND_HALF_OF_DAY.fullmatch(words[-1])):
        words = [*words[:-1], glued[1], glued[2]]
    if words and words[-1] in ("am", "a.m", "pm", "p.m"):
        return words[:-1], words[-1].replace(".", "")
    if words[-3:-1] == ["in", "the"] and words[-1] in ("morning", "afternoon", "evening"):
        return words[:-3], "am" if words[-1] == "morning" else "pm"
    if words[-2:] == ["at", "night"]:
        return words[:-2], "night"
    return words, ""


def _clock_time(words: list[str]) -> tuple[int, int] | None:
    if words and words[-1] in ("o'clock", "oclock"):
        words = words[:-1]
    if len(words) == 1 and ":" in words[0]:
        hour, _, minute = words[0].partition(":")
        words = [hour, minute]
    for joint, sign in (("past", 1), ("after", 1), ("to", -1), ("before", -1)):
        if joint in words:
            at = words.index(joint)
            minutes, hour_value = _minutes(words[:at]), _hour(words[at + 1 :])
            if minutes is None or hour_value is None:
                return None
            total = hour_value * 60 + sign * minutes
            return total // 60 % 24, total % 60
    whole = _hour(words)
    if whole is not None:
        return whole, 0
    for split in range(1, len(words)):
        oh = 1 if words[split] == "oh" and split + 1 < len(words) else 0  # "seven oh five"
        hour_value, minute_value = _hour(words[:split]), _count(words[split + oh :])
        if hour_value is not None and minute_value is not None:
            return hour_value, minute_value
    return None


def _hour(words: list[str]) -> int | None:
    named = _NAMED_HOURS.get(words[0]) if len(words) == 1 else None
    return _count(words) if named is None else named


def _count(words: list[str]) -> int | None:
    """A whole number that is not below zero."""
    value = integer(words)
    return value if value is not None and value >= 0 else None


def _minutes(words: list[str]) -> int | None:
    if words in (["half"], ["half", "a"]):
        return 30
    if words in (["quarter"], ["a", "quarter"]):
        return 15
    if words and words[-1] in ("minute", "minutes"):
        words = words[:-1]
    return _count(words)


def day(words: list[str], now: datetime) -> date | None:
    """ "tomorrow", "next friday", "the fifth of may", "december 25th 2026", "2026-12-25"."""
    today = now.date()
    near = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}
    if len(words) == 1 and words[0] in near:
        return today + timedelta(days=near[words[0]])
    if words[-1:] and words[-1] in _WEEKDAYS and words[:-1] in ([], ["on"], ["next"], ["this"]):
        ahead = (_WEEKDAYS.index(words[-1]) - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead)
    return _iso_day(words) or _day_of_month(
        [w for w in words if w not in ("the", "of", "on")], today
    )


def _iso_day(words: list[str]) -> date | None:
    # A hyphen divides words, so "2026-12-25" arrives as three.
    if len(words) != 3 or not all(word.isdecimal() for word in words) or len(words[0]) != 4:
        return None
    year, month, rank = (integer([word]) for word in words)
    return _date(year or 0, month or 0, rank or 0)


def _date(year: int, month: int, rank: int) -> date | None:
    """None if there is no such day."""
    try:
        return date(year, month, rank)
    except (ValueError, OverflowError):
        return None


def _day_of_month(words: list[str], today: date) -> date | None:
    months = [at for at, word in enumerate(words) if word in _MONTHS]
    if len(months) != 1:
        return None
    at = months[0]
    month = _MONTHS.index(words[at]) + 1
    before, after = words[:at], words[at + 1 :]
    if before:
        rank, year_words = _rank(before), after
    else:
        taken = 2 if len(after) > 1 and _rank(after[:2]) is not None else 1
        rank, year_words = _rank(after[:taken]), after[taken:]
    year = _year(year_words) if year_words else None
    if rank is None or (year_words and year is None):
        return None
    if year is not None:
        return _date(year, month, rank)
    # Leap days are up to eight years apart.
    coming = (_date(some_year, month, rank) for some_year in range(today.year, today.year + 9))
    return next((found for found in coming if found is not None and found >= today), None)


def _rank(words: list[str]) -> int | None:
    """A day of the month: "fifth", "twenty fifth", "25th", "five"."""
    if len(words) == 1 and (rank := ordinal(words[0])) is not None:
        return rank
    if len(words) == 2 and (rank := ordinal(words[1])) is not None:
        tens = integer(words[:1])
        return tens + rank if tens in (20, 30) and rank < 10 else None
    return integer(words)


def _year(words: list[str]) -> int | None:
    """ "2014", "two thousand and fourteen", "twenty fourteen"."""
    whole = integer(words)
    if whole is not None and 1000 <= whole <= 9999:
        return whole
    for split in range(1, len(words)):
        head, tail = integer(words[:split]), integer(words[split:])
        if head is not None and tail is not None and 10 <= head <= 99 and 10 <= tail <= 99:
            return head * 100 + tail
    return None
