"""Unpacking a zip archive from elsewhere, so that nothing it holds can do harm.

Members become plain files below one folder and nothing else: no path that leads out of it, no
link, no device, no more bytes than were announced, and no more than the disk has room for.
"""

import errno
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path, PurePosixPath, PureWindowsPath

from os_sim.asr.models.progress import Progress, quiet
from os_sim.errors import ModelError

_FILES_AT_MOST = 1_000
_GROWS_AT_MOST = 40
"""Times its size that an archive may unpack to; models grow 2 to 4 times."""
_NOT_IN_NAMES = '\\\0:<>|"?*'
_SPARE_BYTES = 16 << 20
_BLOCK_BYTES = 1 << 20


def unzip(archive: Path, into: Path, *, progress: Progress = quiet) -> None:
    """Unpack `archive` into the empty folder `into`, checking every member's checksum.

    ModelError: the archive is unsafe or damaged; OSError: the disk has no room for it.  The
    caller throws away what is in `into` by then.
    """
    try:
        with zipfile.ZipFile(archive) as source:
            members = [member for member in source.infolist() if not member.is_dir()]
            _refuse_harm(members, archive, into)
            _extract(source, members, into, progress)
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, RuntimeError) as trouble:
        # RuntimeError: encrypted; its child NotImplementedError: an unknown way of packing.
        raise ModelError(f"{archive.name} is no archive that can be unpacked: {trouble}.") from None


def _refuse_harm(members: list[zipfile.ZipInfo], archive: Path, into: Path) -> None:
    harm = next((f"{name!r} {harm}" for name, harm in _harms(members)), "")
    total = sum(member.file_size for member in members)
    if len(members) > _FILES_AT_MOST or total > _GROWS_AT_MOST * archive.stat().st_size:
        harm = f"it announces {len(members):,} files with {total:,} bytes"
    if harm:
        raise ModelError(f"{archive.name} is not safe to unpack: {harm}. Nothing was installed.")
    free = shutil.disk_usage(into).free
    if total + _SPARE_BYTES > free:
        needed = f"{total / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} MB are free"
        raise OSError(errno.ENOSPC, needed)


def _harms(members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    """The members that are not plain files below the folder, each with what is wrong with it."""
    taken: set[PurePosixPath] = set()
    for member in members:
        name = member.orig_filename  # as it stands in the archive, before zipfile tidies it
        path = PurePosixPath(name.casefold())
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            yield name, "is a link or a device"
        elif PureWindowsPath(name).anchor:  # a drive, or a slash of either kind
            yield name, "has an absolute path"
        elif not all(part.rstrip(" .") for part in PureWindowsPath(name).parts):
            yield name, "leads out of its folder"  # Windows takes ".. " for ".."
        elif any(character in name for character in _NOT_IN_NAMES):
            yield name, "has a name that not every system can store"
        elif path in taken or not taken.isdisjoint(path.parents):
            yield name, "takes the place of another file"
        taken.add(path)


def _extract(
    source: zipfile.ZipFile, members: list[zipfile.ZipInfo], into: Path, progress: Progress
) -> None:
    total = sum(member.file_size for member in members)
    done = 0
    for member in members:
        target = into / member.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        # zipfile stops at the size that was announced.
        with source.open(member) as packed, target.open("xb") as file:
            while block := packed.read(_BLOCK_BYTES):
                file.write(block)
                done += len(block)
                progress("Unpacking", done, total)
