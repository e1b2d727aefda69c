"""How alike words sound."""

import random

import pytest

from os_sim.nlu.sounds import PHONES, VOWELS, Phones, distance, nearest

NAMES: dict[str, list[Phones]] = {
    "jones": [("JH", "OW", "N", "Z")],
    "johns": [("JH", "AA", "N", "Z")],
    "phones": [("F", "OW", "N", "Z")],
    "june": [("JH", "UW", "N")],
    "trombly": [("T", "R", "AA", "M", "B", "L", "IY")],
    "either": [("IY", "DH", "ER"), ("AY", "DH", "ER")],
}


def phones(text: str) -> Phones:
    return tuple(text.split())


def test_a_word_sounds_like_itself() -> None:
    assert distance(phones("T W AA M B L IY"), phones("T W AA M B L IY")) == 0


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("T D", "T NG"),
        ("P B", "P S"),
        ("S Z", "S K"),
        ("M N", "M CH"),
        ("IY IH", "IY AA"),
        ("AA AO", "AA UW"),
        ("EH AE", "EH OW"),
        ("AY EY", "AY UW"),
        ("ER R", "ER K"),
        ("L R", "L SH"),
    ],
)
def test_neighbours_are_taken_for_each_other_sooner(near: str, far: str) -> None:
    (one, neighbour), (_, stranger) = near.split(), far.split()
    assert 0 < distance((one,), (neighbour,)) < distance((one,), (stranger,))


def test_a_weak_vowel_is_lost_sooner_than_a_consonant() -> None:
    word = phones("S AH P OW Z")
    assert distance(word, phones("S P OW Z")) < distance(word, phones("S AH P OW"))


def test_it_is_as_far_there_as_back() -> None:
    order = random.Random(1)
    for _ in range(200):
        one, other = (tuple(order.choices(sorted(PHONES), k=order.randrange(8))) for _ in range(2))
        assert distance(one, other) == pytest.approx(distance(other, one))


def test_no_phone_is_nearer_to_another_than_to_itself() -> None:
    for one in PHONES:
        apart = {other: distance((one,), (other,)) for other in PHONES}
        assert min(apart, key=lambda other: apart[other]) == one
        assert all(0 < cost <= 2 for other, cost in apart.items() if other != one)


def test_a_vowel_is_no_consonant() -> None:
    for vowel in VOWELS - {"ER", "IY", "UW"}:  # which glides and r come near
        for consonant in PHONES - VOWELS:
            assert distance((vowel,), (consonant,)) >= 1


def test_all_of_a_word_may_be_missing() -> None:
    assert distance((), ()) == 0
    assert distance((), phones("T UW")) == distance(phones("T UW"), ()) == 2


def test_what_is_no_phone_is_refused() -> None:
    with pytest.raises(KeyError):
        distance(phones("T UW"), phones("T ÜÜ"))


def test_the_closest_sounding_names_come_first() -> None:
    found = nearest(phones("JH OW N Z"), NAMES)
    assert [name for name, _ in found] == ["jones", "johns", "phones"]
    assert found[0][1] == 0
    assert [cost for _, cost in found] == sorted(cost for _, cost in found)


def test_every_pronunciation_of_a_name_counts() -> None:
    assert nearest(phones("AY DH ER"), NAMES, 1) == [("either", 0.0)]
    assert nearest(phones("IY DH ER"), NAMES, 1) == [("either", 0.0)]


def test_nothing_is_found_further_away_than_asked_for() -> None:
    assert nearest(phones("JH OW N Z"), NAMES, 5, within=0.1) == [("jones", 0.0)]
    assert nearest(phones("SH EH L F"), NAMES, 5, within=0.5) == []
    assert nearest(phones("SH EH L F"), {}, 5) == []


def test_the_quick_search_finds_what_a_slow_one_does() -> None:
    order = random.Random(2)
    phonemes = sorted(PHONES)

    def word() -> Phones:
        return tuple(order.choices(phonemes, k=order.randrange(1, 7)))

    names = {f"name {number:03}": [word(), word()] for number in range(300)}
    for _ in range(20):
        sounds = word()
        slow = sorted(
            (min(distance(sounds, way) for way in ways), name) for name, ways in names.items()
        )
        quick = nearest(sounds, names, 5)
        assert [name for name, _ in quick] == [name for _, name in slow[:5]]
        assert [cost for _, cost in quick] == pytest.approx([cost for cost, _ in slow[:5]])
