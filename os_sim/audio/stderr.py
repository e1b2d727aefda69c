"""Keeps the chatter of sound libraries off the terminal.

ALSA, JACK and PortAudio write straight to file descriptor 2 when a device is looked for, opened
or lost; screens of it would hide the one line that matters.
"""

import os
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_chatter: deque[str] = deque(maxlen=200)
_one_at_a_time = threading.RLock()


def chatter() -> list[str]:
    """The last lines that were kept off the terminal, for whoever looks for a fault."""
    return list(_chatter)


def divert_chatter() -> None:
    """From now on descriptor 2 is set aside for libraries, and `sys.stderr` is ours alone.

    For a program that keeps a device open: when the device is pulled out, PortAudio complains from
    a thread of its own.  Child processes inherit the diverted descriptor.
    """
    sys.stderr.flush()
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    reading, writing = os.pipe()
    os.dup2(writing, 2)
    os.close(writing)
    threading.Thread(target=_set_aside, args=(reading,), name="chatter", daemon=True).start()


@contextmanager
def without_chatter() -> Iterator[None]:
    """While inside, what any library of this process writes to descriptor 2 is set aside."""
    with _one_at_a_time, tempfile.TemporaryFile() as aside:
        try:
            terminal = os.dup(2)
        except OSError:  # a process without standard error has nothing to keep clean
            yield
            return
        sys.stderr.flush()
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            aside.seek(0)
            _chatter.extend(aside.read().decode(errors="replace").splitlines())


def _set_aside(reading: int) -> None:
    with os.fdopen(reading, errors="replace") as lines:
        for line in lines:
            _chatter.append(line.rstrip())
