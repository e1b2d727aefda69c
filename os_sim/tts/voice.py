"""Who speaks: a voice as data, one TOML file each.

`docs/voices.md` explains how to write one.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from os_sim.errors import VoiceError

T = TypeVar("T")


def _within(least: float, most: float) -> dict[str, float]:
    return {"least": least, "most": most}


@dataclass(frozen=True)
class Band:
    """One band of the equaliser."""

    shape: Literal["low_shelf", "peak", "high_shelf", "high_pass"]
    hz: float = field(metadata=_within(20, 20_000))
    gain_db: float = field(default=0.0, metadata=_within(-24, 24))
    """Has no meaning for a high-pass."""
    q: float = field(default=0.71, metadata=_within(0.1, 10))
    """How narrow a peak is, or how steep a shelf."""


@dataclass(frozen=True)
class Compression:
    """Makes what is louder than the sentence's own level a little less so."""

    threshold_db: float = field(default=0.0, metadata=_within(-20, 20))
    """Above (or, negative, below) the mean level of the sentence."""
    ratio: float = field(default=1.0, metadata=_within(1, 20))
    """What is this many dB above the threshold comes out 1 dB above it; 1 changes nothing."""


@dataclass(frozen=True)
class Room:
    """The air around the voice."""

    level_db: float = field(default=-100.0, metadata=_within(-100, 0))
    """The energy of all reflections against that of the direct sound."""
    decay_s: float = field(default=0.2, metadata=_within(0.05, 0.3))
    """How long a sound takes to die away by 60 dB."""


@dataclass(frozen=True)
class Finish:
    """What is done to the engine's sound, in this order."""

    bands: tuple[Band, ...] = ()
    compression: Compression = Compression()
    room: Room = Room()


@dataclass(frozen=True)
class Platform:
    """What the engine of one platform is asked for."""

    voices: tuple[str, ...]
    """The first of these that is installed is used: an espeak-ng voice and variant on Linux, a
    part of a system voice's name elsewhere."""
    pitch: int = field(default=50, metadata=_within(0, 99))
    """On espeak-ng's scale, 50 as the voice is made; other engines have no such control."""


@dataclass(frozen=True)
class Voice:
    """One voice of the OS."""

    name: str
    description: str
    kind: Literal["feminine", "masculine", "neutral"]
    greeting: str
    """What it says when somebody wants to hear it."""
    linux: Platform
    macos: Platform
    windows: Platform
    pace_wpm: int = field(default=170, metadata=_within(80, 400))
    """Words a minute."""
    loudness_lufs: float = field(default=-18.0, metadata=_within(-40, -12))
    """Of the finished sound, after ITU-R BS.1770."""
    finish: Finish = Finish()

    def on(self, platform: str) -> Platform:
        """What to ask the engine for on this `sys.platform`."""
        return {"darwin": self.macos, "win32": self.windows}.get(platform, self.linux)


def list_voices(folders: Iterable[Path]) -> list[Voice]:
    """Every voice in the folders, by name; of two files with one name the earlier folder's counts.

    Raises VoiceError for the first file that is wrong.
    """
    return [load_voice(path) for _, path in sorted(_voice_files(folders).items())]


def find_voice(name: str, folders: Iterable[Path]) -> Voice:
    """The voice with this name, in whatever case; raises VoiceError that names the others."""
    files = _voice_files(folders)
    if path := files.get(name.lower()):
        return load_voice(path)
    near = difflib.get_close_matches(name.lower(), files, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(files))}"
    raise VoiceError(f"there is no voice called '{name}'; {hint}")


def load_voice(path: Path) -> Voice:
    """Read one file; raises VoiceError with the file, the key and what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VoiceError(f"{path}: cannot be read: {error}") from error
    voice = _read(Voice, table, str(path))
    if voice.name.lower() != path.stem.lower():
        # The file's name is what a user types, the other what they hear: two would confuse.
        raise VoiceError(f"{path}: the voice is called '{voice.name}'; name the file after it")
    return voice


def _voice_files(folders: Iterable[Path]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for folder in folders:
        for path in folder.glob("*.toml"):
            files.setdefault(path.stem.lower(), path)
    return files


def _read(kind: type[T], table: Mapping[str, Any], where: str) -> T:
    """A dataclass from a table, checked against its annotations and limits."""
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]  # every T is a dataclass
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1) or [", ".join(known)]
            raise VoiceError(f"{where}: unknown key '{key}'; did you mean {near[0]}?")
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, declared in known.items():
        if key in table:
            values[key] = _value(hints[key], table[key], f"{where}: {key}")
            _check_limits(values[key], declared.metadata, f"{where}: {key}")
        elif declared.default is MISSING:
            raise VoiceError(f"{where}: '{key}' is missing")
    return kind(**values)


def _value(hint: Any, value: Any, where: str) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, dict):
            raise VoiceError(f"{where} must be a table")
        return _read(hint, value, where)
    if get_origin(hint) is tuple:
        if not isinstance(value, list) or not value:
            raise VoiceError(f"{where} must be a list with something in it")
        item = get_args(hint)[0]
        return tuple(_value(item, each, f"{where}[{n}]") for n, each in enumerate(value))
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise VoiceError(f"{where} must be one of {', '.join(get_args(hint))}, not {value!r}")
        return value
    wanted = (int, float) if hint is float else (hint,)
    # To Python a boolean is a number; to whoever wrote the file it is a slip.
    if isinstance(value, bool) or not isinstance(value, wanted):
        raise VoiceError(f"{where} must be {_IN_WORDS[hint]}, not {value!r}")
    return float(value) if hint is float else value


_IN_WORDS = {str: "text", int: "a whole number", float: "a number"}


def _check_limits(value: Any, limits: Mapping[str, Any], where: str) -> None:
    if limits and not limits["least"] <= value <= limits["most"]:
        raise VoiceError(
            f"{where} must lie between {limits['least']:g} and {limits['most']:g}, not {value:g}"
        )
