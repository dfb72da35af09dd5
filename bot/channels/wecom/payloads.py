"""Bounded reading of XML and JSON that strangers send; knows no field of WeCom's.

XML becomes nested dicts: an element with children a dict, a repeated element a list, any other
element its text; attributes are left out. Nothing here recurses with the input's depth.
"""

import json
import re
from typing import NoReturn
from xml.parsers import expat

from bot.channels.wecom.crypto import CallbackMalformed

# The limit of a callback's body; what is inside it is shorter still.
MAX_BYTES = 1 << 20
# WeCom's deepest payload (a card's selected options) has 6 levels.
MAX_DEPTH = 32
# A group of 2,000 members needs one element each.
MAX_ELEMENTS = 20_000

# Characters that XML forbids, that PostgreSQL refuses or that no encoder takes.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# A JSON string as a whole (closed or not, so that no position is read twice), or a bracket.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{\]}]', re.DOTALL)
_NESTING = {"[": 1, "{": 1, "]": -1, "}": -1}


def clean(text: str) -> str:
    """Leave out control characters except tab and line ends; a lone surrogate becomes U+FFFD."""
    return text if text.isprintable() else _UNFIT.sub(_stand_in, text)


def parse(text: str) -> dict[str, object]:
    """Read JSON if it begins with a brace, else XML; CallbackMalformed if it is neither."""
    return parse_json(text) if text.lstrip()[:1] == "{" else parse_xml(text)


def parse_xml(text: str) -> dict[str, object]:
    """Give what the root `<xml>` holds.

    CallbackMalformed on anything broken, on a DOCTYPE (so that no entity can be declared) and
    past MAX_BYTES characters, MAX_DEPTH or MAX_ELEMENTS.
    """
    _check_length(text)
    tree = _Tree()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(clean(text.strip()), True)
    except expat.ExpatError as error:
        raise CallbackMalformed("the XML is broken") from error
    return tree.content()


def parse_json(text: str) -> dict[str, object]:
    """Give a JSON object; CallbackMalformed on anything else, NaN included, or past the limits."""
    _check_length(text)
    if _too_deep(text):
        raise CallbackMalformed("the JSON is nested too deep")
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise CallbackMalformed("the JSON is broken") from error
    if not isinstance(value, dict):
        raise CallbackMalformed("the JSON is not an object")
    return value


class _Tree:
    """The element stack of one document: name, children and text of each open element."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, object], list[str]]] = [("", {}, [])]
        self._elements = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise CallbackMalformed("the XML has too many elements or levels")
        self._open.append((name, {}, []))

    def data(self, text: str) -> None:
        self._open[-1][2].append(text)

    def end(self, _name: str) -> None:
        name, children, texts = self._open.pop()
        siblings = self._open[-1][1]
        value = children or "".join(texts)
        earlier = siblings.get(name)
        if name not in siblings:
            siblings[name] = value
        elif isinstance(earlier, list):
            earlier.append(value)
        else:
            siblings[name] = [earlier, value]

    def content(self) -> dict[str, object]:
        root = self._open[0][1].get("xml")
        if not isinstance(root, dict):
            raise CallbackMalformed("the XML has no root <xml> with elements")
        return root


def _stand_in(unfit: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= unfit[0] <= "\udfff" else ""


def _check_length(text: str) -> None:
    if len(text) > MAX_BYTES:
        raise CallbackMalformed("the text is too long")


def _refuse_doctype(*_declaration: object) -> NoReturn:
    raise CallbackMalformed("a DOCTYPE is not allowed")


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _too_deep(text: str) -> bool:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return False
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        depth += _NESTING.get(token[0], 0)
        if depth > MAX_DEPTH:
            return True
    return False


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
