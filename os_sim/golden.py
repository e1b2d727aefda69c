"""Golden conversations: plain text files that read like a script, and are tests.

    == She plays another one
    you: play a melancholy song
    plays: ... (melancholy)
    you: next
    plays: ...
    you: who directed her
    os: ... Spike Jonze ...

`you:` is said to the OS; what follows must happen, all of it and in this order:

    os: TEXT          it says this            os asks: TEXT    it asks this
    plays: TEXT       "title (mood)"          stops            playback is over
    shows: TEXT       "kind: title"           fails: TEXT      "error: message"
    leaves            the conversation ends

`...` stands for anything; case and spaces do not matter.  `wait: 10 minutes` lets time pass.
`# …` is a comment; before the first scene, `seed: 7` and `now: 2025-05-04 09:30` set the stage.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from os_sim.errors import OsSimError
from os_sim.events import Asked, Event, Failed, Playing, Said, Shown, Stopped
from os_sim.nlu.times import duration
from os_sim.nlu.words import normal
from os_sim.skill import Skill
from os_sim.testing import Conversation, Reply

_LINE = re.compile(
    r"(you|os asks|os|plays|shows|fails|wait|seed|now)\s*:\s*(.*)|(stops|leaves)\s*$"
)


class ScriptError(OsSimError):
    """A script cannot be read, or the conversation went another way."""

    exit_code = 2


@dataclass(frozen=True)
class Line:
    """One line of a script."""

    number: int
    what: str
    text: str


@dataclass
class Scene:
    """One conversation."""

    title: str
    number: int
    """The line it begins in."""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Script:
    """A file of scenes."""

    file: Path
    seed: int
    now: datetime | None
    scenes: list[Scene]


def read_script(file: Path) -> Script:
    """The scenes of a file; raises ScriptError with the line that cannot be read."""
    seed, now = 1, None
    scenes: list[Scene] = []
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{file.name}: cannot be read: {error}") from None
    for number, raw in enumerate(lines, start=1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("=="):
            scenes.append(Scene(text.strip("= "), number))
            continue
        line = _read_line(file, number, text)
        if line.what in ("seed", "now"):
            if scenes:
                raise ScriptError(f"{file.name}:{number}: '{line.what}' stands before the scenes")
            try:
                if line.what == "seed":
                    seed = int(line.text)
                else:
                    now = datetime.fromisoformat(line.text).astimezone()
            except ValueError:
                raise ScriptError(
                    f"{file.name}:{number}: '{line.text}' is no {line.what}; "
                    "write seed: 7 or now: 2025-05-04 09:30"
                ) from None
        else:
            if not scenes:
                scenes.append(Scene(file.stem, number))
            scenes[-1].lines.append(line)
    return Script(file, seed, now, scenes)


def _read_line(file: Path, number: int, text: str) -> Line:
    found = _LINE.match(text)
    if not found:
        raise ScriptError(f"{file.name}:{number}: '{text}' begins with none of you: os: os asks: …")
    return Line(number, found[1] or found[3], (found[2] or "").strip())


def play(script: Script, scene: Scene, *skills: str | Path | Skill) -> None:
    """Hold the conversation; raises ScriptError where it leaves the script."""
    with Conversation(*skills, seed=script.seed, now=script.now) as talk:
        waiting: list[str] = []
        for line in scene.lines:
            where = f"{script.file.name}:{line.number}"
            match line.what:
                case "you":
                    _nothing_left(waiting, where)
                    waiting = _seen(talk.hear(line.text))
                case "wait":
                    _nothing_left(waiting, where)
                    time = duration(normal(line.text).split())
                    if time is None:
                        raise ScriptError(f"{where}: '{line.text}' is not a length of time")
                    waiting = _seen(talk.wait(time))
                case "leaves":
                    if not talk.over:
                        raise ScriptError(f"{where}: the conversation goes on")
                case _:
                    _expect(line, waiting, where)
        _nothing_left(waiting, f"{script.file.name}: end of '{scene.title}'")


def _seen(reply: Reply) -> list[str]:
    return [text for text in map(_as_line, reply.events) if text]


def _as_line(event: Event) -> str | None:
    """An event as it stands in a script."""
    match event:
        case Said(text):
            return f"os: {text}"
        case Asked(text):
            return f"os asks: {text}"
        case Playing(title, mood):
            return f"plays: {title} ({mood})"
        case Shown(kind, title):
            return f"shows: {kind}: {title}"
        case Stopped():
            return "stops"
        case Failed(error, message):
            return f"fails: {error}: {message}"
        case _:
            return None


def _expect(line: Line, waiting: list[str], where: str) -> None:
    wanted = f"{line.what}: {line.text}" if line.text else line.what
    if not waiting:
        raise ScriptError(f"{where}: expected '{wanted}', but nothing more happened")
    happened = waiting.pop(0)
    if not _fits(wanted, happened):
        raise ScriptError(f"{where}: expected '{wanted}', but got '{happened}'")


def _nothing_left(waiting: list[str], where: str) -> None:
    if waiting:
        raise ScriptError(f"{where}: the script says nothing of '{waiting[0]}'")


def _fits(wanted: str, happened: str) -> bool:
    pattern = ".*".join(re.escape(_plain(part)) for part in wanted.split("..."))
    return re.fullmatch(pattern, _plain(happened), re.DOTALL) is not None


def _plain(text: str) -> str:
    quotes = str.maketrans({"“": '"', "”": '"', "’": "'", "…": " "})
    return re.sub(r"\s+", "", text.translate(quotes).lower())
