"""Every block of code in docs/skills.md: skills are loaded, and conversations held with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from os_sim.golden import play, read_script
from tests.cli.pages import Block, blocks_of
from tests.cli.program import ROOT, run

PAGE = ROOT / "docs" / "skills.md"
BLOCKS = blocks_of(PAGE)
HEADER = """\
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal
import numpy as np
from os_sim.skill import MIX_HZ, Context, Document, Skill, Track
skill = Skill("example", summary="An example")
"""
"""What the shorter blocks leave out."""


def skill_before(block: Block) -> str:
    """The last skill on the page before this block, whole."""
    text = [
        one.text
        for one in BLOCKS
        if one.kind == "python" and one.line < block.line and "def test_" not in one.text
    ][-1]
    return text if "skill = Skill(" in text else HEADER + text


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "skill.py").write_text(text)
    return folder


def of(kind: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind == kind]


def test_the_page_has_no_block_that_is_not_run() -> None:
    assert {block.kind for block in BLOCKS} == {"console", "python", "script", "toml"}
    assert len(of("script")) == len(of("python"))


@pytest.mark.parametrize("script", of("script"), ids=str)
def test_each_conversation_goes_as_it_is_written(script: Block, tmp_path: Path) -> None:
    folder = write(tmp_path / "example", skill_before(script))
    file = tmp_path / "script.txt"
    file.write_text(script.text)
    conversation = read_script(file)
    for scene in conversation.scenes:
        play(conversation, scene, folder)


def test_the_test_on_the_page_passes(tmp_path: Path) -> None:
    (test,) = (block for block in of("python") if "def test_" in block.text)
    write(tmp_path / "skills" / "example", skill_before(test))
    (tmp_path / "test_example.py").write_text(test.text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout


def test_an_installed_package_brings_its_skill(tmp_path: Path) -> None:
    _, toml = of("toml")
    package = tmp_path / "my_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "coffee.py").write_text(of("python")[0].text)
    installed = tmp_path / "my_package-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n")
    name, target = (part.strip(' "\n') for part in toml.text.splitlines()[1].split("="))
    (installed / "entry_points.txt").write_text(f"[os_sim.skills]\n{name} = {target}\n")
    talk = run(
        *("text", "--json"),
        said=["make me a small mocha", "yes"],
        env={"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )
    assert talk.err == ""
    assert talk.said == ["It's on its way."]


def test_the_commands_on_the_page_run() -> None:
    console, _ = of("console")
    new, check = (line.removeprefix("$ script/run ").split() for line in console.text.splitlines())
    written = run(*new)
    assert written.code == 0
    checked = run(*check[:-1], written.out.strip())
    assert (checked.code, checked.err) == (0, "")


def test_the_pronunciations_on_the_page_are_said(home: Path, tmp_path: Path) -> None:
    sounds, _ = of("toml")
    (home / "words.toml").write_text(sounds.text, "utf-8")
    _, console = of("console")
    command, shown = console.text.splitlines()
    say = command.removeprefix("$ script/run ").split()
    assert run(*say, "--output", tmp_path / "said.wav").out == f"{shown}\n"
