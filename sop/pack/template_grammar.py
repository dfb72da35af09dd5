"""Which part of Jinja2 a template of a pack may use, and how deep: its grammar, node by node."""

import re
from typing import Final

from jinja2 import nodes

# Deeper than this nobody writes, and Python itself compiles no template nested much deeper.
MAX_DEPTH: Final = 40

FILTERS: Final = frozenset(
    {"capitalize", "d", "default", "first", "join", "last", "length", "lower", "title", "trim"}
    | {"upper"}
)
_NODES: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Call,
    nodes.Keyword,
    nodes.Const,
    nodes.Filter,
    nodes.If,
    nodes.CondExpr,
    nodes.For,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)
TOO_DEEP: Final = "is not a template: it is nested too deeply"
_COMPARISONS: Final = frozenset({"eq", "ne", "gt", "gteq", "lt", "lteq"})


_SIGNS: Final = (
    ("'end of print statement', got", "one name stands between {{ and }}: other words go outside"),
    ("got 'end of print statement'", "a name is missing between {{ and }}"),
    ("unexpected end of template", "{{ is not closed: write }} behind the name"),
    ("Unexpected end of template", "{% if %} ends with {% endif %}, {% for %} with {% endfor %}"),
    ("unknown tag", "this {% … %} is none, or closes what is not open"),
    ("unexpected '}'", "a bracket is not closed between {{ and }}"),
)
_STRAY: Final = re.compile(r"unexpected char '(.)'")


class TemplateProblem(ValueError):
    """A template that cannot be used; its text says why, in plain words."""


def in_plain_words(said: str) -> str:
    """Return what the parser said as an operator understands it."""
    stray = _STRAY.search(said)
    if stray:
        return f"{stray[1]} does not belong between {{{{ and }}}}: signs there are half-width"
    return next((words for sign, words in _SIGNS if sign in said), said)


def below(tree: nodes.Template) -> list[nodes.Node]:
    """Return every node, outer ones first; raises `TemplateProblem` where they lie too deep."""
    found: list[nodes.Node] = []
    level: list[nodes.Node] = [tree]
    for _ in range(MAX_DEPTH):
        found += level
        level = [child for node in level for child in node.iter_child_nodes()]
    if level:
        raise TemplateProblem(TOO_DEEP)
    return found


def allow(node: nodes.Node) -> None:
    """Raise `TemplateProblem` for a node that no template may hold, whatever its parts."""
    if not isinstance(node, _NODES):
        raise TemplateProblem(f"may not use {_called(node)} in a template")
    match node:
        case nodes.Filter() if node.name not in FILTERS:
            raise TemplateProblem(f"has no filter {node.name}: use {', '.join(sorted(FILTERS))}")
        case nodes.Getattr() if not dotted(node):
            raise TemplateProblem("may look into nothing but names, such as group.name")
        case nodes.Call() if not isinstance(node.node, nodes.Name):
            raise TemplateProblem("may call nothing but functions, such as top(5)")
        case nodes.Call() if not _is_constant(node):
            raise TemplateProblem(f"must give {callee(node)}(…) texts or numbers")
        case nodes.Operand() if node.op not in _COMPARISONS:
            raise TemplateProblem("may compare with == != < <= > >= only")
        case nodes.For() if any(node.find_all(nodes.For)) or node.recursive:
            raise TemplateProblem("may not hold a loop inside a loop")
        case _:
            pass


def _called(node: nodes.Node) -> str:
    return {"Mul": "*", "Pow": "**", "Add": "+", "Sub": "-", "Div": "/", "Mod": "%"}.get(
        type(node).__name__, type(node).__name__.lower()
    )


def _is_constant(call: nodes.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.kwargs)]
    plain = all(isinstance(each, nodes.Const) for each in given)
    return plain and call.dyn_args is None and call.dyn_kwargs is None


def callee(call: nodes.Call) -> str:
    """Return the name of the function that is called, or nothing where it is no name."""
    return str(call.node.name) if isinstance(call.node, nodes.Name) else ""


def dotted(node: nodes.Node) -> str:
    """Return `group.name` for a name or a look into one, or nothing for other nodes."""
    if isinstance(node, nodes.Name):
        return node.name if node.ctx == "load" else ""
    if isinstance(node, nodes.Getattr):
        return f"{dotted(node.node)}.{node.attr}" if dotted(node.node) else ""
    return ""
