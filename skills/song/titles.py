"""Titles from a word stock of our own: a thing, and where or when it is."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Stock:
    """The words of one mood; each title takes one from either list."""

    things: Sequence[str]
    settings: Sequence[str]
    """Where or when the thing is."""

    def __len__(self) -> int:
        """How many titles there are."""
        return len(self.things) * len(self.settings)

    def title(self, number: int) -> str:
        """One of them, by a number below `len`."""
        thing, setting = divmod(number, len(self.settings))
        return f"{self.things[thing]} {self.settings[setting]}"


STOCKS = {
    "melancholy": Stock(
        things=(
            "One Lit Window", "Your Side of the Bed", "A Coat Still Hanging", "The Kettle Cooling",
            "Somebody's Umbrella", "A Chair Pulled Back", "Half a Postcard", "The Wrong Key",
            "Rain That Knows My Name", "An Unanswered Bell", "Two Cups and a Spoon",
            "The Slow Elevator", "Last Light", "A Borrowed Scarf", "Footsteps", "The Dial Tone",
            "Dust and Curtains", "A Number I Still Know",
            "The Piano Downstairs", "A Taxi Idling", "Frost", "The Spare Room", "Low Cloud",
            "A Voice Through the Wall", "The Other Armchair", "Words Unsent",
        ),
        settings=(
            "on the Ninth Floor", "Across the Courtyard", "at the End of the Line",
            "over the River Road", "Behind the Station", "in the Other City",
            "Where the Bridge Begins", "above the Closed Café", "Along the Harbour Wall",
            "Two Time Zones Away", "Under the Viaduct", "by the Empty Pool",
            "in a Rented Room", "on the Long Way Home",
            "in November", "After Eleven", "When the Lamps Come On", "Before the Snow",
            "Once the Guests Are Gone", "Every Sunday Evening",
        ),
    ),
    "calm": Stock(
        things=(
            "Still Water", "A Bowl of Pears", "Linen Drying", "The Open Shutter", "Slow Clouds",
            "A Boat Untied", "Moss and Stone", "The Cat Asleep", "Bread Rising", "Pale Reeds",
            "One Long Breath", "The Heron Waiting",
        ),
        settings=(
            "Below the Orchard", "on the Quiet Side of the Lake", "in the Upstairs Garden",
            "Beside the Tall Grass", "at the Edge of the Map", "Under Old Pines",
            "on the Warm Step", "in the Blue Kitchen", "Past the Last Fence",
            "Where the Road Gives Up",
            "at Six in the Morning", "After the Rain", "While Nobody Calls", "in Late June"),
    ),
    "hopeful": Stock(
        things=(
            "First Train Out", "New Paint", "A Ladder of Light", "The Letter You Will Write",
            "Green on the Branches", "A Door Propped Open", "Boxes Unpacked", "Kites",
            "The Next Street Over", "An Extra Chair", "Swifts Coming Back", "A Better Map",
        ),
        settings=(
            "over the Rooftops", "on the Sunny Side", "Beyond the Tunnel",
            "at the Top of the Stairs", "Across the Wide Bridge", "in the Corner Shop",
            "Above the Market", "Down to the Sea", "Past the Old Gate", "for the Whole Block",
            "in March", "Before Breakfast", "by the Weekend", "After a Long Winter"),
    ),
}  # fmt: skip


def titles(random: Random, mood: str) -> Iterator[str]:
    """Titles for ever, none of them twice; when all have been used, numbers are added.

    The walk takes steps of one length, which has no divisor in common with the number of titles.
    """
    stock = STOCKS[mood]
    start = random.randrange(len(stock))
    stride = random.randrange(len(stock) // 3, len(stock) // 2)
    while math.gcd(stride, len(stock)) > 1:
        stride += 1
    for count in itertools.count():
        title = stock.title((start + count * stride) % len(stock))
        rounds = count // len(stock)
        yield f"{title}, No. {rounds + 1}" if rounds else title
