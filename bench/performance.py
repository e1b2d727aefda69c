"""How fast the OS is and how big: python -m bench.performance [--talk]

Text mode is measured in a pseudo-terminal, talk mode on a virtual sound card (PulseAudio); the
paced card in memory has the sound card's pace without its delay.  docs/performance.md explains
the rows.
"""

import argparse
import asyncio
import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from os_sim.audio import CAPTURE_HZ, CHUNK_FRAMES, MIX_HZ
from os_sim.audio.cards import PacedSink, PacedSource
from os_sim.audio.files import RecordingSource
from os_sim.channel.microphone import LiveEars
from os_sim.clock import SystemClock
from os_sim.config import Config, Home
from os_sim.dialogue.conversation import Conversation as Talk
from os_sim.dialogue.house import House
from os_sim.dialogue.known import all_sentences
from os_sim.engines import Engines
from os_sim.memory.store import Store
from os_sim.resources import shipped
from os_sim.skill.loading import load_shelf
from os_sim.testing import Conversation
from tests.virtual_card import VirtualCard, virtual_card

SPEECH = Path(__file__).parent.parent / "tests/data/speech/flite/rms"
QUESTION = SPEECH / "what-can-you-do.flac"
LOUD = 0.003
"""A sample above this is sound: -50 dBFS."""
TICK_HZ = os.sysconf("SC_CLK_TCK")


def row(what: str, value: str, goal: str = "") -> None:
    print(f"{what:58} {value:>22}  {goal}", flush=True)


def milliseconds(times_s: list[float]) -> str:
    ordered = sorted(times_s)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return f"{1e3 * statistics.median(ordered):.0f} / {1e3 * p95:.0f} ms"


def resident_mb(pid: int) -> float:
    """Memory of a process and its children that no other process shares, as PSS."""
    total_kb = 0
    for one in [pid, *children(pid)]:
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total_kb += int(line.split()[1])
    return total_kb / 1024


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = Path(f"/proc/{pid}/task").iterdir()
    for thread in threads:
        found += (thread / "children").read_text().split()
    return sorted({int(child) for child in found})


def processor_s(pid: int) -> float:
    """Processor time so far, of a process and its children."""
    total = 0.0
    for one in [pid, *children(pid)]:
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICK_HZ
    return total


# Text mode.


def start_in_terminal(home: str) -> tuple[float, float]:
    """Seconds to the prompt, and the memory there in MB."""
    begun = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execv(sys.executable, [sys.executable, "-m", "os_sim", "text", "--home", home])
    seen = b""
    while "›".encode() not in seen:
        if select.select([terminal], [], [], 20)[0]:
            part = os.read(terminal, 65_536)
            if b"\x1b[6n" in part:  # the prompt asks where the cursor is
                os.write(terminal, b"\x1b[1;1R")
            seen += part
    took_s = time.perf_counter() - begun
    size_mb = resident_mb(pid)
    os.write(terminal, b"\x04")
    os.waitpid(pid, 0)
    os.close(terminal)
    return took_s, size_mb


def text_mode() -> None:
    with tempfile.TemporaryDirectory() as home:
        start_in_terminal(home)  # the first run writes byte code and the store
        runs = [start_in_terminal(home) for _ in range(9)]
    row(
        "text: process start to the prompt, min / median",
        f"{min(s for s, _ in runs):.2f} / {statistics.median(s for s, _ in runs):.2f} s",
        "goal 0.30 s",
    )
    row(
        "text: memory at the prompt",
        f"{statistics.median(mb for _, mb in runs):.0f} MB",
        "goal 60 MB",
    )
    turns("text: turn, p50 / p95")


def turns(what: str) -> None:
    said = ("who directed her", "what can you do", "play a melancholy song", "next", "stop", "fly")
    times_s = []
    with Conversation() as talk:
        for sentence in said:
            talk.hear(sentence)
        for _ in range(50):
            for sentence in said:
                begun = time.perf_counter()
                talk.hear(sentence)
                times_s.append(time.perf_counter() - begun)
    ordered = sorted(times_s)
    p95 = ordered[round(0.95 * len(ordered))]
    row(what, f"{1e3 * statistics.median(ordered):.1f} / {1e3 * p95:.1f} ms")


# Talk mode, on the virtual card.


@contextmanager
def talking(card: VirtualCard, home: str) -> "Iterator[subprocess.Popen[str]]":
    program = subprocess.Popen(
        [sys.executable, "-m", "os_sim", "talk", "--json", "--seed", "1", "--home", home],
        env=card.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert program.stdout is not None
    lines = program.stdout
    threading.Thread(target=lambda: [None for _ in lines], daemon=True).start()
    try:
        yield program
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(20)


def wait_until_listening(card: VirtualCard) -> None:
    """Until some program records from the microphone."""
    while True:
        listing = subprocess.run(
            ["pactl", "list", "short", "source-outputs"],
            env=card.env,
            capture_output=True,
            check=False,
        )
        if listing.stdout.strip():
            return
        time.sleep(0.01)


class Ear:
    """Records one monitor, and knows when its parts arrived."""

    def __init__(self, card: VirtualCard, sink: str) -> None:
        self._recorder = subprocess.Popen(
            [
                "parec",
                f"--device={sink}.monitor",
                "--format=float32le",
                "--rate=48000",
                "--channels=1",
                "--latency-msec=10",
            ],
            env=card.env,
            stdout=subprocess.PIPE,
        )
        self._heard: list[tuple[float, float]] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._recorder.stdout is not None
        while part := os.read(self._recorder.stdout.fileno(), 4_096):
            now = time.perf_counter()
            samples = np.frombuffer(part[: len(part) // 4 * 4], np.float32)
            loud = np.flatnonzero(np.abs(samples) > LOUD)
            if len(loud):
                # The last sample of a part arrived now; the loud ones a little before.
                self._heard.append(
                    (
                        now - (len(samples) - loud[0]) / MIX_HZ,
                        now - (len(samples) - loud[-1]) / MIX_HZ,
                    )
                )

    def first_after(self, moment: float) -> float | None:
        return next((first for first, _ in self._heard if first > moment), None)

    def last(self) -> float:
        return self._heard[-1][1]

    def close(self) -> None:
        self._recorder.kill()


def talk_mode() -> None:
    with tempfile.TemporaryDirectory() as home, virtual_card() as card:
        starts_s = []
        for _ in range(4):
            begun = time.perf_counter()
            with talking(card, home):
                wait_until_listening(card)
                starts_s.append(time.perf_counter() - begun)
        # The first start unpacks the model; it is not like the others.
        row(
            "talk: process start to listening, min / median",
            f"{min(starts_s[1:]):.2f} / {statistics.median(starts_s[1:]):.2f} s",
            f"goal 1.0 s (first start ever: {starts_s[0]:.1f} s)",
        )
        with talking(card, home) as program:
            wait_until_listening(card)
            time.sleep(4)
            busy_s, begun = processor_s(program.pid), time.perf_counter()
            time.sleep(20)
            share = (processor_s(program.pid) - busy_s) / (time.perf_counter() - begun)
            row("talk: processor share, listening to silence", f"{100 * share:.1f} %", "goal 3 %")
            times_s = [answer_on_card(card) for _ in range(5)]
            row("talk: end of speech to answer, virtual card, p50 / p95", milliseconds(times_s))
            row(
                "talk: memory after five answers",
                f"{resident_mb(program.pid):.0f} MB",
                "goal 200 MB",
            )


def answer_on_card(card: VirtualCard) -> float:
    microphone, speaker = Ear(card, "mic"), Ear(card, "speaker")
    time.sleep(0.5)
    card.play_into_microphone(QUESTION)
    end = microphone.last()
    while (answer := speaker.first_after(end)) is None:
        time.sleep(0.05)
    microphone.close()
    time.sleep(8)  # let it finish what it says
    speaker.close()
    return answer - end


# The paced card in memory.


def in_memory(count: int = 7) -> None:
    times_s = [asyncio.run(answer_in_memory()) for _ in range(count)]
    row("memory card: end of speech to answer, p50 / p95", milliseconds(times_s))


async def answer_in_memory() -> float:
    """Seconds from the last loud sample that is delivered to the first one that is played."""
    chunks = [chunk async for chunk in RecordingSource(QUESTION).chunks()]
    lead = [np.zeros(CHUNK_FRAMES, np.int16)] * 50
    loud = [at for at, chunk in enumerate(chunks) if np.abs(chunk).max() > LOUD * 32_768]
    end_s = (len(lead) + loud[-1] + 1) * CHUNK_FRAMES / CAPTURE_HZ
    answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()

    def note(moment: float) -> None:
        if not answered.done():
            answered.set_result(moment)

    def listen(samples: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> None:
        if np.abs(samples).max() > LOUD and not answered.done():
            moment = time.perf_counter()
            loop.call_soon_threadsafe(note, moment)

    with tempfile.TemporaryDirectory() as folder:
        home = Home(
            Path(folder) / "config.toml", Path(folder), Path(tempfile.gettempdir()) / "os_sim-bench"
        )
        engines = Engines(home, Config())
        shelf = load_shelf(shipped("skills"))
        clock = SystemClock()
        speaker = engines.speaker(PacedSink(listen))
        await speaker.synthesizer.warm()
        recognizer = await engines.recognizer(all_sentences(shelf), lambda text: False)
        source = PacedSource([*lead, *chunks], clock)
        ears = LiveEars(source, engines.hearing(recognizer), clock)
        house = House(shelf, Store(home.store_file), home.documents, clock, seed=1)
        begun = time.perf_counter()
        talk = asyncio.ensure_future(Talk(house, ears, speaker, lambda event: None).run())
        moment = await asyncio.wait_for(answered, 30)
        talk.cancel()
        await asyncio.gather(talk, return_exceptions=True)
        await speaker.close()
    return moment - begun - end_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("text", "memory", "talk"))
    only = parser.parse_args().only
    parts: dict[str, Callable[[], None]] = {
        "text": text_mode,
        "memory": in_memory,
        "talk": talk_mode,
    }
    for name, part in parts.items():
        if only in (None, name):
            part()


if __name__ == "__main__":
    main()
