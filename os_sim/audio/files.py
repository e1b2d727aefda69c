"""Recordings: any sound file as chunks for the ears, and what was played as a WAV file."""

import asyncio
import os
import struct
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import soundfile
import soxr

from os_sim.audio import CAPTURE_HZ, MIX_HZ
from os_sim.audio.framing import Framer
from os_sim.errors import RecordingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from os_sim.audio import Chunk

_BLOCK_FRAMES = 16_384
_LOWEST_HZ, _HIGHEST_HZ = 4_000, 768_000
_CHUNKS_AT_ONCE = 50
_WAV_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_WAV_LONGEST_BYTES = 2**32 - 1 - _WAV_HEADER.size


class RecordingSource:
    """A recording as a `Source`: as fast as it is read, in memory that does not grow with it.

    Any format that libsndfile reads, any rate from 4 to 768 kHz; several channels are averaged.
    A WAV file that is shorter than its header promises is read to where it ends.
    Raises RecordingError at once if the file cannot be opened, or later where it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._chunks: Iterator[Chunk] | None = _chunks_of(_open(path), path)

    async def chunks(self) -> "AsyncIterator[Chunk]":
        """Mono int16 at CAPTURE_HZ, CHUNK_FRAMES each; the last one is filled up with silence.

        The file is read in a thread, about a second at a time.
        """
        while self._chunks is not None:
            batch = await asyncio.to_thread(list, islice(self._chunks, _CHUNKS_AT_ONCE))
            for chunk in batch:
                yield chunk
            if len(batch) < _CHUNKS_AT_ONCE:
                self._chunks = None

    def close(self) -> None:
        # A thread may still be inside the iterator: it is let go of, and ends with that thread.
        self._chunks = None


class WavWriter:
    """A 16-bit WAV file that grows as sound arrives; the header is true once it is closed.

    Whatever fits on the disk stays readable: an error leaves a shorter file, not a broken one.
    """

    def __init__(self, path: Path, hz: int = MIX_HZ, channels: int = 2) -> None:
        """Creates the file or empties it; raises RecordingError."""
        self._path, self._hz, self._channels = path, hz, channels
        self._data_bytes = 0
        try:
            # Unbuffered, so that a full disk is met by the write that meets it.
            self._file = path.open("wb", buffering=0)
        except OSError as error:
            raise self._failure(error) from None
        self._put(self._header())

    @property
    def seconds(self) -> float:
        """How much sound has been written."""
        return self._data_bytes / (2 * self._channels * self._hz)

    def write(self, samples: "NDArray[np.float32]") -> None:
        """Append float32 in -1..1, shape (frames, channels), or (frames,) if mono.

        Raises RecordingError.
        """
        pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")
        left = memoryview(pcm.tobytes())
        while left:
            written = self._put(left)
            self._data_bytes += written
            left = left[written:]

    def close(self) -> None:
        """Write the true length into the header; safe to call twice."""
        if self._file.closed:
            return
        try:
            self._file.seek(0)
            self._put(self._header())
        finally:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put(self, data: bytes | memoryview) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            raise self._failure(error) from None

    def _header(self) -> bytes:
        """RIFF header; Microsoft, Multimedia Programming Interface and Data Specifications 1.0."""
        frame_bytes = 2 * self._channels
        # Beyond 4 GiB the field is full; readers then go on to the end of the file.
        data_bytes = min(self._data_bytes // frame_bytes * frame_bytes, _WAV_LONGEST_BYTES)
        return _WAV_HEADER.pack(
            *(b"RIFF", data_bytes + _WAV_HEADER.size - 8, b"WAVE"),
            *(b"fmt ", 16, 1, self._channels, self._hz, self._hz * frame_bytes, frame_bytes, 16),
            *(b"data", data_bytes),
        )

    def _failure(self, error: OSError) -> RecordingError:
        reason = error.strerror or str(error)
        return RecordingError(
            f"{self._path}: cannot write sound after {self.seconds:.1f} s ({reason}); "
            "make room there, or choose another folder"
        )


def _open(path: Path) -> soundfile.SoundFile:
    if problem := _obstacle(path):
        raise RecordingError(f"{path}: {problem}")
    try:
        file = soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        raise RecordingError(
            f"{path}: not a recording that can be read ({error.error_string.rstrip('.')}); "
            "give a WAV, FLAC or OGG file"
        ) from None
    if not _LOWEST_HZ <= file.samplerate <= _HIGHEST_HZ:
        file.close()
        raise RecordingError(
            f"{path}: its header claims {file.samplerate:,} samples a second, which no recorder "
            "writes; save it again at 16,000 Hz"
        )
    return file


def _obstacle(path: Path) -> str | None:
    """What libsndfile would only call a system error."""
    if not path.exists():
        return "there is no such file; check the name"
    if path.is_dir():
        return "this is a folder; name the recordings in it"
    if not os.access(path, os.R_OK):
        return "it may not be read; check its permissions"
    if path.is_file() and path.stat().st_size == 0:
        return "the file is empty; record it again"
    return None


def _chunks_of(file: soundfile.SoundFile, path: Path) -> "Iterator[Chunk]":
    """Whole chunks at CAPTURE_HZ; closes the file."""
    framer = Framer()
    with file:
        for block in _blocks_of(file, path):
            yield from framer.feed(block)
    yield from framer.finish()


def _blocks_of(file: soundfile.SoundFile, path: Path) -> "Iterator[NDArray[np.int16]]":
    """Mono int16 at CAPTURE_HZ in blocks of any length."""
    resample = None
    if file.samplerate != CAPTURE_HZ:
        resample = soxr.ResampleStream(file.samplerate, CAPTURE_HZ, 1)
    frames_read = 0
    while len(block := _read(file, path, frames_read)):
        frames_read += len(block)
        # Float files may hold values that are no numbers, for which int16 has no place.
        mono = np.nan_to_num(block.mean(axis=1), nan=0.0, posinf=1.0, neginf=-1.0)
        yield to_int16(mono if resample is None else resample.resample_chunk(mono))
    if frames_read == 0:
        raise RecordingError(f"{path}: there is no sound after its header; record it again")
    if resample is not None:
        yield to_int16(resample.resample_chunk(np.empty(0, np.float32), last=True))


def _read(file: soundfile.SoundFile, path: Path, frames_read: int) -> "NDArray[np.float32]":
    try:
        block: NDArray[np.float32] = file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise RecordingError(
            f"{path}: damaged after {frames_read / file.samplerate:.1f} s "
            f"({error.error_string.rstrip('.')}); what came before was heard, copy the file again"
        ) from None
    return block


def to_int16(samples: "NDArray[np.float32]") -> "NDArray[np.int16]":
    """float32 in -1..1 as int16; sound that was int16 comes back unchanged."""
    scaled: NDArray[np.float32] = np.rint(samples * np.float32(32768.0))
    return np.clip(scaled, -32768, 32767).astype(np.int16)
