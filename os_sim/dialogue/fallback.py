"""What is said to an utterance that no skill knows: what was heard, and what comes closest."""

from random import Random

from os_sim.nlu.words import cut, normal
from os_sim.skill.loading import Shelf, examples

CLOSE = 0.45
"""From this likeness on, a sentence is offered as what may have been meant."""
MAX_QUOTED = 120
"""Characters of an utterance that are said back."""

_UNKNOWN = ("That's not something I can do yet.", "I don't know what to do with that.")


def offer(text: str, nothing_plays: bool, shelf: Shelf, random: Random) -> str:
    """One or two sentences; `nothing_plays`: it was a transport word, and there is no music."""
    if nothing_plays:
        return "Nothing is playing right now."
    heard = text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED].rstrip() + "…"
    near = closest(text, shelf)
    if near is not None:
        return f"I heard “{heard}”. Did you mean “{near}”?"
    known = [sentence for skill in shelf.skills.values() for sentence in examples(skill)[:1]]
    hint = f" You could say “{random.choice(known)}”." if known else ""
    return f"I heard “{heard}”. {random.choice(_UNKNOWN)}{hint}"


def closest(text: str, shelf: Shelf) -> str | None:
    """The known sentence that is most like the text, if one is like it at all.

    Likeness is the mean of shared words (Dice) and shared runs of letters (Ratcliff and
    Obershelp, as in difflib): the first forgives order, the second spelling.
    """
    from difflib import SequenceMatcher

    words = {word.text for word in cut(text[:MAX_QUOTED])}
    plain = normal(text[:MAX_QUOTED])
    best, best_likeness = None, CLOSE
    for skill in shelf.skills.values():
        for sentence in examples(skill):
            others = set(sentence.split())
            shared = 2 * len(words & others) / max(1, len(words) + len(others))
            likeness = (shared + SequenceMatcher(None, plain, sentence).ratio()) / 2
            if likeness > best_likeness:
                best, best_likeness = sentence, likeness
    return best
