"""The mouth that is heard: what it says, in which order, and how it falls silent."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from os_sim.audio import MIX_HZ, Track
from os_sim.audio.cards import LockstepSink
from os_sim.audio.mixer import Mixer
from os_sim.channel.speaker import TAIL_S, Speaker
from os_sim.errors import SkillError, VoiceError
from tests.audio.sounds import sine, steady

if TYPE_CHECKING:
    from os_sim.audio import Samples

SENTENCE_S = 0.5


class Tones:
    """A synthesizer whose every sentence is half a second at one level, its number in tenths."""

    def __init__(self) -> None:
        self.rendered: list[str] = []
        self.closed = False
        self.goes_on = asyncio.Event()
        """What a slow sentence waits for."""

    async def warm(self) -> None:
        pass

    async def render(self, sentence: str) -> "Samples":
        if "unspeakable" in sentence:
            raise VoiceError("the voice is lost")
        if "slow" in sentence:
            await self.goes_on.wait()
        self.rendered.append(sentence)
        level = int(sentence.strip(".").split()[-1]) / 10
        return np.full((round(SENTENCE_S * MIX_HZ), 2), level, np.float32)

    async def close(self) -> None:
        self.closed = True


class Scene:
    """A speaker on a card that plays as much as the test lets it."""

    def __init__(self) -> None:
        self.played: list[Samples] = []
        self.voice, self.sink = Tones(), LockstepSink(self.played.append)
        self.speaker = Speaker(self.voice, Mixer(render_wait_s=20.0), self.sink)

    async def play(self, seconds: float) -> None:
        """Let the card play, and everybody act on it, every 10 ms."""
        for _ in range(round(seconds * 100)):
            await settle()
            self.sink.advance(0.01)
        await settle()

    def levels(self) -> list[float]:
        """The level in the middle of every sentence length that was played."""
        sound = np.concatenate(self.played)[:, 0]
        length = round(SENTENCE_S * MIX_HZ)
        return [round(float(level), 2) for level in sound[length // 2 :: length]]


async def settle() -> None:
    for _ in range(8):
        await asyncio.sleep(0)


def on_scene(act: Callable[[Scene], Awaitable[None]]) -> None:
    async def run() -> None:
        scene = Scene()
        await act(scene)
        await scene.speaker.close()

    asyncio.run(run())


def test_it_says_every_sentence_in_order_and_then_returns() -> None:
    async def act(scene: Scene) -> None:
        saying = asyncio.create_task(scene.speaker.say("This is 1. This is 2. This is 3."))
        await scene.play(3 * SENTENCE_S - 0.01)
        assert not saying.done()
        await scene.play(0.01)
        assert saying.done()
        assert scene.levels() == [0.1, 0.2, 0.3]

    on_scene(act)


def test_the_next_sentence_is_rendered_while_this_one_plays_and_no_more() -> None:
    async def act(scene: Scene) -> None:
        saying = asyncio.create_task(scene.speaker.say("This is 1. This is 2. This is 3."))
        await scene.play(SENTENCE_S / 2)
        assert scene.voice.rendered == ["This is 1.", "This is 2."]
        await scene.play(SENTENCE_S)
        assert scene.voice.rendered == ["This is 1.", "This is 2.", "This is 3."]
        await scene.play(2 * SENTENCE_S)
        await saying

    on_scene(act)


def test_two_who_speak_at_once_are_heard_one_after_the_other() -> None:
    async def act(scene: Scene) -> None:
        first = scene.speaker.say("This is 1. This is 2. This is 3.")
        both = asyncio.gather(first, scene.speaker.say("This is 4."))
        await scene.play(4 * SENTENCE_S + 0.05)
        await both
        assert scene.levels()[:4] == [0.1, 0.2, 0.3, 0.4]

    on_scene(act)


def test_hush_ends_everything_that_is_being_said_or_waits() -> None:
    async def act(scene: Scene) -> None:
        both = asyncio.gather(scene.speaker.say("This is 1. This is 2."), scene.speaker.say("3."))
        await scene.play(SENTENCE_S / 2)
        scene.speaker.hush()
        await settle()
        assert both.done()
        scene.played.clear()
        await scene.play(2.0)
        assert not np.concatenate(scene.played)[round(0.02 * MIX_HZ) :].any()

    on_scene(act)


def test_what_is_said_right_after_a_hush_is_heard() -> None:
    async def act(scene: Scene) -> None:
        old = asyncio.create_task(scene.speaker.say("This is 1. This is 2."))
        await scene.play(SENTENCE_S)
        scene.speaker.hush()
        new = asyncio.create_task(scene.speaker.say("This is 5."))
        await scene.play(SENTENCE_S + 0.05)
        assert old.done()
        assert new.done()
        assert scene.levels() == [0.1, 0.5]

    on_scene(act)


def test_who_cancels_what_is_said_hears_no_more_of_it() -> None:
    async def act(scene: Scene) -> None:
        saying = asyncio.create_task(scene.speaker.say("This is 1. This is 2."))
        await scene.play(SENTENCE_S / 2)
        saying.cancel()
        await settle()
        scene.played.clear()
        await scene.play(1.0)
        assert not np.concatenate(scene.played)[round(0.02 * MIX_HZ) :].any()

    on_scene(act)


def test_a_lost_voice_is_told_after_what_could_still_be_said() -> None:
    async def act(scene: Scene) -> None:
        saying = asyncio.create_task(scene.speaker.say("This is 1. This is unspeakable."))
        await scene.play(SENTENCE_S - 0.01)
        assert not saying.done()
        await scene.play(0.02)
        with pytest.raises(VoiceError):
            await saying

    on_scene(act)


def test_it_counts_as_speaking_until_the_room_is_quiet() -> None:
    async def act(scene: Scene) -> None:
        assert not scene.speaker.speaking
        saying = asyncio.create_task(scene.speaker.say("This is 1."))
        await scene.play(SENTENCE_S)
        await saying
        assert scene.speaker.speaking
        await scene.play(TAIL_S - 0.02)
        assert scene.speaker.speaking
        await scene.play(0.05)
        assert not scene.speaker.speaking

    on_scene(act)


def test_music_is_ducked_from_the_first_word_to_the_last() -> None:
    async def act(scene: Scene) -> None:
        scene.speaker.start(steady(0.5, 10.0))
        await scene.play(1.0)
        saying = asyncio.create_task(scene.speaker.say("This is 0. This is 0."))
        scene.played.clear()
        await scene.play(2 * SENTENCE_S)
        await saying
        during = np.concatenate(scene.played)[round(0.1 * MIX_HZ) :]
        assert during.max() < 0.1
        await scene.play(1.0)
        assert scene.played[-1][-1, 0] == pytest.approx(0.5)

    on_scene(act)


def test_music_does_not_come_up_while_a_sentence_is_late() -> None:
    async def act(scene: Scene) -> None:
        scene.speaker.start(steady(0.5, 10.0))
        saying = asyncio.create_task(scene.speaker.say("This is 0. This is a slow 0."))
        await scene.play(SENTENCE_S + 2.0)
        assert scene.played[-1].max() < 0.1
        scene.voice.goes_on.set()
        await scene.play(SENTENCE_S + 0.05)
        await saying

    on_scene(act)


def test_a_track_has_ended_when_it_has_been_heard() -> None:
    async def act(scene: Scene) -> None:
        scene.speaker.start(steady(0.5, 1.0))
        ended = asyncio.create_task(scene.speaker.ended())
        await scene.play(0.5)
        scene.speaker.pause()
        await scene.play(5.0)
        assert not ended.done()
        scene.speaker.resume()
        await scene.play(0.6)
        assert ended.done()

    on_scene(act)


def test_who_waits_for_the_end_waits_for_the_track_that_was_started_last() -> None:
    async def act(scene: Scene) -> None:
        scene.speaker.start(steady(0.5, 0.5))
        ended = asyncio.create_task(scene.speaker.ended())
        await scene.play(0.2)
        scene.speaker.start(steady(0.5, 1.0))
        await scene.play(0.9)
        assert not ended.done()
        await scene.play(0.2)
        assert ended.done()

    on_scene(act)


def test_news_of_an_old_track_does_not_end_a_new_one() -> None:
    async def act(scene: Scene) -> None:
        scene.speaker.start(steady(0.5, 0.1))
        scene.sink.advance(0.2)  # its end is on its way to the loop
        scene.speaker.start(steady(0.5, 60.0))
        ended = asyncio.create_task(scene.speaker.ended())
        await settle()
        assert not ended.done()
        ended.cancel()

    on_scene(act)


def test_a_stopped_track_has_ended() -> None:
    async def act(scene: Scene) -> None:
        scene.speaker.start(steady(0.5, 60.0))
        await scene.play(0.2)
        scene.speaker.stop()
        await asyncio.wait_for(scene.speaker.ended(), 20)

    on_scene(act)


def test_a_track_that_breaks_off_is_told_to_who_waits_for_its_end() -> None:
    def render() -> "Iterator[Samples]":
        yield sine(440, 0.3)
        raise RuntimeError("no such chord")

    async def act(scene: Scene) -> None:
        scene.speaker.start(Track("Low tide", "wistful", 10.0, render))
        await scene.play(0.5)
        with pytest.raises(SkillError, match=r"the track 'Low tide' broke off .*no such chord"):
            await scene.speaker.ended()
        await scene.speaker.ended()

    on_scene(act)


def test_volume_is_turned_for_all_that_sounds() -> None:
    async def act(scene: Scene) -> None:
        assert scene.speaker.turn_volume(-20.0) == -20.0
        saying = asyncio.create_task(scene.speaker.say("This is 5."))
        await scene.play(SENTENCE_S)
        await saying
        assert scene.levels() == [0.05]

    on_scene(act)


def test_closing_falls_silent_and_lets_go_of_the_voice() -> None:
    async def act(scene: Scene) -> None:
        saying = asyncio.create_task(scene.speaker.say("This is 1."))
        await scene.play(0.1)
        await scene.speaker.close()
        await asyncio.wait_for(saying, 20)
        assert scene.voice.closed
        played = len(scene.played)
        scene.sink.advance(1.0)
        assert len(scene.played) == played

    on_scene(act)
