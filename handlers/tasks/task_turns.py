"""Whose turn a human task is: who takes it, who cannot, who is reminded, and who is told next.

Nothing is lost between them: a task stays open until somebody has done it, decided it, or all
who could do it have said that they cannot.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from handlers import overrides
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import excerpt
from handlers.tasks import tasks
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import tasks as policy
from sop.events import StepDue
from sop.model import Group, Occurrence, Person, Task
from sop.texts import text
from sop.times import quiet

ESCALATE: Final = "escalate-task"
"""The kind of occurrence at which the next one is told of a task that was not done in time."""

LINE: Final = 60
"""Characters of a task that stands in a line with others."""

MOST_TOLD: Final = 10
"""Tasks named in one reminder."""


def take(context: Context, task: Task) -> tuple[tuple[Action, ...], str]:
    """Let who acted do the task; returns what is told to who had it, and to them."""
    before, me = task.taken_by, context.person_id
    if before == me:
        return (), text("tasks.taken-before", number=task.id)
    taken = replace(task, taken_by=me, taken_at=context.now, claimed_at=0)
    context.store.put(taken)
    words = text("tasks.taken-over", name=people.shown(context.person), text=brief(task))
    return tell(context, taken, str(before), words) if before else (), text(
        "tasks.taken", number=task.id
    )


def decline(context: Context, task: Task, reason: str = "") -> tuple[tuple[Action, ...], str]:
    """Note that who acted cannot do the task; returns what is told to the next one, and to them.

    A reason is told to the others who have it, while nobody sees to it. The owner's word ends it,
    and so does that of the last one who could have done it.
    """
    me, group = context.person_id, _group(context, task)
    mine = task.taken_by == me
    rest = replace(
        task, declined=(*task.declined, me), taken_by=0 if mine else task.taken_by, claimed_at=0
    )
    if people.role_of(context.person, group) != "owner":
        context.store.put(rest)
        others = _others(context, rest)
        if others:
            words = _declined(context, rest, reason)
            asked = others if reason and not rest.taken_by else ()
            lines = (tell(context, rest, str(each), words) for each in sorted(asked))
            return tuple(chain(*lines)), text("tasks.declined-others", number=task.id)
        duty = _pass_on(context, rest)
        if duty:
            words = _declined(context, rest, reason)
            told = tell(context, rest, duty, words, asked=True)
            return told, text("tasks.declined-next", number=task.id)
    tasks.end(context, rest, tasks.DECLINED, me)
    return (), text("tasks.declined", number=task.id)


def _declined(context: Context, task: Task, reason: str) -> str:
    why = text("tasks.why", reason=excerpt(reason, LINE)) if reason else ""
    return text("tasks.declined-to", name=people.shown(context.person), why=why, text=task.text)


def _others(context: Context, task: Task) -> set[int]:
    """Return who was told of it and has not said that they cannot."""
    return _told(context, task) - {*task.declined}


def _told(context: Context, task: Task) -> set[int]:
    group = _group(context, task)
    reached = (people.recipients(context, to, group) for to in (task.to, *task.told))
    return {person.id for each in reached for person in each}


def remind(event: StepDue, context: Context) -> Outcome:
    """Tell those whose turn it is that a task's time has come, once, when they are awake.

    What else has come due for them by then is told with it.
    """
    occurrence = deadlines.pending(event, context)
    task = _waiting(context, occurrence)
    if task is None or task.reminded_at:
        _settle(context, occurrence)
        return Outcome()
    if occurrence is None or _sleeps(context, occurrence):
        return Outcome()
    _settle(context, occurrence)
    due = _due_beside(context, task)
    first: dict[str, int] = {}
    for each in due:
        first[each.kind] = min(first.get(each.kind, each.created_at), each.created_at)
        context.store.put(replace(each, reminded_at=context.now))
    for each in due:
        # What is told together of one kind is passed on together, when its oldest would be.
        _plan_next(context, replace(each, created_at=first[each.kind]))
    words = text("tasks.overdue", number=task.id, text=task.text)
    several = len(due) > 1
    if several:
        words = _several("tasks.overdue-several", due)
    return Outcome(tell(context, task, _turn(context, task), words, asked=not several))


def _turn(context: Context, task: Task) -> str:
    """Return whose turn it is: who took it, else the first who have not all said they cannot."""
    if task.taken_by:
        return str(task.taken_by)
    group, cannot = _group(context, task), {*task.declined}
    for duty in (task.to, *task.told):
        if {person.id for person in people.recipients(context, duty, group)} - cannot:
            return duty
    return task.to


def _due_beside(context: Context, task: Task) -> list[Task]:
    """Return this task, and what else is due by now for the same people in the same group."""
    found = context.store.find(
        Task, community=context.community, group=task.group, status="open", to=task.to,
        taken_by=task.taken_by, reminded_at=0, due_at__gt=0, due_at__le=context.now, order="id",
    )  # fmt: skip
    turn = _turn(context, task)
    rest = (each for each in found if each.id != task.id and _turn(context, each) == turn)
    return [task, *rest]


def _several(key: str, found: Sequence[Task]) -> str:
    named = sorted(found, key=lambda task: task.id)[:MOST_TOLD]
    lines = [text("tasks.listed", number=each.id, text=brief(each)) for each in named]
    return "\n".join((text(key, count=len(found)), *lines))


def escalate(event: StepDue, context: Context) -> Outcome:
    """Tell the next one of a task that nobody has done in time; whoever had it still may.

    What else has waited as long is told with it.
    """
    occurrence = deadlines.pending(event, context)
    if occurrence is None or _waiting(context, occurrence) is None:
        _settle(context, occurrence)
        return Outcome()
    if _sleeps(context, occurrence):
        return Outcome()
    told: dict[str, list[Task]] = {}
    for row in _escalated_now(context, occurrence):
        _settle(context, row)
        task = _waiting(context, row)
        duty = _pass_on(context, task) if task is not None else ""
        if task is not None and duty:
            told.setdefault(duty, []).append(task)
    return Outcome(
        tuple(line for duty, found in told.items() for line in _all(context, duty, found))
    )


def _escalated_now(context: Context, occurrence: Occurrence) -> list[Occurrence]:
    found = context.store.find(
        Occurrence, community=context.community, group=occurrence.group, kind=ESCALATE,
        status="pending", run_at__le=context.now, order="run_at",
    )  # fmt: skip
    return [occurrence, *(row for row in found if row.key != occurrence.key)]


def _all(context: Context, duty: str, found: Sequence[Task]) -> tuple[Action, ...]:
    words = text("tasks.passed-on", whose=_whose(context, found[0]), text=found[0].text)
    several = len(found) > 1
    if several:
        words = _several("tasks.passed-on-several", found)
    return tell(context, found[0], duty, words, asked=not several)


def _whose(context: Context, task: Task) -> str:
    """Say who was to do it: what was written for one may be read by another now."""
    turn = _turn(context, task)
    if turn.isdecimal():
        return people.shown(people.current(context.store, context.community, int(turn)))
    return text(f"tasks.whose-{turn}")


def _pass_on(context: Context, task: Task) -> str:
    """Let the next one have the task, too; returns who that is, nothing where there is nobody."""
    group = _group(context, task)
    known = _told(context, task) | {*task.declined}
    for duty in policy.next_duties(task):
        reached = {person.id for person in people.recipients(context, duty, group)}
        if policy.is_of_others(task.kind) and task.person in reached:
            continue
        if reached - known:
            task = replace(task, told=(*task.told, duty))
            context.store.put(task)
            _plan_next(context, task)
            return duty
    return ""


def _plan_next(context: Context, task: Task) -> None:
    """Plan when the next one is told: it depends on when the task was opened."""
    if policy.sees_to_itself(task.kind):
        return
    group = _group(context, task)
    hours = overrides.quiet_of(context, group) if group else None
    since = replace(task, due_at=max(task.due_at, context.now))
    due = policy.passed_on_at(since, hours, context.book.zone)
    scheduling.plan(context, task.group, ESCALATE, due, subject=str(task.id))


def _waiting(context: Context, occurrence: Occurrence | None) -> Task | None:
    """Return the task an occurrence is about, as long as it is open."""
    if occurrence is None:
        return None
    task = context.store.get(Task, context.community, int(occurrence.subject))
    return task if task is not None and task.status == "open" else None


def _settle(context: Context, occurrence: Occurrence | None) -> None:
    if occurrence is not None:
        context.store.put(replace(occurrence, status="done"))


def _sleeps(context: Context, occurrence: Occurrence) -> bool:
    """Let it wait for the morning; nobody need know that it did."""
    group = context.group
    hours = overrides.quiet_of(context, group) if group is not None else None
    until = quiet.quiet_end(hours, context.now, context.book.zone)
    if until > context.now:
        context.store.put(replace(occurrence, run_at=until))
    return until > context.now


def tell(
    context: Context, task: Task, to: str, words: str, *, asked: bool = False
) -> tuple[Action, ...]:
    """Say something about a task to those it is for, where a channel reaches people alone.

    Elsewhere it would be a task to tell of a task; they find it in the list they look into.
    `asked`: they are to do it, or to decide, and may press how.
    """
    group = _group(context, task)
    if not _reached(context, group):
        return ()
    if to.isdecimal() and _wants_peace(context, int(to), group):
        return ()
    buttons = tasks.buttons_of(context, task) if asked else ()
    line = Action(do="dm", group=task.group, to=to, text=words, step=task.step, buttons=buttons)
    return (line,)


def _reached(context: Context, group: Group | None) -> bool:
    """Tell whether people of the group (of any, for what began in private) are reached alone."""
    groups = (
        (group,)
        if group
        else context.store.find(Group, community=context.community, retired=False)
    )
    return not groups or any(channels.can(each.channels, "dm") for each in groups)


def _wants_peace(context: Context, number: int, group: Group | None) -> bool:
    person = context.store.get(Person, context.community, number)
    return person is None or (person.nudges_off and not people.is_staff(person, group))


def brief(task: Task) -> str:
    """Return the beginning of a task's text, without the number it may begin with."""
    return excerpt(task.text.removeprefix(f"{task.id}. "), LINE)


def _group(context: Context, task: Task) -> Group | None:
    return context.store.get(Group, context.community, task.group)
