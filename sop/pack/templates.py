"""Templates of a pack: a small, bounded part of Jinja2 in its sandbox.

Only what a message needs exists: names, `texts.x`, calls with constant arguments, `if`, a
loop inside no other loop, a few filters. No arithmetic, no methods, no attributes of objects,
no files. What members typed is inserted as it is and never read as a template.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sop.pack.template_grammar import (
    FILTERS,
    TOO_DEEP,
    TemplateProblem,
    allow,
    below,
    callee,
    dotted,
    in_plain_words,
)

__all__ = [
    "Call", "TemplateProblem", "Uses", "Verbatim", "compile_template", "faults", "names", "render",
    "uses",
]  # fmt: skip

MAX_SOURCE: Final = 20_000
MAX_OUTPUT: Final = 20_000
MAX_ITEMS: Final = 200

_PIECE: Final = re.compile(r"\{\{[^{}]*\}\}")


class Verbatim(str):
    """A text that people wrote: it is shown as it is, and never read as a template."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call in a template: `name` and its constant arguments."""

    name: str
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Uses:
    """What a template needs: `member.name`, `members`, `texts.gift`, and the calls it makes."""

    names: frozenset[str]
    calls: tuple[Call, ...]


_PLAIN: Final = Uses(frozenset(), ())


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which a dot means an entry of a mapping, and nothing else."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, str(argument))


def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, autoescape=False, cache_size=0)
    environment.globals.clear()
    environment.tests.clear()
    kept = {name: environment.filters[name] for name in FILTERS}
    environment.filters.clear()
    environment.filters.update(kept)
    return environment


_ENVIRONMENT: Final = _environment()


@lru_cache(maxsize=4_096)
def compile_template(text: str) -> Template:
    """Return the compiled template; raises `TemplateProblem` where it may not be used."""
    _parsed(text)
    return _ENVIRONMENT.from_string(text)


def names(text: str) -> frozenset[str]:
    """Return the names a template needs (see `Uses`), without those of its calls."""
    return uses(text).names


def uses(text: str) -> Uses:
    """Return what a template needs; raises `TemplateProblem` where it may not be used."""
    # Most items of a pool are plain words: thousands of them need no parser.
    return _uses(text) if "{" in text or len(text) > MAX_SOURCE else _PLAIN


@lru_cache(maxsize=4_096)
def _uses(text: str) -> Uses:
    tree = _parsed(text)
    bound = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    called = [node for node in tree.find_all(nodes.Call) if isinstance(node.node, nodes.Name)]
    skipped = {id(node.node) for node in called}
    found = frozenset(
        name for name in _loaded(tree, skipped) if name.partition(".")[0] not in bound
    )
    return Uses(found, tuple(_call(node) for node in called))


def render(template: Template | str, context: Mapping[str, object]) -> str:
    """Return the text, trimmed, at most `MAX_OUTPUT` characters.

    `context` maps names to texts, numbers, lists, mappings (`member.name` is an entry) or
    functions. Its `texts` and the `charter` of its `rules` are templates themselves and are
    rendered with the same context. Raises `TemplateProblem` for a name that is not there.
    """
    return _Rendering(context).text(template)


class _Rendering:
    """One rendering: each text of the pack is rendered at most once in it."""

    def __init__(self, context: Mapping[str, object]) -> None:
        self._done: dict[tuple[str, str], str | None] = {}
        self._inner = {name: _bounded(value) for name, value in context.items()}
        for name, only in (("texts", None), ("rules", "charter")):
            value = context.get(name)
            if isinstance(value, Mapping):
                self._inner[name] = _Texts(self, name, value, only)

    def text(self, template: Template | str) -> str:
        compiled = compile_template(template) if isinstance(template, str) else template
        try:
            return _cut(compiled.generate(self._inner)).strip()
        except TemplateProblem:
            raise
        except JinjaError as error:
            raise TemplateProblem(str(error.message)) from None
        except RecursionError:
            raise TemplateProblem("texts use each other too deeply") from None
        except (TypeError, ValueError, LookupError) as error:
            raise TemplateProblem(f"cannot be filled in: {error}") from None

    def entry(self, mapping: str, key: str, template: str) -> str:
        """Return an entry of `texts` or `rules`, rendered; a circle is a problem."""
        place = (mapping, key)
        if place not in self._done:
            self._done[place] = None
            self._done[place] = self.text(template)
        text = self._done[place]
        if text is None:
            raise TemplateProblem("texts use each other in a circle")
        return text


def _cut(parts: Iterator[str]) -> str:
    taken: list[str] = []
    left = MAX_OUTPUT
    for part in parts:
        taken.append(part[:left])
        left -= len(taken[-1])
        if left <= 0:
            break
    return "".join(taken)


class _Texts(Mapping[str, object]):
    """Templates by name, each rendered when asked for; `only` says which entry is one."""

    def __init__(
        self, rendering: _Rendering, name: str, entries: Mapping[str, object], only: str | None
    ) -> None:
        self._rendering = rendering
        self._name = name
        self._entries = entries
        self._only = only

    def __getitem__(self, key: str) -> object:
        value = self._entries[key]
        if isinstance(value, str) and self._only in {None, key}:
            return self._rendering.entry(self._name, key, value)
        return _bounded(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _bounded(value: object) -> object:
    """Return a value no loop over which is long; what functions return is bounded, too."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(islice(value, MAX_ITEMS))
    if callable(value):
        return _bounded_call(value)
    return value


def _bounded_call(function: Callable[..., object]) -> Callable[..., object]:
    def call(*arguments: object, **named: object) -> object:
        try:
            return _bounded(function(*arguments, **named))
        except (TypeError, ValueError) as error:
            raise TemplateProblem(f"a call does not fit: {error}") from None

    return call


def faults(text: str) -> tuple[str, ...]:
    """Return all that is wrong with how a template is written, each thing once.

    A parser stops at the first place that it cannot read: each `{{ … }}` is read by itself, too,
    and what stands around them.
    """
    told, readable = _told(text)
    if not readable:
        parts = (*_PIECE.findall(text[:MAX_SOURCE])[:MAX_ITEMS], _PIECE.sub(" x ", text))
        told = (*(each for part in parts if part != text for each in _told(part)[0]), *told)
    return tuple(dict.fromkeys(told))


def _told(text: str) -> tuple[tuple[str, ...], bool]:
    """Return what is wrong with a text as far as it can be read, and whether all of it can be."""
    try:
        tree = _tree(text)
        below(tree)
    except TemplateProblem as problem:
        return (str(problem),), False
    return tuple(_faults(tree)), True


def _faults(node: nodes.Node) -> Iterator[str]:
    """Yield what is wrong with a node and those in it; of an expression the whole is enough."""
    try:
        allow(node)
    except TemplateProblem as problem:
        yield str(problem)
        if isinstance(node, nodes.Expr):
            return
    for child in node.iter_child_nodes():
        yield from _faults(child)


def _parsed(text: str) -> nodes.Template:
    tree = _tree(text)
    for node in below(tree):
        allow(node)
    return tree


def _tree(text: str) -> nodes.Template:
    if len(text) > MAX_SOURCE:
        raise TemplateProblem(f"is longer than {MAX_SOURCE:,} characters")
    try:
        return _ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        said = in_plain_words(str(error.message))
        raise TemplateProblem(f"is not a template: {said}") from None
    except RecursionError:
        raise TemplateProblem(TOO_DEEP) from None
    except ValueError:
        raise TemplateProblem("is not a template: a number in it is too long") from None


def _call(call: nodes.Call) -> Call:
    values = [each.value for each in call.args if isinstance(each, nodes.Const)]
    return Call(callee(call), tuple(values))


def _loaded(node: nodes.Node, skipped: set[int]) -> Iterator[str]:
    if id(node) in skipped:
        return
    name = dotted(node)
    if name:
        yield name
        return
    for child in node.iter_child_nodes():
        yield from _loaded(child, skipped)
