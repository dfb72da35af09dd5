"""What a bare word of YAML 1.2 means: text, whole number, number, true, false or nothing.

`yes`, `no`, `on`, `off` and `08:30` are texts. A number remembers how it was written, because
an answer `007` or a word `1.10` is a text to the operator who wrote it.
"""

import re
from math import isfinite
from typing import Final

# Longer numbers are no counts, and int() has a limit of its own.
LONGEST_NUMBER: Final = 18
_INT: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_HEX_OR_OCTAL: Final = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_WORDS: Final = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "false": False,
}


class WrittenInt(int):
    """A whole number that knows the text it was written as."""

    written: str


class WrittenFloat(float):
    """A number that knows the text it was written as."""

    written: str


def resolve(text: str) -> object:
    """Return what the unquoted scalar `text` stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > LONGEST_NUMBER:
        return text
    return _number(text)


def _number(text: str) -> object:
    number: WrittenInt | WrittenFloat
    if _INT.fullmatch(text):
        number = WrittenInt(text)
    elif _HEX_OR_OCTAL.fullmatch(text):
        number = WrittenInt(text, 0)
    elif _FLOAT.fullmatch(text) and isfinite(float(text)):
        number = WrittenFloat(text)
    else:
        return text
    number.written = text
    return number
