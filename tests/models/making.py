"""Makes model folders and archives for the tests: small ones with the right layout."""

import io
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from os_sim.resources import shipped

FILLING_BYTES = 300_000
"""Enough that a download comes in several blocks; random, so that nothing compresses it."""


def fst(states: int = 3, *, words_inside: bool = False) -> bytes:
    """A graph of `states` states without arcs, as OpenFst writes it."""
    kinds = b"".join(struct.pack("<i", len(kind)) + kind for kind in (b"const", b"standard"))
    flags = 2 if words_inside else 0
    header = (
        struct.pack("<i", 2125659606) + kinds + struct.pack("<iiQqqq", 2, flags, 0, 0, states, 0)
    )
    return header + bytes(20 * states)


def dynamic_model() -> dict[str, bytes]:
    """The files of a model that takes a grammar, in the layout of today."""
    return {
        "am/final.mdl": random.Random(1).randbytes(FILLING_BYTES) + b"<Priors> FV \4\0\0\0\0",
        "conf/mfcc.conf": b"--sample-frequency=16000\n",
        "conf/model.conf": b"--beam=10.0\n",
        "graph/HCLr.fst": fst(),
        "graph/Gr.fst": fst(),
        "graph/disambig_tid.int": b"1\n2\n",
        "graph/words.txt": b"<eps> 0\nhello 1\n",
        "graph/phones/word_boundary.int": b"1 nonword\n",
    }


def static_model() -> dict[str, bytes]:
    """A model with one compiled graph, which takes no grammar."""
    files = dynamic_model()
    for file in ("HCLr.fst", "Gr.fst", "disambig_tid.int"):
        del files[f"graph/{file}"]
    return files | {"graph/HCLG.fst": fst()}


def old_model() -> dict[str, bytes]:
    """The flat layout of the first Vosk models."""
    files = {path.rsplit("/")[-1]: data for path, data in static_model().items()}
    del files["model.conf"]
    return files


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write `files` below `folder`, and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(name: str, files: Mapping[str, bytes]) -> bytes:
    """The files in one folder, in a zip archive, as the publisher packs them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in files.items():
            archive.writestr(f"{name}/{file}", data)
    return buffer.getvalue()


def packed(folder: Path, into: Path) -> Path:
    """Run `models/pack.py` as its user does; returns `into`, which then is a shipped folder."""
    into.mkdir(parents=True, exist_ok=True)
    script = shipped("models") / "pack.py"
    about = ["--language", "en-us", "--description", "a small one", "--licence", "none"]
    command = [sys.executable, str(script), str(folder), "--into", str(into), *about]
    subprocess.run(command, check=True, timeout=30)
    return into
