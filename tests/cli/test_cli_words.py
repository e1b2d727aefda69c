"""`os-sim models words`: words that no model knows are taught, said, listed and forgotten."""

from pathlib import Path

import pytest
import soundfile

from tests.cli.program import run


def words(*arguments: str | Path) -> tuple[str, ...]:
    return ("models", "words", *map(str, arguments))


def test_a_word_is_taught_shown_and_forgotten(home: Path) -> None:
    taught = run(*words("add", "Hoytema"))
    assert (taught.code, taught.err) == (0, "")
    assert taught.out.splitlines()[0].split() == [
        "hoytema",
        "hoy-tuh-muh",
        *"HH OY T AH M AH".split(),
    ]
    assert "os-sim models words say hoytema" in taught.out
    assert 'hoytema = "HH OY T AH M AH"' in (home / "words.toml").read_text("utf-8")
    assert run(*words()).out == run(*words("list")).out == taught.out.splitlines()[0] + "\n"
    assert run(*words("remove", "hoytema")).out == "hoytema is forgotten\n"
    assert "no word has been taught yet" in run(*words()).out


def test_a_word_is_taught_by_its_sounds(home: Path) -> None:
    assert run(*words("add", "Jonze", "--sounds", "JH OW N Z", "--sounds", "jh aa1 n z")).code == 0
    assert 'jonze = ["JH OW N Z", "JH AA N Z"]' in (home / "words.toml").read_text("utf-8")


def test_a_word_is_taught_by_words_that_sound_like_it(home: Path) -> None:
    assert run(*words("add", "Wiig", "--like", "wig")).code == 0
    assert 'wiig = "W IH G"' in (home / "words.toml").read_text("utf-8")
    assert run(*words("add", "Dystra", "--like", "dice tray")).code == 0
    assert 'dystra = "D AY S T R EY"' in (home / "words.toml").read_text("utf-8")


def test_a_word_the_model_knows_is_taught_with_a_remark() -> None:
    assert "knows jones already" in run(*words("add", "jones")).out


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        (("add",), 2, "the following arguments are required: WORD"),
        (("add", ""), 2, "'' has no word in it"),
        (("add", "🙂"), 2, "'🙂' has no word in it"),
        (("add", "jean luc"), 2, "'jean luc' is 2 words (jean, luc)"),
        (("add", "привет"), 2, "nobody can tell from its letters how 'привет' sounds"),
        (("add", "2046"), 2, "--sounds 'JH OW N Z', or --like jones"),
        (("add", "x", "--sounds", "JH OWW"), 2, "'OWW' is no sound; did you mean OW?"),
        (("add", "x", "--sounds", "JH"), 2, "no vowel"),
        (("add", "x", "--sounds", ""), 2, "no vowel"),
        (("add", "x", "--like", "привет мир"), 2, "nobody can tell how 'привет мир' in --like"),
        (("add", "x", "--like", ""), 2, "nobody can tell how '' in --like"),
        (("add", "x", "--like", "wig", "--sounds", "W IH G"), 2, "not allowed with argument"),
        (("remove", "jonze"), 2, "'jonze' is not among the words that were taught"),
        (("say", "🙂"), 2, "'🙂' has no word in it"),
        (("say", "привет"), 2, "nobody can tell from its letters how 'привет' sounds"),
    ],
)
def test_what_cannot_be_taught_is_told_in_one_line(
    line: tuple[str, ...], code: int, what: str, home: Path
) -> None:
    asked = run(*words(*line))
    assert asked.code == code
    assert asked.out == ""
    assert what in asked.complaint()
    assert not (home / "words.toml").exists()


def test_a_word_that_is_not_there_is_told_with_the_nearest_one() -> None:
    run(*words("add", "hoytema"))
    assert "did you mean hoytema?" in run(*words("remove", "hoitema")).complaint()


def test_it_says_every_way_of_a_word(tmp_path: Path) -> None:
    run(*words("add", "jonze", "--sounds", "JH OW N Z"))
    once = run(*words("say", "jonze", "--output", tmp_path / "once.wav"))
    assert once.out.split() == ["jonze", "johnz", *"JH OW N Z".split()]
    run(*words("add", "jonze", "--sounds", "JH OW N Z", "--sounds", "JH AA N Z"))
    twice = run(*words("say", "Jonze", "--output", tmp_path / "twice.wav"))
    assert len(twice.out.splitlines()) == 2
    lengths = [soundfile.info(tmp_path / f"{name}.wav").duration for name in ("once", "twice")]
    assert 0.3 < lengths[0] < 1.5
    assert 1.7 < lengths[1] / lengths[0] < 2.3


def test_it_says_a_skill_s_name_as_the_skill_has_it(tmp_path: Path) -> None:
    said = run(*words("say", "Wiig", "--output", tmp_path / "wiig.wav"))
    assert said.out.split() == ["wiig", "wig", "W", "IH", "G"]


def test_a_damaged_list_is_told_and_left_alone(home: Path) -> None:
    (home / "words.toml").write_text('jonze = "JH OH N Z"\n')
    for line in (words(), words("add", "hoytema"), words("remove", "jonze"), words("say", "soko")):
        asked = run(*line)
        assert asked.code == 2
        assert "words.toml: jonze: 'OH' is no sound" in asked.complaint()
    assert (home / "words.toml").read_text() == 'jonze = "JH OH N Z"\n'
    marks = {line[4:17].strip(): line for line in run("doctor").out.splitlines()}
    assert marks["words"].startswith("!!")
    assert "'OH' is no sound" in marks["words"]


def test_a_full_disk_loses_no_word(home: Path) -> None:
    run(*words("add", "hoytema"))
    before = (home / "words.toml").read_text()
    failed = run(*words("add", "soko", "--sounds", "S OW K OW"), largest_file_bytes=100)
    assert failed.code == 1
    assert "cannot write" in failed.complaint() and "words.toml" in failed.complaint()
    assert (home / "words.toml").read_text() == before
    assert not list(home.glob(".words-*"))


def test_without_espeak_the_sounds_are_asked_for(tmp_path: Path) -> None:
    """The wheel that brings libespeak-ng is there, but what it brings is not."""
    (tmp_path / "espeakng_loader.py").write_text(
        "def get_library_path(): return '/nowhere/libespeak-ng.so'\n"
        "def get_data_path(): return '/nowhere'\n"
    )
    bare = {"PYTHONPATH": str(tmp_path)}
    # A word that no other test has made this machine read: answers are kept.
    asked = run(*words("add", "quellimar"), env=bare)
    assert asked.code == 1
    assert "there is no espeak-ng on this machine" in asked.complaint()
    assert "--sounds" in asked.complaint()
    assert run(*words("add", "quellimar", "--sounds", "K W EH L IH M AA R"), env=bare).code == 0


def test_check_tells_of_words_that_nobody_can_hear(home: Path) -> None:
    run("skills", "new", "parrot")
    folder = home / "skills" / "parrot"
    source = (folder / "skill.py").read_text("utf-8")
    (folder / "skill.py").write_text(
        source.replace("greet {who}", "(greet|приветствуй) {who}"), "utf-8"
    )
    checked = run("skills", "check", folder)
    assert checked.code == 1
    assert "'приветствуй' can't be heard" in checked.out
    assert "pronunciations.toml" in checked.out
    (folder / "pronunciations.toml").write_text('"приветствуй" = "P R IY V EH T"\n', "utf-8")
    assert run("skills", "check", folder).code == 0
