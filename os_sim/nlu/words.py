"""How text is cut into words, the same for templates, typed lines and recognised speech."""

import re
import unicodedata
from dataclasses import dataclass

# Accents and vowel signs that follow their letter: for Python's \w they are not part of a word.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0980-\u0dff\u0e31-\u0e4e\u200c\u200d"
)
_LETTERS = rf"\w[\w{_MARKS}]*"
_WORD = re.compile(rf"{_LETTERS}(?:['.:,]{_LETTERS})*\.?")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})

CONTRACTIONS = {
    "what's": "what is",
    "who's": "who is",
    "where's": "where is",
    "when's": "when is",
    "how's": "how is",
    "that's": "that is",
    "it's": "it is",
    "there's": "there is",
    "i'm": "i am",
    "i've": "i have",
    "i'll": "i will",
    "you're": "you are",
    "let's": "let us",
    "don't": "do not",
    "doesn't": "does not",
    "didn't": "did not",
    "can't": "can not",
    "cannot": "can not",
    "isn't": "is not",
    "wasn't": "was not",
    "won't": "will not",
    "i'd": "i would",
    "ok": "okay",
}
"""Short forms that mean one thing only; they are spread out before sentences are compared."""

_SHORT = {long: short for short, long in CONTRACTIONS.items() if "'" in short}
_SPREAD = re.compile(rf"\b({'|'.join(_SHORT)})\b")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of an utterance."""

    text: str
    """Lower case, without punctuation."""
    start: int
    """Where it begins in the text it was cut from."""
    end: int


def cut(text: str) -> list[Word]:
    """The words of a text in order; a contraction gives two words with one place."""
    plain = text.translate(_APOSTROPHES)
    words: list[Word] = []
    for found in _WORD.finditer(plain):
        written = found.group().rstrip(".")
        folded = unicodedata.normalize("NFC", written.lower())
        words += [
            Word(part, found.start(), found.start() + len(written))
            for part in CONTRACTIONS.get(folded, folded).split()
        ]
    return words


def normal(text: str) -> str:
    """The text as plain lower-case words with single spaces."""
    return " ".join(word.text for word in cut(text))


def said(text: str, words: list[Word]) -> str:
    """The stretch of `text` that these neighbouring words cover, as it was written."""
    return text[words[0].start : words[-1].end] if words else ""


def contracted(text: str) -> str:
    """Plain words as a quick tongue says them: "what is this" becomes "what's this"."""
    return _SPREAD.sub(lambda found: _SHORT[found[1]], text)
