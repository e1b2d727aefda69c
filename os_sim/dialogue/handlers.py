"""Running a skill's handler: in the skills' thread, with a context, and not for ever."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from os_sim.dialogue.house import House
from os_sim.dialogue.session import ConversationSession
from os_sim.dialogue.skill_thread import SkillThread, guarded, too_slow
from os_sim.dialogue.turn import Turn
from os_sim.dialogue.turn_context import HouseClock, SkillSchedule, TurnContext, Wake
from os_sim.memory.agenda import Agenda
from os_sim.memory.skill_memory import SkillMemory
from os_sim.skill.surface import Handler, Skill


class Handlers:
    """Calls handlers for one conversation."""

    def __init__(
        self,
        house: House,
        thread: SkillThread,
        session: ConversationSession,
        agenda: Agenda,
        wake: Wake,
    ) -> None:
        self._house = house
        self._thread = thread
        self._session = session
        self._agenda = agenda
        self._wake = wake
        self._chance = house.chance()
        self._turns = Counter[str]()
        """Turns of each skill: what one draws at random does not depend on the others."""

    async def run(self, skill: Skill, handler: Handler, slots: dict[str, Any], turn: Turn) -> None:
        """Run it to its end; raises SkillError if it fails, or is silent for too long."""
        file = Path(handler.__code__.co_filename)
        context = self._context(skill, turn, file)

        async def handle() -> None:
            await guarded(handler(context, **slots), file)

        running = asyncio.ensure_future(self._thread.run(handle))
        try:
            while not running.done():
                left_s = self._house.patience_s - turn.idle_s
                if left_s <= 0:
                    raise too_slow(file, self._house.patience_s)
                await asyncio.wait({running}, timeout=left_s)
            running.result()
        finally:
            context.given_up = True
            if not running.done():
                running.cancel()
                await self._thread.replace_if_stuck()

    def _context(self, skill: Skill, turn: Turn, file: Path) -> TurnContext:
        house, loop = self._house, asyncio.get_running_loop()
        self._turns[skill.name] += 1
        return TurnContext(
            memory=SkillMemory(house.store, skill.name),
            settings=(house.settings or {}).get(skill.name, {}),
            schedule=SkillSchedule(
                self._agenda, skill.name, frozenset(skill.due_handlers), self._wake
            ),
            session=self._session,
            clock=HouseClock(house.clock, loop),
            random=Random(f"{self._chance} {skill.name} {self._turns[skill.name]}"),
            turn=turn,
            house=loop,
            documents=house.documents,
            source=file,
        )
