"""Which model is used, and what the list of models shows."""

from pathlib import Path

import pytest

from os_sim.asr.models.catalog import Entry
from os_sim.asr.models.find import find
from os_sim.asr.models.table import Row, format_table, models_table
from os_sim.errors import ModelError
from tests.models.making import dynamic_model, static_model, write

NAME = "vosk-model-small-de-0.15"


def test_without_a_name_the_built_in_model_is_used(tmp_path: Path, small_shipped: Path) -> None:
    write(tmp_path / "models" / NAME, dynamic_model())
    model = find("", data_dir=tmp_path, cache_dir=tmp_path / "cache", shipped_dir=small_shipped)
    assert (model.name, model.origin) == ("small-en", "built-in")


def test_a_name_is_looked_for_among_the_installed_first(
    tmp_path: Path, small_shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = write(tmp_path / "elsewhere" / NAME, dynamic_model())
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "elsewhere"))
    model = find(NAME, data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)
    assert (model.path, model.origin, model.language) == (elsewhere, "found", "de")
    installed = write(tmp_path / "models" / NAME, dynamic_model())
    model = find(NAME, data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)
    assert (model.path, model.origin) == (installed, "installed")


def test_the_built_in_model_can_be_named(tmp_path: Path, small_shipped: Path) -> None:
    model = find("small-en", data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)
    assert model.origin == "built-in"


def test_vosk_model_path_may_be_a_model_itself(
    tmp_path: Path, small_shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "mine", static_model())
    monkeypatch.setenv("VOSK_MODEL_PATH", str(folder))
    model = find("mine", data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)
    assert (model.path, model.takes_grammar) == (folder, False)


def test_what_vosk_itself_downloaded_is_found(tmp_path: Path, small_shipped: Path) -> None:
    folder = write(Path.home() / ".cache/vosk" / NAME, dynamic_model())
    model = find(NAME, data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)
    assert model.path == folder


@pytest.mark.parametrize("below_home", [True, False])
def test_a_path_is_taken_as_it_is(tmp_path: Path, small_shipped: Path, below_home: bool) -> None:
    folder = write((Path.home() if below_home else tmp_path) / "some/model", dynamic_model())
    wanted = "~/some/model" if below_home else str(folder)
    model = find(wanted, data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)
    assert (model.name, model.path, model.origin) == ("model", folder, "found")


def test_a_path_without_a_model_is_an_error(tmp_path: Path, small_shipped: Path) -> None:
    wanted = str(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="nowhere is not there"):
        find(wanted, data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)


def test_a_path_no_disk_can_hold_is_an_error(tmp_path: Path, small_shipped: Path) -> None:
    with pytest.raises(ModelError, match="xxx"):
        find("./" + "x" * 300, data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)


def test_a_name_nobody_has_is_answered_with_the_nearest(
    tmp_path: Path, small_shipped: Path
) -> None:
    with pytest.raises(ModelError, match=r"Did you mean small-en\? .*models install smal-en"):
        find("smal-en", data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=small_shipped)


def test_no_model_at_all_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="os-sim models install NAME"):
        find("", data_dir=tmp_path, cache_dir=tmp_path, shipped_dir=tmp_path)


def test_the_table_shows_every_model_and_which_is_used(tmp_path: Path, small_shipped: Path) -> None:
    files = dynamic_model()
    size = sum(map(len, files.values()))
    write(tmp_path / "models" / NAME, files)
    write(tmp_path / "models/broken", files | {"graph/Gr.fst": b""})
    rows = models_table(
        NAME,
        data_dir=tmp_path,
        published=[published(NAME), published("other"), published("old", obsolete=True)],
        shipped_dir=small_shipped,
    )
    assert rows[1:] == (
        Row(NAME, "installed", "de", size, True, ""),
        Row("small-en", "built-in", "en-us", size, False, ""),
        Row("other", "known", "fr", 1_000_000, False, "French"),
    )
    assert (rows[0].name, rows[0].in_use) == ("broken", False)
    assert "graph/Gr.fst is empty" in rows[0].note


def test_the_table_is_printed_in_columns(tmp_path: Path, small_shipped: Path) -> None:
    rows = models_table(
        "", data_dir=tmp_path, published=[published("other")], shipped_dir=small_shipped
    )
    assert format_table(rows).splitlines() == [
        "   NAME      ORIGIN    LANGUAGE  SIZE",
        "*  small-en  built-in  en-us     0 MB",
        "   other     known     fr        1 MB  French",
    ]


def test_a_model_configured_by_its_path_is_in_the_table(
    tmp_path: Path, small_shipped: Path
) -> None:
    folder = write(tmp_path / "mine", static_model())
    rows = models_table(str(folder), data_dir=tmp_path, shipped_dir=small_shipped)
    assert [(row.name, row.in_use) for row in rows] == [("small-en", False), ("mine", True)]
    assert "no grammar" in rows[1].note


def published(name: str, *, obsolete: bool = False) -> Entry:
    return Entry(
        name=name,
        language="fr",
        language_name="French",
        kind="small",
        size_bytes=1_000_000,
        md5="0" * 32,
        url="https://example.org/model.zip",
        obsolete=obsolete,
    )
