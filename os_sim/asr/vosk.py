"""Vosk: streaming recognition on this machine, told at run time what is likely to be said.

The only module that imports `vosk` (libvosk 0.3.44 or later).  Everything here blocks and belongs
into a worker thread; a model may be shared by recognisers in several threads.

A list of sentences reaches libvosk as a word bigram, so what it hears may mix sentences ("lots of
cream and").  The ten best readings are asked for: one that is a whole expected sentence may win
over a better-sounding one that is none.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from os_sim.asr.readings import (
    UNKNOWN,
    Ranked,
    ranked,
    readings_of,
    without_unknown,
    word_confidence,
)
from os_sim.audio import CAPTURE_HZ
from os_sim.errors import ModelError
from os_sim.events import NothingHeard, Partial, Utterance

if TYPE_CHECKING:
    from os_sim.audio import Chunk

TAUGHT = "taught.txt"
"""The file in a model's folder that lists the words it has been taught."""

_BLOCK_CHUNKS = 5
"""100 ms: libvosk decodes in steps of 0.24 s, and a call costs 50 µs whatever its length."""
_READINGS = 10
_SECOND_BEST = 0.1
"""An expected sentence wins if it is at least so probable, compared with the best reading."""
_SURE_ENOUGH = 0.5
"""Free words of which the readings agree on less are not worth an "I heard"."""
_BREATH = frozenset({"a", "ah", "eh", "er", "hm", "hmm", "huh", "oh", "the", "uh", "um"})
"""What models make of a breath when any word may come (vosk-api issues 797, 837, 1139)."""
_ASSUMED_FRAME_S = 0.03
"""libvosk tells times as if each of its frames were three of the sound's (`Recognizer::Result`)."""
_FRAME_S = 0.01


class VoskModel:
    """A model in memory: 0.5 s and 110 MB for the built-in one."""

    def __init__(
        self,
        model: Any,
        takes_grammar: bool,
        time_scale: float = 1.0,
        taught: frozenset[str] = frozenset(),
    ) -> None:
        self.takes_grammar = takes_grammar
        """Whether it can be told what will be said; a static graph (HCLG.fst) cannot."""
        self.time_scale = time_scale
        """What the times that libvosk tells are to be multiplied with."""
        self._model = model
        self.taught = taught
        """Words that only its own graph can hold: they are spelled there."""
        self._known: dict[str, bool] = {}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Blocks for as long as libvosk reads; raises ModelError."""
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # else it spins on every core
        import vosk

        vosk.SetLogLevel(-1)
        try:
            model = vosk.Model(str(folder))
        except Exception as error:  # noqa: BLE001  vosk raises nothing more precise
            raise ModelError(
                f"The speech model in {folder} can't be opened ({error}). Install it again, or "
                "choose another; `os-sim models` lists them."
            ) from None
        graphs = (folder / "graph" / "HCLG.fst", folder / "HCLG.fst")
        takes_grammar = not any(graph.exists() for graph in graphs)
        scale = _time_scale(folder / "conf/model.conf")
        return cls(model, takes_grammar, scale, _taught(folder / TAUGHT))

    def knows(self, word: str) -> bool:
        """Whether a list of sentences may hold the word."""
        if word not in self._known:
            # Kaldi's own symbols (<eps>, which has the number 0, <s>, #0) stand in some models'
            # word lists, but a grammar that holds one of them aborts the process.
            is_word = word.isprintable() and not word.startswith(("<", "#", "!", "~"))
            is_word = is_word and word not in self.taught
            self._known[word] = is_word and self._model.vosk_model_find_word(word) > 0
        return self._known[word]

    def recognizer(self, grammar: str | None) -> Any:
        """A fresh `vosk.KaldiRecognizer`; raises ModelError."""
        import vosk

        words = () if grammar is None else (grammar,)
        try:
            recognizer = vosk.KaldiRecognizer(self._model, CAPTURE_HZ, *words)
        except Exception as error:  # noqa: BLE001  vosk raises nothing more precise
            raise ModelError(
                f"libvosk refuses to listen ({error}); choose another model with "
                "[listening] model, `os-sim models` lists them"
            ) from None
        recognizer.SetMaxAlternatives(_READINGS)
        recognizer.SetWords(True)
        return recognizer

    def close(self) -> None:
        """Give its memory back, once no recogniser uses it any more; safe to call twice."""
        self._model = None


class VoskRecognizer:
    """One stream of utterances; a fresh libvosk recogniser for each, so memory stays flat.

    libvosk aborts the process if a grammar is changed in the middle of an utterance; here a new
    one takes effect with the next utterance.
    """

    def __init__(
        self,
        model: VoskModel,
        prefer: Callable[[str], bool] | None = None,
        hears_sentences: bool = False,
        knows_free_speech: bool = True,
    ) -> None:
        """`prefer`: whether a text is a whole known sentence, for more sentences than `expect`
        lists; called in the thread that calls `finish`.

        `hears_sentences`: the model comes from `sentence_model.model_for`.

        `knows_free_speech`: without a list of sentences the model hears any words.
        """
        self.hears_sentences = hears_sentences
        self.knows_free_speech = knows_free_speech
        self._model = model
        self._prefer = prefer
        self._sentences: frozenset[str] = frozenset()
        self._asked: tuple[str, ...] | None = None
        self._grammar: str | None = None
        self._recognizer: Any = None
        self._waiting: list[bytes] = []
        self._partial = Partial("")
        self.unknown_words: frozenset[str] = frozenset()
        """The words in the expected sentences that are left out of a list."""

    def expect(self, sentences: tuple[str, ...] | None) -> None:
        """What is likely to be said from the next utterance on.

        None: the usual sentences if it `hears_sentences`, else anything.

        A sentence that is listed twice is taken for twice as likely.
        """
        if sentences == self._asked:
            return
        self._asked = sentences
        words = {word for sentence in sentences or () for word in sentence.split()}
        self.unknown_words = frozenset(word for word in words if not self._model.knows(word))
        self._sentences = frozenset(sentences or ())
        self._grammar = self._grammar_of(sentences)

    def feed(self, chunk: "Chunk") -> Partial | None:
        """Take one chunk; returns what is recognised so far when that has changed."""
        self._waiting.append(chunk.tobytes())
        if len(self._waiting) < _BLOCK_CHUNKS:
            return None
        self._decode()
        text = json.loads(self._recognizer.PartialResult())["partial"]
        partial = Partial(without_unknown(text), more_follows=text.endswith(UNKNOWN))
        if not partial.text or partial == self._partial:
            return None
        self._partial = partial
        return partial

    def finish(self) -> Utterance | NothingHeard:
        """End the utterance; the next `feed` begins another."""
        if self._recognizer is None and not self._waiting:
            return NothingHeard()
        try:
            self._decode()
            answer = json.loads(self._recognizer.FinalResult())
        finally:
            self.close()
        return self._choose(ranked(readings_of(answer, self._model.time_scale)))

    def close(self) -> None:
        """Forget the utterance and give libvosk's memory back; the next `feed` begins another."""
        self._recognizer = None
        self._waiting.clear()
        self._partial = Partial("")

    def _grammar_of(self, sentences: tuple[str, ...] | None) -> str | None:
        """The sentences as libvosk takes them; None where it would have nothing to hear."""
        if sentences is None or not self._model.takes_grammar:
            return None
        if self.hears_sentences and not self._model.taught.isdisjoint(" ".join(sentences).split()):
            return None  # free speech beside the usual sentences has these words, no list can
        kept = (self._known_words(sentence) for sentence in sentences)
        phrases = [phrase for phrase in kept if phrase]
        if self._model.knows(UNKNOWN):
            phrases.append(UNKNOWN)
        return json.dumps(phrases) if phrases else None

    def _known_words(self, sentence: str) -> str:
        # libvosk would leave the others out itself, and complain about each on standard error.
        return " ".join(word for word in sentence.split() if word not in self.unknown_words)

    def _decode(self) -> None:
        if self._recognizer is None:
            self._recognizer = self._model.recognizer(self._grammar)
        sound = b"".join(self._waiting)
        self._waiting.clear()
        try:
            # Whether libvosk takes this for the end does not matter: endpointing decides.
            self._recognizer.AcceptWaveform(sound)
        except Exception as error:  # noqa: BLE001  vosk raises nothing more precise
            self.close()
            raise ModelError(f"libvosk stumbled over the sound ({error}); say it again") from None

    def _choose(self, found: list[Ranked]) -> Utterance | NothingHeard:
        """The best reading that is an expected sentence, or else the best; see `_SECOND_BEST`."""
        best = found[0]
        for one in found:
            text = one.reading.text
            if one.share >= _SECOND_BEST * best.share and text and self._is_sentence(text):
                return Utterance(text, round(one.share, 3), one.reading.words)
        text, confidence = best.reading.text, best.share
        if not text:
            return NothingHeard()
        if self._grammar is None:
            confidence = word_confidence(found)
            if text in _BREATH or confidence < _SURE_ENOUGH:
                return NothingHeard()
        return Utterance(text, round(confidence, 3), best.reading.words)

    def _is_sentence(self, text: str) -> bool:
        return text in self._sentences or (self._prefer is not None and self._prefer(text))


def _taught(file: Path) -> frozenset[str]:
    return frozenset(file.read_text(encoding="utf-8").split()) if file.exists() else frozenset()


def _time_scale(settings: Path) -> float:
    """From the frames that libvosk assumes to those of the model with these settings."""
    try:
        text = settings.read_text(encoding="utf-8", errors="replace")
    except OSError:  # older models keep no such file, and have the frames that libvosk assumes
        return 1.0
    found = re.search(r"^--frame-subsampling-factor=(\d+)", text, re.MULTILINE)
    return int(found[1]) * _FRAME_S / _ASSUMED_FRAME_S if found else 1.0
