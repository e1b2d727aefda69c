"""The process that pyttsx3 lives in: sentences come in, sound files go out, nothing is played.

Started as `python worker.py SCRATCH [--command]`; it imports nothing of os_sim, so that it starts
quickly and wherever the package lies.  The protocol, over the standard streams:

    in    one JSON object a line: {"text", "voices", "pace_wpm", "pitch"}, and perhaps "phonemes":
          what an espeak-ng says instead of the text, in its own notation
    out   one JSON object a line: {"engine"} once, then for each request {"bytes": n} followed by
          n bytes of a WAV or AIFF file, or {"error": "one line"}

Why a process: pyttsx3's engine is one per process, may crash it or hang in it, and calls back
from a thread of its own.  The parent kills and restarts at will; when the parent goes away,
standard input ends, and so does this process, whatever its engine is doing.
"""

import contextlib
import ctypes
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import IO, Any, Protocol

Request = dict[str, Any]


class EngineError(Exception):
    """The engine said that it cannot; the message is one line."""


class Engine(Protocol):
    """Anything that turns one request into the bytes of a sound file."""

    name: str

    def render(self, request: Request) -> bytes: ...


class Pyttsx3Engine:
    """The platform's own voices through pyttsx3, one `save_to_file` at a time."""

    def __init__(self, scratch: Path) -> None:
        if sys.platform == "linux":
            _load_espeak_ng()
        import pyttsx3

        self._scratch = scratch
        self._engine = pyttsx3.init()
        self._finished = threading.Event()
        self._errors: list[str] = []
        self._count = 0
        self._driver: str = self._engine.driver_name
        self.name = f"pyttsx3 {self._driver}"
        self._engine.connect("finished-utterance", self._on_finished)
        self._engine.connect("error", self._on_error)
        if self._driver == "espeak":
            # Until the loop has run once, properties are queued and cannot be read back.
            self._engine.runAndWait()
            _let_espeak_read_phonemes()
        else:
            # Asked once, there may be hundreds.
            self._installed = self._engine.getProperty("voices")

    def render(self, request: Request) -> bytes:
        self._select_voice(request["voices"])
        self._engine.setProperty("rate", request["pace_wpm"])
        text: str = request["text"]
        if self._driver == "espeak":
            self._engine.setProperty("pitch", request["pitch"])  # the others have no pitch
            text = SizedText(_in_espeak_notation(request))
            _let_espeak_settle()
        self._finished.clear()
        self._errors.clear()
        # A fresh name each time: the driver opens the file late, from its own thread.
        self._count += 1
        path = self._scratch / f"{self._count}.wav"
        self._engine.save_to_file(text, str(path))
        self._engine.runAndWait()
        if self._driver != "sapi5":  # which writes before it returns, and says nothing
            # runAndWait is back long before the file is there.  No timeout: the parent has one.
            self._finished.wait()
        if self._errors:
            raise EngineError(self._errors[0])
        sound: bytes = path.read_bytes()
        path.unlink()
        return sound

    def _select_voice(self, wanted: list[str]) -> None:
        """Set the first of the wanted voices that there is; none will do on a foreign system."""
        if self._driver == "espeak":
            if not any(self._set_espeak_voice(name) for name in wanted):
                raise EngineError(f"espeak-ng has none of the voices {', '.join(wanted)}")
            return
        for part in wanted:
            for voice in self._installed:
                if part.lower() in (voice.name or "").lower():
                    self._engine.setProperty("voice", voice.id)
                    return

    def _set_espeak_voice(self, name: str) -> bool:
        self._errors.clear()
        self._engine.setProperty("voice", name)
        # An unknown variant is dropped in silence, so the voice is read back.
        _, plus, variant = name.partition("+")
        return not self._errors and str(self._engine.getProperty("voice")).endswith(
            f"{plus}{variant}".lower()
        )

    def _on_finished(self, **_: object) -> None:
        self._finished.set()

    def _on_error(self, exception: object = None, **_: object) -> None:
        self._errors.append(" ".join(str(exception).split()) or type(exception).__name__)
        self._finished.set()


class EspeakCommand:
    """The `espeak-ng` command, a process for each sentence: where pyttsx3 does not work."""

    def __init__(self, environment: dict[str, str], pyttsx3_says: str) -> None:
        path = shutil.which("espeak-ng")
        if path is None:
            raise EngineError(f"{pyttsx3_says}, and there is no espeak-ng command; install one")
        self._path = path
        self._environment = environment
        self.name = "espeak-ng command"

    def render(self, request: Request) -> bytes:
        reasons = []
        settings = ["-s", str(request["pace_wpm"]), "-p", str(request["pitch"]), "-b", "1"]
        for voice in request["voices"]:
            done = subprocess.run(
                [self._path, "--stdout", "--stdin", "-v", voice, *settings],
                input=_in_espeak_notation(request).encode(errors="replace"),
                capture_output=True,
                env=self._environment,
            )
            sound: bytes = done.stdout
            if done.returncode == 0 and sound:
                return sound
            reasons.append(" ".join(done.stderr.decode(errors="replace").split()))
        raise EngineError(f"espeak-ng: {reasons[0] if reasons else 'no voice was asked for'}")


def _in_espeak_notation(request: Request) -> str:
    """The text, or the phonemes instead; no text has such brackets, they are cleaned away."""
    phonemes, text = request.get("phonemes"), request["text"]
    return f"[[{phonemes}]]" if phonemes else str(text)


def _let_espeak_read_phonemes() -> None:
    """Make the flags that pyttsx3 gives with every text say that [[ ]] holds phonemes."""
    from pyttsx3.drivers import _espeak

    _espeak.CHARS_UTF8 |= _espeak.PHONEMES


class SizedText(str):
    """A text that makes pyttsx3 tell espeak-ng its true size.

    The driver encodes the text and passes ten times its length as the size of the buffer, and
    espeak-ng copies that much: it reads past the end of the heap.  Encoded, this text is padded
    with zeros to a multiple of ten bytes and gives a tenth of that as its length.  espeak-ng
    stops at the first zero.
    """

    def __str__(self) -> str:
        return self

    def encode(self, encoding: str = "utf-8", errors: str = "replace") -> bytes:
        plain = super().encode(encoding, errors).replace(b"\0", b" ")
        return _TenthLength(plain + b"\0" * (10 - len(plain) % 10))


class _TenthLength(bytes):
    def __len__(self) -> int:
        return super().__len__() // 10


def _let_espeak_settle() -> None:
    """Wait until espeak-ng has taken in what was set.

    Before each sentence pyttsx3 ends its loop, and with it whatever espeak-ng seems to be saying.
    If that is still busy with the new pace or the end of the last sentence, all that is queued is
    thrown away: the pace stays the old one, or the sentence comes out empty.
    """
    from pyttsx3.drivers import _espeak

    _espeak.Synchronize()


def _load_espeak_ng() -> None:
    """Make the wheel's libespeak-ng the one pyttsx3 finds, by its SONAME.

    The wheel's, even where the system has one: every installation then sounds the same and its
    figures can be compared.  Without the wheel, pyttsx3 looks for the system's.
    """
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        import espeakng_loader

        data = espeakng_loader.get_data_path()
        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
        os.environ["ESPEAK_DATA_PATH"] = data


def _start_engine(scratch: Path, command_only: bool) -> Engine:
    # The command has data of its own version: not those that pyttsx3 is sent to.
    environment = dict(os.environ)
    if command_only:
        return EspeakCommand(environment, "pyttsx3 was lost twice")
    try:
        return Pyttsx3Engine(scratch)
    except Exception as error:  # noqa: BLE001 - drivers raise anything, pyobjc's and COM's included
        says = f"pyttsx3 does not start ({type(error).__name__}: {error})"
        return EspeakCommand(environment, says)


def _answer(engine: Engine, line: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        sound = engine.render(json.loads(line))
    except EngineError as error:
        return {"error": str(error)}, b""
    return {"bytes": len(sound)}, sound


def _read_requests(requests: "queue.SimpleQueue[bytes]", scratch: Path) -> None:
    """Queue every line; at the end of standard input end the process, whatever it is doing."""
    for line in sys.stdin.buffer:
        requests.put(line)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


def serve() -> None:
    """Answer requests until standard input ends."""
    scratch = Path(sys.argv[1])
    # Ctrl-C at the terminal reaches every process of the group; this one waits for its parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # pyttsx3 and its drivers print: the protocol keeps standard output to itself.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_requests, args=(requests, scratch), daemon=True).start()
    try:
        engine = _start_engine(scratch, command_only="--command" in sys.argv)
    except EngineError as error:
        _send(replies, {"error": str(error)})
        return
    _send(replies, {"engine": engine.name})
    while True:
        _send(replies, *_answer(engine, requests.get()))


def _send(replies: IO[bytes], header: dict[str, Any], payload: bytes = b"") -> None:
    # A parent that is gone is no error here: standard input ends, too.
    with contextlib.suppress(BrokenPipeError):
        replies.write(json.dumps(header).encode() + b"\n" + payload)
        replies.flush()


def main() -> None:
    """Serve; an engine that breaks in a way of its own ends the process, and the parent sees why.

    `os._exit`, because a thread that waits for standard input would hold up a tidy end.
    """
    try:
        serve()
    except BaseException:  # noqa: BLE001 - to be told, not to be survived
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
