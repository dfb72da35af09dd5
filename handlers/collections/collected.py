"""What collections have brought, to be kept elsewhere: entries that are shown, and figures.

Nothing in it says who gave an anonymous entry; who is on no list is not named.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

from handlers.collections import snags
from handlers.people import people
from handlers.ports import Context
from handlers.threads import entries
from handlers.threads.open_threads import COLLECT
from sop.model import Group, Item, Thread
from sop.times import localtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry as it stands. `about` is whom it nominates, or who put a snag right."""

    number: int
    day: str
    name: str
    team: str
    category: str
    about: str
    status: str
    likes: int
    text: str


COLUMNS: Final = tuple(each.name for each in fields(Row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was shown of a collection, one time it was open; days are local dates (ISO)."""

    group: str
    title: str
    opened_on: str
    closed_on: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixer:
    """What somebody has put right in a group; nobody in particular has no name."""

    name: str
    fixed: int
    open: int
    took_ms: int


def collected(context: Context, group: Group, name: str) -> list[Collected]:
    """Return every time the group has collected that, the oldest first."""
    return [_one(context, group, each) for each in entries.times(context, name, group.id)]


def _one(context: Context, group: Group, thread: Thread) -> Collected:
    likes = entries.likes(context, thread)
    rows = (
        _row(context, thread, each, likes.get(each.source, (0, 0))[0])
        for each in entries.shown(context, thread)
    )
    return Collected(
        group=group.title or group.id, title=thread.title,
        opened_on=_day(context, thread.opened_at), closed_on=_day(context, thread.closes_at),
        rows=tuple(rows),
    )  # fmt: skip


def _row(context: Context, thread: Thread, found: Item, likes: int) -> Row:
    about = people.current(context.store, context.community, found.about)
    return Row(
        number=found.number, day=_day(context, found.at), team=found.team,
        name="" if thread.body["anonymous"] else entries.name(context, found),
        category=found.category, about=entries.name_of(about) if about else "",
        status=found.status, likes=likes, text=found.text,
    )  # fmt: skip


def _day(context: Context, at: int) -> str:
    return localtime.local_date(at, context.book.zone).isoformat()


def fixers(context: Context, group: Group, name: str) -> list[Fixer]:
    """Return who sees to the snags of a collection, or of all where it has no name."""
    where: dict[str, Any] = {"name": name} if name else {}
    threads = context.store.find(
        Thread, community=context.community, group=group.id, kind=COLLECT,
        status__in=("open", "closed"), order="id", **where,
    )  # fmt: skip
    found: dict[int, snags.Figure] = {}
    for thread in threads:
        if thread.body["kind"] == "snag":
            for each in snags.figures(context, thread):
                known = found.get(each.person)
                found[each.person] = snags.together(known, each) if known else each
    return [_fixer(context, each) for each in sorted(found.values(), key=snags.busiest)]


def _fixer(context: Context, found: snags.Figure) -> Fixer:
    person = people.current(context.store, context.community, found.person)
    name = entries.name_of(person) if person else ""
    return Fixer(name=name, fixed=found.fixed, open=found.open, took_ms=found.took_ms)
