"""What a request says beyond the name: "my sister for her birthday, from all of us"."""

import re
from dataclasses import dataclass

from .words import occasion_in

_FROM = re.compile(
    r"[\s,]+from\s+(?P<who>(?:all|both)\s+of\s+us|us(?:\s+all)?|(?:the|our)\s+(?:whole\s+)?family)$",
    re.IGNORECASE,
)
_REST = re.compile(
    r"[\s,]+(?P<rest>(?:about|because|saying|regarding)\s.+"
    r"|to\s+(?:say|tell|thank|apologi[sz]e|congratulate|comfort|cheer|encourage)\b.*"
    r"|(?:for|on)\s+(?:her|his|their|the)\s+(?:\w+\s+)?birthday.*"
    r"|for\s+(?:\w+ing|being)\b.+)$",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"^(?:(?:about|because|regarding)\s+|for\s+(?=\w+ing\b)"
    r"|to\s+(?:thank|apologi[sz]e|congratulate)\b(?:\s+to)?(?:\s+(?:her|him|them))?\s+(?:for|on)\s+)(.+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Request:
    """A letter as it was asked for; what is None has to be asked back."""

    recipient: str
    occasion: str | None = None
    detail: str | None = None
    signature: str | None = None


def read_request(words: str) -> Request:
    """Take apart what was said in the place of the recipient."""
    signed = _FROM.search(words)
    words = _FROM.sub("", words)
    found = _REST.search(words)
    signature = signed["who"] if signed else None
    if found is None:
        return Request(words, signature=signature)
    rest = found["rest"]
    told = _DETAIL.match(rest)
    occasion = occasion_in(rest)
    # "Because I miss him" says only the occasion; "to thank her for the soup" says both.
    detail = told[1] if told and (occasion is None or rest.lower().startswith("to ")) else None
    return Request(words[: found.start()], occasion, detail, signature)
