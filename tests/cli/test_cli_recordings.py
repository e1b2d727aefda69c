"""What `hear` makes of recordings of every kind, whole and broken."""

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from os_sim.asr.models.find import find
from tests.cli.program import ROOT, SPEECH, run

QUESTION = SPEECH / "rms" / "play-a-melancholy-song.flac"
STOP = SPEECH / "slt" / "stop.flac"


def question(rate_hz: int) -> np.ndarray:
    """ "Play a melancholy song", mono float."""
    samples, own_hz = soundfile.read(QUESTION)
    return np.asarray(soxr.resample(samples, own_hz, rate_hz))


@pytest.mark.parametrize(
    ("name", "subtype", "rate_hz", "channels"),
    [
        ("eight-bit.wav", "PCM_U8", 16_000, 1),
        ("sixteen-bit.wav", "PCM_16", 22_050, 1),
        ("twenty-four-bit.wav", "PCM_24", 48_000, 2),
        ("float.wav", "FLOAT", 44_100, 1),
        ("double.wav", "DOUBLE", 16_000, 1),
        ("telephone.wav", "ULAW", 8_000, 1),
        ("studio.flac", "PCM_24", 96_000, 2),
        ("music.ogg", "VORBIS", 44_100, 2),
        ("surround.wav", "PCM_16", 48_000, 6),
    ],
)
def test_a_sentence_is_understood_in_every_form(
    tmp_path: Path, name: str, subtype: str, rate_hz: int, channels: int
) -> None:
    sound = np.repeat(question(rate_hz)[:, None], channels, axis=1)
    soundfile.write(tmp_path / name, sound, rate_hz, subtype=subtype)
    heard = run("hear", "--json", tmp_path / name)
    assert (heard.code, heard.err) == (0, "")
    assert heard.of("playing")[0]["mood"] == "melancholy"


@pytest.fixture
def broken(tmp_path: Path) -> dict[str, Path]:
    """Files that hold no sentence, by what is wrong with them."""
    whole = tmp_path / "whole.wav"
    soundfile.write(whole, question(16_000), 16_000)
    contents = {
        "empty": b"",
        "header only": whole.read_bytes()[:30],
        "text": b"This is a letter, not a recording.\n" * 50,
        "noise": np.random.default_rng(1).bytes(5_000),
    }
    files = {}
    for kind, content in contents.items():
        files[kind] = tmp_path / f"{kind}.wav"
        files[kind].write_bytes(content)
    files["missing"] = tmp_path / "missing.wav"
    files["folder"] = tmp_path
    return files


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        ("empty", "empty.wav: "),
        ("header only", "header only.wav: "),
        ("text", "text.wav: not a recording that can be read"),
        ("noise", "noise.wav: not a recording that can be read"),
        ("missing", "missing.wav: there is no such file; check the name"),
        ("folder", ": this is a folder; name the recordings in it"),
    ],
)
def test_what_is_no_recording_is_told_of_in_one_line(
    broken: dict[str, Path], kind: str, complaint: str
) -> None:
    heard = run("hear", broken[kind])
    assert heard.code == 1
    assert complaint in heard.complaint()
    assert str(broken[kind]) in heard.complaint()


def test_a_recording_that_was_cut_short_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.wav", tmp_path / "cut.wav"
    silence = np.zeros(16_000 * 3)
    soundfile.write(whole, np.concatenate([question(16_000), silence]), 16_000)
    cut.write_bytes(whole.read_bytes()[: -2 * 16_000])
    heard = run("hear", "--json", cut)
    assert heard.err == ""
    assert heard.of("playing")[0]["mood"] == "melancholy"


def test_a_recording_without_a_sample_is_silence(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "nothing.wav", np.zeros(0), 16_000)
    heard = run("hear", "--json", tmp_path / "nothing.wav")
    assert "Traceback" not in heard.err
    assert heard.of("heard") == []
    assert heard.code in (0, 1)


def test_one_broken_recording_of_three_leaves_the_others_answered(
    broken: dict[str, Path],
) -> None:
    heard = run("hear", "--json", STOP, broken["text"], QUESTION)
    assert heard.code == 1
    assert [event["file"] for event in heard.of("heard") if event["final"]] == [
        str(STOP),
        str(QUESTION),
    ]
    (failed,) = heard.of("failed")
    assert failed["file"] == str(broken["text"])
    assert len(heard.of("playing")) == 1


def test_the_answer_is_written_beside_the_question(tmp_path: Path) -> None:
    replies = tmp_path / "deep" / "replies"
    heard = run("hear", "--json", "--seed", "1", STOP, QUESTION, "--reply-to", replies)
    assert (heard.code, heard.err) == (0, "")
    assert {file.name for file in replies.iterdir()} == {
        "stop.reply.wav",
        "play-a-melancholy-song.reply.wav",
    }
    for file in replies.iterdir():
        samples, _ = soundfile.read(file)
        assert np.abs(samples).max() > 0.05


@pytest.mark.parametrize("where", ["/proc/replies", "/dev/null/replies", str(QUESTION)])
def test_a_place_for_answers_that_cannot_be_written_is_told_of(where: str) -> None:
    heard = run("hear", STOP, "--reply-to", where)
    assert heard.code == 1
    assert where in heard.complaint()


def test_a_disk_that_fills_up_with_answers_is_told_of(tmp_path: Path) -> None:
    run("hear", QUESTION)  # while there is room: the model is unpacked on the first use
    heard = run("hear", QUESTION, "--reply-to", tmp_path / "replies", largest_file_bytes=400_000)
    assert heard.code == 1
    assert str(tmp_path / "replies") in heard.err
    assert len(heard.err.splitlines()) == 1


def test_a_model_that_is_not_there_is_told_of(home: Path) -> None:
    (home / "config.toml").write_text('[listening]\nmodel = "/nowhere"\n')
    heard = run("hear", STOP)
    assert (heard.code, heard.out) == (1, "")
    assert "/nowhere is not there" in heard.complaint()


@pytest.mark.parametrize("lost", ["am/final.mdl", "graph/HCLr.fst", "conf/mfcc.conf"])
@pytest.mark.parametrize("how", ["missing", "cut short"])
def test_a_broken_model_is_told_of(home: Path, model_copy: Path, lost: str, how: str) -> None:
    file = model_copy / lost
    content = file.read_bytes()
    file.unlink()
    if how == "cut short":
        file.write_bytes(content[: len(content) // 2] if lost != "conf/mfcc.conf" else b"")
    heard = run("hear", STOP, "--model", model_copy)
    assert heard.code == 1
    assert str(model_copy) in heard.complaint()


@pytest.fixture
def model_copy(tmp_path: Path, home: Path) -> Path:
    """A copy of the built-in model whose files may be taken away; the big ones are shared."""
    built_in = find("", data_dir=home, cache_dir=home / "cache").path
    copy = tmp_path / "model"
    for file in built_in.rglob("*"):
        target = copy / file.relative_to(built_in)
        if file.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, target)
    return copy


def test_a_text_of_the_project_is_no_recording() -> None:
    heard = run("hear", "README.md", cwd=ROOT)
    assert heard.complaint().startswith("README.md: not a recording that can be read")
