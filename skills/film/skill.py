"""Knows the film Her: who, what, when, where, why, how much and how many.

A handler stands for a kind of question.  The words that may follow the question word, and what
they ask for, are data: a fact in `facts.json` brings its own cues (see `facts`).
"""

from functools import partial
from typing import Annotated, Literal

from os_sim.skill import Context, Skill

from . import answers, facts
from .facts import Fact

skill = Skill(
    "film",
    summary="Knows the film Her",
    examples=(
        "who directed her",
        "what is the film about",
        "who plays theodore",
        "when did the film come out",
        "where was it filmed",
        "why is there no blue in the film",
        "how much did the film make",
        "how many oscars did it win",
        "what did rotten tomatoes give it",
        "who played samantha before",
        "what is the moon song",
        "how do you know that",
    ),
    rules={
        "lead": "[(and|so|okay)] [(tell me|do you know|can you tell me|could you tell me)]",
        "did": "(is|was|are|were|did|does|do|has|had|have)",
        "film": "(it|her|the film|the movie|this film|this movie|that film|that movie"
        "|the film her|the movie her)",
        "tail": "[(in|of|for|about|on|to|with|at|from|by)] <film>",
        "named": "(the|this|that) (film|movie) [her]",
        "who": "(who|whom|(which|what) (actor|actress|person|critic))",
        "plays": "(plays|played|play|voices|voiced|portrays|portrayed|speaks|spoke)",
        "when": "(when|[(in|on)] (what|which) (year|day|date|month))",
    },
)

Made = Literal["directed", "wrote", "produced", "edited", "stars in", "starred in", "acted in"]
About = Skill.words("about", partial(facts.cues, "about"))
Character = Skill.words("character", partial(facts.cues, "character"))
Claim = Skill.words("claim", partial(facts.cues, "is"))
Critic = Skill.words("critic", partial(facts.cues, "critic"))
Counted = Skill.words("counted", partial(facts.cues, "how many"))
CountedThing = Skill.words("counted thing", partial(facts.openings, "how many"))
CountedEnd = Skill.words("counted end", partial(facts.endings, "how many"))
How = Skill.words("how", partial(facts.cues, "how"))
HowLong = Skill.words("how long", partial(facts.cues, "how long"))
HowMuch = Skill.words("how much", partial(facts.cues, "how much"))
Person = Skill.words("person", partial(facts.cues, "person"))
Ranker = Skill.words("ranker", partial(facts.cues, "ranker"))
Role = Skill.words("role", partial(facts.cues, "role"))
What = Skill.words("what", partial(facts.cues, "what"))
When = Skill.words("when", partial(facts.cues, "when"))
Where = Skill.words("where", partial(facts.cues, "where"))
WhichThing = Skill.words("which thing", partial(facts.openings, "which"))
WhichEnd = Skill.words("which end", partial(facts.endings, "which"))
Who = Skill.words("who", partial(facts.cues, "who"))
Why = Skill.words("why", partial(facts.cues, "why"))
Work = Skill.words("work", partial(facts.cues, "work"))


@skill.intent("<lead> <who> [<did>] [<film>|the|an] {who} [<tail>]")
async def who(ctx: Context, who: Annotated[str, Who]) -> None:
    await _tell(ctx, facts.find("who", who))


@skill.intent("<lead> (who|what) (is|was) {character} [<tail>]", "tell me [more] about {character}")
async def who_is(ctx: Context, character: Annotated[str, Character]) -> None:
    await _tell(ctx, facts.find("character", character))


@skill.intent(
    "<lead> <who> [(did|does|is|was)] <plays> [the part of|the role of] {role} [<tail>]",
    "<lead> <who> (is|was|did|does) [the] (voice|actor|actress|one) (of|for|behind|playing) {role}"
    " [<tail>]",
    "<lead> <who> (is|was) {role} [<tail>]",
    "who (did|does) {role} [<tail>]",
)
async def who_plays(ctx: Context, role: Annotated[str, Role]) -> None:
    await _tell(ctx, facts.find("role", role))


@skill.intent(
    "<lead> (who|what|(what|which) (part|role|character)) (does|did|is|was|has|had) {person}"
    " [(do|play|voice|have|played|sing)] [<tail>]",
    "<did> {person} (in|act in|appear in|play in|work on|star in) <film>",
    "tell me [more] about {person}",
)
async def what_did(ctx: Context, person: Annotated[str, Person]) -> None:
    await _tell(ctx, facts.find("person", person))


@skill.intent("<lead> <when> [<did>] [<film>] {when} [<tail>]")
async def when(ctx: Context, when: Annotated[str, When]) -> None:
    await _tell(ctx, facts.find("when", when))


@skill.intent("<lead> where [<did>] [<film>] {where} [<tail>]")
async def where(ctx: Context, where: Annotated[str, Where]) -> None:
    await _tell(ctx, facts.find("where", where))


@skill.intent("<lead> why [<did>] [<film>] {why} [<tail>]")
async def why(ctx: Context, why: Annotated[str, Why]) -> None:
    await _tell(ctx, facts.find("why", why))


@skill.intent("<lead> how [<did>] [<film>] {how} [<tail>]")
async def how(ctx: Context, how: Annotated[str, How]) -> None:
    await _tell(ctx, facts.find("how", how))


@skill.intent("<lead> how long [<did>] [<film>] {length} [<tail>]")
async def how_long(ctx: Context, length: Annotated[str, HowLong]) -> None:
    await _tell(ctx, facts.find("how long", length))


@skill.intent("<lead> how much [money] [<did>] [<film>] {amount} [<tail>]")
async def how_much(ctx: Context, amount: Annotated[str, HowMuch]) -> None:
    await _tell(ctx, facts.find("how much", amount))


@skill.intent("<lead> how many {counted} [<tail>]")
async def how_many(ctx: Context, counted: Annotated[str, Counted]) -> None:
    await _tell(ctx, facts.find("how many", counted))


@skill.intent("<lead> (what|which) [<did>] [<film>|the|its|a|an] {what} [<tail>]")
async def what(ctx: Context, what: Annotated[str, What]) -> None:
    await _tell(ctx, facts.find("what", what))


@skill.intent("<lead> what [<did>] [about] {work} [about]")
async def what_work(ctx: Context, work: Annotated[str, Work]) -> None:
    await _tell(ctx, facts.find("work", work))


@skill.intent("tell me [(something|more)] about (her|<named>)", "tell me {about} of <film>")
async def about(ctx: Context, about: Annotated[str, About] = "the story") -> None:
    await _tell(ctx, facts.find("about", about))


@skill.intent("<lead> <did> [<film>] {claim} [<tail>]")
async def is_it_so(ctx: Context, claim: Annotated[str, Claim]) -> None:
    await _tell(ctx, facts.find("is", claim))


@skill.intent(
    "<lead> what [(score|rating|grade)] (did|does|do|has|have) {critic}"
    " (say|think|write|give|gave|make|said|thought) [<tail>]",
    "<lead> how (did|does|do) {critic} (like|rate|review|find|see) [<film>]",
    "<lead> how many stars did {critic} give [<film>]",
    "<lead> (did|does|do) {critic} (like|love|praise|enjoy|recommend) [<film>]",
)
async def review(ctx: Context, critic: Annotated[str, Critic]) -> None:
    await _tell(ctx, facts.find("critic", critic))


@skill.intent(
    "<lead> (where|how high|(what|which) (place|number|rank)) did {ranker}"
    " (put|rank|place|have|list|rate|give) [<film>] [(on|in) (the|its|his|her) list] [at|in]",
)
async def ranking(ctx: Context, ranker: Annotated[str, Ranker]) -> None:
    await _tell(ctx, facts.find("ranker", ranker))


# The sentences with a gap come late: any beginning goes with any ending in them, so that some
# ask for nothing known, and a sentence that is known as a whole must win.
@skill.intent("<lead> how many {counted} [<did>] [<film>] {end} [<tail>]")
async def how_many_did(
    ctx: Context, counted: Annotated[str, CountedThing], end: Annotated[str, CountedEnd]
) -> None:
    await _tell(ctx, facts.find("how many", f"{counted} … {end}"))


@skill.intent("<lead> (what|which) {thing} [<did>] [<film>] {end} [<tail>]")
async def which(
    ctx: Context, thing: Annotated[str, WhichThing], end: Annotated[str, WhichEnd]
) -> None:
    await _tell(ctx, facts.find("which", f"{thing} … {end}"))


@skill.intent(
    "how do you know [that|this|it|all that]",
    "where do you know [that|this|it] from",
    "where did you (read|learn|hear|get) [that|this|it]",
    "(what|where) is your source [for that]",
    "says who",
)
async def how_do_you_know(ctx: Context) -> None:
    """Name the part of the article behind the latest answer, if it was this skill's."""
    last = next((one for one in reversed(ctx.session.history) if one.who == "os"), None)
    fact = facts.told_by(last.text) if last and last.skill == skill.name else None
    if fact is None:
        await ctx.say("I can only name my source for what I've just said about the film Her.")
        return
    await ctx.say(answers.source(fact, _told(ctx), ctx.random))


# What follows is asked about a film, or about this one, and is in no fact: free words, held by
# words that nobody uses about anything else.  Any sentence above wins over these.
@skill.intent("<lead> who {made} {title}")
async def unknown_title(ctx: Context, made: Made, title: str) -> None:
    await _regret(ctx, f"who {made} {title}")


@skill.intent(
    "<lead> who (played|voiced) {role} [in <film>]",
    "<lead> who (plays|voices) {role} in <film>",
)
async def unknown_role(ctx: Context, role: str) -> None:
    await _regret(ctx, f"who played {role}")


@skill.intent(
    "<lead> when did {title} (come out|premiere)",
    "<lead> how long is the (film|movie) {title}",
    "<lead> what is the (film|movie) {title} [about]",
    "tell me about the (film|movie) {title}",
)
async def unknown_film(ctx: Context, title: str) -> None:
    await _regret(ctx, f"the film {title}")


@skill.intent(
    "<lead> (who|what|when|where|why|how|which) {question} [(in|of|about|for|at)] <named>",
    "<lead> (who|what|when|where|why|how|which) {question}"
    " (theodore|twombly|jonze|johansson|joaquin phoenix|arcade fire) [{rest}]",
    "<did> [there] {question} (in|about) <named>",
)
async def unknown_question(ctx: Context, question: str, rest: str = "") -> None:
    await ctx.say(answers.not_known(_told(ctx), ctx.random))


async def _tell(ctx: Context, known: tuple[Fact, ...]) -> None:
    await ctx.say(answers.answer(known, _told(ctx), ctx.random))


async def _regret(ctx: Context, question: str) -> None:
    await ctx.say(answers.not_known_about(question, _told(ctx), ctx.random))


def _told(ctx: Context) -> str:
    return "\n".join(told.text for told in ctx.session.history if told.who == "os")
