"""Reading what is due: occurrences whose time has come, as events in order."""

from handlers.ports import Store
from sop.events import StepDue
from sop.model import Occurrence


def due_events(store: Store, now: int, limit: int) -> list[StepDue]:
    """Return up to `limit` due occurrences as events, the longest due first.

    What was held until the same moment keeps the order in which it had fallen due.
    """
    rows = store.find(Occurrence, status="pending", run_at__le=now, order="run_at", limit=limit)
    ordered = sorted(rows, key=lambda row: (row.run_at, row.due_at))
    return [event_of(row, now) for row in ordered]


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
