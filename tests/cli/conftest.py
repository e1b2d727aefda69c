"""What the tests of the command line share."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Path:
    """The folder that every run of a test keeps its things in."""
    return Path(os.environ["OS_SIM_HOME"])
