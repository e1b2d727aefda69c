"""What `os-sim skills` prints and writes: the shelf as a list, a new skill, a skill's faults."""

import keyword
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from random import Random
from string import Template

from os_sim import resources
from os_sim.errors import SkillError, UsageError
from os_sim.nlu.sampler import sample
from os_sim.nlu.words import normal
from os_sim.skill.loading import Shelf, broken_lists, clashes, load_shelf, load_skill, sentences_of
from os_sim.skill.surface import Skill

CLOSE_SAMPLES = 6
"""Sentences of each intent that are looked at for others that come close."""

_SKILL = Template('''\
"""$title: says hello, and remembers who it has met."""

from os_sim.skill import Context, Skill

skill = Skill("$name", summary="Greets people by name")


@skill.intent("[please] greet {who} for $spoken")
async def greet(ctx: Context, who: str) -> None:
    met = ctx.memory.get("met", [])
    if who in met:
        await ctx.say(f"Hello again, {who}.")
        return
    ctx.memory["met"] = [*met, who]
    await ctx.say(f"Hello, {who}. Nice to meet you.")


@skill.intent("who does $spoken know")
async def known(ctx: Context) -> None:
    met = ctx.memory.get("met", [])
    await ctx.say(", ".join(met) if met else "Nobody yet.")
''')

_CONVERSATION = Template("""\
# Every line is said to the OS or done by it; pytest runs this file.

== It remembers who it has met
you: who does $spoken know
os: Nobody yet.
you: greet Anna for $spoken
os: Hello, Anna. Nice to meet you.
you: please greet Anna for $spoken
os: Hello again, Anna.
you: who does $spoken know
os: Anna
""")


def listing(own: Path, off: Iterable[str]) -> tuple[str, list[SkillError]]:
    """The shelf as text, and what could not be loaded."""
    shelf = load_shelf(resources.shipped("skills"), own, off)
    lines = []
    for info in shelf.infos():
        example = f"“{info.examples[0]}”" if info.examples else ""
        lines.append(f"{info.name:10} {info.summary}\n{'':10} {example}".rstrip())
    return "\n".join(lines), shelf.problems


def write_skill(name: str, folder: Path) -> Path:
    """Write a skill that passes its own tests; returns its folder.  Raises UsageError."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise UsageError(
            f"'{name}' is no name for a skill; use small letters, digits and _, such as my_list"
        )
    if (resources.shipped("skills") / name / "skill.py").exists():
        raise UsageError(f"there is a skill '{name}' on the shelf already; choose another name")
    target = folder / name
    if target.exists():
        raise UsageError(f"{target} exists already; choose another name or remove it")
    words = {"name": name, "title": name.capitalize(), "spoken": name.replace("_", " ")}
    try:
        (target / "conversations").mkdir(parents=True)
        (target / "skill.py").write_text(_SKILL.substitute(words), "utf-8")
        script = target / "conversations" / f"{name}.txt"
        script.write_text(_CONVERSATION.substitute(words), "utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {target} ({error.strerror}); use --home FOLDER") from None
    return target


def check(path: Path) -> list[str]:
    """Everything that is wrong with the skill at `path`, one line each; empty if nothing is."""
    try:
        skill = load_skill(path)
    except SkillError as problem:
        return [str(problem)]
    shelf = load_shelf(resources.shipped("skills"))
    if skill.name in shelf.skills:
        mine = shelf.skills[skill.name].intents[0].handler.__code__.co_filename
        if Path(mine).resolve() == (_folder(path) / "skill.py").resolve():
            return []
        return [f"there is a skill '{skill.name}' on the shelf already; rename this one"]
    shelf.add(skill)
    found = [str(problem) for problem in (*broken_lists(skill), *clashes(shelf, skill))]
    found += too_close(shelf, skill)
    now = datetime.now().astimezone()
    for example in skill.examples:
        match = shelf.matcher.match(example, now)
        if match is None or match.skill != skill.name:
            found.append(f"{path}: the example '{example}' is not one of the skill's sentences")
    if not skill.summary or len(normal(skill.summary).split()) > 20:
        found.append(f"{path}: the summary should be one short sentence")
    if not list(_folder(path).glob("conversations/*.txt")):
        found.append(f"{path}: there is no conversations/*.txt; write down how it should talk")
    return found


def too_close(shelf: Shelf, skill: Skill, most: int = 3) -> list[str]:
    """Sentences of the skill that people might as well mean for another skill on the shelf."""
    from os_sim.nlu.near import Certainty, NearMatcher

    others = NearMatcher([one for one in shelf.matcher.known if one.skill != skill.name])
    now = datetime.now().astimezone()
    found: list[str] = []
    for intent in skill.intents:
        for sentence in sample(sentences_of(skill, intent), CLOSE_SAMPLES, Random(0)):
            guess = next(iter(others.guess(sentence, now)), None)
            if guess is not None and guess.certainty is Certainty.SURE:
                found.append(
                    f"{intent.where}: '{sentence}' comes close to '{guess.sentence}' of the skill "
                    f"'{guess.match.skill}'; a word of its own would keep them apart"
                )
                break
    return found[:most]


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent
