"""Plays songs that have never been played before."""

from typing import Literal

from os_sim.skill import Context, Skill

from .moods import CALM, HOPEFUL, MELANCHOLY, Mood

MOODS: dict[str | None, Mood] = {
    None: MELANCHOLY,
    "melancholy": MELANCHOLY,
    "sad": MELANCHOLY,
    "wistful": MELANCHOLY,
    "lonely": MELANCHOLY,
    "calm": CALM,
    "peaceful": CALM,
    "gentle": CALM,
    "soothing": CALM,
    "hopeful": HOPEFUL,
}
"""The words a listener may use, and what is played then."""

skill = Skill(
    "song",
    summary="Composes a song for the moment, a new one every time",
    examples=("play a melancholy song", "play something hopeful", "sing me something sad"),
    rules={
        "play": "((play|put on) [me]|give me|let me hear|i want to hear|i would like to hear)",
        "piece": "(song|piece|tune|piece of music)",
    },
)


@skill.intent(
    "[please] <play> (a|another|one more) [{mood}] <piece> [please]",
    "[please] <play> [some] [{mood}] (music|songs) [please]",
    "[please] <play> something [{mood}] [please]",
    "[please] sing [me] (a|another) [{mood}] song [please]",
    "[please] sing [me] something [{mood}] [please]",
)
async def play(
    ctx: Context,
    mood: Literal[
        "melancholy",
        "sad",
        "wistful",
        "lonely",
        "calm",
        "peaceful",
        "gentle",
        "soothing",
        "hopeful",
    ]
    | None = None,
) -> None:
    """No word before the first note: what was asked for is the answer."""
    from .playlist import playlist  # the composer is wanted here first, and not at every start

    await ctx.play(playlist(ctx.random.getrandbits(63), MOODS[mood]))
