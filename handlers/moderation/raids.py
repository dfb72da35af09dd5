"""Raid mode of a group: begun by a mass of joinings or by staff, told to staff once, and ended.

Nothing of it is said in the group. State is the group's own record: `raid_since` (who came
after it is watched), `raid_until`, `raid_strict` (staff have said that it is a raid).
"""

from dataclasses import replace
from typing import Final

from handlers.ports import Context, Outcome
from handlers.replies import discreetly, privately, stopping
from handlers.tasks import tasks
from handlers.timing import deadlines, scheduling
from sop.actions import Action
from sop.detectors import raids
from sop.detectors.verdicts import Utterance, Verdict
from sop.events import MessageReceived, StepDue
from sop.model import Group, Member, Strike, Task
from sop.pack.pack_rules import Raid
from sop.texts import length, text
from sop.times import localtime

KIND: Final = "raid"
"""The kind of task that asks whether a crowd is a raid."""

OVER: Final = "raid-over"
"""The kind of occurrence at which the watch ends."""


def joined(context: Context, group: Group, at: int) -> tuple[Action, ...]:
    """Note a joining: one of a mass begins the watch, or lets it last."""
    rules = context.book.pack.rules.raid
    if rules is None:
        return ()
    since = at - rules.within_ms
    if not is_on(group, at):
        since = max(since, group.raid_since)
    came = context.store.count(
        Member, community=context.community, group=group.id, came_at__gt=since, left_at=0
    )
    if not raids.is_mass(came, rules.joins):
        return ()
    if is_on(group, at):
        until = raids.ends_at(at, group.raid_until, rules.for_ms)
        context.store.put(replace(group, raid_until=until))
        return ()
    _begin(context, group, since, at + rules.for_ms, strict=False)
    return _ask(context, group, came, rules)


def found_at(context: Context, before: int, at: int) -> int:
    """Return when somebody has come whom a look at the roster finds, after one at `before`.

    A look after a long pause finds at once who came one by one: that is no crowd, and each
    counts as having come as early as they can.
    """
    rules = context.book.pack.rules.raid
    return before if rules is not None and at - before > rules.within_ms else at


def is_on(group: Group, at: int) -> bool:
    """Tell whether newcomers of the group are watched at that instant."""
    return group.raid_since < at < group.raid_until


def came_in(group: Group, member: Member, at: int) -> bool:
    """Tell whether a member came with the crowd that is watched."""
    return is_on(group, at) and member.came_at > group.raid_since


def judged(context: Context, said: Utterance) -> tuple[Verdict, ...]:
    """Return what is to be said of a newcomer's message in a raid; nothing outside of one."""
    group, member = context.group, context.member
    if group is None or member is None or not came_in(group, member, said.at):
        return ()
    rules = context.book.pack.rules
    verdict = raids.judged(said, rules.checks, strict=group.raid_strict)
    if verdict is None:
        return ()
    # A question strikes nobody, so that it is asked under rules that only observe, too.
    observed = verdict.violated and rules.mode != "enforce"
    return (replace(verdict, reason=text("rules.raid"), observed=observed),)


def _begin(context: Context, group: Group, since: int, until: int, *, strict: bool) -> None:
    context.store.put(replace(group, raid_since=since, raid_until=until, raid_strict=strict))
    scheduling.plan(context, group.id, OVER, until)


def _ask(context: Context, group: Group, came: int, rules: Raid) -> tuple[Action, ...]:
    def words(number: int) -> str:
        return text(
            "raids.task", group=group.title or group.id, count=came,
            within=length(rules.within_ms), length=length(rules.for_ms), number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=KIND, to="staff", group=group.id, about=f"raid:{group.id}", words=words
    )


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Be strict with who came with the crowd, or let everybody be."""
    group = context.store.get(Group, context.community, task.group)
    if group is None:
        return ()
    if choice == "approve":
        since = group.raid_since or task.created_at
        _begin(context, group, since, context.now + _rules(context).for_ms, strict=True)
    else:
        context.store.put(_ended(group, context.now))
    return ()


def _ended(group: Group, now: int) -> Group:
    """Return the group at rest: who has come until now is no part of another crowd."""
    return replace(group, raid_since=now, raid_until=0, raid_strict=False)


def start(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Be strict from now on with whoever came lately, as long as the pack says."""
    del argument
    group, rules = context.group, _rules(context)
    assert group is not None
    until = event.at + rules.for_ms
    tasks.void(context, f"raid:{group.id}")
    _begin(context, group, event.at - rules.within_ms, until, strict=True)
    at = localtime.wall_time(until, context.book.zone)
    words = text("raids.started", group=group.title or group.id, time=f"{at:%H:%M}")
    return stopping(discreetly(event, context, words))


def stop(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """End the watch by hand."""
    del argument
    group = context.group
    assert group is not None
    name = group.title or group.id
    if not is_on(group, event.at):
        return stopping(privately(text("raids.none", group=name)))
    tasks.void(context, f"raid:{group.id}")
    lines = _account(context, group)
    context.store.put(_ended(group, event.at))
    return stopping(*lines, discreetly(event, context, text("raids.stopped", group=name)))


def over(event: StepDue, context: Context) -> Outcome:
    """End the watch when its time has come, unless it lasts longer by now."""
    group = context.group
    if not deadlines.settle(event, context) or group is None or not group.raid_until:
        return Outcome()
    if group.raid_until > context.now:
        scheduling.plan(context, group.id, OVER, group.raid_until)
        return Outcome()
    tasks.void(context, f"raid:{group.id}")
    lines = _account(context, group)
    context.store.put(_ended(group, context.now))
    return Outcome(lines)


def _account(context: Context, group: Group) -> tuple[Action, ...]:
    """Tell staff in private what became of the crowd."""
    where = {"community": context.community, "group": group.id}
    came = context.store.count(Member, came_at__gt=group.raid_since, left_at=0, **where)
    gone = context.store.count(
        Member, came_at__gt=group.raid_since, left_at__gt=group.raid_since, **where
    )
    struck = context.store.count(
        Strike, rule=raids.RULE, at__gt=group.raid_since, observed=False, reversed_at=0, **where
    )
    words = text(
        "raids.over", group=group.title or group.id, came=came + gone, gone=gone, struck=struck
    )
    return (Action(do="dm", group=group.id, to="staff", text=words),)


def _rules(context: Context) -> Raid:
    return context.book.pack.rules.raid or Raid()
