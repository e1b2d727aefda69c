"""How alike two words sound: an edit distance over their phones.

    T W AA M B L IY     nothing costs 0, a consonant too many or of quite another kind 1,
    T R EH M B L IY     neighbours (T and D, IH and IY, AA and AO) a fraction of it

Phones are CMUdict's 39, in ARPAbet and without stress.  What it costs to take one for another
comes from what is known of how they are made and heard:

    consonants   features and weights of ALINE (Kondrak, "A new algorithm for the alignment of
                 phonetic sequences", NAACL 2000, tables 1 and 2)
    vowels       the formants of American men (Hillenbrand et al., "Acoustic characteristics of
                 American English vowels", JASA 97, 1995, table V) on the Bark scale
                 (Traunmüller, JASA 88, 1990)
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache

Phones = tuple[str, ...]
"""A pronunciation, such as ("T", "W", "AA", "M", "B", "L", "IY")."""

_PLACES = {
    "bilabial": 1.0,
    "labiodental": 0.95,
    "dental": 0.9,
    "alveolar": 0.85,
    "retroflex": 0.8,
    "palatoalveolar": 0.75,
    "palatal": 0.7,
    "velar": 0.6,
    "glottal": 0.1,
}
_MANNERS = {"stop": 1.0, "affricate": 0.9, "fricative": 0.8, "approximant": 0.6}
_CONSONANTS = {
    "P": "bilabial stop",
    "B": "bilabial stop voiced",
    "T": "alveolar stop",
    "D": "alveolar stop voiced",
    "K": "velar stop",
    "G": "velar stop voiced",
    "CH": "palatoalveolar affricate",
    "JH": "palatoalveolar affricate voiced",
    "F": "labiodental fricative",
    "V": "labiodental fricative voiced",
    "TH": "dental fricative",
    "DH": "dental fricative voiced",
    "S": "alveolar fricative",
    "Z": "alveolar fricative voiced",
    "SH": "palatoalveolar fricative",
    "ZH": "palatoalveolar fricative voiced",
    "HH": "glottal fricative",
    "M": "bilabial stop voiced nasal",
    "N": "alveolar stop voiced nasal",
    "NG": "velar stop voiced nasal",
    "L": "alveolar approximant voiced lateral",
    "R": "retroflex approximant voiced",
    "W": "bilabial approximant voiced",
    "Y": "palatal approximant voiced",
}
_PLACE_WEIGHT, _MANNER_WEIGHT, _MARK_WEIGHT = 40, 50, 10
_FULL_WEIGHT = 30
"""From here on two consonants are as unlike as any."""

_FORMANTS_HZ = {
    "IY": (342, 2322),
    "IH": (427, 2034),
    "EY": (476, 2089),
    "EH": (580, 1799),
    "AE": (588, 1952),
    "AA": (768, 1333),
    "AO": (652, 997),
    "OW": (497, 910),
    "UH": (469, 1122),
    "UW": (378, 997),
    "AH": (623, 1200),
    "ER": (474, 1379),
}
_GLIDES = {"AY": ("AA", "IH"), "AW": ("AA", "UH"), "OY": ("AO", "IH")}
"""Where a diphthong begins and ends."""
_FULL_BARK = 5.0
"""Nearly from IY to UW."""

_MERGED = {
    frozenset(("AA", "AO")): 0.2,  # "cot" and "caught" are one word to half of America
    frozenset(("AH", "IH")): 0.3,  # both are written for a weak vowel
    frozenset(("AH", "EH")): 0.4,
    frozenset(("ER", "R")): 0.3,
    frozenset(("IY", "Y")): 0.4,
    frozenset(("UW", "W")): 0.4,
}
"""What is nearer than its features tell."""
_WEAK = {"AH": 0.5, "IH": 0.6, "HH": 0.5, "Y": 0.6, "R": 0.8}
"""What is easily lost or put in; any other phone costs 1."""
_UNLIKE = 2.0
"""A vowel for a consonant: as much as losing the one and putting in the other."""
_NARROW = 1.0
"""How far `nearest` looks first."""

PHONES = frozenset(_CONSONANTS) | frozenset(_FORMANTS_HZ) | frozenset(_GLIDES)
"""Every phone there is."""
VOWELS = PHONES - frozenset(_CONSONANTS)


def distance(one: Phones, other: Phones) -> float:
    """What it costs to make one pronunciation into the other; 0 if they are the same.

    Symmetric.  Raises KeyError for what is not among PHONES.
    """
    row = _first_row(one)
    for phone in other:
        row = _next_row(one, row, phone)
    return row[-1]


def nearest(
    sounds: Phones,
    among: Mapping[str, Iterable[Phones]],
    count: int = 3,
    within: float = math.inf,
) -> list[tuple[str, float]]:
    """The closest sounding words and their distance, best first; equally close ones by name.

    `among`: every word's pronunciations.  `within`: nothing further away is found.  Takes a
    second or two for a dictionary of 130,000 words, a millisecond for a hundred names.
    """
    entries = sorted((phones, word) for word, one in among.items() for phones in one)
    # A narrow search leaves most words after two phones; seldom is a wider one needed.
    for radius in (_NARROW, 2 * _NARROW, 4 * _NARROW, math.inf):
        found = _within(sounds, entries, min(radius, within))
        if len(found) >= count or radius >= within:
            break
    ranked = sorted(found.items(), key=lambda one: (one[1], one[0]))
    return ranked[:count]


def _within(sounds: Phones, entries: list[tuple[Phones, str]], bound: float) -> dict[str, float]:
    """The words that are at most so far away.

    The entries are sorted, so that one shares its first phones with the last one, and with them
    the rows of its table: together they are walked like a tree.
    """
    found: dict[str, float] = {}
    rows = [_first_row(sounds)]
    before: Phones = ()
    for phones, word in entries:
        shared = 0
        while shared < len(rows) - 1 and shared < len(phones) and phones[shared] == before[shared]:
            shared += 1
        del rows[shared + 1 :]
        before = phones
        for phone in phones[shared:]:
            if min(rows[-1]) > bound:
                break
            rows.append(_next_row(sounds, rows[-1], phone))
        if len(rows) > len(phones) and rows[-1][-1] <= bound:
            found[word] = min(rows[-1][-1], found.get(word, math.inf))
    return found


def _first_row(sounds: Phones) -> list[float]:
    """What it costs to lose the first n phones, for every n."""
    row = [0.0]
    for phone in sounds:
        row.append(row[-1] + _WEAK.get(phone, 1.0))
    return row


def _next_row(sounds: Phones, row: list[float], phone: str) -> list[float]:
    """The table of Wagner and Fischer (1974), one phone of the other word further."""
    costs, added = _table()[phone], _WEAK.get(phone, 1.0)
    following = [row[0] + added]
    for at, here in enumerate(sounds):
        following.append(
            min(
                row[at] + costs[here],
                row[at + 1] + added,
                following[at] + _WEAK.get(here, 1.0),
            )
        )
    return following


@cache
def _table() -> dict[str, dict[str, float]]:
    """What it costs to take the one phone for the other."""
    return {one: {other: _swap(one, other) for other in PHONES} for one in PHONES}


def _swap(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if (merged := _MERGED.get(frozenset((one, other)))) is not None:
        return merged
    if (one in VOWELS) != (other in VOWELS):
        return _UNLIKE
    if one in VOWELS:
        return min(1.0, _bark_apart(one, other) / _FULL_BARK)
    return min(1.0, _features_apart(one, other) / _FULL_WEIGHT)


def _bark_apart(one: str, other: str) -> float:
    ends = zip(_GLIDES.get(one, (one, one)), _GLIDES.get(other, (other, other)), strict=True)
    apart = [math.dist(_barks(here), _barks(there)) for here, there in ends]
    return sum(apart) / len(apart)


def _barks(vowel: str) -> list[float]:
    return [26.81 * hz / (1960 + hz) - 0.53 for hz in _FORMANTS_HZ[vowel]]


def _features_apart(one: str, other: str) -> float:
    (place, manner, *marks), (place2, manner2, *marks2) = (
        _CONSONANTS[one].split(),
        _CONSONANTS[other].split(),
    )
    retroflex = (place == "retroflex") != (place2 == "retroflex")
    return (
        _PLACE_WEIGHT * abs(_PLACES[place] - _PLACES[place2])
        + _MANNER_WEIGHT * abs(_MANNERS[manner] - _MANNERS[manner2])
        + _MARK_WEIGHT * (len(set(marks) ^ set(marks2)) + retroflex)
    )
