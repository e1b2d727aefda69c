"""What the tests of the command line share."""

from pathlib import Path

import pytest

from os_sim.asr.models.find import find


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder that every run of a test keeps its things in."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in model, unpacked once for all runs."""
    place = tmp_path_factory.mktemp("model")
    return find("", data_dir=place / "data", cache_dir=place / "cache").path
