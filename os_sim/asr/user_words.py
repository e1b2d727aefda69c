"""The words the user has taught, in `words.toml` in their home: added, listed, removed.

The file is theirs to edit, so a change touches the line of its word and nothing else.
"""

import os
import tempfile
import tomllib
from pathlib import Path

from os_sim.asr.pronunciation_file import line_of, parse_pronunciations, read_pronunciations
from os_sim.errors import ConfigError, HomeError
from os_sim.nlu.sounds import Phones

_HEADING = """\
# Words that the OS has been taught, and how they sound, in the phones of CMUdict:
#     vowels      AA odd   AE at   AH hut   AO ought   AW cow   AY hide   EH Ed   ER hurt
#                 EY ate   IH it   IY eat   OW oat     OY toy   UH hood   UW two
#     consonants  B CH D DH(the) F G HH JH(jam) K L M N NG P R S SH T TH(thin) V W Y Z ZH(vision)
# Several pronunciations: word = ["T W AA M B L IY", "T W AH M B L IY"]

"""


def read_words(file: Path) -> dict[str, tuple[Phones, ...]]:
    """The words and their pronunciations; none if there is no file.  ConfigError: damaged."""
    return read_pronunciations(file)


def add_word(file: Path, word: str, ways: tuple[Phones, ...]) -> None:
    """Write the word down, in place of what was there for it.

    ConfigError: the file is damaged.  HomeError: it cannot be written.
    """
    words = read_words(file) | {word: ways}
    text = _without(word, file) if file.exists() else _HEADING
    _write(file, text + line_of(word, ways), words)


def remove_word(file: Path, word: str) -> bool:
    """Forget the word; False if it is not there.  Raises as `add_word` does."""
    words = read_words(file)
    if words.pop(word, None) is None:
        return False
    _write(file, _without(word, file), words)
    return True


def _without(word: str, file: Path) -> str:
    """The content of the file without the line of this word; ends with a line's end."""
    lines = file.read_text("utf-8-sig").splitlines()
    return "".join(f"{line}\n" for line in lines if not _is_line_of(word, line))


def _is_line_of(word: str, line: str) -> bool:
    if word not in line:  # quick, for ten thousand lines
        return False
    try:
        return word in tomllib.loads(line)
    except tomllib.TOMLDecodeError:  # part of something longer
        return False


def _write(file: Path, text: str, words: dict[str, tuple[Phones, ...]]) -> None:
    """In one step, and only if it will be read as `words`."""
    try:
        as_meant = parse_pronunciations(text, str(file)) == words
    except ConfigError:
        as_meant = False
    if not as_meant:
        raise ConfigError(
            f"{file}: a word stands on more than one line; put it on one, or edit it by hand"
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(prefix=".words-", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(text)
            Path(fresh).replace(file)
        except OSError:
            Path(fresh).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise HomeError(
            f"cannot write {file} ({error.strerror}); make room or make it writable, "
            "or choose another home with --home"
        ) from None
