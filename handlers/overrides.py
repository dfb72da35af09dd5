"""What is in force in a group: its pack, with what its binding has otherwise."""

from datetime import date

from handlers.ports import Context
from sop.book import Book
from sop.durations import Span
from sop.model import Group
from sop.pack_budget import Budget


def book_of(context: Context, group: Group) -> Book:
    """The pack as it is in force in the group, whichever group the event is in."""
    return context.book.of(group.override)


def quiet_of(context: Context, group: Group) -> Span | None:
    """The quiet hours in force in the group."""
    return book_of(context, group).pack.quiet


def budget_of(context: Context, group: Group) -> Budget:
    """What the bot may start by itself in the group, per local day."""
    return book_of(context, group).pack.budget


def skipped(context: Context, group: Group, day: date) -> bool:
    """Tell whether timed steps are silenced in the group on that local day."""
    return any(day in days for days in book_of(context, group).pack.skip)
