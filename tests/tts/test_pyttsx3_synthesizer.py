"""The voice with its real worker: what is rendered, and what happens when the worker breaks."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

from os_sim.audio import MIX_HZ
from os_sim.errors import VoiceError
from os_sim.tts.pyttsx3_synthesizer import Pyttsx3Synthesizer
from os_sim.tts.voice import Platform, Voice
from tests.tts.voicing import SAMANTHA, SHIPPED, is_alive, median_pitch_hz, true_peak_dbfs

SENTENCE = "The rain has stopped, and somebody is laughing in the yard."


@asynccontextmanager
async def speaking(voice: Voice = SAMANTHA) -> AsyncIterator[Pyttsx3Synthesizer]:
    synthesizer = Pyttsx3Synthesizer(voice)
    try:
        yield synthesizer
    finally:
        await synthesizer.close()


def with_synthesizer(
    scene: Callable[[Pyttsx3Synthesizer], Awaitable[None]], voice: Voice = SAMANTHA
) -> None:
    async def play() -> None:
        async with speaking(voice) as synthesizer:
            await scene(synthesizer)

    asyncio.run(play())


def signalled(synthesizer: Pyttsx3Synthesizer, number: int) -> int:
    """Send the worker a signal; returns who got it."""
    pid = synthesizer.worker_pid
    assert pid is not None
    os.kill(pid, number)
    return pid


@pytest.mark.parametrize("voice", SHIPPED, ids=lambda voice: voice.name)
def test_every_shipped_voice_renders_as_loud_as_it_says(voice: Voice) -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        samples = await synthesizer.render(SENTENCE)
        assert samples.dtype == np.float32
        assert samples.shape[1] == 2
        assert 2 < len(samples) / MIX_HZ < 6
        loudness = pyloudnorm.Meter(MIX_HZ).integrated_loudness(samples)
        assert loudness == pytest.approx(voice.loudness_lufs, abs=1)
        assert true_peak_dbfs(samples) < -1

    with_synthesizer(scene, voice)


def test_voices_are_as_high_as_their_kind() -> None:
    async def pitch_hz(voice: Voice) -> float:
        async with speaking(voice) as synthesizer:
            return median_pitch_hz(await synthesizer.render(SENTENCE))

    async def scene() -> None:
        pitch = {voice.kind: await pitch_hz(voice) for voice in SHIPPED}
        # Adults' ranges; the neutral voice lies where they meet.
        assert 85 < pitch["masculine"] < 135 < pitch["neutral"] < 165 < pitch["feminine"] < 255

    asyncio.run(scene())


def test_a_faster_pace_makes_a_shorter_sentence() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        normal = await synthesizer.render(SENTENCE)
        synthesizer.voice = replace(SAMANTHA, pace_wpm=260)
        assert len(await synthesizer.render(SENTENCE)) < 0.75 * len(normal)

    with_synthesizer(scene)


def test_no_sentence_of_many_comes_out_empty_or_in_the_old_pace() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        lengths: dict[int, list[int]] = {170: [], 260: []}
        for number in range(40):
            pace_wpm = 170 if number % 2 == 0 else 260
            synthesizer.voice = replace(SAMANTHA, pace_wpm=pace_wpm)
            lengths[pace_wpm].append(len(await synthesizer.render(SENTENCE + "!" * number)))
        assert max(lengths[260]) < 0.8 * min(lengths[170])
        assert min(lengths[260]) > 0.5 * max(lengths[260])

    with_synthesizer(scene)


def test_what_was_just_rendered_comes_back_at_once_and_the_same() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        first = await synthesizer.render(SENTENCE)
        signalled(synthesizer, signal.SIGSTOP)  # the worker cannot have been asked
        again = await synthesizer.render(SENTENCE)
        assert again is first
        assert not again.flags.writeable

    with_synthesizer(scene)


def test_the_same_sentence_in_another_voice_is_rendered_anew() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        samantha = await synthesizer.render(SENTENCE)
        synthesizer.voice = next(voice for voice in SHIPPED if voice.kind == "masculine")
        ansel = await synthesizer.render(SENTENCE)
        assert median_pitch_hz(ansel) < 0.75 * median_pitch_hz(samantha)

    with_synthesizer(scene)


def test_what_is_remembered_does_not_grow_without_end() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        first = await synthesizer.render("Number 0.")
        for number in range(1, 40):
            await synthesizer.render(f"Number {number}. {SENTENCE}")
        again = await synthesizer.render("Number 0.")
        assert again is not first

    with_synthesizer(scene)


def test_several_who_ask_at_once_all_get_their_own_sentence() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        texts = ["One.", SENTENCE, "One.", f"{SENTENCE} {SENTENCE}"]
        short, long, same, longer = await asyncio.gather(*map(synthesizer.render, texts))
        assert same is short
        assert len(short) < len(long) < len(longer)

    with_synthesizer(scene)


@pytest.mark.timeout(30)
def test_a_worker_killed_in_the_middle_of_a_sentence_loses_nothing() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        await synthesizer.warm()
        # Stopped, it cannot have answered before it is killed.
        signalled(synthesizer, signal.SIGSTOP)
        rendering = asyncio.create_task(synthesizer.render(SENTENCE))
        for _ in range(10):
            await asyncio.sleep(0)
        pid = signalled(synthesizer, signal.SIGKILL)
        assert len(await rendering) > 2 * MIX_HZ
        assert synthesizer.worker_pid != pid

    with_synthesizer(scene)


@pytest.mark.timeout(30)
def test_a_worker_that_hangs_is_replaced_and_the_sentence_arrives() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        await synthesizer.warm()
        pid = signalled(synthesizer, signal.SIGSTOP)
        assert len(await synthesizer.render(SENTENCE)) > 2 * MIX_HZ
        assert not is_alive(pid)

    with_synthesizer(scene)


def test_the_loop_goes_on_while_a_sentence_is_rendered() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        await synthesizer.warm()
        rendering = asyncio.create_task(synthesizer.render(SENTENCE * 4))
        turns = 0
        while not rendering.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 100

    with_synthesizer(scene)


def test_a_cancelled_sentence_leaves_the_worker_in_step_and_is_remembered() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        await synthesizer.warm()
        pid = signalled(synthesizer, signal.SIGSTOP)
        rendering = asyncio.create_task(synthesizer.render(SENTENCE))
        for _ in range(10):  # until the request is on its way
            await asyncio.sleep(0)
        rendering.cancel()
        signalled(synthesizer, signal.SIGCONT)
        assert len(await synthesizer.render("Yes.")) < MIX_HZ
        assert synthesizer.worker_pid == pid
        signalled(synthesizer, signal.SIGSTOP)  # so what comes now was rendered before
        assert len(await synthesizer.render(SENTENCE)) > 2 * MIX_HZ
        assert synthesizer.worker_pid == pid

    with_synthesizer(scene)


ODD_TEXTS = [
    *("", " ", "\n", "\x00", "\x00a\x00", "a\x00b", "\x1b[31mred\x1b[0m", "\x07\x08\x7f", "\ufeff"),
    *(
        "😀",
        "😀 hello 👩‍👩‍👧‍👦",
        "🇫🇷🇩🇪",
        "👋🏽",
        "\U0001f600" * 200,
        "\ud800",
        "a\udfffb",
        "\ufffe",
    ),
    *(
        ".",
        "...",
        "!?",
        "-",
        "—",
        "''",
        '"',
        "()",
        "[[",
        "[[h@'loU]]",
        "{}",
        "\\",
        "%s%n",
        "$",
        "&",
    ),
    *("<", "<speak>", "<audio src='/etc/passwd'/>", "</speak>", "&amp;", "<break time='10s'/>"),
    *("<!-- x", "<![CDATA[x]]>", "<voice name='x'>y</voice>", "{emphasis}", "\\n", "$(reboot)"),
    *(
        "Привет, мир",
        "世界",
        "こんにちは",
        "안녕하세요",
        "مرحبا",
        "שלום",
        "नमस्ते",
        "สวัสดี",
        "ქართული",
    ),
    *("áéíóú", "a\u0301" * 300, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "ﬁ", "ⅷ", "½", "²", "№", "™", "①", "𝔉𝔯𝔞𝔨𝔱𝔲𝔯"),
    *(
        "\u202ertl\u202c",
        "\u200b",
        "a\u200bb",
        "\u00a0",
        "\u2028",
        "\u2029",
        "\u0085",
        "\t",
        "\r\n",
    ),
    *("0", "-0", "1e999", "NaN", "1" * 400, "1,000,000,000,000,000", "00:00", "3.14.15.92", "#1"),
    *(
        "a",
        "I",
        "A.",
        "AAAA",
        "x" * 299,
        "x" * 300,
        "x" * 301,
        "x" * 3_000,
        "a " * 1_000,
        "zzz" * 99,
    ),
    *(
        "a," * 500,
        "a. " * 300,
        "http://",
        "http://x",
        "@",
        "a@b",
        "*",
        "**",
        "__init__",
        "~/.bashrc",
    ),
]


@pytest.mark.timeout(55)
def test_a_hundred_odd_texts_never_cost_a_worker() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        await synthesizer.warm()
        pid = synthesizer.worker_pid
        for text in ODD_TEXTS:
            assert np.isfinite(await synthesizer.render(text)).all(), text[:20]
        assert len(await synthesizer.render(SENTENCE)) > 2 * MIX_HZ
        assert synthesizer.worker_pid == pid

    assert len(ODD_TEXTS) >= 100
    with_synthesizer(scene)


@pytest.mark.timeout(55)
def test_sixteen_thousand_characters_are_rendered_to_their_end() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        await synthesizer.warm()
        pid = synthesizer.worker_pid
        samples = await synthesizer.render(("lorem " * 2_700)[:16_000])
        assert len(samples) > 300 * MIX_HZ
        assert synthesizer.worker_pid == pid

    with_synthesizer(scene, replace(SAMANTHA, pace_wpm=400))


def test_an_engine_voice_that_is_not_there_is_named() -> None:
    nobody = replace(SAMANTHA, linux=Platform(voices=("en-us+nobody", "nowhere")))

    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        with pytest.raises(VoiceError, match=r"none of the voices en-us\+nobody, nowhere"):
            await synthesizer.render(SENTENCE)

    with_synthesizer(scene, nobody)


def test_the_second_choice_speaks_where_the_first_is_not_installed() -> None:
    second = replace(SAMANTHA, linux=Platform(voices=("en-us+nobody", "en-us+f3")))

    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        assert median_pitch_hz(await synthesizer.render(SENTENCE)) > 165

    with_synthesizer(scene, second)


def test_closing_twice_ends_the_worker_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def scene() -> int:
        async with speaking() as synthesizer:
            await synthesizer.render(SENTENCE)
            assert list(tmp_path.iterdir())
            pid = synthesizer.worker_pid
            assert pid is not None
            await synthesizer.close()
        return pid

    assert not is_alive(asyncio.run(scene()))
    assert not list(tmp_path.iterdir())


def test_a_closed_voice_speaks_again_when_it_is_asked_to() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        await synthesizer.warm()
        await synthesizer.close()
        assert len(await synthesizer.render(SENTENCE)) > 2 * MIX_HZ

    with_synthesizer(scene)


def test_a_word_is_said_by_its_sounds() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        # The same sounds from letters and from phonemes; letters that have nothing to do with it.
        read = await synthesizer.render("metacritic")
        told = await synthesizer.pronounce("m|'E|t|@|k|r|I|t|I|k", "a much longer sentence")
        other = await synthesizer.pronounce("'eI", "a much longer sentence")
        assert len(told) == pytest.approx(len(read), rel=0.1)
        assert len(other) < 0.8 * len(told)

    with_synthesizer(scene)


def test_brackets_in_a_text_are_no_sounds() -> None:
    async def scene(synthesizer: Pyttsx3Synthesizer) -> None:
        plain = await synthesizer.render("h e l l o")
        bracketed = await synthesizer.render("[[h e l l o]]")
        assert len(bracketed) == len(plain)

    with_synthesizer(scene)
