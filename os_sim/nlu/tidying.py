"""What is said around a request and taken back within it: "um, could you … please", "no, fifteen".

Works on plain words (`words.normal`), so that it serves typed and heard sentences alike.
"""

from datetime import datetime

from os_sim.nlu.slots import Day, Duration, Integer, Reader, TimeOfDay

_HESITATIONS = frozenset(
    "um uh uhm er erm ah hm hmm mm mhm ugh actually really basically perhaps honestly just".split()
)
_BEFORE = """
tell me|can you tell me|could you tell me|do you know|i would like to know|i wonder|please tell me
could you please|could you|can you please|can you|would you please|would you mind|would you
will you please|will you|please|i would like you to|i want you to|i need you to|i would like to
i would love to|i want to|i would like|do you mind|let us|okay|all right|hey|so|oh|well|and|just|now
then|also|maybe|actually|i think|i guess|can i|may i|could i|can we|could we|you can|you could
go ahead and|be so kind and|kindly|quickly|samantha|computer|listen|look|right|i was wondering if
you know what|why do not you|would it be possible to|is it possible to|be a dear and|for me
"""
_AFTER = """
please|for me|would you|will you|could you|can you|now|right now|then|okay
if you can|if you could|if you would|if possible|if you do not mind|when you can|for a bit|at once
immediately|quickly|just now|or so|will you please|would you please|dear|my dear|darling
samantha|right away|straight away|as well|too|again please|mate|love|if you like|i think|somehow
"""
_CORRECTIONS = (
    "no make that|no make it|or rather|i mean|make that|make it|no wait|wait no|no sorry|sorry no"
    "|sorry|wait|rather|no|uh no|actually|oh no|scratch that"
)
_LEADS = (["at"], ["in"], ["for"], ["on"])
"""What may be said again before the better value."""
_TELLERS = frozenset("i he she we they you somebody someone everybody".split())
_PAST = frozenset(
    "sent wrote said told went took gave made sang was were did saw heard thought found left lost "
    "bought brought came forgot woke slept began ran threw knew kept paid met sold spoke won drove "
    "ate drank fell felt built broke chose rang rode sat swam".split()
)
"""Past forms that are spelled like no present one."""
_WISHES = frozenset("need wanted needed hoped wished would".split())
_VALUES: tuple[Reader, ...] = (Duration(), TimeOfDay(), Day(), Integer())
_ANY_DAY = datetime(2000, 1, 1)


def _phrases(text: str) -> list[list[str]]:
    listed = [phrase.split() for line in text.strip().splitlines() for phrase in line.split("|")]
    return sorted(listed, key=len, reverse=True)


def _by_word(text: str, at: int) -> dict[str, list[list[str]]]:
    """The phrases by their first or last word, longest first."""
    found: dict[str, list[list[str]]] = {}
    for phrase in _phrases(text):
        found.setdefault(phrase[at], []).append(phrase)
    return found


_LEADING, _TRAILING, _MARKS = _by_word(_BEFORE, 0), _by_word(_AFTER, -1), _phrases(_CORRECTIONS)


def tells_of_past(words: list[str]) -> bool:
    """Whether a sentence tells what somebody did: "i sent tom a message yesterday".

    Only by its beginning: who and a past form, after which a request would not go on.
    """
    if len(words) < 3 or words[0] not in _TELLERS:
        return False
    verb = words[1]
    return verb in _PAST or (verb.endswith("ed") and verb not in _WISHES)


def plain_request(words: list[str]) -> list[str]:
    """The words without what politeness and hesitation put around them; never nothing."""
    words = [word for word in words if word not in _HESITATIONS] or words
    shorter = _without_edge(words)
    while shorter is not None:
        words, shorter = shorter, _without_edge(shorter)
    return words


def _without_edge(words: list[str]) -> list[str] | None:
    """One phrase less, at the beginning or at the end; None if there is none."""
    if not words:
        return None
    for phrase in _LEADING.get(words[0], ()):
        if len(words) > len(phrase) and words[: len(phrase)] == phrase:
            return words[len(phrase) :]
    for phrase in _TRAILING.get(words[-1], ()):
        if len(words) > len(phrase) and words[-len(phrase) :] == phrase:
            return words[: -len(phrase)]
    return None


def corrected(words: list[str]) -> list[str]:
    """Values that were taken back give way: "ten no fifteen minutes" is "fifteen minutes".

    Only a value that is followed by a word of correction and another value: in "no more timer"
    nothing is taken back.
    """
    for at in range(1, len(words) - 1):
        after = _after_marks(words, at)
        start = _value_start(words, at) if after > at else None
        if start is not None and _value_end(words, after) is not None:
            return corrected(words[:start] + words[after:])
    return words


def _after_marks(words: list[str], at: int) -> int:
    """Where the words of correction end that begin here; `at` if there are none."""
    for mark in _MARKS:
        if words[at : at + len(mark)] == mark:
            after = _after_marks(words, at + len(mark))
            return after + 1 if words[after : after + 1] in _LEADS else after
    return at


def _value_start(words: list[str], end: int) -> int | None:
    """Where the longest value begins that ends here."""
    for start in range(max(0, end - 6), end):
        if any(reader.read(words[start:end], _ANY_DAY) is not None for reader in _VALUES):
            return start
    return None


def _value_end(words: list[str], start: int) -> int | None:
    for end in range(min(len(words), start + 6), start, -1):
        if any(reader.read(words[start:end], _ANY_DAY) is not None for reader in _VALUES):
            return end
    return None
