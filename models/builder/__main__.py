"""Builds the speech model: `python -m models.builder` from the top of the repository.

    python -m models.builder                        os1-en below build/, packed into models/
    python -m models.builder --into FOLDER          not packed
    python -m models.builder --into FOLDER --words FILE [--layout static]      a small model

Needs the packages pocketsphinx, kaldifst and numpy; `script/build-model` sees to that.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path

from models.builder import BuildError
from models.builder.artefact import build
from models.builder.small import Layout, build_small, read_vocabulary
from models.pack import pack

_MODELS = Path(__file__).resolve().parent.parent
_NAME = "os1-en"
_ABOUT = {
    "language": "en-us",
    "description": "US English, 126,000 words, any other word by its sounds; free speech.",
    "licence": "BSD-2-Clause (see NOTICE)",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.builder", description="Builds the speech model the OS comes with."
    )
    parser.add_argument("--into", type=Path, help="the model folder; nothing is packed then")
    parser.add_argument("--words", type=Path, help="a small model of the words in this file")
    parser.add_argument("--layout", type=Layout, choices=list(Layout), default=Layout.LOOKAHEAD)
    args = parser.parse_args()
    if args.words and not args.into:
        parser.error("--words needs --into: a small model is not the one to be packed")
    if args.layout is Layout.STATIC and not args.words:
        parser.error("--layout static is for small models: it needs --words")
    progress = Progress()
    try:
        if args.words:
            build_small(_fresh(args.into), read_vocabulary(args.words), args.layout, progress.step)
        elif args.into:
            build(_fresh(args.into), progress.step)
        else:
            folder = _fresh(_MODELS.parent / "build" / _NAME)
            build(folder, progress.step)
            progress.step("packing")
            pack(folder, _MODELS, _ABOUT)
    except BuildError as error:
        sys.exit(f"The model can't be built: {error}.")
    progress.step("done")


class Progress:
    """Says on standard error what is going on, and since when."""

    def __init__(self) -> None:
        self._start_s = time.monotonic()

    def step(self, what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - self._start_s:6.1f} s  {what}\n")
        sys.stderr.flush()


def _fresh(folder: Path) -> Path:
    """The folder, empty; only what an earlier run has made there is removed."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / "am/final.mdl").exists():
            raise BuildError(f"{folder} is not empty and not a model; choose another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
