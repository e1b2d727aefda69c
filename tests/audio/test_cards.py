"""The cards in memory keep their pace: lockstep, the wall clock's, or a clock moved by hand."""

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from os_sim.audio import CHUNK_FRAMES, CHUNK_S, MIX_HZ
from os_sim.audio.cards import LockstepSink, PacedSink, PacedSource
from os_sim.clock import ManualClock

if TYPE_CHECKING:
    from os_sim.audio import Chunk, Samples


def silence(frames: int) -> "Samples":
    return np.zeros((frames, 2), np.float32)


def test_the_lockstep_sink_plays_as_much_as_it_is_advanced_to_the_sample() -> None:
    played: list[int] = []
    sink = LockstepSink(lambda samples: played.append(len(samples)))
    sink.open(silence)
    for _ in range(3000):
        sink.advance(CHUNK_S / 3)
    assert sum(played) == 20 * MIX_HZ


def test_a_closed_lockstep_sink_plays_nothing() -> None:
    played: list[int] = []
    sink = LockstepSink(lambda samples: played.append(len(samples)))
    sink.open(silence)
    sink.close()
    sink.advance(1.0)
    assert played == []


def test_the_paced_sink_plays_in_real_time() -> None:
    played, enough = [0], threading.Event()

    def listen(samples: "Samples") -> None:
        played[0] += len(samples)
        if played[0] >= MIX_HZ // 4:
            enough.set()

    sink = PacedSink(listen)
    start = time.monotonic()
    sink.open(silence)
    assert enough.wait(20)
    assert time.monotonic() - start >= 0.24
    sink.close()
    after = played[0]
    sink.close()
    assert played[0] == after


def test_the_paced_source_delivers_a_chunk_every_20_ms_and_then_silence() -> None:
    async def listen() -> "list[tuple[float, Chunk]]":
        clock = ManualClock()
        source = PacedSource([np.full(CHUNK_FRAMES, 7, np.int16)] * 3, clock)
        heard: list[tuple[float, Chunk]] = []

        async def collect() -> None:
            async for chunk in source.chunks():
                heard.append((clock.now(), chunk))

        listening = asyncio.create_task(collect())
        await clock.advance(0.0)
        await clock.advance(0.1)
        source.close()
        await clock.advance(1.0)
        await listening
        return heard

    heard = asyncio.run(listen())
    assert [now for now, _ in heard] == pytest.approx([0.02, 0.04, 0.06, 0.08, 0.1])
    assert [int(chunk[0]) for _, chunk in heard] == [7, 7, 7, 0, 0]
