"""Reading any recording, and writing one that stays readable."""

import asyncio
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from os_sim.audio import CAPTURE_HZ, CHUNK_FRAMES, MIX_HZ
from os_sim.audio.files import RecordingSource, WavWriter
from os_sim.errors import RecordingError
from tests.audio.sounds import sine, strongest_hz

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from os_sim.audio import Chunk


def chunks_of(path: Path) -> "list[Chunk]":
    async def collect() -> "list[Chunk]":
        return [chunk async for chunk in RecordingSource(path).chunks()]

    return asyncio.run(collect())


def tone(hz: int, seconds: float, channels: int = 1) -> "NDArray[np.float64]":
    """1 kHz, with a peak of 0.5."""
    mono = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * hz)) / hz)
    return np.repeat(mono[:, np.newaxis], channels, axis=1)


@pytest.mark.parametrize("hz", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("8-bit.wav", "PCM_U8"),
        ("16-bit.wav", "PCM_16"),
        ("24-bit.wav", "PCM_24"),
        ("32-bit.wav", "PCM_32"),
        ("float.wav", "FLOAT"),
        ("double.wav", "DOUBLE"),
        ("phone.wav", "ULAW"),
        ("lossless.flac", "PCM_16"),
        ("lossless-24.flac", "PCM_24"),
        ("lossy.ogg", "VORBIS"),
    ],
)
def test_every_form_is_heard_at_its_own_pitch_length_and_loudness(
    tmp_path: Path, name: str, kind: str, hz: int
) -> None:
    soundfile.write(tmp_path / name, tone(hz, 1.0), hz, subtype=kind)
    sound = np.concatenate(chunks_of(tmp_path / name))
    assert len(sound) == pytest.approx(CAPTURE_HZ, abs=CHUNK_FRAMES)
    assert strongest_hz(sound.astype(float), CAPTURE_HZ) == pytest.approx(1000, abs=3)
    middle = sound[4000:12000].astype(float)
    assert middle.std() == pytest.approx(0.5 * 32768 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("channels", [2, 6])
def test_several_channels_are_heard_as_one(tmp_path: Path, channels: int) -> None:
    soundfile.write(tmp_path / "wide.wav", tone(16_000, 0.2, channels), 16_000)
    soundfile.write(tmp_path / "mono.wav", tone(16_000, 0.2), 16_000)
    np.testing.assert_allclose(
        np.stack(chunks_of(tmp_path / "wide.wav")),
        np.stack(chunks_of(tmp_path / "mono.wav")),
        atol=1,
    )


def test_16_bit_sound_at_the_capture_rate_comes_through_unchanged(tmp_path: Path) -> None:
    pcm = np.arange(-32768, 32768, 7).astype(np.int16)
    soundfile.write(tmp_path / "exact.wav", pcm, CAPTURE_HZ)
    sound = np.concatenate(chunks_of(tmp_path / "exact.wav"))
    np.testing.assert_array_equal(sound[: len(pcm)], pcm)


def test_the_last_chunk_is_filled_up_with_silence(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "short.wav", np.full(321, 1000, np.int16), CAPTURE_HZ)
    chunks = chunks_of(tmp_path / "short.wav")
    assert [len(chunk) for chunk in chunks] == [CHUNK_FRAMES, CHUNK_FRAMES]
    assert chunks[1].tolist() == [1000] + [0] * 319


def test_a_long_recording_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    minute = np.random.default_rng(1).normal(0, 0.1, 60 * 8000)
    with soundfile.SoundFile(path, "w", 8000, 1) as file:
        for _ in range(20):
            file.write(minute)

    async def count() -> int:
        return sum([1 async for _ in RecordingSource(path).chunks()])

    tracemalloc.start()
    try:
        chunks = asyncio.run(count())
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert chunks == 20 * 60 * 50
    assert peak_bytes < 3_000_000


def test_a_wav_file_shorter_than_its_header_promises_is_read_to_where_it_ends(
    tmp_path: Path,
) -> None:
    path = tmp_path / "cut.wav"
    soundfile.write(path, tone(16_000, 2.0), 16_000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 1])
    assert len(chunks_of(path)) == pytest.approx(50, abs=1)


@pytest.mark.filterwarnings("error")
def test_samples_that_are_no_numbers_do_not_silence_what_follows(tmp_path: Path) -> None:
    sound = tone(44_100, 1.0).astype(np.float32)
    sound[100:110] = np.nan
    sound[200:210] = np.inf
    soundfile.write(tmp_path / "odd.wav", sound, 44_100, subtype="FLOAT")
    heard = np.concatenate(chunks_of(tmp_path / "odd.wav"))
    assert heard[8000:].astype(float).std() > 5000


def wav_header(hz: int) -> bytes:
    return (
        b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0"
        + hz.to_bytes(4, "little")
        + (2 * hz).to_bytes(4, "little")
        + b"\x02\0\x10\0data\x08\0\0\0\0\0\0\0\0\0\0\0"
    )


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.wav", b"", "the file is empty"),
        ("cut.wav", wav_header(16_000)[:20], "not a recording"),
        ("silent.wav", wav_header(16_000)[:44], "no sound after its header"),
        ("letter.wav", b"Dear Anna,\nI hope this finds you well.\n", "not a recording"),
        ("noise.flac", bytes(range(256)) * 8, "not a recording"),
        ("slow.wav", wav_header(3), "claims 3 samples a second"),
        ("fast.wav", wav_header(900_000), "claims 900,000 samples a second"),
    ],
)
def test_what_cannot_be_heard_is_named_in_one_line(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RecordingError) as raised:
        chunks_of(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert problem in message
    assert "\n" not in message


def test_a_missing_file_and_a_folder_are_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="there is no such file"):
        RecordingSource(tmp_path / "nowhere.wav")
    with pytest.raises(RecordingError, match="this is a folder"):
        RecordingSource(tmp_path)


def test_a_flac_file_that_is_damaged_in_the_middle_says_where(tmp_path: Path) -> None:
    path = tmp_path / "scratched.flac"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, 160_000), 16_000)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4000] = bytes(4000)
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"damaged after [1-9]\.\d s"):
        chunks_of(path)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_written_file_reads_back_as_it_was(tmp_path: Path, channels: int) -> None:
    sound = sine(440, 0.5)[:, :channels]
    with WavWriter(tmp_path / "out.wav", channels=channels) as writer:
        for block in np.array_split(sound, 7):
            writer.write(block)
        assert writer.seconds == pytest.approx(0.5)
    back, hz = soundfile.read(tmp_path / "out.wav", dtype="float32", always_2d=True)
    assert hz == MIX_HZ
    np.testing.assert_allclose(back, sound, atol=1 / 32000)


def test_what_is_beyond_full_scale_is_written_as_full_scale(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "loud.wav", channels=1) as writer:
        writer.write(np.array([2.0, -2.0], np.float32))
    back, _ = soundfile.read(tmp_path / "loud.wav", dtype="int16")
    assert back.tolist() == [32767, -32767]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
def test_a_disk_that_is_full_from_the_start_is_an_error_that_names_the_file() -> None:
    with pytest.raises(RecordingError, match="/dev/full: cannot write sound"):
        WavWriter(Path("/dev/full"))


def test_a_folder_that_does_not_exist_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"out\.wav: cannot write sound"):
        WavWriter(tmp_path / "nowhere" / "out.wav")


FILL_UP = """
import resource, sys
from pathlib import Path
import numpy as np
from os_sim.audio.files import WavWriter
from os_sim.errors import RecordingError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_001, 100_001))
with WavWriter(Path(sys.argv[1])) as writer:
    try:
        while True:
            writer.write(np.full((1000, 2), 0.5, np.float32))
    except RecordingError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes, as POSIX has")
def test_when_there_is_no_more_room_what_was_written_stays_readable(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    run = subprocess.run(
        [sys.executable, "-c", FILL_UP, str(path)], capture_output=True, text=True, timeout=60
    )
    assert run.stdout.startswith(f"{path}: cannot write sound after 0.5 s")
    assert run.stdout.count("\n") == 1
    back, _ = soundfile.read(path, dtype="float32")
    assert len(back) == (100_001 - 44) // 4
    assert back == pytest.approx(0.5, abs=1e-4)
