"""Voices as files: what is shipped, what a user adds, and what is said about a wrong file."""

from pathlib import Path

import pytest

from os_sim.errors import VoiceError
from os_sim.resources import shipped
from os_sim.tts.voice import find_voice, list_voices

SHIPPED = shipped("voices")


def edited(folder: Path, old: str, new: str) -> Path:
    """Samantha's file with one thing changed, in a folder of its own."""
    text = (SHIPPED / "samantha.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "samantha.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_feminine_a_masculine_and_a_neutral_voice_are_shipped() -> None:
    kinds = {voice.name: voice.kind for voice in list_voices([SHIPPED])}
    assert kinds == {"Samantha": "feminine", "Ansel": "masculine", "Conductor": "neutral"}


def test_a_voice_is_found_whatever_the_case_of_its_name() -> None:
    assert find_voice("SAMANTHA", [SHIPPED]).name == "Samantha"


def test_samantha_uses_the_macos_voice_of_her_name() -> None:
    assert find_voice("samantha", [SHIPPED]).on("darwin").voices[0] == "Samantha"


def test_a_users_voice_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    text = (SHIPPED / "ansel.toml").read_text(encoding="utf-8").replace('"Ansel"', '"Wren"')
    (tmp_path / "wren.toml").write_text(text, encoding="utf-8")
    names = [voice.name for voice in list_voices([tmp_path, SHIPPED])]
    assert names == ["Ansel", "Conductor", "Samantha", "Wren"]


def test_a_users_file_replaces_the_shipped_voice_of_the_same_name(tmp_path: Path) -> None:
    folder = edited(tmp_path, "pace_wpm = 165", "pace_wpm = 120")
    assert find_voice("samantha", [folder, SHIPPED]).pace_wpm == 120


def test_the_example_in_the_docs_is_a_voice(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "voices.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "wren.toml").write_text(example, encoding="utf-8")
    assert find_voice("wren", [tmp_path]).linux.voices == ("en-us+f4", "en-us")


def test_a_folder_that_is_not_there_holds_no_voices(tmp_path: Path) -> None:
    assert list_voices([tmp_path / "nowhere"]) == []


def test_an_unknown_voice_names_the_nearest_known_one() -> None:
    with pytest.raises(VoiceError, match="no voice called 'samanta'; did you mean samantha"):
        find_voice("samanta", [SHIPPED])


def test_a_name_like_no_other_lists_what_there_is() -> None:
    with pytest.raises(VoiceError, match="there are: ansel, conductor, samantha"):
        find_voice("xyzzy", [SHIPPED])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("pace_wpm", "pace_wmp", r"samantha\.toml: unknown key 'pace_wmp'; did you mean pace_wpm"),
        ("decay_s", "decay", r"samantha\.toml: finish: room: unknown key 'decay'; .* decay_s"),
        ("gain_db = 2.5", "gian_db = 2.5", r"bands\[1\]: unknown key 'gian_db'; .* gain_db"),
        ('kind = "feminine"', "", r"samantha\.toml: 'kind' is missing"),
        ('"feminine"', '"female"', "kind must be one of feminine, masculine, neutral, not 'fem"),
        ("pace_wpm = 165", 'pace_wpm = "fast"', "pace_wpm must be a whole number, not 'fast'"),
        ("pace_wpm = 165", "pace_wpm = true", "pace_wpm must be a whole number, not True"),
        ("pace_wpm = 165", "pace_wpm = 9000", "pace_wpm must lie between 80 and 400, not 9000"),
        ("ratio = 2.0", "ratio = nan", "ratio must lie between 1 and 20, not nan"),
        ('["en-us+f3", "en-us"]', "[]", "linux: voices must be a list with something in it"),
        ("[linux]", "[linux", r"samantha\.toml: cannot be read: .*line 7"),
        ('name = "Samantha"', 'name = "Sam"', "the voice is called 'Sam'; name the file after it"),
    ],
)
def test_a_wrong_file_is_told_by_file_key_and_remedy(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(VoiceError, match=message):
        find_voice("samantha", [edited(tmp_path, old, new)])
