"""The model inside the PocketSphinx wheel, and what the builder makes of it: once for all tests."""

from pathlib import Path

import pytest

from models.builder import network, sphinx, transitions
from models.builder.sphinx import SphinxModel
from models.builder.transitions import TransitionTable
from tests.models.builder import nnet3, small_models
from tests.models.builder.nnet3 import AcousticModel


@pytest.fixture(scope="session")
def wheel() -> Path:
    return sphinx.wheel_folder()


@pytest.fixture(scope="session")
def sphinx_model(wheel: Path) -> SphinxModel:
    return sphinx.read(wheel)


@pytest.fixture(scope="session")
def acoustic_folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`am/` and `conf/` as the builder writes them."""
    folder = tmp_path_factory.mktemp("acoustic")
    network.write_acoustic_model(wheel, folder)
    return folder


@pytest.fixture(scope="session")
def transition_table(sphinx_model: SphinxModel) -> TransitionTable:
    return transitions.transition_table(sphinx_model)


@pytest.fixture(scope="session")
def written(acoustic_folder: Path) -> AcousticModel:
    """`am/final.mdl`, read back."""
    return nnet3.read(acoustic_folder / "am/final.mdl")


@pytest.fixture(scope="session")
def small_lookahead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a few words whose grammar can change."""
    return small_models.build(tmp_path_factory.mktemp("lookahead") / "small-en", "lookahead")


@pytest.fixture(scope="session")
def small_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same words, composed beforehand."""
    return small_models.build(tmp_path_factory.mktemp("static") / "small-en", "static")
