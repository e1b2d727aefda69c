"""The list of words the user has taught."""

from pathlib import Path

import pytest

from os_sim.asr.user_words import add_word, read_words, remove_word
from os_sim.errors import ConfigError, HomeError
from os_sim.nlu.sounds import Phones

JONZE: Phones = ("JH", "OW", "N", "Z")
JAHNZ: Phones = ("JH", "AA", "N", "Z")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "words.toml"


def test_without_a_file_nothing_was_taught(file: Path) -> None:
    assert read_words(file) == {}
    assert not remove_word(file, "jonze")
    assert not file.exists()


def test_a_word_is_kept_with_all_its_pronunciations(file: Path) -> None:
    add_word(file, "jonze", (JONZE, JAHNZ))
    add_word(file, "o'neill", (("OW", "N", "IY", "L"),))
    add_word(file, "zoë", (("Z", "OW", "IY"),))
    add_word(file, "st.john", (("S", "IH", "N", "JH", "AH", "N"),))
    assert list(read_words(file)) == ["jonze", "o'neill", "zoë", "st.john"]
    assert read_words(file)["jonze"] == (JONZE, JAHNZ)


def test_a_word_taught_again_sounds_as_it_was_taught_last(file: Path) -> None:
    add_word(file, "jonze", (JAHNZ,))
    add_word(file, "twombly", (("T", "UW", "M", "B", "L", "IY"),))
    add_word(file, "jonze", (JONZE,))
    assert read_words(file)["jonze"] == (JONZE,)
    assert file.read_text("utf-8").count("jonze") == 1


def test_a_change_leaves_what_the_user_wrote_alone(file: Path) -> None:
    file.parent.mkdir()
    mine = '# my friends\nada = "EY D AH"\n\n# and theirs: jonze\njonze="jh ow1 n z" # once\n'
    file.write_text(mine, "utf-8")
    assert read_words(file)["jonze"] == (JONZE,)
    add_word(file, "bea", (("B", "IY"),))
    assert file.read_text("utf-8") == mine + 'bea = "B IY"\n'
    assert remove_word(file, "jonze")
    assert file.read_text("utf-8") == (
        '# my friends\nada = "EY D AH"\n\n# and theirs: jonze\nbea = "B IY"\n'
    )


def test_a_last_line_without_an_end_is_no_trouble(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('ada = "EY D AH"', "utf-8-sig")
    add_word(file, "bea", (("B", "IY"),))
    assert list(read_words(file)) == ["ada", "bea"]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("jonze = JH OW N Z\n", "not valid TOML"),
        ('o\'neill = "OW N IY L"\n', "not valid TOML"),
        ('jonze = "JH OW N Z"\njonze = "JH"\n', "not valid TOML"),
        ("jonze = 3\n", "jonze: the sounds must be a text"),
        ("jonze = []\n", "jonze: the sounds must be a text"),
        ('jonze = [["JH"]]\n', "jonze: the sounds must be a text"),
        ('jonze = "JH OH N Z"\n', "jonze: 'OH' is no sound"),
        ('jonze = "JH OWW N Z"\n', "did you mean OW?"),
        ('jonze = ""\n', "no vowel"),
        ('jonze = "JH N Z"\n', "no vowel"),
        (f'jonze = "{"OW " * 41}"\n', "41 sounds are too many"),
        ('Jonze = "JH OW N Z"\n', "'Jonze' must be one word in small letters"),
        ('"spike jonze" = "JH OW N Z"\n', "must be one word"),
        ('"🙂" = "JH OW N Z"\n', "must be one word"),
        ('st.john = "S IH N JH AH N"\n', "put a word with a dot in quotation marks"),
        ("[words]\n", "quotation marks"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_damaged_list_is_told_with_the_place_and_what_to_do(
    damage: str, told: str, file: Path
) -> None:
    file.parent.mkdir()
    file.write_text(damage, "utf-8", "surrogateescape")
    before = file.read_bytes()
    for touch in (read_words, lambda file: add_word(file, "a", (JONZE,))):
        with pytest.raises(ConfigError) as caught:
            touch(file)
        assert str(file) in str(caught.value)
        assert told in str(caught.value)
        assert "\n" not in str(caught.value)
    assert file.read_bytes() == before


def test_a_word_over_several_lines_is_left_to_its_owner(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('jonze = [\n  "JH OW N Z",\n]\n', "utf-8")
    assert read_words(file)["jonze"] == (JONZE,)
    for change in (lambda: remove_word(file, "jonze"), lambda: add_word(file, "jonze", (JAHNZ,))):
        with pytest.raises(ConfigError, match="more than one line"):
            change()
    add_word(file, "ada", (("EY", "D", "AH"),))
    assert list(read_words(file)) == ["jonze", "ada"]


def test_ten_thousand_words_are_no_burden(file: Path) -> None:
    file.parent.mkdir()
    letters = "abcdefghij"
    names = [f"x{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in letters]
    file.write_text("".join(f'{name} = "EH K S AA"\n' for name in names), "utf-8")
    add_word(file, "jonze", (JONZE,))
    assert remove_word(file, "xabcd")
    assert len(read_words(file)) == 10_000


def test_a_home_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(HomeError, match=r"cannot write .*words\.toml") as caught:
        add_word(tmp_path / "home" / "words.toml", "jonze", (JONZE,))
    assert "--home" in str(caught.value)
