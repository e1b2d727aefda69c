"""The loudspeaker as a sink: a stream that is open while anything sounds.

A stream that plays silence costs 1.6 % of a core and keeps the device from others, so a sink that
may rest closes it.  Opening it again takes 4 ms, and the first sample is then heard at once; in a
running stream it comes after 60 ms of silence that are buffered already.

PortAudio's callback calls the mixer itself.  A ring filled by another thread would add its own
length to every hush and one more thread to wait for, and spare little: the mixer takes about
60 µs for 10 ms of sound (0.6 % of a core).  So a hush is heard one device buffer later, 60 ms.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from os_sim.audio import MIX_HZ
from os_sim.audio.conversion import ToDevice
from os_sim.audio.devices import (
    STALL_S,
    START_S,
    Callback,
    Stream,
    find_device,
    open_stream,
    rescan,
)
from os_sim.errors import DeviceError

if TYPE_CHECKING:
    from os_sim.audio import Samples

_LATENCY_S = 0.06
_CHECK_S = 0.25
_RETRY_S = 2.0
_PULL_FRAMES = round(0.02 * MIX_HZ)


class Loudspeaker:
    """A `Sink` on a sound device, in whatever form the device takes.

    A device that goes away does not stop the conversation: `failed` is told once, in a thread of
    the sink's, the mixer is pulled on at the pace of the clock, heard by nobody, and the device is
    tried again every two seconds.  One that goes away while the sink rests is not missed before
    there is something to be heard.
    """

    def __init__(
        self,
        device: str | None = None,
        failed: Callable[[DeviceError], None] = lambda _: None,
    ) -> None:
        """`device`: a number, or part of a name; None is the system's own choice."""
        self._wanted = device
        self._failed = failed
        self._closed = threading.Event()
        self._is_awake = False
        self._changed = threading.Event()
        """Set after every change of the two."""
        self._outlet: _Outlet | None = None
        self._watch: threading.Thread | None = None

    @property
    def latency_s(self) -> float:
        """From a pull to the moment it is heard, as the device states it; 0 while resting."""
        return self._outlet.stream.latency_s if self._outlet else 0.0

    def open(self, pull: "Callable[[int], Samples]") -> None:
        """Start to play what `pull` returns; raises DeviceError."""
        self._closed.clear()
        self._is_awake = True
        self._outlet = _Outlet(self._wanted, pull)
        self._watch = threading.Thread(
            target=self._watch_over, args=(pull,), name="loudspeaker", daemon=True
        )
        self._watch.start()

    def rest(self) -> None:
        """Let go of the device until `wake`."""
        self._is_awake = False
        self._changed.set()

    def wake(self) -> None:
        """Take the device again, if it was let go of."""
        self._is_awake = True
        self._changed.set()

    def close(self) -> None:
        """Drop what is buffered; safe to call twice."""
        self._closed.set()
        self._changed.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        self._let_go()

    def _watch_over(self, pull: "Callable[[int], Samples]") -> None:
        stalls = 0
        while not self._closed.is_set():
            in_vain = not self._changed.wait(_CHECK_S if self._outlet else None)
            self._changed.clear()
            if not self._is_awake:
                self._let_go()
            elif self._outlet is None:
                self._take_again(pull)
            elif in_vain:
                # Twice in a row, because after the machine slept the first look is always late.
                stalls = stalls + 1 if self._outlet.is_stalled() else 0
                if stalls >= 2:
                    self._lose(self._outlet.stream.device.name)
                    self._play_to_nobody(pull)

    def _let_go(self) -> None:
        outlet, self._outlet = self._outlet, None
        if outlet is not None:
            with contextlib.suppress(DeviceError):  # one that hangs is left behind
                outlet.close()

    def _take_again(self, pull: "Callable[[int], Samples]") -> None:
        try:
            self._outlet = _Outlet(self._wanted, pull)
        except DeviceError as error:
            self._failed(error)
            self._play_to_nobody(pull)

    def _lose(self, name: str) -> None:
        self._let_go()
        self._failed(
            DeviceError(
                f"the speaker '{name}' went away; connect it again, "
                "or choose another with --output-device"
            )
        )

    def _play_to_nobody(self, pull: "Callable[[int], Samples]") -> None:
        """Until the device can be opened again, or the sink is closed."""
        due = time.monotonic()
        retry = due + _RETRY_S
        while not self._closed.wait(max(0.0, due - time.monotonic())):
            pull(_PULL_FRAMES)
            due += _PULL_FRAMES / MIX_HZ
            if due >= retry:
                retry = due + _RETRY_S
                try:
                    rescan()
                    self._outlet = _Outlet(self._wanted, pull)
                    return
                except DeviceError:
                    continue


class _Outlet:
    """One open stream, and its callback."""

    def __init__(self, wanted: str | None, pull: "Callable[[int], Samples]") -> None:
        self._pull = pull
        self._produce: Callable[[int], bytes] | None = None
        """None: nothing is pulled, and silence played."""
        self._opened = self._called = time.monotonic()
        device = find_device(wanted, "output")
        self.stream: Stream = open_stream(device, "output", (MIX_HZ,), _LATENCY_S, self._connect)

    def is_stalled(self) -> bool:
        """Whether the device has stopped asking for sound."""
        is_late = time.monotonic() > max(self._opened + START_S, self._called + STALL_S)
        return is_late or not self.stream.is_active

    def close(self) -> None:
        """Pull no more, drop what is buffered, and let go of the device."""
        self._produce = None
        self.stream.close()

    def _connect(self, hz: int, channels: int) -> Callback:
        self._produce = ToDevice(self._pull, hz, channels)
        return self._callback

    def _callback(self, out: Any, frames: int, times: Any, flags: Any) -> None:
        self._called = time.monotonic()
        produce = self._produce
        out[:] = bytes(len(out)) if produce is None else produce(frames)
