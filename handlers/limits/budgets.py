"""What the bot has started by itself: counted per group, member and period, in the database.

The count is what was decided, whatever became of the delivery: a lost post is not made up for
by one too many. Answers to members are never counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers import overrides
from handlers.ports import Context
from handlers.timing.scheduling import STEP
from handlers.traces import DROPPED, HELD, Verdict
from sop.actions import Action
from sop.budgets import budget
from sop.budgets.budget import Room
from sop.model import Group, Occurrence, Person, Spending
from sop.pack.pack_steps import Step
from sop.times import localtime, quiet
from sop.times.durations import Cap, format_duration

REASON: Final = "budget"

PERIODS: Final[Mapping[str, str]] = {"day": "today", "week": "this week"}


def group_room(context: Context, group: Group) -> Room | None:
    """Return what the group's budget has left now; None where the pack states none."""
    return _room(context, overrides.budget_of(context, group).group, f"group:{group.id}")


def member_room(context: Context, group: Group, person: int) -> Room | None:
    """Return what is left of private messages to the person; None where there is no limit."""
    return _room(context, overrides.budget_of(context, group).member, f"member:{person}")


def bundle_room(context: Context, group: Group, cap: Cap | None) -> Room | None:
    """Return how many bundles may still go out to the group; None where there is no limit."""
    return _room(context, cap, f"bundle:{group.id}")


def spend_bundle(context: Context, group: Group, cap: Cap | None) -> None:
    """Count a bundle that goes out."""
    if cap is not None:
        _spend(context, f"bundle:{group.id}", cap)


def spend_post(context: Context, group: Group) -> None:
    """Count a message to the group that the bot starts."""
    cap = overrides.budget_of(context, group).group
    if cap is not None:
        _spend(context, f"group:{group.id}", cap)


def short_of(
    context: Context, group: Group, wanted: int, *, bundled: bool = False
) -> Verdict | None:
    """Return until when so many posts have to wait for the group's budget; None: they fit."""
    room = group_room(context, group) if wanted and not bundled else None
    if room is None or room.admits(wanted):
        return None
    return _held(context, group, room, "the group", wanted)


def short_for(context: Context, group: Group, step: Step, person: Person) -> Verdict | None:
    """Return until when the step's private messages to the person have to wait, or None."""
    wanted = budget.letters(step)
    if not wanted or person.nudges_off:
        return None
    room = member_room(context, group, person.id)
    if room is None or room.admits(wanted):
        return None
    return _held(context, group, room, "the member", wanted)


def waited_for_nothing(context: Context, occurrence: Occurrence) -> Verdict | None:
    """Tell what waited for the budget until its next occurrence came, or for too long."""
    if occurrence.body.get("held") != REASON:
        return None
    if context.now - occurrence.due_at > budget.LONGEST_WAIT_MS:
        waited = format_duration(budget.LONGEST_WAIT_MS)
        return Verdict(verdict=DROPPED, reason=REASON, figures=(f"budget: no room for {waited}",))
    if occurrence.kind != STEP:
        return None
    later = context.store.find(
        Occurrence, community=context.community, group=occurrence.group, kind=occurrence.kind,
        step=occurrence.step, subject=occurrence.subject, due_at__gt=occurrence.due_at,
        due_at__le=context.now, status__in=("pending", "done"), order="due_at", limit=1,
    )  # fmt: skip
    if not later:
        return None
    figure = f"budget: its next occurrence came at {shown(context, later[0].due_at)}"
    return Verdict(verdict=DROPPED, reason=REASON, figures=(figure,))


def charge(
    context: Context, group: Group, lines: Sequence[Action], *, bundled: bool = False
) -> tuple[Action, ...]:
    """Count what a step's lines start; what does not fit any more becomes a dropped line."""
    return tuple(_charged(context, group, line, bundled=bundled) for line in lines)


def left(context: Context, group: Group) -> int | None:
    """Return how many posts the group's budget has left; None where there is no limit."""
    room = group_room(context, group)
    return room.left if room is not None else None


def all_withheld(context: Context, group: Group) -> str:
    """Return why the group must not be addressed as a whole now; empty where it may be."""
    rate = overrides.budget_of(context, group).mention_all
    if rate is None:
        return ""
    used = budget.within(_all_of(context, group).instants, rate, context.now)
    if len(used) < rate.count:
        return ""
    within = f" in {format_duration(rate.within_ms)}" if rate.within_ms is not None else ""
    return f"mention_all: {len(used)} of {rate.count}{within}, last {shown(context, max(used))}"


def spend_all(context: Context, group: Group) -> None:
    """Count an @all that goes out now."""
    rate = overrides.budget_of(context, group).mention_all
    if rate is not None:
        record = _all_of(context, group)
        used = budget.within(record.instants, rate, context.now)
        context.store.put(replace(record, at=context.now, instants=(*used, context.now)))


def shown(context: Context, ms: int) -> str:
    """Return an instant in local time, to the minute."""
    return localtime.wall_time(ms, context.book.zone).strftime("%Y-%m-%d %H:%M")


def _charged(context: Context, group: Group, line: Action, *, bundled: bool) -> Action:
    limits = overrides.budget_of(context, group)
    if line.do == "post" and line.group == group.id and not bundled:
        scope, cap = f"group:{group.id}", limits.group
    elif line.do == "dm" and line.to.isdecimal():
        scope, cap = f"member:{line.to}", limits.member
    else:
        return line
    room = _room(context, cap, scope)
    if cap is None or room is None:
        return line
    if not room.left:
        why = f"budget: {_told(room)}"
        return replace(line, do="dropped", reason=REASON, why=why)
    _spend(context, scope, cap)
    return line


def _room(context: Context, cap: Cap | None, scope: str) -> Room | None:
    if cap is None:
        return None
    found = context.store.get(Spending, context.community, scope, _period(context, cap))
    return budget.room(cap, found.spent if found else 0, context.now, context.book.zone)


def _spend(context: Context, scope: str, cap: Cap) -> None:
    period = _period(context, cap)
    found = context.store.get(Spending, context.community, scope, period)
    spent = found.spent if found else 0
    context.store.put(
        Spending(
            community=context.community, scope=scope, period=period, at=context.now,
            spent=spent + 1,
        )
    )  # fmt: skip


def _period(context: Context, cap: Cap) -> str:
    return budget.period(cap, context.now, context.book.zone)


def _all_of(context: Context, group: Group) -> Spending:
    scope = f"all:{group.id}"
    return context.store.get(Spending, context.community, scope, "") or Spending(
        community=context.community, scope=scope, period="", at=context.now
    )


def _told(room: Room) -> str:
    return f"{room.spent} of {room.cap.n} {PERIODS[room.cap.period]}"


def _held(context: Context, group: Group, room: Room, whose: str, wanted: int) -> Verdict:
    """A post that waits for the budget goes out when the group is awake again."""
    renews = shown(context, room.renews_at)
    hours = overrides.quiet_of(context, group)
    until = quiet.quiet_end(hours, room.renews_at, context.book.zone)
    needs = f", needs {wanted}" if wanted > 1 else ""
    figure = f"budget: {_told(room)} for {whose}{needs}, renews {renews}"
    return Verdict(verdict=HELD, reason=REASON, figures=(figure,), until=until)
