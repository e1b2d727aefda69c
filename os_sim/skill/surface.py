"""`Skill`: a named set of intents, and the decorators that fill it."""

import inspect
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from os_sim.errors import SkillError, TemplateError
from os_sim.nlu.slots import SlotType, WordSource, slot_type
from os_sim.nlu.sounds import Phones
from os_sim.nlu.template import Node, parse_template, slot_names

Handler = Callable[..., Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Words(WordSource):
    """A list of phrases that is known only at run time, such as the names in an address book."""

    name: str
    load: Callable[[], Iterable[str]]
    """Called when the list is first needed, and whenever it is wanted afresh."""

    def phrases(self) -> Iterable[str]:
        """The list as it is now; raises SkillError if the skill cannot give it."""
        try:
            return list(self.load())
        except (Exception, SystemExit) as error:  # the list is a skill's code
            raise SkillError(f"the word list '{self.name}' failed: {error!r}") from error


@dataclass(frozen=True)
class Intent:
    """One thing a skill can be asked for: its sentences, its slots, and who answers."""

    name: str
    templates: tuple[str, ...]
    nodes: tuple[Node, ...]
    """The parsed templates, in the same order."""
    slots: dict[str, SlotType]
    handler: Handler
    where: str
    """file:line of the handler."""
    irreversible: bool = False
    """Whether it is only done when there is no doubt that it was asked for."""


@dataclass
class Skill:
    """A named set of intents."""

    name: str
    summary: str
    """One short sentence: what the user may expect of it."""
    examples: tuple[str, ...] = ()
    """Sentences to offer to the user, best first; without any, the shortest ones are offered."""
    rules: dict[str, str] = field(default_factory=dict)
    """Parts of templates by name, for `<rule>`."""
    intents: list[Intent] = field(default_factory=list, init=False)
    pronunciations: dict[str, tuple[Phones, ...]] = field(default_factory=dict, init=False)
    """How words sound that are not to be guessed from their letters."""
    due_handlers: dict[str, Handler] = field(default_factory=dict, init=False)
    parsed_rules: dict[str, Node] = field(default_factory=dict, init=False, repr=False)

    def intent(self, *templates: str, irreversible: bool = False) -> Callable[[Handler], Handler]:
        """Answer these sentences with the decorated coroutine; raises TemplateError.

        What cannot be undone (delete, send, print) is `irreversible`: it is never done, nor
        offered, because a sentence only comes near to one of these.
        """

        def register(handler: Handler) -> Handler:
            intent = replace(_check(self, templates, handler), irreversible=irreversible)
            for other in self.intents:
                if other.name == intent.name and other.handler is not handler:
                    raise SkillError(
                        f"{intent.where}: there is a handler {intent.name}() already "
                        f"({other.where}); rename one of the two"
                    )
            self.intents.append(intent)
            return handler

        return register

    def due(self, kind: str) -> Callable[[Handler], Handler]:
        """Call the decorated coroutine when something set with `ctx.schedule.at(…, kind)` is due.

        It gets the context and the details as keyword arguments.
        """

        def register(handler: Handler) -> Handler:
            _check_handler(handler, _where(handler))
            self.due_handlers[kind] = handler
            return handler

        return register

    @staticmethod
    def words(name: str, load: Callable[[], Iterable[str]]) -> Words:
        """A word list for `Annotated[str, words]`."""
        return Words(name, load)


def _check(skill: Skill, templates: tuple[str, ...], handler: Handler) -> Intent:
    """The intent that these templates and this signature agree on."""
    where = _where(handler)
    name = getattr(handler, "__name__", "handler")
    if not templates:
        raise TemplateError(f"{where}: {name} has no sentence; give @skill.intent at least one")
    _check_handler(handler, where)
    slots = _slots_of(handler, where)
    nodes = tuple(_parse(text, skill, where) for text in templates)
    required = {key for key, kind in slots.items() if not kind.optional}
    for text, node in zip(templates, nodes, strict=True):
        always, sometimes = slot_names(node)
        if unknown := (always | sometimes) - slots.keys():
            raise TemplateError(
                f"{where}: template '{text}' has the slot {{{min(unknown)}}}, "
                f"but {name}() has no such parameter; add it or rename the slot"
            )
        if missing := required - always:
            raise TemplateError(
                f"{where}: template '{text}' can match without the slot {{{min(missing)}}}, "
                f"which {name}() requires; give the parameter a default"
            )
    return Intent(name, templates, nodes, slots, handler, where)


def _check_handler(handler: Handler, where: str) -> None:
    name = getattr(handler, "__name__", "handler")
    if not inspect.iscoroutinefunction(handler):
        raise SkillError(f"{where}: {name} must be declared with 'async def'")
    parameters = list(inspect.signature(handler).parameters.values())
    if not parameters or parameters[0].kind is inspect.Parameter.KEYWORD_ONLY:
        raise SkillError(f"{where}: {name}() must take the context as its first parameter")
    for parameter in parameters[1:]:
        if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
            raise SkillError(
                f"{where}: parameter '{parameter.name}' is given by name; move it behind the '/'"
            )


def _parse(text: str, skill: Skill, where: str) -> Node:
    try:
        return parse_template(text, skill.rules, skill.parsed_rules)
    except TemplateError as error:
        raise TemplateError(f"{where}: {error}") from None


def _slots_of(handler: Handler, where: str) -> dict[str, SlotType]:
    """The slot type of every parameter after the context."""
    try:
        signature = inspect.signature(handler, eval_str=True)
    except NameError as error:
        raise TemplateError(f"{where}: an annotation cannot be resolved: {error}") from None
    slots: dict[str, SlotType] = {}
    for parameter in list(signature.parameters.values())[1:]:
        default = parameter.default is not inspect.Parameter.empty
        try:
            slots[parameter.name] = slot_type(_annotation(parameter), optional=default)
        except TypeError as error:
            raise TemplateError(f"{where}: parameter '{parameter.name}': {error}") from None
    return slots


def _annotation(parameter: inspect.Parameter) -> Any:
    return str if parameter.annotation is inspect.Parameter.empty else parameter.annotation


def _where(handler: Handler) -> str:
    code = getattr(handler, "__code__", None)
    if code is None:
        return "<unknown>"
    return f"{Path(code.co_filename).name}:{code.co_firstlineno}"
