"""Pools whose content lies in files beside the pack: read, checked, and put into the pack.

What is wrong in such a file is told with its own name and line. One that is not there leaves
its pool empty: what drops from it is a task for people.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from sop.pack.pack import Item, Pack, Pool
from sop.pools.pool_items import Found, problem
from sop.pools.pool_lists import read_list
from sop.pools.pool_notes import in_reading_order, read_note
from sop.pools.pool_tables import read_table
from sop.problems import Path, Problem, path_text
from sop.yaml.schema_problems import Finding

MOST_ITEMS: Final = 5_000
"""Items of one pool: one a day for more than ten years."""

_BOM: Final = "\ufeff"
_CODECS: Final = ("utf-8-sig",)
# Table programs in China save a CSV file in GBK unless told otherwise.
_TABLE_CODECS: Final = (*_CODECS, "gb18030")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What lies at a pool's path: `files` by name (a folder's notes), or why it cannot be read.

    `pictures` are the other files of a folder: a note may name them.
    """

    files: tuple[tuple[str, bytes], ...] = ()
    folder: bool = False
    pictures: frozenset[str] = frozenset()
    error: str = ""


@runtime_checkable
class Reads(Protocol):
    """A collection of file names beside a pack that can also read pools."""

    def pool(self, path: str) -> Source | None:
        """Return what lies at a path below the pack's folder; None where nothing does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A pack with all its pools filled.

    `findings` are about the pack's own file, `problems` about others; `places` tells the file
    and line of items by pool and number.
    """

    pack: Pack
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    places: Mapping[tuple[str, int], tuple[str, int]]

    def told(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Problem]]:
        """Part what was found in the pack from what was found in items of other files."""
        own: list[Finding] = []
        others: list[Problem] = list(self.problems)
        for each in findings:
            place = self.places.get(_item_of(each.path))
            if place is None:
                own.append(each)
                continue
            others.append(
                Problem(
                    file=place[0], line=place[1], column=1, path=path_text(each.path[4:]),
                    message=each.message, suggestion=each.suggestion, severity=each.severity,
                )
            )  # fmt: skip
        return own, others


def _item_of(path: Path) -> tuple[str, int]:
    """Return the pool and number of the item that a path leads into; never there for others."""
    if len(path) > 3 and path[0] == "library" and isinstance(path[3], int):  # noqa: PLR2004 - library, pool, items, number
        return str(path[1]), path[3]
    return "", -1


def stocked(pack: Pack, files: Collection[str] | None) -> Stock:
    """Fill the pools that lie in files; without a reader of files they stay as they are."""
    outside = {name: pool for name, pool in pack.library.items() if pool.from_}
    if not outside or not isinstance(files, Reads):
        return Stock(pack=pack, places={})
    library = dict(pack.library)
    findings: list[Finding] = []
    problems: list[Problem] = []
    places: dict[tuple[str, int], tuple[str, int]] = {}
    for name, pool in outside.items():
        source = files.pool(str(pool.from_))
        if source is None or source.error:
            findings.append(_unread(name, str(pool.from_), source))
            continue
        found = list(_found(source, str(pool.from_)))
        problems += [each for one in found for each in one.problems]
        sound = [one for one in found if one.item is not None][:MOST_ITEMS]
        places |= {(name, index): (one.file, one.line) for index, one in enumerate(sound)}
        library[name] = _filled(pool, sound, source)
        if not found:
            findings.append(_empty(name, str(pool.from_)))
    return Stock(
        pack=pack.model_copy(update={"library": library}), findings=tuple(findings),
        problems=tuple(problems), places=places,
    )  # fmt: skip


def borrowed(pack: Pack, today: Pack) -> Pack:
    """Fill pools of an older pack with today's files: what lies beside it has no versions."""
    filled = {
        name: pool.model_copy(update={"items": today.library[name].items})
        for name, pool in pack.library.items()
        if pool.from_ and name in today.library and today.library[name].from_ == pool.from_
    }
    return pack.model_copy(update={"library": {**pack.library, **filled}}) if filled else pack


def _unread(name: str, path: str, source: Source | None) -> Finding:
    if source is None:
        message = f'"{path}" does not lie beside the pack: what drops from it will be a task'
        return Finding(path=("library", name, "from"), message=message, severity="warning")
    return Finding(path=("library", name, "from"), message=f'"{path}" {source.error}')


def _empty(name: str, path: str) -> Finding:
    message = f'"{path}" holds no items: what drops from it will be a task'
    return Finding(path=("library", name, "from"), message=message, severity="warning")


def _found(source: Source, path: str) -> Iterator[Found]:
    count = 0
    for name, data in sorted(source.files, key=lambda each: in_reading_order(each[0])):
        for found in _read(name, data):
            count += found.item is not None
            yield found
    if count > MOST_ITEMS:
        message = f"a pool holds at most {MOST_ITEMS:,} items, and this one has {count:,}"
        yield Found(path, 1, problems=(problem(path, 1, message),))


def _read(name: str, data: bytes) -> Iterable[Found]:
    is_table = name.casefold().endswith(".csv")
    try:
        text = _decoded(data, *_TABLE_CODECS if is_table else _CODECS)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "this is not UTF-8: save the file as UTF-8 (in a table program: CSV UTF-8)"
        return (Found(name, line, problems=(problem(name, line, message),)),)
    if name.casefold().endswith(".md"):
        return (read_note(text, name),)
    return read_table(text.removeprefix(_BOM), name) if is_table else read_list(data, name)


def _decoded(data: bytes, codec: str, *others: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        if not others:
            raise
        return _decoded(data, *others)


def _filled(pool: Pool, found: Sequence[Found], source: Source) -> Pool:
    items = [one.item for one in found if one.item is not None]
    if source.folder:
        items = [_with_own_picture(item, str(pool.from_), source) for item in items]
    return pool.model_copy(update={"items": tuple(items)})


def _with_own_picture(item: Item, folder: str, source: Source) -> Item:
    """Let a note's files be those of its folder, where they lie there, and not beside the pack."""
    own = {
        name: f"{folder}/{value}"
        for name in ("image", "video", "file")
        if (value := getattr(item, name)) and value in source.pictures
    }
    return item.model_copy(update=own) if own else item
