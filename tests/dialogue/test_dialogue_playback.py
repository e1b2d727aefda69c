"""Playback: what goes on after the turn, and the words that steer it."""

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from os_sim.skill import Context, Skill, Track
from os_sim.testing import Conversation, Reply


def track(title: str, seconds: float = 60.0) -> Track:
    return Track(title, "calm", seconds, lambda: iter(()))


def player(*playlists: Any) -> Skill:
    """A skill that plays one playlist after the other, each on a new request."""
    skill = Skill("player", summary="Plays")
    waiting = iter(playlists)

    @skill.intent("play")
    async def play(ctx: Context) -> None:
        await ctx.play(next(waiting))

    @skill.intent("hello")
    async def hello(ctx: Context) -> None:
        await ctx.say("Hello.")

    return skill


def titles(reply: Reply) -> list[str]:
    return [playing.title for playing in reply.playing]


def endless() -> Iterator[Track]:
    for number in itertools.count(1):
        yield track(f"Song {number}")


def breaking(after: int, error: BaseException) -> Iterator[Track]:
    for number in range(after):
        yield track(f"Song {number + 1}")
    raise error


def test_next_goes_through_the_playlist_and_stops_at_its_end() -> None:
    with Conversation(player([track("A"), track("B")])) as talk:
        assert titles(talk.hear("play")) == ["A"]
        assert titles(talk.hear("next")) == ["B"]
        assert talk.hear("next").stopped
        assert talk.hear("next").said == ["Nothing is playing right now."]


def test_a_track_that_has_ended_gives_way_to_the_next() -> None:
    with Conversation(player([track("A", 30), track("B", 20)])) as talk:
        talk.hear("play")
        assert talk.wait(29).playing == []
        assert titles(talk.wait(2)) == ["B"]
        assert talk.wait(18).events == ()
        assert talk.wait(3).stopped


def test_an_endless_playlist_is_taken_from_only_when_a_track_is_due() -> None:
    taken: list[Track] = []

    def noting() -> Iterator[Track]:
        for song in endless():
            taken.append(song)
            yield song

    with Conversation(player(noting())) as talk:
        talk.hear("play")
        for _ in range(20):
            talk.hear("next")
    assert len(taken) == 21


def test_pause_keeps_the_place_and_resume_goes_on_from_there() -> None:
    with Conversation(player([track("A", 60), track("B", 60)])) as talk:
        talk.hear("play")
        talk.wait(50)
        talk.hear("pause")
        assert talk.wait(1_000).events == ()
        talk.hear("resume")
        assert talk.wait(9).playing == []
        assert titles(talk.wait(2)) == ["B"]


def test_play_it_again_begins_the_track_anew() -> None:
    with Conversation(player([track("A", 60), track("B", 60)])) as talk:
        talk.hear("play")
        talk.wait(50)
        assert titles(talk.hear("play it again")) == ["A"]
        assert talk.wait(50).playing == []
        assert titles(talk.wait(11)) == ["B"]


def test_the_os_can_say_what_is_playing() -> None:
    with Conversation(player([track("Morning Rain")])) as talk:
        talk.hear("play")
        assert talk.hear("what is this").said == ["This is “Morning Rain”, a calm one."]


@pytest.mark.parametrize("words", ["louder", "turn it down", "pause", "go on", "a bit softer"])
def test_steering_is_done_without_a_word(words: str) -> None:
    with Conversation(player([track("A")])) as talk:
        talk.hear("play")
        reply = talk.hear(words)
        assert reply.understood is not None
        assert reply.understood.skill == "playback"
        assert reply.said == []


def test_talk_does_not_end_the_music() -> None:
    with Conversation(player([track("A", 60), track("B", 60)])) as talk:
        talk.hear("play")
        assert talk.hear("hello").said == ["Hello."]
        assert titles(talk.wait(61)) == ["B"]


def test_another_playlist_replaces_the_one_that_plays() -> None:
    with Conversation(player([track("A"), track("B")], [track("X", 10), track("Y")])) as talk:
        talk.hear("play")
        reply = talk.hear("play")
        assert titles(reply) == ["X"]
        assert titles(talk.wait(11)) == ["Y"]


def test_stop_ends_the_playlist_for_good() -> None:
    with Conversation(player([track("A", 10), track("B")])) as talk:
        talk.hear("play")
        assert talk.hear("stop").stopped
        assert talk.wait(1_000).events == ()


FAULTS: dict[str, tuple[Callable[[], object], str]] = {
    "raises": (lambda: breaking(0, ValueError("out of tune")), "ValueError: out of tune"),
    "exits": (lambda: breaking(0, SystemExit(3)), "SystemExit"),
    "is empty": (list, "there is no track in it"),
    "yields what is no track": (lambda: ["La la la"], "is no Track"),
    "is no list": (lambda: 5, "'int' object is not iterable"),
    "blocks": (lambda: blocking(0), "no answer within 0.3 s"),
}


def blocking(after: int) -> Iterator[Track]:
    for number in range(after):
        yield track(f"Song {number + 1}")
    threading.Event().wait(10)
    yield track("too late")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_playlist_that_fails_at_once_costs_one_spoken_sentence(fault: str) -> None:
    make, message = FAULTS[fault]
    with Conversation(player(make(), [track("A")]), patience_s=0.3) as talk:
        reply = talk.hear("play")
        assert len(reply.said) == 1
        (failed,) = reply.failed
        assert message in failed.message
        assert "test_dialogue_playback.py" in failed.message
        assert talk.hear("hello").said == ["Hello."]
        assert titles(talk.hear("play")) == ["A"]


LATER: dict[str, tuple[Iterable[Any], str]] = {
    "raises": (breaking(1, ValueError("out of tune")), "ValueError: out of tune"),
    "yields what is no track": ([track("Song 1"), None], "is no Track"),
    "blocks": (blocking(1), "no answer within 0.3 s"),
}


@pytest.mark.parametrize("fault", LATER)
def test_a_playlist_that_fails_at_next_costs_one_spoken_sentence(fault: str) -> None:
    playlist, message = LATER[fault]
    with Conversation(player(playlist), patience_s=0.3) as talk:
        talk.hear("play")
        reply = talk.hear("next")
        assert len(reply.said) == 1
        assert message in reply.failed[0].message
        assert talk.hear("hello").said == ["Hello."]


def test_a_playlist_that_fails_after_a_track_ends_the_music_and_is_reported() -> None:
    with Conversation(player(breaking(1, ValueError("out of tune")))) as talk:
        talk.hear("play")
        reply = talk.wait(61)
        assert reply.stopped
        assert "ValueError: out of tune" in reply.failed[0].message
        assert talk.hear("hello").said == ["Hello."]


def test_music_that_plays_survives_a_new_playlist_that_fails() -> None:
    with Conversation(player([track("A"), track("B")], breaking(0, ValueError("no")))) as talk:
        talk.hear("play")
        talk.hear("play")
        assert talk.hear("what is this").said == ["This is “A”, a calm one."]
        assert titles(talk.hear("next")) == ["B"]
