"""What the user has taught: phrases of their own, and what they mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from os_sim.dialogue.phrases import house_sentences
from os_sim.memory.skill_memory import SkillMemory
from os_sim.memory.store import Store
from os_sim.nlu.matcher import Matcher, Sentences
from os_sim.nlu.slots import AnyWords, SlotType
from os_sim.nlu.template import parse_template
from os_sim.nlu.words import cut, normal

_TEACH = re.compile(
    r"^\W*(?:please\s+)?(?:when|whenever|if)\s+i\s+say\s+(?P<rest>.+?)\W*$", re.IGNORECASE
)
_JOINTS = (
    re.compile(r"^[“\"'](?P<phrase>[^”\"']+)[”\"']\W*(?:then\s+|i\s+mean\s+)?(?P<meaning>.+)$"),
    re.compile(
        r"^(?P<phrase>.+?),?\s+(?:i\s+mean|it\s+means|that\s+means|then|you\s+should|do)\s+"
        r"(?P<meaning>.+)$",
        re.IGNORECASE,
    ),
    re.compile(r"^(?P<phrase>.+?)\s*[,;:]\s*(?P<meaning>.+)$"),
)
LIST = (
    "what (have i taught you|did i teach you|have you learned [from me])",
    "(list|show me|tell me) (what i taught you|what i have taught you|my phrases)",
)
UNLEARN = "(forget|unlearn) [(what i taught you about|the phrase|the words|about)] {phrase}"
MAX_LETTERS = 200
"""Nobody wants to say more than this for short."""


@dataclass(frozen=True)
class Lesson:
    """A phrase, and what is done when it is said."""

    phrase: str
    meaning: str


class Lessons:
    """All lessons of a user, on disk as soon as they are taught."""

    def __init__(self, store: Store) -> None:
        self._taught = SkillMemory(store, "understanding")

    def meaning(self, text: str) -> str | None:
        """What the user has taught that these words mean."""
        phrase = normal(text[: MAX_LETTERS + 1])
        return str(self._taught[phrase]) if phrase in self._taught else None

    def teach(self, phrase: str, meaning: str) -> None:
        """Remember it; an earlier meaning of the phrase is forgotten."""
        self._taught[normal(phrase)] = meaning

    def unlearn(self, phrase: str) -> bool:
        """Whether there was such a lesson."""
        return self._taught.pop(normal(phrase), None) is not None

    def all(self) -> list[tuple[str, str]]:
        """Phrase and meaning, in the order of the alphabet."""
        return [(phrase, str(meaning)) for phrase, meaning in self._taught.items()]


def lesson_sentences() -> list[Sentences]:
    """How one asks what was taught, and takes it back."""
    unlearn = Sentences(
        "conversation", "unlearn", (parse_template(UNLEARN),), {"phrase": SlotType(AnyWords())}
    )
    return [house_sentences("taught", LIST), unlearn]


def lesson_matcher() -> Matcher:
    """Knows these sentences."""
    matcher = Matcher()
    for sentences in lesson_sentences():
        matcher.add(sentences)
    return matcher


def readings(text: str) -> Iterator[Lesson]:
    """What may be taught by a sentence, likeliest first: "when i say lights out, good night".

    Heard speech has no comma: there every place may be where the phrase ends.
    """
    found = _TEACH.match(text)
    if found is None or len(text) > MAX_LETTERS:
        return
    rest = found["rest"]
    for joint in _JOINTS:
        parts = joint.match(rest)
        if parts:
            yield Lesson(normal(parts["phrase"]), parts["meaning"].strip())
    words = cut(rest)
    for word in words[1:]:
        yield Lesson(normal(rest[: word.start]), rest[word.start :])
