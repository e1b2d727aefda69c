"""The wiring: from the settings to a conversation, top to bottom.

`talk`, `text` and `hear` each put a pair of ears and a mouth together; all else is the same.
Each returns the exit code.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from os_sim import resources
from os_sim.channel.screen import CORAL, JsonLines, Lines, Screen, WatchedScreen, wants_colour
from os_sim.channel.silence import Silence
from os_sim.clock import Clock, ManualClock, SystemClock
from os_sim.config import Config, Home
from os_sim.dialogue import Ears, Mouth
from os_sim.dialogue.conversation import Conversation
from os_sim.dialogue.house import House
from os_sim.dialogue.known import Known, all_sentences
from os_sim.engines import Engines
from os_sim.errors import DeviceError, OsSimError
from os_sim.events import Event, Failed
from os_sim.memory.store import Store
from os_sim.skill.loading import Shelf, load_shelf

if TYPE_CHECKING:
    from os_sim.asr.vosk import VoskRecognizer
    from os_sim.channel.hearing import TalkKey
    from os_sim.tts import Synthesizer

GREETING = "I'm here."
RENDER_WAIT_S = 5.0
"""How long a recording's time may stand still for a song to be rendered."""
HALF_DUPLEX = (
    "while I speak I do not listen, so that I do not hear myself; "
    "with headphones set [listening] barge_in = true"
)


@dataclass(frozen=True)
class Run:
    """What the command line asked for, whatever the channel."""

    home: Home
    config: Config
    json: bool = False
    seed: int | None = None

    @property
    def engines(self) -> Engines:
        return Engines(self.home, self.config)

    def shelf(self) -> Shelf:
        """The skills, shipped and the user's own."""
        return load_shelf(resources.shipped("skills"), self.home.skills, self.config.skills.off)


async def talk(run: Run) -> int:
    """Speak to it and hear it answer."""
    from os_sim.audio.microphone import Microphone
    from os_sim.audio.stderr import divert_chatter
    from os_sim.channel.hearing import TalkKey
    from os_sim.channel.microphone import LiveEars

    divert_chatter()
    engines, listening = run.engines, run.config.listening
    complaint = await asyncio.to_thread(why_not_talk, run.config)
    if complaint is not None:
        raise DeviceError(complaint)
    clock, shelf = SystemClock(), run.shelf()
    loading = asyncio.create_task(_recognizer(run, shelf))
    late = _LateScreen()
    try:
        speaker = engines.speaker(engines.loudspeaker(late.report))
        warming = asyncio.create_task(_warm(speaker.synthesizer, late))
        recognizer = await loading
    except BaseException:
        loading.cancel()
        raise
    talk_key = TalkKey() if listening.push_to_talk != "off" else None
    deaf = None if listening.barge_in else (lambda: speaker.speaking)
    hearing = engines.hearing(recognizer, deaf, talk_key)
    ears = LiveEars(Microphone(listening.input_device or None), hearing, clock)
    if not listening.barge_in and talk_key is None:
        _aside(HALF_DUPLEX)
    with _space_bar(talk_key, listening.push_to_talk):
        try:
            return await _converse(
                run, ears, speaker, shelf, clock, echo=True, greeting=GREETING, late=late
            )
        finally:
            warming.cancel()


async def text(run: Run, *, speak: bool = False, mute: bool = False) -> int:
    """Type: at a prompt in a terminal, or lines from a pipe.

    At a prompt, songs play through the speaker if there is one, and with `speak` the answers are
    said aloud.  Lines from a pipe are answered in silence.
    """
    clock, shelf = SystemClock(), run.shelf()
    if not sys.stdin.isatty():
        from os_sim.channel.pipe import PipeEars

        return await _converse(run, PipeEars(sys.stdin), Silence(clock), shelf, clock, echo=True)
    from os_sim.channel.late_speaker import LateSpeaker
    from os_sim.channel.prompt import PromptEars

    late = _LateScreen()
    mouth: Mouth = Silence(clock)
    if not mute:
        engines = run.engines
        mouth = LateSpeaker(
            Silence(clock),
            lambda: engines.speaker(engines.loudspeaker(late.report)),
            late.report,
            speak,
        )
    history = run.home.data / "history" if run.config.text.keep_history else None
    mark = f"\x1b[{CORAL}m›\x1b[0m " if wants_colour(sys.stdout) else "› "
    ears = PromptEars(mark, history)
    return await _converse(run, ears, mouth, shelf, clock, greeting=GREETING, late=late)


async def hear(run: Run, files: Sequence[str], reply_to: Path | None = None) -> int:
    """Let it hear recordings; with `reply_to`, write what it said and played as WAV files."""
    from os_sim.audio.cards import LockstepSink
    from os_sim.audio.stderr import divert_chatter
    from os_sim.channel.recording import RecordingEars, Room
    from os_sim.channel.replies import Replies

    divert_chatter()
    engines, shelf = run.engines, run.shelf()
    clock = ManualClock(datetime.now().astimezone())
    recognizer = await _recognizer(run, shelf)
    with ExitStack() as open_files:
        if reply_to is None:
            mouth: Mouth = Silence(clock)
            room = Room(clock, LockstepSink())
        else:
            replies = Replies(reply_to, lambda: ears.origin)
            open_files.callback(replies.close)
            sink = LockstepSink(replies.write)
            mouth = speaker = engines.speaker(sink, render_wait_s=RENDER_WAIT_S)
            room = Room(
                clock, sink, lambda: speaker.speaking, lambda: speaker.playing, speaker.ready
            )
        ears = RecordingEars(files, engines.hearing(recognizer), room)
        return await _converse(run, ears, mouth, shelf, clock, echo=True)


async def say(run: Run, words: str, output: Path | None = None) -> int:
    """Say something, through the speaker or into a WAV file."""
    if output is not None:
        from os_sim.audio.files import WavWriter
        from os_sim.tts.sentences import split_sentences

        synthesizer = run.engines.synthesizer()
        writer = WavWriter(output)
        try:
            for sentence in split_sentences(words):
                writer.write(await synthesizer.render(sentence))
        finally:
            writer.close()
            await synthesizer.close()
        return 0
    late = _LateScreen()
    speaker = run.engines.speaker(run.engines.loudspeaker(late.report))
    try:
        await speaker.say(words)
    finally:
        await speaker.close()
    return 0


def why(run: Run, words: str) -> str:
    """How these words are understood, in lines."""
    from os_sim.dialogue.explaining import explain

    shelf, clock = run.shelf(), SystemClock()
    return explain(
        words, shelf, Known(shelf, clock), clock.wall(), run.home.cache / "understanding"
    )


def why_not_talk(config: Config) -> str | None:
    """What is missing for talking, in one line; None if nothing is."""
    from os_sim.audio.devices import find_device

    try:
        find_device(config.listening.input_device or None, "input")
        find_device(config.speaking.output_device or None, "output")
    except DeviceError as error:
        return str(error)
    return None


def device_table() -> str:
    """All sound devices as lines; raises DeviceError if there is no way to tell."""
    from os_sim.audio.devices import list_devices

    return "\n".join(str(device) for device in list_devices()) or "there is no sound device"


async def _converse(
    run: Run,
    ears: Ears,
    mouth: Mouth,
    shelf: Shelf,
    clock: Clock,
    *,
    echo: bool = False,
    greeting: str | None = None,
    late: "_LateScreen | None" = None,
) -> int:
    """Hold one conversation to its end."""
    screen = WatchedScreen(_screen(run, ears, clock, echo))
    if late is not None:
        late.attach(screen.show)
    try:
        store = Store(run.home.store_file)
        try:
            for problem in shelf.problems:
                screen.show(Failed(type(problem).__name__, str(problem)))
            house = House(
                shelf=shelf,
                store=store,
                documents=run.home.documents,
                clock=clock,
                seed=run.seed,
                voice=run.config.speaking.voice,
                patience_s=run.config.skills.patience_s,
                settings=run.config.skills.settings,
                cache=run.home.cache / "understanding",
            )
            await Conversation(house, ears, mouth, screen.show).run(greeting)
        finally:
            store.close()
    except asyncio.CancelledError:
        if screen.lost is not None:
            raise screen.lost from None
        raise
    finally:
        await mouth.close()
    return 1 if screen.unheard else 0


def _screen(run: Run, ears: Ears, clock: Clock, echo: bool) -> Screen:
    def origin() -> str | None:
        return ears.origin

    if run.json:
        return JsonLines(sys.stdout, clock, origin)
    return Lines(sys.stdout, run.config.speaking.voice, echo=echo, origin=origin)


class _LateScreen:
    """Takes news from devices, in any thread, before and after there is a screen to show it."""

    def __init__(self) -> None:
        self._house = asyncio.get_running_loop()
        self._show: Callable[[Event], None] | None = None
        self._waiting: list[Event] = []

    def report(self, news: Event | OsSimError) -> None:
        event = Failed(type(news).__name__, str(news)) if isinstance(news, OsSimError) else news
        self._house.call_soon_threadsafe(self._tell, event)

    def attach(self, show: "Callable[[Event], None]") -> None:
        """From now on there is a screen."""
        self._show = show
        while self._waiting:
            show(self._waiting.pop(0))

    def _tell(self, event: Event) -> None:
        if self._show is None:
            self._waiting.append(event)
        else:
            self._show(event)


async def _recognizer(run: Run, shelf: Shelf) -> "VoskRecognizer":
    """What hears the skills' sentences, and the words that they and the user have taught."""
    from os_sim.teaching import given  # speech that text mode does without

    return await run.engines.recognizer(
        all_sentences(shelf), _is_sentence_of(shelf), given(run.home, shelf)
    )


def _is_sentence_of(shelf: Shelf) -> Callable[[str], bool]:
    """Whether a text is a whole sentence of some skill, with no word in a wildcard."""

    def is_sentence(text: str) -> bool:
        match = shelf.matcher.match(text, datetime.now().astimezone())
        return match is not None and match.score == 1

    return is_sentence


def _space_bar(talk_key: "TalkKey | None", how: str) -> AbstractContextManager[None]:
    if talk_key is None:
        return nullcontext()
    from os_sim.channel.talk_key import SpaceBar

    return SpaceBar(talk_key, toggle=how == "toggle").watched()


async def _warm(synthesizer: "Synthesizer", late: _LateScreen) -> None:
    """Start the voice while the model loads; a voice that fails is told of, not fatal."""
    try:
        await synthesizer.warm()
    except OsSimError as error:
        late.report(error)


def _aside(text: str) -> None:
    sys.stderr.write(f"os-sim: {text}\n")
