"""The program as its user has it: a process with arguments, two outputs and an exit code.

Its home is the one that `tests/conftest.py` names; a test may name another with `--home`.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SPEECH = ROOT / "tests" / "data" / "speech" / "flite"
OS_SIM = (sys.executable, "-m", "os_sim")
DEADLINE_S = 50.0


@dataclass(frozen=True)
class Finished:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Standard output as `--json` writes it: every line an object."""
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The events of one kind."""
        return [event for event in self.events if event["event"] == kind]

    @property
    def said(self) -> list[str]:
        return [event["text"] for event in self.of("said")]

    def complaint(self) -> str:
        """The one line on standard error; fails if there are more, or none."""
        lines = self.err.splitlines()
        assert len(lines) == 1, f"one line was to be complained in, not:\n{self.err}"
        assert lines[0].startswith("os-sim: "), lines[0]
        return lines[0].removeprefix("os-sim: ")


def run(
    *arguments: str | Path,
    said: str | bytes | list[str] = "",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    largest_file_bytes: int | None = None,
    deadline_s: float = DEADLINE_S,
) -> Finished:
    """Run `os-sim arguments…` to its end; `said` comes through a pipe, a list as lines."""
    typed = "".join(f"{line}\n" for line in said) if isinstance(said, list) else said

    def limit() -> None:
        if largest_file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file_bytes, largest_file_bytes))

    done = subprocess.run(
        [*OS_SIM, *map(str, arguments)],
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        timeout=deadline_s,
        check=False,
        preexec_fn=limit if largest_file_bytes is not None else None,
    )
    finished = Finished(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in finished.err, finished.err
    return finished
