"""A sound card made of software: a private PulseAudio server that PortAudio reaches through ALSA.

    with virtual_card() as card:
        program = subprocess.Popen([...], env=card.env)
        with card.recording() as recording:
            card.play_into_microphone(Path("play-a-song.wav"))
            recording.wait_until(lambda sound: loudness(sound) > 0.01, timeout_s=20)
        song = recording.samples

Two null sinks stand for the two ends.  What is played into "mic" comes out of its monitor, which
is the default source: the microphone of every program that runs with `card.env`.  What such a
program plays goes to "speaker", the default sink, and is recorded from its monitor.  Time is
real: the sinks run at the pace of the clock, with 50 ms of latency.

    card.env                      environment for child processes (a copy of ours, and the card)
    card.play_into_microphone(f)  plays a WAV or FLAC file; returns when it has been played
    card.recording()              records the speaker inside the `with`; `samples` so far or at last
    card.pull_out()               the whole card is gone, in the middle of whatever it does
    card.plug_in()                it is back

Needs pulseaudio, its tools (paplay, parec), and ALSA's pulse plugin; works as root and
without a session bus.  `needs_virtual_card` is the mark that skips a test where they are missing,
and says what to install.

`fixed_rate_card` is another sort: a device that opens at one rate only, plays from a file and
records into one, as fast as it is asked to.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

Stereo = NDArray[np.float32]
"""Shape (frames, 2), at 48,000 Hz."""

_TOOLS = ("pulseaudio", "paplay", "parec")
_SERVER = (
    *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--disable-shm=yes"),
    *("--exit-idle-time=-1", "--log-target=stderr", "--log-level=info"),
)
_RECORDER = (
    *("parec", "--device=speaker.monitor", "--format=float32le"),
    *("--rate=48000", "--channels=2", "--latency-msec=20"),
)
_STARTED = "Daemon startup complete"
_DEADLINE_S = 20.0

needs_virtual_card = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in _TOOLS),
    reason="needs a virtual sound card: apt install pulseaudio pulseaudio-utils libasound2-plugins",
)

# Without "norewinds" a null sink buffers 2 s at the start of every stream.
_SERVER_SCRIPT = """\
load-module module-null-sink sink_name=mic rate=48000 channels=2 norewinds=1
load-module module-null-sink sink_name=speaker rate=48000 channels=2 norewinds=1
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
set-default-sink speaker
set-default-source mic.monitor
"""

_ALSA_CONFIG = """\
pcm.pulse { type pulse }
pcm.!default { type pulse }
ctl.!default { type pulse }
"""

# The rate is fixed because the converter that would be needed for another does not exist.
_FIXED_RATE_CONFIG = """\
pcm.tape {{ type file slave.pcm {{ type null }} format raw infile "{microphone}" file "{speaker}" }}
pcm.!default {{
    type plug slave {{ pcm "tape" rate {hz} format S16_LE }} rate_converter "none_such"
}}
"""


class Recording:
    """What the speaker played while it was recorded."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._grown = threading.Condition()

    @property
    def samples(self) -> Stereo:
        """Everything so far."""
        with self._grown:
            sound = b"".join(self._parts)
        return np.frombuffer(sound[: len(sound) // 8 * 8], np.float32).reshape(-1, 2)

    def wait_until(self, found: Callable[[Stereo], bool], timeout_s: float) -> None:
        """Wait until `found(samples)`; raises TimeoutError."""
        with self._grown:
            if not self._grown.wait_for(lambda: found(self.samples), timeout_s):
                raise TimeoutError(f"not found in {len(self.samples) / 48_000:.1f} s of sound")

    def add(self, part: bytes) -> None:
        with self._grown:
            self._parts.append(part)
            self._grown.notify_all()


class VirtualCard:
    """The server and its two ends; use `virtual_card()`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[str] | None = None
        socket = folder / "socket"
        (folder / "server.pa").write_text(_SERVER_SCRIPT.format(socket=socket))
        (folder / "alsa.conf").write_text(_ALSA_CONFIG)
        self.env = os.environ | {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_SERVER": f"unix:{socket}",
            "ALSA_CONFIG_PATH": str(folder / "alsa.conf"),
            # Nobody should wait for a JACK server that is not there.
            "JACK_NO_START_SERVER": "1",
        }

    def plug_in(self) -> None:
        """Start the server; returns when it takes connections."""
        server = subprocess.Popen(
            [*_SERVER, f"--file={self._folder / 'server.pa'}"],
            env={key: value for key, value in self.env.items() if key != "PULSE_SERVER"},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self._server = server
        assert server.stderr is not None
        said = []
        for line in server.stderr:
            said.append(line)
            if _STARTED in line:
                threading.Thread(target=_drain, args=(server.stderr,), daemon=True).start()
                return
        raise RuntimeError(f"PulseAudio did not start: {''.join(said)}")

    def pull_out(self) -> None:
        """End the server at once; safe to call twice."""
        if self._server is not None:
            self._server.kill()
            self._server.wait(_DEADLINE_S)
            self._server = None
        (self._folder / "socket").unlink(missing_ok=True)

    def play_into_microphone(self, file: Path) -> None:
        """Play a recording into the microphone; returns when it has been played."""
        self._run("paplay", "--device=mic", str(file), timeout_s=600)

    @contextlib.contextmanager
    def recording(self) -> Iterator[Recording]:
        """Record the speaker inside the `with`, from its first line on."""
        recorder = subprocess.Popen(_RECORDER, env=self.env, stdout=subprocess.PIPE)
        recording = Recording()
        assert recorder.stdout is not None
        recording.add(os.read(recorder.stdout.fileno(), 65_536))
        reader = threading.Thread(target=_read_on, args=(recorder.stdout.fileno(), recording))
        reader.start()
        try:
            yield recording
        finally:
            recorder.terminate()
            recorder.wait(_DEADLINE_S)
            reader.join(_DEADLINE_S)
            recorder.stdout.close()

    def _run(self, *command: str, timeout_s: float = _DEADLINE_S) -> None:
        subprocess.run(command, env=self.env, check=True, capture_output=True, timeout=timeout_s)


@contextlib.contextmanager
def virtual_card() -> Iterator[VirtualCard]:
    """A card of its own, plugged in; everything it wrote is gone at the end."""
    # Not pytest's tmp_path: the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="card-") as folder:
        card = VirtualCard(Path(folder))
        try:
            card.plug_in()
            yield card
        finally:
            card.pull_out()


@contextlib.contextmanager
def fixed_rate_card(
    hz: int, microphone: NDArray[np.int16]
) -> Iterator[tuple[dict[str, str], Path]]:
    """An environment whose only device opens at `hz` alone, and the file it plays into.

    The microphone delivers `microphone` (mono, at `hz`); the file is raw int16 at `hz`, as many
    channels as were opened.  Nothing paces it.
    """
    with tempfile.TemporaryDirectory(prefix="card-") as name:
        folder = Path(name)
        (folder / "microphone.raw").write_bytes(microphone.tobytes())
        config = _FIXED_RATE_CONFIG.format(
            hz=hz, microphone=folder / "microphone.raw", speaker=folder / "speaker.raw"
        )
        (folder / "alsa.conf").write_text(config)
        env = os.environ | {
            "ALSA_CONFIG_PATH": str(folder / "alsa.conf"),
            "JACK_NO_START_SERVER": "1",
        }
        yield env, folder / "speaker.raw"


def _drain(lines: Iterator[str]) -> None:
    for _ in lines:
        pass


def _read_on(descriptor: int, recording: Recording) -> None:
    while part := os.read(descriptor, 65_536):
        recording.add(part)
