"""`qunyun knowledge` of collections: entries as a page or a table, and who put things right."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, astuple
from io import StringIO
from pathlib import Path

from bot.broken import Broken
from bot.commands import wanted as which
from bot.commands.wanted import Wanted
from bot.operations.operating import Operation
from handlers.collections.collected import COLUMNS, Collected, Fixer, collected, fixers
from handlers.collections.collected_pages import page
from handlers.ports import Context
from sop.times.durations import HOUR_MS

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run by a spreadsheet."""


def exported(operation: Operation, wanted: Wanted, out: Path) -> Iterator[str]:
    """Write what a collection has brought, every time it was open: as `out` is called."""
    found: list[Collected] = []
    for community, name in which.groups(operation, wanted):

        def read(context: Context, name: str = name) -> list[Collected]:
            return collected(context, which.group(context, name), wanted.collection)

        found += operation.look(community, read)
    if not found:
        raise Broken(f"nothing was ever collected as {wanted.collection}")
    as_table = out.suffix.casefold() == ".csv"
    written = _table(found) if as_table else "\n".join(map(page, found))
    try:
        # A spreadsheet takes a table for UTF-8 only by the mark at its beginning.
        out.write_text(written, "utf-8-sig" if as_table else "utf-8", newline="")
    except OSError as error:
        raise Broken(f"{out}: cannot be written ({error.strerror})") from None
    yield f"{out}: {sum(len(each.rows) for each in found)} entries"


def _table(found: list[Collected]) -> str:
    written = StringIO(newline="")
    table = csv.writer(written)
    table.writerow(("group", "opened_on", *COLUMNS))
    for each in found:
        for row in each.rows:
            table.writerow(map(_cell, (each.group, each.opened_on, *astuple(row))))
    return written.getvalue()


def _cell(value: object) -> str:
    said = str(value)
    return f"'{said}" if said.startswith(_FORMULA) else said


def who_fixed(operation: Operation, wanted: Wanted, *, as_json: bool) -> Iterator[str]:
    """Say who has put how much right, how long that took on average, and what is open."""
    rows: list[tuple[str, str, Fixer]] = []
    for community, name in which.groups(operation, wanted):

        def read(context: Context, name: str = name) -> list[Fixer]:
            return fixers(context, which.group(context, name), wanted.collection)

        rows += ((community, name, each) for each in operation.look(community, read))
    if as_json:
        lines = [
            {"community": where, "group": group, **asdict(each)} for where, group, each in rows
        ]
        return iter([json.dumps(lines, ensure_ascii=False)])
    return iter([_in_words(*each) for each in rows] or ["no snag was ever reported"])


def _in_words(community: str, group: str, found: Fixer) -> str:
    took = f", {found.took_ms / HOUR_MS:.1f} h on average" if found.fixed else ""
    who = found.name or "(staff, nobody by name)"
    return f"{community}/{group} {who}: {found.fixed} fixed{took}, {found.open} open"
