"""Why an utterance is understood as it is: what `os-sim why` prints."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from os_sim.dialogue.known import Known, all_intents
from os_sim.nlu.matcher import Match
from os_sim.nlu.tidying import corrected, plain_request
from os_sim.nlu.words import normal
from os_sim.skill.loading import Shelf

if TYPE_CHECKING:
    from os_sim.nlu.near import Guess

SHOWN = 3
"""Guesses that are worth a line."""


def explain(text: str, shelf: Shelf, known: Known, now: datetime, cache: Path | None) -> str:
    """Tier after tier, what was found, and what would have changed the outcome."""
    return "\n".join(_lines(text, shelf, known, now, cache))


def _lines(
    text: str, shelf: Shelf, known: Known, now: datetime, cache: Path | None
) -> Iterator[str]:
    yield f"words       {normal(text)}"
    plain = " ".join(plain_request(corrected(normal(text).split())))
    if plain != normal(text):
        yield f"asked       {plain}"
    if known.is_stop(text):
        yield "stop        yes: it hushes at once, whatever else it may mean"
        return
    steer = known.steer(text)
    if steer is not None:
        yield f"playback    {steer.intent}, but only while something plays"
    exact = known.request(text) or known.request(plain)
    if exact is not None:
        yield f"sentence    {_named(exact)}"
        if exact.score < 1:
            yield "            some of its words stand where a skill takes any words"
        return
    yield "sentence    none: no template says exactly this"
    yield from _near(text, shelf, now, cache)


def _near(text: str, shelf: Shelf, now: datetime, cache: Path | None) -> Iterator[str]:
    from os_sim.nlu.near import NearMatcher

    guesses = NearMatcher(all_intents(shelf), cache).guess(text, now)
    if not guesses:
        yield "near        nothing: no intent is likely, or a value that it needs was not said"
        return
    for guess in guesses[:SHOWN]:
        yield f"near        {_named(guess.match)}, {guess.match.score:.0%} sure"
        yield f"            closest: “{guess.sentence}”"
        yield f"            {_evidence(guess)}"
    yield f"outcome     {_outcome(guesses[0])}"
    yield f"to change   {_advice(guesses)}"


def _named(match: Match) -> str:
    slots = ", ".join(f"{name} = {value}" for name, value in match.slots.items())
    return f"{match.skill}.{match.intent}" + (f" ({slots})" if slots else "")


def _evidence(guess: "Guess") -> str:
    from math import exp

    seen = guess.evidence
    return (
        f"likely {exp(seen.likely):.0%}, not for me {exp(seen.not_for_me):.0%}, "
        f"explained {min(exp(seen.explained), 1):.0%} of what was said, "
        f"said {min(exp(seen.said), 1):.0%} of the sentence, ahead by {seen.margin:.1f}"
    )


def _outcome(guess: "Guess") -> str:
    from os_sim.nlu.near import ALMOST, SURE, Certainty

    match guess.certainty:
        case Certainty.SURE:
            return f"sure ({SURE:.0%} would do): it is done"
        case Certainty.ALMOST:
            return f"almost sure ({ALMOST:.0%} to {SURE:.0%}): it is asked back"
        case Certainty.NOT if guess.irreversible and guess.match.score >= ALMOST:
            return f"not done: it cannot be undone, and {(1 + SURE) / 2:.0%} is asked for that"
    return f"not sure (below {ALMOST:.0%}): it says what it heard"


def _advice(guesses: "list[Guess]") -> str:
    """What weighs most against the best guess."""
    from math import exp

    seen = guesses[0].evidence
    reasons = [
        (len(guesses) > 1 and seen.margin < 1, f"a word that rules out “{guesses[-1].sentence}”"),
        (exp(seen.explained) < 0.6, "fewer words that the sentence does not know"),
        (exp(seen.least_said) < 0.3, "the word of the sentence that is missing"),
        (exp(seen.likely) < 0.5, "words closer to the sentence"),
    ]
    wanted = [reason for holds, reason in reasons if holds]
    return "; ".join(wanted) if wanted else "nothing weighs against it"
