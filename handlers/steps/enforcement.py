"""A pack comes into force: the groups are as bound, and what is planned follows the pack.

Enforcing the same pack again changes nothing, so it is safe at every start.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.figures import adopting
from handlers.ledger import seasons
from handlers.ports import Context, Outcome
from handlers.steps import nights
from handlers.timing import absences, relative, replanning, scheduling
from sop.events import PackEnforced
from sop.model import Group, Occurrence
from sop.pack.pack_steps import Step
from sop.triggers import triggers

STEP_KINDS: Final = frozenset({scheduling.STEP, scheduling.SILENCE, absences.LOOK})
"""Occurrences that belong to a step; deadlines of the program's own outlive an edit."""

Rows = list[Occurrence]


def enforce(event: PackEnforced, context: Context) -> Outcome:
    """Take over the groups as bound, and bring what is planned in line with the pack."""
    groups = _bind(event.groups, context)
    planned = _pending(context)

    _drop_lost(context, groups, planned)
    for step in context.book.pack.steps:
        _follow(context, step, groups.values(), planned)
    nights.plan_daily(context, planned.get((nights.DAILY, ""), {}).get("", []))
    nights.follow_edit(context)
    seasons.plan_turn(context)

    return Outcome()


def follow_group(context: Context, group: Group) -> None:
    """Bring what is planned of time-driven steps in a group in line with its values of now."""
    planned = _pending(context)
    for step in (context.book.base or context.book).pack.steps:
        rows = _timed(planned, step).get(group.id, [])
        if not isinstance(step.when, triggers.TimeTrigger):
            continue
        if scheduling.runs_in(step, group) and scheduling.step_in(context, group, step):
            replanning.follow_edit(context, [group], step, {group.id: rows})
        else:
            _drop(context, _not_begun(rows))


def _bind(bound: Sequence[Group], context: Context) -> Mapping[str, Group]:
    """Store groups as bound, keep what they have lived through; the rest is retired."""
    known = {each.id: each for each in context.store.find(Group, community=context.community)}
    followed = adopting.followed(context, bound)
    groups = {name: _merged(each, known.get(name)) for name, each in followed.items()}
    for name, group in groups.items():
        if group != known.get(name):
            context.store.put(group)
    for name, group in known.items():
        if name not in groups and not group.retired:
            context.store.put(replace(group, retired=True, threads=()))
    return groups


def _merged(bound: Group, known: Group | None) -> Group:
    """Let what is bound win; people in charge stay as learned where the binding names none."""
    if known is None:
        return bound
    return replace(
        known,
        kind=bound.kind,
        title=bound.title,
        owner=bound.owner or known.owner,
        staff=bound.staff or known.staff,
        owner_learned=known.owner_learned and not bound.owner,
        staff_learned=known.staff_learned and not bound.staff,
        channels=bound.channels,
        starts=bound.starts,
        override=bound.override,
        retired=False,
    )


Planned = Mapping[tuple[str, str], Mapping[str, Rows]]
"""What is pending, by (kind, step) and then by group."""


def _pending(context: Context) -> Planned:
    found: dict[tuple[str, str], dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for row in context.store.find(Occurrence, community=context.community, status="pending"):
        found[row.kind, row.step][row.group].append(row)
    return found


def _drop_lost(context: Context, groups: Mapping[str, Group], planned: Planned) -> None:
    """Drop what waits for a group that is no longer bound or a step that no longer exists."""
    for (kind, step_id), by_group in planned.items():
        step = context.book.step(step_id) if kind in STEP_KINDS else None
        for name, rows in by_group.items():
            unbound = bool(name) and name not in groups
            gone = kind in STEP_KINDS and step is None
            if unbound:
                _drop(context, rows)
            elif gone:
                _drop(context, _not_begun(rows))


def _follow(context: Context, step: Step, groups: Iterable[Group], planned: Planned) -> None:
    """Plan what the step's trigger needs ahead; drop what an earlier trigger had planned."""
    meant = [
        group
        for group in groups
        if scheduling.runs_in(step, group) and scheduling.step_in(context, group, step)
    ]
    timed = _timed(planned, step)
    silent = planned.get((scheduling.SILENCE, step.id), {})
    if isinstance(step.when, triggers.TimeTrigger):
        replanning.follow_edit(context, meant, step, timed)
    own = planned.get((scheduling.STEP, step.id), {})
    for planned_here in own.values():
        _drop(context, _not_begun(relative.left_behind(step, planned_here)))
    relative.follow(context, meant, step, own)
    for group in meant if isinstance(step.when, triggers.Silence) else ():
        _follow_silence(context, group, step, silent.get(group.id, ()))
    absent = _absent(planned, step)
    for group in meant if isinstance(step.when, triggers.Inactive) else ():
        absences.follow(context, group, step, absent.get(group.id, ()))
    names = {group.id for group in meant}
    for kind, rows in (
        (triggers.TimeTrigger, timed), (triggers.Silence, silent), (triggers.Inactive, absent),
    ):  # fmt: skip
        lost = {} if isinstance(step.when, kind) else rows
        for name in rows.keys() - names | lost.keys():
            _drop(context, _not_begun(rows[name]))


def _timed(planned: Planned, step: Step) -> Mapping[str, Rows]:
    by_group = planned.get((scheduling.STEP, step.id), {})
    timed = {name: [row for row in rows if not row.cause] for name, rows in by_group.items()}
    return {name: rows for name, rows in timed.items() if rows}


def _absent(planned: Planned, step: Step) -> Mapping[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for kind in (absences.LOOK, scheduling.STEP):
        for name, rows in planned.get((kind, step.id), {}).items():
            found[name] += absences.of_absence(rows)
    return {name: rows for name, rows in found.items() if rows}


def _follow_silence(
    context: Context, group: Group, step: Step, rows: Sequence[Occurrence]
) -> None:
    """Keep a look ahead; a spell that was long enough before the step existed counts from now."""
    found = scheduling.silence_due(context, group, step)
    if found is None:
        _drop(context, rows)
        return
    since, due = found
    right = [row for row in rows if _looks(row, since, due, context.now)]
    _drop(context, [row for row in rows if row not in right])
    if right:
        return
    if due <= context.now:
        _, due = scheduling.silence_due(context, group, step, context.now) or found
    context.store.put(
        Occurrence(
            community=context.community, group=group.id, kind=scheduling.SILENCE, step=step.id,
            subject="", cause=str(since), due_at=due, run_at=due,
            rank=scheduling.rank_of(context, scheduling.SILENCE, step.id),
        )
    )  # fmt: skip


def _looks(row: Occurrence, since: int, due: int, now: int) -> bool:
    """Tell whether the planned look comes in time: at a spell's end, or earlier if it is over.

    In a spell that has been noticed already, the next look may come at any time.
    """
    if row.body.get("held") or row.due_at <= now:
        return True
    if row.cause == str(since):
        return row.due_at == due or due <= now
    return row.due_at <= due


def _not_begun(rows: Iterable[Occurrence]) -> Rows:
    """What no edit ends: held posts and open batches are finished as they began."""
    return [row for row in rows if not row.version]


def _drop(context: Context, rows: Iterable[Occurrence]) -> None:
    for row in rows:
        context.store.put(replace(row, status="dropped"))
