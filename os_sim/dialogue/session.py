"""The session: what one conversation is in the middle of."""

from collections import deque
from collections.abc import Sequence

from os_sim.dialogue.question import OpenQuestion
from os_sim.skill.context import SkillInfo, Told
from os_sim.skill.loading import Shelf

KEPT = 400
"""How many things said are remembered; the rest is forgotten, so hours of talk cost nothing."""


class ConversationSession:
    """History, the open question, and whether the user or the OS has taken leave.

    Implements `os_sim.skill.Session`.
    """

    def __init__(self, shelf: Shelf, voice: str) -> None:
        self._shelf = shelf
        self._voice = voice
        self._history: deque[Told] = deque(maxlen=KEPT)
        self.question: OpenQuestion | None = None
        self.left = False

    @property
    def history(self) -> Sequence[Told]:
        return tuple(self._history)

    @property
    def skills(self) -> Sequence[SkillInfo]:
        return self._shelf.infos()

    @property
    def voice(self) -> str:
        return self._voice

    def leave(self) -> None:
        self.left = True

    def note(self, who: str, text: str, skill: str | None = None) -> None:
        """Remember that this was said."""
        self._history.append(Told(who, text, skill))
