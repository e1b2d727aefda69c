"""What was said about somebody, turned into what is said to them.

    she fed my cat all winter      ->  you fed my cat all winter
    he always makes me laugh       ->  you always make me laugh
    i forgot her birthday          ->  I forgot your birthday

English marks the second person in three places: the pronoun, its possessive and reflexive, and
the verb of the present tense.  Where it is not certain who is meant, or what is a verb, nothing
is turned: `to_second_person` then gives None, and the words stay the user's own.
"""

import re

from .names import given_names, relations
from .recipient import Recipient
from .verbs import (
    ADVERBS,
    AGREEING,
    BARE,
    BARE_AFTER,
    NOUN_OR_VERB,
    PARTICIPLE_OR_ADJECTIVE,
    VERBS,
    base_of,
    is_participle,
)

_PIECE = re.compile(r"[\w'’-]+|[^\w\s]|\s+")
_SUBJECTS = {"f": "she", "m": "he", "p": "they"}
_FORMS = {
    "f": {"she", "her", "hers", "herself", "she's", "she'd", "she'll"},
    "m": {"he", "him", "his", "himself", "he's", "he'd", "he'll"},
    "p": {
        "they",
        "them",
        "their",
        "theirs",
        "themselves",
        "they're",
        "they've",
        "they'd",
        "they'll",
    },
}
_CLAUSE_STARTS = frozenset(
    "and but or because that when while if so since after before how where why way until as "
    "though although day time moment , ; : whenever what whatever once".split()
)
_OTHER_SUBJECTS = frozenset("i we it who that which he she they you".split())
_NOT_POSSESSED = frozenset(
    """a an the my your his its our their this that these those i we you he she they it me us him
    them and or but because when while if so then than as to for with at in on of by from about
    into over up down out off away back home here there again too very so much more most everything
    nothing something anything every each all some any no not never always still often really
    yesterday today tonight tomorrow last once ever alone first how what where who why which until
    through during after before since without good sorry goodbye well badly twice like""".split()
)
_GIVING = frozenset(
    "gave give giving bought buy owe owed lent lend sent send brought bring told tell showed show "
    "taught teach promised promise offered offer cooked cook made make wrote write".split()
)
_PEOPLE = frozenset("people kids children nurses doctors neighbours neighbors friends team".split())


def to_second_person(said: str, recipient: Recipient) -> str | None:
    """`said`, addressed to the recipient; None where that is not safe."""
    words = _Words(said)
    gender = _meant(words, recipient)
    words.name_as_you(recipient)
    if gender is None:
        return words.text() if words.settled else None
    if gender == "?" or words.someone_else(gender, recipient):
        return None
    words.turn(gender, recipient)
    return words.text() if words.settled else None


def _meant(words: "_Words", recipient: Recipient) -> str | None:
    """Which pronouns mean the recipient: f, m or p; None if none do; "?" if that is unclear."""
    present = {gender for gender, forms in _FORMS.items() if words.lower_set & forms}
    own = () if recipient.name else recipient.title.lower().split()
    match recipient.gender:
        case "f" | "m" | "p" as known:
            return known if known in present else None
        case _:
            singular = present & {"f", "m"}
            # The nurse who looked after dad: "his hand" is Dad's.
            named = {gender for gender in singular if any(_is_only(word, gender) for word in own)}
            if len(singular - named) == 2:
                return words.first_of_two()
            return next(iter((singular or present) - named), None)


class _Words:
    """The words of a detail while it is being turned; spaces and punctuation stay in place."""

    def __init__(self, text: str) -> None:
        self._pieces: list[str] = _PIECE.findall(text)
        self._at = [at for at, piece in enumerate(self._pieces) if not piece.isspace()]
        self.settled = True
        """False once something was met that can be read in two ways."""

    @property
    def lower_set(self) -> set[str]:
        return {self._word(at) for at in range(len(self._at))}

    def text(self) -> str:
        return "".join(self._pieces)

    def first_of_two(self) -> str:
        """Which of she and he is the recipient: the one it begins with, if the other is named."""
        for gender, other in (("f", "m"), ("m", "f")):
            if self._word(0) == _SUBJECTS[gender]:
                words = [self._word(at) for at in range(len(self._at))]
                spoken_of = next(at for at, word in enumerate(words) if word in _FORMS[other])
                if any(_is_only(word, other) for word in words[:spoken_of]):
                    return gender
        return "?"

    def name_as_you(self, recipient: Recipient) -> None:
        """Turn the recipient's name, or "my sister", into you and your."""
        for called in sorted(recipient.called, key=len, reverse=True):
            parts = called.split()
            for at in range(len(self._at) - len(parts), -1, -1):
                self._name_at(at, parts)

    def _name_at(self, at: int, parts: list[str]) -> None:
        last = at + len(parts) - 1
        spoken = [self._word(index) for index in range(at, last + 1)]
        possessive = spoken[-1].endswith("'s") and not parts[-1].endswith("'s")
        if [*spoken[:-1], spoken[-1].removesuffix("'s")] != parts:
            return
        for index in range(at + 1, last + 1):
            self._drop(index)
        if possessive:
            following = self._word(last + 1)
            if following in ("been", "always", "never", "so", "a", "an", "the", "not", "going", ""):
                self.settled = False
            self._set(at, "your")
            self._reindex()
            return
        self._set(at, "you")
        self._reindex()
        before = self._word(at - 1)
        if at == 0 or before in _CLAUSE_STARTS:
            self._agree(at)

    def someone_else(self, gender: str, recipient: Recipient) -> bool:
        """Whether a pronoun comes after somebody else whom it could mean as well."""
        rival = False
        for at in range(len(self._at)):
            word = self._word(at)
            if rival and word in _FORMS[gender]:
                return True
            rival = rival or _could_be(word.removesuffix("'s"), gender)
        return False

    def turn(self, gender: str, recipient: Recipient) -> None:
        """Turn every pronoun of this gender, and the verbs that follow it."""
        for at in range(len(self._at)):
            word = self._word(at)
            if word not in _FORMS[gender]:
                continue
            if word == _SUBJECTS[gender]:
                self._set(at, "you")
                self._invert(at)
                self._agree(at)
            elif "'" in word:
                self._set(at, "you" + self._short(at, word.partition("'")[2]))
            else:
                self._set(at, self._case(at, word, recipient))

    def _case(self, at: int, word: str, recipient: Recipient) -> str:
        """you, your, yours or yourself for a pronoun that is no subject."""
        if word.endswith(("self", "selves")):
            return "yourselves" if recipient.several else "yourself"
        if word in ("him", "them"):
            return "you"
        if word in ("hers", "theirs"):
            return "yours"
        if word == "their":
            return "your"
        following = self._word(at + 1)
        if word == "his":
            return "your" if following and following not in _NOT_POSSESSED else "yours"
        return "your" if self._possesses(at, following) else "you"

    def _possesses(self, at: int, following: str) -> bool:
        """Whether this "her" is possessive: her laugh, but not: told her everything."""
        if not following or not following[0].isalpha() or following in _NOT_POSSESSED:
            return False
        if following.endswith("ly") and following not in ("family", "belly"):
            return False
        before = self._word(at - 1)
        if before in BARE_AFTER and (following in BARE or following.endswith("ing")):
            return False
        if before in _GIVING and following not in relations():
            rest = {self._word(index) for index in range(at + 2, len(self._at))}
            return bool(rest & {"to", "back", "for", "away", "down", "off"})
        return True

    def _short(self, at: int, ending: str) -> str:
        """The ending of you're, you've, you'd or you'll."""
        if ending != "s":
            return f"'{ending}"
        index = at + 1
        while self._word(index) in ADVERBS:
            index += 1
        following = self._word(index)
        has = following in ("been", "got", "had") or (
            is_participle(following)
            and following not in PARTICIPLE_OR_ADJECTIVE
            and self._word(index + 1) != "by"
        )
        return "'ve" if has else "'re"

    def _invert(self, at: int) -> None:
        """Does she know, how kind is she: the verb stands before."""
        before = self._word(at - 1)
        if before in AGREEING and self._word(at - 2) not in ("all", "it", "what"):
            self._set(at - 1, AGREEING[before])

    def _agree(self, at: int) -> None:
        """Turn the verb after the subject at `at`, and those joined to it by "and"."""
        index = at + 1
        while self._word(index) in ADVERBS or self._word(index).endswith("ly"):
            index += 1
        present = self._turn_verb(index, sure=True)
        if self._word(index) in ("and", ","):
            return
        for follow in range(index + 1, len(self._at)):
            word = self._word(follow)
            if word in _OTHER_SUBJECTS:
                return
            if word in ("and", "but", "or", ","):
                self._agree_joined(follow + 1, present=present)

    def _agree_joined(self, index: int, *, present: bool) -> None:
        """Turn what follows an "and", if it is another verb: and never complains."""
        start = index
        while self._word(index) in ADVERBS:
            index += 1
        if not present and self._word(index) not in AGREEING:
            return
        turned = self._turn_verb(index, sure=index > start)
        unknown = base_of(self._word(index)) is not None
        # After a plural, one more plural: she feeds cats and dogs.
        if not turned and unknown and base_of(self._word(start - 2)) is None:
            self.settled = False

    def _turn_verb(self, index: int, *, sure: bool) -> bool:
        """Turn one verb of the third person; whether it was one."""
        word = self._word(index)
        if word in AGREEING:
            self._set(index, AGREEING[word])
            return True
        base = base_of(word)
        if base is None or not (sure or base in VERBS or base in NOUN_OR_VERB):
            return False
        if not sure and base in NOUN_OR_VERB:
            self.settled = False
            return False
        self._set(index, base)
        return True

    def _word(self, index: int) -> str:
        if not 0 <= index < len(self._at):
            return ""
        return self._pieces[self._at[index]].lower().replace("’", "'")

    def _set(self, index: int, word: str) -> None:
        self._pieces[self._at[index]] = word

    def _drop(self, index: int) -> None:
        self._pieces[self._at[index]] = ""
        self._pieces[self._at[index] - 1] = ""

    def _reindex(self) -> None:
        self._pieces = [piece for piece in self._pieces if piece]
        self._at = [at for at, piece in enumerate(self._pieces) if not piece.isspace()]


def _is_only(word: str, gender: str) -> bool:
    someone = relations().get(word) or given_names().get(word)
    return someone is not None and someone.gender == gender


def _could_be(word: str, gender: str) -> bool:
    """Whether a word names somebody of whom one says she, he or they."""
    if gender == "p":
        relation = relations().get(word)
        return word in _PEOPLE or bool(relation and relation.gender == "p")
    someone = relations().get(word) or given_names().get(word)
    if someone is None or getattr(someone, "ordinary", False):
        return False
    return someone.gender in (gender, "b")
