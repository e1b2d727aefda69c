"""The one true thing the user gave: what kind of words it is, and the forms it can be woven in."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from .grammar import to_second_person
from .names import relations, with_capitals
from .recipient import Recipient
from .verbs import AGREEING, NO_GERUND, VERBS, base_of, gerund_of, is_past

Kind = Literal["you", "i", "we", "other", "doing", "thing", "said"]
"""Who does something in it; `doing` for "feeding my cat", `thing` for "her laugh"; `said` if it is
kept as a sentence of its own."""

_NOTHING = re.compile(
    r"""(?:(?:well|um|uh|no|nope)[,\s]+)?
    (?:nothing|no|nope|none|skip|pass)
    (?:\s+(?:really|at\s+all|special|in\s+particular|thanks|thank\s+you|it|comes\s+to\s+mind))?
    | say\s+nothing | leave\s+it(?:\s+out)? | just\s+write(?:\s+it)? | not\s+really
    | i\s+(?:don't|do\s+not)\s+know | i\s+(?:can't|can\s+not)\s+think\s+of\s+anything""",
    re.IGNORECASE | re.VERBOSE,
)
_LEAD_INS = re.compile(
    r"""^(?:(?:well|um|uh|er|oh|okay|yes|maybe|perhaps|just|so)[,\s]+)*
    (?:
        (?:just\s+)?(?:please\s+)?
            (?:(?:tell|remind)\s+(?:her|him|them)|say|mention|add|write|put\s+in)
            \s+(?:to\s+(?:her|him|them)\s+)?(?:that\s+|about\s+|of\s+)?
      | (?:i\s+(?:want|would\s+like)\s+to\s+)?
            (?:thank\s+(?:her|him|them|you)|thanks)\s+(?:so\s+much\s+)?for\s+
      | (?:it\s+is\s+|it'?s\s+|(?:(?:i'?m|i\s+am)\s+(?:so\s+)?)?(?:sorry|grateful|glad)\s+)
            (?:that\s+|for\s+|because\s+|(?=(?:i|she|he|they|we)\s))
      | (?:that|because|for|about)\s+
    )(?=\S)""",
    re.IGNORECASE | re.VERBOSE,
)
_MODALS = frozenset(
    "is are am was were has have had do does did will would can could should must may might "
    "isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't can't couldn't "
    "wouldn't shouldn't".split()
)
_RELATIVES = frozenset("that who which where when you i we she he they".split())
_DETERMINERS = frozenset(
    "your my our his her their the a an this that these those all every".split()
)
_NO_GERUNDS = frozenset(
    "thing nothing something anything everything morning evening king ring spring string wing "
    "during sibling wedding building".split()
)
_LINKED = re.compile(r"\b(?:and|but|or)\s+(?:then\s+)?([\w']+)")


@dataclass(frozen=True)
class Detail:
    """One true thing, ready to be set into a sentence."""

    kind: Kind
    text: str
    """In the second person where the recipient is meant; without a full stop; small first letter
    unless the word always has a capital."""
    past: str | None = None
    """The same if it happened, so that it can follow "how" or "that time": you fed my cat."""
    gerund: str | None = None
    """What the recipient did, as it follows "thank you for": feeding my cat."""

    @property
    def sentence(self) -> str:
        """As a sentence of its own."""
        asked = self.text.partition(" ")[0].lower() in _MODALS
        end = "" if self.text[-1:] in ".!?" else "?" if asked else "."
        return self.text[:1].upper() + self.text[1:] + end


def detail(
    said: str, recipient: Recipient, *, of_another: bool = False, mine: bool = False
) -> Detail | None:
    """What the user gave to put into the letter, or None if they gave nothing.

    `of_another`: she and he are somebody else, as in a letter of condolence.  `mine`: what has
    no subject was done by the writer, as in an apology.
    """
    plain = re.sub(r"\s+", " ", said).strip().strip('"“”').rstrip(" .;,!")
    if not plain or _NOTHING.fullmatch(plain.replace("’", "'")):
        return None
    told = _LEAD_INS.sub("", plain) or plain
    told = _with_subject(told, of_another=of_another, mine=mine)
    turned = _of_another(told, recipient) if of_another else to_second_person(told, recipient)
    if turned is None:
        return Detail("said", with_capitals(told, recipient.name or ""))
    text = with_capitals(_small_start(turned), recipient.name or "")
    found = Detail(_kind(text.lower()), text)
    if re.search(r"[.!?]\s", text):
        return replace(found, kind="said")
    return replace(found, past=_past(found), gerund=_gerund(found))


def _with_subject(told: str, *, of_another: bool, mine: bool) -> str:
    """Give "taught me to swim" its subject."""
    first = told.split()[0].lower()
    if not is_past(first) or first in ("put", "let", "cut", "read") or of_another:
        return told
    return f"I {told}" if mine else f"you {told}"


def _of_another(told: str, recipient: Recipient) -> str | None:
    """In a letter about somebody else, only "her mother" is the recipient's own."""
    words = told.split()
    own = words[0].lower() in ("her", "his", "their") and len(words) > 1
    if own and words[1].lower() in _kin_words():
        return " ".join(("your", *words[1:]))
    for called in recipient.called:
        told = re.sub(rf"\b{re.escape(called)}'s\b", "your", told, flags=re.IGNORECASE)
        if re.search(rf"\b{re.escape(called)}\b", told, re.IGNORECASE):
            return None
    return told


def _kin_words() -> frozenset[str]:
    kin = [relation for relation in relations().values() if relation.closeness == "kin"]
    return frozenset(word for one in kin for word in (one.word.lower(), *one.also))


def _small_start(text: str) -> str:
    first, _, rest = text.partition(" ")
    ordinary = (first[:1].isupper() and first[1:].islower()) or first in ("A", "I")
    known = {"she", "he", "they", "you", "we", "it", *_DETERMINERS, *_RELATIVES, "how", "thank"}
    return f"{first.lower()} {rest}".rstrip() if ordinary and first.lower() in known else text


def _kind(text: str) -> Kind:
    words = re.findall(r"[\w'’-]+", text.replace("’", "'"))
    first = words[0] if words else ""
    if first.partition("'")[0] in ("you", "i", "we"):
        subject = first.partition("'")[0]
        return "you" if subject == "you" else "i" if subject == "i" else "we"
    if first.partition("'")[0] in ("she", "he", "they", "it", "there"):
        return "other"
    if first in _MODALS:
        return "said"
    if first in ("how", "when", "what", "where"):
        return "thing"
    if first.endswith("ing") and len(first) > 4 and first not in _NO_GERUNDS:
        return "doing"
    return _named_thing(words)


def _named_thing(words: list[str]) -> Kind:
    """Whether "the dog still waits" says something, or "the soup on sundays" names something."""
    for at, word in enumerate(words[1:], 1):
        if word in _RELATIVES or (word == "way" and words[at - 1] == "the"):
            return "thing"
        if word in _MODALS or word.endswith("n't"):
            return "other"
        base = base_of(word)
        if is_past(word) or (base in VERBS if base else False):
            return "said" if at == 1 and words[0] in _DETERMINERS else "other"
    return "thing" if words[0] in _DETERMINERS else "said"


def _past(found: Detail) -> str | None:
    words = found.text.lower().split()
    happened = words[0] in ("you", "i", "we") and any(is_past(word) for word in words[1:3])
    return found.text if happened else None


def _gerund(found: Detail) -> str | None:
    """you fed my cat -> feeding my cat; None if another verb would be left in the past."""
    words = found.text.split()
    if words[0].lower() != "you" or len(words) < 2:
        return None
    first = gerund_of(words[1].lower())
    rest = " ".join(words[2:])
    linked = [word.lower() for word in _LINKED.findall(rest)]
    if first is None or any(word in NO_GERUND or word in AGREEING for word in linked):
        return None
    for word in linked:
        turned = gerund_of(word)
        if turned is not None:
            rest = re.sub(rf"\b((?:and|but|or)\s+(?:then\s+)?){word}\b", rf"\g<1>{turned}", rest)
    return f"{first} {rest}".strip()
