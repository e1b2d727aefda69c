"""Speech to text: what every engine offers."""

from typing import TYPE_CHECKING, Protocol

from os_sim.events import HeardEvent, Partial

if TYPE_CHECKING:
    from os_sim.audio import Chunk


class Recognizer(Protocol):
    """Turns the chunks of one utterance into text.  Not safe for two threads at once."""

    @property
    def hears_sentences(self) -> bool:
        """Whether it has been built for the usual sentences, and hears them without a list."""
        ...

    @property
    def knows_free_speech(self) -> bool:
        """Whether it hears any words, if it is given no list."""
        ...

    def expect(self, sentences: "tuple[str, ...] | None") -> None:
        """What is likely to be said from the next utterance on.

        `None`: the usual sentences if it `hears_sentences`, else anything.  Words that the model
        does not know are left out; an utterance in progress is not disturbed.
        """
        ...

    def feed(self, chunk: "Chunk") -> Partial | None:
        """Take one chunk; returns what is recognised so far when that has changed."""
        ...

    def finish(self) -> HeardEvent:
        """End the utterance: `Utterance` or `NothingHeard`; the next `feed` begins another."""
        ...

    def close(self) -> None:
        """Give the engine's memory back."""
        ...
