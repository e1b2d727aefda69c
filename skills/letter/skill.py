"""Writes letters: asks whom for and why, weaves in one true detail, reads the letter, keeps it.

This file holds the sentences alone.  What a letter is made of is imported when one is wanted,
because the OS loads every skill before it says its first word.
"""

from collections.abc import Iterable
from typing import Annotated

from os_sim.skill import Context, Skill

from .words import ERRANDS, KINDS, MESSAGES

skill = Skill(
    "letter",
    summary="Writes a letter for you, reads it to you, and keeps it",
    rules={
        "write": "[please|can you|could you|will you] [help me] (write|draft|compose)",
        "a": "(a|an|another|my)",
        "wish_to": "i (want|need|would like) to",
    },
)


def _names() -> Iterable[str]:
    from .names import recipients

    return recipients()


Known = Annotated[str, Skill.words("names", _names)]
Kind = Annotated[str, Skill.words("occasions", lambda: KINDS)]
Errand = Annotated[str, Skill.words("errands", lambda: ERRANDS)]
Message = Annotated[str, Skill.words("messages", lambda: MESSAGES)]


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
    from .writing import read_last_letter

    await read_last_letter(ctx)


@skill.intent(
    "(show|list) [me] [all] my letters",
    "(what|which) letters (have i written|did i write|do i have)",
)
async def show_letters(ctx: Context) -> None:
    from .writing import list_letters

    await list_letters(ctx)


async def _write(ctx: Context, occasion: str | None, words: str | None) -> None:
    from .writing import write_letter

    await write_letter(ctx, occasion, words)
