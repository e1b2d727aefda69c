"""The engines, made from the settings: a voice, a recogniser, a loudspeaker.

Each function imports what it makes, so that nobody pays for what they do not use.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from os_sim import resources
from os_sim.config import Config, Home
from os_sim.errors import DeviceError, ModelError
from os_sim.nlu.matcher import Sentences

if TYPE_CHECKING:
    from os_sim.asr.vosk import VoskRecognizer
    from os_sim.audio import Sink
    from os_sim.channel.hearing import Hearing, TalkKey
    from os_sim.channel.speaker import Speaker
    from os_sim.nlu.sounds import Phones
    from os_sim.tts.pyttsx3_synthesizer import Pyttsx3Synthesizer
    from os_sim.tts.voice import Voice


@dataclass(frozen=True)
class Engines:
    """Makes the engines of one run."""

    home: Home
    config: Config

    def voice(self) -> "Voice":
        """The configured voice; raises VoiceError if there is none of that name."""
        from os_sim.tts.voice import find_voice

        folders = [self.home.voices, resources.shipped("voices")]
        return find_voice(self.config.speaking.voice, folders)

    def synthesizer(self) -> "Pyttsx3Synthesizer":
        """What speaks in the configured voice; raises VoiceError."""
        from os_sim.tts.pyttsx3_synthesizer import Pyttsx3Synthesizer

        return Pyttsx3Synthesizer(self.voice())

    def speaker(self, sink: "Sink", *, render_wait_s: float = 0.0) -> "Speaker":
        """A mouth that is heard through `sink`; raises DeviceError, VoiceError."""
        from os_sim.audio.mixer import Mixer
        from os_sim.channel.speaker import Speaker

        mixer = Mixer(volume_db=self.config.speaking.volume_db, render_wait_s=render_wait_s)
        return Speaker(self.synthesizer(), mixer, sink)

    def loudspeaker(self, failed: Callable[[DeviceError], None]) -> "Sink":
        """The configured output device, opened by whoever speaks through it."""
        from os_sim.audio.loudspeaker import Loudspeaker

        return Loudspeaker(self.config.speaking.output_device or None, failed)

    async def recognizer(
        self,
        sentences: Sequence[Sentences],
        is_sentence: Callable[[str], bool],
        given: "Mapping[str, Sequence[Phones]] | None" = None,
    ) -> "VoskRecognizer":
        """The configured model in memory, told of the usual sentences; loads it in a thread.

        The built-in model gets them as its graph, so that it hears them whole, and is taught the
        words it lacks; `given` says how words sound that are not to be guessed.  A published one
        keeps its own graph.  Raises ModelError.
        """
        return await asyncio.to_thread(self._load_recognizer, sentences, is_sentence, given or {})

    def _load_recognizer(
        self,
        sentences: Sequence[Sentences],
        is_sentence: Callable[[str], bool],
        given: "Mapping[str, Sequence[Phones]]",
    ) -> "VoskRecognizer":
        from os_sim.asr.models.find import find
        from os_sim.asr.sentence_model import knows_free_speech, model_for
        from os_sim.asr.vosk import VoskModel, VoskRecognizer

        wanted = self.config.listening.model
        model = find(wanted, data_dir=self.home.data, cache_dir=self.home.cache)
        folder = model.path
        if model.origin == "built-in":
            # Without room for the graph it hears less surely, but it hears.
            with suppress(ModelError):
                folder = model_for(model, sentences, self.home.cache, given)
        return VoskRecognizer(
            VoskModel.load(folder),
            is_sentence,
            hears_sentences=folder != model.path,
            knows_free_speech=knows_free_speech(model),
        )

    def hearing(
        self,
        recognizer: "VoskRecognizer",
        muted: Callable[[], bool] | None = None,
        talk_key: "TalkKey | None" = None,
    ) -> "Hearing":
        """From chunks to what was said, with the configured pauses."""
        from os_sim.channel.hearing import Hearing, never
        from os_sim.vad.endpointing import EndpointRules
        from os_sim.vad.webrtc import WebrtcVoiceDetector

        listening = self.config.listening
        rules = EndpointRules(
            whole_silence_s=listening.complete_silence_s,
            open_silence_s=listening.silence_s,
            dictation_silence_s=listening.dictation_silence_s,
        )
        return Hearing(
            recognizer,
            WebrtcVoiceDetector(),
            rules,
            muted=muted or never,
            talk_key=talk_key,
        )
