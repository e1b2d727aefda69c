"""Text to speech: what every engine offers."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from os_sim.audio import Samples


class Synthesizer(Protocol):
    """Renders sentences in one voice.  It never makes a sound itself."""

    async def warm(self) -> None:
        """Get ready to speak, in the background of a start; raises VoiceError."""
        ...

    async def render(self, sentence: str) -> "Samples":
        """The finished sound of one sentence: stereo float32 at MIX_HZ; raises VoiceError."""
        ...

    async def close(self) -> None:
        """End the engine and whatever process it lives in."""
        ...
