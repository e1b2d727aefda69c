"""How soon a song is heard, how fast it is rendered, how loud it is, how many there are.

python -m bench.songs              the figures of docs/performance.md
python -m bench.songs --fit        the weights of skills/song/loudness.py, fitted afresh
python -m bench.songs --excerpt FOLDER    an excerpt to listen to
"""

import argparse
import math
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyloudnorm
import soundfile
from numpy.typing import NDArray

from os_sim.skill import MIX_HZ
from skills.song.composer import compose
from skills.song.loudness import gain_for, powers
from skills.song.moods import CALM, HOPEFUL, MELANCHOLY, Mood
from skills.song.performance import perform
from skills.song.renderer import render

MOODS = (MELANCHOLY, CALM, HOPEFUL)
METER = pyloudnorm.Meter(MIX_HZ)
_COLD = """
import time
import numpy, os_sim.skill  # the house has both long before
start = time.perf_counter()
from skills.song.playlist import playlist
from skills.song.moods import MELANCHOLY
next(next(playlist({seed}, MELANCHOLY)).render())
print(time.perf_counter() - start)
"""
EXCERPT_S = 28.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--songs", type=int, default=12, help="songs rendered in each mood")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--excerpt", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    if options.excerpt:
        excerpt(options.excerpt)
    elif options.fit:
        fit(options.songs)
    else:
        first_sound()
        songs(options.songs)
        variety(200)


def first_sound() -> None:
    """From the request to the first block, in processes that have not played a song yet."""
    took_ms = sorted(
        1000 * float(subprocess.check_output([sys.executable, "-c", _COLD.format(seed=seed)]))
        for seed in range(9)
    )
    print(f"first sound of a first song: median {took_ms[4]:.0f} ms, worst {took_ms[-1]:.0f} ms")


def songs(count: int) -> None:
    """First block, real-time factor and level of finished songs."""
    for mood in MOODS:
        firsts_ms, factors, levels, peaks = [], [], [], []
        for seed in range(count):
            start = time.perf_counter()
            performance = perform(compose(seed, mood))
            blocks = render(performance)
            sound = [next(blocks)]
            firsts_ms.append(1000 * (time.perf_counter() - start))
            sound += blocks
            factors.append((time.perf_counter() - start) / performance.seconds)
            song = np.concatenate(sound)
            levels.append(METER.integrated_loudness(song))
            peaks.append(20 * math.log10(float(np.abs(song).max())))
        print(
            f"{mood.name}:"
            f" next song after {np.median(firsts_ms):.0f} ms (worst {max(firsts_ms):.0f}),"
            f" real-time factor {np.median(factors):.3f} (worst {max(factors):.3f}),"
            f" {min(levels):.1f} to {max(levels):.1f} LUFS, peak {max(peaks):.1f} dBFS"
        )


def variety(count: int) -> None:
    """How many different melodies, progressions and accompaniments there are among seeds."""
    for mood in MOODS:
        scores = [compose(seed, mood) for seed in range(count)]
        melodies = {
            tuple((note.beat, note.pitch - score.key.tonic) for note in score.part("melody"))
            for score in scores
        }
        chords = {
            tuple(chord.degree for phrase in score.phrases for chord in phrase.chords)
            for score in scores
        }
        print(f"{mood.name}: {len(melodies)} melodies, {len(chords)} harmonies in {count} songs")


def fit(count: int) -> None:
    """Least squares in relative error: what a unit of each part's power weighs in the ear."""
    rows, heard = [], []
    for mood in MOODS:
        for seed in range(100, 100 + count):
            performance = perform(compose(seed, mood))
            rows.append(list(powers(performance).values()))
            level = METER.integrated_loudness(_render(performance.seed, mood))
            heard.append(10 ** (level / 10) / gain_for(performance) ** 2)
    relative = np.array(rows) / np.array(heard)[:, None]
    weights, *_ = np.linalg.lstsq(relative, np.ones(len(rows)), rcond=None)
    error_db = 10 * np.log10(relative @ weights)
    print(dict(zip(powers(performance), weights.round(5).tolist(), strict=True)))
    print(f"error: {error_db.std():.2f} dB, at most {np.abs(error_db).max():.2f} dB")


def excerpt(folder: Path) -> None:
    """The first EXCERPT_S seconds of a song, faded out, as Ogg Vorbis."""
    performance = perform(compose(3, MELANCHOLY))
    heard = tuple(stroke for stroke in performance.strokes if stroke.start_s < EXCERPT_S)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "melancholy.ogg"
    with soundfile.SoundFile(target, "w", MIX_HZ, 2) as file:
        for block in render(replace(performance, strokes=heard, seconds=EXCERPT_S)):
            file.write(block)
    print(f"{target}: {target.stat().st_size} bytes")


def _render(seed: int, mood: Mood) -> NDArray[np.float32]:
    return np.concatenate(list(render(perform(compose(seed, mood)))))


if __name__ == "__main__":
    main()
