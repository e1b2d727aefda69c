"""The house itself: help, who is speaking, say that again, good night."""

from random import Random

from os_sim.skill import Context, Document, Skill, SkillInfo

skill = Skill(
    "house",
    summary="Tells what I can do, says things again, and says good night",
    examples=("what can you do", "say that again", "who are you", "good night"),
)

OWN = "house"
INVITATIONS = 3
"""Example sentences in a spoken answer: what a listener can keep in mind."""

HELLOS = (
    "Hello. I'm listening.",
    "Hi. It's good to hear from you.",
    "Hello, you. What shall we do?",
)
THANKS = (
    "You're welcome.",
    "Any time.",
    "I'm glad it helped.",
)
NIGHTS = (
    "Good night. I'll be quiet until you want me.",
    "Sleep well. Everything you gave me to keep is kept.",
    "Good night. Leave the rest for tomorrow.",
)
NAMELESS = "I have no name yet."


@skill.intent(
    "what can (you|i) (do|say|ask) [here] [please]",
    "what are you able to do",
    "[please] help [me] [please]",
    "i need help",
)
async def abilities(ctx: Context) -> None:
    others = [info for info in ctx.session.skills if info.name != OWN]
    await ctx.show(Document("help", "What I can do", _overview(others), keep=False))
    invitations = _invitations(others, ctx.random)
    if not invitations:
        await ctx.say("Not much yet: I have no skills but talking about myself.")
        return
    await ctx.say(f"You could say {_listed(invitations)}. Say stop, and I'm quiet at once.")


@skill.intent(
    "[please] (say (that|it) again|repeat (that|it|yourself)) [please]", "what did you say"
)
async def again(ctx: Context) -> None:
    said = [told.text for told in ctx.session.history if told.who == "os"]
    await ctx.say(said[-1] if said else "I haven't said anything yet.")


@skill.intent(
    "who (are you|am i talking to)",
    "what are you",
    "what is your name",
    "are you (real|human|a person)",
)
async def who(ctx: Context) -> None:
    name = ctx.session.voice.capitalize()
    introduction = f"I'm {name}." if name else NAMELESS
    await ctx.say(
        f"{introduction} I'm a program on this machine, not a person. "
        "I listen, I answer, and nothing you say leaves this room."
    )


@skill.intent("(hello|hi|good morning|good evening) [again]", "are you there")
async def hello(ctx: Context) -> None:
    await ctx.say(ctx.random.choice(HELLOS))


@skill.intent(
    "(thank you|thanks) [a lot|very much|so much]", "that (was|is) (nice|lovely|beautiful|great)"
)
async def thanks(ctx: Context) -> None:
    await ctx.say(ctx.random.choice(THANKS))


@skill.intent("good night", "(goodbye|bye|bye bye|see you [later|tomorrow])", "(quit|exit|leave)")
async def good_night(ctx: Context) -> None:
    await ctx.say(ctx.random.choice(NIGHTS))
    ctx.session.leave()


def _overview(infos: list[SkillInfo]) -> str:
    """All skills with their sentences, for the eye."""
    blocks = []
    for info in infos:
        sentences = "\n".join(f"  “{sentence}”" for sentence in info.examples[:INVITATIONS])
        blocks.append(f"{info.name}: {info.summary}\n{sentences}".rstrip())
    return "\n\n".join(blocks) + "\n\nAt any time: “stop”, “say that again”, “good night”."


def _invitations(infos: list[SkillInfo], random: Random) -> list[str]:
    """One sentence from each of a few skills, for the ear."""
    speaking = [info for info in infos if info.examples]
    chosen = random.sample(speaking, min(INVITATIONS, len(speaking)))
    return [f"“{info.examples[0]}”" for info in chosen]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
