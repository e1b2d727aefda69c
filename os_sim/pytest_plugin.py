"""Makes pytest run the golden conversations of every skill: `conversations/*.txt`.

Installed with os_sim as a pytest plugin, so it works in anyone's repository.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScriptFile | None":
    """A text file in a folder `conversations` beside a skill.py is a file of tests."""
    folder = file_path.parent
    if (
        file_path.suffix == ".txt"
        and folder.name == "conversations"
        and (folder.parent / "skill.py").is_file()
    ):
        return ScriptFile.from_parent(parent, path=file_path)
    return None


class ScriptFile(pytest.File):
    """A file of scenes."""

    def collect(self) -> Iterator["SceneItem"]:
        # Imported late: pytest loads this plugin in every project of the machine.
        from os_sim.golden import read_script

        script = read_script(self.path)
        for number, scene in enumerate(script.scenes):
            yield SceneItem.from_parent(self, name=scene.title, number=number)


class SceneItem(pytest.Item):
    """One conversation."""

    def __init__(self, *, number: int, **others: object) -> None:
        super().__init__(**others)  # type: ignore[arg-type]  # pytest's own arguments
        self._number = number

    def runtest(self) -> None:
        from os_sim.golden import play, read_script

        script = read_script(self.path)
        play(script, script.scenes[self._number], self.path.parent.parent)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: object) -> str:
        from os_sim.golden import ScriptError

        if isinstance(excinfo.value, ScriptError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        from os_sim.golden import read_script

        line = read_script(self.path).scenes[self._number].number
        return self.path, line, f"conversation: {self.name}"
