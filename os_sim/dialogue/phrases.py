"""The sentences that the house itself understands: stop, transport words, yes and no, places."""

from collections.abc import Mapping, Sequence
from typing import Any

from os_sim.nlu.matcher import Matcher, Sentences
from os_sim.nlu.numbers import spoken
from os_sim.nlu.slots import Phrases, Reader, SlotType
from os_sim.nlu.template import parse_template

STOP = (
    "[please] stop [it|that|this|the music|the song|playing|talking] [please]",
    "[please] (be quiet|hush|quiet please|silence) [please]",
    "(never mind|nevermind|forget it|cancel [that]|that is enough|enough)",
)
"""Understood at every moment, before anything else."""

TRANSPORT: dict[str, tuple[str, ...]] = {
    "next": (
        "[please] (next|skip) [one|song|track|this|this one|it|please]",
        "[play|give me] (another|a different) (one|song) [please]",
    ),
    "restart": (
        "(play (it|that|this) again|start over|from the (top|beginning|start)|again from the top)",
    ),
    "pause": ("[please] pause [it|that|the music|the song|please]",),
    "resume": ("[please] (resume|continue|go on|keep playing|play on) [please]",),
    "louder": ("[a (bit|little)] louder [please]", "turn it up [a (bit|little)] [please]"),
    "quieter": (
        "[a (bit|little)] (quieter|softer) [please]",
        "turn it down [a (bit|little)] [please]",
    ),
    "what": (
        "what is (this|that|playing) [song|music]",
        "what (song|music) is this",
        "what am i (hearing|listening to)",
        "who (wrote|made) this",
    ),
}
"""Understood while something plays, by what they ask for."""

YES = "yes yeah yep yup sure okay fine please|yes please|of course|go ahead|do it|i do|it is|right"
NO = "no nope nah not now|no thanks|no thank you|do not|not really|wrong|it is not"

ANSWER = (
    "[um|uh|well|oh|so|hm|er] [it is|it was|i want|i would like|make it|let us say|to|for] "
    "[the|a|an] {answer} [one] [please|thanks|thank you|i think|i guess]"
)
"""What people put around the answer to a question."""


def stop_matcher() -> Matcher:
    """Knows the stop words."""
    matcher = Matcher()
    matcher.add(house_sentences("stop", STOP))
    return matcher


def transport_matcher() -> Matcher:
    """Knows the transport words."""
    matcher = Matcher()
    for intent, templates in TRANSPORT.items():
        matcher.add(house_sentences(intent, templates, skill="playback"))
    return matcher


def house_sentences(
    intent: str, templates: Sequence[str], skill: str = "conversation"
) -> Sentences:
    """Sentences without slots, on the house's own account."""
    return Sentences(skill, intent, tuple(parse_template(text) for text in templates), {})


def answer_sentences(reader: Reader) -> Sentences:
    """Everything that answers a question whose answer this reader takes."""
    return Sentences(
        "conversation", "answer", (parse_template(ANSWER),), {"answer": SlotType(reader)}
    )


def yes_or_no() -> Phrases:
    """Reads True or False."""
    return Phrases(dict.fromkeys(_listed(YES), True) | dict.fromkeys(_listed(NO), False))


def one_of(options: Sequence[str]) -> Phrases:
    """Reads one of the options: by its words, its number or its place."""
    phrases: dict[str, Any] = {}
    for at, option in enumerate(options, start=1):
        for name in (spoken(at), str(at)):
            phrases |= {name: option, f"number {name}": option}
        phrases |= dict.fromkeys(_places(at, len(options)), option)
    # The words of an option come last: they win over "one" and "first".
    return Phrases(_named(phrases, options))


def _named(phrases: dict[str, Any], options: Sequence[str]) -> Mapping[str, Any]:
    return phrases | {option: option for option in options}


def _places(at: int, count: int) -> tuple[str, ...]:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    place = names[at - 1 : at]
    return (*place, "last") if at == count and count > 1 else place


def _listed(text: str) -> list[str]:
    """Single words, then phrases divided by | ."""
    first, *phrases = text.split("|")
    return [*first.split(), *phrases]
