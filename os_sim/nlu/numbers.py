"""Numbers as people say them, read and written: "a hundred and five", "three point five"."""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_SMALL["oh"] = 0
_LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_ORDINAL = {word: value for value, word in enumerate(_ORDINALS)} | {"thirtieth": 30}
MAX_DIGITS = 15
"""A longer row of digits is no amount: a float could not hold it."""


def number(words: list[str]) -> float | None:
    """The number that all of these words make together, or None."""
    if not words:
        return None
    sign = 1
    if words[0] in ("minus", "negative"):
        sign, words = -1, words[1:]
    if "point" in words:
        at = words.index("point")
        whole, digits = _whole(words[:at]), [_SMALL.get(word) for word in words[at + 1 :]]
        if whole is None or not digits or any(d is None or d > 9 for d in digits):
            return None
        return sign * float(f"{whole}.{''.join(str(d) for d in digits)}")
    if len(words) > 2 and words[-2:] == ["a", "half"] and words[-3] == "and":
        whole = _whole(words[:-3])
        return None if whole is None else sign * (whole + 0.5)
    value = _digits(words[0]) if len(words) == 1 else None
    if value is None:
        value = _whole(words)
    return None if value is None else sign * value


def integer(words: list[str]) -> int | None:
    """Like `number`, for whole numbers only."""
    value = number(words)
    return int(value) if value is not None and value == int(value) else None


def ordinal(word: str) -> int | None:
    """The rank that a word names: "third", "3rd"."""
    if word in _ORDINAL:
        return _ORDINAL[word]
    return _decimal(word[:-2]) if word[-2:] in ("st", "nd", "rd", "th") else None


def spoken(value: int) -> str:
    """A whole number from 0 to 999,999 in words, as it is said."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens - 2] + (f" {_ONES[ones]}" if ones else "")
    unit, name = (1_000, "thousand") if value >= 1_000 else (100, "hundred")
    head, rest = divmod(value, unit)
    return f"{spoken(head)} {name}" + (f" {spoken(rest)}" if rest else "")


def _digits(word: str) -> float | None:
    plain = word.replace(",", "")
    if _decimal(plain.replace(".", "", 1)) is None:
        return None
    return float(plain) if "." in plain else int(plain)


def _decimal(word: str) -> int | None:
    """A row of digits, if it is not absurdly long."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= MAX_DIGITS else None


def _whole(words: list[str]) -> int | None:
    """A whole number: digits, or words with hundreds and larger units."""
    total, group, last, said_any = 0, 0, None, False
    unit = 10**MAX_DIGITS  # of what was said before: what follows must be smaller
    for at, word in enumerate(words):
        if word == "and" and said_any and at + 1 < len(words):
            continue
        if word == "a" and at + 1 < len(words) and words[at + 1] in ("hundred", *_LARGE):
            if group or last is not None:  # "five a hundred"
                return None
            group, last, said_any = 1, 1, True
            continue
        value = _SMALL.get(word)
        if value is None:
            value = _decimal(word)
        if value is not None:
            # "twenty five" adds up; "five twenty" and "two three" are not one number.
            if last is not None and not (last >= 20 and last % 10 == 0 and 0 < value < 10):
                return None
            group, last, said_any = group + value, value, True
        elif word == "hundred" and 0 < group < 10:
            group, last = group * 100, None
        elif word in _LARGE and group and _LARGE[word] < unit:
            unit = _LARGE[word]
            total, group, last = total + group * unit, 0, None
        else:
            return None
    return total + group if said_any and group < unit else None
