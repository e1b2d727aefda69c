"""What a conversation needs of its two ends.

Ears and a mouth make a channel.  The dialogue knows nothing else of it: whether somebody types,
speaks or is a recording is settled where the two are put together.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from os_sim.audio import Track
from os_sim.events import HeardEvent


@dataclass(frozen=True)
class Expectation:
    """What is likely to be said next."""

    list_sentences: Callable[[], tuple[str, ...]]
    """Called at most once, when somebody wants the sentences: listing thousands takes a while."""
    is_complete: Callable[[str], bool]
    """Whether a text is a whole sentence, and no longer one would mean anything else."""
    anything: bool = False
    """Whether free words are as welcome as the sentences."""
    usual: bool = False
    """Whether nothing is expected but what can be said at any time."""

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Whole sentences, in lower case, as they would be said."""
        return self.list_sentences()


class Ears(Protocol):
    """Where the user's words come from."""

    @property
    def origin(self) -> str | None:
        """The recording that is being heard, as the user named it; None for anything live."""
        ...

    @property
    def patience_s(self) -> float:
        """How long an open question waits for an answer; infinite where people type."""
        ...

    def heard(self) -> AsyncIterator[HeardEvent]:
        """Everything the user says until they leave."""
        ...

    def expect(self, expectation: Expectation) -> None:
        """What is likely to be said from now on."""
        ...

    def give_floor(self) -> None:
        """The OS has said its say, or is still speaking but may be interrupted: go on."""
        ...

    def take_floor(self) -> None:
        """The OS is thinking: whoever can wait with the next sentence waits."""
        ...


class Mouth(Protocol):
    """Where the OS's voice and music go."""

    async def say(self, text: str) -> None:
        """Speak; returns when it has been said, or has been hushed."""
        ...

    def hush(self) -> None:
        """Stop speaking within a chunk; whatever waited to be said is dropped."""
        ...

    def start(self, track: Track) -> None:
        """Play this track from its beginning instead of whatever is playing."""
        ...

    async def ended(self) -> None:
        """Wait until the track that was started last has been heard to its end."""
        ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def stop(self) -> None:
        """End the track with a short fade."""
        ...

    def turn_volume(self, step_db: float) -> float:
        """Louder or quieter from now on; returns the volume in dB, at most 0."""
        ...

    async def close(self) -> None: ...
