"""Whom a letter is for: what they are called in it, and how the user speaks of them."""

import re
from dataclasses import dataclass

from .names import Closeness, Gender, given_names, relations, with_capitals

_LEAD_IN = re.compile(
    r"^(?:(?:well|um|uh|please|yes)[, ]+)?(?:(?:it'?s|it is|this is|that'?s|that is)\s+)?"
    r"(?:(?:to|for)\s+)?(?=\S)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s,]+please$|[.,!?;:\s]+$", re.IGNORECASE)
_NOBODY = frozenset(
    "her him them you it someone somebody anyone a an the my that this who what else".split()
)
_TITLES = frozenset("aunt auntie uncle grandma grandpa doctor professor mr mrs ms miss dr".split())
_ABBREVIATED = {"mr": "Mr.", "mrs": "Mrs.", "ms": "Ms.", "dr": "Dr."}


@dataclass(frozen=True)
class Recipient:
    """Whom the letter is for."""

    title: str
    """As it stands after "Letter to": Catherine, my sister."""
    greeting: str
    """The first line, without its comma: Dear Catherine."""
    name: str | None
    """What they may be called in the middle of the letter, if they have a name there."""
    gender: Gender
    closeness: Closeness | None
    """None if the user gave only a name."""
    called: tuple[str, ...]
    """The words, in lower case, by which the user may speak of them."""

    @property
    def several(self) -> bool:
        return self.gender == "p"


def recipient_of(said: str) -> Recipient | None:
    """The person or people that `said` names, or None if it names nobody ("to her")."""
    words = _TAIL.sub("", _LEAD_IN.sub("", said.strip())).split()
    lower = [word.lower().rstrip(".") for word in words]
    if not words or set(lower) <= _NOBODY:
        return None
    if "and" in lower[1:-1]:
        return _several(words, lower)
    if lower[0] in ("my", "our"):
        return _related(words[1:], lower[1:], words[0].lower())
    if " ".join(lower) in relations() and lower[0] not in ("family", "team"):
        return _related(words, lower, "my")
    if lower[0] in ("the", "a", "an", "everyone", "everybody", "all", "whoever"):
        return _described(words, lower)
    return _named(words, lower)


def signature_of(said: str) -> str | None:
    """A signature as it is written; None for a letter that nobody signs."""
    plain = said.strip().rstrip(".!")
    if plain.lower() in ("nobody", "no one", "no name", "nothing", "unsigned", "leave it unsigned"):
        return None
    someone = recipient_of(plain)
    if someone and someone.name:
        return someone.title
    return with_capitals(plain[:1].upper() + plain[1:])


def _named(words: list[str], lower: list[str]) -> Recipient:
    """Catherine, Aunt May, Doctor Smith."""
    title = " ".join(map(_written, words))
    known = given_names().get(lower[0]) or given_names().get(lower[-1])
    titled = relations().get(lower[0]) if lower[0] in _TITLES else None
    gender: Gender = titled.gender if titled else known.gender if known else "b"
    gender = {"mr": "m", "mrs": "f", "ms": "f", "miss": "f"}.get(lower[0], gender)  # type: ignore[assignment]
    closeness = titled.closeness if titled else "role" if lower[0] in _TITLES else None
    called = (" ".join(lower), *([lower[0]] if lower[0] not in _TITLES else []))
    return Recipient(title, f"Dear {title}", title, gender, closeness, called)


def _related(words: list[str], lower: list[str], whose: str) -> Recipient:
    """My mother, my sister Anna, my old piano teacher."""
    for length in range(len(lower), 0, -1):
        relation = relations().get(" ".join(lower[:length]))
        if relation is not None and length < len(lower):
            named = _named(words[length:], lower[length:])
            called = (*named.called, f"my {' '.join(lower)}", f"my {relation.word.lower()}")
            return Recipient(
                named.title,
                named.greeting,
                named.title,
                relation.gender,
                relation.closeness,
                called,
            )
        if relation is not None:
            break
    else:
        relation = relations().get(lower[-1])
    said = " ".join(lower)
    if relation is None:
        title = f"{whose} {' '.join(words)}"
        return Recipient(title, f"To {title}", None, "b", None, (f"{whose} {said}",))
    called = (f"{whose} {said}", f"{whose} {relation.word.lower()}")
    called += tuple(f"my {word}" for word in relation.also)
    if relation.word[0].isupper() and said == relation.word.lower():
        called += (said, *relation.also)
        return Recipient(
            relation.word, f"Dear {relation.word}", relation.word, relation.gender, "kin", called
        )
    title = f"{whose} {' '.join(words)}"
    near = relation.closeness != "role"
    greeting = (
        f"{'My' if whose == 'my' else 'Our'} dear {' '.join(words)}" if near else f"To {title}"
    )
    return Recipient(title, greeting, None, relation.gender, relation.closeness, called)


def _described(words: list[str], lower: list[str]) -> Recipient:
    """The nurse who looked after dad; everyone at the library."""
    said = with_capitals(" ".join(words))
    relation = relations().get(lower[1]) if len(lower) > 1 else None
    many = lower[0] in ("everyone", "everybody", "all") or (relation and relation.gender == "p")
    head = re.split(r"\s(?:who|that|at|in|from|of|with)\s", " ".join(lower))[0]
    many = many or (head.endswith("s") and lower[0] == "the")
    gender: Gender = "p" if many else relation.gender if relation else "b"
    return Recipient(said, f"To {said}", None, gender, "role", (head,))


def _several(words: list[str], lower: list[str]) -> Recipient:
    """Mum and Dad; Anna and my brother."""
    at = lower.index("and", 1)
    parts = [recipient_of(" ".join(part)) for part in (words[:at], words[at + 1 :])]
    known = [part for part in parts if part]
    title = " and ".join(part.title for part in known)
    named = all(part.name for part in known)
    near = all(part.closeness == "kin" for part in known)
    called = (f"{' '.join(lower)}",)
    name = title if named else None
    return Recipient(
        title, f"Dear {title}", name, "p", "kin" if near else known[0].closeness, called
    )


def _written(word: str) -> str:
    """A word of a name with its capitals, unless the user wrote capitals themselves."""
    if word.lower().rstrip(".") in _ABBREVIATED:
        return _ABBREVIATED[word.lower().rstrip(".")]
    if word != word.lower():
        return word
    return re.sub(r"(^|-|(?<=\bo)')(\w)", lambda found: found[1] + found[2].upper(), word)
