"""How well, how fast and in how much memory each set-up hears: one table for each task.

    python -m bench.hearing                                   everything: an hour on two cores
    python -m bench.hearing --every 8 --tasks coffee          a look, in two minutes
    python -m bench.hearing --recordings FOLDER --sentences FILE    your own (see hearing_tasks)

`right`: utterances whose intent and slots are all right, in %: clean, and with each noise and at
each signal-to-noise ratio (every recording once at each ratio, the noises taking turns).
`slots`: slots right, `wer`: word error rate where the words are known, both over all of these.
`rtf`: seconds of one processor core for a second of sound, clean / noisy.  `load`: seconds until
it can listen.  `MB`: the most memory it held.  Each set-up runs in a process of its own.
PocketSphinx is the package `pocketsphinx`; flite is the Debian package `flite`.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.dictation import word_errors
from bench.hearing_setups import SETUPS
from bench.hearing_tasks import Recording, Task, coffee_task, own_task, shelf_task
from bench.levels import HZ, Sound
from bench.noises import NOISES, add_noise, hiss
from os_sim.asr.models.find import find

CLEAN = "clean"
RATIOS_DB = (24, 12, 6)
ROOM_DBFS_GAIN = 10 ** (-35 / 20)
"""`hiss` has -30 dBFS; the room before and after an utterance has -65."""
BEFORE_S, AFTER_S = 0.3, 0.5
TASKS = {"coffee": coffee_task, "shelf": shelf_task}


@dataclass(frozen=True)
class Options:
    """What of it all is run."""

    tasks: tuple[str, ...]
    setups: tuple[str, ...]
    every: int
    ratios_db: tuple[int, ...]
    recordings: Path | None
    sentences: Path | None
    model: str


@dataclass
class Tally:
    """Counts of one set-up on one task."""

    right: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    """By condition: clean, the noise, the ratio."""
    slots: list[bool] = field(default_factory=list)
    word_errors: int = 0
    words: int = 0
    sound_s: dict[bool, float] = field(default_factory=lambda: defaultdict(float))
    """By whether there was noise."""
    processor_s: dict[bool, float] = field(default_factory=lambda: defaultdict(float))
    load_s: float = 0.0
    peak_mb: float = 0.0


def measure(task_name: str, setup: str, options: Options) -> Tally:
    """Run one set-up on one task, in this process."""
    task, tally = _task(task_name, options), Tally()
    with tempfile.TemporaryDirectory() as place:
        model = find(options.model, data_dir=Path(place), cache_dir=Path(place))
        start_s = time.process_time()
        ears = SETUPS[setup](task, model, Path(place))
        tally.load_s = time.process_time() - start_s
        for recording, sound, noise, ratio_db in _sounds(task, options):
            start_s = time.process_time()
            text = ears(sound)
            tally.processor_s[noise != CLEAN] += time.process_time() - start_s
            tally.sound_s[noise != CLEAN] += len(sound) / HZ
            _count(tally, task, recording, text, [noise, *ratio_db])
    tally.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return tally


def _task(name: str, options: Options) -> Task:
    if options.recordings and options.sentences:
        return own_task(options.recordings, options.sentences)
    return TASKS[name]()


def _sounds(task: Task, options: Options) -> Iterator[tuple[Recording, Sound, str, list[str]]]:
    """Every recording, clean and then at each ratio in one noise."""
    names = list(NOISES)
    for at, recording in enumerate(task.recordings[:: options.every]):
        speech = recording.load()
        rooms = [hiss(seconds, at) * ROOM_DBFS_GAIN for seconds in (BEFORE_S, AFTER_S)]
        sound = np.concatenate([rooms[0], speech, rooms[1]]).astype(np.float32)
        yield recording, sound, CLEAN, []
        for turn, ratio_db in enumerate(options.ratios_db):
            noise = names[(at + turn) % len(names)]
            under = NOISES[noise](len(sound) / HZ, at)
            yield recording, add_noise(sound, under, ratio_db), noise, [f"{ratio_db} dB"]


def _count(
    tally: Tally, task: Task, recording: Recording, text: str, conditions: Sequence[str]
) -> None:
    understood = task.understand(text)
    for condition in conditions:
        tally.right[condition].append(understood == recording.meaning)
    intent, slots = understood or ("", {})
    tally.slots += [
        intent == recording.meaning[0] and slots.get(name) == value
        for name, value in recording.meaning[1].items()
    ]
    if recording.text is not None:
        said = recording.text.split()
        tally.words += len(said)
        tally.word_errors += word_errors(said, text.split())


def _line(setup: str, tally: Tally, conditions: Sequence[str]) -> str:
    def share(found: Sequence[bool]) -> str:
        return f"{100 * sum(found) / len(found):7.1f}" if found else "      –"

    wer = f"{100 * tally.word_errors / tally.words:6.1f}" if tally.words else "     –"
    factors = "/".join(
        f"{tally.processor_s[noisy] / tally.sound_s[noisy]:.2f}"
        for noisy in (False, True)
        if tally.sound_s[noisy]
    )
    right = "".join(share(tally.right[condition]) for condition in conditions)
    return (
        f"{setup:32}{right}{share(tally.slots)} {wer} {factors:>10} "
        f"{tally.load_s:5.1f} {tally.peak_mb:5.0f}"
    )


def _options() -> Options:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--tasks", nargs="+", choices=list(TASKS), default=list(TASKS))
    arguments.add_argument("--setups", nargs="+", default=list(SETUPS), metavar="SETUP")
    arguments.add_argument("--every", type=int, default=1, help="take every n-th recording")
    arguments.add_argument("--ratios", type=int, nargs="*", default=RATIOS_DB, metavar="DB")
    arguments.add_argument("--model", default="", help="a name or folder; else the built-in one")
    arguments.add_argument("--recordings", type=Path, metavar="FOLDER")
    arguments.add_argument("--sentences", type=Path, metavar="FILE")
    found = arguments.parse_args()
    if (found.recordings is None) != (found.sentences is None):
        arguments.error("--recordings and --sentences go together")
    wanted = tuple(
        name for name in SETUPS if any(part.lower() in name.lower() for part in found.setups)
    )
    tasks = (found.recordings.name,) if found.recordings else tuple(found.tasks)
    return Options(
        tasks,
        wanted,
        found.every,
        tuple(found.ratios),
        found.recordings,
        found.sentences,
        found.model,
    )


def main() -> None:
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    options = _options()
    spawn = multiprocessing.get_context("spawn")
    for task in options.tasks:
        ratios = [f"{ratio_db} dB" for ratio_db in options.ratios_db]
        conditions = [CLEAN, *ratios, *(NOISES if ratios else ())]
        head = "".join(f"{name:>7}" for name in conditions)
        print(f"\n{task}\n{'right, %':32}{head}  slots    wer        rtf  load    MB", flush=True)
        for setup in options.setups:
            with ProcessPoolExecutor(1, mp_context=spawn) as pool:
                tally = pool.submit(measure, task, setup, options).result()
            print(_line(setup, tally, conditions), flush=True)


if __name__ == "__main__":
    main()
