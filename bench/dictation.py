"""How well free speech is written down: `python -m bench.dictation [--every N] [--variant …]`

Word error rates on the recordings in tests/data/speech/misc and on the sentences of
tests/data/speech/dictation.txt, spoken by flite's four voices; processor time as a share of the
sound's length, with one thread; memory; and the size of the graph of words.  PocketSphinx, whose
acoustic and language model ours is made of, hears the same, with all of its language model.

A variant is the same model with another graph or other settings, to try what they do:
`--variant "pruned=1e-6 levels=2 scale=0.5 beam=8"` (see `bench.dictation_variants`).
"""

import argparse
import multiprocessing
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from bench.dictation_variants import variant_of
from os_sim.asr.models.find import find
from os_sim.asr.vosk import VoskModel, VoskRecognizer
from os_sim.audio import CAPTURE_HZ, CHUNK_FRAMES
from os_sim.events import Utterance
from os_sim.resources import shipped

SPEECH = Path(__file__).parent.parent / "tests/data/speech"
VOICES = ("slt", "rms", "awb", "kal16")
MISC = {
    "cards-001": "ten of clubs",
    "cards-002": "four queen of clubs",
    "cards-003": "seven of clubs",
    "cards-004": "five five",
    "cards-005": "eight of spades four of clubs seven of hearts",
    "digits": "1 0 0 0 1 9 oh 2 1 oh 0 1 8 0 3",
    "goforward": "go forward ten meters",
    "librivox-0870": "and mister john dashwood had then leisure to consider how much there might "
    "be prudently in his power to do for them",
    "librivox-0880": "he was not an ill disposed young man",
    "librivox-0890": "unless to be rather cold hearted and rather selfish is to be ill disposed",
    "librivox-0920": "had he married a more a amiable woman he might have been made still more "
    "respectable than he was",
    "librivox-0930": "he might even have been made amiable himself",
}
_BEFORE_S, _AFTER_S = 0.3, 0.5
_DIGITS = "zero one two three four five six seven eight nine".split()
_SPELLED = {str(digit): word for digit, word in enumerate(_DIGITS)} | {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "ok": "okay",
}
WIDE_BEAMS = {"beam": 1e-60, "pbeam": 1e-60, "wbeam": 1e-40, "maxhmmpf": -1}
"""Of PocketSphinx; still wider ones take minutes for a sentence."""

Sound = NDArray[np.int16]
"""Mono, at CAPTURE_HZ."""
Ears = Callable[[Sound], str]


@dataclass(frozen=True, slots=True)
class Recording:
    """Something said; `said` are its words as `words_of` gives them."""

    group: str
    """"misc", or the voice."""
    said: tuple[str, ...]
    sound: Sound


@dataclass(frozen=True, slots=True)
class Result:
    """What came of all recordings."""

    errors: dict[str, tuple[int, int]]
    """By group: words wrong, and words said."""
    real_time_factor: float
    loaded_mb: float
    """Memory, over that of Python and the recordings."""
    most_mb: float
    lines: list[str]
    """What was heard, for each recording."""


def words_of(text: str) -> tuple[str, ...]:
    """Without case, digits and titles as words; apostrophes stay."""
    return tuple(_SPELLED.get(word.rstrip("."), word) for word in text.lower().split())


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words missed, added or taken for others: Levenshtein's distance."""
    row = list(range(len(heard) + 1))
    for at, one in enumerate(said, start=1):
        diagonal, row[0] = row[0], at
        for to, other in enumerate(heard, start=1):
            best = min(row[to] + 1, row[to - 1] + 1, diagonal + (one != other))
            diagonal, row[to] = row[to], best
    return row[-1]


def recordings(every: int) -> list[Recording]:
    """`every`: one in so many sentences by each voice, another one for each."""
    found = [
        Recording("misc", words_of(said), _read(SPEECH / "misc" / f"{name}.flac"))
        for name, said in MISC.items()
    ]
    lines = (SPEECH / "dictation.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line for line in lines if line and not line.startswith("#")]
    for number, voice in enumerate(VOICES):
        for sentence in sentences[number % every :: every]:
            found.append(Recording(voice, words_of(sentence), spoken(sentence, voice)))
    return found


def spoken(sentence: str, voice: str) -> Sound:
    """By flite, with a pause before and after it."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "spoken.wav"
        subprocess.run(["flite", "-voice", voice, "-t", sentence, "-o", str(wav)], check=True)
        sound = _read(wav)
    pauses = [np.zeros(round(s * CAPTURE_HZ), np.int16) for s in (_BEFORE_S, _AFTER_S)]
    return np.concatenate([pauses[0], sound, pauses[1]])


def vosk(folder: Path) -> Ears:
    recognizer = VoskRecognizer(VoskModel.load(folder))

    def hear(sound: Sound) -> str:
        whole = len(sound) // CHUNK_FRAMES * CHUNK_FRAMES
        for chunk in sound[:whole].reshape(-1, CHUNK_FRAMES):
            recognizer.feed(chunk)
        event = recognizer.finish()
        return event.text if isinstance(event, Utterance) else ""

    return hear


def pocketsphinx(options: dict[str, float]) -> Ears:
    decoder = import_module("pocketsphinx").Decoder(
        loglevel="FATAL", samprate=CAPTURE_HZ, **options
    )

    def hear(sound: Sound) -> str:
        decoder.start_utt()
        decoder.process_raw(sound.tobytes(), full_utt=True)
        decoder.end_utt()
        return decoder.hyp().hypstr if decoder.hyp() else ""

    return hear


def measured(make: Callable[[], Ears], heard: Sequence[Recording]) -> Result:
    """In a process of its own, so that memory is that of one engine."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    before_mb = _memory_mb("VmRSS")
    hear = make()
    loaded_mb = _memory_mb("VmRSS") - before_mb
    errors = {recording.group: (0, 0) for recording in heard}
    lines, start_s = [], time.process_time()
    for recording in heard:
        words = words_of(hear(recording.sound))
        wrong, count = errors[recording.group]
        more = word_errors(recording.said, words)
        errors[recording.group] = (wrong + more, count + len(recording.said))
        lines.append(f"{recording.group:6}{more:3}  {' '.join(recording.said)} | {' '.join(words)}")
    processor_s = time.process_time() - start_s
    sound_s = sum(len(recording.sound) for recording in heard) / CAPTURE_HZ
    most_mb = _memory_mb("VmHWM") - before_mb
    return Result(errors, processor_s / sound_s, loaded_mb, most_mb, lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, action="append", help="a folder; default: built-in")
    parser.add_argument("--variant", action="append", default=[], help="settings, see above")
    parser.add_argument("--every", type=int, default=1, help="one in so many sentences")
    parser.add_argument("--no-sphinx", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was heard")
    arguments = parser.parse_args()
    heard = recordings(arguments.every)
    groups = list(dict.fromkeys(recording.group for recording in heard))
    columns = [*groups, "flite", "real time", "loaded", "at most", "Gr.fst"]
    print(f"{'word error rate in %':34}", *(f"{column:>9}" for column in columns))
    with tempfile.TemporaryDirectory() as place:
        for name, make, graph in engines(arguments, Path(place)):
            pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
            with pool:
                result = pool.submit(measured, make, heard).result()
            print(f"{name:34}", *_cells(result, groups, graph), flush=True)
            if arguments.verbose:
                print(*result.lines, sep="\n")


def engines(
    arguments: argparse.Namespace, place: Path
) -> Iterator[tuple[str, Callable[[], Ears], Path | None]]:
    """A name, how to make it, and its graph of words."""
    models = arguments.model or [_built_in(place)]
    for model in models:
        yield model.name, partial(vosk, model), model / "graph/Gr.fst"
    for settings in arguments.variant:
        folder = variant_of(models[0], settings, place)
        yield settings, partial(vosk, folder), folder / "graph/Gr.fst"
    if not arguments.no_sphinx:
        yield "PocketSphinx", partial(pocketsphinx, {}), None
        yield "PocketSphinx, wide beams", partial(pocketsphinx, WIDE_BEAMS), None


def _cells(result: Result, groups: list[str], graph: Path | None) -> list[str]:
    voices = [result.errors[group] for group in groups if group != "misc"]
    flite = (sum(wrong for wrong, _ in voices), sum(count for _, count in voices))
    rates = [*(result.errors[group] for group in groups), flite]
    graph_mb = f"{graph.stat().st_size / 1e6:6.1f} MB" if graph and graph.exists() else ""
    return [
        *(f"{100 * wrong / count:9.1f}" for wrong, count in rates),
        f"{result.real_time_factor:9.2f}",
        f"{result.loaded_mb:6.0f} MB",
        f"{result.most_mb:6.0f} MB",
        f"{graph_mb:>9}",
    ]


def _built_in(place: Path) -> Path:
    return find("", data_dir=place, cache_dir=place / "cache", shipped_dir=shipped("models")).path


def _read(path: Path) -> Sound:
    sound, hz = soundfile.read(path, dtype="int16")
    if hz != CAPTURE_HZ:
        raise SystemExit(f"{path} has {hz} frames a second, not {CAPTURE_HZ}")
    return np.asarray(sound, np.int16)


def _memory_mb(field: str) -> float:
    """`VmRSS`: now; `VmHWM`: at most so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


if __name__ == "__main__":
    main()
