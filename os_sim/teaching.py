"""Teaching the OS words: what `os-sim models words` does."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import chain, islice, product
from pathlib import Path
from typing import TYPE_CHECKING

from os_sim import resources
from os_sim.asr.models import Model
from os_sim.asr.models.find import find
from os_sim.asr.pronunciation import guesses, is_readable, letters_to_phonemes
from os_sim.asr.pronunciation_espeak import phonemes_of
from os_sim.asr.pronunciation_file import phones_of
from os_sim.asr.respelling import respelled
from os_sim.asr.user_words import add_word, read_words, remove_word
from os_sim.asr.vocabulary import read_vocabulary, sounds_of, unheard
from os_sim.config import Config, Home
from os_sim.engines import Engines
from os_sim.errors import DeviceError, ModelError, UsageError
from os_sim.nlu.sounds import Phones
from os_sim.nlu.words import normal
from os_sim.skill.loading import Shelf, load_shelf, load_skill, sentences_of

if TYPE_CHECKING:
    from os_sim.audio import Samples
    from os_sim.tts.pyttsx3_synthesizer import Pyttsx3Synthesizer

MOST_WAYS = 4
"""Pronunciations of a word that is made of others."""
_HOW = "say how it sounds: --sounds 'JH OW N Z', or --like jones"


def teach(
    home: Home, config: Config, word: str, sounds: Iterable[str] = (), like: str | None = None
) -> list[str]:
    """Write a word down with its pronunciations; returns what to tell the user, by lines.

    `sounds`: the pronunciations, each as phones; `like`: words that sound so when read one after
    the other; without either they are guessed from the letters.  UsageError, ConfigError: it
    cannot be done like that.  HomeError: it cannot be written.  VoiceError: nobody here can guess.
    """
    name = _one_word(word)
    ways = tuple(dict.fromkeys(phones_of(one, f"--sounds for {name}") for one in sounds))
    if not ways:
        ways = _guessed(name, home.cache) if like is None else _sounding_like(like, home, config)
    add_word(home.words_file, name, ways)
    hint = f"to hear it: os-sim models words say {name}; if that is wrong, add it again and {_HOW}"
    return [*_lines(name, ways), *_reservations(name, home, config), hint]


def taught(home: Home) -> list[str]:
    """The words that have been taught, a line for each pronunciation; raises ConfigError."""
    words = read_words(home.words_file)
    listed = [line for word in sorted(words) for line in _lines(word, words[word])]
    return listed or ["no word has been taught yet; os-sim models words add WORD"]


def forget(home: Home, word: str) -> None:
    """Remove a word that was taught; UsageError if it is not there, else as `teach`."""
    if remove_word(home.words_file, normal(word)):
        return
    from difflib import get_close_matches  # for this one sentence

    near = get_close_matches(normal(word), read_words(home.words_file), 1)
    hint = f"did you mean {near[0]}?" if near else "`os-sim models words` lists those there are"
    raise UsageError(f"'{word}' is not among the words that were taught; {hint}")


async def say(home: Home, config: Config, word: str, output: Path | None = None) -> list[str]:
    """Say a word as it is known, each way of it; through the speaker, or into a WAV file.

    Returns what was said, by lines.  Raises UsageError, ConfigError, VoiceError, DeviceError.
    """
    name = _one_word(word)
    ways = given(home, _shelf(home, config)).get(name) or _known(name, home, config)
    engines = Engines(home, config)
    synthesizer = _WordSynthesizer(engines.synthesizer(), ways)
    if output is not None:
        await _write(synthesizer, output)
    else:
        await _speak(synthesizer, engines)
    return _lines(name, ways)


def given(home: Home, shelf: Shelf) -> dict[str, tuple[Phones, ...]]:
    """How words sound by the skills' word, and above it by the user's; raises ConfigError."""
    return shelf.pronunciations() | read_words(home.words_file)


def missing_words(path: Path, home: Home, config: Config) -> tuple[list[str], list[str]]:
    """What is wrong with the words of the skill at `path`, and what is only a pity; by lines."""
    skill = load_skill(path)
    try:
        model = _model(home, config)
    except ModelError as error:
        return [], [f"whether its words can be heard is not known: {error}"]
    sentences = [sentences_of(skill, intent) for intent in skill.intents]
    wrong, pity = unheard(sentences, model, skill.pronunciations, home.cache)
    return [f"{path}: {line}" for line in wrong], pity


class _WordSynthesizer:
    """Implements `Synthesizer` for one word: the sentence is the number of a pronunciation."""

    def __init__(self, voice: "Pyttsx3Synthesizer", ways: tuple[Phones, ...]) -> None:
        self.ways = ways
        self._voice = voice

    async def warm(self) -> None:
        await self._voice.warm()

    async def render(self, sentence: str) -> "Samples":
        phones = self.ways[int(sentence)]
        return await self._voice.pronounce(phonemes_of(phones), respelled(phones))

    async def close(self) -> None:
        await self._voice.close()


async def _write(synthesizer: _WordSynthesizer, output: Path) -> None:
    from os_sim.audio.files import WavWriter

    writer = WavWriter(output)
    try:
        for way in range(len(synthesizer.ways)):
            writer.write(await synthesizer.render(str(way)))
    finally:
        writer.close()
        await synthesizer.close()


async def _speak(synthesizer: _WordSynthesizer, engines: Engines) -> None:
    from os_sim.audio.mixer import Mixer
    from os_sim.channel.speaker import Speaker

    lost: list[DeviceError] = []
    mixer = Mixer(volume_db=engines.config.speaking.volume_db)
    speaker = Speaker(synthesizer, mixer, engines.loudspeaker(lost.append))
    try:
        for way in range(len(synthesizer.ways)):
            await speaker.say(str(way))
    finally:
        await speaker.close()
    if lost:
        raise lost[0]


def _one_word(text: str) -> str:
    """The word as it is heard; raises UsageError."""
    words = normal(text).split()
    if len(words) == 1:
        return words[0]
    if not words:
        raise UsageError(f"'{text}' has no word in it; give one in letters")
    raise UsageError(f"'{text}' is {len(words)} words ({', '.join(words)}); teach each by itself")


def _guessed(word: str, cache_dir: Path) -> tuple[Phones, ...]:
    if ways := guesses([word], cache_dir).get(word):
        return ways
    if is_readable(word):
        letters_to_phonemes([word])  # tells what is wrong with it
    raise UsageError(f"nobody can tell from its letters how '{word}' sounds; {_HOW}")


def _sounding_like(text: str, home: Home, config: Config) -> tuple[Phones, ...]:
    """The pronunciations of these words, one after the other."""
    words = normal(text).split()
    try:
        found = sounds_of(words, read_vocabulary(_model(home, config).path), home.cache)
    except ModelError:
        found = guesses(words, home.cache)
    unclear = [word for word in words if word not in found]
    if unclear or not words:
        raise UsageError(f"nobody can tell how '{' '.join(unclear) or text}' in --like sounds")
    together = product(*(found[word] for word in words))
    return tuple(tuple(chain.from_iterable(ways)) for ways in islice(together, MOST_WAYS))


def _known(word: str, home: Home, config: Config) -> tuple[Phones, ...]:
    """How a word sounds that nobody has taught; raises UsageError, VoiceError."""
    with suppress(ModelError):
        vocabulary = read_vocabulary(_model(home, config).path)
        if ways := sounds_of([word], vocabulary, home.cache).get(word):
            return ways
    return _guessed(word, home.cache)


def _reservations(word: str, home: Home, config: Config) -> list[str]:
    """What the user may not expect of the word that was taught."""
    try:
        model = _model(home, config)
    except ModelError as error:
        return [str(error)]
    vocabulary = read_vocabulary(model.path)
    told = []
    if word in vocabulary.words:
        told.append(f"the model {model.name} knows {word} already; this is one more way to say it")
    if not vocabulary.teachable:
        told.append(f"the model {model.name} can't be taught words: {word} waits for one that can")
    return told


def _shelf(home: Home, config: Config) -> Shelf:
    return load_shelf(resources.shipped("skills"), home.skills, config.skills.off)


def _model(home: Home, config: Config) -> Model:
    return find(config.listening.model, data_dir=home.data, cache_dir=home.cache)


def _lines(word: str, ways: tuple[Phones, ...]) -> list[str]:
    return [f"{word:16} {respelled(phones):20} {' '.join(phones)}" for phones in ways]
