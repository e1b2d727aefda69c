"""How words sound that the model does not know."""

from pathlib import Path

import pytest

from os_sim.asr.pronunciation import (
    guesses,
    is_readable,
    letters_to_phonemes,
    pronunciations,
    spelled,
    spells,
)
from os_sim.asr.pronunciation_espeak import phonemes_of, pronunciations_of
from os_sim.asr.respelling import respelled
from os_sim.nlu.sounds import PHONES, Phones

CMUDICT = Path(__file__).parents[1] / "data" / "cmudict-sample.txt"
CACHE = Path("sounds/letters.json")


def phones(text: str) -> Phones:
    return tuple(text.split())


@pytest.mark.parametrize(
    ("phonemes", "expected"),
    [
        ("s p 'aI k", "S P AY K"),
        ("dZ '0 n z", "JH AA N Z"),
        ("l 'I t# @L", "L IH T AH L"),  # flapped, and a syllable of its own
        ("b 'V ? n-", "B AH T AH N"),
        ("w 'O: t# 3", "W AO T ER"),
        ("n 'i@3", "N IH R"),
        ("'e@ r @ n", "EH R AH N"),  # the vowel has the r already
        ("h 'VR r i", ""),  # no sound of American English
        ("n j 'u:", "N UW"),
        ("m j 'u: z I k", "M Y UW Z IH K"),
        (",O: d I2 ; @ n s", "AO D IY AH N S"),
        ("f 'aI3", "F AY ER"),
        ("'i@ r @", "IH R AH"),
        ("", ""),
        (", ' %", ""),
    ],
)
def test_espeak_phonemes_are_made_into_those_of_the_dictionary(
    phonemes: str, expected: str
) -> None:
    assert [" ".join(way) for way in pronunciations_of(phonemes)][:1] == (
        [expected] if expected else []
    )


def test_accents_differ_in_weak_vowels_in_cot_and_in_foreign_names() -> None:
    assert pronunciations_of("b I# l 'i: v") == (phones("B IH L IY V"), phones("B AH L IY V"))
    assert phones("K AO T") in pronunciations_of("k '0 t")
    assert phones("M AA R IY AA N OW") in pronunciations_of("m a r I2 ; 'aa n oU")
    assert pronunciations_of("s t 'Q p") == ()


def test_a_word_has_at_most_four_pronunciations(tmp_path: Path) -> None:
    found = guesses(["gandolfini", "kawauchi", "believable", "hippopotamus"], tmp_path)
    assert all(1 <= len(ways) <= 4 for ways in found.values())
    assert all(set(phone) <= PHONES for ways in found.values() for phone in ways)


def test_words_of_the_dictionary_are_read_much_as_it_has_them(tmp_path: Path) -> None:
    """bench/pronunciation.py has the figures; here only what must not get worse."""
    known: dict[str, list[Phones]] = {}
    for line in CMUDICT.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            word, *way = line.split()
            known.setdefault(word, []).append(tuple(way))
    found = guesses(known, tmp_path)
    assert found.keys() == known.keys()
    right = sum(not set(known[word]).isdisjoint(found[word]) for word in known)
    assert right > 0.6 * len(known)


@pytest.mark.parametrize("word", ["twombly", "o'neill", "zoë", "r2d2", "mr.", "häagen"])
def test_a_word_in_latin_letters_can_be_read(word: str, tmp_path: Path) -> None:
    assert is_readable(word)
    assert guesses([word], tmp_path)[word]


@pytest.mark.parametrize(
    "word",
    ["", "42", "🙂", "привет", "東京", "a b", "a\nb", "a\0b", "x" * 41, "<s>", "[unk]", "#0"],
)
def test_what_is_no_word_in_latin_letters_has_no_pronunciation(word: str, tmp_path: Path) -> None:
    assert not is_readable(word)
    assert pronunciations([word], {}, tmp_path) == {}


def test_what_somebody_has_said_is_not_guessed(tmp_path: Path) -> None:
    given = {"jonze": (phones("JH OW N Z"),), "spike": ()}
    found = pronunciations(["jonze", "spike", "42"], given, tmp_path)
    assert found == {"jonze": (phones("JH OW N Z"),), "spike": (phones("S P AY K"),)}
    assert list(found) == ["jonze", "spike"]


def test_a_word_is_read_only_once(tmp_path: Path) -> None:
    guesses(["spike"], tmp_path)
    cache = tmp_path / CACHE
    cache.write_text(cache.read_text("utf-8").replace("s p 'aI k", "b 'aI k"), "utf-8")
    assert guesses(["spike"], tmp_path) == {"spike": (phones("B AY K"),)}
    assert guesses(["spike", "moon"], tmp_path)["spike"] == (phones("B AY K"),)
    assert guesses(["moon"], tmp_path) == {"moon": (phones("M UW N"),)}


@pytest.mark.parametrize("damage", ["", "{", "[]", '"spike"', '{"spike": 3}', "\0\udcff"])
def test_a_damaged_cache_is_made_anew(damage: str, tmp_path: Path) -> None:
    guesses(["spike"], tmp_path)
    (tmp_path / CACHE).write_text(damage, "utf-8", "surrogateescape")
    found = guesses(["spike", "moon"], tmp_path)
    assert found["moon"] == (phones("M UW N"),)
    if "3" not in damage:
        assert found["spike"] == (phones("S P AY K"),)


def test_a_cache_that_cannot_be_written_is_gone_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert guesses(["spike"], tmp_path / "file") == {"spike": (phones("S P AY K"),)}


def test_thousands_of_words_are_read_at_once() -> None:
    words = [f"{one}{two}ton" for one in "bcdfghklmnprst" for two in map(chr, range(97, 123))] * 20
    assert len(letters_to_phonemes(words)) == len(set(words))


def test_a_new_word_is_spelled_by_where_its_phones_stand() -> None:
    assert " ".join(spelled(phones("T W AA M B L IY"))) == "~T_B ~W_I ~AA_I ~M_I ~B_I ~L_I ~IY_E"
    assert spelled(phones("AH N")) == ("~AH_B", "~N_E")
    assert spelled(phones("EY")) == ("~EY_S",)


def test_a_model_can_be_taught_if_it_knows_every_phone_in_every_place() -> None:
    labels = {f"~{phone}_{place}" for phone in PHONES for place in "BIES"}
    assert spells(labels)
    assert not spells(labels - {"~ZH_S"})
    assert not spells({"the", "moon"})


def test_sounds_are_told_to_espeak_in_its_own_notation() -> None:
    assert phonemes_of(phones("T W AA M B L IY")) == "t|w|'A:|m|b|l|i:"
    assert phonemes_of(phones("S AH P OW Z")) == "s|@|p|'oU|z"
    assert phonemes_of(phones("HH AH T")) == "h|'V|t"
    for phone in PHONES:
        said = phonemes_of((phone,)).lstrip("'")
        assert pronunciations_of(said)[0] == (phone,), phone


@pytest.mark.parametrize(
    ("sounds", "readable"),
    [
        ("T W AA M B L IY", "twahm-blee"),
        ("JH OW N Z", "johnz"),
        ("M EH T AH K R IH T IH K", "met-uh-krit-ik"),
        ("OW N IY L", "oh-neel"),
        ("S T R EH NG TH S", "strengths"),
    ],
)
def test_sounds_are_shown_so_that_anybody_can_read_them(sounds: str, readable: str) -> None:
    assert respelled(phones(sounds)) == readable
