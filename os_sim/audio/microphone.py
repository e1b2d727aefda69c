"""The microphone as a source of chunks.

PortAudio's callback only copies bytes into a bounded queue; everything else happens on the event
loop.  A device that calls back no more is opened once more, and then given up.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from os_sim.audio import CAPTURE_HZ
from os_sim.audio.conversion import FromDevice
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
    from os_sim.audio import Chunk

_LATENCY_S = 0.06
_QUEUE_BLOCKS = 150
"""6 s.  When nobody fetches them the oldest are dropped, and counted."""


class Microphone:
    """A microphone as a `Source`, in whatever form the device delivers.

    `chunks` opens it, and may be called again after a DeviceError: when the device is back, so
    is the sound.  Use from one event loop.
    """

    def __init__(self, device: str | None = None) -> None:
        """`device`: a number, or part of a name; None is the system's own choice."""
        self._wanted = device
        self._intake: _Intake | None = None
        self._is_closed = False
        self.dropped_blocks = 0
        """How many blocks were lost because nobody fetched them, or the machine was too busy."""

    async def chunks(self) -> "AsyncIterator[Chunk]":
        """Mono int16 at CAPTURE_HZ, CHUNK_FRAMES each, until `close`.

        Raises DeviceError at once if the device is not there, and within 2 s if it goes away.
        """
        self._is_closed = False
        intake = await self._open()
        try:
            while not self._is_closed:
                try:
                    async for chunk in intake.chunks():
                        yield chunk
                except TimeoutError:
                    intake = await self._reopen(intake)
        finally:
            self.close()

    def close(self) -> None:
        self._is_closed = True
        intake, self._intake = self._intake, None
        if intake is not None:
            self.dropped_blocks += intake.dropped_blocks
            intake.close()

    async def _open(self) -> "_Intake":
        intake = _Intake()
        await asyncio.to_thread(intake.open, self._wanted)
        self._intake = intake
        return intake

    async def _reopen(self, stalled: "_Intake") -> "_Intake":
        """The same device, or the system's new choice; raises DeviceError."""
        self.dropped_blocks += stalled.dropped_blocks
        try:
            await asyncio.to_thread(stalled.close)
            await asyncio.to_thread(rescan)
            return await self._open()
        except DeviceError:
            raise DeviceError(
                f"the microphone '{stalled.name}' went away; connect it again, "
                "or choose another with --input-device"
            ) from None


class _Intake:
    """One open stream: what its callback queues, and how that becomes chunks."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: deque[bytes] = deque(maxlen=_QUEUE_BLOCKS)
        self._arrived = asyncio.Event()
        self._stream: Stream | None = None
        self._is_closed = False
        self.name = ""
        self.dropped_blocks = 0

    def open(self, wanted: str | None) -> None:
        """Blocks for as long as PortAudio does; raises DeviceError."""
        device = find_device(wanted, "input")
        self._stream = open_stream(device, "input", (CAPTURE_HZ,), _LATENCY_S, self._connect)
        self.name = device.name

    def close(self) -> None:
        self._is_closed = True
        self._wake()
        if self._stream is not None:
            self._stream.close()

    async def chunks(self) -> "AsyncIterator[Chunk]":
        """What the callback queued; raises TimeoutError when nothing comes any more."""
        patience_s = START_S
        while not self._is_closed:
            async with asyncio.timeout(patience_s):
                await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                patience_s = STALL_S
                for chunk in self._convert(self._queue.popleft()):
                    yield chunk

    def _connect(self, hz: int, channels: int) -> Callback:
        self._convert = FromDevice(hz, channels)
        return self._callback

    def _callback(self, data: Any, frames: int, times: Any, flags: Any) -> None:
        self.dropped_blocks += bool(flags) or len(self._queue) == _QUEUE_BLOCKS
        self._queue.append(bytes(data))
        if len(self._queue) == 1:  # whoever fetches goes on until there is nothing left
            self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits
            self._loop.call_soon_threadsafe(self._arrived.set)
