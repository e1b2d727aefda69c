"""What is read aloud: a text cut into sentences, and written signs turned into words."""

import re
import unicodedata

MAX_SENTENCE_CHARS = 300
"""The longest text an engine is given at once: the first sound comes soon, and pyttsx3's espeak
driver, which takes quadratic time, stays quick."""

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sr jr vs etc eg ie e.g i.e a.m p.m no vol dept est approx inc ltd co "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_NEVER_LAST = frozenset("mr mrs ms dr prof st vs eg ie e.g i.e no vol dept est approx".split())
"""Abbreviations that stand before something, so that a capital after them proves nothing."""

_SENTENCE_END = re.compile(r"""(?<=[.!?…])['"”’)\]]*(?=\s|$)|\n\s*\n|\n(?=\s*[-*•\d])""")


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, in order, each stripped and none longer than MAX_SENTENCE_CHARS.

    A full stop after an abbreviation, an initial or a number's place does not end a sentence; an
    empty line and a new item of a list do.
    """
    sentences, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if not _is_inner_stop(text, start, match.start()):
            sentences.append(text[start : match.end()])
            start = match.end()
    sentences.append(text[start:])
    joined = (" ".join(sentence.split()) for sentence in sentences)
    return [part for sentence in joined for part in within(sentence, MAX_SENTENCE_CHARS)]


def within(sentence: str, most_chars: int) -> list[str]:
    """The sentence in parts of at most this length, cut where one would breathe.

    At the last semicolon or comma that fits, else between words, else anywhere.
    """
    parts, rest = [], sentence.strip()
    while len(rest) > most_chars:
        head = rest[:most_chars]
        breaths = [head.rfind(mark) + 1 for mark in ("; ", ": ", ", ", " – ", " ")]
        cut = next((at for at in breaths if at > most_chars // 3), most_chars)
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [part for part in [*parts, rest] if part]


def _is_inner_stop(text: str, start: int, end: int) -> bool:
    """Whether the stop just before `end` belongs to a word of the sentence begun at `start`."""
    if text[start:end].strip() == "":
        return True
    following = text[end:].lstrip("'\"”’)] \t\n")
    if not text[start:end].endswith("."):
        # A question, a cry or a trailing off inside the sentence: "Really?" she said.
        return following[:1].islower()
    word = text[start:end].split()[-1].lstrip("(\"'“‘[").rstrip(".").lower()
    if word in _ABBREVIATIONS:
        return word in _NEVER_LAST or following[:1].islower() or following[:1].isdigit()
    # One letter is an initial ("J. Smith"), unless it is the pronoun, which can end a sentence.
    return len(word) == 1 and word.isalpha() and word != "i"


# Applied in this order; what comes first may leave signs for what comes later.
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\[([^\]]*)\]\([^)\s]*\)", r"\1"),  # a Markdown link: its text
        (r"https?://(?:www\.)?([^\s/?#)]+)\S*", r"\1"),  # an address: its host
        (r"(?m)^\s{0,3}(?:#{1,6}|[-*+•]|>)\s+", ""),  # a heading, an item, a quotation
        (r"[*_`~]{1,3}(\S(?:.*?\S)?)[*_`~]{1,3}", r"\1"),  # emphasis
        (r"\$\s?(\d[\d,.]*\d|\d) (thousand|million|billion|trillion)\b", r"\1 \2 dollars"),
        (r"£\s?(\d[\d,.]*\d|\d) (thousand|million|billion|trillion)\b", r"\1 \2 pounds"),
        (r"€\s?(\d[\d,.]*\d|\d) (thousand|million|billion|trillion)\b", r"\1 \2 euros"),
        (r"\$\s?1\b(?![.,]\d)", "1 dollar"),
        (r"\$\s?(\d[\d,]*)\.(\d\d)\b", r"\1 dollars \2"),
        (r"\$\s?(\d[\d,.]*\d|\d)", r"\1 dollars"),
        (r"£\s?(\d[\d,.]*\d|\d)", r"\1 pounds"),
        (r"€\s?(\d[\d,.]*\d|\d)", r"\1 euros"),
        (r"(?<=\d),(?=\d{3}\b)", ""),  # a thousands separator
        (r"(?<=\d)\s?%", " percent"),
        (r"(?<=\d)\s?°\s?C\b", " degrees Celsius"),
        (r"(?<=\d)\s?°\s?F\b", " degrees Fahrenheit"),
        (r"(?<=\d)\s?°", " degrees"),
        (r"(?<=\d)\s*[-–]\s*(?=\d)", " to "),
        (r"\be\.g\.", "for example"),
        (r"\bi\.e\.", "that is"),
        (r"\betc\.", "et cetera."),
        (r"\bvs\.?(?=\s)", "versus"),
        (r"\s*&\s*", " and "),
        (r"(?<=\w)@(?=\w)", " at "),
        (r"\s[+]\s", " plus "),
        (r"\s=\s", " equals "),
        (r"#(?=\d)", "number "),
        (r"\s*(?:—|–|--+|\s-\s)\s*", ", "),  # a dash is a breath
        (r"…|\.{3,}", ". "),
        (r"\band/or\b", "and or"),
        (r"(?<=\w)/(?=\w)", " or "),
        (r"[’‘]", "'"),
        (r"(?<!\w)'|'(?!\w)", ""),  # quotation marks; the apostrophe in a word stays
        (r"""[“”„«»"*_`~|<>{}\[\]()\\^#=+@$£€%°/]""", " "),
        (r"\s+([,.;:!?])", r"\1"),
        (r"([,;:])(?:\s*[,;:])+", r"\1"),
        (r"[,;:]+(?=\s*[.!?])", ""),
        (r"([.!?])[.!?]+", r"\1"),
        (r"^[\s,.;:!?]+", ""),
    )
)


def speakable(text: str) -> str:
    """What is said for a written text: one line of words, numbers and the marks that phrase them.

    Money, percentages, addresses and Markdown become words; emoji, control characters and quotes
    vanish; letters of any script stay, for the engine to make of them what it can.  Empty if
    there is nothing to say.
    """
    spoken = "".join(_sign(sign) for sign in unicodedata.normalize("NFKC", text))
    for pattern, words in _REWRITES:
        spoken = pattern.sub(words, spoken)
    spoken = " ".join(spoken.split())
    return spoken if any(sign.isalnum() for sign in spoken) else ""


def _sign(sign: str) -> str:
    """Control characters, lone surrogates and unassigned code points, emoji and other pictures."""
    if sign in "\n\t\r":
        return "\n" if sign == "\n" else " "
    if sign in "$+<=>|~^`°£€":
        return sign
    return " " if unicodedata.category(sign)[0] == "C" or _is_picture(sign) else sign


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk", "Sm", "Me") or sign in "\ufe0e\ufe0f"
