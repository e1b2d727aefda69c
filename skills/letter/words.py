"""The words by which one asks for a letter, and the occasion that each of them means.

They stand apart from the letters because the recogniser is told of them when the OS wakes.
"""

KINDS = {
    "love": "love",
    "romantic": "love",
    "apology": "apology",
    "sorry": "apology",
    "gratitude": "gratitude",
    "thank you": "gratitude",
    "thanks": "gratitude",
    "condolence": "condolence",
    "sympathy": "condolence",
    "congratulation": "congratulation",
    "congratulations": "congratulation",
    "birthday": "birthday",
    "farewell": "farewell",
    "goodbye": "farewell",
    "encouragement": "encouragement",
    "encouraging": "encouragement",
    "missing you": "missing you",
    "i miss you": "missing you",
    "get well": "get well",
    "just because": "just because",
}
"""What may stand before the word "letter", and the occasion it means."""

ERRANDS = {
    "apologise to": "apology",
    "apologize to": "apology",
    "say sorry to": "apology",
    "say i'm sorry to": "apology",
    "make up with": "apology",
    "thank": "gratitude",
    "say thank you to": "gratitude",
    "comfort": "condolence",
    "congratulate": "congratulation",
    "say happy birthday to": "birthday",
    "say goodbye to": "farewell",
    "encourage": "encouragement",
    "cheer up": "encouragement",
}
"""What a letter may be asked to do to somebody, and the occasion it means."""

_ANSWERS = {
    "i love you": "love",
    "i love her": "love",
    "i love him": "love",
    "anniversary": "love",
    "i'm sorry": "apology",
    "apologise": "apology",
    "apologize": "apology",
    "forgiveness": "apology",
    "thank": "gratitude",
    "grateful": "gratitude",
    "someone died": "condolence",
    "condolences": "condolence",
    "funeral": "condolence",
    "congratulate": "congratulation",
    "good news": "congratulation",
    "leaving": "farewell",
    "cheer up": "encouragement",
    "courage": "encouragement",
    "i miss her": "missing you",
    "i miss him": "missing you",
    "i miss them": "missing you",
    "missing her": "missing you",
    "missing him": "missing you",
    "get well soon": "get well",
    "sick": "get well",
    "ill": "get well",
    "no reason": "just because",
    "no occasion": "just because",
    "nothing special": "just because",
    "nothing in particular": "just because",
    "hello": "just because",
}
_OPENINGS = ("", "her", "his", "their", "to say", "because")

MESSAGES = {
    **dict.fromkeys(("i miss her", "i miss him", "i miss them"), "missing you"),
    **dict.fromkeys(("i love her", "i love him", "i love them"), "love"),
    **dict.fromkeys(("i'm sorry", "i apologise", "i apologize"), "apology"),
    **dict.fromkeys(("i'm grateful", "thank you"), "gratitude"),
    **dict.fromkeys(("i'm thinking of her", "i'm thinking of him"), "just because"),
    **dict.fromkeys(("happy birthday", "a happy birthday"), "birthday"),
}
"""What a letter may be asked to tell somebody, and the occasion it means."""


def answers() -> dict[str, str]:
    """Everything that may be said when the occasion is asked for, and the occasion it means."""
    named = {**KINDS, **_ANSWERS}
    return {
        f"{opening} {word}".strip(): kind for word, kind in named.items() for opening in _OPENINGS
    }


def occasion_in(text: str) -> str | None:
    """The occasion that free words speak of: "about her birthday" is birthday; or None."""
    spoken = f" {text.lower().replace('’', chr(39))} "
    named = {**KINDS, **_ANSWERS, **ERRANDS}
    found = [word for word in named if f" {word} " in spoken]
    return named[max(found, key=len)] if found else None
