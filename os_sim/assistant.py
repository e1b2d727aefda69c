"""The wiring: from the settings to a conversation, top to bottom.

`talk`, `text` and `hear` each put a pair of ears and a mouth together; all else is the same.
Engines are imported where they are needed, so that text mode starts without them.
"""

import sys
from dataclasses import dataclass

from os_sim import resources
from os_sim.channel.screen import CORAL, JsonLines, Lines, Screen, wants_colour
from os_sim.channel.silence import Silence
from os_sim.clock import Clock, SystemClock
from os_sim.config import Config, Home
from os_sim.dialogue import Ears, Mouth
from os_sim.dialogue.conversation import Conversation, House
from os_sim.events import Failed
from os_sim.memory.store import Store
from os_sim.skill.loading import load_shelf

GREETING = "I'm here."


@dataclass(frozen=True)
class Run:
    """What the command line asked for, whatever the channel."""

    home: Home
    config: Config
    json: bool = False
    seed: int | None = None


async def text(run: Run, *, speak: bool = False, mute: bool = False) -> int:
    """Type: at a prompt in a terminal, or lines from a pipe.  Returns the exit code."""
    if not sys.stdin.isatty():
        from os_sim.channel.pipe import PipeEars

        return await _converse(run, PipeEars(sys.stdin), Silence(SystemClock()), echo=True)
    from os_sim.channel.prompt import PromptEars

    history = run.home.data / "history" if run.config.text.keep_history else None
    mark = f"\x1b[{CORAL}m›\x1b[0m " if wants_colour(sys.stdout) else "› "
    return await _converse(
        run, PromptEars(mark, history), Silence(SystemClock()), greeting=GREETING
    )


async def _converse(
    run: Run,
    ears: Ears,
    mouth: Mouth,
    *,
    clock: Clock | None = None,
    echo: bool = False,
    greeting: str | None = None,
) -> int:
    """Hold one conversation to its end; returns the exit code."""
    clock = clock or SystemClock()
    screen = _screen(run, ears, clock, echo)
    store = Store(run.home.store_file)
    try:
        shelf = load_shelf(resources.shipped("skills"), run.home.skills, run.config.skills.off)
        for problem in shelf.problems:
            screen.show(Failed(type(problem).__name__, str(problem)))
        house = House(
            shelf=shelf,
            store=store,
            documents=run.home.documents,
            clock=clock,
            seed=run.seed,
            voice=run.config.speaking.voice,
            patience_s=run.config.skills.patience_s,
            settings=run.config.skills.settings,
        )
        await Conversation(house, ears, mouth, screen.show).run(greeting)
    finally:
        await mouth.close()
        store.close()
    return 0


def _screen(run: Run, ears: Ears, clock: Clock, echo: bool) -> Screen:
    def origin() -> str | None:
        return ears.origin

    if run.json:
        return JsonLines(sys.stdout, clock, origin)
    return Lines(sys.stdout, run.config.speaking.voice, echo=echo, origin=origin)
