"""What holds for every letter, whatever the occasion and the seed."""

import re
from functools import cache
from itertools import combinations
from random import Random
from statistics import mean

import pytest

from skills.letter.compose import Facts, Letter, compose
from skills.letter.occasions import load
from skills.letter.phrasing import capitalised, count, pick, sentences, slots
from skills.letter.recipient import Recipient, recipient_of
from skills.letter.rules import MOST_WORDS, cliches_in, faults
from skills.letter.words import ERRANDS, KINDS, MESSAGES, answers

OCCASIONS = sorted(set(KINDS.values()))
SEEDS = range(40)
DETAILS = (
    "she fed my cat all winter",
    "i forgot her birthday",
    "we walked to the lake",
    "her laugh",
    "feeding my cat",
    "the dog still waits by the door",
    "she told her sister that she was proud",
    None,
)
NUMBERS = re.compile(r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|hundred|twice)\b", re.I)
KNOWN_SLOTS = {"name", "detail", "Detail", "past", "gerund", "sentence"}


def to(who: str = "catherine") -> Recipient:
    someone = recipient_of(who)
    assert someone is not None
    return someone


@cache
def letters(occasion: str) -> list[Letter]:
    return [
        compose(Facts(to(), occasion, DETAILS[seed % len(DETAILS)], "Theo"), Random(seed))
        for seed in SEEDS
    ]


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_every_fact_is_in_the_letter(occasion: str) -> None:
    for seed, letter in zip(SEEDS, letters(occasion), strict=True):
        assert letter.text.startswith("Dear Catherine,\n\n")
        assert letter.text.endswith(",\nTheo\n")
        words = {
            "she fed my cat all winter": "my cat all winter",
            "i forgot her birthday": "orgot",
            "we walked to the lake": "e walked to the lake",
            "her laugh": " laugh",
            "feeding my cat": "eeding my cat",
            "the dog still waits by the door": "he dog still waits by the door",
            "she told her sister that she was proud": "he told her sister that she was proud",
            None: "",
        }[DETAILS[seed % len(DETAILS)]]
        assert words in letter.text


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_no_letter_has_a_fault(occasion: str) -> None:
    for letter in letters(occasion):
        assert faults(letter.own_sentences) == []


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_nothing_is_left_open_or_doubled(occasion: str) -> None:
    for letter in letters(occasion):
        assert not re.search(r"[{}\[\]()<>|]|  | [,.;:!?]|[,.;:]{2}|\bthe the\b", letter.text)
        said = [one for part in letter.paragraphs for one in sentences(part)]
        assert len(said) == len(set(said))
        assert all(one[0].isupper() for one in said)


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_no_name_and_no_number_is_invented(occasion: str) -> None:
    for letter in letters(occasion):
        body = " ".join(letter.paragraphs)
        inside = re.findall(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w']*", body)
        assert {word for word in inside if word.partition("'")[0] != "I"} <= {"Catherine"}
        assert not NUMBERS.search(body)


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_a_letter_has_three_or_four_paragraphs_and_a_hundred_to_180_words(occasion: str) -> None:
    for letter in letters(occasion):
        assert 3 <= len(letter.paragraphs) <= 4
        assert 100 <= len(letter.text.split()) <= 180


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_another_draft_shares_no_sentence_with_the_one_before(occasion: str) -> None:
    facts = Facts(to(), occasion, "she fed my cat all winter", "Theo")
    for seed in range(10):
        first = compose(facts, Random(seed))
        second = compose(facts, Random(seed), first.own_sentences)
        assert not set(first.own_sentences) & set(second.own_sentences)


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_letters_of_different_seeds_share_few_sentences(occasion: str) -> None:
    facts = Facts(to(), occasion, "she fed my cat all winter", "Theo")
    said = [set(compose(facts, Random(seed)).own_sentences) for seed in range(50)]
    shared = mean(len(one & other) / len(one) for one, other in combinations(said, 2))
    assert shared < 0.05


def test_the_same_seed_gives_the_same_letter() -> None:
    facts = Facts(to("my sister"), "love", "her laugh", "Theo")
    assert compose(facts, Random(7)) == compose(facts, Random(7))


def test_without_a_signature_the_letter_ends_with_its_closing() -> None:
    letter = compose(Facts(to(), "gratitude"), Random(1))
    assert letter.text.endswith(f"\n\n{letter.closing}.\n")


def test_a_birthday_letter_calls_nobody_by_a_name_it_does_not_know() -> None:
    for seed in SEEDS:
        assert (
            "Happy birthday, " not in compose(Facts(to("my boss"), "birthday"), Random(seed)).text
        )


def test_a_doctor_is_not_sent_love() -> None:
    for seed in SEEDS:
        letter = compose(Facts(to("my doctor"), "gratitude"), Random(seed))
        assert "love" not in letter.closing.lower()


def test_a_long_detail_is_kept_whole() -> None:
    told = "she " + "walked with me " * 200 + "home"
    letter = compose(Facts(to(), "gratitude", told, "Theo"), Random(1))
    assert told.removeprefix("she ") in letter.text


def test_brackets_in_what_the_user_says_stay_what_they_are() -> None:
    letter = compose(Facts(to(), "love", "she said {name} (twice) [sic]", "Theo"), Random(1))
    assert "ou said {name} (twice) [sic]" in letter.text


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_every_way_parses_and_asks_only_for_known_facts(occasion: str) -> None:
    kind = load(occasion)
    for way in (way for ways in (*kind.moves.values(), *kind.frames.values()) for way in ways):
        assert count(way) >= 1
        assert slots(way) <= KNOWN_SLOTS
        assert not cliches_in(pick(way, Random(1)))


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_every_move_can_be_made_in_many_ways(occasion: str) -> None:
    kind = load(occasion)
    for move, ways in kind.moves.items():
        assert sum(count(way) for way in ways) >= 16, move
    assert set(kind.frames) >= {"clause", "doing", "thing", "said"}


def test_every_word_for_an_occasion_leads_to_one_that_exists() -> None:
    named = {*KINDS.values(), *ERRANDS.values(), *MESSAGES.values(), *answers().values()}
    assert named == set(OCCASIONS)
    assert len(named) >= 11


def test_a_rule_finds_what_is_wrong_with_a_letter() -> None:
    filler = [capitalised(f"{word} " * 24) + "." for word in ("rain", "snow", "wind", "sun")]
    assert faults(filler) == []
    assert faults(["Ask Mary about it.", *filler]) == ["invents 'Mary'"]
    assert faults(["It was two days.", *filler]) == ["invents 'two'"]
    assert faults(["It means the world to me.", *filler]) == ["is worn: means the world"]
    assert faults(["So it is.", "So it was again.", *filler]) == ["repeats itself: so it"]
    assert faults(filler, avoid=filler[:1]) == [f"said in an earlier draft: {filler[0]}"]
    assert faults(["Short."])[0].startswith("1 words")
    assert faults([*filler, "more " * MOST_WORDS])[0].startswith("261 words")
