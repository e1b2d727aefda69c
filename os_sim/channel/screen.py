"""What the user sees of a conversation: lines for people, or one JSON object a line."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol, TextIO

from os_sim.clock import Clock
from os_sim.events import (
    Asked,
    Event,
    Failed,
    Heard,
    HearingFailed,
    Playing,
    Said,
    Shown,
    Stopped,
    Understood,
    as_record,
)

CORAL = "38;5;209"
CREAM = "38;5;223"
RED = "38;5;167"
DIM = "2"
STEERED = ("pause", "resume", "louder", "quieter")
"""What is asked of playback and shows by nothing else."""


class Screen(Protocol):
    """Takes the events of a conversation as they come."""

    def show(self, event: Event) -> None: ...


class JsonLines:
    """One JSON object a line on `out`, and nothing else."""

    def __init__(
        self, out: TextIO, clock: Clock, origin: Callable[[], str | None] = lambda: None
    ) -> None:
        """`origin` names the recording that is being heard."""
        self._out = out
        self._ascii = (out.encoding or "utf-8").lower() != "utf-8"
        self._clock = clock
        self._start_s = clock.now()
        self._origin = origin

    def show(self, event: Event) -> None:
        record = as_record(event, self._clock.now() - self._start_s, self._origin())
        self._out.write(json.dumps(record, ensure_ascii=self._ascii, default=str) + "\n")
        self._out.flush()


class Lines:
    """Plain lines: what was heard (unless it was typed here), said, played and shown."""

    def __init__(
        self,
        out: TextIO,
        name: str,
        *,
        echo: bool,
        origin: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`name` is who speaks; `echo`: show what the user said as well."""
        self._out = out
        self._name = name
        self._echo = echo
        self._origin = origin
        self._last_origin: str | None = None
        self._colour = wants_colour(out)

    def show(self, event: Event) -> None:
        self._announce_file()
        match event:
            case Heard(text, True, _) if self._echo:
                self._line(f"{self._paint('›', DIM)} {text}")
            case Said(text) | Asked(text):
                self._line(f"{self._paint(self._name, CORAL)}  {text}")
            case Playing(title, mood, seconds):
                length = f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
                self._line(self._paint(f"♪ {title}", CREAM) + f"  {mood}, {length}")
            case Stopped():
                self._line(self._paint("♪ –", CREAM))
            case Shown():
                self._document(event)
            case Failed(_, message):
                # A problem is talk, not data.
                sys.stderr.write(f"os-sim: {message}\n")
            case Understood("playback", intent) if intent in STEERED:
                self._line(self._paint(f"♪ {intent}", CREAM))
            case Heard() | Understood():
                pass

    def _document(self, shown: Shown) -> None:
        self._line("")
        for line in shown.text.splitlines():
            self._line(f"    {line}")
        self._line("")
        if shown.path:
            self._line(self._paint(f"    saved as {shown.path}", DIM))

    def _announce_file(self) -> None:
        origin = self._origin()
        if origin is not None and origin != self._last_origin:
            self._last_origin = origin
            self._line(self._paint(f"[{origin}]", DIM))

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text


class WatchedScreen:
    """Another screen, and what became of the conversation on it.

    When nobody can read it any more, the task that made it is cancelled, and `lost` says why.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._task = asyncio.current_task()
        self.unheard = False
        """Whether something could not be heard."""
        self.lost: OSError | None = None

    def show(self, event: Event) -> None:
        if isinstance(event, Failed) and event.error == HearingFailed.__name__:
            self.unheard = True
        if self.lost is not None:
            return
        try:
            self._screen.show(event)
        except OSError as error:
            self.lost = error
            if self._task is not None:
                self._task.cancel()


def wants_colour(out: Any) -> bool:
    """Colour is for terminals, and for those who did not refuse it (https://no-color.org)."""
    return (
        bool(out.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
