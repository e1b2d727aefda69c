"""The spoken coffee orders: their grammar as a skill would write it, and who got which right.

The grammar is that of the benchmark the recordings come from; see tests/data/speech/README.md.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Annotated, Literal

from os_sim.nlu.matcher import Matcher, Sentences
from os_sim.nlu.sampler import sample
from os_sim.skill import Context, Skill
from os_sim.skill.loading import sentences_of

ORDERS = Path(__file__).parents[1] / "data/speech/coffee"
_NOW = datetime(2025, 1, 1, tzinfo=UTC)
_AMOUNTS = ("", "a little bit of ", "a bit of ", "some ", "a lot of ", "lots of ")
_MILKS = ("milk", "skim milk", "whole milk", "soy milk", "almond milk", "cream")
_SUGARS = ("sugar", "brown sugar", "sweetener")

skill = Skill("coffee", summary="Takes an order for coffee")
milks = skill.words("milks", lambda: [amount + milk for amount in _AMOUNTS for milk in _MILKS])
sugars = skill.words("sugars", lambda: [amount + sugar for amount in _AMOUNTS for sugar in _SUGARS])

Size = Literal[
    "small", "medium", "large", "eight ounce", "twelve ounce", "sixteen ounce", "twenty ounce"
]
Roast = Literal["light roast", "medium roast", "dark roast"]
Shots = Literal["single shot", "double shot", "triple shot"]
Drink = Literal[
    "americano",
    "cappuccino",
    "espresso",
    "iced mocha",
    "latte",
    "mocha",
    "coffee",
    "drip coffee",
    "house coffee",
    "iced coffee",
]


@skill.intent(
    "(brew|can i get|can i have|i want|get me|give me|i'd like|make me|may i have) [a|an] "
    "([{size}];[{roast}];[{shots}]) {drink} "
    "[with ({milk} [and {sugar}]|{sugar} [and {milk}])]"
)
async def order(
    ctx: Context,
    drink: Drink,
    size: Size | None = None,
    roast: Roast | None = None,
    shots: Shots | None = None,
    milk: Annotated[str, milks] | None = None,
    sugar: Annotated[str, sugars] | None = None,
) -> None:
    """Never called here: only its sentences matter."""


_LABELS = {
    "coffeeDrink": "drink",
    "size": "size",
    "roast": "roast",
    "numberOfShots": "shots",
    "milkAmount": "milk",
    "sugarAmount": "sugar",
}


def orders() -> dict[Path, dict[str, str]]:
    """Every recording, and the slots it must fill."""
    labels = json.loads((ORDERS / "labels.json").read_text(encoding="utf-8"))
    return {
        ORDERS / name: {_LABELS[slot]: value for slot, value in label["slots"].items()}
        for name, label in labels.items()
    }


def sentences() -> Sentences:
    return sentences_of(skill, skill.intents[0])


def sampled(count: int) -> tuple[str, ...]:
    """So many different orders."""
    return tuple(sample(sentences(), count, Random(1)))


class Barista:
    """Understands an order, or not."""

    def __init__(self) -> None:
        self._matcher = Matcher()
        self._matcher.add(sentences())

    def understand(self, text: str) -> dict[str, str] | None:
        match = self._matcher.match(text, _NOW)
        if match is None:
            return None
        return {name: value for name, value in match.slots.items() if value is not None}

    def is_order(self, text: str) -> bool:
        return self._matcher.match(text, _NOW) is not None

    def is_complete(self, text: str) -> bool:
        return self._matcher.is_complete(text, _NOW)
