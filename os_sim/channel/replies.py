"""What was said and played to recordings, as one WAV file for each of them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from os_sim.audio.files import WavWriter
from os_sim.errors import RecordingError

if TYPE_CHECKING:
    from os_sim.audio import Samples


class Replies:
    """Takes what the mixer plays and files it under the recording that is being heard.

    `NAME.reply.wav` begins with NAME and keeps its time: laid over each other, the two are the
    conversation.
    """

    def __init__(self, folder: Path, origin: Callable[[], str | None]) -> None:
        """`origin` names the recording that is being heard.  Raises RecordingError."""
        self._folder = folder
        self._origin = origin
        self._current: str | None = None
        self._writer: WavWriter | None = None
        self._taken: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordingError(
                f"cannot write to {folder} ({error.strerror}); choose another folder for --reply-to"
            ) from None

    def write(self, samples: "Samples") -> None:
        """Append to the reply of the current recording; raises RecordingError, once for each."""
        origin = self._origin()
        if origin is None:
            return
        if origin != self._current:
            self.close()
            self._current = origin
            self._writer = WavWriter(self._folder / self._name(origin))
        if self._writer is None:
            return
        try:
            self._writer.write(samples)
        except RecordingError:
            self.close()  # what fits on the disk is kept
            raise

    def close(self) -> None:
        """Finish the file that is being written; safe to call twice."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _name(self, origin: str) -> str:
        """The reply's file name; recordings of one name from two folders get a number."""
        stem, number = Path(origin).stem, 1
        name = f"{stem}.reply.wav"
        while name in self._taken:
            number += 1
            name = f"{stem}.{number}.reply.wav"
        self._taken.add(name)
        return name
