"""Steps that count from a group's beginning or a joining follow the pack that comes into force.

Whoever began or joined earlier has the step too, at its time of now, where that is still to come.
Nothing due before now is planned, and what has run or begun does not come again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.ports import Context
from handlers.timing import scheduling
from sop.model import Group, Member, Occurrence
from sop.pack.pack_steps import Step
from sop.times.durations import DAY_MS
from sop.triggers import triggers

BEGINNINGS: Final = frozenset({scheduling.CREATED, scheduling.ADOPTED})

CAUSES: Final = {
    scheduling.CREATED: triggers.GroupCreated,
    scheduling.ADOPTED: triggers.GroupAdopted,
    scheduling.STINT: triggers.MemberJoined,
}
"""How the cause of an occurrence begins that such a trigger has planned."""

Rows = Mapping[str, Sequence[Occurrence]]


def follow(context: Context, groups: Iterable[Group], step: Step, planned: Rows) -> None:
    """Plan anew what counts from an event; `planned` is what is pending of the step, by group."""
    if isinstance(step.when, triggers.MemberJoined):
        _follow_members(context, groups, step, planned)
    elif isinstance(step.when, triggers.GroupCreated | triggers.GroupAdopted):
        for group in groups:
            _follow_group(context, group, step, planned.get(group.id, ()))


def left_behind(step: Step, rows: Iterable[Occurrence]) -> list[Occurrence]:
    """Return what a trigger that the step no longer has had planned for one group or member."""
    return [
        row
        for row in rows
        if any(
            row.cause.startswith(cause) and not isinstance(step.when, trigger)
            for cause, trigger in CAUSES.items()
        )
    ]


def _follow_group(context: Context, group: Group, step: Step, rows: Sequence[Occurrence]) -> None:
    due = scheduling.due_of_group(context, group, step)
    own = [row for row in rows if row.cause in BEGINNINGS]
    if any(_begun(row, context.now) or row.due_at == due for row in own):
        return
    _drop(context, own)
    if due is not None and due > context.now and not _have_run(context, group, step, BEGINNINGS):
        scheduling.plan_for_group(context, group, step)


def _follow_members(context: Context, groups: Iterable[Group], step: Step, planned: Rows) -> None:
    newcomers = _newcomers(context, step)
    for group in groups:
        rows = [row for row in planned.get(group.id, ()) if _is_of_joining(row)]
        when = scheduling.counted(context, step)
        planned_already: set[tuple[str, str]] = set()
        for row in rows:
            if _begun(row, context.now) or row.body.get("when") == when:
                planned_already.add((row.subject, row.cause))
            else:
                _drop(context, [row])
        lacking = [
            member for member in newcomers.get(group.id, ())
            if (str(member.person), _cause(member)) not in planned_already
        ]  # fmt: skip
        have_run = _have_run(context, group, step, {_cause(member) for member in lacking})
        for member in lacking:
            if (str(member.person), _cause(member)) not in have_run:
                scheduling.plan_for_member(context, group, step, member)


def _newcomers(context: Context, step: Step) -> Mapping[str, Sequence[Member]]:
    """Return whose time is still to come, by group: seen to join, first come first."""
    assert isinstance(step.when, triggers.MemberJoined)
    offset = step.when.offset
    reach = offset.delay_ms if offset.days is None else (offset.days + 2) * DAY_MS
    found: dict[str, list[Member]] = defaultdict(list)
    for member in context.store.find(
        Member, community=context.community, left_at=0, came_at__gt=0,
        joined_at__gt=context.now - reach, order="joined_at",
    ) if reach else ():  # fmt: skip
        due = scheduling.due_of_member(context, step, member)
        if due is not None and due > context.now:
            found[member.group].append(member)
    return found


def _have_run(
    context: Context, group: Group, step: Step, causes: Iterable[str]
) -> set[tuple[str, str]]:
    """Return whose occurrence of one of these causes has been dealt with: (subject, cause)."""
    found = context.store.find(
        Occurrence, community=context.community, group=group.id, kind=scheduling.STEP,
        step=step.id, cause__in=sorted(causes), status="done",
    ) if causes else ()  # fmt: skip
    return {(row.subject, row.cause) for row in found}


def _begun(row: Occurrence, now: int) -> bool:
    """Tell whether an occurrence is held, in an open batch or overdue: no edit moves it."""
    return bool(row.version) or row.run_at <= now


def _is_of_joining(row: Occurrence) -> bool:
    return row.cause.startswith(scheduling.STINT)


def _cause(member: Member) -> str:
    return f"{scheduling.STINT}{member.stint}"


def _drop(context: Context, rows: Iterable[Occurrence]) -> None:
    for row in rows:
        context.store.put(replace(row, status="dropped"))
