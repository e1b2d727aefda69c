"""How well it hears through noise, rooms, levels and poor lines: one table.

    python -m bench.noise_robustness                        everything: hours of sound
    python -m bench.noise_robustness --every 4 --only 12    a look: noises at 12 dB, a quarter
    python -m bench.noise_robustness --task shelf           commands by flite instead of coffee
    python -m bench.noise_robustness --model FOLDER         another model than the built-in one

Each number is the share of utterances in % whose intent and slots are all right, and behind it the
seconds of one processor core for a second of sound.  The sentences are heard as the program hears
them, with the templates' graph; there is no endpointing: sound begins and ends with the recording.
Ratios are of the active speech level (ITU-T P.56) to the noise's; levels are those of the peak.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from bench import rooms
from bench.hearing_setups import Ears, with_free_speech
from bench.hearing_tasks import Task, coffee_task, shelf_task
from bench.levels import HZ, Sound, at_peak, peak_dbfs
from bench.noises import NOISES, add_noise
from os_sim.asr.models import Model
from os_sim.asr.models.find import find
from os_sim.asr.models.layout import open_folder

TASKS = {"coffee": coffee_task, "shelf": shelf_task}
RATIOS_DB = (24, 18, 12, 6)
LEVELS_DBFS = (-3, -15, -25, -35, -45)
T60_S = (0.2, 0.4, 0.6, 0.8)
CLIPPED_DB = (6, 12, 18)
OFFSETS = (0.01, 0.1)
_NOISE_S = 12.0

Spoil = Callable[[Sound, int], Sound]
"""Changes speech; the number tells repetitions apart."""


def conditions() -> Iterator[tuple[str, str, Spoil]]:
    """What is done to the speech: kind, how much, and how."""
    yield "clean", "", lambda speech, _: speech
    for noise in NOISES:
        for ratio_db in RATIOS_DB:
            yield noise, f"{ratio_db} dB", partial(_noisy, noise, ratio_db)
    for t60_s in T60_S:
        yield "room", f"{t60_s} s", partial(_in_room, t60_s)
    for dbfs in LEVELS_DBFS:
        yield "peak level", f"{dbfs} dBFS", partial(_at_peak, dbfs)
    for by_db in CLIPPED_DB:
        yield "clipped", f"{by_db} dB", partial(_clipped, by_db)
    for share in OFFSETS:
        yield "offset", f"{share:.0%}", partial(_with_offset, share)
    yield "telephone", "8 kHz", lambda speech, _: rooms.over_telephone(speech)


def _noisy(noise: str, ratio_db: float, speech: Sound, number: int) -> Sound:
    turned = np.roll(_noise(noise), -number * HZ)
    mix = add_noise(speech, turned, ratio_db)
    return at_peak(mix, min(0.0, peak_dbfs(mix)))


@lru_cache
def _noise(noise: str) -> Sound:
    return NOISES[noise](_NOISE_S, 1)


def _in_room(t60_s: float, speech: Sound, number: int) -> Sound:
    return rooms.in_room(speech, rooms.room(t60_s, number))


def _at_peak(dbfs: float, speech: Sound, number: int) -> Sound:
    return at_peak(speech, dbfs)


def _clipped(by_db: float, speech: Sound, number: int) -> Sound:
    return rooms.clipped(speech, by_db)


def _with_offset(share: float, speech: Sound, number: int) -> Sound:
    return rooms.with_offset(at_peak(speech, -12), share)


def measure(task: Task, ears: Ears, spoil: Spoil, every: int) -> tuple[float, float]:
    """Share of utterances all right, and the real-time factor."""
    right, sound_s, processor_s = 0, 0.0, 0.0
    recordings = task.recordings[::every]
    for number, recording in enumerate(recordings):
        sound = spoil(recording.load(), number)
        start_s = time.process_time()
        text = ears(sound)
        processor_s += time.process_time() - start_s
        sound_s += len(sound) / HZ
        right += task.understand(text) == recording.meaning
    return right / len(recordings), processor_s / sound_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--task", choices=TASKS, default="coffee")
    parser.add_argument("--model", type=Path, metavar="FOLDER")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth recording")
    parser.add_argument("--only", nargs="*", default=[""], metavar="TEXT", help="in kind or amount")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    task = TASKS[options.task]()
    with tempfile.TemporaryDirectory() as place:
        ears = with_free_speech(task, _model(options.model, Path(place)), Path(place))
        print(f"{task.name}: {len(task.recordings[:: options.every])} recordings")
        _table(task, ears, options.every, options.only)


def _model(folder: Path | None, place: Path) -> Model:
    if folder is None:
        return find("", data_dir=place, cache_dir=place)
    return open_folder(folder, folder.name, "found")


def _table(task: Task, ears: Ears, every: int, only: list[str]) -> None:
    kind = ""
    for name, amount, spoil in conditions():
        if not any(text in f"{name} {amount}" for text in only):
            continue
        share, factor = measure(task, ears, spoil, every)
        print(f"{'' if name == kind else name:12}{amount:>9} {100 * share:6.1f} {factor:6.2f}")
        kind = name


if __name__ == "__main__":
    main()
