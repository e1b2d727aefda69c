"""What was said about somebody becomes what is said to them, or is left as it was."""

import pytest

from skills.letter.detail import Detail, detail
from skills.letter.recipient import Recipient, recipient_of
from skills.letter.verbs import base_of, gerund_of


def given(who: str, said: str, **how: bool) -> Detail:
    found = detail(said, somebody(who), **how)
    assert found is not None
    return found


def somebody(who: str) -> Recipient:
    found = recipient_of(who)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("who", "said", "turned"),
    [
        ("catherine", "she fed my cat all winter", "you fed my cat all winter"),
        ("catherine", "She always makes me laugh", "you always make me laugh"),
        ("catherine", "she is the kindest person i know", "you are the kindest person I know"),
        ("catherine", "she was there when i was ill", "you were there when I was ill"),
        ("catherine", "she has a terrible singing voice", "you have a terrible singing voice"),
        ("catherine", "she does not give up", "you do not give up"),
        ("catherine", "she doesn't give up", "you don't give up"),
        ("catherine", "she wasn't afraid", "you weren't afraid"),
        ("catherine", "she carries the bags", "you carry the bags"),
        ("catherine", "she watches over us", "you watch over us"),
        ("catherine", "she goes her own way", "you go your own way"),
        ("catherine", "she misses the train every time", "you miss the train every time"),
        ("catherine", "she really listens", "you really listen"),
        ("catherine", "she makes soup and sings to the cat", "you make soup and sing to the cat"),
        ("catherine", "she feeds cats and dogs", "you feed cats and dogs"),
        (
            "catherine",
            "she carries the bags, feeds the dog and never complains",
            "you carry the bags, feed the dog and never complain",
        ),
        ("catherine", "she came back and was kind", "you came back and were kind"),
        ("catherine", "she's been kind", "you've been kind"),
        ("catherine", "she's tired of waiting", "you're tired of waiting"),
        ("catherine", "she'd stay up with me", "you'd stay up with me"),
        ("catherine", "i forgot her birthday", "I forgot your birthday"),
        ("catherine", "i told her everything", "I told you everything"),
        ("catherine", "i gave her flowers", "I gave you flowers"),
        ("catherine", "i lent her book to tom", "I lent your book to Tom"),
        ("catherine", "i saw her dance", "I saw you dance"),
        ("catherine", "i made her cry", "I made you cry"),
        ("catherine", "i love her", "I love you"),
        ("catherine", "the house was hers", "the house was yours"),
        ("catherine", "she did it herself", "you did it yourself"),
        ("catherine", "her laugh", "your laugh"),
        ("catherine", "the way she sings in the car", "the way you sing in the car"),
        ("catherine", "the one who stays is her", "the one who stays is you"),
        ("catherine", "catherine taught me to swim", "you taught me to swim"),
        ("catherine", "Catherine makes the best bread", "you make the best bread"),
        ("catherine", "i love catherine's soup on sundays", "I love your soup on Sundays"),
        ("catherine", "i gave catherine flowers", "I gave you flowers"),
        ("my brother", "he taught me to swim", "you taught me to swim"),
        ("my brother", "my brother carried me home", "you carried me home"),
        ("my brother", "i broke his guitar", "I broke your guitar"),
        ("my brother", "the fault was his", "the fault was yours"),
        ("my brother", "i never thanked him", "I never thanked you"),
        ("my brother", "she loved the lake", "she loved the lake"),
        ("mum and dad", "they drove all night", "you drove all night"),
        ("mum and dad", "they did it all themselves", "you did it all yourselves"),
        ("my parents", "their patience", "your patience"),
        ("my boss", "they gave me time", "you gave me time"),
        ("mum", "mum always kept the light on", "you always kept the light on"),
        ("my mother", "my mum knows every bird", "you know every bird"),
        ("my friend tom", "tom is never late", "you are never late"),
        ("the nurse", "she sat with dad and held his hand", "you sat with Dad and held his hand"),
        (
            "the nurse who looked after dad",
            "she sat with him and held his hand",
            "you sat with him and held his hand",
        ),
        ("catherine", "we walked to the lake in december", "we walked to the lake in December"),
        ("catherine", "tell her that i still have the coat", "I still have the coat"),
        ("catherine", "thank her for driving all night", "driving all night"),
        ("catherine", "taught me to swim", "you taught me to swim"),
        ("catherine", "You fed my cat", "you fed my cat"),
        ("catherine", "she fed Milo, my cat", "you fed Milo, my cat"),
    ],
)
def test_the_third_person_becomes_the_second(who: str, said: str, turned: str) -> None:
    assert given(who, said).text == turned


@pytest.mark.parametrize(
    ("who", "said", "kept"),
    [
        ("catherine", "she told her sister that she was proud", None),
        ("catherine", "my sister says she is brave", "My sister says she is brave."),
        ("alex", "she laughed and he cried", "She laughed and he cried."),
        ("my colleague", "the nurses said they were fine", "The nurses said they were fine."),
        ("catherine", "she gave up. she came back", None),
    ],
)
def test_what_can_be_read_in_two_ways_stays_a_sentence_of_its_own(
    who: str, said: str, kept: str | None
) -> None:
    found = given(who, said)
    assert found.kind == "said"
    assert found.sentence[0].isupper()
    assert found.sentence.endswith(".")
    assert kept is None or found.sentence == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("she always made tea for everyone", "she always made tea for everyone"),
        ("her mother taught me to sew", "your mother taught me to sew"),
        ("her laugh", "her laugh"),
        ("catherine's father built my desk", "your father built my desk"),
    ],
)
def test_in_a_letter_of_condolence_she_is_the_one_who_died(said: str, kept: str) -> None:
    assert given("catherine", said, of_another=True).text == kept


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("she fed my cat", "you"),
        ("i forgot her birthday", "i"),
        ("we walked to the lake", "we"),
        ("the dog still waits by the door", "other"),
        ("her laugh fills the house", "other"),
        ("her laugh", "thing"),
        ("the letter she sent", "thing"),
        ("how she hums", "thing"),
        ("feeding my cat", "doing"),
        ("shoulders", "said"),
    ],
)
def test_it_is_known_what_kind_of_words_a_detail_is(said: str, kind: str) -> None:
    assert given("catherine", said).kind == kind


@pytest.mark.parametrize(
    ("said", "gerund"),
    [
        ("she fed my cat all winter", "feeding my cat all winter"),
        ("she taught me to swim", "teaching me to swim"),
        ("she stayed and listened", "staying and listening"),
        ("she carried me home", "carrying me home"),
        ("she stopped and was kind", None),
        ("she had time for me", None),
        ("she is kind", None),
    ],
)
def test_what_somebody_did_can_follow_thank_you_for(said: str, gerund: str | None) -> None:
    assert given("catherine", said).gerund == gerund


def test_an_apology_takes_a_deed_without_a_name_for_the_writers_own() -> None:
    assert given("catherine", "forgot her birthday", mine=True).text == "I forgot your birthday"


@pytest.mark.parametrize("said", ["nothing", "no thanks", "Nothing really.", "i don't know", "  "])
def test_nothing_is_no_detail(said: str) -> None:
    assert detail(said, somebody("catherine")) is None


@pytest.mark.parametrize(
    ("verb", "base"), [("goes", "go"), ("tries", "try"), ("dies", "die"), ("fixes", "fix")]
)
def test_a_verb_loses_its_ending(verb: str, base: str) -> None:
    assert base_of(verb) == base


@pytest.mark.parametrize(
    ("past", "gerund"), [("agreed", "agreeing"), ("tried", "trying"), ("planned", "planning")]
)
def test_a_past_tense_becomes_a_gerund(past: str, gerund: str) -> None:
    assert gerund_of(past) == gerund
