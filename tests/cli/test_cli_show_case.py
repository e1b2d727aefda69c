"""What the house promises at its door: a song, another one, silence, and a name."""

import json

import pytest

from tests.cli.program import Finished, run

LINES = ["play a melancholy song", "next", "stop", "who directed her"]
KEYS = {
    "heard": {"text", "final", "confidence"},
    "understood": {"skill", "intent", "slots", "score"},
    "said": {"text"},
    "asked": {"text"},
    "playing": {"title", "mood", "seconds"},
    "stopped": set(),
    "shown": {"kind", "title", "path"},
    "failed": {"error", "message"},
}
"""What every event has, beside `event` and `t`."""


def show_case(seed: int) -> Finished:
    return run("text", "--json", "--seed", str(seed), said=LINES)


def timeless(finished: Finished) -> list[dict[str, object]]:
    return [{key: event[key] for key in event if key != "t"} for event in finished.events]


def test_two_songs_silence_and_the_director_come_in_this_order() -> None:
    shown = show_case(1)
    assert shown.code == 0
    assert shown.err == ""
    assert [event["event"] for event in shown.events] == [
        *("heard", "understood", "playing"),
        *("heard", "understood", "playing"),
        *("heard", "understood", "stopped"),
        *("heard", "understood", "said"),
    ]
    assert [event["text"] for event in shown.of("heard")] == LINES
    first, second = shown.of("playing")
    assert first["title"] != second["title"]
    assert first["mood"] == second["mood"] == "melancholy"
    assert "Spike Jonze" in shown.said[0]


def test_a_seed_fixes_everything_but_the_time() -> None:
    assert timeless(show_case(1)) == timeless(show_case(1))


def test_another_seed_is_another_song() -> None:
    titles = {show_case(seed).of("playing")[0]["title"] for seed in (1, 2, 3)}
    assert len(titles) == 3


def test_without_a_seed_every_run_is_another() -> None:
    one, another = (run("text", "--json", said=LINES[:1]) for _ in range(2))
    assert one.of("playing")[0]["title"] != another.of("playing")[0]["title"]


def test_every_event_has_the_keys_it_is_documented_with() -> None:
    talk = run(
        *("text", "--json", "--seed", "1"),
        said=[*LINES, "help", "write a letter", "the moon is a balloon", "the moon is a balloon"],
    )
    seen = set()
    for event in talk.events:
        assert event.keys() == KEYS[event["event"]] | {"event", "t"}
        assert event["t"] >= 0
        seen.add(event["event"])
    assert seen == KEYS.keys() - {"failed"}
    assert [event["t"] for event in talk.events] == sorted(event["t"] for event in talk.events)


def test_a_failure_is_an_event_too() -> None:
    heard = run("hear", "--json", "missing.wav")
    assert heard.code == 1
    assert heard.err == ""
    (event,) = heard.events
    assert event.keys() == KEYS["failed"] | {"event", "t", "file"}
    assert event["file"] == "missing.wav"


@pytest.mark.parametrize("options", [["--json", "text"], ["text", "--json"]])
def test_options_of_a_session_stand_before_or_after_the_command(options: list[str]) -> None:
    out = run(*options, said=["stop"]).out
    assert [json.loads(line)["event"] for line in out.splitlines()] == [
        *("heard", "understood", "said"),
    ]


def test_without_json_a_person_reads_what_was_said_and_played() -> None:
    talk = run("text", "--seed", "1", said=LINES)
    lines = talk.out.splitlines()
    assert [line for line in lines if line.startswith("› ")] == [f"› {line}" for line in LINES]
    assert sum(line.startswith("♪ ") for line in lines) == 3
    assert lines[-1].startswith("samantha  ")
    assert "\x1b" not in talk.out
