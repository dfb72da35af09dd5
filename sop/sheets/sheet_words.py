"""The words of operators' tables, compiled from `sheet.yaml`, and how a cell is read as text."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sop.sheets.sheet import Cell
from sop.yaml import yaml_source

# What YAML cannot hold: control characters but for line ends, halves of pairs, no characters.
_APART = re.compile(r"\s*\n\s*|(?<=[0-9])\s+(?=[0-9])")
_UNSHOWN = frozenset({"Cc", "Cs"})
_KEPT = frozenset({"\n", "\t"})
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u2028\u2029\ufffe\uffff]|_x000D_")


@cache
def packaged() -> Mapping[str, Any]:
    """Return the plain data of `sheet.yaml`, read once; not to be changed."""
    data: Mapping[str, Any] = yaml_source.load_packaged("sheet.yaml")
    return data


@cache
def pattern(*path: str) -> re.Pattern[str]:
    """Return a pattern of `sheet.yaml`, compiled."""
    found: Any = packaged()
    for name in path:
        found = found[name]
    return re.compile(found)


def written(*path: str, **values: object) -> str:
    """Return a text under `written` with its placeholders filled in."""
    found: Any = packaged()["written"]
    for name in path:
        found = found[name]
    return str(found).format(**values)


def weekday_names() -> tuple[str, ...]:
    """Return how the days of the week are written, from Monday on."""
    return tuple(packaged()["written"]["weekday-names"])


def shown_text(cell: Cell) -> str:
    """Return a cell as text to be posted: tidy line ends, no blanks at the ends of lines."""
    text = _INVISIBLE.sub("", _as_text(cell)).replace("\r\n", "\n").replace("\r", "\n")
    kept = (each for each in text if each in _KEPT or unicodedata.category(each) not in _UNSHOWN)
    lines = "".join(kept).replace("\t", "    ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def key_text(cell: Cell) -> str:
    """Return a cell as patterns see it: half-width, lower case, no blanks; none for `nothing`."""
    plain = unicodedata.normalize("NFKC", shown_text(cell)).casefold()
    squeezed = "".join(plain.split())
    return "" if pattern("nothing").fullmatch(squeezed) else squeezed


def listed_text(cell: Cell) -> str:
    """Return what `key_text` does, with a comma for line ends and for blanks between digits."""
    plain = unicodedata.normalize("NFKC", shown_text(cell))
    return key_text(_APART.sub(written("comma"), plain))


def digits(text: str) -> str:
    """Return the text with Chinese numerals below a hundred as digits."""
    return _numeral().sub(lambda match: str(_number(match[0])), text)


def counts_as_digits(text: str) -> str:
    """Return the text with the numerals that count days or weeks as digits, and no others."""
    return pattern("counting").sub(lambda match: str(_number(match[0])), text)


@cache
def _numeral() -> re.Pattern[str]:
    return re.compile(f"[{''.join(packaged()['numerals'])}]+")


def _number(said: str) -> int:
    values, ten = packaged()["numerals"], packaged()["ten"]
    if ten not in said:
        return int("".join(str(values[sign]) for sign in said[:4]))
    tens, _, ones = said.partition(ten)
    return int(values.get(tens[-1:], 1)) * 10 + int(values.get(ones[:1], 0))


def _as_text(cell: Cell) -> str:
    match cell:
        case str():
            return cell
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M}"
        case bool() | None:
            return "" if cell is None else str(cell)
        case int() | float():
            return f"{cell:.10g}"
        case _:
            return ""
