"""What the tests of hearing share: the built-in model, opened once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from os_sim.asr.models.find import find
from os_sim.asr.vosk import VoskModel


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in model, unpacked."""
    place = tmp_path_factory.mktemp("hearing")
    return find("", data_dir=place / "data", cache_dir=place / "cache").path


@pytest.fixture(scope="session")
def model(model_folder: Path) -> Iterator[VoskModel]:
    model = VoskModel.load(model_folder)
    yield model
    model.close()
