"""Endpointing: when an utterance begins, and when it is over.

    speech   ....████.███████████..██████████......................
             ^   ^                             ^     ^            ^
             |   begins: `start_speech_s`      |     |            ends: `open_silence_s`, or
             |   of speech have gathered       |     |            `dictation_silence_s` later
             pre-roll, kept by the caller      |     ends: `whole_silence_s`, if what was
                                               |     recognised is a whole sentence already
                                               silence starts to count

A pure state machine: fed with durations, it has neither clock nor thread.  Blips shorter than
`blip_s` (a click, a door) neither begin an utterance nor prolong it.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto


@dataclass(frozen=True)
class EndpointRules:
    """How patient the ears are."""

    start_speech_s: float = 0.1
    """Speech that makes a beginning; gaps in it count against it."""
    whole_silence_s: float = 0.25
    """Silence after which the user has finished, if the words are `Words.WHOLE`."""
    open_silence_s: float = 0.7
    """The same for `Words.OPEN`."""
    dictation_silence_s: float = 1.5
    """The same for `Words.DICTATION`."""
    word_lag_s: float = 0.3
    """How long after a word the recogniser may tell of it: see `word_came`."""
    blip_s: float = 0.04
    """Speech up to this length amid silence is taken for silence."""
    longest_s: float = 20.0
    """An utterance that goes on is cut here."""

    def silence_s(self, words: "Words") -> float:
        """The silence that ends an utterance of such words."""
        match words:
            case Words.WHOLE:
                return self.whole_silence_s
            case Words.OPEN:
                return self.open_silence_s
            case Words.DICTATION:
                return self.dictation_silence_s


class Words(Enum):
    """What has been recognised of an utterance so far."""

    OPEN = auto()
    """It may go on: the words are no sentence yet, or begin a longer one."""
    WHOLE = auto()
    """A whole sentence that no known sentence extends."""
    DICTATION = auto()
    """Free words: people stop to think between them."""


class Step(Enum):
    """What a chunk meant."""

    QUIET = auto()
    BEGINS = auto()
    GOES_ON = auto()
    ENDS = auto()


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nobody speaks, or only just."""

    speech_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Speaking:
    """An utterance is going on."""

    length_s: float = 0.0
    silence_s: float = 0.0
    """Since the last speech, blips included."""
    run_s: float = 0.0
    """How long speech has gone on without a gap, if it has."""


State = Quiet | Speaking


def advance(
    state: State,
    rules: EndpointRules,
    is_speech: bool,
    chunk_s: float,
    words: Words = Words.OPEN,
) -> tuple[State, Step]:
    """The state after a chunk of `chunk_s`, and what the chunk meant."""
    match state:
        case Quiet():
            return _wait(state, rules, is_speech, chunk_s)
        case Speaking():
            return _listen(state, rules, is_speech, chunk_s, words)


def word_came(state: State, rules: EndpointRules) -> State:
    """The state after the recogniser has told of words that it had not told of before.

    They are proof that what was taken for silence was none: in noise a voice may be heard, but
    not be noticed.
    """
    match state:
        case Quiet():
            return state
        case Speaking():
            return replace(state, silence_s=min(state.silence_s, rules.word_lag_s))


def follow_key(
    state: State, rules: EndpointRules, is_pressed: bool, chunk_s: float
) -> tuple[State, Step]:
    """The same where a key says when to listen, whatever there is to hear."""
    match state:
        case Quiet():
            return (Speaking(), Step.BEGINS) if is_pressed else (state, Step.QUIET)
        case Speaking():
            now = replace(state, length_s=state.length_s + chunk_s)
            if not is_pressed or _at_least(now.length_s, rules.longest_s):
                return Quiet(), Step.ENDS
            return now, Step.GOES_ON


def _wait(
    state: Quiet, rules: EndpointRules, is_speech: bool, chunk_s: float
) -> tuple[State, Step]:
    speech_s = state.speech_s + chunk_s if is_speech else max(0.0, state.speech_s - chunk_s)
    if _at_least(speech_s, rules.start_speech_s):
        return Speaking(), Step.BEGINS
    return Quiet(speech_s), Step.QUIET


def _listen(
    state: Speaking, rules: EndpointRules, is_speech: bool, chunk_s: float, words: Words
) -> tuple[State, Step]:
    run_s = state.run_s + chunk_s if is_speech else 0.0
    is_blip = not _at_least(run_s, rules.blip_s + chunk_s)
    now = replace(
        state,
        length_s=state.length_s + chunk_s,
        silence_s=state.silence_s + chunk_s if is_blip else 0.0,
        run_s=run_s,
    )
    # A chunk of speech may be the next word: only the chunks after it show that it was a blip.
    is_over = not is_speech and _at_least(now.silence_s, rules.silence_s(words))
    if is_over or _at_least(now.length_s, rules.longest_s):
        return Quiet(), Step.ENDS
    return now, Step.GOES_ON


def _at_least(gathered_s: float, wanted_s: float) -> bool:
    # Sums of 0.02 fall short of their goal by a rounding error.
    return gathered_s >= wanted_s - 1e-6
