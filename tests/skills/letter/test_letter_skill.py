"""The letter skill in conversation: what is kept, what is asked, and what it costs to load."""

from pathlib import Path

import pytest

from os_sim import resources
from os_sim.testing import Conversation
from skills.letter.names import recipients

SKILL = resources.shipped("skills") / "letter"


def test_the_letter_is_saved_before_it_is_read() -> None:
    with Conversation(SKILL) as talk:
        talk.hear("write an apology letter to catherine")
        talk.hear("i forgot her birthday")
        kinds = [type(event).__name__ for event in talk.hear("theo").events]
        assert kinds.index("Shown") < kinds.index("Said")


def test_the_saved_file_holds_the_letter_that_was_read() -> None:
    with Conversation(SKILL) as talk:
        talk.hear("write a love letter to catherine")
        talk.hear("her laugh")
        reply = talk.hear("theo")
        path = reply.shown[0].path
        assert path is not None
        text = Path(path).read_text(encoding="utf-8")
        assert " ".join(" ".join(reply.said[1:]).split()) in " ".join(text.split())


def test_letters_outlive_the_conversation(tmp_path: Path) -> None:
    with Conversation(SKILL, home=tmp_path) as talk:
        for line in ("write a get well letter to tom", "nothing", "catherine"):
            talk.hear(line)
    with Conversation(SKILL, home=tmp_path) as talk:
        assert talk.hear("read me my last letter").said[:2] == ["Letter to Tom.", "Dear Tom,"]


@pytest.mark.parametrize("answers", range(5))
def test_never_mind_ends_quietly_at_every_question(answers: int) -> None:
    said = ["write a letter", "my sister", "gratitude", "she fed my cat", "theo"]
    with Conversation(SKILL) as talk:
        for line in said[: answers + 1]:
            assert talk.hear(line).asked
        reply = talk.hear("never mind")
        assert not reply.failed
        assert not reply.asked
        assert len(reply.said) <= 1


def test_at_most_five_questions_are_asked() -> None:
    with Conversation(SKILL) as talk:
        said = ["write a letter", "my sister", "love", "her laugh", "theo", "keep it"]
        assert sum(len(talk.hear(line).asked) for line in said) == 5


@pytest.mark.parametrize(
    "line",
    [
        "write a letter to zbigniew",
        "compose a letter of apology to the man next door",
        "i would like to write to my old choir",
        "help me apologise to zbigniew",
        "can you write me a sympathy letter for doctor okonkwo",
    ],
)
def test_a_name_nobody_knows_is_taken_as_it_is_typed(line: str) -> None:
    with Conversation(SKILL) as talk:
        understood = talk.hear(line).understood
        assert understood is not None
        assert "anyone" in understood.intent
        assert understood.slots["recipient"] in line


@pytest.mark.parametrize(
    "line", ["thank you", "thank you very much", "who is it", "i am sorry", "what is in the letter"]
)
def test_what_is_no_request_for_a_letter_is_left_alone(line: str) -> None:
    with Conversation(SKILL) as talk:
        understood = talk.hear(line).understood
        # "what is in the letter" may bring out one that there is; none is begun.
        begun = {"write", "write_to_anyone", "run_errand", "run_errand_to_anyone", "pass_on"}
        assert understood is None or understood.intent not in begun


def test_the_ears_know_several_hundred_names() -> None:
    named = recipients()
    assert len(named) > 400
    assert {"catherine", "my sister", "mum"} <= set(named)
    assert len(named) == len(set(named))


def test_who_signs_is_asked_again_after_a_letter_that_nobody_signed() -> None:
    with Conversation(SKILL) as talk:
        for line in ("write a love letter to tom", "nothing", "nobody", "keep it"):
            talk.hear(line)
        talk.hear("write a love letter to tom")
        assert talk.hear("nothing").asked == ["Who signs it?"]
