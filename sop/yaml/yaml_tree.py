"""Nodes from the events of a YAML parser, and plain data with places from nodes.

Every duplicate key is seen, a cycle or bomb of aliases is met before it grows, and nothing
recurses deeper than the limit.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sop.problems import Path, path_text
from sop.yaml.yaml_values import resolve

MAX_DEPTH: Final = 50
MAX_ALIASES: Final = 1_000

# What aliases may repeat in all; the file itself is bounded by its size.
_MAX_REPEATED: Final = 100_000

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
# What a terminal obeys; a text has no need of it.
_CONTROLS: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, counted from 1; `path` is its path in the file as text."""

    line: int
    column: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Plain data (dict, list, str, int, float, bool, None), places of its values and keys."""

    data: object
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]

    def place(self, path: Path) -> Place:
        """Return the place of the value at `path`, or of the nearest that holds it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.values:
                return self.values[path[:length]]
        return Place(1, 1, "")

    def key_place(self, path: Path) -> Place:
        """Return the place of the key that ends `path`."""
        return self.keys.get(path) or self.place(path)


class UnusableYamlError(Exception):
    """The file breaks a limit or is not YAML; holds the place and the sentence."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message


@dataclass(slots=True, kw_only=True)
class Node:
    """A scalar (`value`), a list (`items`) or a mapping (`entries`), and where it begins."""

    line: int
    column: int
    value: object = None
    items: list["Node"] | None = None
    entries: list[tuple["Node", "Node"]] | None = None
    key: "Node | None" = None

    def take(self, child: "Node") -> None:
        """Put a finished child in: an item, or in turns a key and its value."""
        if self.items is not None:
            self.items.append(child)
        elif self.entries is not None and self.key is not None:
            self.entries.append((self.key, child))
            self.key = None
        else:
            self.key = child


@dataclass(slots=True)
class Composer:
    """Builds nodes from events without recursion."""

    root: Node | None = None
    line: int = 1
    column: int = 1
    ended: tuple[int, int] = (1, 1)
    stack: list[Node] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    aliases: int = 0
    documents: int = 0

    def see(self, event: Any) -> None:
        """Take the next event of the parser."""
        self.line, self.column = event.start_mark.line + 1, event.start_mark.column + 1
        handle = getattr(self, f"_{type(event).__name__}", None)
        if handle is not None:
            handle(event)
        self.ended = (event.end_mark.line + 1, event.end_mark.column + 1)

    def _DocumentStartEvent(self, event: Any) -> None:  # noqa: N802 - the event's name
        self.documents += 1
        if self.documents > 1:
            raise self._refused("a second document begins here: a file holds one")
        if event.version not in {None, (1, 2)}:
            raise self._refused("files are read as YAML 1.2: remove this line")

    def _ScalarEvent(self, event: Any) -> None:  # noqa: N802 - the event's name
        value = resolve(event.value) if event.implicit[0] else event.value
        if event.start_mark.index == event.end_mark.index:
            # Nothing is here; what comes next may stand many lines below.
            self.line, self.column = self.ended
        self._close(self._node(event, value=value))

    def _SequenceStartEvent(self, event: Any) -> None:  # noqa: N802 - the event's name
        self._open(self._node(event, items=[]))

    def _MappingStartEvent(self, event: Any) -> None:  # noqa: N802 - the event's name
        self._open(self._node(event, entries=[]))

    def _SequenceEndEvent(self, _event: Any) -> None:  # noqa: N802 - the event's name
        self._close(self.stack.pop())

    def _MappingEndEvent(self, _event: Any) -> None:  # noqa: N802 - the event's name
        self._close(self.stack.pop())

    def _AliasEvent(self, event: Any) -> None:  # noqa: N802 - the event's name
        self.aliases += 1
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self._refused(
                "this alias has no anchor before it; a text that begins with * stands in quotes"
            )
        if self.aliases > MAX_ALIASES:
            raise self._refused(f"more than {MAX_ALIASES:,} aliases")
        if any(node is each for each in self.stack):
            raise self._refused("this alias stands inside its own anchor")
        self._close(node)

    def _node(self, event: Any, **content: Any) -> Node:
        if event.tag is not None:
            raise self._refused("tags (!…) are not used here: remove it")
        node = Node(line=self.line, column=self.column, **content)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _open(self, node: Node) -> None:
        self.stack.append(node)
        if len(self.stack) > MAX_DEPTH:
            raise self._refused(f"deeper than {MAX_DEPTH} levels")

    def _close(self, node: Node) -> None:
        if self.stack:
            self.stack[-1].take(node)
        else:
            self.root = node

    def _refused(self, message: str) -> UnusableYamlError:
        return UnusableYamlError(self.line, self.column, message)


@dataclass(slots=True)
class Flat:
    """Turns nodes into plain data and places."""

    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    repeated: int = 0

    def add(self, node: Node, path: Path, depth: int) -> object:
        """Return the plain data of a node; bounded in depth and in what aliases repeat."""
        if id(node) in self.seen:
            self.repeated += 1
        self.seen.add(id(node))
        if depth > MAX_DEPTH or self.repeated > _MAX_REPEATED:
            raise UnusableYamlError(node.line, node.column, "aliases repeat too much here")
        place = self.values[path] = Place(node.line, node.column, path_text(path))
        if node.items is not None:
            pairs = enumerate(node.items)
            return [self.add(item, (*path, index), depth + 1) for index, item in pairs]
        if node.entries is not None:
            return self._mapping(node.entries, path, depth)
        if isinstance(node.value, str) and _unfit(node.value):
            self.problems.append((place, _unfit(node.value)))
            return _CONTROLS.sub("\ufffd", _UNSTORABLE.sub("\ufffd", node.value))
        return node.value

    def _mapping(
        self, entries: list[tuple[Node, Node]], path: Path, depth: int
    ) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, name, message in _named(entries):
            inner = (*path, name)
            place = Place(key[0].line, key[0].column, path_text(inner))
            if message or name in data:
                self.problems.append((place, message or "this key is here already"))
                continue
            self.keys[inner] = place
            data[name] = self.add(key[1], inner, depth + 1)
        return data


def _named(entries: list[tuple[Node, Node]]) -> Iterator[tuple[tuple[Node, Node], str, str]]:
    """Yield entries with the name of each and, where it cannot be a key, why."""
    for entry in entries:
        name, message = _name(entry[0])
        yield entry, name, message


def _name(key: Node) -> tuple[str, str]:
    if key.value is None:
        return "?", "a key is one word; a text that begins with {{ or [ stands in quotes"
    written = getattr(key.value, "written", key.value)
    name = str(written).lower() if isinstance(written, bool) else str(written)
    if name == "<<":
        return name, "merge keys are not part of YAML 1.2: write the keys out"
    unfit = _unfit(name)
    return ("?", unfit) if unfit else (name, "")


def _unfit(written: str) -> str:
    """Return why a text cannot stand in a pack, or an empty text."""
    if _UNSTORABLE.search(written):
        return "holds a character that is not a character"
    return "holds a control character: leave it out" if _CONTROLS.search(written) else ""
