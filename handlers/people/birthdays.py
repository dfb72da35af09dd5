"""Birthdays: one occurrence ahead per person, whatever the pack makes of the day."""

from dataclasses import replace
from datetime import date
from typing import Final

from handlers.people import people
from handlers.people.homes import home_of
from handlers.ports import Context, Outcome
from handlers.timing import deadlines, scheduling
from sop.events import StepDue
from sop.model import Occurrence, Person
from sop.times.durations import DAY_MS
from sop.told_events import BirthdayTold
from sop.triggers import schedule, triggers

KIND: Final = "birthday"

LEAP_YEAR: Final = 2000
"""A year that has every day a birthday can be on."""


def told(event: BirthdayTold, context: Context) -> Outcome:
    """Plan the next birthday of who has told it, instead of the one told before."""
    person = people.find_person(context.store, context.community, event.member)
    if person is None:
        return Outcome()
    due = _next(context, person, context.now)
    for row in context.store.find(
        Occurrence, community=context.community, group="", kind=KIND, step="",
        subject=str(person.id), status="pending",
    ):  # fmt: skip
        if row.due_at != due:
            context.store.put(replace(row, status="dropped"))
    if due is not None:
        _plan(context, person, due)
    return Outcome()


def celebrate(event: StepDue, context: Context) -> Outcome:
    """Plan the steps of the day, once per person, and the same day of the next year.

    The time zone may be another one than when the day was planned.
    """
    if not deadlines.settle(event, context):
        return Outcome()
    person = context.store.get(Person, context.community, int(event.subject))
    due = _next(context, person, event.due_at - DAY_MS) if person is not None else None
    if person is None or due is None:
        return Outcome()
    if due <= context.now:
        _begin(context, person, due)
        due = _next(context, person, context.now) or due
    _plan(context, person, due)
    return Outcome()


def _begin(context: Context, person: Person, due: int) -> None:
    for step in context.book.pack.steps:
        if step.when == triggers.MemberMoment(name="birthday"):
            group = home_of(context, person.id, step)
            if group is not None:
                scheduling.plan(
                    context, group.id, scheduling.STEP, due, step=step.id,
                    subject=str(person.id), cause=KIND,
                )  # fmt: skip


def _next(context: Context, person: Person, after: int) -> int | None:
    day = _day_of(person.birthday)
    if day is None:
        return None
    return schedule.next_birthday(day.month, day.day, context.book.zone, after)


def _day_of(birthday: str) -> date | None:
    """Read `1990-03-12` or `03-12`; None where nothing was told."""
    try:
        return date.fromisoformat(f"{LEAP_YEAR}-{birthday[-5:]}")
    except ValueError:
        return None


def _plan(context: Context, person: Person, due: int) -> None:
    key = (context.community, "", KIND, "", str(person.id), "", due)
    known = context.store.get(Occurrence, *key)
    if known is None:
        scheduling.plan(context, "", KIND, due, subject=str(person.id))
    elif known.status == "dropped":
        # A day that was corrected and then corrected back.
        context.store.put(replace(known, status="pending"))
