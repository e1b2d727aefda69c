"""A model folder is looked at before libvosk opens it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from os_sim.asr.models import Model, layout
from os_sim.errors import ModelError
from tests.models.making import dynamic_model, fst, old_model, static_model, write

Files = dict[str, bytes]


@pytest.mark.parametrize(
    ("files", "takes_grammar"),
    [(dynamic_model(), True), (static_model(), False), (old_model(), False)],
    ids=["dynamic", "static", "old"],
)
def test_every_layout_that_libvosk_opens_is_accepted(
    tmp_path: Path, files: Files, takes_grammar: bool
) -> None:
    checked = layout.check(write(tmp_path, files))
    assert checked.takes_grammar is takes_grammar
    assert checked.size_bytes == sum(map(len, files.values()))


@pytest.mark.parametrize("make", [dynamic_model, static_model, old_model])
def test_a_file_that_is_missing_or_empty_is_named(
    tmp_path: Path, make: Callable[[], Files]
) -> None:
    required = [name for name in make() if "boundary" not in name]
    for number, name in enumerate(required):
        folder = write(tmp_path / str(number), make())
        (folder / name).write_bytes(b"")
        with pytest.raises(ModelError, match=f"{name} is empty"):
            layout.check(folder)
        (folder / name).unlink()
        # An old model without its acoustic model has nothing left that tells it from any folder.
        how = "is not a speech model" if name == "final.mdl" else "is missing"
        with pytest.raises(ModelError, match=how):
            layout.check(folder)


@pytest.mark.parametrize("name", [name for name in dynamic_model() if "conf" not in name])
def test_a_file_that_is_cut_short_is_named(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, dynamic_model())
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) * 3 // 4])
    with pytest.raises(ModelError, match=f"{name} is cut short") as error:
        layout.check(folder)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst"])
def test_a_cut_is_found_in_the_real_model_too(tmp_path: Path, built_in: Model, name: str) -> None:
    folder = tmp_path / "copy"
    for file in built_in.path.rglob("*"):
        link = folder / file.relative_to(built_in.path)
        link.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file():
            link.symlink_to(file)
    assert layout.check(folder).takes_grammar
    data = (built_in.path / name).read_bytes()
    (folder / name).unlink()
    (folder / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match=f"{name} is cut short"):
        layout.check(folder)


def test_a_graph_that_carries_its_words_needs_no_list_of_them(tmp_path: Path) -> None:
    files = dynamic_model()
    del files["graph/words.txt"]
    with pytest.raises(ModelError, match=r"graph/words\.txt is missing"):
        layout.check(write(tmp_path, files))
    layout.check(write(tmp_path, files | {"graph/Gr.fst": fst(words_inside=True)}))


def test_half_a_speaker_adaptation_is_found(tmp_path: Path) -> None:
    files = dynamic_model() | {"ivector/final.ie": b"x", "ivector/final.mat": b"x"}
    with pytest.raises(ModelError, match=r"ivector/final\.dubm is missing"):
        layout.check(write(tmp_path, files))


def test_a_text_file_in_place_of_a_graph_is_found(tmp_path: Path) -> None:
    folder = write(tmp_path, dynamic_model() | {"graph/HCLr.fst": b"404 not found\n" * 9})
    with pytest.raises(ModelError, match=r"graph/HCLr\.fst is cut short"):
        layout.check(folder)


def test_a_folder_without_a_model_is_told_from_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not a speech model"):
        layout.check(tmp_path)
    with pytest.raises(ModelError, match="is not there"):
        layout.check(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("vosk-model-small-en-us-0.15", "en-us"),
        ("vosk-model-de-0.21", "de"),
        ("vosk-model-ar-mgb2-0.4", "ar"),
        ("my-own", ""),
    ],
)
def test_the_language_is_read_from_a_published_name(name: str, language: str) -> None:
    assert layout.language_of(name) == language
