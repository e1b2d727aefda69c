"""Finding skills, loading them, and saying precisely what is wrong with one.

A skill on the shelf, one in the user's own folder and one from an installed package take the same
path.  One that cannot be loaded is reported and left out: the house opens without it.
"""

import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.machinery import ModuleSpec
from pathlib import Path
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING

from os_sim.asr.pronunciation_file import read_pronunciations
from os_sim.errors import ConfigError, OsSimError, SkillError
from os_sim.nlu.matcher import Matcher, Sentences
from os_sim.nlu.sampler import sample, shortest
from os_sim.nlu.slots import Phrases
from os_sim.nlu.sounds import Phones
from os_sim.skill.context import SkillInfo
from os_sim.skill.surface import Intent, Skill

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = "os_sim.skills"
PRONUNCIATIONS = "pronunciations.toml"
"""The file beside `skill.py` that says how its words sound."""
SAMPLES_PER_SKILL = 2_000
"""Sentences of one skill that the recogniser is told of."""


@dataclass
class Shelf:
    """The skills that are loaded, and what went wrong with the others."""

    skills: dict[str, Skill] = field(default_factory=dict)
    problems: list[SkillError] = field(default_factory=list)
    matcher: Matcher = field(default_factory=Matcher)
    _samples: tuple[str, ...] | None = None

    def add(self, skill: Skill) -> None:
        """Put a loaded skill on the shelf; raises SkillError if its name is taken."""
        if skill.name in self.skills:
            where = skill.intents[0].where if skill.intents else skill.name
            raise SkillError(f"{where}: there is a skill '{skill.name}' already; rename this one")
        self.skills[skill.name] = skill
        for intent in skill.intents:
            self.matcher.add(sentences_of(skill, intent))

    def find(self, skill: str, intent: str) -> Intent:
        """The intent that a match names."""
        return next(one for one in self.skills[skill].intents if one.name == intent)

    def samples(self) -> tuple[str, ...]:
        """Sentences that can be said, over all skills; worked out once."""
        if self._samples is None:
            random = Random(0)
            found: dict[str, None] = dict.fromkeys(self.examples())
            for skill in self.skills.values():
                share = SAMPLES_PER_SKILL // max(1, len(skill.intents))
                for intent in skill.intents:
                    found |= dict.fromkeys(sample(sentences_of(skill, intent), share, random))
            self._samples = tuple(found)
        return self._samples

    def examples(self) -> list[str]:
        """The sentences that are offered to the user, over all skills."""
        return [sentence for skill in self.skills.values() for sentence in examples(skill)]

    def phrases(self) -> list[str]:
        """Every listed value of every skill: names, occasions, drinks."""
        listed = (
            phrase
            for skill in self.skills.values()
            for phrases in _word_lists(skill)
            for phrase in phrases.values()
        )
        return list(dict.fromkeys(listed))

    def pronunciations(self) -> dict[str, tuple[Phones, ...]]:
        """How the skills' words sound, as far as the skills say so."""
        found: dict[str, tuple[Phones, ...]] = {}
        for skill in self.skills.values():
            for word, ways in skill.pronunciations.items():
                found.setdefault(word, ways)
        return found

    def refresh_words(self) -> None:
        """Read the skills' run-time word lists anew, such as an address book that has grown."""
        self._samples = None
        for skill in self.skills.values():
            for phrases in _word_lists(skill):
                phrases.refresh()

    def infos(self) -> list[SkillInfo]:
        """What each skill is for, with example sentences."""
        return [
            SkillInfo(name, skill.summary, examples(skill))
            for name, skill in sorted(self.skills.items())
        ]


def _word_lists(skill: Skill) -> list[Phrases]:
    slots = (slot for intent in skill.intents for slot in intent.slots.values())
    return [slot.reader for slot in slots if isinstance(slot.reader, Phrases)]


def sentences_of(skill: Skill, intent: Intent) -> Sentences:
    """The intent's sentences as the matcher takes them."""
    return Sentences(
        skill.name, intent.name, intent.nodes, intent.slots, irreversible=intent.irreversible
    )


def examples(skill: Skill) -> tuple[str, ...]:
    """The skill's own examples, else the shortest sentence of each intent that has one."""
    found = (shortest(sentences_of(skill, intent)) for intent in skill.intents)
    return skill.examples or tuple(sentence for sentence in found if sentence)


def load_shelf(shipped: Path, own: Path | None = None, off: Iterable[str] = ()) -> Shelf:
    """All skills: those shipped, then installed packages, then the user's own folder."""
    shelf = Shelf()
    unwanted = set(off)
    for folder in _skill_folders(shipped, unwanted):
        _try_to_add(shelf, partial(load_skill, folder))
    for entry in _entry_points():
        if entry.name not in unwanted:
            _add_strangers(shelf, partial(_load_entry, entry))
    for folder in _skill_folders(own, unwanted) if own else ():
        _add_strangers(shelf, partial(load_skill, folder))
    return shelf


def _add_strangers(shelf: Shelf, load: Callable[[], Skill]) -> None:
    """Add a skill that is not ours, and look at how it gets on with the others."""
    skill = _try_to_add(shelf, load)
    if skill is not None:
        shelf.problems += [*broken_lists(skill), *clashes(shelf, skill)]


def broken_lists(skill: Skill) -> list[SkillError]:
    """Run-time word lists of the skill that cannot be read."""
    found: dict[str, SkillError] = {}
    for phrases in _word_lists(skill):
        try:
            phrases.check()
        except SkillError as problem:
            found[str(problem)] = SkillError(f"the skill '{skill.name}': {problem}")
    return list(found.values())


def _entry_points() -> "Iterable[EntryPoint]":
    """What installed packages offer as skills.

    Importing importlib.metadata costs 25 ms, so somebody must have something to offer first.
    """
    offers = (
        file
        for path in sys.path
        for file in Path(path or ".").glob("*.*-info/entry_points.txt")
        if ENTRY_POINTS in file.read_text("utf-8", "replace")
    )
    if next(offers, None) is None:
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=ENTRY_POINTS)


def _skill_folders(folder: Path, unwanted: set[str]) -> list[Path]:
    found = sorted(file.parent for file in folder.glob("*/skill.py"))
    return [path for path in found if path.name not in unwanted]


def _try_to_add(shelf: Shelf, load: Callable[[], Skill]) -> Skill | None:
    try:
        skill = load()
        shelf.add(skill)
    except SkillError as problem:
        shelf.problems.append(problem)
        return None
    return skill


def _load_entry(entry: "EntryPoint") -> Skill:
    try:
        found = entry.load()
        folder = Path(sys.modules[entry.module].__file__ or "").parent
        return _the_skill(found, entry.value, folder)
    except (Exception, SystemExit) as error:  # a stranger's code may raise anything
        raise SkillError(f"the package behind '{entry.value}': {describe(error)}") from error


def load_skill(path: Path) -> Skill:
    """The skill in a folder (or its skill.py); raises SkillError with file and line."""
    folder = path.parent if path.name == "skill.py" else path
    file = folder / "skill.py"
    if not file.is_file():
        raise SkillError(
            f"{folder}: there is no skill.py in it; 'os-sim skills new NAME' writes one"
        )
    package = f"os_sim_skills.{folder.name}"
    for name in [name for name in sys.modules if name.startswith(f"{package}.")]:
        del sys.modules[name]  # parts of another skill in a folder of the same name
    _as_package("os_sim_skills", folder.parent)
    _as_package(package, folder)
    module = _module(f"{package}.skill", file)
    return _the_skill(module, str(file), folder)


def _as_package(name: str, folder: Path) -> None:
    """Make the folder importable under a name of ours, so that a skill can import its parts."""
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    sys.modules[name] = importlib.util.module_from_spec(spec)


def _module(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise SkillError(f"{file}: this is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except OsSimError as error:
        raise SkillError(f"{file.parent.name}/{error}") from error
    except (Exception, SystemExit) as error:  # a stranger's code may raise anything
        raise SkillError(f"{place_of(error, file)}: {describe(error)}") from error
    return module


def _the_skill(module: object, where: str, folder: Path) -> Skill:
    skill = module if isinstance(module, Skill) else getattr(module, "skill", None)
    if not isinstance(skill, Skill):
        raise SkillError(f"{where}: there is no 'skill = Skill(…)' in it")
    if not skill.intents and not skill.due_handlers:
        raise SkillError(f"{where}: the skill '{skill.name}' has no intent; add @skill.intent(…)")
    try:
        file = folder / PRONUNCIATIONS
        skill.pronunciations |= read_pronunciations(file, f"{folder.name}/{file.name}")
    except ConfigError as error:
        raise SkillError(str(error)) from error
    return skill


def clashes(shelf: Shelf, skill: Skill, most: int = 5) -> list[SkillError]:
    """Sentences of `skill` that another skill on the shelf answers as well."""
    now = datetime.now().astimezone()
    found: list[SkillError] = []
    for intent in skill.intents:
        for sentence in sample(sentences_of(skill, intent), 40, Random(0)):
            others = [m for m in shelf.matcher.matches(sentence, now) if m.skill != skill.name]
            if others and others[0].score == 1:
                found.append(
                    SkillError(
                        f"{intent.where}: '{sentence}' is also a sentence of the skill "
                        f"'{others[0].skill}', which keeps it; change one of the two"
                    )
                )
                break
    return found[:most]


def describe(error: BaseException) -> str:
    """An error of somebody else's code in one line."""
    text = str(error).splitlines()[0] if str(error) else ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def place_of(error: BaseException, file: Path) -> str:
    """file:line in the skill where the error came from."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{file.parent.name}/{Path(error.filename).name}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).parent == file.parent]
    if not own:
        return f"{file.parent.name}/{file.name}"
    return f"{file.parent.name}/{Path(own[-1].filename).name}:{own[-1].lineno}"
