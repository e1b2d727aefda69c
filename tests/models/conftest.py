"""What the tests of the models share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from os_sim.asr.models import Model
from os_sim.asr.models.find import find
from tests.models.making import dynamic_model, packed, write
from tests.models.publisher import Publisher


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """A publisher that has nothing on its list yet."""
    with Publisher() as server:
        yield server


@pytest.fixture(scope="session")
def small_shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like `models/`, with a small model packed in it."""
    place = tmp_path_factory.mktemp("shipped")
    return packed(write(place / "small-en", dynamic_model()), place / "models")


@pytest.fixture(scope="session")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The real built-in model, unpacked."""
    place = tmp_path_factory.mktemp("built-in")
    return find("", data_dir=place / "data", cache_dir=place / "cache")


@pytest.fixture(autouse=True)
def nothing_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models that happen to lie on this machine are out of sight."""
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
