"""Finding skills, loading them, and what is said of one that cannot be loaded."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from os_sim.errors import SkillError
from os_sim.skill.catalogue import check, write_skill
from os_sim.skill.loading import load_shelf, load_skill
from os_sim.testing import Conversation

GOOD = """\
from os_sim.skill import Context, Skill
skill = Skill("NAME", summary="Says hello")
@skill.intent("hello NAME")
async def hello(ctx: Context) -> None:
    await ctx.say("Hello from NAME.")
"""


def write(folder: Path, name: str, source: str, parts: Mapping[str, str] | None = None) -> Path:
    path = folder / name
    path.mkdir(parents=True)
    (path / "skill.py").write_text(dedent(source).replace("NAME", name))
    for part, text in (parts or {}).items():
        (path / part).write_text(text)
    return path


FAULTS = {
    "syntax error": ("x = 1\nprint((\n", "cup/skill.py:2: SyntaxError: '(' was never closed"),
    "import error": ("import not_there\n", "cup/skill.py:1: ModuleNotFoundError: No module"),
    "raises": ("x = 1\n1 / 0\n", "cup/skill.py:2: ZeroDivisionError: division by zero"),
    "exits": ("import sys\nsys.exit(2)\n", "cup/skill.py:2: SystemExit: 2"),
    "recurses": ("def f():\n    f()\nf()\n", "cup/skill.py:2: RecursionError"),
    "no skill": ("x = 1\n", "cup/skill.py: there is no 'skill = Skill(…)' in it"),
    "another kind of skill": ("skill = 'coffee'\n", "cup/skill.py: there is no 'skill = Skill(…)'"),
    "no intent": (
        "from os_sim.skill import Skill\nskill = Skill('cup', summary='Empty')\n",
        "cup/skill.py: the skill 'cup' has no intent; add @skill.intent(…)",
    ),
    "broken template": (
        GOOD.replace("hello NAME", "hello ("),
        "cup/skill.py:3: template 'hello (', column 7: the '(' is never closed",
    ),
    "broken part": ("from . import part\n", "cup/part.py:2: NameError: name 'nonsense'"),
    "part that does not parse": ("from . import worse\n", "cup/worse.py:1: SyntaxError"),
    "part that is missing": ("from . import nowhere\n", "cup/skill.py:1: ImportError"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_skill_that_cannot_be_loaded_is_told_in_one_line_with_its_place(
    tmp_path: Path, fault: str
) -> None:
    source, message = FAULTS[fault]
    path = write(tmp_path, "cup", source, {"part.py": "x = 1\nnonsense\n", "worse.py": "(("})
    with pytest.raises(SkillError) as caught:
        load_skill(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert check(path) == [str(caught.value)]


def test_a_folder_without_a_skill_is_told_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SkillError, match=r"there is no skill\.py in it; 'os-sim skills new NAME'"):
        load_skill(tmp_path)


def test_a_broken_skill_does_not_keep_the_others_from_loading(tmp_path: Path) -> None:
    write(tmp_path, "good", GOOD)
    write(tmp_path, "bad", "1 / 0\n")
    write(tmp_path, "worse", "raise SystemExit\n")
    shelf = load_shelf(tmp_path)
    assert list(shelf.skills) == ["good"]
    assert [str(problem).partition(" ")[0] for problem in shelf.problems] == [
        "bad/skill.py:1:",
        "worse/skill.py:1:",
    ]


def test_a_skill_that_is_off_is_not_even_imported(tmp_path: Path) -> None:
    write(tmp_path, "good", GOOD)
    write(tmp_path, "bad", "1 / 0\n")
    assert load_shelf(tmp_path, off=["bad"]).problems == []


def test_the_second_skill_of_a_name_is_reported_and_the_first_stays(tmp_path: Path) -> None:
    write(tmp_path / "shelf", "twin", GOOD)
    write(tmp_path / "own", "other", GOOD.replace("NAME", "twin"))
    shelf = load_shelf(tmp_path / "shelf", tmp_path / "own")
    assert [str(problem) for problem in shelf.problems] == [
        "skill.py:3: there is a skill 'twin' already; rename this one"
    ]
    assert list(shelf.skills) == ["twin"]


def test_a_sentence_of_two_skills_is_reported_and_the_first_keeps_it(tmp_path: Path) -> None:
    write(tmp_path / "shelf", "first", GOOD.replace("hello NAME", "good (morning|day)"))
    write(tmp_path / "own", "second", GOOD.replace("hello NAME", "[a] good day [to you]"))
    shelf = load_shelf(tmp_path / "shelf", tmp_path / "own")
    (problem,) = shelf.problems
    assert "'good day' is also a sentence of the skill 'first', which keeps it" in str(problem)
    with Conversation(tmp_path / "shelf" / "first", tmp_path / "own" / "second") as talk:
        assert talk.hear("good day").said == ["Hello from first."]
        assert talk.hear("a good day to you").said == ["Hello from second."]


LISTS = """\
from typing import Annotated
from os_sim.skill import Context, Skill
skill = Skill("NAME", summary="Calls people")
def load():
    FAULT
people = skill.words("people", load)
@skill.intent("call {who}", "call nobody")
async def call(ctx: Context, who: Annotated[str, people] = "nobody") -> None:
    await ctx.say(f"Calling {who}.")
"""


@pytest.mark.parametrize("fault", ["raise OSError('no book')", "return 5", "raise SystemExit"])
def test_a_word_list_that_fails_is_reported_and_the_other_sentences_work(
    tmp_path: Path, fault: str
) -> None:
    path = write(tmp_path, "phone", LISTS.replace("FAULT", fault))
    (problem,) = load_shelf(tmp_path / "none", tmp_path).problems
    assert "the skill 'phone': the word list 'people' failed" in str(problem)
    assert any("the word list 'people' failed" in fault for fault in check(path))
    with Conversation(path) as talk:
        assert talk.hear("call nobody").said == ["Calling nobody."]
        assert len(talk.hear("call Anna").said) == 1


def test_a_skill_imports_its_own_parts(tmp_path: Path) -> None:
    source = "from .words import HELLO\nfrom . import words\n" + GOOD.replace(
        '"Hello from NAME."', "HELLO + words.END"
    )
    path = write(tmp_path, "cup", source, {"words.py": "HELLO = 'Hi'\nEND = '!'\n"})
    with Conversation(path) as talk:
        assert talk.hear("hello cup").said == ["Hi!"]


def test_two_folders_of_one_name_do_not_share_their_parts(tmp_path: Path) -> None:
    source = "from .words import HELLO\n" + GOOD.replace('"Hello from NAME."', "HELLO")
    for home in ("a", "b"):
        path = write(tmp_path / home, "cup", source, {"words.py": f"HELLO = 'From {home}.'\n"})
        with Conversation(path) as talk:
            assert talk.hear("hello cup").said == [f"From {home}."]


def test_a_skill_comes_with_an_installed_package(tmp_path: Path) -> None:
    (tmp_path / "teapot").mkdir()
    (tmp_path / "teapot" / "__init__.py").write_text(GOOD.replace("NAME", "teapot"))
    (tmp_path / "cracked.py").write_text("x = 1\nraise ValueError('cracked')\n")
    info = tmp_path / "teapot-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: teapot\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[os_sim.skills]\nteapot = teapot:skill\ncracked = cracked\nwhole = teapot\n"
    )
    code = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from os_sim.skill.loading import load_shelf
shelf = load_shelf(Path(sys.argv[1]) / "none")
print(*shelf.skills)
print(*shelf.problems, sep="\\n")
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    names, *problems = done.stdout.splitlines()
    assert names == "teapot"
    assert sorted(problems) == [
        "__init__.py:3: there is a skill 'teapot' already; rename this one",
        "the package behind 'cracked': ValueError: cracked",
    ]


def test_a_new_skill_passes_its_own_tests_and_the_check(tmp_path: Path) -> None:
    path = write_skill("my_list", tmp_path)
    assert check(path) == []
    assert check(path / "skill.py") == []
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)],
        cwd=path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", ["", "My_list", "1st", "a-b", "a b", "../up", "class", "ümlaut", "film", "a.b", "x\n"]
)
def test_a_name_that_is_no_name_is_refused_and_nothing_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(Exception, match=r"is no name for a skill|on the shelf already"):
        write_skill(name, tmp_path / "skills")
    assert not (tmp_path / "skills").exists()


def test_a_skill_that_exists_is_not_written_over(tmp_path: Path) -> None:
    write(tmp_path, "cup", GOOD)
    with pytest.raises(Exception, match="exists already; choose another name or remove it"):
        write_skill("cup", tmp_path)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("Says hello", ""), "the summary should be one short sentence"),
        (("Says hello", "word " * 30), "the summary should be one short sentence"),
        (
            ('summary="Says hello"', 'summary="Hi", examples=("hello there",)'),
            "the example 'hello there' is not one of the skill's sentences",
        ),
        (("hello NAME", "good night"), "'good night' is also a sentence of the skill 'house'"),
        (('Skill("NAME"', 'Skill("house"'), "there is a skill 'house' on the shelf already"),
        (("", ""), "there is no conversations/*.txt; write down how it should talk"),
    ],
)
def test_check_finds_what_is_wrong_with_a_skill(
    tmp_path: Path, change: tuple[str, str], fault: str
) -> None:
    path = write(tmp_path, "cup", GOOD.replace(*change) if change[0] else GOOD)
    assert any(fault in found for found in check(path)), check(path)


def test_check_does_not_take_a_skill_of_the_shelf_for_a_twin_of_itself() -> None:
    from os_sim import resources

    folder = resources.shipped("skills") / "letter"
    assert check(folder) == check(folder / "skill.py") == []
