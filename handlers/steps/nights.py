"""What changes by time alone: looked at once a night, in slices, soon after local midnight.

What an edit of the pack makes of everybody's score and level is looked at at once.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers.ledger import edits, ledger
from handlers.moderation import observing
from handlers.pools import stocktaking
from handlers.ports import Context, Outcome
from handlers.recognition import moments, rollcall
from handlers.timing import scheduling
from sop.actions import Action
from sop.events import StepDue
from sop.model import Occurrence, Person
from sop.times import localtime

DAILY: Final = "daily"

ANEW: Final = "scores-anew"
"""The kind of occurrence at which all scores and levels are settled anew, and the name under which
it is remembered what they followed from."""

MINUTE_OF_DAY: Final = 5
"""00:05 local."""

SLICE: Final = 100
"""Persons looked at in one event, so that messages need not wait for all of them."""


def next_night(context: Context) -> int:
    """Return the next 00:05 local."""
    zone = context.book.zone
    today = localtime.local_date(context.now, zone)
    tonight = localtime.instant(today, MINUTE_OF_DAY, zone)
    if tonight > context.now:
        return tonight
    return localtime.instant(today + timedelta(days=1), MINUTE_OF_DAY, zone)


def plan_daily(context: Context, planned: Iterable[Occurrence] = ()) -> None:
    """Plan the next night; of those `planned` before, one that is due or agrees stays."""
    due = next_night(context)
    nights = [row for row in planned if not row.cause]
    right = [row for row in nights if row.due_at == due or row.due_at <= context.now]
    for row in nights:
        if row not in right:
            context.store.put(replace(row, status="dropped"))
    if not right:
        context.store.put(
            Occurrence(
                community=context.community, group="", kind=DAILY, step="", subject="", cause="",
                due_at=due, run_at=due,
            )
        )  # fmt: skip


def follow_edit(context: Context) -> None:
    """After an edit of what scores and levels follow from, plan to settle all of them now."""
    pack = context.in_force.pack
    levels = [(level.id, level.at) for level in pack.levels]
    if edits.is_edited(context, ANEW, (pack.score.window_ms, pack.score.half_life_ms, levels)):
        scheduling.plan(context, "", ANEW, context.now)


def anew(event: StepDue, context: Context) -> Outcome:
    """Settle everybody's score and level by the pack as it is now, in slices."""
    occurrence = scheduling.occurrence_of(event, context)
    if occurrence is None or occurrence.status != "pending":
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    persons = context.store.find(
        Person, community=context.community, id__gt=int(event.cause or 0), merged_into=0,
        order="id", limit=SLICE,
    )  # fmt: skip
    if len(persons) == SLICE:
        scheduling.plan(
            context, "", ANEW, event.due_at, cause=str(persons[-1].id), run_at=context.now
        )
    return Outcome(tuple(line for person in persons for line in _look(context, person)))


def nightly(event: StepDue, context: Context) -> Outcome:
    """Notice levels that changed by time alone, in slices, and pools that run low."""
    occurrence = scheduling.occurrence_of(event, context)
    if occurrence is None or occurrence.status != "pending":
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    if not event.cause:
        plan_daily(context)
        rollcall.plan(context, event.due_at)
        stocktaking.plan(context)
        observing.plan(context)
    if not _fades(context):
        return Outcome()
    persons = _slice(event, context)
    if len(persons) == SLICE:
        scheduling.plan(
            context, "", DAILY, event.due_at, cause=str(persons[-1].id), run_at=context.now
        )
    return Outcome(tuple(line for person in persons for line in _look(context, person)))


def _slice(event: StepDue, context: Context) -> list[Person]:
    """Return the next persons with a score that was last computed before this night."""
    zone = context.book.zone
    midnight = localtime.local_midnight(localtime.local_date(context.now, zone), zone)
    found = context.store.find(
        Person, community=context.community, id__gt=int(event.cause or 0), score__ne=0,
        scored_at__lt=max(midnight, event.due_at), order="id", limit=SLICE,
    )  # fmt: skip
    return list(found)


def _look(context: Context, person: Person) -> tuple[Action, ...]:
    """Settle what the score is now; it may have risen too, where a loss was forgotten."""
    now = ledger.rescore(context, person.id)
    moments.crossed(context, person.id, person.score, now.score)
    return ledger.settle_level(context, person.id) if context.book.pack.levels else ()


def _fades(context: Context) -> bool:
    """Tell whether time alone changes a score at all."""
    score = context.book.pack.score
    return score.window_ms is not None or score.half_life_ms is not None
