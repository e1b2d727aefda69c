"""Where a run finds its settings and keeps its things: one TOML file, one home.

`OS_SIM_HOME`, or `--home`, holds everything a run writes; without it the platform's own folders
are used.  Every key has a default that works offline; an unknown key is an error that names the
nearest known one.
"""

import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from os_sim.errors import ConfigError, HomeError


@dataclass(frozen=True)
class Home:
    """The folders of one user."""

    config_file: Path
    data: Path
    """Kept: the store, documents, installed models, the user's own skills and voices."""
    cache: Path
    """May be deleted at any time."""

    @property
    def store_file(self) -> Path:
        return self.data / "os_sim.db"

    @property
    def documents(self) -> Path:
        return self.data / "documents"

    @property
    def skills(self) -> Path:
        return self.data / "skills"

    @property
    def voices(self) -> Path:
        return self.data / "voices"

    @property
    def words_file(self) -> Path:
        return self.data / "words.toml"


@dataclass(frozen=True)
class Listening:
    """[listening]: the ears."""

    model: str = ""
    """A model's name or folder; empty: the one that comes with the program."""
    input_device: str = ""
    """A number or part of a name; empty: the system's default."""
    barge_in: bool = False
    """Keep the microphone open while the OS speaks: for headphones."""
    push_to_talk: str = "off"
    """"hold" or "toggle": listen only while, or after, the space bar is pressed."""
    complete_silence_s: float = 0.25
    """How long a pause ends an utterance that is a whole sentence already."""
    silence_s: float = 0.7
    """How long a pause ends an utterance that may go on."""
    dictation_silence_s: float = 1.5
    """How long a pause ends the answer to a question that takes any words."""


@dataclass(frozen=True)
class Speaking:
    """[speaking]: the voice and the loudspeaker."""

    voice: str = "samantha"
    output_device: str = ""
    """A number or part of a name; empty: the system's default."""
    volume_db: float = 0.0
    """0 is full; -6 is half as loud."""


@dataclass(frozen=True)
class Text:
    """[text]: the prompt."""

    keep_history: bool = False
    """Keep the lines that were typed for the next time."""


@dataclass(frozen=True)
class Models:
    """[models]: where published speech models come from."""

    list_url: str = "https://alphacephei.com/vosk/models/model-list.json"


@dataclass(frozen=True)
class Skills:
    """[skills]: who is on the shelf.  `[skills.NAME]` holds a skill's own settings."""

    off: tuple[str, ...] = ()
    """Skills that are not loaded."""
    patience_s: float = 8.0
    """How long a skill may be silent before it is given up."""
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Config:
    """All settings of a run."""

    listening: Listening = Listening()
    speaking: Speaking = Speaking()
    text: Text = Text()
    models: Models = Models()
    skills: Skills = Skills()


CHOICES = {"push_to_talk": ("off", "hold", "toggle")}
"""Keys that take one of a few words."""

_S = TypeVar("_S", Listening, Speaking, Text, Models, Skills)


def find_home(folder: str | None = None) -> Home:
    """The home that `--home`, `OS_SIM_HOME` or the platform names; nothing is created yet."""
    chosen = folder or os.environ.get("OS_SIM_HOME")
    if chosen:
        root = Path(chosen).expanduser().absolute()
        return Home(root / "config.toml", root, root / "cache")
    import platformdirs  # only needed where no home is named

    return Home(
        platformdirs.user_config_path("os_sim") / "config.toml",
        platformdirs.user_data_path("os_sim"),
        platformdirs.user_cache_path("os_sim"),
    )


def prepare_home(home: Home) -> None:
    """Make sure the home can be written; raises HomeError."""
    for folder in (home.data, home.cache):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(folder, error) from None
        if not os.access(folder, os.W_OK):
            raise _unwritable(folder, "permission denied")


def _unwritable(folder: Path, why: object) -> HomeError:
    reason = why.strerror if isinstance(why, OSError) and why.strerror else why
    return HomeError(
        f"cannot write to the home folder {folder} ({reason}); "
        "choose another with --home FOLDER or OS_SIM_HOME"
    )


def load_config(file: Path) -> Config:
    """The settings in `file`, or the defaults if it does not exist; raises ConfigError."""
    try:
        text = file.read_text("utf-8-sig")  # some editors put a mark in front
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read ({error}); fix or remove it") from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None
    _check_keys(tables, {item.name for item in fields(Config)}, f"{file}: section")
    return Config(
        listening=_section(Listening(), tables, "listening", file),
        speaking=_section(Speaking(), tables, "speaking", file),
        text=_section(Text(), tables, "text", file),
        models=_section(Models(), tables, "models", file),
        skills=_skills(tables, file),
    )


def _skills(tables: dict[str, Any], file: Path) -> Skills:
    """The [skills] section: its own keys, and a table for each skill that has settings."""
    section = tables.get("skills", {})
    if not isinstance(section, dict):
        raise ConfigError(f"{file}: [skills] must be a table")
    section = dict(section)
    own = {name: section.pop(name) for name in list(section) if isinstance(section[name], dict)}
    plain = _section(Skills(), {"skills": section}, "skills", file)
    return replace(plain, settings=own)


def _section(default: _S, tables: dict[str, Any], name: str, file: Path) -> _S:
    values = tables.get(name, {})
    if not isinstance(values, dict):
        raise ConfigError(f"{file}: [{name}] must be a table")
    known = {item.name: getattr(default, item.name) for item in fields(default)}
    known.pop("settings", None)
    _check_keys(values, set(known), f"{file}: [{name}] key")
    changes = {
        key: _fit(value, known[key], f"{file}: [{name}] {key}") for key, value in values.items()
    }
    for key, value in changes.items():
        if key.endswith("_s") and not 0 < value < float("inf"):
            raise ConfigError(f"{file}: [{name}] {key} must be more than 0 seconds, not {value!r}")
        if key in CHOICES and value not in CHOICES[key]:
            allowed = ", ".join(CHOICES[key])
            raise ConfigError(f"{file}: [{name}] {key} must be one of {allowed}, not {value!r}")
    return replace(default, **changes)


def _check_keys(given: dict[str, Any], known: set[str], where: str) -> None:
    for key in given:
        if key not in known:
            import difflib  # for this one sentence

            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known))}"
            raise ConfigError(f"{where} '{key}' is unknown; {hint}")


def _fit(value: Any, default: Any, where: str) -> Any:
    """The value in the type of the default."""
    if isinstance(default, bool) or isinstance(value, bool):
        if isinstance(default, bool) and isinstance(value, bool):
            return value
    elif isinstance(default, float) and isinstance(value, int | float):
        return float(value)
    elif isinstance(default, str) and isinstance(value, str | int):
        return str(value)
    elif isinstance(default, tuple) and isinstance(value, list):
        return tuple(str(item) for item in value)
    names = {bool: "true or false", float: "a number", str: "a text", tuple: "a list of texts"}
    raise ConfigError(f"{where} must be {names[type(default)]}, not {value!r}")
