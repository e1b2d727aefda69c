"""The process that reads words aloud to itself: words come in, espeak-ng's phonemes go out.

Started as `python pronunciation_worker.py`; it imports nothing of os_sim, so that it starts
quickly and wherever the package lies.  Standard input: UTF-8, a word a line.  Standard output:
for each line one with its phonemes in American English, in espeak-ng's own notation, separated by
spaces.  Exit code 3: this machine has no libespeak-ng.

Why a process: libespeak-ng keeps one state for the whole process and reads files of its own; what
it may do to itself over a strange word costs an answer, not the OS.
"""

import ctypes
import ctypes.util
import sys
from typing import Any

NO_LIBRARY = 3
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_SPACED = ord(" ") << 8
"""Phoneme mode of `espeak_TextToPhonemes` (speak_lib.h): own notation, and what stands between."""
_VOICE = b"en-us"


def load() -> Any:
    """libespeak-ng, ready for American English: the wheel's, else the system's.  Or OSError."""
    try:
        import espeakng_loader

        path, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path().encode()
    except (ImportError, RuntimeError):
        path, data = ctypes.util.find_library("espeak-ng"), None
    if path is None:
        raise OSError("there is no libespeak-ng")
    library = ctypes.CDLL(path)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    started = library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DO_NOT_EXIT)
    if started < 0 or library.espeak_SetVoiceByName(_VOICE):
        raise OSError("libespeak-ng does not start")
    return library


def phonemes(library: Any, word: str) -> str:
    """How the word is read."""
    text = ctypes.create_string_buffer(word.encode())
    rest = ctypes.c_void_p(ctypes.addressof(text))
    clauses: list[str] = []
    while rest.value:  # moved on clause by clause, then to nowhere
        read = library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _SPACED)
        clauses.append(read.decode(errors="replace"))
    return " ".join(" ".join(clauses).split())


def main() -> int:
    """Answer until standard input ends; the exit code."""
    words = sys.stdin.buffer.read().decode("utf-8").splitlines()
    try:
        library = load()
    except OSError:
        return NO_LIBRARY
    lines = "".join(f"{phonemes(library, word)}\n" for word in words)
    sys.stdout.buffer.write(lines.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
