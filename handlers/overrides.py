"""What is in force in a group: its pack, with what its binding has otherwise.

When the bot may speak is what is in force now; what it says is as what it began with has it.
"""

from datetime import date

from handlers.ports import Context
from sop.book import Book
from sop.model import Group
from sop.pack.pack_budget import Budget, Bundle
from sop.times.durations import Span


def book_of(context: Context, group: Group) -> Book:
    """The pack the event is handled under, as the group has it, whichever group it is in."""
    return context.book.of(group.override)


def quiet_of(context: Context, group: Group) -> Span | None:
    """The quiet hours in force in the group."""
    return _in_force(context, group).pack.quiet


def budget_of(context: Context, group: Group) -> Budget:
    """What the bot may start by itself in the group, per local day."""
    return _in_force(context, group).pack.budget


def bundle_of(context: Context, group: Group) -> Bundle | None:
    """When and how often the group's posts go out together, where they do."""
    return _in_force(context, group).pack.bundle


def skipped(context: Context, group: Group, day: date) -> bool:
    """Tell whether timed steps are silenced in the group on that local day."""
    return any(day in days for days in _in_force(context, group).pack.skip)


def _in_force(context: Context, group: Group) -> Book:
    return context.in_force.of(group.override)
