"""The settings and the home."""

import os
from pathlib import Path

import pytest

from os_sim.config import Config, find_home, load_config, prepare_home
from os_sim.errors import ConfigError, HomeError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_without_a_file_every_key_has_its_default(file: Path) -> None:
    assert load_config(file) == Config()


def test_keys_that_are_set_are_taken_and_the_others_keep_their_defaults(file: Path) -> None:
    file.write_text(
        "[listening]\ninput_device = 3\nsilence_s = 1\n[speaking]\nvolume_db = -6\n"
        '[skills]\noff = ["film"]\n[skills.letter]\nsignature = "Theo"\n',
        encoding="utf-8-sig",
    )
    config = load_config(file)
    assert config.listening.input_device == "3"
    assert config.listening.silence_s == 1.0
    assert config.listening.complete_silence_s == Config().listening.complete_silence_s
    assert config.speaking.volume_db == -6.0
    assert config.skills.off == ("film",)
    assert config.skills.settings == {"letter": {"signature": "Theo"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[lisening]\n", "section 'lisening' is unknown; did you mean 'listening'?"),
        (
            "[listening]\nmodell = 'x'\n",
            "[listening] key 'modell' is unknown; did you mean 'model'",
        ),
        ("[text]\nzzz = 1\n", "[text] key 'zzz' is unknown; known: keep_history"),
        ("[skills]\nofff = []\n", "[skills] key 'offf' is unknown; did you mean 'off'?"),
        ("voice = 'x'\n", "section 'voice' is unknown; known: listening"),
        ("listening = 3\n", "[listening] must be a table"),
        ("skills = 3\n", "[skills] must be a table"),
        ("skills = 'film'\n", "[skills] must be a table"),
        ("[[skills]]\noff = []\n", "[skills] must be a table"),
        ("[listening]\nbarge_in = 1\n", "[listening] barge_in must be true or false, not 1"),
        ("[listening]\nsilence_s = '1'\n", "[listening] silence_s must be a number, not '1'"),
        ("[listening]\nsilence_s = true\n", "[listening] silence_s must be a number, not True"),
        ("[listening]\nsilence_s = -1\n", "silence_s must be more than 0 seconds, not -1.0"),
        ("[skills]\npatience_s = nan\n", "patience_s must be more than 0 seconds, not nan"),
        ("[speaking]\nvoice = 1.5\n", "[speaking] voice must be a text, not 1.5"),
        ("[skills]\noff = 'film'\n", "[skills] off must be a list of texts, not 'film'"),
        (
            "[listening]\npush_to_talk = 'maybe'\n",
            "[listening] push_to_talk must be one of off, hold, toggle, not 'maybe'",
        ),
        ("[listening\n", "not valid TOML: "),
    ],
)
def test_a_wrong_setting_is_told_with_file_section_and_key(
    file: Path, text: str, message: str
) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert str(caught.value).startswith(str(file))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_file_that_is_no_text_is_told_of(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(file)


def test_a_folder_in_the_place_of_the_file_is_told_of(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(file)


def test_a_home_that_is_named_holds_everything(tmp_path: Path) -> None:
    home = find_home(str(tmp_path / "here"))
    assert not (tmp_path / "here").exists()
    prepare_home(home)
    for path in (home.config_file, home.data, home.cache, home.store_file, home.documents):
        assert path.is_relative_to(tmp_path / "here")


def test_the_option_wins_over_the_environment(tmp_path: Path) -> None:
    assert find_home().data == Path(os.environ["OS_SIM_HOME"])
    assert find_home(str(tmp_path)).data == tmp_path


@pytest.mark.parametrize("inside", ["", "deeper/still"])
def test_a_home_that_cannot_be_written_is_told_in_one_line(tmp_path: Path, inside: str) -> None:
    (tmp_path / "home").write_text("a file in the way")
    with pytest.raises(HomeError) as caught:
        prepare_home(find_home(str(tmp_path / "home" / inside)))
    message = str(caught.value)
    assert message.startswith(f"cannot write to the home folder {tmp_path / 'home'}")
    assert message.endswith("choose another with --home FOLDER or OS_SIM_HOME")
