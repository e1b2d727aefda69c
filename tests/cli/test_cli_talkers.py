"""What is said to a recording gives the same events as what is typed, whoever speaks."""

from pathlib import Path

import pytest

from tests.cli.program import run

FLITE = Path(__file__).parent.parent / "data/speech/flite"
SENTENCES = ("play-a-melancholy-song", "next", "stop", "who-directed-her")


def happened(events: list[dict[str, object]]) -> list[tuple[object, ...]]:
    """The events without time, file and confidence; partials left out."""
    kept = ("text", "skill", "intent", "title", "mood")
    return [
        (one["event"], *(one[key] for key in kept if key in one))
        for one in events
        if one.get("final", True)
    ]


@pytest.mark.parametrize("talker", ["slt", "rms", "awb", "kal16"])
def test_a_talker_gives_the_same_events_as_a_keyboard(talker: str) -> None:
    files = [str(FLITE / talker / f"{sentence}.flac") for sentence in SENTENCES]
    heard = run("hear", *files, "--json", "--seed", "1")
    lines = "".join(sentence.replace("-", " ") + "\n" for sentence in SENTENCES)
    typed = run("text", "--json", "--seed", "1", said=lines)
    assert happened(heard.events) == happened(typed.events)
    assert len({one["title"] for one in heard.events if one["event"] == "playing"}) == 2


def test_a_talker_out_of_the_models_domain_is_heard_out_without_a_crash() -> None:
    files = [str(FLITE / "espeak-ng" / f"{sentence}.flac") for sentence in SENTENCES]
    heard = run("hear", *files, "--json", "--seed", "1")
    assert (heard.code, heard.err) == (0, "")
