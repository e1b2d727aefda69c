"""A key that words share when they sound alike: "paws" and "pause", "melon collie" and one word.

After Lawrence Philips' Metaphone ("Hanging on the Metaphone", Computer Language 7, 1990),
shortened: consonants stand for their sound, vowels count only at the beginning.
"""

import re
from functools import lru_cache

_STEPS = (
    (r"^[kgp](?=n)", ""),
    (r"^wr", "r"),
    (r"^wh", "w"),
    (r"^x", "s"),
    (r"mb$", "m"),
    (r"sch|sh|[st]i(?=[ao])|ch(?!r|o)", "X"),
    (r"ch", "k"),
    (r"tch|dg(?=[eiy])", "J"),
    (r"th", "0"),
    (r"ph", "f"),
    (r"gh(?=[aeiouy]|$)", ""),
    (r"gh", ""),
    (r"gn$", "n"),
    (r"c(?=[eiy])", "s"),
    (r"g(?=[eiy])", "J"),
    (r"[cq]k?u?", "k"),
    (r"x", "ks"),
    (r"z", "s"),
    (r"v", "f"),
    (r"d(?=s?$)", "t"),
    (r"j", "J"),
    (r"h(?![aeiou])", ""),
    (r"w(?![aeiou])", ""),
)
_RULES = tuple((re.compile(pattern), sound) for pattern, sound in _STEPS)
_VOWELS = re.compile(r"(?<=.)[aeiouy]+")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=8192)
def sound_key(text: str) -> str:
    """The key of a word, or of several said in one go; empty if there are no letters in it."""
    key = re.sub(r"[^a-z]", "", text)
    for pattern, sound in _RULES:
        key = pattern.sub(sound, key)
    key = _DOUBLED.sub(r"\1", _VOWELS.sub("", key))
    return "A" + key[1:] if key[:1] in "aeiouy" and key else key
