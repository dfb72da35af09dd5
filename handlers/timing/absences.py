"""Members who fell silent: looked for a day ahead, one statement or two per group and step.

A spell begins with a member's last word (or their joining) and sets a step off once. Nothing is
planned while the group's channels do not hear everything: then nobody knows who is silent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from handlers.ports import Context, Outcome
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.events import StepDue
from sop.model import Group, Member, Occurrence
from sop.pack.pack_steps import Step
from sop.times.durations import DAY_MS
from sop.triggers import triggers

LOOK: Final = "inactive"
"""The kind of occurrence that looks for silent members."""

SPELL: Final = "spell:"
"""How the cause of a step begins that a silent spell has set off; its first instant follows."""


def follow(context: Context, group: Group, step: Step, planned: Sequence[Occurrence]) -> None:
    """Keep one look ahead; `planned` is what is pending of the step in the group.

    Who was silent for long enough before the step was in force, or before the group was heard
    whole, is missed as long after that. What has begun stays.
    """
    assert isinstance(step.when, triggers.Inactive)
    heard = channels.hears_all(group.channels)
    looks = [row for row in planned if row.kind == LOOK]
    if len(looks) == 1 and _is_right(looks[0], step.when.ms, context.now, heard=heard):
        return
    for row in planned:
        if not row.version:
            context.store.put(replace(row, status="dropped"))
    deaf_before = not heard or any(not row.body["heard"] for row in looks)
    _plan(
        context, group, step, context.now, heard=heard, since=context.now,
        known=context.now if deaf_before else context.now - step.when.ms,
    )  # fmt: skip


def _is_right(look: Occurrence, ms: int, now: int, *, heard: bool) -> bool:
    """Tell whether the look planned is the one wanted, and no later: a clock may be put back."""
    body = look.body
    return body["ms"] == ms and body["heard"] == heard and look.due_at <= now + _span(ms)


def _span(ms: int) -> int:
    """How far a look looks ahead: nobody's silence can begin and be long enough in that time."""
    return min(ms, DAY_MS)


def look(event: StepDue, context: Context) -> Outcome:
    """Plan the steps of all whose spell will be long enough before the next look."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    step = context.book.step(event.step)
    if step is None or group is None or group.retired:
        return Outcome()
    if not isinstance(step.when, triggers.Inactive):
        return Outcome()
    until = max(context.now, occurrence.due_at) + _span(step.when.ms)
    body = occurrence.body
    if not channels.hears_all(group.channels):
        body = {"since": until, "known": until}
    else:
        _plan_steps(context, group, step, list(_missed(context, group, step, occurrence, until)))
    _plan(
        context, group, step, until, heard=channels.hears_all(group.channels),
        since=body["since"], known=body["known"],
    )  # fmt: skip
    return Outcome()


def began(member: Member) -> int:
    """When the member's present spell of silence began."""
    return max(member.last_at, member.joined_at)


def lasts(group: Group, member: Member, cause: str) -> bool:
    """Tell whether the silent spell that caused a step still lasts, as far as anybody can tell."""
    return channels.hears_all(group.channels) and cause == f"{SPELL}{began(member)}"


def of_absence(rows: Iterable[Occurrence]) -> list[Occurrence]:
    """Return the looks, and what a look has planned."""
    return [row for row in rows if row.kind == LOOK or row.cause.startswith(SPELL)]


def _plan(
    context: Context, group: Group, step: Step, due: int, *, heard: bool, since: int, known: int
) -> None:
    assert isinstance(step.when, triggers.Inactive)
    body = {"ms": step.when.ms, "heard": heard, "since": since, "known": known}
    # Put, not planned: an edit may be taken back within the same instant.
    context.store.put(
        Occurrence(
            community=context.community, group=group.id, kind=LOOK, step=step.id, subject="",
            cause="", due_at=due, run_at=due, body=body,
        )
    )  # fmt: skip


def _plan_steps(
    context: Context, group: Group, step: Step, missed: Sequence[tuple[Member, int]]
) -> None:
    """Plan the step for each member at their time, unless it has run in the same spell."""
    causes = {f"{SPELL}{began(member)}" for member, _ in missed}
    known = context.store.find(
        Occurrence, community=context.community, group=group.id, kind=scheduling.STEP,
        step=step.id, status__in=("done", "pending"), cause__in=sorted(causes),
    ) if causes else ()  # fmt: skip
    told = {(row.subject, row.cause) for row in known}
    for member, due in missed:
        subject, cause = str(member.person), f"{SPELL}{began(member)}"
        if (subject, cause) not in told:
            # Put, not planned: a whole group may fall silent at once, and each is one look-up.
            context.store.put(
                Occurrence(
                    community=context.community, group=group.id, kind=scheduling.STEP,
                    step=step.id, subject=subject, cause=cause, due_at=due, run_at=due,
                    rank=scheduling.rank_of(context, scheduling.STEP, step.id),
                )
            )  # fmt: skip


def _missed(
    context: Context, group: Group, step: Step, occurrence: Occurrence, until: int
) -> Iterator[tuple[Member, int]]:
    """Yield whose time comes after the occurrence's, up to `until`, with that time."""
    assert isinstance(step.when, triggers.Inactive)
    ms, since, known = step.when.ms, occurrence.body["since"], occurrence.body["known"]
    last, first = until - ms, max(occurrence.due_at - ms, known)
    for spoke in (
        {"last_at__gt": first, "last_at__le": last, "joined_at__le": last},
        {"last_at__le": first, "joined_at__gt": first, "joined_at__le": last},
    ):
        for member in _present(context, group, spoke):
            yield member, began(member) + ms
    if occurrence.due_at < since + ms <= until:
        for member in _present(context, group, {"last_at__le": known, "joined_at__le": known}):
            yield member, since + ms


def _present(context: Context, group: Group, where: dict[str, Any]) -> Sequence[Member]:
    return context.store.find(
        Member, community=context.community, group=group.id, left_at=0, order="person", **where
    )
