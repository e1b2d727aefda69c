"""From a request to a kept letter: the questions, the drafts, the reading, the drawer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from os_sim.skill import Context, Document, NoAnswer, Skill

from .compose import Facts, Letter, compose
from .recipient import Recipient, recipient_of, signature_of
from .request import read_request
from .words import answers

VERDICTS = dict.fromkeys(
    ("keep it", "keep", "keep this one", "yes", "yes keep it", "i like it", "perfect", "good"), True
) | dict.fromkeys(
    ("another", "another one", "another draft", "try another", "try again", "again", "no"), False
)
"""What may be said about a draft, and whether it is to be kept."""

Answer = Annotated[str, Skill.words("occasion answers", answers)]
Verdict = Annotated[str, Skill.words("verdicts", lambda: VERDICTS)]

WHO = "Who is it for?"
WHY = "What is the occasion? A birthday, an apology, thanks, or no reason at all?"
WHAT = "Tell me one true thing to put in it, or say nothing."
EXAMPLE = "Something that happened, or something you like about them. What shall it be?"
SIGNS = "Who signs it?"
VERDICT = "Shall I keep it, or try another draft?"


@dataclass(frozen=True)
class Kept:
    """A letter in the user's drawer."""

    title: str
    text: str
    occasion: str


async def write_letter(ctx: Context, occasion: str | None, words: str | None) -> None:
    """From a request to a kept letter, asking only for what the request left open."""
    asked = read_request(words or "")
    someone = recipient_of(asked.recipient) or await _recipient(ctx)
    occasion = occasion or asked.occasion or answers()[await ctx.ask(WHY, Answer)]
    detail = asked.detail or await _detail(ctx)
    signature = asked.signature or await _signature(ctx)
    await _settle(ctx, Facts(someone, occasion, detail, signature_of(signature)))


async def read_last_letter(ctx: Context) -> None:
    kept = _drawer(ctx)
    if not kept:
        await ctx.say("There is no letter yet. Say: write a letter to my sister.")
        return
    await ctx.say(f"{kept[-1].title}.")
    await _read(ctx, kept[-1].text)


async def list_letters(ctx: Context) -> None:
    kept = _drawer(ctx)
    if not kept:
        await ctx.say("You have no letters yet.")
        return
    lines = [f"{at}. {letter.title} ({letter.occasion})" for at, letter in enumerate(kept, 1)]
    await ctx.show(Document("list", "Your letters", "\n".join(lines), keep=False))
    count = "one letter" if len(kept) == 1 else f"{len(kept)} letters, the last one"
    await ctx.say(f"You have {count}: {kept[-1].title}.")


async def _recipient(ctx: Context) -> Recipient:
    while True:
        someone = recipient_of(await ctx.ask(WHO))
        if someone is not None:
            return someone


async def _detail(ctx: Context) -> str:
    try:
        told = str(await ctx.ask(WHAT))
    except NoAnswer as silence:
        if not str(silence):  # the user has turned to something else
            raise
        return ""
    if told.endswith("?") or told.lower().startswith(("like what", "what ", "such as what")):
        told = await ctx.ask(EXAMPLE)
    return told


async def _signature(ctx: Context) -> str:
    """Who signs: asked until somebody does, and then remembered."""
    known = ctx.memory.get("signature")
    if known is not None:
        return str(known)
    told = await ctx.ask(SIGNS)
    if signature_of(told):
        ctx.memory["signature"] = told
    return str(told)


async def _settle(ctx: Context, facts: Facts) -> None:
    """Draft after draft, until one is good."""
    avoid: set[str] = set()
    replacing = False
    while True:
        letter = compose(facts, ctx.random, avoid)
        # Kept before it is read: whoever hushes the reading still has the letter.
        _keep(ctx, letter, facts.occasion, replacing=replacing)
        await ctx.show(Document("letter", letter.title, letter.text))
        await ctx.say(f"Here is your {letter.title[0].lower()}{letter.title[1:]}.")
        await _read(ctx, letter.text)
        if VERDICTS[await ctx.ask(VERDICT, Verdict)]:
            await ctx.say("It is with your letters.")
            return
        avoid |= set(letter.own_sentences)
        replacing = True


async def _read(ctx: Context, text: str) -> None:
    for paragraph in text.strip().split("\n\n"):
        await ctx.say(paragraph.replace("\n", " "))


def _drawer(ctx: Context) -> list[Kept]:
    return [Kept(**kept) for kept in ctx.memory.get("letters", [])]


def _keep(ctx: Context, letter: Letter, occasion: str, *, replacing: bool) -> None:
    kept: Sequence[dict[str, Any]] = ctx.memory.get("letters", [])
    others = kept[:-1] if replacing else kept
    ctx.memory["letters"] = [*others, asdict(Kept(letter.title, letter.text, occasion))]
