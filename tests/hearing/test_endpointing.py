"""Endpointing, told as timelines: `#` is 100 ms of speech, `.` 100 ms without."""

import pytest

from os_sim.vad.endpointing import (
    EndpointRules,
    Quiet,
    State,
    Step,
    Words,
    advance,
    follow_key,
    word_came,
)

RULES = EndpointRules(longest_s=3.0)


def timeline(sound: str, whole_from: int | None = None, words: Words = Words.OPEN) -> str:
    """What each tenth of a second meant: `-` quiet, `B` begins, `+` goes on, `E` ends.

    `whole_from`: the tenth of a second from which on the words are a whole sentence.
    """
    state: State = Quiet()
    marks = {Step.QUIET: "-", Step.BEGINS: "B", Step.GOES_ON: "+", Step.ENDS: "E"}
    told = ""
    for at, mark in enumerate(sound):
        seen = []
        for _ in range(5):
            is_whole = whole_from is not None and at >= whole_from
            said = Words.WHOLE if is_whole else words
            state, step = advance(state, RULES, mark == "#", 0.02, said)
            seen.append(step)
        telling = [step for step in seen if step in (Step.BEGINS, Step.ENDS)]
        told += marks[telling[-1] if telling else seen[-1]]
    return told


@pytest.mark.parametrize(
    ("sound", "meaning"),
    [
        ("..........", "----------"),
        (".##.......", "-B+++++++E"),
        (".##....##.......", "-B+++++++++++++E"),
        (".##......##........", "-B+++++++++++++++E-"),
        (".##.......##.......", "-B+++++++EB+++++++E"),
        ("###############################", "B" + "+" * 29 + "E"),
    ],
)
def test_an_utterance_lasts_until_seven_tenths_of_silence(sound: str, meaning: str) -> None:
    assert timeline(sound) == meaning


def test_a_whole_sentence_ends_after_a_quarter_of_a_second() -> None:
    assert timeline(".####....", whole_from=3) == "-B+++++E-"
    steps = _steps([True] * 20 + [False] * 20, Words.WHOLE)
    assert (steps.index(Step.ENDS) - 19) * 0.02 == pytest.approx(0.25, abs=0.011)


def test_a_sentence_that_becomes_whole_late_ends_at_once() -> None:
    assert timeline(".###.....", whole_from=8) == "-B++++++E"


def test_dictation_waits_while_one_thinks_of_the_next_word() -> None:
    thinking = ".##............##................"
    assert timeline(thinking, words=Words.DICTATION) == "-B" + "+" * 29 + "E-"
    assert timeline(thinking, words=Words.OPEN).count("E") == 2
    assert timeline(".##......", whole_from=2, words=Words.DICTATION) == "-B+++E---"


def test_a_pause_within_a_sentence_does_not_end_it() -> None:
    assert timeline(".###.....###.......") == "-B++++++++++++++++E"


def test_a_word_that_was_not_noticed_prolongs_the_utterance() -> None:
    state: State = Quiet()
    steps = []
    for number in range(100):
        state, step = advance(state, RULES, number < 20, 0.02)
        steps.append(step)
        if number == 20 + 30:
            state = word_came(state, RULES)
    assert (steps.index(Step.ENDS) - 50) * 0.02 == pytest.approx(0.4)
    assert word_came(Quiet(), RULES) == Quiet(), "words from before do not begin an utterance"


def test_a_word_that_is_told_of_at_once_does_not_delay_the_end() -> None:
    state: State = Quiet()
    steps = []
    for number in range(100):
        state, step = advance(state, RULES, number < 20, 0.02)
        steps.append(step)
        if number == 20 + 10:
            state = word_came(state, RULES)
    assert (steps.index(Step.ENDS) - 19) * 0.02 == pytest.approx(0.7)


def test_a_click_neither_begins_an_utterance_nor_prolongs_it() -> None:
    click = [True, True]
    assert _steps([False] * 20 + click + [False] * 20) == [Step.QUIET] * 42
    steps = _steps([True] * 20 + [False] * 20 + click + [False] * 20)
    assert steps.index(Step.ENDS) == 20 + 35 - 1


def test_gaps_count_against_a_beginning() -> None:
    assert Step.BEGINS not in _steps([True, False] * 50)
    assert Step.BEGINS in _steps([True, True, False] * 10)


def test_an_utterance_that_never_ends_is_cut() -> None:
    steps = _steps([True] * 400)
    begin, end = steps.index(Step.BEGINS), steps.index(Step.ENDS)
    assert (end - begin) * 0.02 == pytest.approx(RULES.longest_s)
    assert Step.BEGINS in steps[end:], "and what follows is heard as another one"


def test_a_key_begins_and_ends_whatever_there_is_to_hear() -> None:
    state: State = Quiet()
    steps = []
    for pressed in (False, True, True, True, False, False):
        state, step = follow_key(state, RULES, pressed, 0.02)
        steps.append(step)
    begins, on, ends, quiet = Step.BEGINS, Step.GOES_ON, Step.ENDS, Step.QUIET
    assert steps == [quiet, begins, on, on, ends, quiet]


def test_a_key_that_is_held_too_long_cuts_the_utterance() -> None:
    state: State = Quiet()
    steps = []
    for _ in range(200):
        state, step = follow_key(state, RULES, True, 0.02)
        steps.append(step)
    assert steps.index(Step.ENDS) == pytest.approx(150, abs=1)


def _steps(speech: list[bool], words: Words = Words.OPEN) -> list[Step]:
    state: State = Quiet()
    steps = []
    for is_speech in speech:
        state, step = advance(state, RULES, is_speech, 0.02, words)
        steps.append(step)
    return steps
