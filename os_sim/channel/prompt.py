"""Ears for a keyboard: a prompt with history and completion."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from os_sim.dialogue import Expectation
from os_sim.events import HeardEvent, Utterance

MAX_OFFERED = 8
"""Completions in the list."""


class PromptEars:
    """Asks for a line when the OS has said its say; Ctrl-D, or Ctrl-C on an empty line, leaves."""

    origin: str | None = None
    patience_s = float("inf")

    def __init__(self, mark: str, history_file: Path | None = None) -> None:
        """`mark` stands before what is typed; the history is kept only if a file is given."""
        history: History = FileHistory(str(history_file)) if history_file else InMemoryHistory()
        self._completer = _SentenceCompleter()
        self._session: PromptSession[str] = PromptSession(
            ANSI(mark),
            history=history,
            completer=self._completer,
            complete_in_thread=True,
            complete_while_typing=False,
        )
        self._floor = asyncio.Event()
        self._floor.set()

    async def heard(self) -> AsyncIterator[HeardEvent]:
        with patch_stdout(raw=True):  # what is said while a line is typed stands above it
            while True:
                await self._floor.wait()
                try:
                    line = await self._session.prompt_async()
                except EOFError:
                    return
                except KeyboardInterrupt:
                    if self._session.default_buffer.text:
                        continue
                    return
                if line.strip():
                    yield Utterance(line.strip())

    def expect(self, expectation: Expectation) -> None:
        self._completer.expectation = expectation

    def give_floor(self) -> None:
        self._floor.set()

    def take_floor(self) -> None:
        self._floor.clear()


class _SentenceCompleter(Completer):
    """Offers the sentences that begin as the line does, shortest first."""

    expectation: Expectation | None = None

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        typed = document.text_before_cursor.lower().lstrip()
        if self.expectation is None or not typed:
            return
        fitting = [text for text in self.expectation.sentences if text.startswith(typed)]
        for text in sorted(fitting, key=lambda text: (len(text), text))[:MAX_OFFERED]:
            yield Completion(text, start_position=-len(typed))
