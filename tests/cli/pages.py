"""The blocks of code in a page of the documentation."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    kind: str
    """What stands behind the opening fence: python, console, …"""
    text: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line}"


def blocks_of(page: Path) -> list[Block]:
    """Every fenced block of the page, in order."""
    text = page.read_text("utf-8")
    return [
        Block(found[1], found[2], text[: found.start()].count("\n") + 1)
        for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]


def indented_commands(page: Path) -> list[str]:
    """The lines that are set as code by four spaces, without what is said of them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("    ") for line in text.splitlines() if line.startswith("    ")]
    return [line.partition("  ")[0] for line in lines]
