"""Documents: text files that any program can open."""

from datetime import datetime
from pathlib import Path

import pytest

from os_sim.errors import HomeError
from os_sim.memory.documents import MAX_NAME, save_document

NOW = datetime(2025, 5, 4, 9, 30)


def test_a_document_is_saved_by_its_kind_day_and_title(tmp_path: Path) -> None:
    path = save_document(tmp_path, "letter", "To Anna", "Dear Anna,\n\nhello.\n\n\n", NOW)
    assert path == tmp_path / "letter" / "2025-05-04 To Anna.txt"
    assert path.read_text("utf-8") == "Dear Anna,\n\nhello.\n"


def test_a_second_document_of_the_same_title_gets_a_number(tmp_path: Path) -> None:
    names = [save_document(tmp_path, "letter", "To Anna", str(n), NOW).name for n in range(3)]
    assert names == [
        "2025-05-04 To Anna.txt",
        "2025-05-04 To Anna (2).txt",
        "2025-05-04 To Anna (3).txt",
    ]
    assert [path.read_text() for path in sorted(tmp_path.glob("letter/*"))] == ["1\n", "2\n", "0\n"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("", "untitled"),
        ("...", "untitled"),
        ("../../etc/passwd", ".. .. etc passwd"),
        ("a/b\\c:d*e?f", "a b c d e f"),
        ("  line\nbreak\x00 and  spaces ", "line break and spaces"),
        ("Für Zoë 😀", "Für Zoë 😀"),
        ("x" * 500, "x" * MAX_NAME),
        ("ends with a dot.", "ends with a dot"),
    ],
)
def test_an_odd_title_still_makes_a_file_name(tmp_path: Path, title: str, name: str) -> None:
    path = save_document(tmp_path, "list", title, "text", NOW)
    assert path.name == f"2025-05-04 {name}.txt"
    assert path.parent == tmp_path / "list"


def test_a_long_title_of_wide_letters_still_makes_a_file_name(tmp_path: Path) -> None:
    assert save_document(tmp_path, "list", "語" * 500, "text", NOW).exists()


def test_text_that_no_file_can_hold_is_saved_as_far_as_it_goes(tmp_path: Path) -> None:
    path = save_document(tmp_path, "letter", "A", "half \ud83d a smile", NOW)
    assert path.read_text("utf-8") == "half ? a smile\n"


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("in the way")
    with pytest.raises(
        HomeError, match=r"the letter 'To Anna' could not be saved in .*letter"
    ) as e:
        save_document(tmp_path, "letter", "To Anna", "text", NOW)
    assert "choose another home" in str(e.value)


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    save_document(tmp_path, "letter", "To Anna", "text", NOW)
    assert [path.name for path in tmp_path.glob("letter/*")] == ["2025-05-04 To Anna.txt"]
    assert [path.name for path in tmp_path.glob("letter/.*")] == []
