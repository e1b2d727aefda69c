"""What a conversation is made of."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from os_sim.clock import Clock
from os_sim.memory.store import Store
from os_sim.skill.loading import Shelf


@dataclass(frozen=True)
class House:
    """What a conversation is made of."""

    shelf: Shelf
    store: Store
    documents: Path
    clock: Clock
    seed: int | None
    """Fixes every random choice; None: each run is another."""
    voice: str = ""
    patience_s: float = 8.0
    settings: dict[str, dict[str, Any]] | None = None
    """The skills' own settings by name."""
    cache: Path | None = None
    """Where is kept what was learned from the sentences; None: nowhere."""

    def chance(self) -> float:
        """What all random choices of a conversation follow from."""
        return Random(self.seed).random()
