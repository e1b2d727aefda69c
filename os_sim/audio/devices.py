"""Sound devices: which there are, which one is meant, and opening it.

The only module that imports `sounddevice`, and only when a device is really wanted.  Calls into
PortAudio may hang when a device is pulled out, so each runs in a thread of its own with a
deadline; one that misses it is left behind.
"""

import atexit
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal, TypeVar

from os_sim.audio import CHUNK_S
from os_sim.audio.stderr import without_chatter
from os_sim.errors import DeviceError

Kind = Literal["input", "output"]
Callback = Callable[[Any, int, Any, Any], None]
"""PortAudio's: buffer, frames, times, flags; called in a thread that must not wait."""
Connect = Callable[[int, int], Callback]
"""The callback for a stream of this rate and so many channels; asked for before it starts."""

T = TypeVar("T")

START_S, STALL_S = 4.0, 1.0
"""A device that calls back no more for so long is gone; some take their time to begin."""

_DEADLINE_S = 5.0
_BLOCK_S = {"input": 2 * CHUNK_S, "output": CHUNK_S}
"""Sound for one call back: left to itself PortAudio calls more often and costs more.

A hush has to wait for the block that is being played; an utterance that has ended waits 10 ms more
on average for a block of two chunks than for one of one, at half the price.
"""
_MEANT = {"input": "microphone", "output": "speaker"}
_MISSING = {
    "linux": "install it ('apt install libportaudio2' on Debian and Ubuntu, "
    "'dnf install portaudio' on Fedora, 'pacman -S portaudio' on Arch)",
    "darwin": "install it with 'brew install portaudio'",
    "win32": "reinstall it with 'pip install --force-reinstall sounddevice'",
}
_open_streams: set["Stream"] = set()
_left_behind: list[threading.Thread] = []
"""Calls into PortAudio that missed their deadline."""


@dataclass(frozen=True)
class Device:
    """A sound device as PortAudio names it."""

    number: int
    name: str
    host: str
    """The system it is reached through: ALSA, Core Audio, Windows WASAPI."""
    inputs: int
    """Channels it can record; 0 if it is no microphone."""
    outputs: int
    """Channels it can play; 0 if it is no speaker."""
    default_hz: int
    is_default_input: bool
    is_default_output: bool

    def can(self, kind: Kind) -> bool:
        return (self.inputs if kind == "input" else self.outputs) > 0

    def is_default(self, kind: Kind) -> bool:
        return self.is_default_input if kind == "input" else self.is_default_output

    def __str__(self) -> str:
        return f"{self.number} {self.name} ({self.host})"


class Stream:
    """An open PortAudio stream."""

    def __init__(self, raw: Any, device: Device) -> None:
        self._raw = raw
        self.device = device
        self.latency_s: float = raw.latency
        _open_streams.add(self)

    @property
    def is_active(self) -> bool:
        """Whether PortAudio still serves it; a device that hangs may be active all the same."""
        return bool(self._raw.active)

    def close(self) -> None:
        """Drop what is buffered and let go of the device; safe to call twice.

        A stream whose device hangs is left behind, and counts as open for ever.
        """
        if self in _open_streams:
            _in_time(self._abort, f"'{self.device.name}' does not let itself be closed")
            _open_streams.discard(self)

    def _abort(self) -> None:
        portaudio = _portaudio()
        try:
            self._raw.abort()
        except portaudio.PortAudioError:
            pass  # the device is gone already; what remains is to free the stream
        finally:
            self._raw.close(ignore_errors=True)


def list_devices() -> list[Device]:
    """Every device, in PortAudio's order; raises DeviceError if PortAudio is missing."""
    return _in_time(_list, "the sound system does not answer")


def find_device(wanted: str | None, kind: Kind) -> Device:
    """The device with this number or this part of a name; None is the system's own choice.

    Raises DeviceError, listing what there is.
    """
    able = [device for device in list_devices() if device.can(kind)]
    meant = _MEANT[kind]
    if not able:
        raise DeviceError(f"no {meant}: the system lists none; connect one, or use 'os-sim text'")
    if wanted is None:
        return next((device for device in able if device.is_default(kind)), able[0])
    found = _matching(wanted, able, kind)
    if len(found) == 1:
        return found[0]
    problem = "more than one matches" if found else "there is none such"
    listed = "; ".join(str(device) for device in found or able)
    raise DeviceError(f"{meant} '{wanted}': {problem}; choose one of: {listed}")


def open_stream(
    device: Device, kind: Kind, rates_hz: Sequence[int], latency_s: float, connect: Connect
) -> Stream:
    """Open the device at the first of these rates that it accepts, and start it.

    After `rates_hz` its own default, 48,000 and 44,100 Hz are tried.  The callback gets int16
    from an input and gives float32 to an output; an input is opened in mono if it can be, an
    output in stereo.  Raises DeviceError.
    """
    rates = dict.fromkeys([*rates_hz, device.default_hz, 48_000, 44_100])
    widths = (1, 2) if kind == "input" else (2, 1)

    def attempt() -> Stream:
        portaudio = _portaudio()
        refusal = ""
        for hz in rates:
            for channels in widths:
                try:
                    return _start(portaudio, device, kind, hz, channels, latency_s, connect)
                except portaudio.PortAudioError as error:
                    refusal = str(error.args[0])
        raise DeviceError(
            f"the {_MEANT[kind]} '{device.name}' cannot be opened ({refusal}); "
            "see that it is connected and that no other program holds it"
        )

    return _in_time(attempt, f"'{device.name}' does not answer")


def rescan() -> None:
    """Look for devices again: PortAudio knows only those that were there when it began.

    Does nothing while a stream is open, because it would end it.
    """
    if not _open_streams:
        _in_time(_restart, "the sound system does not answer")


def _start(
    portaudio: ModuleType,
    device: Device,
    kind: Kind,
    hz: int,
    channels: int,
    latency_s: float,
    connect: Connect,
) -> Stream:
    opened = portaudio.RawInputStream if kind == "input" else portaudio.RawOutputStream
    raw = opened(
        device=device.number,
        samplerate=hz,
        channels=channels,
        dtype="int16" if kind == "input" else "float32",
        latency=latency_s,
        blocksize=round(hz * _BLOCK_S[kind]),
        callback=connect(hz, channels),
    )
    try:
        raw.start()
    except portaudio.PortAudioError:
        raw.close(ignore_errors=True)
        raise
    return Stream(raw, device)


def _matching(wanted: str, devices: list[Device], kind: Kind) -> list[Device]:
    """By number; else by the whole name; else by a part of it."""
    if wanted.isdecimal():
        return [device for device in devices if device.number == int(wanted)]
    name = wanted.casefold()
    found = [device for device in devices if device.name.casefold() == name]
    found = found or [device for device in devices if name in device.name.casefold()]
    # Windows lists every device once for each of its sound systems.
    host = next((device.host for device in devices if device.is_default(kind)), None)
    preferred = [device for device in found if device.host == host]
    return preferred if len({device.name for device in found}) == 1 and preferred else found


def _list() -> list[Device]:
    portaudio = _portaudio()
    hosts = portaudio.query_hostapis()
    default_input, default_output = portaudio.default.device
    return [
        Device(
            number=number,
            name=entry["name"],
            host=hosts[entry["hostapi"]]["name"],
            inputs=entry["max_input_channels"],
            outputs=entry["max_output_channels"],
            default_hz=round(entry["default_samplerate"]),
            is_default_input=number == default_input,
            is_default_output=number == default_output,
        )
        for number, entry in enumerate(portaudio.query_devices())
    ]


def _restart() -> None:
    portaudio = _portaudio()
    # Private, but the only way, and the one that its author gives (python-sounddevice #125).
    portaudio._terminate()
    portaudio._initialize()


def _portaudio() -> ModuleType:
    try:
        import sounddevice
    except OSError:
        advice = _MISSING.get(sys.platform, _MISSING["linux"])
        raise DeviceError(
            f"no sound: the PortAudio library is missing; {advice}, or use 'os-sim text'"
        ) from None
    module: ModuleType = sounddevice
    atexit.unregister(_leave_hanging_devices)  # once is enough
    atexit.register(_leave_hanging_devices, module)
    return module


def _leave_hanging_devices(portaudio: ModuleType) -> None:
    """At the end of the program: PortAudio's own farewell waits for every call into it."""
    if any(call.is_alive() for call in _left_behind):
        # Private, but registered by the import, and there is no other way to leave it out.
        atexit.unregister(portaudio._exit_handler)


def _in_time(call: Callable[[], T], complaint: str) -> T:
    """The result of `call`, made in a thread of its own and without its chatter."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            answer.set_exception(error)

    calling = threading.Thread(target=run, name="portaudio", daemon=True)
    with without_chatter():
        calling.start()
        try:
            return answer.result(_DEADLINE_S)
        except TimeoutError:
            _left_behind.append(calling)
            raise DeviceError(f"{complaint}; unplug it and connect it again") from None
