"""Invitations to share: each place is offered to one person at a time, in private.

Who declines or does not answer in time makes room for the next one; when nobody is left, staff
get one task for the share day. Where no channel writes privately, staff invite by hand.
"""

from dataclasses import replace
from typing import Final

from handlers.limits import budgets
from handlers.overrides import quiet_of
from handlers.people import people
from handlers.pools import preparing
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.shares import share_candidates, share_places
from handlers.shares.share_places import ASKED, OPEN, PLANNED, TAKEN, Place
from handlers.tasks import tasks
from handlers.timing import ahead, deadlines, scheduling
from handlers.traces import HELD, Verdict
from sop import channels
from sop.actions import Action
from sop.activities import share_days
from sop.events import StepDue
from sop.model import Group, Person, Task, Thread
from sop.pack.pack_steps import Step
from sop.texts import text
from sop.times import localtime, quiet
from sop.times.durations import HOUR_MS

TASK: Final = "share-invite"
"""The kind of task that offers a place; its target is `DAY|PLACE`."""

REST: Final = "share-rest"

ANSWER: Final = "speaker-answer"
"""The occurrence at which its cause, a task, should be answered, or (0) somebody can be asked."""

REMIND: Final = "remind-speaker"
"""The kind of occurrence at which a speaker is reminded; its cause is the person."""


def invite(event: StepDue, context: Context) -> Outcome:
    """Offer the places of a share day that is still to come; by day, and once."""
    occurrence, group = deadlines.pending(event, context), context.group
    step, due = context.book.step(event.step), int(event.cause)
    if occurrence is None:
        return Outcome()
    wanted = ahead.invitation(step) if step is not None else None
    if step is None or group is None or wanted is None or not _comes(context, group, step, due):
        context.store.put(replace(occurrence, status="dropped"))
        return Outcome()
    held = waits(context, group)
    if held is not None:
        return Outcome((deadlines.hold(context, occurrence, held),))
    context.store.put(replace(occurrence, status="done"))
    lines, day = _earlier(context, group, step, due)
    if day is not None:
        return Outcome(lines)
    day = share_places.new_day(context, group, step, due, wanted)
    filled = (fill(context, group, day.id, number) for number in range(wanted.pick))
    return Outcome((*lines, *(line for each in filled for line in each)))


def _comes(context: Context, group: Group, step: Step, due: int) -> bool:
    """Tell whether the share day is still planned; a pause does not call it off."""
    return due > context.now and preparing.comes(context, replace(group, paused=False), step, due)


def waits(context: Context, group: Group) -> Verdict | None:
    """Return until when nobody of the group is written to, and why; None where somebody may be."""
    if group.paused:
        return Verdict(verdict=HELD, reason="paused", until=context.now + HOUR_MS)
    return acknowledging.sleeping(context, group)


def _earlier(
    context: Context, group: Group, step: Step, due: int
) -> tuple[tuple[Action, ...], Thread | None]:
    """Take over what was planned for the same day before its time was edited; end the rest."""
    lines: list[Action] = []
    zone = context.book.zone
    kept = None
    for day in share_places.planned(context, group, step.id):
        old = day.body["due"]
        if old != due and _comes(context, group, step, old):
            continue
        if kept is None and localtime.local_date(old, zone) == localtime.local_date(due, zone):
            kept = replace(day, opened_at=due, closes_at=due, body={**day.body, "due": due})
            context.store.put(kept)
            _remind_all(context, group, kept)
        else:
            lines.extend(call_off(context, group, day))
    return tuple(lines), kept


def fill(context: Context, group: Group, number: int, place: int) -> tuple[Action, ...]:
    """Offer a place of a share day to the next person, or (nobody is left) tell staff.

    What was given back at night is offered, and told of, when the group is awake.
    """
    day = share_places.day_of(context, number)
    if day is None or day.status != PLANNED:
        return ()
    day = share_places.put(context, day, place, Place())
    starts = share_places.starts_at(context, group, day)
    asleep = acknowledging.sleeping(context, group)
    if asleep is not None and asleep.until < starts - share_days.LAST_CALL_MS:
        target, when = f"{day.id}|{place}", asleep.until
        scheduling.plan(context, group.id, ANSWER, when, step=day.step, subject=target, cause="0")
        return ()
    person, hours = None, quiet_of(context, group)
    until = share_days.answer_by(context.now, starts, hours, context.book.zone)
    if until:
        person = share_candidates.next_one(context, group, day.body["by"], day.body["asked"])
    if person is None:
        return _nobody_left(context, group, day)
    return _offer(context, group, day, place, person, until)


def _offer(
    context: Context, group: Group, day: Thread, place: int, person: Person, until: int
) -> tuple[Action, ...]:
    by_hand = not channels.can(group.channels, "dm")
    at = localtime.wall_time(until, context.book.zone)
    fields = share_places.fields(context, group, day)
    when = text("share-days.day", month=at.month, day=at.day) + f" {at:%H:%M}"

    def words(number: int) -> str:
        name = people.addressed(person)
        prepared = text("share-days.invite", name=name, **fields)
        if by_hand:
            shown = people.shown(person)
            return text("share-days.invite-task", name=shown, text=prepared, number=number)
        return prepared + text("share-days.invite-how", number=number, until=when)

    about = share_places.about(day, place)
    opened = tasks.open_task(
        context, kind=TASK, to="staff" if by_hand else str(person.id), group=group.id,
        step=day.step, person=person.id, about=about, target=f"{day.id}|{place}",
        due_at=until if by_hand else 0, words=words,
    )  # fmt: skip
    task = tasks.find_open(context, about)
    if not opened or task is None:
        return opened
    share_places.put(context, day, place, Place(ASKED, person.id, task.id))
    if by_hand:
        return opened
    share_candidates.note(context, person.id, task.id)
    scheduling.plan(
        context, group.id, ANSWER, until, step=day.step, subject=task.target, cause=str(task.id)
    )
    line = Action(
        do="dm", group=group.id, to=str(person.id), member=str(person.id), text=task.text,
        step=day.step, expires_at=until,
    )  # fmt: skip
    return budgets.charge(context, group, (line,))


def _nobody_left(context: Context, group: Group, day: Thread) -> tuple[Action, ...]:
    starts = share_places.starts_at(context, group, day)
    fields = share_places.fields(context, group, day)
    return tasks.open_task(
        context, kind=REST, to="staff", group=group.id, step=day.step,
        about=share_places.about_rest(day), due_at=starts - share_days.LAST_CALL_MS,
        words=lambda number: text("share-days.rest-task", number=number, **fields),
    )  # fmt: skip


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Give the place to who was asked, or offer it to the next one."""
    share_candidates.note_answer(context, task.person)
    day, number = share_places.target_of(context, task.target)
    group = context.store.get(Group, context.community, task.group)
    if day is None or group is None or day.status != PLANNED:
        return ()
    if share_places.places(day)[number].task != task.id:
        return ()
    if choice != "approve":
        return fill(context, group, day.id, number)
    take(context, group, day, number, task)
    return ()


def take(context: Context, group: Group, day: Thread, number: int, task: Task) -> None:
    """Give a place to who was asked by that task; with the last one nobody need be found."""
    day = share_places.put(context, day, number, Place(TAKEN, task.person, task.id))
    _remind(context, group, day, number)
    if all(each.status != OPEN for each in share_places.places(day)):
        tasks.void(context, share_places.about_rest(day))


def answered(context: Context, task: Task, choice: str) -> str:
    """Return what to tell whoever answered an invitation, before it is acted on."""
    day, _ = share_places.target_of(context, task.target)
    group = context.store.get(Group, context.community, task.group)
    if day is None or group is None or day.status != PLANNED:
        return text("share-days.too-late")
    if choice != "approve":
        return text("share-days.declined")
    if task.person != context.person_id:
        return text("tasks.closed", number=task.id)
    return text("share-days.accepted", **share_places.fields(context, group, day))


def unanswered(event: StepDue, context: Context) -> Outcome:
    """Offer the place to the next one when somebody has not answered in time, or at daybreak."""
    group = context.group
    if not deadlines.settle(event, context) or group is None or group.retired:
        return Outcome()
    day, number = share_places.target_of(context, event.subject)
    if day is None or day.status != PLANNED:
        return Outcome()
    if is_off(context, group, day):
        return Outcome(call_off(context, group, day))
    place = share_places.places(day)[number]
    if place.status == TAKEN or str(place.task) != event.cause:
        return Outcome()
    if place.status == ASKED:
        share_candidates.note_silence(context, place.person)
    tasks.void(context, share_places.about(day, number))
    return Outcome(fill(context, group, day.id, number))


def is_off(context: Context, group: Group, day: Thread) -> bool:
    """Tell whether the share day was taken out of the plan."""
    step = context.book.step(day.step)
    return step is None or not _comes(context, group, step, day.body["due"])


def call_off(context: Context, group: Group, day: Thread) -> tuple[Action, ...]:
    """End a share day that does not come; who has said yes is told in private."""
    share_places.release(context, day)
    context.store.put(replace(day, status="closed"))
    if share_places.starts_at(context, group, day) <= context.now:
        return ()
    words = text("share-days.called-off", **share_places.fields(context, group, day))
    lines = tuple(
        Action(
            do="dm", group=group.id, to=str(each.id), member=str(each.id), text=words,
            step=day.step,
        )
        for each in share_places.speakers(context, group, day)
        if not each.nudges_off
    )  # fmt: skip
    return budgets.charge(context, group, lines)


def _remind_all(context: Context, group: Group, day: Thread) -> None:
    for number, place in enumerate(share_places.places(day)):
        if place.status == TAKEN:
            _remind(context, group, day, number)


def _remind(context: Context, group: Group, day: Thread, number: int) -> None:
    """Plan to remind a speaker the evening before; who says yes later knows it anyway."""
    starts = share_places.starts_at(context, group, day)
    at = share_days.evening_before(starts, context.book.zone)
    at = quiet.quiet_end(quiet_of(context, group), at, context.book.zone)
    if context.now < at < starts:
        person = share_places.places(day)[number].person
        scheduling.plan(
            context, group.id, REMIND, at, step=day.step, subject=f"{day.id}|{number}",
            cause=str(person),
        )  # fmt: skip
