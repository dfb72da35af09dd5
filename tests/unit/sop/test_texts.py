"""Every text the program says can be said: its placeholders are given by whoever says it."""

import ast
import string
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop import texts
from sop.pack.pack_rules import CHECKS
from sop.yaml import yaml_source

ROOT = Path(__file__).parents[3]
ROSTER = ("add", "remove", "create", "fetch_roster")


Module = list[list[ast.AST]]
"""All nodes of each statement of a file."""


@cache
def code() -> dict[Path, Module]:
    return {
        path: [[*ast.walk(top)] for top in ast.parse(path.read_text("utf-8")).body]
        for package in ("bot", "handlers", "sop")
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def said() -> dict[str, str]:
    loaded: Any = yaml_source.load_packaged("texts.yaml")
    return {
        f"{area}.{name}": words for area, each in loaded.items() for name, words in each.items()
    }


SAID = said()


def placeholders(words: str) -> set[str]:
    return {field.split(".")[0] for _, field, _, _ in string.Formatter().parse(words) if field}


@cache
def calls() -> list[tuple[str, str, set[str] | None]]:
    """(file, pattern of the key, given names; None where they cannot be read off)."""
    return [each for path, module in code().items() for each in _calls(path, module)]


def _calls(path: Path, module: Module) -> Iterator[tuple[str, str, set[str] | None]]:
    for top in module:
        for node in top:
            if isinstance(node, ast.Call) and _is_text(node.func) and node.args:
                given_names = {each.arg for each in node.keywords}
                names = None if None in given_names else {str(name) for name in given_names}
                for pattern in _keys(node.args[0], top, module):
                    yield str(path.relative_to(ROOT)), pattern, names


def _is_text(func: ast.expr) -> bool:
    if isinstance(func, ast.Attribute):
        owner = func.value
        return func.attr == "text" and isinstance(owner, ast.Name) and owner.id == "texts"
    return isinstance(func, ast.Name) and func.id == "text"


def _keys(key: ast.expr, top: list[ast.AST], module: Module) -> Iterator[str]:
    """The key's patterns; those of a name are what is assigned to it, or passed under it."""
    if not isinstance(key, ast.Name):
        yield from _patterns(key)
        return
    for node in top:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(each, ast.Name) and each.id == key.id for each in targets):
            yield from _patterns(node.value)
    for node in chain.from_iterable(module):
        if isinstance(node, ast.keyword) and node.arg == key.id:
            yield from (each for each in _patterns(node.value) if "*" not in each)


def _patterns(key: ast.expr) -> Iterator[str]:
    """A key written out, or pieced together, in which a star stands for what is put in."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
    elif isinstance(key, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else "*" for each in key.values)
        yield "".join(map(str, parts))
    elif isinstance(key, ast.IfExp):
        yield from _patterns(key.body)
        yield from _patterns(key.orelse)


def literals() -> set[str]:
    """Every key whose area stands somewhere in the code, said at once or passed on."""
    found: set[str] = set()
    for module in code().values():
        for node in chain.from_iterable(module):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                found.update(pattern for pattern in _patterns(node))
    areas = {key.partition(".")[0] for key in SAID}
    return {pattern for pattern in found if pattern.partition(".")[0] in areas}


@cache
def meant_by(pattern: str) -> list[str]:
    return [key for key in SAID if fnmatchcase(key, pattern)]


def test_every_text_that_is_said_exists():
    missing = [f"{where}: {pattern}" for where, pattern, _ in calls() if not meant_by(pattern)]

    assert missing == []


def test_every_placeholder_of_a_text_is_given_by_who_says_it():
    wrong = [
        f"{where}: {key} lacks {placeholders(SAID[key]) - names}"
        for where, pattern, names in calls()
        if names is not None
        for key in meant_by(pattern)
        if _meant(key, where, pattern)
        if not placeholders(SAID[key]) <= names
    ]

    assert wrong == []


DETECTORS = {f"rules.{kind}" for kind in CHECKS}
CHOSEN = {
    ("handlers/staff/task_commands.py", "tasks.*"): {"tasks.no-choice", "tasks.needs-choice"},
    ("handlers/posting/outbox.py", "tasks.*"): {f"tasks.{do.replace('_', '-')}" for do in ROSTER},
    ("handlers/steps/failures.py", "tasks.*"): {"tasks.add", "tasks.remove", "tasks.create"},
    ("handlers/layers/layering.py", "layers.*"): {"layers.promote", "layers.demote"},
    ("handlers/layers/layering.py", "layers.figure-*"): {
        key for key in SAID if key.startswith("layers.figure-")
    },
    ("handlers/moderation/saying.py", "rules.*"): DETECTORS,
    ("bot/pictures/tellings.py", "rules.*"): DETECTORS,
    ("sop/sheets/sheet_overview.py", "rules.*"): DETECTORS,
}
"""What is meant by a key of which only the beginning is written out, where others begin alike."""


def _meant(key: str, where: str, pattern: str) -> bool:
    return key in CHOSEN.get((where, pattern), {key})


def test_every_text_is_said_by_somebody():
    known = literals()
    patterns = [pattern for pattern in known if "*" in pattern]
    silent = [
        key
        for key in SAID
        if key not in known and not any(fnmatchcase(key, pattern) for pattern in patterns)
    ]

    assert silent == []


@given(st.sampled_from(sorted(SAID)), st.text())
def test_what_people_write_is_never_read_as_a_placeholder(key: str, word: str):
    words = texts.text(key, **dict.fromkeys(placeholders(SAID[key]) - NUMBERS, f"{{{word}}}"),
                       **dict.fromkeys(NUMBERS, 7))  # fmt: skip

    assert texts.has(key)
    assert words.count(f"{{{word}}}") >= bool(placeholders(SAID[key]) - NUMBERS)


NUMBERS = {"number", "count", "day", "month"}


def test_a_text_that_does_not_exist_or_lacks_a_value_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        texts.text("commands.no-such-text")
    with pytest.raises(KeyError):
        texts.text("rules.reminder", name="李四")
    assert not texts.has("commands.no-such-text")


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, ""), (59_999, ""), (60_000, "（1 分钟）"), (90_000, "（1 分钟）"),
        (5_400_000, "（90 分钟）"), (7_200_000, "（2 小时）"), (86_400_000, "（1 天）"),
        (90_000_000, "（25 小时）"), (201_300_000, "（56 小时）"), (900_000_000, "（10 天）"),
    ],
)  # fmt: skip
def test_a_length_of_time_is_told_in_its_largest_whole_unit(ms: int, words: str):
    assert texts.length(ms) == words


@pytest.mark.parametrize("title", ["《一周书单》", "「答疑」", "『早读』", "“晚读”"])
def test_a_title_that_brings_its_quotation_marks_keeps_them(title: str):
    assert texts.quoted(title) == title


def test_any_other_title_is_quoted():
    assert texts.quoted("书店券") == "「书店券」"
