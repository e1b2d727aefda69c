"""Texts cut into sentences, and written signs turned into words."""

import pytest

from os_sim.tts.sentences import MAX_SENTENCE_CHARS, speakable, split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rains. It pours.", ["It rains.", "It pours."]),
        ("Really? Yes! Well…", ["Really?", "Yes!", "Well…"]),
        ("Mr. Finch met Dr. Osei. They talked.", ["Mr. Finch met Dr. Osei.", "They talked."]),
        ("It was J. R. Finch who rang.", ["It was J. R. Finch who rang."]),
        ("It took 3.5 hours. Then it stopped.", ["It took 3.5 hours.", "Then it stopped."]),
        ("Bring fruit, e.g. pears. Or figs.", ["Bring fruit, e.g. pears.", "Or figs."]),
        ("We left at 5 p.m. Nobody saw us.", ["We left at 5 p.m.", "Nobody saw us."]),
        ("We left at 5 p.m. on Sunday.", ["We left at 5 p.m. on Sunday."]),
        ("So do I. Do you?", ["So do I.", "Do you?"]),
        ("“Stay.” She stayed.", ["“Stay.”", "She stayed."]),
        ("“Why?” she said.", ["“Why?” she said."]),
        ("One line\nof prose. Done.", ["One line of prose.", "Done."]),
        ("A title\n\nThe text.", ["A title", "The text."]),
        ("- pears\n- figs", ["- pears", "- figs"]),
        ("no stop at all", ["no stop at all"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_a_text_is_cut_where_its_sentences_end(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    clause = "and then the river came round the bend, "
    parts = split_sentences(clause * 20)
    assert all(part.endswith("bend,") for part in parts)
    assert " ".join(parts) == (clause * 20).strip()


@pytest.mark.parametrize("text", ["word " * 500, "x" * 2_000, ", " * 2_000 + "x"])
def test_no_part_is_too_long_and_none_is_lost(text: str) -> None:
    parts = split_sentences(text)
    assert max(map(len, parts)) <= MAX_SENTENCE_CHARS
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It made $23 million.", "It made 23 million dollars."),
        ("It made $1.2 billion.", "It made 1.2 billion dollars."),
        ("A ticket is $1, a seat $48.50.", "A ticket is 1 dollar, a seat 48 dollars 50."),
        ("£5 or €7.", "5 pounds or 7 euros."),
        ("94% of 1,234,567", "94 percent of 1234567"),
        ("20°C outside", "20 degrees Celsius outside"),
        ("from 2013–2014", "from 2013 to 2014"),
        ("bread & butter", "bread and butter"),
        ("wait — listen", "wait, listen"),
        ("Well... no", "Well. no"),
        ("“Don’t,” he said", "Don't, he said"),
        ("'no', the dogs' home", "no, the dogs home"),
        ("**very** _much_ `so`", "very much so"),
        ("# A heading", "A heading"),
        ("see [the map](https://example.org/m)", "see the map"),
        ("https://www.example.org/a/b?c=d", "example.org"),
        ("ann@example.org", "ann at example.org"),
        ("tea and/or milk", "tea and or milk"),
        ("e.g. this, i.e. that", "for example this, that is that"),
        ("issue #7", "issue number 7"),
        ("<b>bold</b>", "b bold b"),
        ("hello 👋🏽 there", "hello there"),
        ("tab\there\x07\x00", "tab here"),
        ("what?!", "what?"),
        ("😀 … !?", ""),
        ("\ud800", ""),
    ],
)
def test_signs_are_said_as_people_say_them(written: str, spoken: str) -> None:
    assert speakable(written) == spoken


def test_other_scripts_are_left_to_the_engine() -> None:
    assert speakable("Привет, 世界 — naïve") == "Привет, 世界, naïve"


def test_what_is_speakable_stays_as_it_is() -> None:
    once = speakable("“It’s $5 — or 7%,” she said… & left.")
    assert speakable(once) == once
