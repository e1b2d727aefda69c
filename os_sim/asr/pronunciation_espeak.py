"""What espeak-ng's phonemes of American English are in CMUdict's, and the other way round.

espeak-ng's notation descends from Kirshenbaum's ASCII-IPA (espeak-ng, docs/phonemes.md;
phsource/ph_english_us for the American ones); CMUdict's is ARPAbet.  Which stands for which was
settled by reading all of CMUdict aloud and aligning the two; bench/pronunciation.py tells how
well it does.
"""

from collections.abc import Iterator, Mapping

from os_sim.nlu.sounds import VOWELS, Phones

_STRESS = "',%="
_PHONES = {
    # As in CMUdict.
    "p": "P",
    "b": "B",
    "t": "T",
    "d": "D",
    "k": "K",
    "g": "G",
    "tS": "CH",
    "dZ": "JH",
    "f": "F",
    "v": "V",
    "T": "TH",
    "D": "DH",
    "s": "S",
    "z": "Z",
    "S": "SH",
    "Z": "ZH",
    "h": "HH",
    "m": "M",
    "n": "N",
    "N": "NG",
    "l": "L",
    "r": "R",
    "w": "W",
    "j": "Y",
    # Allophones: flapped, glottal and silent t, r and l that stand for a syllable.
    "t#": "T",
    "?": "T",
    "t2": "T",
    "r-": "R",
    "l#": "L",
    "n-": "AH N",
    "@L": "AH L",
    "x": "K",  # as in "Achenbach"
    ";": "",  # the glide that "ia" is bound with
    # Full vowels.
    "i:": "IY",
    "i::": "IY",
    "i": "IY",
    "I": "IH",
    "E": "EH",
    "a": "AE",
    "aa": "AE",
    "A:": "AA",
    "0": "AA",
    "A~": "AA N",
    "O:": "AO",
    "O": "AO",
    "O2": "AO",
    "O~": "AO N",
    "oU": "OW",
    "o": "OW",
    "U": "UH",
    "u:": "UW",
    "u": "UW",
    "V": "AH",
    "eI": "EY",
    "aI": "AY",
    "OI": "OY",
    "aU": "AW",
    # Weak vowels.
    "@": "AH",
    "@-": "AH",
    "@2": "AH",
    "a#": "AH",
    "I2": "IH",
    "I#": "IH",
    # Vowels with an r in them.
    "3": "ER",
    "3:": "ER",
    "A@": "AA R",
    "O@": "AO R",
    "o@": "AO R",
    "e@": "EH R",
    "i@3": "IH R",
    "i@": "IY AH",
    "U@": "UH R",
    "aI3": "AY ER",
    "aI@": "AY AH",
    # Pauses.
    "_": "",
    "_|": "",
}
_ACCENTS: tuple[Mapping[str, str], ...] = (
    {"I2": "AH", "I#": "AH"},  # weak vowels: the first of "believe"
    {"0": "AO", "O:": "AA", "O": "AA", "O2": "AA"},  # "cot" and "caught"
    {"a": "AA", "aa": "AA", "a#": "AA"},  # names from elsewhere: "Gandolfini"
)
"""What others say instead; each of them is right where the first guess is not for two to four
words in a hundred, and no other change is (over CMUdict)."""
_DENTALS = frozenset(("T", "D", "TH", "S", "Z", "L", "N"))

_SPOKEN = {
    # Of several signs the one that stands first.
    **{phone: sign for sign, phone in reversed(_PHONES.items()) if phone and " " not in phone},
    "ER": "3:",
}
_NEVER_STRESSED = frozenset(("AH", "IH", "ER"))


def pronunciations_of(phonemes: str) -> tuple[Phones, ...]:
    """The pronunciations in a line of espeak-ng's phonemes, the likeliest first.

    One to four; none if there is a sound in it that American English does not have.
    """
    signs = [sign.lstrip(_STRESS) for sign in phonemes.split()]
    signs = [sign for sign in signs if sign]
    if not signs or not all(sign in _PHONES for sign in signs):
        return ()
    found = [tuple(_phones(signs, accent)) for accent in ({}, *_ACCENTS)]
    return tuple(dict.fromkeys(one for one in found if one))


def phonemes_of(phones: Phones) -> str:
    """The phones as espeak-ng is told to say them, between [[ and ]]."""
    full = [at for at, phone in enumerate(phones) if phone in VOWELS - _NEVER_STRESSED]
    vowels = full or [at for at, phone in enumerate(phones) if phone in VOWELS]
    signs = [
        "@" if phone == "AH" and vowels[:1] != [at] else _SPOKEN[phone]
        for at, phone in enumerate(phones)
    ]
    if vowels:
        signs[vowels[0]] = f"'{signs[vowels[0]]}"
    # A bar keeps two signs from being read as one ("t" and "S").
    return "|".join(signs)


def _phones(signs: list[str], accent: Mapping[str, str]) -> Iterator[str]:
    before = ""
    for sign, following in zip(signs, [*signs[1:], ""], strict=True):
        phones = accent.get(sign, _PHONES[sign])
        if sign == "i@" and following in ("r", "r-"):
            phones = "IH R"  # "era": the same vowel as in "here"
        elif sign in ("I", "I2", "I#") and following == ";":
            phones = "IY"  # "audience"
        elif sign == "j" and following in ("u:", "u") and before in _DENTALS:
            phones = ""  # "new": Americans leave it out
        for phone in phones.split():
            if phone == "R" and before in ("R", "ER"):
                continue  # "arrow": the vowel has it already
            yield phone
            before = phone
