"""How free speech is scored (`bench/dictation.py`)."""

import pytest

from bench.dictation import word_errors, words_of


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("how are you", "how are you", 0),
        ("how are you", "", 3),
        ("", "oh", 1),
        ("how are you", "how are they today", 2),
        ("tea or coffee", "your coffee", 2),
        ("a b c d", "b c d e", 2),
    ],
)
def test_errors_are_words_missed_added_or_taken_for_others(
    said: str, heard: str, errors: int
) -> None:
    assert word_errors(said.split(), heard.split()) == errors


def test_case_digits_and_titles_do_not_count_but_apostrophes_do() -> None:
    assert words_of("Mr. Jones has 2 dogs") == words_of("mister jones has two dogs")
    assert words_of("it's") != words_of("its")
