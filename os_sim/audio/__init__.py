"""Sound as data: the formats everything agrees on, and the protocols of its two ends.

The microphone side is `CAPTURE_HZ` mono int16, the form Vosk hears.  The speaker side is
`MIX_HZ` stereo float32 in -1..1, the form songs are rendered in.  Whoever touches a device or a
file converts at the rim; nothing in between asks for a rate.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # numpy costs 110 ms to import, and text mode may never need it
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    """Stereo float32 in -1..1, shape (frames, 2), at `MIX_HZ`."""
    Chunk = NDArray[np.int16]
    """Mono int16, shape (CHUNK_FRAMES,), at `CAPTURE_HZ`."""

CAPTURE_HZ = 16_000
CHUNK_S = 0.02
CHUNK_FRAMES = 320
"""Frames in a chunk from the microphone: 20 ms."""
MIX_HZ = 48_000


@dataclass(frozen=True)
class Track:
    """A piece of sound that goes on after the turn: a song, a story, a recording."""

    title: str
    mood: str
    seconds: float
    """How long it lasts."""
    render: "Callable[[], Iterator[Samples]]"
    """Starts rendering from the beginning; yields blocks of any length in order.

    Called in a thread of its own and pulled only a little ahead of what is heard, so a long
    piece costs no more memory than a short one."""


class Source(Protocol):
    """Where sound comes in."""

    def chunks(self) -> "AsyncIterator[Chunk]":
        """Every chunk in order, until the source ends; raises DeviceError or RecordingError."""
        ...

    def close(self) -> None:
        """Let go of the device or file; safe to call twice."""
        ...


class Sink(Protocol):
    """Where sound goes out: it pulls from the mixer at its own pace."""

    def open(self, pull: "Callable[[int], Samples]") -> None:
        """Begin to call `pull(frames)`, from any thread; raises DeviceError."""
        ...

    def rest(self) -> None:
        """Nothing is to be heard before `wake`: until then it may stop pulling.

        Like `wake` from any thread, any number of times, and back at once."""
        ...

    def wake(self) -> None:
        """There is something to be heard: pull on."""
        ...

    def close(self) -> None:
        """Stop pulling; safe to call twice."""
        ...
