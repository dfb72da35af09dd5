"""Entries of collections as they stand: which are shown, whose they are, and how they rank.

An entry is a numbered item of a thread of the kind `collect`; the thread's name is the
collection's id. Whoever shows entries asks here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from handlers.replies import excerpt
from handlers.threads.open_threads import COLLECT
from sop.activities import collecting
from sop.activities.collecting import HIDDEN, Entry, Place
from sop.model import Item, Like, Person, Thread
from sop.texts import text
from sop.times import localtime

LENGTH: Final = 40
"""Characters of an entry's text where several are named."""


def is_shown(found: Item) -> bool:
    """Tell whether an item may be shown to anybody but its author and staff."""
    return found.status not in HIDDEN


def times(context: Context, name: str, group: str = "") -> Sequence[Thread]:
    """Return every time the collection was open, in that group or in any, the oldest first."""
    where: dict[str, Any] = {"group": group} if group else {}
    return context.store.find(
        Thread, community=context.community, name=name, kind=COLLECT, order="id", **where
    )


def newest(context: Context, name: str, group: str = "") -> Thread | None:
    """Return the collection of that id that was opened last, in that group or in any."""
    where = {"group": group} if group else {}
    found = context.store.find(
        Thread, community=context.community, name=name, kind=COLLECT, order="-id", limit=1, **where
    )
    return found[0] if found else None


def liked(context: Context, like: Like) -> Item | None:
    """Return the item that a like is of; None where it is of a message or somebody as such."""
    kind, _, rest = like.target.partition(":")
    group, _, number = rest.rpartition(":")
    return (
        context.store.get(Item, context.community, group, int(number)) if kind == "item" else None
    )


def every(context: Context, thread: Thread, **where: Any) -> list[Item]:
    """Return the entries of a collection in the order they came, also those not shown."""
    return list(
        context.store.find(
            Item, community=context.community, thread=thread.id, order="number", **where
        )
    )


def shown(context: Context, thread: Thread) -> list[Item]:
    """Return the entries of a collection that may be shown, in the order they came."""
    return [each for each in every(context, thread) if is_shown(each)]


def waiting(context: Context, thread: Thread) -> int:
    """Return how many entries of a collection staff have not looked at."""
    return context.store.count(
        Item, community=context.community, thread=thread.id, status=collecting.PENDING
    )


def author(context: Context, found: Item) -> Person | None:
    """Return whose an entry is, as they are known now; None where nobody may know."""
    return people.current(context.store, context.community, found.person)


def name(context: Context, found: Item) -> str:
    """Return what to call the author of an entry: by name only who may be named."""
    return name_of(author(context, found))


def name_of(person: Person | None) -> str:
    """Return a name, or a word for somebody where it must not be told."""
    if person is None or person.unranked:
        return people.shown(None)
    return people.shown(person)


def likes(context: Context, thread: Thread) -> Mapping[str, tuple[int, int]]:
    """Return how many likes everything has that was liked while the collection was open.

    By the name of what is liked: how many, and when the last of them came.
    """
    found: dict[str, tuple[int, int]] = {}
    rows = context.store.rows(
        Like, ("target", "at"), community=context.community, group=thread.group,
        status="counted", at__ge=thread.opened_at, at__lt=thread.closes_at, counts=True,
    )  # fmt: skip
    for target, at in rows:
        count, last = found.get(target, (0, 0))
        found[target] = count + 1, max(last, at)
    return found


def ranked(
    context: Context, thread: Thread, found: Iterable[Item] | None = None
) -> tuple[Place, ...]:
    """Return the places of a collection as its rules have it; what is not shown has none.

    Nor has who left before it ended: the next one moves up.
    Where somebody is nominated they have one place, also if two names have turned out to be one.
    """
    body, liked = thread.body, likes(context, thread)
    items = shown(context, thread) if found is None else list(found)
    given = (_entry(context, each, liked) for each in items)
    if body["nominate"]:
        named = {each.number: each.about for each in items}
        given = (replace(each, person=_now(context, named[each.number])) for each in given)
    if not body["team"]:
        # A team keeps what somebody gave to it; whoever went alone gives up their place.
        gone = people.gone(context, thread.closes_at)
        given = (each for each in given if each.person not in gone)
    return collecting.ranked(
        given, per="person" if body["nominate"] else body["per"], team=bool(body["team"]),
        by_days=body["kind"] == "checkin",
    )  # fmt: skip


def _now(context: Context, number: int) -> int:
    person = people.current(context.store, context.community, number)
    return person.id if person else 0


def _entry(context: Context, found: Item, liked: Mapping[str, tuple[int, int]]) -> Entry:
    person = author(context, found)
    count, last = liked.get(found.source, (0, 0))
    day = localtime.local_date(found.at, context.book.zone).isoformat()
    return Entry(
        number=found.number, person=person.id if person else 0, at=found.at, team=found.team,
        likes=count, liked_at=last, day=day,
    )  # fmt: skip


def best_lines(context: Context, name: str, count: int, group: str = "") -> str:
    """Return the most liked entries of a collection's last time in words, one a line."""
    thread = newest(context, name, group)
    if thread is None:
        return ""
    items = {each.number: each for each in shown(context, thread)}
    liked = likes(context, thread)
    places = collecting.ranked(_entry(context, each, liked) for each in items.values())
    best = places[: max(count, 0)]
    return "\n".join(line(context, items[each.numbers[0]], each.likes) for each in best)


def line(context: Context, found: Item, likes_: int) -> str:
    """Name an entry in one line, as a summary does."""
    return text(
        "collect.line", number=found.number, name=name(context, found),
        text=excerpt(found.text, LENGTH), likes=likes_,
    )  # fmt: skip


def thread_of(context: Context, number: int) -> Thread | None:
    """Return the collection of that thread's number, open or closed."""
    found = context.store.get(Thread, context.community, number) if number else None
    return found if found is not None and found.kind == COLLECT else None
