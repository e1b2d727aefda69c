"""The mixer's line for speech: rendered sentences, one after another."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from os_sim.audio import MIX_HZ
from os_sim.audio.fade import Tail

if TYPE_CHECKING:
    from os_sim.audio import Samples

HUSH_FRAMES = round(0.02 * MIX_HZ)


@dataclass
class _Sentence:
    samples: "Samples"
    """What is still to be heard of it."""
    over: Callable[[], None]


class SpeechLine:
    """Sentences in order.  Not safe for two threads at once: the mixer holds its lock."""

    def __init__(self) -> None:
        self._sentences: deque[_Sentence] = deque()
        self._tail = Tail()

    @property
    def is_busy(self) -> bool:
        """Whether there is anything to be heard."""
        return bool(self._sentences) or len(self._tail) > 0

    def add(self, samples: "Samples", over: Callable[[], None]) -> None:
        """Queue a sentence; `over` is to be called when it has been heard."""
        self._sentences.append(_Sentence(samples, over))

    def hush(self) -> list[Callable[[], None]]:
        """Fade what sounds in 20 ms and drop the rest; returns what is over."""
        if self._sentences:
            self._tail.add(self._sentences[0].samples[:HUSH_FRAMES])
        dropped = [sentence.over for sentence in self._sentences]
        self._sentences.clear()
        return dropped

    def mix_into(self, block: "Samples") -> list[Callable[[], None]]:
        """Add the next samples to `block`; returns what is over with them."""
        self._tail.mix_into(block)
        over: list[Callable[[], None]] = []
        filled = 0
        while self._sentences and filled < len(block):
            sentence = self._sentences[0]
            part = min(len(sentence.samples), len(block) - filled)
            block[filled : filled + part] += sentence.samples[:part]
            sentence.samples = sentence.samples[part:]
            filled += part
            if not len(sentence.samples):
                over.append(self._sentences.popleft().over)
        return over
