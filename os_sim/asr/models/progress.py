"""How far a long step has come: what is reported, and the bar that shows it in a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

Stage = Literal["Downloading", "Checking", "Unpacking"]


class Progress(Protocol):
    """Told again and again how far a stage is, in the caller's thread."""

    def __call__(self, stage: Stage, done_bytes: int, total_bytes: int) -> None: ...


def quiet(stage: Stage, done_bytes: int, total_bytes: int) -> None:
    """Report to nobody."""


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error, gone when the work is done; silent if that is no terminal."""
    from rich.console import Console  # 60 ms that only an installation needs to pay
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:
        yield quiet
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Bars(*columns, TimeRemainingColumn(), console=console, transient=True) as bars:
        bar = bars.add_task("Connecting", total=None)

        def show(stage: Stage, done_bytes: int, total_bytes: int) -> None:
            bars.update(bar, description=stage, completed=done_bytes, total=total_bytes)

        yield show
