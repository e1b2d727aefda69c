"""A pronunciation written so that anybody can read it: T W AA M B L IY is "twahm-blee"."""

from itertools import pairwise

from os_sim.nlu.sounds import VOWELS, Phones

_LETTERS = {
    "AA": "ah",
    "AE": "a",
    "AH": "uh",
    "AO": "aw",
    "AW": "ow",
    "AY": "eye",
    "CH": "ch",
    "DH": "th",
    "EH": "e",
    "ER": "ur",
    "EY": "ay",
    "HH": "h",
    "IH": "i",
    "IY": "ee",
    "JH": "j",
    "NG": "ng",
    "OW": "oh",
    "OY": "oy",
    "SH": "sh",
    "TH": "th",
    "UH": "uu",
    "UW": "oo",
    "ZH": "zh",
}
_SHORT = frozenset(("AE", "EH", "IH", "UH"))
"""Vowels that want a consonant behind them: "met-uh", not "me-tuh"."""
_ONSETS = frozenset(
    "P B T D K G P+L P+R B+L B+R T+R T+W D+R K+L K+R K+W G+L G+R F+L F+R TH+R S+P S+T S+K S+M S+N "
    "S+L S+W SH+R S+P+R S+T+R S+K+R S+K+W S+P+L K+Y M+Y B+Y F+Y HH+Y P+Y V+Y".split()
)
"""Consonants that begin a syllable together (some of those that begin English words)."""


def respelled(phones: Phones) -> str:
    """The word in syllables, for a person to read or a voice to say."""
    return "-".join(
        "".join(_LETTERS.get(phone, phone.lower()) for phone in syllable)
        for syllable in _syllables(phones)
    )


def _syllables(phones: Phones) -> list[Phones]:
    """Cut before the longest onset that each vowel can have."""
    vowels = [at for at, phone in enumerate(phones) if phone in VOWELS]
    cuts = [0]
    for before, vowel in pairwise(vowels):
        first = before + 1
        if phones[before] in _SHORT and first < vowel:
            first += 1
        while first < vowel - 1 and "+".join(phones[first:vowel]) not in _ONSETS:
            first += 1
        cuts.append(first)
    return [phones[here:there] for here, there in zip(cuts, [*cuts[1:], len(phones)], strict=True)]
