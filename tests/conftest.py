"""What all tests share."""

import os
from collections.abc import Generator

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the home of whoever runs it.

    The homes share one cache of models: the built-in one is unpacked, and told of the skills'
    sentences and how their words sound, once and not for every test.
    """
    home = tmp_path_factory.mktemp("home")
    (home / "cache").mkdir()
    for kind in ("models", "graphs", "sounds", "understanding"):
        shared = tmp_path_factory.getbasetemp() / kind
        shared.mkdir(exist_ok=True)
        (home / "cache" / kind).symlink_to(shared)
    monkeypatch.setenv("OS_SIM_HOME", str(home))
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is installed nothing may be left out."""
    report = yield
    if os.environ.get("CI") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"
    return report
