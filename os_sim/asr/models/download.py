"""Fetching a file over HTTP so that nothing already received is fetched twice.

With `catalog` the only code of the program that opens a connection to the outside.
"""

import time
from collections.abc import Sequence
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from os_sim.asr.models.progress import Progress, quiet
from os_sim.errors import ModelError

PAUSES_S = (1.0, 2.0, 4.0, 8.0)
"""Waits before another attempt, after attempts that brought nothing further."""
_TIMEOUT_S = 20.0
_BLOCK_BYTES = 1 << 16
_RANGE_REFUSED = 416
_WORTH_ANOTHER_TRY = frozenset({_RANGE_REFUSED, 408, 425, 429, 500, 502, 503, 504})


class BrokenOffError(Exception):
    """An attempt ended early; the message says why, and another one may go on from there."""


def open_url(url: str, start: int = 0) -> HTTPResponse:
    """Ask for the file at `url`, from byte `start` on.

    BrokenOffError: worth another try.  ModelError: the server will not give it at all.
    """
    if not url.startswith(("https://", "http://")):
        raise ModelError(f"Can't fetch {url}: only http and https addresses are followed.")
    headers = {"User-Agent": "os_sim", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        answer: HTTPResponse = urlopen(Request(url, headers=headers), timeout=_TIMEOUT_S)
        return answer
    except HTTPError as refusal:
        refusal.close()
        if refusal.code in _WORTH_ANOTHER_TRY:
            raise BrokenOffError(f"the server answered {refusal.code} {refusal.reason}") from None
        raise ModelError(
            f"Can't fetch {url}: the server answered {refusal.code} {refusal.reason}."
        ) from None
    except (OSError, HTTPException, ValueError) as trouble:
        raise BrokenOffError(_reason(trouble)) from trouble


def read(answer: HTTPResponse, at_most: int) -> bytes:
    """The next bytes of the answer, empty at its end; BrokenOffError if the connection breaks."""
    try:
        return answer.read(at_most)
    except (OSError, HTTPException) as trouble:
        raise BrokenOffError(_reason(trouble)) from trouble


def download(
    url: str,
    part: Path,
    size_bytes: int,
    *,
    progress: Progress = quiet,
    pauses_s: Sequence[float] = PAUSES_S,
) -> None:
    """Bring the file `part` to `size_bytes`, going on from what an earlier download left there.

    Whether what was left belongs to the same file, only the checksum can tell afterwards.
    The size is the publisher's: what the server claims about lengths is not relied on.  Whatever
    ends this early, Ctrl-C too, leaves `part` to go on from.  Blocks until done; ModelError when
    the attempts that bring nothing further are used up; OSError from the disk.
    """
    failures = 0
    part.touch()
    with part.open("r+b") as file:
        while (have := _length(file)) < size_bytes:
            try:
                _fetch_rest(url, file, have, size_bytes, progress)
                reason = "the connection was cut"
            except BrokenOffError as broken_off:
                reason = str(broken_off)
            if have < _length(file):
                failures = 0
                continue
            if failures == len(pauses_s):
                raise ModelError(
                    f"Gave up fetching {url} at {have:,} of {size_bytes:,} bytes: {reason}. "
                    "Run the same command again to go on from there."
                )
            time.sleep(pauses_s[failures])
            failures += 1


def _fetch_rest(url: str, file: BinaryIO, have: int, size_bytes: int, progress: Progress) -> None:
    with open_url(url, have) as answer:
        # A server that ignores ranges sends everything; the same bytes are then written again.
        # Never truncating lets two processes write to one file: both write the same into it.
        file.seek(_start(answer))
        while file.tell() < size_bytes:
            block = read(answer, min(_BLOCK_BYTES, size_bytes - file.tell()))
            if not block:
                return
            file.write(block)
            progress("Downloading", file.tell(), size_bytes)


def _start(answer: HTTPResponse) -> int:
    if answer.status != 206:
        return 0
    try:  # Content-Range: bytes 100-199/200
        return int(answer.headers["Content-Range"].split()[1].split("-")[0])
    except (AttributeError, IndexError, ValueError):
        raise BrokenOffError("the server did not say which part it sends") from None


def _length(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _reason(trouble: Exception) -> str:
    inner = getattr(trouble, "reason", trouble)  # URLError wraps what really happened
    return getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
