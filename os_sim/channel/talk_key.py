"""Push-to-talk: the space bar of the terminal, held or toggled.

A terminal tells of presses and never of a release.  A held key repeats itself, so it counts as
released when the repeats stay away: for longer before the first one, because keyboards wait
250 to 660 ms before they repeat.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

from os_sim.channel.hearing import TalkKey

FIRST_REPEAT_S = 0.75
NEXT_REPEAT_S = 0.15


class SpaceBar:
    """Watches the keyboard and moves a TalkKey.  Use from one event loop."""

    def __init__(self, talk_key: TalkKey, *, toggle: bool) -> None:
        """`toggle`: one press to begin, another to end."""
        self._talk_key = talk_key
        self._toggle = toggle
        self._release: asyncio.TimerHandle | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While inside, the terminal does not echo; it is restored on every way out."""
        keyboard = create_input()
        with keyboard.raw_mode(), keyboard.attach(lambda: self._read(keyboard.read_keys())):
            yield

    def _read(self, presses: list[KeyPress]) -> None:
        for press in presses:
            if press.key == Keys.ControlC:  # in raw mode the terminal sends no signal
                os.kill(os.getpid(), signal.SIGINT)
            elif press.key == " ":
                self.press()

    def press(self) -> None:
        """The key went down, or repeated itself."""
        if self._toggle:
            self._talk_key.pressed = not self._talk_key.pressed
            return
        wait_s = NEXT_REPEAT_S if self._talk_key.pressed else FIRST_REPEAT_S
        self._talk_key.pressed = True
        if self._release is not None:
            self._release.cancel()
        self._release = asyncio.get_running_loop().call_later(wait_s, self._let_go)

    def _let_go(self) -> None:
        self._talk_key.pressed = False
