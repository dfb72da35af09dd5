"""Letting a newcomer in: by the pack or by people, for a trial first, and for good after it.

Nobody hears of a refusal but the newcomer, in private; a strike during the trial lets people
decide instead of the calendar.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from handlers import overrides
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import excerpt
from handlers.tasks import task_turns, tasks
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import admissions
from sop.events import MemberLeft, RosterFetched, StepDue
from sop.model import Group, Member, Newcomer, Person, Strike, Task
from sop.texts import text
from sop.times import localtime, quiet
from sop.times.durations import DAY_MS

TASK: Final = "admit"
"""The kind of task that decides about a newcomer."""

TRIAL_END: Final = "trial-end"
"""The kind of occurrence at which a trial is over."""

SHOWN: Final = 120
"""Characters of an answer shown to staff."""


def about(person: int) -> str:
    """Name what the task about a newcomer is about."""
    return f"admit:{person}"


def hand_over(context: Context, newcomer: Newcomer, key: str) -> tuple[Action, ...]:
    """Let people decide about a newcomer; `key` says why it is theirs.

    Where they are to already, they get the newest of what is known under the same number.
    """
    context.store.put(replace(newcomer, status=admissions.WAITING))
    person = context.store.get(Person, context.community, newcomer.person)
    asked = _asked(context)
    values = {
        "name": people.shown(person), "group": _title(context, newcomer),
        "questions": asked, "answers": _answers(context, newcomer),
    }  # fmt: skip
    known = tasks.find_open(context, about(newcomer.person))
    if known is not None:
        known = replace(known, text=text(key, number=known.id, **values))
        context.store.put(known)
        return task_turns.tell(context, known, known.to, known.text, asked=True)
    return tasks.open_task(
        context, kind=TASK, to="staff", group=newcomer.group, person=newcomer.person,
        about=about(newcomer.person), words=lambda number: text(key, number=number, **values),
        prepared=asked if key == "admission.task-by-hand" else "",
    )  # fmt: skip


def _asked(context: Context) -> str:
    wanted = context.in_force.pack.admission
    return "\n".join(each.ask for each in wanted.questions) if wanted else ""


def _answers(context: Context, newcomer: Newcomer) -> str:
    wanted = context.in_force.pack.admission
    pairs = zip(wanted.questions if wanted else (), newcomer.answers, strict=False)
    return "\n".join(
        text(
            "admission.answer-fits" if admissions.will_do(each, said) else "admission.answer",
            question=each.ask, answer=excerpt(said, SHOWN),
        )
        for each, said in pairs
    )  # fmt: skip


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let the newcomer in, or say goodbye in private and take them out."""
    newcomer = context.store.get(Newcomer, context.community, task.person)
    if newcomer is None or newcomer.status != admissions.WAITING:
        return ()
    if choice == "approve":
        return admit(context, newcomer)
    context.store.put(replace(newcomer, status=admissions.REFUSED))
    member = context.store.get(Member, context.community, newcomer.group, newcomer.person)
    if member is None or member.left_at:
        return ()
    out = Action(do="remove", group=newcomer.group, member=str(newcomer.person))
    return (*_tell(context, newcomer, "admission.refused"), out)


def admit(context: Context, newcomer: Newcomer, *, told: bool = True) -> tuple[Action, ...]:
    """Let a newcomer in, on trial until its time is over; told to them, unless they were."""
    wanted = context.in_force.pack.admission
    until = newcomer.at + ((wanted.trial_ms or 0) if wanted else 0)
    if until <= context.now:
        context.store.put(replace(newcomer, status=admissions.FULL, until=0))
        return _tell(context, newcomer, "admission.welcome") if told else ()
    newcomer = replace(newcomer, status=admissions.TRIAL, until=until)
    context.store.put(newcomer)
    _plan_end(context, newcomer)
    return _tell(context, newcomer, "admission.welcome-trial") if told else ()


def _plan_end(context: Context, newcomer: Newcomer) -> None:
    group = context.store.get(Group, context.community, newcomer.group)
    hours = overrides.quiet_of(context, group) if group else None
    due = quiet.quiet_end(hours, max(newcomer.until, context.now), context.book.zone)
    scheduling.plan(context, newcomer.group, TRIAL_END, due, subject=str(newcomer.person))


def come_back(context: Context, newcomer: Newcomer, group: Group) -> None:
    """Let a trial go on in the group that somebody on trial has come (back) to."""
    newcomer = replace(newcomer, group=group.id)
    context.store.put(newcomer)
    _plan_end(context, newcomer)


def gone(context: Context, group: Group, person: Person) -> None:
    """Let a newcomer who has left the group go on where they still are, with what is asked."""
    newcomer = context.store.get(Newcomer, context.community, person.id)
    if newcomer is None or newcomer.group != group.id:
        return
    known = (
        context.store.get(Group, context.community, each.group)
        for each in people.memberships(context, person.id)
    )
    homes = [each for each in known if each and each.kind == "regular" and not each.retired]
    if not homes:
        return
    newcomer = replace(newcomer, group=homes[0].id)
    context.store.put(newcomer)
    task = tasks.find_open(context, about(person.id))
    if task is not None:
        context.store.put(replace(task, group=newcomer.group))
    if newcomer.status == admissions.TRIAL:
        _plan_end(context, newcomer)


def welcome(context: Context, newcomer: Newcomer) -> str:
    """Return the words by which somebody is let in, as it stands now."""
    now = context.store.get(Newcomer, *newcomer.key) or newcomer
    trial = now.status == admissions.TRIAL
    key = "admission.welcome-trial" if trial else "admission.welcome"
    return text(key, **_values(context, now))


def _tell(context: Context, newcomer: Newcomer, key: str) -> tuple[Action, ...]:
    """Tell a newcomer alone, where a channel can; a welcome they can do without is no task."""
    group = context.store.get(Group, context.community, newcomer.group)
    person = context.store.get(Person, context.community, newcomer.person)
    now = context.store.get(Newcomer, *newcomer.key) or newcomer
    if person is None or person.nudges_off:
        return ()
    if group is None or not channels.can(group.channels, "dm"):
        return ()
    to = str(person.id)
    words = text(key, **_values(context, now))
    return (Action(do="dm", group=group.id, to=to, member=to, text=words),)


def _values(context: Context, newcomer: Newcomer) -> Mapping[str, object]:
    person = context.store.get(Person, context.community, newcomer.person)
    until = localtime.wall_time(newcomer.until or context.now, context.book.zone)
    return {
        "name": people.addressed(person) if person else "", "group": _title(context, newcomer),
        "month": until.month, "day": until.day,
        "days": max(1, round((newcomer.until - newcomer.at) / DAY_MS)),
    }  # fmt: skip


def end_trial(event: StepDue, context: Context) -> Outcome:
    """Make somebody a full member when their trial is over; after a strike people decide."""
    if not deadlines.settle(event, context):
        return Outcome()
    newcomer = context.store.get(Newcomer, context.community, int(event.subject))
    if newcomer is None or newcomer.status != admissions.TRIAL or newcomer.until > context.now:
        return Outcome()
    member = context.store.get(Member, context.community, newcomer.group, newcomer.person)
    if member is None or member.left_at:
        return Outcome()
    strikes = context.store.count(
        Strike, community=context.community, person=newcomer.person, observed=False,
        reversed_at=0, at__ge=newcomer.at,
    )  # fmt: skip
    if strikes:
        return Outcome(hand_over(context, newcomer, "admission.task-trial"))
    context.store.put(replace(newcomer, status=admissions.FULL))
    return Outcome(_tell(context, newcomer, "admission.full"))


def left(event: MemberLeft | RosterFetched, context: Context) -> Outcome:
    """Close the question about a newcomer who has left: there is nothing to decide."""
    for task in context.store.find(
        Task, community=context.community, group=event.group, status="open", kind=TASK
    ):
        member = context.store.get(Member, context.community, task.group, task.person)
        if member is not None and member.left_at:
            tasks.end(context, task, "void")
    return Outcome()


def _title(context: Context, newcomer: Newcomer) -> str:
    group = context.store.get(Group, context.community, newcomer.group)
    return (group.title if group else "") or newcomer.group
