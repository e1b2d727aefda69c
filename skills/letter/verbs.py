"""What has to be known about English verbs to change who does something."""

AGREEING = {
    "is": "are",
    "was": "were",
    "has": "have",
    "does": "do",
    "isn't": "aren't",
    "wasn't": "weren't",
    "hasn't": "haven't",
    "doesn't": "don't",
}
"""Verbs that change irregularly from the third person to the second."""

ADVERBS = frozenset(
    "always never still often also just even once only sometimes usually rarely really ever "
    "almost all both later soon then already first again simply not quietly so".split()
)
"""Words that may stand between a subject and its verb; those in -ly are known by their ending."""

BARE_AFTER = frozenset(
    "make made makes let lets see saw heard hear watch watched feel felt help helped".split()
)
"""Verbs after which somebody does something: I saw her dance."""

VERBS = frozenset(
    """ask bake become begin believe bring build buy carry catch choose clean come cry draw drive
    eat feed feel fill find fix follow forget forgive get give go grow hear hold keep know
    learn leave lend let listen live look lose make mean meet mend miss open pay pick pray put
    read remember run save say see sell send share show sing sit sleep smile speak spend stand
    stay swim take teach tell think throw travel trust try turn understand wait wake walk want
    wash watch water wear whistle win work worry write""".split()
)
"""Frequent verbs, in their base form."""

BARE = VERBS | frozenset(
    "cook dance dream drive laugh move play run sleep smile stand try walk win work".split()
)
"""What somebody may be seen doing: I saw her dance, but not: I saw her garden."""

NOUN_OR_VERB = frozenset(
    "drive look move paint play run share show smile sleep walk watch water wash work worry turn "
    "dance cook cut hold offer laugh love hope dream talk call hug kiss joke wish plan help care "
    "plant knit garden step drink note phone visit cook stand win save trust".split()
)
"""Those whose third person may also be the plural of a noun: "she likes songs and walks"."""

IRREGULAR = {
    "became": "becoming", "began": "beginning", "bought": "buying", "brought": "bringing",
    "built": "building", "came": "coming", "caught": "catching", "chose": "choosing",
    "drew": "drawing", "drove": "driving", "fed": "feeding", "felt": "feeling", "flew": "flying",
    "forgave": "forgiving", "forgot": "forgetting", "found": "finding", "fought": "fighting",
    "gave": "giving", "got": "getting", "grew": "growing", "heard": "hearing", "held": "holding",
    "hid": "hiding", "kept": "keeping", "knew": "knowing", "led": "leading", "left": "leaving",
    "lent": "lending", "lost": "losing", "made": "making", "meant": "meaning", "met": "meeting",
    "paid": "paying", "ran": "running", "rode": "riding", "rang": "ringing", "said": "saying",
    "sang": "singing", "sat": "sitting", "saw": "seeing", "sent": "sending", "showed": "showing",
    "slept": "sleeping", "sold": "selling", "spent": "spending", "spoke": "speaking",
    "stood": "standing", "stuck": "sticking", "swam": "swimming", "taught": "teaching",
    "threw": "throwing", "told": "telling", "took": "taking", "thought": "thinking",
    "understood": "understanding", "woke": "waking", "won": "winning", "wore": "wearing",
    "wrote": "writing", "went": "going", "broke": "breaking", "stole": "stealing",
}  # fmt: skip
"""Past tense to -ing form, for verbs that do not simply end in -ed."""

NO_GERUND = frozenset(
    "had did was were could would should might read put let cut shut hurt".split()
)
"""Past forms that give no plain "thank you for …ing", or may be the present as well."""

NOT_PAST = frozenset(
    "need feed speed bleed breed succeed exceed proceed indeed hundred sacred naked wicked".split()
)
"""Words in -ed that are no past tense."""

PARTICIPLE_OR_ADJECTIVE = frozenset(
    "tired scared married worried retired engaged excited pleased interested bored gifted proud "
    "loved needed gone done used lost determined talented devoted blessed left broken".split()
)
"""After "she's" these follow an "is" rather than a "has"."""

_PARTICIPLES = frozenset(
    "become begun brought built bought caught chosen come drawn driven fed felt flown forgiven "
    "forgotten found fought given grown heard held kept known led lent made meant met paid run "
    "ridden said sung sat seen sent shown slept sold spent spoken stood stuck swum taught thrown "
    "told taken thought understood woken won worn written".split()
)


def is_participle(word: str) -> bool:
    """Whether a word is a past participle, as far as its form says."""
    return word in _PARTICIPLES or (len(word) > 4 and word.endswith("ed"))


def base_of(word: str) -> str | None:
    """The base of a verb in the third person: carries -> carry; None if it does not end so."""
    if not word.endswith("s") or word.endswith(("ss", "us", "'s")) or len(word) < 4:
        return None
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")) and word != "aches":
        return word[:-2]
    return word[:-1]


def is_past(word: str) -> bool:
    """Whether a word is a verb in the past tense, as far as its form says."""
    return word in IRREGULAR or word in NO_GERUND or _ends_as_past(word)


def gerund_of(word: str) -> str | None:
    """The -ing form of a past tense: taught -> teaching; None if it is not known."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if not _ends_as_past(word):
        return None
    if word.endswith("ied"):
        return word[:-3] + "ying" if len(word) > 4 else None
    return word[:-1] + "ing" if word.endswith("eed") else word[:-2] + "ing"


def _ends_as_past(word: str) -> bool:
    return len(word) > 3 and word.endswith("ed") and word not in NOT_PAST
