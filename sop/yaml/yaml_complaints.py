"""Says what a YAML parser objects to in an operator's words, at the place to look at."""

import re
from typing import Final

_SIGNS: Final = (
    ("found character '\\t'", "a tab cannot indent: use blanks"),
    (
        "mapping values are not allowed",
        "a second colon on the line: put the text in quotes, or indent the line less",
    ),
    (
        "could not find expected ':'",
        "a colon and a blank are missing after the key (a full-width colon is none)",
    ),
    ("while scanning an alias", "a text that begins with * stands in quotes"),
    ("found undefined alias", "this alias has no anchor before it"),
    ("found duplicate anchor", "this anchor's name is taken"),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("unknown escape character", "a text with \\ stands in single quotes"),
    ("while scanning a quoted scalar", "a quote is not closed"),
    ("while scanning a block scalar", "after | or > the text begins on the next line"),
    ("that cannot start any token", "a text that begins with this character stands in quotes"),
    ("but got '{'", "a text with {{ … }} inside brackets stands in quotes"),
    ("but got ':'", "a text with a colon inside brackets stands in quotes"),
    ("but got '['", "a text with a bracket inside brackets stands in quotes"),
    ("but found '-'", "a text that begins with - stands in quotes"),
    ("expected ',' or", "a comma or a closing bracket is missing (full-width ones are none)"),
    ("found unexpected end of stream", "a quote or bracket is not closed"),
)
_LINE_OF_WIDE_BLANKS: Final = re.compile(
    "[ \u3000\u00a0]*[\u3000\u00a0][ \u3000\u00a0]*(?:- |\\S+:)"
)
_DASH_ALONE: Final = re.compile(r" *-[^\s-]")


Spot = tuple[int, int]
"""A line and a column, counted from 0 as parsers do."""


def complaint(said: str, at: Spot, begun: Spot, text: str) -> tuple[int, int, str]:
    """Return the line and column to look at, counted from 1, and what is wrong there.

    `said` is the parser's sentence about what it met `at` a spot, in something `begun` earlier.
    """
    if "end of stream" in said and "quoted scalar" in said:
        return begun[0] + 1, begun[1] + 1, "a quote is not closed"
    found = _indented_wrongly(text, at[0], said)
    if found is not None:
        return found
    plain = next((words for sign, words in _SIGNS if sign in said), said)
    if "<block end>, but found '<scalar>'" in said and _line(text, at[0])[: at[1]].strip():
        plain = "text follows a closing quote or bracket: put the whole text in quotes"
    if "expected ',' or" in said and begun[0] < at[0]:
        plain = f"a comma is missing, or the bracket of line {begun[0] + 1} is not closed"
    return at[0] + 1, at[1] + 1, plain


def _indented_wrongly(text: str, last: int, said: str) -> tuple[int, int, str] | None:
    """What looks like a blank or a dash at the beginning of a line, and is none."""
    if "mapping values are not allowed" not in said:
        return None
    for number in (last - 1, last):
        line = _line(text, number)
        if _LINE_OF_WIDE_BLANKS.match(line):
            return number + 1, 1, "a full-width blank cannot indent: use blanks"
        if number < last and _DASH_ALONE.match(line):
            return number + 1, line.index("-") + 1, "a blank is missing after the dash"
    return None


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number] if 0 <= number < len(lines) else ""
