"""The sentences that understanding is measured on: `data/*.txt`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from os_sim.nlu.matcher import Match, Sentences

DATA = Path(__file__).parent / "data"
NOTHING = ("nothing", "near")
"""What is for somebody else; the second comes close to what the skills do."""
SEVERAL = "several"
_SAME = {
    "letter.write_to_anyone": "letter.write",
    "letter.run_errand": "letter.write",
    "letter.run_errand_to_anyone": "letter.write",
    "letter.pass_on": "letter.write",
}
"""Intents that do the same."""


@dataclass(frozen=True)
class Said:
    """One sentence, and what it asks for."""

    text: str
    intent: str
    """skill.intent, or one of NOTHING, or SEVERAL."""
    slots: dict[str, str]
    """In the words of the sentence; only those worth comparing."""
    parts: tuple[str, ...] = ()
    """The intents in it, if it is several requests."""


def read(split: str) -> list[Said]:
    """All sentences of a file: tune, report, heard-tune, heard-report, or one given by its path."""
    return list(_lines(Path(split) if split.endswith(".txt") else DATA / f"{split}.txt"))


def _lines(file: Path) -> Iterator[Said]:
    intent = ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("=="):
            intent = line.removeprefix("==").strip()
        elif line and not line.startswith("#"):
            text, *notes = (part.strip() for part in line.split("|"))
            if intent == SEVERAL:
                yield Said(text, intent, {}, tuple(notes[0].split(" + ")))
            else:
                yield Said(text, intent, dict(note.split("=", 1) for note in notes))


def name_of(match: Match) -> str:
    """The intent of a match as the data names it."""
    name = f"{match.skill}.{match.intent}"
    return _SAME.get(name, name)


def slots_agree(said: Said, match: Match, known: list[Sentences], now: datetime) -> bool:
    """Whether the match is of the right intent and has the values that the sentence names."""
    if name_of(match) != said.intent:
        return False
    if said.intent == "letter.write":
        return _letter_agrees(said, match)
    slots = next(one.slots for one in known if one.name == (match.skill, match.intent))
    for name, words in said.slots.items():
        wanted = slots[name].reader.read(words.split(), now)
        if _plain(match.slots.get(name)) != _plain(wanted):
            return False
    return True


def _letter_agrees(said: Said, match: Match) -> bool:
    """Letters name their occasion in several slots, by words that mean the same."""
    recipient = said.slots.get("to")
    if recipient is not None and _plain(match.slots.get("recipient")) != recipient:
        return False
    occasion = said.slots.get("for")
    named = [match.slots.get(slot) for slot in ("occasion", "errand", "message")]
    given = next((str(value) for value in named if value is not None), None)
    return occasion is None or (given is not None and _MEANT.get(given, given) == occasion)


_MEANT = {
    "i'm sorry": "apology",
    "sorry": "apology",
    "make up with": "apology",
    "thank": "gratitude",
    "thank you": "gratitude",
    "thanks": "gratitude",
    "sympathy": "condolence",
}


def _plain(value: Any) -> Any:
    """Words without the article, which belongs to nobody."""
    if not isinstance(value, str):
        return value
    return value.lower().replace("’", "'").removeprefix("the ").removeprefix("a ")
