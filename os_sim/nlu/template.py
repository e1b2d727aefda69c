"""Sentence templates in hassil's syntax, parsed into a small tree.

    (turn|switch) on     one of            [please]     may be left out
    {size}               a slot            <rule>       another template by name
    (now;quietly)        in any order      light[s]     part of a word

Syntax reference: https://github.com/OHF-Voice/hassil (README, "Template Syntax").
"""

import itertools
import math
from dataclasses import dataclass

from os_sim.errors import TemplateError
from os_sim.nlu.words import normal

MAX_IN_ANY_ORDER = 5
"""Parts of one `(a;b;…)`: the paths through it grow as 2^n."""
MAX_SPELLINGS = 500
"""Of one word that is put together from parts, as in `light[s]`: each is kept on its own."""
MAX_DEPTH = 40
"""Groups within groups."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words that stand for themselves; as written until the sequence around them is closed."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other; empty means nothing is said."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options."""

    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """All of the parts, in any order."""

    parts: tuple["Node", ...]


Node = Text | Slot | Sequence | Choice | AnyOrder
NOTHING = Sequence(())


def parse_template(
    text: str, rules: dict[str, str] | None = None, parsed: dict[str, Node] | None = None
) -> Node:
    """The tree of a template; raises TemplateError with the column of what is wrong.

    `parsed` keeps the trees of rules from one call to the next: a rule is parsed once.
    """
    return _Parser(text, rules or {}, {} if parsed is None else parsed, ()).parse()


def slot_names(node: Node) -> tuple[set[str], set[str]]:
    """The slots that every sentence of the template fills, and those that only some fill."""
    match node:
        case Slot(name):
            return {name}, set()
        case Sequence(parts) | AnyOrder(parts):
            found = [slot_names(part) for part in parts]
            always: set[str] = set().union(*(a for a, _ in found))
            return always, set().union(*(s for _, s in found)) - always
        case Choice(options):
            found = [slot_names(option) for option in options]
            always = set.intersection(*(a for a, _ in found))
            return always, set().union(*(a | s for a, s in found)) - always
        case Text():
            return set(), set()


class _Parser:
    """Recursive descent over one template's characters."""

    def __init__(
        self,
        text: str,
        rules: dict[str, str],
        parsed: dict[str, Node],
        inside: tuple[str, ...],
    ) -> None:
        self._text = text
        self._rules = rules
        self._parsed = parsed
        self._inside = inside
        self._at = 0
        self._depth = 0

    def parse(self) -> Node:
        node = self._alternatives(closing="")
        if node == NOTHING:
            raise self._error("there is nothing in it", 0)
        return node

    def _alternatives(self, closing: str) -> Node:
        """Everything up to `closing`: sequences divided by | or by ;"""
        opened_at = self._at - 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"it nests more than {MAX_DEPTH} groups", opened_at)
        parts = [self._sequence()]
        divider = ""
        while (char := self._peek()) in ("|", ";") and char:
            if divider and char != divider:
                raise self._error("'|' and ';' stand in one group; nest a second one", self._at)
            divider = char
            self._at += 1
            parts.append(self._sequence())
        self._close(closing, opened_at)
        self._depth -= 1
        if divider == ";":
            if len(parts) > MAX_IN_ANY_ORDER:
                raise self._error(f"more than {MAX_IN_ANY_ORDER} parts in any order", opened_at)
            return AnyOrder(tuple(parts))
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _close(self, closing: str, opened_at: int) -> None:
        found = self._peek()
        if found == closing:
            self._at += len(closing)
        elif not found:
            raise self._error(f"the '{self._text[opened_at]}' is never closed", opened_at)
        else:
            raise self._error(f"there is a '{found}' that nothing opened", self._at)

    def _sequence(self) -> Node:
        """Parts side by side; those without a space between them make one word."""
        groups: list[tuple[int, list[Node]]] = []
        glued = False
        while (char := self._peek()) and char not in "|;)]>}":
            if char.isspace():
                self._at += 1
                glued = False
                continue
            if not glued:
                groups.append((self._at, []))
            groups[-1][1].append(self._part(char))
            glued = True
        parts = [self._one_word(group, start) for start, group in groups]
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _part(self, char: str) -> Node:
        start = self._at
        match char:
            case "(":
                self._at += 1
                return self._alternatives(closing=")")
            case "[":
                self._at += 1
                inner = self._alternatives(closing="]")
                return Choice((inner, NOTHING))
            case "{":
                name = self._name("}")
                if not name.isidentifier():
                    raise self._error(f"'{{{name}}}' is not a slot's name", start)
                return Slot(name)
            case "<":
                return self._rule(self._name(">"), start)
        while (char := self._peek()) and not char.isspace() and char not in "([{<|;)]>}":
            self._at += 1
        return Text(self._text[start : self._at])

    def _name(self, closing: str) -> str:
        end = self._text.find(closing, self._at)
        if end < 0:
            raise self._error(f"the '{self._text[self._at]}' is never closed", self._at)
        name = self._text[self._at + 1 : end].strip()
        self._at = end + 1
        # hassil writes {list:slot}; the list comes from the signature here.
        return name.rpartition(":")[2]

    def _rule(self, name: str, start: int) -> Node:
        if name not in self._rules:
            known = ", ".join(f"<{rule}>" for rule in sorted(self._rules)) or "none"
            raise self._error(f"there is no rule <{name}> (known: {known})", start)
        if name in self._inside:
            raise self._error(f"the rule <{name}> contains itself", start)
        if name not in self._parsed:
            inner = _Parser(self._rules[name], self._rules, self._parsed, (*self._inside, name))
            self._parsed[name] = inner.parse()
        return self._parsed[name]

    def _one_word(self, group: list[Node], start: int) -> Node:
        if len(group) == 1:
            return _as_words(group[0])
        if math.prod(map(_spelling_count, group)) > MAX_SPELLINGS:
            raise self._error(f"a word of more than {MAX_SPELLINGS} spellings; divide it", start)
        spellings = [_spellings(node) for node in group]
        if any(spelling is None for spelling in spellings):
            raise self._error("a slot or (a;b) touches a word; put a space between them", start)
        texts = ["".join(texts) for texts in itertools.product(*filter(None, spellings))]
        options = tuple(_as_words(Text(text)) for text in dict.fromkeys(texts))
        return options[0] if len(options) == 1 else Choice(options)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _error(self, what: str, at: int) -> TemplateError:
        rule = f" (in the rule <{self._inside[-1]}>)" if self._inside else ""
        return TemplateError(f"template '{self._text}', column {at + 1}: {what}{rule}")


def _as_words(node: Node) -> Node:
    """A text as the words that an utterance is cut into; other nodes as they are."""
    if not isinstance(node, Text):
        return node
    words = normal(node.text).split()
    return Text(words[0]) if len(words) == 1 else Sequence(tuple(Text(word) for word in words))


def _spelling_count(node: Node) -> int:
    match node:
        case Choice(options):
            return sum(map(_spelling_count, options))
        case Sequence(parts):
            return math.prod(map(_spelling_count, parts))
        case _:
            return 1


def _spellings(node: Node) -> list[str] | None:
    """Every text a node can be, or None if a slot is in it."""
    match node:
        case Text(text):
            return [text]
        case Choice(options):
            found = [_spellings(option) for option in options]
            if any(texts is None for texts in found):
                return None
            return [text for texts in found for text in texts or ()]
        case Sequence(parts):
            found = [_spellings(part) for part in parts]
            if any(texts is None for texts in found):
                return None
            return [" ".join(texts) for texts in itertools.product(*(f or () for f in found))]
        case _:
            return None
