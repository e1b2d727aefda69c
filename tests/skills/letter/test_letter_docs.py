"""The letters in the documentation are the ones that the composer writes."""

import re
from pathlib import Path
from random import Random

import pytest

from skills.letter.compose import Facts, compose
from skills.letter.recipient import recipient_of, signature_of

PAGE = Path(__file__).parents[3] / "docs" / "letters.md"
LETTERS = re.findall(
    r"^`(.+) · (.+) · (.+) · (.+) · (\d+)`\n\n((?:>.*\n)+)", PAGE.read_text("utf-8"), re.MULTILINE
)


def test_the_page_shows_some_letters() -> None:
    assert len(LETTERS) >= 6


@pytest.mark.parametrize(("occasion", "who", "detail", "signature", "seed", "shown"), LETTERS)
def test_a_letter_on_the_page_is_unedited(
    occasion: str, who: str, detail: str, signature: str, seed: str, shown: str
) -> None:
    someone = recipient_of(who)
    assert someone is not None
    facts = Facts(someone, occasion, detail, signature_of(signature))
    text = re.sub(r"^> ?", "", shown, flags=re.MULTILINE).replace(",\\\n", ",\n")
    assert text == compose(facts, Random(int(seed))).text
