"""The command line: arguments in, exit codes out.

0: done.  1: it could not be done.  2: it was asked wrongly.  Data goes to standard output, all
else to standard error.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from os_sim import __version__
from os_sim.config import Config, Home, Speaking, find_home, load_config, prepare_home
from os_sim.errors import OsSimError

Command = Callable[[argparse.Namespace, Home, Config], int]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit; what the console script `os-sim` calls."""
    code = run(sys.argv[1:] if arguments is None else arguments)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # all is in order: Ctrl-C may end it any moment
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """The exit code of a command line."""
    _open_streams()
    options = _parser().parse_args(arguments)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        home = find_home(options.home)
        config = _with_options(load_config(home.config_file), options)
        command: Command = options.command
        code = command(options, home, config)
        sys.stdout.flush()
    except OsSimError as error:
        print(f"os-sim: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 1
    except OSError as error:
        # What is left in the buffer cannot be written, and Python would try once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # else nobody wants to read any more
            print(f"os-sim: the answer cannot be written ({error.strerror})", file=sys.stderr)
        return 1
    return code


def _open_streams() -> None:
    """Make the standard streams take anything: bytes that are no text, and text beyond ASCII."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123  for good
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


class _Parser(argparse.ArgumentParser):
    """Complains in one line instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        what = message.removeprefix("argument COMMAND: ")
        self.exit(2, f"os-sim: {what}; '{self.prog} --help' shows what there is\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="os-sim",
        description="An operating system for one person that lives in sound. "
        "Without a command: talk, if there is a microphone and a speaker, else text.",
    )
    parser.add_argument("--version", action="version", version=f"os-sim {__version__}")
    parser.set_defaults(command=_default, device_options=False)
    _common(parser, top=True)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_talk(commands)
    _add_text(commands)
    _add_hear(commands)
    _add_say(commands)
    _add_skills(commands)
    _add_voices(commands)
    _add_models(commands)
    _add_why(commands)
    _add_doctor(commands)
    return parser


def _common(parser: argparse.ArgumentParser, *, top: bool = False, session: bool = True) -> None:
    """Options of every command; given before or after its name."""
    default: Any = None if top else argparse.SUPPRESS
    parser.add_argument(
        "--home",
        metavar="FOLDER",
        default=default,
        help="where everything is kept (or OS_SIM_HOME)",
    )
    if session:
        parser.add_argument(
            "--json",
            action="store_true",
            default=False if top else argparse.SUPPRESS,
            help="one JSON object a line on standard output",
        )
        parser.add_argument(
            "--seed", type=int, metavar="N", default=default, help="fix every random choice"
        )
        parser.add_argument("--voice", metavar="NAME", default=default, help="who speaks")


def _add_talk(commands: Any) -> None:
    talk = commands.add_parser("talk", help="speak to it and hear it answer")
    _common(talk)
    talk.add_argument("--list-devices", action="store_true", help="show microphones and speakers")
    talk.add_argument("--input-device", metavar="DEVICE", help="a number or part of a name")
    talk.add_argument("--output-device", metavar="DEVICE", help="a number or part of a name")
    talk.add_argument(
        "--push-to-talk",
        nargs="?",
        const="hold",
        choices=("hold", "toggle"),
        help="listen only while the space bar is held, or after it was pressed",
    )
    talk.add_argument("--model", metavar="MODEL", help="a speech model's name or folder")
    talk.set_defaults(command=_talk)


def _add_text(commands: Any) -> None:
    text = commands.add_parser("text", help="type to it, or pipe lines into it")
    _common(text)
    text.add_argument("--speak", action="store_true", help="say the answers aloud as well")
    text.add_argument("--mute", action="store_true", help="play nothing through the speaker")
    text.add_argument("--output-device", metavar="DEVICE", help="a number or part of a name")
    text.set_defaults(command=_text)


def _add_hear(commands: Any) -> None:
    hear = commands.add_parser("hear", help="let it hear recordings")
    _common(hear)
    hear.add_argument("files", nargs="+", metavar="FILE", help="WAV, FLAC or OGG")
    hear.add_argument("--reply-to", metavar="DIR", help="write what it said and played as WAV")
    hear.add_argument("--model", metavar="MODEL", help="a speech model's name or folder")
    hear.set_defaults(command=_hear)


def _add_say(commands: Any) -> None:
    say = commands.add_parser("say", help="let it say something")
    _common(say)
    say.add_argument("text", nargs="+", metavar="TEXT")
    say.add_argument("--output", metavar="FILE", help="write a WAV file instead of speaking")
    say.add_argument("--output-device", metavar="DEVICE", help="a number or part of a name")
    say.set_defaults(command=_say)


def _add_skills(commands: Any) -> None:
    skills = commands.add_parser("skills", help="list, write and check skills")
    _common(skills, session=False)
    skills.set_defaults(command=_skills, action="list")
    actions = skills.add_subparsers(metavar="ACTION")
    _action(actions, "list", "what is on the shelf, and what could not be loaded")
    _action(actions, "new", "write a skill to begin with").add_argument("name", metavar="NAME")
    _action(actions, "check", "find what is wrong with a skill").add_argument(
        "path", metavar="PATH"
    )


def _add_voices(commands: Any) -> None:
    voices = commands.add_parser("voices", help="list the voices")
    _common(voices, session=False)
    voices.set_defaults(command=_voices)


def _add_models(commands: Any) -> None:
    models = commands.add_parser("models", help="list, install and remove speech models")
    _common(models, session=False)
    models.set_defaults(command=_models, action="list", known=False)
    actions = models.add_subparsers(metavar="ACTION")
    listing = _action(actions, "list", "the models of this machine")
    listing.add_argument("--known", action="store_true", help="also those that can be installed")
    _action(actions, "install", "download a published model").add_argument("name", metavar="NAME")
    _action(actions, "remove", "delete an installed model").add_argument("name", metavar="NAME")
    _add_words(actions)


def _add_words(actions: Any) -> None:
    words = _action(actions, "words", "teach words that no model knows, such as names")
    words.set_defaults(command=_words, action="list")
    doings = words.add_subparsers(metavar="ACTION")
    _action(doings, "list", "the words that were taught, and how they sound")
    adding = _action(doings, "add", "teach a word")
    adding.add_argument("word", metavar="WORD")
    how = adding.add_mutually_exclusive_group()
    how.add_argument(
        "--sounds", action="append", metavar="PHONES", help='how it sounds: "JH OW N Z"'
    )
    how.add_argument("--like", metavar="WORDS", help='words that sound like it: "hoy tema"')
    _action(doings, "remove", "forget a word").add_argument("word", metavar="WORD")
    saying = _action(doings, "say", "let it say a word as it was taught")
    saying.add_argument("word", metavar="WORD")
    saying.add_argument("--output", metavar="FILE", help="write a WAV file instead of speaking")
    saying.add_argument("--voice", metavar="NAME", help="who speaks")
    saying.add_argument("--output-device", metavar="DEVICE", help="a number or part of a name")


def _add_why(commands: Any) -> None:
    why = commands.add_parser("why", help="explain how a sentence is understood")
    _common(why, session=False)
    why.add_argument("text", nargs="+", metavar="TEXT")
    why.set_defaults(command=_why)


def _add_doctor(commands: Any) -> None:
    doctor = commands.add_parser("doctor", help="check that everything is in place")
    _common(doctor)
    doctor.add_argument("--repair", action="store_true", help="set a damaged memory file aside")
    doctor.set_defaults(command=_doctor)


def _action(actions: Any, name: str, text: str) -> argparse.ArgumentParser:
    action: argparse.ArgumentParser = actions.add_parser(name, help=text)
    _common(action, session=False)
    action.set_defaults(action=name)
    return action


def _with_options(config: Config, options: argparse.Namespace) -> Config:
    """The configuration, with what the command line says instead."""
    given = {key: value for key, value in vars(options).items() if value is not None}
    listening = {
        key: given[key] for key in ("input_device", "push_to_talk", "model") if key in given
    }
    speaking = {key: given[key] for key in ("output_device", "voice") if key in given}
    return replace(
        config,
        listening=replace(config.listening, **listening),
        speaking=replace(config.speaking, **speaking),
    )


# Commands.  Each imports what it needs: the whole program would take a second to load.


def _default(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import assistant

    why_not = assistant.why_not_talk(config)
    if why_not is None:
        return _talk(options, home, config)
    print(f"os-sim: typing instead of talking: {why_not}", file=sys.stderr)
    return _text(options, home, config)


def _talk(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import assistant

    if getattr(options, "list_devices", False):
        print(assistant.device_table())
        return 0
    return _session(assistant.talk(_run(options, home, config)), interrupted=0)


def _text(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import assistant

    speak, mute = getattr(options, "speak", False), getattr(options, "mute", False)
    work = assistant.text(_run(options, home, config), speak=speak, mute=mute)
    return _session(work, interrupted=0)


def _hear(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import assistant

    reply_to = Path(options.reply_to) if options.reply_to else None
    return _session(assistant.hear(_run(options, home, config), options.files, reply_to))


def _say(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import assistant

    output = Path(options.output) if options.output else None
    return _session(assistant.say(_run(options, home, config), " ".join(options.text), output))


def _run(options: argparse.Namespace, home: Home, config: Config) -> "Any":
    from os_sim.assistant import Run

    prepare_home(home)
    run = Run(home, config, json=options.json, seed=options.seed)
    if config.speaking.voice != Speaking.voice:
        run.engines.voice()  # one that is not there is told of now, not when it should speak
    return run


def _session(work: Coroutine[Any, Any, int], interrupted: int = 1) -> int:
    """Run a conversation; Ctrl-C and a polite kill end it in good order.

    `interrupted` is the exit code then: a way to leave a talk, but a recording is not heard out.
    """

    async def until_interrupted() -> int:
        house = asyncio.get_running_loop()
        task = asyncio.ensure_future(work)
        signals = 0

        def interrupt() -> None:
            nonlocal signals
            signals += 1
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                house.add_signal_handler(number, interrupt)
            except NotImplementedError:  # Windows: Ctrl-C arrives as KeyboardInterrupt
                break
        try:
            return await task
        except asyncio.CancelledError:
            if not signals:
                raise
            return interrupted

    return asyncio.run(until_interrupted())


def _skills(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import teaching
    from os_sim.skill import catalogue

    match options.action:
        case "new":
            print(catalogue.write_skill(options.name, home.skills))
            return 0
        case "check":
            faults = catalogue.check(Path(options.path))
            if not faults:
                faults, pity = teaching.missing_words(Path(options.path), home, config)
                for line in pity:
                    print(f"os-sim: {line}", file=sys.stderr)
            print("\n".join(faults) if faults else f"{options.path}: nothing to complain about")
            return 1 if faults else 0
    listing, problems = catalogue.listing(home.skills, config.skills.off)
    print(listing)
    for problem in problems:
        print(f"os-sim: {problem}", file=sys.stderr)
    return 0


def _voices(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import resources
    from os_sim.tts.voice import list_voices

    for voice in list_voices([home.voices, resources.shipped("voices")]):
        mark = "*" if voice.name.lower() == config.speaking.voice.lower() else " "
        print(f"{mark} {voice.name:12} {voice.kind:10} {voice.description}")
    return 0


def _models(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim.asr.models import catalog, install, progress, table

    url = config.models.list_url
    if options.action == "install":
        prepare_home(home)
        with progress.progress_bar() as bar:
            model = install.install(
                options.name, list_url=url, data_dir=home.data, cache_dir=home.cache, progress=bar
            )
        print(f'{model.name} is installed; to hear with it: [listening] model = "{model.name}"')
        return 0
    if options.action == "remove":
        install.remove(options.name, home.data)
        print(f"{options.name} is removed")
        return 0
    published: tuple[catalog.Entry, ...] = ()
    if options.known:
        published, note = catalog.known(url, home.cache)
        if note:
            print(f"os-sim: {note}", file=sys.stderr)
    print(
        table.format_table(
            table.models_table(config.listening.model, data_dir=home.data, published=published)
        )
    )
    return 0


def _words(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import teaching

    match options.action:
        case "list":
            told = teaching.taught(home)
        case "add":
            prepare_home(home)
            told = teaching.teach(home, config, options.word, options.sounds or (), options.like)
        case "remove":
            teaching.forget(home, options.word)
            told = [f"{options.word} is forgotten"]
        case "say":
            output = Path(options.output) if options.output else None
            told = asyncio.run(teaching.say(home, config, options.word, output))
    print("\n".join(told))
    return 0


def _why(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import assistant

    prepare_home(home)
    print(assistant.why(assistant.Run(home, config), " ".join(options.text)))
    return 0


def _doctor(options: argparse.Namespace, home: Home, config: Config) -> int:
    from os_sim import doctor

    if options.repair:
        print(doctor.repair_store(home))
        return 0
    return doctor.report(home, config, as_json=options.json)
