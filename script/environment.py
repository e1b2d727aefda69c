"""Makes the virtual environment `.venv` that the scripts beside this file run in.

Needs nothing but Python and its venv module.  Kept to the syntax of Python 3.8, so that an old
one can still say what is missing.
"""

import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
OLDEST, NEWEST = (3, 11), (3, 13)


def python_for(extra):
    """The environment's Python, with os_sim installed; `extra` is "" or "dev"."""
    python = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
    stamp = VENV / ("ready-" + extra if extra else "ready")
    wanted = _fingerprint()
    if not (stamp.is_file() and stamp.read_text() == wanted and python.exists()):
        _make(python, extra)
        stamp.write_text(wanted)
    return str(python)


def replace_process(python, *arguments):
    """Become `python arguments…`."""
    if WINDOWS:  # there is no exec there that a console waits for
        sys.exit(subprocess.call([python, *arguments]))
    os.execv(python, [python, *arguments])


def _fingerprint():
    """Changes when the packages that are needed change."""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()


def _make(python, extra):
    _say("setting up .venv (the first time only)")
    try:
        if not python.exists():
            _call(_suitable_python(), "-m", "venv", str(VENV))
        target = str(ROOT) + ("[" + extra + "]" if extra else "")
        _install(python, "--editable", target)
    except KeyboardInterrupt:
        sys.exit("\nstopped; run it again to go on")
    _say("ready\n")


def _suitable_python():
    """This Python, or a newer or older one on the PATH if this one does not fit."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        try:
            subprocess.check_output([name, "--version"])
        except (OSError, subprocess.CalledProcessError):
            continue
        return name
    sys.exit(
        f"os_sim needs Python 3.11, 3.12 or 3.13; this is {platform.python_version()}. "
        "Install one of them and run it again."
    )


def _install(python, *what):
    """pip install, one line of progress instead of a page."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    pip = subprocess.Popen(
        [*command, "--progress-bar", "off", *what],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    output = []
    for line in pip.stdout:
        output.append(line)
        step = line.strip().split(" (from")[0]
        if step.startswith(("Collecting", "Downloading", "Building", "Installing")):
            _say(step)
    if pip.wait():
        sys.stderr.write("\n" + "".join(output[-12:]))
        sys.exit("the packages could not be installed (see above); run it again to go on")


def _call(*command):
    if subprocess.call(command):
        sys.exit(
            f"{' '.join(command)} failed; on Debian and Ubuntu the package python3-venv has it"
        )


def _say(text):
    """On a terminal each step takes the place of the one before it."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K" + text[:100])
    else:
        sys.stderr.write(text.rstrip() + "\n")
    sys.stderr.flush()
