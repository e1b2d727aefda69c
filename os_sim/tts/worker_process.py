"""The parent's end of the worker: started, asked one thing at a time, killed without regret."""

import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from os_sim.errors import VoiceError

_WORKER = Path(__file__).with_name("worker.py")
_START_DEADLINE_S = 10.0
"""Until the engine is ready; a cold disk and the first use of pyobjc or COM are slow."""


class WorkerLostError(Exception):
    """The worker crashed, hung or broke off; a new one may do better."""


class WorkerProcess:
    """One running worker.  Made by `start`; only ever used by one task at a time."""

    def __init__(self, process: asyncio.subprocess.Process, scratch: Path) -> None:
        self._process = process
        self._scratch = scratch
        self.engine = ""
        """What renders, in words."""

    @classmethod
    async def start(cls, *, command_only: bool = False) -> "WorkerProcess":
        """Start a worker and wait for its engine.

        `command_only` passes pyttsx3 over for the espeak-ng command.  Raises WorkerLostError if it
        died or was not ready in time, VoiceError if this machine has no engine at all.
        """
        scratch = Path(tempfile.mkdtemp(prefix="os-sim-voice-"))
        with (scratch / "stderr").open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                # -P: the folder of the worker's file must not shadow the modules it imports.
                *("-P", str(_WORKER), str(scratch)),
                *(["--command"] if command_only else []),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                # Out of the terminal's process group, or Ctrl-C would end it before its parent.
                start_new_session=True,
            )
        worker = cls(process, scratch)
        try:
            async with asyncio.timeout(_START_DEADLINE_S):
                hello = await worker._read_header()
        except BaseException as error:
            await worker.kill()
            if isinstance(error, TimeoutError):
                raise WorkerLostError("the speech engine did not start in time") from error
            raise
        if "error" in hello:
            await worker.kill()
            raise VoiceError(f"no speech engine works here: {hello['error']}")
        worker.engine = hello["engine"]
        return worker

    @property
    def pid(self) -> int:
        """Of the process, for a test to kill it."""
        return self._process.pid

    async def ask(self, request: dict[str, Any], deadline_s: float) -> bytes:
        """The sound file for one request.

        Raises WorkerLostError if it did not come in time or the worker died: kill it then.  Raises
        VoiceError if the engine is well but cannot do what is asked.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            async with asyncio.timeout(deadline_s):
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                await self._process.stdin.drain()
                header = await self._read_header()
                if "error" in header:
                    raise VoiceError(f"the speech engine failed: {header['error']}")
                return await self._process.stdout.readexactly(header["bytes"])
        except TimeoutError as error:
            raise WorkerLostError(f"no sound after {deadline_s:.1f} s") from error
        except (OSError, asyncio.IncompleteReadError) as error:
            raise WorkerLostError("the worker broke off") from error

    async def kill(self) -> None:
        """End the process, even a stopped one, and remove what it wrote."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    async def _read_header(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise WorkerLostError(f"the worker broke off: {self._last_words()}")
        header: dict[str, Any] = json.loads(line)
        return header

    def _last_words(self) -> str:
        try:
            words = (self._scratch / "stderr").read_text(errors="replace").strip().splitlines()
        except OSError:
            return "it said nothing"
        return words[-1] if words else "it said nothing"
