"""What is due, and when the next is: occurrences whose time has come, as events in order."""

from collections.abc import Sequence

from handlers.ports import Store
from sop.budgets.budget import turn
from sop.events import StepDue
from sop.model import Occurrence


def due_events(store: Store, now: int, limit: int) -> list[StepDue]:
    """Return up to `limit` due occurrences as events, the longest due first.

    What runs at the same moment goes by its priority, then in the order in which it had fallen
    due, then in the order of the pack: within a group whatever the limit cuts off, unless it
    alone has more than that.
    """
    rows = store.find(
        Occurrence, status="pending", run_at__le=now, order="run_at", limit=limit + 1
    )
    whole = _without_cut(rows[:limit], _moment(rows[limit])) if len(rows) > limit else rows
    ordered = sorted(whole, key=lambda row: (row.run_at, turn(row.rank, row.due_at)))
    return [event_of(row, now) for row in ordered]


def next_due(store: Store) -> int | None:
    """Return when the next occurrence is due, in ms UTC; None where nothing is planned."""
    rows = store.find(Occurrence, status="pending", order="run_at", limit=1)
    return rows[0].run_at if rows else None


def _without_cut(rows: Sequence[Occurrence], cut: tuple[int, str, str]) -> Sequence[Occurrence]:
    """Leave to the next look the moment of a group of which the limit has cut off a part."""
    return [row for row in rows if _moment(row) != cut] or rows


def _moment(row: Occurrence) -> tuple[int, str, str]:
    return row.run_at, row.community, row.group


def event_of(row: Occurrence, now: int) -> StepDue:
    """Return the event of one occurrence."""
    parts = (row.community, row.group, row.kind, row.step, row.subject, row.cause)
    return StepDue(
        key=f"due:{':'.join(parts)}:{row.due_at}",
        community=row.community,
        group=row.group,
        at=now,
        kind=row.kind,
        step=row.step,
        subject=row.subject,
        cause=row.cause,
        due_at=row.due_at,
    )
