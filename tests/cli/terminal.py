"""A real terminal: tmux runs a shell, and the tests type into it and read its screen.

with terminal(cwd) as screen:
    screen.type("os-sim text", "Enter")
    screen.wait_for("I'm here.")
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEADLINE_S = 10.0
PROMPT = "ready> "

needs_terminal = pytest.mark.skipif(
    not shutil.which("tmux"), reason="needs a terminal: apt install tmux"
)


class Terminal:
    """One window of 100 columns and 40 lines."""

    def __init__(self, socket: Path) -> None:
        self._tmux = ("tmux", "-S", str(socket), "-f", "/dev/null")

    def open(self, cwd: Path) -> None:
        shell = f"exec env -i {_environment()} PS1='{PROMPT}' sh"
        self._call("new-session", "-d", "-x", "100", "-y", "40", "-c", str(cwd), shell)
        self.wait_for(PROMPT.strip())

    def type(self, *keys: str) -> None:
        """Press keys; a name that tmux knows (Enter, Tab, C-c, Up) is that key, else it is text."""
        self._call("send-keys", *keys)

    def text(self) -> str:
        """What stands on the screen and above it."""
        return self._call("capture-pane", "-p", "-J", "-S", "-1000")

    def wait_for(self, what: str | Callable[[str], bool]) -> str:
        """Until this is on the screen; returns all of it."""
        seen = (lambda text: what in text) if isinstance(what, str) else what
        give_up_s = time.monotonic() + DEADLINE_S
        while not seen(text := self.text()):
            assert time.monotonic() < give_up_s, f"waited in vain for {what!r}:\n{text}"
            time.sleep(0.05)
        return text

    def settings(self, name: str) -> str:
        """What `stty -a` says now; `name` is any word, another one each time."""
        self.type(f"stty -a; echo {name}-end", "Enter")
        text = self.wait_for(lambda text: text.count(f"{name}-end") > 1)
        return text.rpartition("stty -a")[2].partition("\n")[2].partition(f"{name}-end")[0]

    def close(self) -> None:
        self._call("kill-server")

    def _call(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments], capture_output=True, text=True, timeout=10, check=True
        )
        return done.stdout


@contextmanager
def terminal(cwd: Path) -> Iterator[Terminal]:
    """A terminal with a shell in `cwd`; closed at the end with all that runs in it."""
    with tempfile.TemporaryDirectory(prefix="tmux-") as folder:  # a socket's path must be short
        screen = Terminal(Path(folder) / "socket")
        screen.open(cwd)
        try:
            yield screen
        finally:
            screen.close()


def _environment() -> str:
    kept = ("PATH", "OS_SIM_HOME", "NO_COLOR", "HOME")
    named = {name: os.environ[name] for name in kept if name in os.environ}
    settings = {**named, "TERM": "tmux-256color", "LANG": "C.UTF-8"}
    return " ".join(f"{name}='{value}'" for name, value in settings.items())
