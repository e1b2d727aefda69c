"""Makes data/heard-*.txt: python -m tests.understanding.hear MODEL_FOLDER [EVERY]

Every third sentence of tune.txt and report.txt is said by a flite voice and heard by the model as
free speech; those that come back changed are written down with what they ask for.  Needs flite,
and a model whose graph knows free speech.
"""

import json
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from os_sim.nlu.words import normal
from tests.understanding.sentences import DATA, SEVERAL, Said, read

VOICES = ("rms", "slt", "awb", "kal16")


def main() -> None:
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(sys.argv[1])
    every = int((sys.argv[2:] or ["3"])[0])
    for split in ("tune", "report"):
        chosen = [said for said in read(split) if said.intent != SEVERAL][::every]
        lines = list(_heard(model, chosen))
        head = (
            f"# What the built-in model made of sentences of {split}.txt, said by flite's voices.\n"
        )
        (DATA / f"heard-{split}.txt").write_text(head + "\n".join(lines) + "\n", "utf-8")
        changed = sum(bool(line) and "==" not in line for line in lines)
        print(f"{split}: {len(chosen)} said, {changed} heard otherwise")


def _heard(model: Any, chosen: list[Said]) -> Iterator[str]:
    intent = ""
    for said, voice in zip(chosen, cycle(VOICES), strict=False):
        heard = hear(model, said.text, voice)
        if not heard or heard == normal(said.text):
            continue
        if said.intent != intent:
            intent = said.intent
            yield f"\n== {intent}"
        notes = "".join(f" | {name}={value}" for name, value in said.slots.items())
        yield f"{heard}{notes}"


def hear(model: Any, text: str, voice: str) -> str:
    """What the model hears when the voice says the text."""
    import vosk

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(file)], check=True)
        with wave.open(str(file)) as sound:
            recognizer = vosk.KaldiRecognizer(model, sound.getframerate())
            recognizer.AcceptWaveform(sound.readframes(sound.getnframes()) + bytes(16_000))
    return normal(json.loads(recognizer.FinalResult())["text"].replace("[unk]", ""))


if __name__ == "__main__":
    main()
