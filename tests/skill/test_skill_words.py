"""The words of skills: how they sound, and whether they can be heard."""

from pathlib import Path

import pytest

from os_sim import resources
from os_sim.asr.models.find import find
from os_sim.asr.vocabulary import Vocabulary, closest, missing, read_vocabulary, words_of
from os_sim.dialogue.known import all_sentences
from os_sim.errors import SkillError
from os_sim.nlu.words import normal
from os_sim.skill.loading import Shelf, load_shelf, load_skill, sentences_of

SKILL = """\
from typing import Annotated, Literal
from os_sim.skill import Context, Skill
skill = Skill("painter", summary="Knows painters")
names = skill.words("names", lambda: ["twombly", "agnes martin"])
@skill.intent("(who|what) is {name} [by {maker}]", "paint {any} for {minutes}")
async def tell(
    ctx: Context, name: Annotated[str, names] = "", maker: Literal["jonze"] | None = None,
    any: str = "", minutes: int = 0,
) -> None: ...
"""


def write(folder: Path, name: str, pronunciations: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "skill.py").write_text(SKILL.replace("painter", name), "utf-8")
    (folder / name / "pronunciations.toml").write_text(pronunciations, "utf-8")
    return folder / name


@pytest.fixture(scope="session")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    place = tmp_path_factory.mktemp("vocabulary")
    return read_vocabulary(find("", data_dir=place, cache_dir=place / "cache").path)


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return load_shelf(resources.shipped("skills"))


def test_a_skill_says_how_its_words_sound(tmp_path: Path) -> None:
    skill = load_skill(write(tmp_path, "painter", 'jonze = "JH OW N Z"\n'))
    assert skill.pronunciations == {"jonze": (("JH", "OW", "N", "Z"),)}


def test_of_two_skills_the_one_that_was_there_first_is_right(tmp_path: Path) -> None:
    write(tmp_path, "a", 'jonze = "JH OW N Z"\n')
    write(tmp_path, "b", 'jonze = "JH AA N Z"\nwiig = "W IH G"\n')
    found = load_shelf(tmp_path).pronunciations()
    assert found == {"jonze": (("JH", "OW", "N", "Z"),), "wiig": (("W", "IH", "G"),)}


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ('jonze = "JH OH N Z"\n', "painter/pronunciations.toml: jonze: 'OH' is no sound"),
        ("jonze\n", "painter/pronunciations.toml: not valid TOML"),
    ],
)
def test_a_wrong_pronunciation_is_told_with_its_place(
    damage: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(SkillError) as caught:
        load_skill(write(tmp_path, "painter", damage))
    assert told in str(caught.value)


def test_the_words_of_a_skill_are_those_of_its_sentences_and_lists(tmp_path: Path) -> None:
    skill = load_skill(write(tmp_path, "painter", ""))
    found = words_of(sentences_of(skill, intent) for intent in skill.intents)
    names = {"who", "what", "is", "twombly", "agnes", "martin", "by", "jonze", "paint", "for"}
    assert names <= found
    assert {"seven", "forty"} <= found  # of {minutes}


def test_every_word_of_the_shelf_can_be_heard(
    shelf: Shelf, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    """In the model's vocabulary, or with a pronunciation that it can be taught."""
    sentences = all_sentences(shelf)
    lacking = missing(words_of(sentences), vocabulary, shelf.pronunciations(), tmp_path)
    assert {"jonze", "metacritic"} <= {one.word for one in lacking}
    assert [one.word for one in lacking if not one.ways] == []


def test_every_name_in_the_facts_of_the_film_can_be_heard(
    shelf: Shelf, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    facts = load_facts()
    spoken = {word for name in facts for word in normal(name).split() if not word.isnumeric()}
    assert {"johansson", "twombly"} <= spoken
    lacking = missing(spoken, vocabulary, shelf.pronunciations(), tmp_path)
    assert [one.word for one in lacking if not one.ways] == []


def test_every_pronunciation_on_the_shelf_is_needed(shelf: Shelf, vocabulary: Vocabulary) -> None:
    spoken = words_of(all_sentences(shelf))
    assert shelf.pronunciations().keys() <= spoken - vocabulary.words


def test_the_closest_sounding_known_words_are_named(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (wiig,) = missing(["wiig"], vocabulary, {"wiig": [("W", "IH", "G")]}, tmp_path)
    assert {"whig", "wig"} & set(closest(wiig, vocabulary))
    (strange,) = missing(["jonezz4444"], vocabulary, {}, tmp_path)
    assert closest(strange, vocabulary)


def load_facts() -> list[str]:
    import json

    file = resources.shipped("skills") / "film" / "facts.json"
    facts = json.loads(file.read_text("utf-8"))
    return [*facts["names"], *(name for names in facts["names"].values() for name in names)]
