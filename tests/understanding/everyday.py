"""A shelf of everyday skills, written as anybody would: what understanding is measured on.

The handlers only repeat what they were given; it is their sentences that matter.
"""

from datetime import date, time, timedelta
from typing import Annotated, Literal

from os_sim.resources import shipped
from os_sim.skill import Context, Skill
from os_sim.skill.loading import Shelf, load_shelf

timer = Skill("timer", summary="Counts down")
lists = Skill("lists", summary="Keeps lists")
reminder = Skill("reminder", summary="Reminds you of things")
alarm = Skill("alarm", summary="Wakes you")
note = Skill("note", summary="Takes notes")
clock = Skill("clock", summary="Tells the time and the date")
game = Skill("game", summary="Throws dice and tosses coins")
light = Skill("light", summary="Switches the lights")
message = Skill("message", summary="Sends messages")

Room = Literal["kitchen", "bedroom", "bathroom", "hall", "living room", "office"]
ListName = Literal["shopping", "grocery", "packing", "to do"]
Person = Annotated[str, Skill.words("people", lambda: PEOPLE)]
PEOPLE = ("anna", "catherine", "tom", "my sister", "my brother", "mum", "dad", "doctor weber")


@timer.intent(
    "[please] (set|start) a timer for {length}",
    "[please] (set|start) a {length} timer",
    "count down {length}",
    "timer {length}",
)
async def start(ctx: Context, length: timedelta) -> None:
    await ctx.say(f"Counting down {length}.")


@timer.intent("cancel the timer", "(stop|end) the timer", "no more timer")
async def cancel(ctx: Context) -> None:
    await ctx.say("No timer any more.")


@timer.intent(
    "how (long|much time) is left [on the timer]",
    "how long does the timer have [left]",
    "when is the timer (over|done)",
)
async def left(ctx: Context) -> None:
    await ctx.say("A while.")


@lists.intent(
    "(add|put) {item} (to|on) (my|the) {name} list",
    "(add|put) {item} (to|on) (my|the) list",
)
async def add(ctx: Context, item: str, name: ListName | None = None) -> None:
    await ctx.say(f"{item}: noted.")


@lists.intent(
    "(remove|take) {item} (from|off) (my|the) {name} list",
    "(remove|take) {item} (from|off) (my|the) list",
)
async def remove(ctx: Context, item: str, name: ListName | None = None) -> None:
    await ctx.say(f"{item}: gone.")


@lists.intent(
    "(read|show) [me] (my|the) [{name}] list",
    "what is on (my|the) [{name}] list",
)
async def read(ctx: Context, name: ListName | None = None) -> None:
    await ctx.say("Nothing.")


@lists.intent("(clear|empty|delete) (my|the) [{name}] list", irreversible=True)
async def clear(ctx: Context, name: ListName | None = None) -> None:
    await ctx.say("Empty.")


@reminder.intent(
    "remind me to {task}",
    "remind me to {task} (at {when}|in {length})",
    "remind me [on] {day} to {task}",
    "remind me (at {when}|in {length}) to {task}",
)
async def remind(
    ctx: Context,
    task: str,
    when: time | None = None,
    length: timedelta | None = None,
    day: date | None = None,
) -> None:
    await ctx.say(f"{task}: I will.")


@reminder.intent("what are my reminders", "(show|read|list) [me] my reminders")
async def pending(ctx: Context) -> None:
    await ctx.say("None.")


@alarm.intent(
    "wake me [up] at {when} [{day}]",
    "wake me [up] {day} at {when}",
    "set [an|the] alarm for {when} [{day}]",
)
async def wake(ctx: Context, when: time, day: date | None = None) -> None:
    await ctx.say("I will.")


@alarm.intent("(cancel|turn off) (the|my) alarm", "no alarm [tomorrow]")
async def sleep_in(ctx: Context) -> None:
    await ctx.say("Sleep well.")


@note.intent("take a note", "take a note [that] {text}", "(note|write down) [that] {text}")
async def take(ctx: Context, text: str | None = None) -> None:
    await ctx.say("Noted.")


@note.intent("(read|show) [me] my notes", "what are my notes", "what did i note")
async def recall(ctx: Context) -> None:
    await ctx.say("None.")


@note.intent("(delete|erase) [all] my notes", irreversible=True)
async def erase(ctx: Context) -> None:
    await ctx.say("Gone.")


@clock.intent("what time is it", "what is the time", "tell me the time")
async def now(ctx: Context) -> None:
    await ctx.say("Late.")


@clock.intent("what day is it", "what is the date [today]", "what is today's date")
async def today(ctx: Context) -> None:
    await ctx.say("Today.")


@game.intent("(flip|toss) a coin", "heads or tails")
async def coin(ctx: Context) -> None:
    await ctx.say("Heads.")


@game.intent("(roll|throw) (a die|the dice|dice)", "roll {count} dice")
async def dice(ctx: Context, count: int | None = None) -> None:
    await ctx.say("Six.")


@game.intent("tell me a joke", "make me laugh", "say something funny")
async def joke(ctx: Context) -> None:
    await ctx.say("Knock knock.")


@light.intent(
    "(turn|switch) on the (light|lights|lamp) [in the {room}]",
    "(turn|switch) on the {room} (light|lights)",
    "(turn|switch) the {room} (light|lights) on",
    "lights on",
)
async def on(ctx: Context, room: Room | None = None) -> None:
    await ctx.say("Light.")


@light.intent(
    "(turn|switch) off the (light|lights|lamp) [in the {room}]",
    "(turn|switch) off the {room} (light|lights)",
    "(turn|switch) the {room} (light|lights) off",
    "lights off",
)
async def off(ctx: Context, room: Room | None = None) -> None:
    await ctx.say("Dark.")


@light.intent("dim the lights", "make it darker", "dim the light[s] to {percent} percent")
async def dim(ctx: Context, percent: int | None = None) -> None:
    await ctx.say("Darker.")


@message.intent(
    "send [a message to] {person} {text}",
    "(text|message) {person} [that] {text}",
    "send {person} a message saying {text}",
    irreversible=True,
)
async def send(ctx: Context, person: Person, text: str) -> None:
    await ctx.say("Sent.")


SKILLS = (timer, lists, reminder, alarm, note, clock, game, light, message)


def everyday_shelf() -> Shelf:
    """The program's own skills and these."""
    shelf = load_shelf(shipped("skills"))
    for skill in SKILLS:
        shelf.add(skill)
    return shelf
