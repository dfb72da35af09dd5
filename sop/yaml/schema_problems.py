"""Says in an operator's words what the typed model found wrong with plain data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from sop.problems import Path, Severity, suggestion
from sop.yaml.yaml_values import LONGEST_NUMBER

_LONGEST: Final = 300
_QUOTED: Final = re.compile(r"'([^']*)'")
_WIDE_COLON: Final = "\N{FULLWIDTH COLON}"
_NO_BOOLEANS: Final = frozenset({"yes", "no", "on", "off", "true", "false", "y", "n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem by its path in the data; `at_key` blames the key, not its value."""

    path: Path
    message: str
    suggestion: str = ""
    severity: Severity = "error"
    at_key: bool = False
    missing: bool = False


def findings(error: ValidationError) -> tuple[Finding, ...]:
    """Return one finding for every guilty value, key or missing key."""
    found = [_finding(dict(line)) for line in error.errors(include_url=False)]
    meant = {(*each.path[:-1], each.suggestion) for each in found if each.at_key}
    return tuple(each for each in found if not (each.missing and each.path in meant))


def _finding(line: dict[str, Any]) -> Finding:
    kind, path, context = line["type"], line["loc"], line.get("ctx", {})
    if kind == "missing":
        return Finding(path=path, message="is missing", missing=True)
    if kind == "unknown_key":
        near = "" if context["belongs"] else suggestion(path[-1], context["known"])
        message = _unknown(str(path[-1]), near, context)
        return Finding(path=path, message=message, suggestion=near, at_key=True)
    if kind == "problem":
        return _own(path, context)
    near, message = _wrong(line)
    at_key = path[-1:] == ("[key]",)
    return Finding(
        path=path[:-1] if at_key else path,
        message=message[:_LONGEST],
        suggestion=near,
        at_key=at_key,
    )


def _unknown(key: str, near: str, context: Mapping[str, Any]) -> str:
    if context["belongs"]:
        return f"unknown key: {context['belongs']}"
    if _WIDE_COLON in key:
        return 'unknown key: the colon in it is full-width; write ": "'
    return "unknown key" if near else f"unknown key: known here are {', '.join(context['known'])}"


def _own(path: Path, context: Mapping[str, Any]) -> Finding:
    nears = (suggestion(tried, context["known"]) for tried in context["tried"])
    near = next(filter(None, nears), "")
    known = context["known"] if not near else ()
    message = context["message"] + (f": use {', '.join(known)}" if known else "")
    where = (*path, context["at"]) if context["at"] else path
    return Finding(path=where, message=message[:_LONGEST], suggestion=near)


def _wrong(line: dict[str, Any]) -> tuple[str, str]:
    kind = line["type"]
    if kind == "value_error":
        return "", str(line["ctx"]["error"])
    if kind == "literal_error":
        return _choice(line)
    said = _WANTED.get(kind)
    return "", said(line) if said else line["msg"]


def _choice(line: dict[str, Any]) -> tuple[str, str]:
    known = _QUOTED.findall(line["ctx"]["expected"])
    written = str(getattr(line["input"], "written", line["input"]))[:60]
    near = suggestion(written, known) if isinstance(line["input"], str) else ""
    hint = "" if near else f": use {', '.join(known)}"
    return near, f'"{written}" is not known here{hint}'


def _text(line: dict[str, Any]) -> str:
    if line["input"] is None:
        return "must be a text, and nothing is here (a text that begins with # stands in quotes)"
    if isinstance(line["input"], (dict, list, tuple)):
        return "must be a text"
    return "must be a text: put it in quotes"


def _boolean(line: dict[str, Any]) -> str:
    written = line["input"]
    if isinstance(written, str) and written.casefold() in _NO_BOOLEANS:
        return f'must be true or false: "{written}" is a text in YAML 1.2'
    return "must be true or false"


def _whole(line: dict[str, Any]) -> str:
    written = line["input"]
    if isinstance(written, str) and len(written) > LONGEST_NUMBER and written.isdecimal():
        return "is larger than any number here may be"
    if isinstance(written, str):
        return "must be a whole number, without quotes or units"
    return "must be a whole number"


def _mapping(line: dict[str, Any]) -> str:
    if line["input"] is None:
        return "must be a mapping of keys to values, and nothing is here"
    return "must be a mapping of keys to values, each as key: value"


_WANTED: Final[Mapping[str, Callable[[dict[str, Any]], str]]] = {
    "string_type": _text,
    "bool_type": _boolean,
    "int_type": _whole,
    "float_type": lambda _: "must be a number",
    "float_parsing": lambda _: "must be a number",
    "tuple_type": lambda _: 'must be a list: begin each entry with "- ", or put all in [ ]',
    "mapping_type": _mapping,
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "too_short": lambda _: "must not be empty",
    "greater_than_equal": lambda line: f"must be at least {line['ctx']['ge']:,}",
    "greater_than": lambda line: f"must be more than {line['ctx']['gt']:,}",
    "less_than_equal": lambda line: f"must be at most {line['ctx']['le']:,}",
}
"""What to say for each kind of refusal of the model."""
