"""Imports go down, never up or sideways: the floors of docs/architecture.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "os_sim"
FLOORS = (
    {"errors", "clock", "config", "events", "resources"},
    {"audio", "nlu", "memory"},
    {"asr", "tts", "vad"},
    {"skill"},
    {"dialogue"},
    {"channel"},
    {"assistant", "engines", "testing", "golden", "pytest_plugin", "doctor", "teaching"},
    {"cli", "__main__"},
)
GROUND = FLOORS[0]
SIDEWAYS = {
    # The harness is one story in three files.
    ("golden", "testing"),
    ("pytest_plugin", "golden"),
    ("__main__", "cli"),
    ("assistant", "engines"),
    ("doctor", "engines"),
    ("doctor", "teaching"),
    ("assistant", "teaching"),
    ("teaching", "engines"),
}
ONLY_IMPORTER = {
    "vosk": "asr/vosk.py",
    "pyttsx3": "tts/worker.py",
    "sounddevice": "audio/devices.py",
    "webrtcvad": "vad/webrtc.py",
}


def rooms_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "os_sim":
                yield from ((f"os_sim.{name.name}", node.lineno) for name in node.names)
            else:
                yield node.module, node.lineno


def floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_go_down(file: Path) -> None:
    here = file.relative_to(PACKAGE).with_suffix("").parts[0]
    if here == "__init__":
        here = "errors"
    for module, line in imports(file):
        there = rooms_of(module) if module.startswith("os_sim.") else ""
        if there in ("", here, "__version__") or (here, there) in SIDEWAYS:
            continue
        if here in GROUND and there in GROUND:  # one room: the nouns of the house
            continue
        assert floor(there) < floor(here), f"{file.name}:{line} imports {module}"


@pytest.mark.parametrize("engine", ONLY_IMPORTER)
def test_an_engine_is_imported_in_one_module(engine: str) -> None:
    importers = {
        str(file.relative_to(PACKAGE).as_posix())
        for file in FILES
        for module, _ in imports(file)
        if module.split(".")[0] == engine
    }
    assert importers == {ONLY_IMPORTER[engine]}


def test_the_keyboard_is_read_in_two_modules() -> None:
    readers = {
        file.relative_to(PACKAGE).as_posix()
        for file in FILES
        for module, _ in imports(file)
        if module.split(".")[0] == "prompt_toolkit"
    }
    assert readers == {"channel/prompt.py", "channel/talk_key.py"}


def test_a_skill_imports_the_surface_and_nothing_else_of_the_house() -> None:
    allowed = {"os_sim.skill", "os_sim.testing"}
    for file in (PACKAGE.parent / "skills").rglob("*.py"):
        for module, line in imports(file):
            if module.split(".")[0] in ("os_sim", "skills"):
                assert module in allowed, f"{file}:{line} imports {module}"


def test_the_outside_world_is_reached_from_the_installer_alone() -> None:
    reaching = ("urllib.request", "http.client", "requests", "socket", "aiohttp", "httpx")
    for file in FILES:
        if "asr/models" not in file.as_posix():
            assert not [m for m, _ in imports(file) if m in reaching], file
