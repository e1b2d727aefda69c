"""The whole program as a user runs it: speech goes into a microphone, sound comes out of a speaker.

Everything is real but the air between: a talker's recordings are played into a virtual sound
card's microphone, and what the program plays is recorded from its speaker.
"""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from os_sim.audio import MIX_HZ, Track
from os_sim.channel.silence import Silence
from os_sim.config import Config, Home
from os_sim.engines import Engines
from os_sim.testing import Conversation
from tests.virtual_card import Recording, Stereo, VirtualCard, needs_virtual_card, virtual_card

TALKER = Path(__file__).parent / "data/speech/flite/rms"
DEADLINE_S = 60.0
TRIES, ANSWER_S = 3, 15.0
"""A card that has just come back may swallow a syllable: whoever is not answered says it again."""
QUIET = 0.002
"""An RMS below this is silence: -54 dBFS."""

Mono = NDArray[np.float32]


class Program:
    """`os-sim talk --json`, running on a card."""

    def __init__(self, card: VirtualCard, home: Path, *options: str) -> None:
        command = [sys.executable, "-m", "os_sim", "talk", "--json", "--seed", "1"]
        self.process = subprocess.Popen(
            [*command, "--home", str(home), *options],
            env=card.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.events: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.events.append(json.loads(line))
                self._news.notify_all()

    def wait_for(self, event: str, after: int = 0, **fields: str) -> dict[str, Any]:
        """The first such event from number `after` on."""
        assert self.comes(event, DEADLINE_S, after, **fields), self.events
        return next(self._such(event, after, fields))

    def comes(self, event: str, within_s: float, after: int = 0, **fields: str) -> bool:
        """Whether there is such an event before the time is over."""
        with self._news:
            return self._news.wait_for(lambda: any(self._such(event, after, fields)), within_s)

    def _such(self, event: str, after: int, fields: dict[str, str]) -> Iterator[dict[str, Any]]:
        for one in self.events[after:]:
            if one["event"] == event and all(one[k] == v for k, v in fields.items()):
                yield one

    def leave(self) -> tuple[int, str]:
        """Ctrl-C; the exit code, and what stood on standard error."""
        self.process.send_signal(2)
        _, errors = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, errors


@contextmanager
def talking(card: VirtualCard, home: Path, *options: str) -> Iterator[Program]:
    program = Program(card, home, *options)
    try:
        program.wait_for("said", text="I'm here.")
        wait_until_it_listens(card)
        yield program
    finally:
        program.process.kill()
        program.process.wait()


def wait_until_it_listens(card: VirtualCard) -> None:
    deadline = time.monotonic() + DEADLINE_S
    command = ["pactl", "list", "source-outputs"]
    while time.monotonic() < deadline:
        listed = subprocess.run(command, env=card.env, capture_output=True, check=True, text=True)
        if "Corked: no" in listed.stdout:  # there is one, and it has been started
            return
        time.sleep(0.05)
    raise AssertionError("nobody listens to the microphone")


def likeness(part: Mono, sound: Mono) -> float:
    """The largest normalised cross-correlation of `part` with any stretch of `sound`."""
    if len(sound) < len(part):
        return 0.0
    size = 1 << (len(sound) + len(part)).bit_length()
    product = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(part, size))
    dots = np.fft.irfft(product, size)[: len(sound) - len(part) + 1]
    energy = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    norms = np.sqrt(np.maximum(energy[len(part) :] - energy[: -len(part)], 1e-6))
    return float(np.max(dots / (norms * np.linalg.norm(part))))


def mono(sound: Stereo) -> Mono:
    """Every fourth sample of both channels together: what follows needs no treble."""
    whole = sound.mean(axis=1)[: len(sound) // 4 * 4]
    folded: Mono = whole.reshape(-1, 4).mean(axis=1).astype(np.float32)
    return folded


def loudest_second(sound: Mono) -> Mono:
    """The second of a sound that is easiest to find again."""
    step = MIX_HZ // 4
    starts = range(0, max(1, len(sound) - step), step // 2)
    best = max(starts, key=lambda start: float(np.sum(sound[start : start + step] ** 2)))
    return sound[best : best + step]


def songs(*sentences: str) -> list[Track]:
    """The tracks that these sentences bring, with the same seed."""
    tracks: list[Track] = []

    class Collecting(Silence):
        def start(self, track: Track) -> None:
            tracks.append(track)
            super().start(track)

    with Conversation(mouth=Collecting) as talk:
        for sentence in sentences:
            talk.hear(sentence)
    return tracks


def beginning(track: Track, seconds: float) -> Mono:
    blocks, frames = [], 0
    for block in track.render():
        blocks.append(block)
        frames += len(block)
        if frames >= seconds * MIX_HZ:
            break
    return mono(np.concatenate(blocks))


def spoken(text: str, home: Path) -> Mono:
    async def render() -> Stereo:
        synthesizer = Engines(Home(home, home, home), Config()).synthesizer()
        try:
            return await synthesizer.render(text)
        finally:
            await synthesizer.close()

    return mono(asyncio.run(render()))


def is_quiet_for(seconds: float) -> Callable[[Stereo], bool]:
    frames = round(seconds * MIX_HZ)

    def check(sound: Stereo) -> bool:
        tail = sound[-frames:]
        return len(tail) == frames and float(np.sqrt(np.mean(tail**2))) < QUIET

    return check


def has_been_said(sound: Stereo) -> bool:
    """Something sounded for a second or more, however late it began, and is over."""
    sounding = np.count_nonzero(np.abs(sound).max(axis=1, initial=0.0) > QUIET)
    return bool(sounding > MIX_HZ) and is_quiet_for(2.0)(sound)


@needs_virtual_card
@pytest.mark.timeout(240)
def test_a_song_is_asked_for_waved_away_stopped_and_a_question_answered(tmp_path: Path) -> None:
    with virtual_card() as card, talking(card, tmp_path / "home") as program:
        with card.recording() as recording:
            recording.wait_until(is_quiet_for(1.0), DEADLINE_S)
            first = hear_a_song(card, program, recording, "play-a-melancholy-song")
            second = hear_a_song(card, program, recording, "next")
            say(card, program, "stop")
            program.wait_for("stopped")
            recording.wait_until(is_quiet_for(2.0), DEADLINE_S)
            so_far = len(recording.samples)
            say(card, program, "who-directed-her")
            answer = program.wait_for("said", after=number_of(program, "stopped"))["text"]
            recording.wait_until(lambda sound: has_been_said(sound[so_far:]), DEADLINE_S)
            answered = mono(recording.samples[so_far:])
        assert program.leave()[0] == 0

    expected = songs("play a melancholy song", "next")
    assert likeness(loudest_second(beginning(expected[0], 5)), first) > 0.8
    assert likeness(loudest_second(beginning(expected[1], 5)), second) > 0.8
    assert likeness(loudest_second(beginning(expected[1], 5)), first) < 0.5
    assert "Jonze" in answer
    assert likeness(loudest_second(spoken(answer, tmp_path)), answered) > 0.8


def hear_a_song(card: VirtualCard, program: Program, recording: Recording, sentence: str) -> Mono:
    """Say the sentence, and listen to six seconds of what comes."""
    events = len(program.events)
    say(card, program, sentence)
    program.wait_for("playing", after=events)
    start = len(recording.samples)
    recording.wait_until(lambda sound: len(sound) > start + 6 * MIX_HZ, DEADLINE_S)
    # From a little before: the event and the sound take different ways here.
    return mono(recording.samples[max(0, start - MIX_HZ) :])


def say(card: VirtualCard, program: Program, sentence: str) -> None:
    """Play the talker's sentence into the microphone; it must be heard word for word."""
    events = len(program.events)
    card.play_into_microphone(TALKER / f"{sentence}.flac")
    heard = program.wait_for("heard", after=events, text=sentence.replace("-", " "))
    if not heard["final"]:
        program.wait_for("understood", after=events)


def number_of(program: Program, event: str) -> int:
    return [one["event"] for one in program.events].index(event)


@needs_virtual_card
@pytest.mark.timeout(240)
def test_a_microphone_that_goes_away_is_told_of_and_used_again(tmp_path: Path) -> None:
    with virtual_card() as card, talking(card, tmp_path / "home") as program:
        card.pull_out()
        lost = program.wait_for("failed", error="HearingFailed")
        assert "\n" not in lost["message"]
        card.plug_in()
        wait_until_it_listens(card)
        events = len(program.events)
        for _ in range(TRIES):
            card.play_into_microphone(TALKER / "what-can-you-do.flac")
            if program.comes("understood", ANSWER_S, after=events, intent="abilities"):
                break
        program.wait_for("understood", after=events, intent="abilities")
        code, errors = program.leave()
        assert code == 0
        assert "Traceback" not in errors
