"""Real PortAudio on virtual sound cards: what is played is heard, and what goes wrong is told."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from os_sim.audio import MIX_HZ
from tests.audio.sounds import sine, steepest, strongest_hz
from tests.virtual_card import VirtualCard, fixed_rate_card, needs_virtual_card, virtual_card

if TYPE_CHECKING:
    from os_sim.audio import Samples

PROBE = (sys.executable, "-m", "tests.audio.device_probe")


@pytest.fixture(scope="module")
def card() -> Iterator[VirtualCard]:
    with virtual_card() as plugged_in:
        yield plugged_in


def probe(env: dict[str, str], *command: str) -> str:
    """What the probe printed; its standard error must have stayed clean."""
    run = subprocess.run([*PROBE, *command], env=env, capture_output=True, text=True, timeout=50)
    assert run.stderr == ""
    return run.stdout.strip()


def start_probe(env: dict[str, str], *command: str) -> "subprocess.Popen[str]":
    """The running probe, once it listens or plays."""
    process = subprocess.Popen(
        [*PROBE, *command],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() in ("listening", "playing")
    return process


def wait_until_let_go(card: VirtualCard) -> None:
    """Until nothing plays on the card any more."""
    list_players = ("pactl", "list", "short", "sink-inputs")
    while subprocess.run(list_players, env=card.env, check=True, capture_output=True).stdout:
        pass


def ends_in_silence(sound: "Samples") -> bool:
    return bool((np.abs(sound) > 0.01).any() and (np.abs(sound[-4800:]) < 0.01).all())


def rest_of(process: "subprocess.Popen[str]") -> str:
    """What it printed from then on; its standard error must have stayed clean."""
    output, complaints = process.communicate(timeout=50)
    assert complaints == ""
    return output


@needs_virtual_card
def test_a_tone_that_is_played_is_found_in_the_recording_of_the_speaker(card: VirtualCard) -> None:
    with card.recording() as recording:
        probe(card.env, "play", "440", "1.0")
    sound = recording.samples
    loud = np.flatnonzero(np.abs(sound[:, 0]) > 0.05)
    tone = sound[loud[0] : loud[-1] + 1]
    assert len(tone) / MIX_HZ == pytest.approx(1.0, abs=0.03)
    assert strongest_hz(tone[:, 0], MIX_HZ) == pytest.approx(440, abs=1)
    assert np.abs(tone).max() == pytest.approx(0.3, abs=0.01)
    assert steepest(tone) < 0.3 * 2 * np.pi * 440 / MIX_HZ * 1.1


@needs_virtual_card
def test_what_is_played_into_the_microphone_arrives(card: VirtualCard, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "tone.wav", sine(1000, 3.5), MIX_HZ)
    process = start_probe(card.env, "listen", "3")
    card.play_into_microphone(tmp_path / "tone.wav")
    middle = re.findall(r"(\d+) Hz, (\d+)", rest_of(process))[1]
    assert middle[0] == "1000"
    assert int(middle[1]) == pytest.approx(0.5 * 32768 / np.sqrt(2), rel=0.05)


@needs_virtual_card
def test_a_microphone_that_vanishes_is_an_error_within_two_seconds() -> None:
    with virtual_card() as doomed:
        process = start_probe(doomed.env, "lose", "listen")
        doomed.pull_out()
        output = rest_of(process)
    assert output.startswith("DeviceError: the microphone 'default' went away; connect it again")
    delay = re.search(r"([\d.]+) s after the last sound", output)
    assert delay is not None
    assert float(delay[1]) < 2.0


@needs_virtual_card
def test_a_speaker_that_vanishes_is_reported_and_the_conversation_goes_on() -> None:
    with virtual_card() as doomed:
        process = start_probe(doomed.env, "lose", "play")
        doomed.pull_out()
        pulled_out = time.monotonic()
        assert process.stdout is not None
        line = process.stdout.readline()
        assert time.monotonic() - pulled_out < 2.0
        assert line.startswith("DeviceError: the speaker 'default' went away; connect it again")
        assert rest_of(process).strip() == "played on"


@needs_virtual_card
def test_a_speaker_that_comes_back_is_heard_again() -> None:
    with virtual_card() as card:
        process = start_probe(card.env, "lose", "play")
        card.pull_out()
        assert process.stdout is not None
        process.stdout.readline()
        card.plug_in()
        with card.recording() as recording:
            recording.wait_until(lambda sound: bool((np.abs(sound) > 0.25).any()), timeout_s=20)
        assert rest_of(process).strip() == "played on"


@needs_virtual_card
def test_a_silent_speaker_is_let_go_and_what_comes_then_is_heard_whole(card: VirtualCard) -> None:
    process = start_probe(card.env, "rest", "440")
    wait_until_let_go(card)
    with card.recording() as recording:
        output, complaints = process.communicate("again\n", timeout=50)
        recording.wait_until(lambda sound: ends_in_silence(sound), timeout_s=20)
    assert output.splitlines() == ["played", "again", "played"]
    assert complaints == ""
    loud = np.flatnonzero(np.abs(recording.samples[:, 0]) > 0.01)
    again = recording.samples[loud[0] : loud[-1] + 1]
    assert len(again) / MIX_HZ == pytest.approx(0.5, abs=0.001)
    assert steepest(again) < 0.3 * 2 * np.pi * 440 / MIX_HZ * 1.1


@needs_virtual_card
def test_a_speaker_that_vanishes_while_it_is_silent_is_reported_with_the_next_sound() -> None:
    with virtual_card() as doomed:
        process = start_probe(doomed.env, "rest", "440")
        wait_until_let_go(doomed)
        doomed.pull_out()
        output, complaints = process.communicate("again\n", timeout=50)
    assert complaints == ""
    assert re.fullmatch(r"played\nagain\nDeviceError: the speaker 'default' .*\nplayed\n", output)


@pytest.mark.parametrize("hz", [44_100, 48_000])
def test_a_microphone_that_opens_at_one_rate_only_is_heard_at_its_pitch(hz: int) -> None:
    tone = (10_000 * np.sin(2 * np.pi * 1000 * np.arange(60 * hz) / hz)).astype(np.int16)
    with fixed_rate_card(hz, microphone=tone) as (env, _):
        output = probe(env, "listen", "1")
    frequency, loudness = re.findall(r"(\d+) Hz, (\d+)", output)[0]
    assert int(frequency) == 1000
    assert int(loudness) == pytest.approx(10_000 / np.sqrt(2), rel=0.01)


def test_a_speaker_that_opens_at_one_rate_only_plays_at_the_right_pitch() -> None:
    with fixed_rate_card(44_100, microphone=np.zeros(1, np.int16)) as (env, played):
        probe(env, "play", "440", "1.0")
        sound = np.frombuffer(played.read_bytes(), np.int16).reshape(-1, 2)[:, 0]
    loud = np.flatnonzero(np.abs(sound) > 0.05 * 32768)
    tone = sound[loud[0] : loud[-1]].astype(float)
    assert len(tone) / 44_100 == pytest.approx(1.0, abs=0.02)
    assert strongest_hz(tone, 44_100) == pytest.approx(440, abs=1)
    assert np.abs(tone).max() == pytest.approx(0.3 * 32768, rel=0.02)


@needs_virtual_card
def test_the_devices_are_listed_with_numbers(card: VirtualCard) -> None:
    assert probe(card.env, "list").splitlines() == ["0 pulse (ALSA)", "1 default (ALSA)"]


@needs_virtual_card
@pytest.mark.parametrize("wanted", ["DEFAULT", "defau", "1"])
def test_a_device_is_meant_by_its_number_or_a_part_of_its_name(
    card: VirtualCard, wanted: str
) -> None:
    assert probe(card.env, "list", wanted) == "1 default (ALSA)"


@needs_virtual_card
def test_an_unknown_or_ambiguous_device_is_an_error_that_lists_what_there_is(
    card: VirtualCard,
) -> None:
    listed = "0 pulse (ALSA); 1 default (ALSA)"
    assert probe(card.env, "list", "studio") == (
        f"DeviceError: microphone 'studio': there is none such; choose one of: {listed}"
    )
    assert probe(card.env, "list", "u") == (
        f"DeviceError: microphone 'u': more than one matches; choose one of: {listed}"
    )


@pytest.mark.parametrize("command", [("listen", "1"), ("play", "440", "1")])
def test_without_any_device_one_line_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "alsa.conf").write_text("pcm.!default { type hw card 99 }\n")
    env = os.environ | {"ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf")}
    output = probe(env, *command)
    assert re.fullmatch(r"DeviceError: no (microphone|speaker): the system lists none; .*", output)


WITHOUT_PORTAUDIO = """
import ctypes.util
ctypes.util.find_library = lambda name: None  # as it answers where the library is not installed
import runpy, sys
sys.argv = ["device_probe", "list"]
runpy.run_module("tests.audio.device_probe", run_name="__main__")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms' wheels bring PortAudio along")
def test_without_portaudio_one_line_says_what_to_install() -> None:
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_PORTAUDIO], capture_output=True, text=True, timeout=50
    )
    assert run.stderr == ""
    assert run.stdout.startswith("DeviceError: no sound: the PortAudio library is missing; ")
    assert "apt install libportaudio2" in run.stdout
    assert run.stdout.count("\n") == 1


def test_a_call_that_hangs_does_not_keep_the_program_from_ending() -> None:
    # Which call of PortAudio hangs when a device is pulled out is chance: any may.
    script = (
        "import threading, sounddevice\n"
        "from os_sim.audio import devices\n"
        "from os_sim.errors import DeviceError\n"
        "devices.list_devices()\n"
        "sounddevice._terminate = lambda: threading.Event().wait()\n"
        "try:\n"
        "    devices._in_time(threading.Event().wait, 'the card hangs')\n"
        "except DeviceError as error:\n"
        "    print(error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=True
    )
    assert ended.stdout.startswith("the card hangs")
