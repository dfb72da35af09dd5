"""Pools as folders of notes: one Markdown file per item, its fields in front, its text below."""

import re
from collections.abc import Mapping
from typing import Final

from sop.pools.pool_items import Found, field_of, made, problem, unknown_field
from sop.problems import Problem
from sop.yaml import yaml_source

_FRONT: Final = re.compile(r"\s*?---[ \t]*\r?\n(.*?)(?:(?<=\n)|\n)---[ \t]*(?:\r?\n|$)", re.DOTALL)
_OPEN: Final = re.compile(r"\s*?---[ \t]*\r?\n([^\s:]+):")
_NUMBERS: Final = re.compile(r"(\d+)")


def in_reading_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts notes as people number them: `2.md` before `10.md`."""
    parts = _NUMBERS.split(name.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def read_note(text: str, file: str) -> Found:
    """Return the item a note holds: the body is its text."""
    front = _FRONT.match(text)
    begun = _OPEN.match(text) if front is None else None
    if begun is not None and (begun[1].isascii() or field_of(begun[1])):
        message = "the fields in front do not end: a second line of three hyphens is missing"
        return Found(file, 1, problems=(problem(file, 1, message),))
    fields: dict[str, object] = {}
    problems: tuple[Problem, ...] = ()
    if front is not None and front[1].strip():
        fields, problems = _front(front[1], file, text[: front.start(1)].count("\n"))
    body = text[front.end() :] if front else text
    line = text[: front.end()].count("\n") + 1 if front else 1
    if problems:
        more = made(file, line, fields).problems if fields else ()
        return Found(file, line, problems=(*problems, *(each for each in more if each.path)))
    if "text" in fields and body.strip():
        message = "the text stands below already: leave it out in front"
        return Found(file, 1, problems=(problem(file, 1, message, path="text"),))
    return made(file, line, {"text": body, **fields})


def _front(source: str, file: str, above: int) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Read the fields; `above` lines of the note stand before the first of them."""
    tree, told = yaml_source.compose(source.encode(), file)
    told = tuple(_moved(each, above) for each in told)
    if tree is None or told:
        return {}, told
    if not isinstance(tree.data, Mapping):
        return {}, (
            problem(file, above + 1, "in front of a note stand fields, such as tags: [a, b]"),
        )
    fields: dict[str, object] = {}
    wrong: list[Problem] = []
    for key, value in tree.data.items():
        name, place = field_of(str(key)), tree.key_place((key,))
        if name:
            fields[name] = value
            continue
        message, near = unknown_field(str(key))
        wrong.append(
            problem(
                file, place.line + above, message, column=place.column, path=str(key), near=near
            )
        )
    return fields, tuple(wrong)


def _moved(told: Problem, above: int) -> Problem:
    """Count from the note's own beginning."""
    return problem(
        told.file, told.line + above, told.message, column=told.column, path=told.path,
        near=told.suggestion,
    )  # fmt: skip
