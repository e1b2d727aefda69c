"""The skill as the house sees it: what it costs to load, and what it plays."""

import subprocess
import sys
from itertools import islice
from random import Random
from typing import get_args, get_type_hints

from os_sim import resources
from os_sim.skill import MIX_HZ
from os_sim.testing import Conversation
from skills.song.moods import CALM, MELANCHOLY
from skills.song.playlist import playlist
from skills.song.skill import MOODS, play
from skills.song.titles import STOCKS, titles

SKILL = resources.shipped("skills") / "song"


def test_neither_loading_the_skill_nor_announcing_a_song_imports_numpy() -> None:
    code = (
        "import sys; from skills.song.playlist import playlist;"
        "from skills.song.skill import MOODS;"
        "print(next(playlist(1, MOODS['sad'])).title); print('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SKILL.parents[1], capture_output=True, text=True
    )
    assert done.stdout.splitlines()[1:] == ["False"], done.stderr


def test_every_mood_that_can_be_said_is_one_that_can_be_played() -> None:
    literal = get_args(get_type_hints(play)["mood"])[0]
    assert set(get_args(literal)) == {word for word in MOODS if word}
    assert {mood.name for mood in MOODS.values()} == set(STOCKS)


def test_next_gives_another_song_without_a_comment() -> None:
    with Conversation(SKILL, seed=1) as talk:
        first = talk.hear("play a melancholy song")
        second = talk.hear("next")
    assert first.said == second.said == []
    assert first.playing[0].mood == second.playing[0].mood == "melancholy"
    assert first.playing[0].title != second.playing[0].title


def test_every_request_gives_another_song() -> None:
    with Conversation(SKILL, seed=1) as talk:
        heard = [talk.hear("play a song").playing[0] for _ in range(10)]
    assert len({(song.title, song.seconds) for song in heard}) == 10


def test_the_same_seed_gives_the_same_playlist() -> None:
    first, second = (list(islice(playlist(9, CALM), 5)) for _ in range(2))
    assert [(t.title, t.seconds) for t in first] == [(t.title, t.seconds) for t in second]


def test_no_title_comes_twice_in_a_playlist() -> None:
    for mood in STOCKS:
        many = list(islice(titles(Random(3), mood), 2_000))
        assert len(set(many)) == len(many)


def test_a_track_can_be_rendered_again_from_its_beginning() -> None:
    track = next(playlist(2, MELANCHOLY))
    first, again = next(track.render()), next(track.render())
    assert (first == again).all()
    assert 0.1 * MIX_HZ < len(first) < MIX_HZ
