"""How much of what people say is understood, on sentences that nothing was chosen on."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from os_sim.dialogue.known import all_intents
from os_sim.nlu.near import Certainty, NearMatcher
from tests.understanding.everyday import everyday_shelf
from tests.understanding.sentences import NOTHING, SEVERAL, name_of, read, slots_agree

NOW = datetime(2025, 5, 5, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Figures:
    """Shares of the sentences of one kind."""

    right: float
    wrong: float
    with_slots: float
    taken: float
    """Of what was for somebody else."""


@pytest.fixture(scope="module")
def figures() -> Figures:
    known = all_intents(everyday_shelf())
    matcher = NearMatcher(known)
    right = wrong = slots = taken = meant = others = 0
    for said in read("report"):
        guess = next(iter(matcher.guess(said.text, NOW)), None)
        sure = guess is not None and guess.certainty is Certainty.SURE
        if said.intent == SEVERAL:
            continue
        if said.intent in NOTHING:
            others += 1
            taken += sure
            continue
        meant += 1
        if guess is not None and sure:
            good = name_of(guess.match) == said.intent
            right += good
            wrong += not good
            slots += good and slots_agree(said, guess.match, known, NOW)
    return Figures(right / meant, wrong / meant, slots / meant, taken / others)


def test_most_of_what_no_template_says_is_done(figures: Figures) -> None:
    assert figures.right >= 0.84


def test_hardly_ever_something_else_is_done(figures: Figures) -> None:
    assert figures.wrong <= 0.05


def test_the_values_in_the_sentences_are_found(figures: Figures) -> None:
    assert figures.with_slots >= 0.82


def test_what_is_for_somebody_else_is_left_alone(figures: Figures) -> None:
    assert figures.taken <= 0.08
