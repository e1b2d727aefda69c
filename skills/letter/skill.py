"""Writes letters: asks whom for and why, weaves in one true detail, reads the letter, keeps it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from os_sim.skill import Context, Document, Skill

from .compose import Facts, Letter, compose
from .names import recipients
from .occasions import ERRANDS, KINDS, MESSAGES, answers
from .recipient import Recipient, recipient_of, signature_of
from .request import read_request

skill = Skill(
    "letter",
    summary="Writes a letter for you, reads it to you, and keeps it",
    rules={
        "write": "[please|can you|could you|will you] [help me] (write|draft|compose)",
        "a": "(a|an|another|my)",
        "wish_to": "i (want|need|would like) to",
    },
)

Known = Annotated[str, Skill.words("names", recipients)]
Kind = Annotated[str, Skill.words("occasions", lambda: KINDS)]
Errand = Annotated[str, Skill.words("errands", lambda: ERRANDS)]
Message = Annotated[str, Skill.words("messages", lambda: MESSAGES)]
Answer = Annotated[str, Skill.words("occasion answers", answers)]
Verdict = Annotated[str, Skill.words("verdicts", lambda: VERDICTS)]

VERDICTS = dict.fromkeys(
    ("keep it", "keep", "keep this one", "yes", "yes keep it", "i like it", "perfect", "good"), True
) | dict.fromkeys(
    ("another", "another one", "another draft", "try another", "try again", "again", "no"), False
)
"""What may be said about a draft, and whether it is to be kept."""

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


@skill.intent(
    "<write> [me] <a> [{occasion}] letter [(to|for) {recipient}]",
    "<write> [me] <a> letter of {occasion} [(to|for) {recipient}]",
    "<wish_to> write <a> [{occasion}] letter [(to|for) {recipient}]",
    "(<write>|<wish_to> write) to {recipient}",
)
async def write(ctx: Context, occasion: Kind | None = None, recipient: Known | None = None) -> None:
    await _write(ctx, KINDS[occasion] if occasion else None, recipient)


@skill.intent(
    "<write> [me] <a> [{occasion}] letter (to|for) {recipient}",
    "<write> [me] <a> letter of {occasion} (to|for) {recipient}",
    "<wish_to> write [<a> [{occasion}] letter] (to|for) {recipient}",
    "<write> to {recipient}",
)
async def write_to_anyone(ctx: Context, recipient: str, occasion: Kind | None = None) -> None:
    await _write(ctx, KINDS[occasion] if occasion else None, recipient)


@skill.intent(
    "help me {errand} {recipient}",
    "<wish_to> {errand} {recipient}",
    "{errand} {recipient} for me",
)
async def run_errand(ctx: Context, errand: Errand, recipient: Known) -> None:
    await _write(ctx, ERRANDS[errand], recipient)


@skill.intent("help me {errand} {recipient}", "<wish_to> {errand} {recipient}")
async def run_errand_to_anyone(ctx: Context, errand: Errand, recipient: str) -> None:
    if recipient.lower().split()[0] == "you":
        await ctx.say("You just did, and I'm glad.")
        return
    await _write(ctx, ERRANDS[errand], recipient)


@skill.intent("(tell|wish) {recipient} [that] {message} [for me]")
async def pass_on(ctx: Context, recipient: Known, message: Message) -> None:
    await _write(ctx, MESSAGES[message], recipient)


@skill.intent("read [me] [my|the] (last|latest) letter [again]", "read [me] my letter [again]")
async def read_last(ctx: Context) -> None:
    kept = _drawer(ctx)
    if not kept:
        await ctx.say("There is no letter yet. Say: write a letter to my sister.")
        return
    await ctx.say(f"{kept[-1].title}.")
    await _read(ctx, kept[-1].text)


@skill.intent(
    "(show|list) [me] [all] my letters",
    "(what|which) letters (have i written|did i write|do i have)",
)
async def show_letters(ctx: Context) -> None:
    kept = _drawer(ctx)
    if not kept:
        await ctx.say("You have no letters yet.")
        return
    lines = [f"{at}. {letter.title} ({letter.occasion})" for at, letter in enumerate(kept, 1)]
    await ctx.show(Document("list", "Your letters", "\n".join(lines), keep=False))
    count = "one letter" if len(kept) == 1 else f"{len(kept)} letters, the last one"
    await ctx.say(f"You have {count}: {kept[-1].title}.")


async def _write(ctx: Context, occasion: str | None, words: str | None) -> None:
    """From a request to a kept letter, asking only for what the request left open."""
    asked = read_request(words or "")
    someone = recipient_of(asked.recipient) or await _recipient(ctx)
    occasion = occasion or asked.occasion or answers()[await ctx.ask(WHY, Answer)]
    detail = asked.detail or await _detail(ctx)
    signature = asked.signature or await _signature(ctx)
    await _settle(ctx, Facts(someone, occasion, detail, signature_of(signature)))


async def _recipient(ctx: Context) -> Recipient:
    while True:
        someone = recipient_of(await ctx.ask(WHO))
        if someone is not None:
            return someone


async def _detail(ctx: Context) -> str:
    told = await ctx.ask(WHAT)
    if told.endswith("?") or told.lower().startswith(("like what", "what ", "such as what")):
        told = await ctx.ask(EXAMPLE)
    return told


async def _signature(ctx: Context) -> str:
    """Who signs; asked once, and remembered."""
    if "signature" not in ctx.memory:
        ctx.memory["signature"] = await ctx.ask(SIGNS)
    return str(ctx.memory["signature"])


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
