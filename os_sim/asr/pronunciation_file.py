"""Files that say how words are pronounced: TOML, a word and its sounds on each line.

    jonze = "JH OW N Z"
    hoytema = ["HH OY T AH M AH", "HH OY T EH M AH"]
    "o'neill" = "OW N IY L"

The sounds are those of CMUdict (ARPAbet): T W AA M B L IY.  Digits for stress may follow the
vowels, as in CMUdict itself, and are passed over.
"""

import tomllib
from pathlib import Path
from typing import Any

from os_sim.errors import ConfigError
from os_sim.nlu.sounds import PHONES, VOWELS, Phones
from os_sim.nlu.words import normal

MOST_PHONES = 40
_LIKE_THIS = 'a line is a word and its sounds: jonze = "JH OW N Z"'


def read_pronunciations(file: Path, where: str = "") -> dict[str, tuple[Phones, ...]]:
    """Every word of the file and its pronunciations; none if there is no file.

    ConfigError names the file (as `where`, if given), the word and what to put right.
    """
    where = where or str(file)
    try:
        text = file.read_text("utf-8-sig")  # some editors put a mark in front
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: cannot be read ({error}); fix or remove it") from None
    return parse_pronunciations(text, where)


def parse_pronunciations(text: str, where: str) -> dict[str, tuple[Phones, ...]]:
    """The content of such a file; `where` is for the ConfigError."""
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: not valid TOML: {error}; {_LIKE_THIS}") from None
    found: dict[str, tuple[Phones, ...]] = {}
    for word, sounds in entries.items():
        if isinstance(sounds, dict):
            raise ConfigError(f"{where}: put a word with a dot in quotation marks: '{word}'")
        if normal(word) != word or " " in word:
            raise ConfigError(f"{where}: '{word}' must be one word in small letters")
        found[word] = _ways(sounds, f"{where}: {word}")
    return found


def phones_of(sounds: str, where: str) -> Phones:
    """The phones in "T W AA M B L IY"; ConfigError, beginning with `where`, names a wrong one."""
    phones = tuple(sound.rstrip("012") for sound in sounds.upper().split())
    for phone in phones:
        if phone not in PHONES:
            import difflib  # for this one sentence

            near = difflib.get_close_matches(phone, PHONES, 1, 0.3)
            hint = f"did you mean {near[0]}? There are" if near else "there are"
            raise ConfigError(f"{where}: '{phone}' is no sound; {hint} {' '.join(sorted(PHONES))}")
    if VOWELS.isdisjoint(phones):
        raise ConfigError(
            f"{where}: '{sounds}' has no vowel in it; "
            "write one sound after the other, such as T W AA M B L IY"
        )
    if len(phones) > MOST_PHONES:
        raise ConfigError(f"{where}: {len(phones)} sounds are too many; {MOST_PHONES} are the most")
    return phones


def line_of(word: str, ways: tuple[Phones, ...]) -> str:
    """A word and its pronunciations as a line of such a file."""
    name = word if word.isascii() and word.isalnum() else f'"{word}"'
    listed = ", ".join(f'"{" ".join(phones)}"' for phones in ways)
    return f"{name} = {listed}\n" if len(ways) == 1 else f"{name} = [{listed}]\n"


def _ways(sounds: Any, where: str) -> tuple[Phones, ...]:
    listed = [sounds] if isinstance(sounds, str) else sounds
    if not isinstance(listed, list) or not listed or not all(isinstance(s, str) for s in listed):
        raise ConfigError(f'{where}: the sounds must be a text, such as "JH OW N Z", or a list')
    return tuple(dict.fromkeys(phones_of(one, where) for one in listed))
