"""How words that a speech model does not know are pronounced, and how it is taught them.

Somebody may have said so: the user in their list of words, a skill in its `pronunciations.toml`.
Otherwise espeak-ng reads the word, in a process of its own, and its phonemes are made into the
model's.  That is asked once: the answers stay in the cache.

A model that is built here has, beside its words, one pseudo-word for each phone and its place in
a word, and so can be told any further word phone by phone:

    twombly     ~T_B ~W_I ~AA_I ~M_I ~B_I ~L_I ~IY_E
"""

import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from os_sim.asr.pronunciation_espeak import pronunciations_of
from os_sim.asr.pronunciation_worker import NO_LIBRARY
from os_sim.errors import VoiceError
from os_sim.nlu.sounds import PHONES, Phones

MOST_LETTERS = 40
"""More are no word; thirty is long."""
_BETWEEN_LETTERS = frozenset("0123456789'.-")
_WORKER = Path(__file__).with_name("pronunciation_worker.py")
_CACHE = "sounds/letters.json"
_DEADLINE_S = 30.0
_DEADLINE_PER_WORD_S = 0.01
"""A word takes 0.06 ms, and the process 0.1 s to start."""


def pronunciations(
    words: Iterable[str], given: Mapping[str, Sequence[Phones]], cache_dir: Path
) -> dict[str, tuple[Phones, ...]]:
    """How each word is pronounced, the likeliest first; a word that nobody can tell is left out.

    `words`: in small letters.  `given`: what is known, and is not to be guessed.  Costs a
    millisecond if every word was asked for before, else the start of a process; blocks.  A cache
    that cannot be written is gone without.
    """
    wanted = tuple(dict.fromkeys(words))
    known = {word: tuple(given[word]) for word in wanted if given.get(word)}
    found = known | guesses((word for word in wanted if word not in known), cache_dir)
    return {word: found[word] for word in wanted if word in found}


def guesses(words: Iterable[str], cache_dir: Path) -> dict[str, tuple[Phones, ...]]:
    """As `pronunciations`, from the letters alone."""
    readable = [word for word in words if is_readable(word)]
    if not readable:
        return {}
    read = _read_cache(cache_dir / _CACHE)
    if fresh := [word for word in readable if word not in read]:
        with suppress(VoiceError):  # what is in the cache will do
            read |= letters_to_phonemes(fresh)
            _write_cache(cache_dir / _CACHE, read)
    found = {word: pronunciations_of(read.get(word, "")) for word in readable}
    return {word: ways for word, ways in found.items() if ways}


def is_readable(word: str) -> bool:
    """Whether it is a word that can be read by its letters: no emoji, no other script."""
    latin = [unicodedata.name(sign, "").startswith("LATIN SMALL LETTER") for sign in word]
    others = {sign for sign, is_latin in zip(word, latin, strict=True) if not is_latin}
    return len(word) <= MOST_LETTERS and any(latin) and others <= _BETWEEN_LETTERS


def letters_to_phonemes(words: Sequence[str]) -> dict[str, str]:
    """What espeak-ng makes of each word, in its own notation.

    Starts a process and waits for it.  VoiceError: there is no espeak-ng, or it broke.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_WORKER)],
            input="".join(f"{word}\n" for word in words).encode(),
            capture_output=True,
            timeout=_DEADLINE_S + _DEADLINE_PER_WORD_S * len(words),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceError(f"espeak-ng could not be asked how words sound ({error})") from None
    if done.returncode == NO_LIBRARY:
        raise VoiceError(
            "there is no espeak-ng on this machine that could tell how a word sounds from its "
            "letters; install the package espeakng-loader, or tell it with --sounds"
        )
    lines = done.stdout.decode().splitlines()
    if done.returncode or len(lines) != len(words):
        raise VoiceError("espeak-ng broke over how words sound; tell it with --sounds")
    return dict(zip(words, lines, strict=True))


def spelled(phones: Phones) -> tuple[str, ...]:
    """The pseudo-words that make up a word of these sounds."""
    if len(phones) == 1:
        return (f"~{phones[0]}_S",)
    first, *inner, last = phones
    return (f"~{first}_B", *(f"~{phone}_I" for phone in inner), f"~{last}_E")


def spells(labels: Container[str]) -> bool:
    """Whether a model with these words can be told others phone by phone."""
    return all(f"~{phone}_{place}" in labels for phone in PHONES for place in "BIES")


def _read_cache(file: Path) -> dict[str, str]:
    try:
        read = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):  # not there yet, or damaged: asked for anew
        return {}
    if not isinstance(read, dict):
        return {}
    return {word: str(phonemes) for word, phonemes in read.items()}


def _write_cache(file: Path, read: Mapping[str, str]) -> None:
    """In one step, since another process may be reading; the disk may be full."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(prefix=".making-", dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(read, out, ensure_ascii=False, indent=0)
        Path(fresh).replace(file)
