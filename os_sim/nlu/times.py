"""Durations, times of day and dates as people say them."""

import re
from datetime import date, datetime, time, timedelta

from os_sim.nlu.numbers import integer, number, ordinal

_UNITS_S = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_UNITS_S |= {f"{unit}s": seconds for unit, seconds in _UNITS_S.items()}
_NEXT_SMALLER_S = {3_600: 60, 60: 1}
"""What is counted by a bare number after hours and after minutes: "one hour thirty"."""
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NEAR_DAYS = {
    "today": 0,
    "this": 0,
    "tonight": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "the day before yesterday": -2,
}
_PARTS_OF_DAY = ("morning", "afternoon", "evening", "night")
_DAY = timedelta(days=1)
_NAMED_HOURS = {"noon": 12, "midday": 12, "midnight": 0}
_LONGEST_S = 100 * 365 * 86_400
"""A century: what is longer can be neither waited for nor counted from a date."""
_HOUR_AND_HALF_OF_DAY = re.compile(r"([\d:]+)([ap]m)")


def duration(words: list[str]) -> timedelta | None:
    """ "ten minutes", "an hour and a half", "1 hour 20 minutes", "half an hour", "a fortnight"."""
    words = _spelled_out(words)
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
    if pending and last_unit_s:
        rest_s = _rest_s(pending, last_unit_s)
        if rest_s is None:
            return None
        total_s += rest_s
    elif pending:
        return None
    return timedelta(seconds=total_s) if 0 < total_s <= _LONGEST_S else None


def _spelled_out(words: list[str]) -> list[str]:
    """With "a fortnight" as two weeks, and "a quarter hour" as "a quarter of an hour"."""
    if words[-1:] == ["fortnight"] and words[:-1] in ([], ["a"]):
        return ["two", "weeks"]
    if words[-1:] == ["hour"] and words[:-1] in (["quarter"], ["a", "quarter"]):
        return ["a", "quarter", "of", "an", "hour"]
    return words


def _rest_s(words: list[str], unit_s: int) -> float | None:
    """What follows the last unit: "and a half", "and a quarter", or "thirty" after hours."""
    if words == ["and", "a", "half"]:
        return unit_s / 2
    if words == ["and", "a", "quarter"]:
        return unit_s / 4
    smaller_s = _NEXT_SMALLER_S.get(unit_s)
    count = _count(words)
    if smaller_s is None or count is None or not 0 < count < 60:
        return None
    return count * smaller_s


def _amount(words: list[str]) -> float | None:
    if words[:1] == ["and"]:
        words = words[1:]
    if words in (["a"], ["an"]):
        return 1
    if words in (["a", "couple", "of"], ["a", "couple"], ["couple", "of"]):
        return 2
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
    if words[:1] == ["half"] and (half_past := _hour(words[1:])) is not None:
        return half_past, 30
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
    """ "tomorrow", "next friday", "a week from friday", "the fifth of may", "2026-12-25"."""
    today = now.date()
    return (
        _near_day(words, today)
        or _weekday(words, today)
        or _counted_day(words, now)
        or _iso_day(words)
        or _day_of_month([w for w in words if w not in ("the", "of", "on")], today)
    )


def _near_day(words: list[str], today: date) -> date | None:
    part = words[-1:] and words[-1] in _PARTS_OF_DAY
    ahead = _NEAR_DAYS.get(" ".join(words[:-1] if part else words))
    if words == ["this"]:
        return None
    return None if ahead is None else today + timedelta(days=ahead)


def _weekday(words: list[str], today: date) -> date | None:
    if len(words) > 1 and words[-1] in _PARTS_OF_DAY:
        words = words[:-1]
    if (
        not words
        or words[-1] not in _WEEKDAYS
        or words[:-1] not in ([], ["on"], ["next"], ["this"])
    ):
        return None
    return today + timedelta(days=(_WEEKDAYS.index(words[-1]) - today.weekday()) % 7 or 7)


def _counted_day(words: list[str], now: datetime) -> date | None:
    """ "in three days", "two weeks from tomorrow", "a week on monday", "friday week"."""
    if words[:1] == ["in"]:
        return _after(words[1:], now.date())
    if len(words) > 1 and words[-1] == "week" and words[0] in _WEEKDAYS and len(words) == 2:
        start = _weekday(words[:1], now.date())
        return start + timedelta(weeks=1) if start else None
    for joint in ("from", "on", "after"):
        if joint in words[1:-1] or words[1:] == [joint]:
            at = words.index(joint)
            start = (
                now.date() if words[at + 1 :] in (["now"], ["today"]) else day(words[at + 1 :], now)
            )
            return _after(words[:at], start) if start else None
    return None


def _after(words: list[str], start: date) -> date | None:
    """So many days or weeks after a day."""
    if not words or words[-1] not in ("day", "days", "week", "weeks", "fortnight"):
        return None
    length = duration(words)
    try:
        return None if length is None or length % _DAY else start + length
    except OverflowError:
        return None


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
