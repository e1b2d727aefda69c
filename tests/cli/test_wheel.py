"""The wheel: all that the program needs is inside, and it works from an empty folder."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.cli.program import ROOT, SPEECH

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def call(*command: str | Path, cwd: Path, said: str = "") -> str:
    """Standard output of a command; fails with its complaint."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        input=said,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(120)
def test_the_wheel_works_from_an_empty_folder(tmp_path: Path) -> None:
    call(*PIP, "wheel", "-q", "--no-deps", "--wheel-dir", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("os_sim-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("voices/samantha.toml", "skills/film/facts.json", "models/os1-en.tar.xz"):
        assert f"os_sim/data/{wanted}" in names
    assert "os_sim/py.typed" in names
    assert any(name.endswith("/licenses/models/NOTICE") for name in names)
    assert not any("__pycache__" in name or name.startswith(("tests", "bench")) for name in names)
    assert wheel.stat().st_size < 20e6

    place, empty = tmp_path / "venv", tmp_path / "empty"
    empty.mkdir()
    venv.create(place, symlinks=os.name != "nt")
    folder = Path(sysconfig.get_path("purelib", vars={"base": str(place)}))
    # The packages it stands on are those of this environment: fetching them again proves nothing.
    (folder / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    scripts = Path(sysconfig.get_path("scripts", vars={"base": str(place)}))
    python, os_sim = scripts / Path(sys.executable).name, scripts / "os-sim"
    call(*PIP, "--python", python, "install", "-q", "--no-deps", "--no-index", wheel, cwd=empty)

    where = call(python, "-c", "import os_sim; print(os_sim.__file__)", cwd=empty)
    assert Path(where.strip()).is_relative_to(folder)
    assert "No broken requirements" in call(*PIP, "--python", python, "check", cwd=empty)
    assert "Spike Jonze" in call(os_sim, "text", said="who directed her\n", cwd=empty)
    heard = call(os_sim, "hear", SPEECH / "rms" / "play-a-melancholy-song.flac", cwd=empty)
    assert "♪ " in heard
    call(os_sim, "say", "Good morning.", "--output", "morning.wav", cwd=empty)
    assert (empty / "morning.wav").stat().st_size > 50_000
    assert "os1-en (built-in)" in call(os_sim, "doctor", cwd=empty)
    assert [path.name for path in empty.iterdir()] == ["morning.wav"]
