"""What a group has otherwise than its pack, as its binding says."""

from datetime import date

from handlers.ports import Context
from sop.durations import Span
from sop.model import Group


def quiet_of(context: Context, group: Group) -> Span | None:
    """The quiet hours in force in the group."""
    own = group.override.get("quiet")
    if own is None:
        return context.book.pack.quiet
    return Span(start_minute=own[0], end_minute=own[1])


def skipped(group: Group, day: date) -> bool:
    """Tell whether the binding silences timed steps on that local day."""
    return any(first <= day.isoformat() <= last for first, last in group.override.get("skip", ()))
