"""The facts as data: complete, well formed, and told in more than one way."""

from collections import Counter

from skills.film import facts

SECTIONS = {
    "awards",
    "box office",
    "cast",
    "casting",
    "critical response",
    "development",
    "editing",
    "filming",
    "home media",
    "introduction",
    "look",
    "music",
    "plot",
    "recasting",
    "related works",
    "release",
    "top ten lists",
}
KINDS = {"about", "character", "critic", "how", "how long", "how many", "how much", "is", "person"}
KINDS |= {"ranker", "role", "what", "when", "where", "which", "who", "why", "work"}


def test_every_fact_has_two_wordings_that_are_its_own() -> None:
    sentences = Counter(said for fact in facts.known() for said in fact.said)
    assert [said for said, count in sentences.items() if count > 1] == []
    assert [fact.subject for fact in facts.known() if len(set(fact.said)) < 2] == []


def test_every_answer_is_short_and_whole() -> None:
    for said in (said for fact in facts.known() for said in fact.said):
        assert len(said) <= 150, said
        assert said[0].isupper() or said[0].isdigit(), said
        assert said[-1] == ".", said
        assert "  " not in said, said


def test_every_fact_names_its_section_and_the_questions_it_answers() -> None:
    for fact in facts.known():
        assert fact.section in SECTIONS, fact
        assert fact.asked, fact
        assert set(fact.asked) <= KINDS, fact


def test_every_cue_spreads_into_plain_words() -> None:
    for kind in KINDS:
        cues = [*facts.cues(kind), *facts.openings(kind), *facts.endings(kind)]
        assert [cue for cue in cues if not cue.strip() or set(cue) & set("()[]<>{}|…")] == []


def test_a_cue_seldom_asks_for_several_facts() -> None:
    """Only a publication with several critics may, and a question that leaves two readings."""
    several = [
        cue
        for kind in KINDS - {"ranker"}
        for cue in facts.cues(kind)
        if len(facts.find(kind, cue)) > 1
    ]
    assert several == ["samantha leave"]


def test_the_first_cue_of_every_fact_comes_before_the_others() -> None:
    asked = sum("when" in fact.asked for fact in facts.known())
    first = facts.cues("when")[:asked]
    told = {fact.said for cue in first for fact in facts.find("when", cue)}
    assert len(told) == asked


def test_a_cue_spreads_into_all_of_its_readings() -> None:
    assert facts.spread("[the] (cast|actors)") == ["the cast", "the actors", "cast", "actors"]
    assert "title of her" in facts.spread("title of <film>")
    assert "title of it" not in facts.spread("title of <this>")


def test_dates_are_written_as_they_are_read_aloud() -> None:
    assert facts.spoken_date("2013-10-12") == "October 12, 2013"
    assert facts.spoken_date("2013-08") == "August 2013"
    assert facts.spoken_date("the early 2000s") == "the early 2000s"
