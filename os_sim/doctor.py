"""The doctor: looks at every part of the house, changes nothing, and says what to do."""

import json
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from os_sim import __version__, resources
from os_sim.config import Config, Home, prepare_home
from os_sim.engines import Engines
from os_sim.errors import ConfigError, OsSimError
from os_sim.memory.store import Store, repair

State = Literal["good", "missing", "broken"]
_MARKS: dict[State, str] = {"good": "ok", "missing": "--", "broken": "!!"}


@dataclass(frozen=True)
class Finding:
    """What was found of one part."""

    part: str
    state: State
    """`missing` is something the OS can do without."""
    text: str


def report(home: Home, config: Config, *, as_json: bool) -> int:
    """Print what was found; the exit code is 1 if anything is broken."""
    findings = list(_examine(home, config))
    if as_json:
        for finding in findings:
            sys.stdout.write(json.dumps(asdict(finding)) + "\n")
    else:
        for finding in findings:
            sys.stdout.write(f"{_MARKS[finding.state]}  {finding.part:12} {finding.text}\n")
    return 1 if any(finding.state == "broken" for finding in findings) else 0


def repair_store(home: Home) -> str:
    """Set a damaged store aside; says what was saved."""
    if not home.store_file.exists():
        return f"{home.store_file} does not exist: nothing to repair"
    try:
        Store(home.store_file).close()
    except OsSimError:
        aside, saved = repair(home.store_file, f"{datetime.now():%Y%m%d-%H%M%S}")
        return f"the damaged file is now {aside}; {saved} entries were saved from it"
    return f"{home.store_file} is whole: nothing to repair"


def _examine(home: Home, config: Config) -> Iterator[Finding]:
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("os_sim", "good", f"{__version__}, {python}")
    yield _try("home", lambda: _home(home))
    yield _try("memory", lambda: _memory(home))
    yield _try("skills", lambda: _skills(home, config))
    yield _try("model", lambda: _model(home, config))
    yield _words(home, config)
    yield _try("voice", lambda: _voice(home, config))
    yield _try("microphone", lambda: _device(config.listening.input_device, "input"), "missing")
    yield _try("speaker", lambda: _device(config.speaking.output_device, "output"), "missing")


def _try(part: str, look: Callable[[], str], otherwise: State = "broken") -> Finding:
    try:
        return Finding(part, "good", look())
    except OsSimError as error:
        return Finding(part, otherwise, str(error))


def _home(home: Home) -> str:
    prepare_home(home)
    return str(home.data)


def _memory(home: Home) -> str:
    store = Store(home.store_file)
    try:
        ((verdict,),) = store.read("PRAGMA quick_check(1)")
        ((count,),) = store.read("SELECT count(*) FROM skill_memory")
    finally:
        store.close()
    return f"{count} things remembered" if verdict == "ok" else f"damaged: {verdict}"


def _skills(home: Home, config: Config) -> str:
    from os_sim.skill.loading import load_shelf

    shelf = load_shelf(resources.shipped("skills"), home.skills, config.skills.off)
    if shelf.problems:
        raise shelf.problems[0]
    return ", ".join(sorted(shelf.skills))


def _model(home: Home, config: Config) -> str:
    from os_sim.asr.models.find import find

    model = find(config.listening.model, data_dir=home.data, cache_dir=home.cache)
    return f"{model.name} ({model.origin})"


def _words(home: Home, config: Config) -> Finding:
    """Whether every word of the skills and of the user can be heard."""
    from os_sim.asr.models.find import find
    from os_sim.asr.vocabulary import unheard
    from os_sim.dialogue.known import all_sentences
    from os_sim.skill.loading import load_shelf
    from os_sim.teaching import given

    shelf = load_shelf(resources.shipped("skills"), home.skills, config.skills.off)
    try:
        ways = given(home, shelf)
        model = find(config.listening.model, data_dir=home.data, cache_dir=home.cache)
    except OsSimError as error:
        return Finding(
            "words", "broken" if isinstance(error, ConfigError) else "missing", str(error)
        )
    wrong, pity = unheard(all_sentences(shelf), model, ways, home.cache)
    if wrong:
        return Finding("words", "missing", "; ".join(wrong))
    if pity:  # every sentence without them is heard, and nothing has to be done
        return Finding("words", "good", "; ".join(pity))
    return Finding("words", "good", f"{len(ways)} taught by skills and user; none is missing")


def _voice(home: Home, config: Config) -> str:
    import asyncio

    async def speak() -> str:
        synthesizer = Engines(home, config).synthesizer()
        try:
            await synthesizer.warm()
            return f"{synthesizer.voice.name}, rendered by {synthesizer.engine}"
        finally:
            await synthesizer.close()

    return asyncio.run(speak())


def _device(wanted: str, kind: Literal["input", "output"]) -> str:
    from os_sim.audio.devices import find_device

    return str(find_device(wanted or None, kind))
