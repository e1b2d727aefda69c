"""Speech or not: what every detector offers."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from os_sim.audio import Chunk


class VoiceDetector(Protocol):
    """Judges one chunk at a time, in order."""

    def is_speech(self, chunk: "Chunk") -> bool:
        """Whether somebody speaks in this chunk (mono int16, CAPTURE_HZ, 20 ms)."""
        ...

    def reset(self) -> None:
        """Forget the room: the next chunk comes from somewhere else."""
        ...
