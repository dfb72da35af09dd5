"""What goes into the book of a collection: what may be shown, in the order it was given.

Whoever has taken something back is not in it; who is on no leaderboard is in it without a name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from handlers.people import voices
from handlers.ports import Context
from handlers.threads import entries
from sop.model import Group, Item, Thread
from sop.texts import text
from sop.times import localtime

MONTH: Final = len("2026-12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One entry as it is printed; `by` is a name, or a word for somebody."""

    number: int
    by: str
    day: date
    said: str
    likes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryBook:
    """The entries of a collection, with what stands on the cover."""

    title: str
    place: str
    span: str
    stories: tuple[Story, ...]


def book(context: Context, name: str, *, group: str = "", month: str = "") -> StoryBook | None:
    """Return the book of a collection, or of what was given in a month (2026-12).

    None where there was never such a collection.
    """
    threads = entries.times(context, name, group)
    if not threads:
        return None
    found = [
        story
        for thread in threads
        for each in entries.shown(context, thread)
        if (story := _story(context, each)).day.isoformat()[:MONTH].startswith(month)
    ]
    found.sort(key=lambda each: each.day)
    return StoryBook(
        title=threads[-1].title, place=_place(context, threads), span=_span(found),
        stories=tuple(found),
    )  # fmt: skip


def _story(context: Context, found: Item) -> Story:
    return Story(
        number=found.number, by=entries.name(context, found),
        day=localtime.local_date(found.at, context.book.zone), said=found.text.strip(),
        likes=voices.count(context, found.source),
    )  # fmt: skip


def _place(context: Context, threads: Sequence[Thread]) -> str:
    groups = {each.group for each in threads}
    if len(groups) == 1:
        group = context.store.get(Group, context.community, groups.pop())
        if group is not None and group.title:
            return group.title
    return context.book.pack.title


def _span(found: Sequence[Story]) -> str:
    if not found:
        return ""
    months = list(dict.fromkeys(_months(found)))
    first, last = months[0], months[-1]
    return first if first == last else text("books.span", first=first, last=last)


def _months(found: Sequence[Story]) -> Iterator[str]:
    return (text("books.month", year=each.day.year, month=each.day.month) for each in found)
