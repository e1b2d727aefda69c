"""The worker process by itself: its protocol, its end, and the engines it falls back on."""

import asyncio
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from os_sim.audio import MIX_HZ
from os_sim.errors import VoiceError
from os_sim.tts import worker as worker_module
from os_sim.tts.pyttsx3_synthesizer import Pyttsx3Synthesizer
from os_sim.tts.worker import SizedText
from os_sim.tts.worker_process import WorkerLostError, WorkerProcess
from tests.tts.voicing import SAMANTHA, is_alive

SENTENCE = "The rain has stopped, and somebody is laughing in the yard."

needs_espeak_command = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="no espeak-ng command: apt-get install espeak-ng"
)


class Worker:
    """A worker as its parent sees it, without the parent's patience."""

    def __init__(self, scratch: Path, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", worker_module.__file__, str(scratch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin: IO[bytes] = self.process.stdin
        self.stdout: IO[bytes] = self.process.stdout
        self.hello = self.header()

    def header(self) -> dict[str, Any]:
        header: dict[str, Any] = json.loads(self.stdout.readline())
        return header

    def send(self, text: str, voice: str = "en-us+f3") -> None:
        request = {"text": text, "voices": [voice], "pace_wpm": 170, "pitch": 50}
        self.stdin.write(json.dumps(request).encode() + b"\n")
        self.stdin.flush()

    def render(self, text: str) -> bytes:
        self.send(text)
        return self.stdout.read(self.header()["bytes"])

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.stdin.close()
        self.stdout.close()


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def worker(scratch: Path) -> Iterator[Worker]:
    started = Worker(scratch)
    yield started
    started.close()


@pytest.fixture
def broken_pyttsx3(tmp_path: Path) -> Path:
    """A folder to be put before the installed packages, with a pyttsx3 that cannot start."""
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "pyttsx3.py").write_text("raise OSError('its library is missing')\n")
    return folder


def test_a_sentence_comes_back_as_a_whole_wav_file(worker: Worker) -> None:
    sound = worker.render(SENTENCE)
    assert sound[:4] == b"RIFF"
    assert int.from_bytes(sound[4:8], "little") == len(sound) - 8


def test_what_pyttsx3_prints_never_reaches_the_protocol(worker: Worker) -> None:
    for _ in range(3):
        worker.render(SENTENCE)
    assert not select.select([worker.stdout], [], [], 0)[0]


def test_a_rendered_file_is_not_left_behind(worker: Worker, scratch: Path) -> None:
    worker.render(SENTENCE)
    assert list(scratch.iterdir()) == []


def test_an_unknown_voice_is_answered_and_the_next_request_served(worker: Worker) -> None:
    worker.send(SENTENCE, voice="nobody")
    assert worker.header() == {"error": "espeak-ng has none of the voices nobody"}
    assert worker.render(SENTENCE)


def test_a_request_that_makes_no_sense_ends_the_worker(worker: Worker) -> None:
    worker.stdin.write(b"no json\n")
    worker.stdin.flush()
    assert worker.process.wait(timeout=10) == 1


def test_control_c_is_the_parents_business(worker: Worker) -> None:
    worker.process.send_signal(signal.SIGINT)
    assert worker.render(SENTENCE)


def test_the_worker_ends_with_its_standard_input(worker: Worker, scratch: Path) -> None:
    worker.stdin.close()
    assert worker.process.wait(timeout=10) == 0
    assert not scratch.exists()


def test_the_worker_ends_with_its_standard_input_even_while_it_renders(worker: Worker) -> None:
    worker.send("lorem " * 3_000)  # a quarter of a minute's work
    worker.stdin.close()
    assert worker.process.wait(timeout=5) == 0


@pytest.mark.timeout(30)
def test_the_worker_ends_when_its_parent_is_killed() -> None:
    script = (
        "import asyncio, sys\n"
        "from tests.tts.voicing import SAMANTHA\n"
        "from os_sim.tts.pyttsx3_synthesizer import Pyttsx3Synthesizer\n"
        "async def main():\n"
        "    synthesizer = Pyttsx3Synthesizer(SAMANTHA)\n"
        "    await synthesizer.warm()\n"
        "    print(synthesizer.worker_pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=-1) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    while is_alive(pid):  # the test's time limit is the worker's
        os.sched_yield()


@pytest.mark.parametrize(
    "text", ["a", "nine char", "ten chars!", "naïve", "世界" * 50, "a\0b", "\ud800"]
)
def test_pyttsx3_is_made_to_tell_espeak_the_true_size_of_the_text(text: str) -> None:
    # As the driver does: encode what str() gives, and pass ten times its length as the size.
    encoded = str(SizedText(text)).encode("utf-8")
    size = len(encoded) * 10
    plain = text.encode("utf-8", "replace").replace(b"\0", b" ")
    assert ctypes.c_char_p(encoded).value == plain
    assert len(plain) < size == bytes.__len__(encoded)


def test_a_text_of_any_size_is_handed_over_without_a_crash(worker: Worker) -> None:
    # Mostly spaces, which take no time to speak: it is the handing over that used to crash.
    assert worker.render("a" + " " * 100_000 + "b")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pyttsx3 uses the system's voices")
def test_the_voice_needs_no_espeak_ng_on_the_system(scratch: Path) -> None:
    worker = Worker(scratch, PATH="")
    try:
        assert worker.render(SENTENCE)
        maps = Path(f"/proc/{worker.process.pid}/maps").read_text(encoding="utf-8")
        loaded = {line.split()[-1] for line in maps.splitlines() if "libespeak" in line}
        data = {line.split()[-1] for line in maps.splitlines() if "espeak-ng-data" in line}
        assert all("espeakng_loader" in path for path in loaded | data)
        assert len(loaded) == 1
    finally:
        worker.close()


@needs_espeak_command
def test_without_pyttsx3_the_espeak_command_speaks(scratch: Path, broken_pyttsx3: Path) -> None:
    worker = Worker(scratch, PYTHONPATH=str(broken_pyttsx3))
    try:
        assert worker.hello == {"engine": "espeak-ng command"}
        assert worker.render(SENTENCE)[:4] == b"RIFF"
    finally:
        worker.close()


def test_without_any_engine_the_reason_is_told(
    broken_pyttsx3: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(broken_pyttsx3))
    monkeypatch.setenv("PATH", "")
    told = r"pyttsx3 does not start \(OSError: its library is missing\).*install one"
    with pytest.raises(VoiceError, match=told):
        asyncio.run(Pyttsx3Synthesizer(SAMANTHA).warm())


@needs_espeak_command
@pytest.mark.parametrize("end", ["os.abort()", "raise SystemExit('out of luck')"])
def test_a_pyttsx3_that_breaks_its_process_is_passed_over(
    broken_pyttsx3: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    (broken_pyttsx3 / "pyttsx3.py").write_text(f"import os\n{end}\n")
    monkeypatch.setenv("PYTHONPATH", str(broken_pyttsx3))

    async def scene() -> None:
        synthesizer = Pyttsx3Synthesizer(SAMANTHA)
        assert len(await synthesizer.render(SENTENCE)) > 2 * MIX_HZ
        assert synthesizer.engine == "espeak-ng command"
        await synthesizer.close()

    asyncio.run(scene())


def test_what_a_lost_worker_said_last_is_told(
    broken_pyttsx3: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken_pyttsx3 / "pyttsx3.py").write_text("raise SystemExit\n")
    monkeypatch.setenv("PYTHONPATH", str(broken_pyttsx3))

    async def scene() -> None:
        with pytest.raises(WorkerLostError, match="SystemExit"):
            await WorkerProcess.start()

    asyncio.run(scene())
