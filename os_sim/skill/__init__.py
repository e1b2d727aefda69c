"""The plugin surface, on one screen: all that a skill imports.

    from os_sim.skill import Context, Skill

    skill = Skill("coffee", summary="Orders a coffee")

    @skill.intent("(get|make) me [a|an] [{size}] {drink}")
    async def order(ctx: Context, drink: Drink, size: Size | None = None) -> None:
        ...

The signature is the schema: every `{slot}` of a template is a keyword parameter, and the
annotation says what may stand there.  Template and signature are compared when the skill is
loaded, with file and line.

    str                        any words
    int, float                 a number, in digits or in words
    timedelta, time, date      "ten minutes", "half past seven", "the fifth of may"
    Literal["latte", "mocha"]  one of a list
    Annotated[str, words]      one of `words = skill.words(...)`, a list known only at run time
    … | None = None            may be left out
"""

from os_sim.audio import MIX_HZ, Track
from os_sim.errors import NoAnswer, SkillError
from os_sim.skill.context import Context, Document, Schedule, Session, SkillInfo, Told
from os_sim.skill.surface import Skill, Words

__all__ = [
    "MIX_HZ",
    "Context",
    "Document",
    "NoAnswer",
    "Schedule",
    "Session",
    "Skill",
    "SkillError",
    "SkillInfo",
    "Told",
    "Track",
    "Words",
]
