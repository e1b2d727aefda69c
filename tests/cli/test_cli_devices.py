"""`talk` and its devices: what is missing is told in one line."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.cli.program import run
from tests.virtual_card import VirtualCard, needs_virtual_card, virtual_card

WITHOUT_PORTAUDIO = """
import ctypes.util, sys
ctypes.util.find_library = lambda name: None  # as it answers where the library is not installed
from os_sim.cli import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms' wheels bring PortAudio along")
@pytest.mark.parametrize("command", [["talk"], ["talk", "--list-devices"], ["say", "hello"]])
def test_without_portaudio_one_line_says_what_to_install(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PORTAUDIO, *command],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("os-sim: no sound: the PortAudio library is missing; ")
    assert "apt install libportaudio2" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms' wheels bring PortAudio along")
def test_without_portaudio_and_without_a_command_one_types() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PORTAUDIO],
        input="who directed her\n",
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr.startswith("os-sim: typing instead of talking: no sound: ")
    assert done.stderr.count("\n") == 1
    assert "Spike Jonze" in done.stdout


@pytest.fixture(scope="module")
def card() -> Iterator[VirtualCard]:
    with virtual_card() as card:
        yield card


@needs_virtual_card
def test_the_devices_are_listed_with_their_numbers(card: VirtualCard) -> None:
    listing = run("talk", "--list-devices", env=card.env)
    assert (listing.code, listing.err) == (0, "")
    assert [line.split()[:2] for line in listing.out.splitlines()] == [
        ["0", "pulse"],
        ["1", "default"],
    ]


@needs_virtual_card
@pytest.mark.parametrize("option", ["--input-device", "--output-device"])
@pytest.mark.parametrize("device", ["nosuch", "99", "-1"])
def test_an_unknown_device_is_told_of(card: VirtualCard, option: str, device: str) -> None:
    talk = run("talk", f"{option}={device}", env=card.env)
    assert (talk.code, talk.out) == (1, "")
    assert device in talk.complaint()


@needs_virtual_card
def test_the_doctor_finds_the_devices(card: VirtualCard) -> None:
    looked = run("doctor", env=card.env)
    assert looked.code == 0
    assert all(line.startswith("ok") for line in looked.out.splitlines())
