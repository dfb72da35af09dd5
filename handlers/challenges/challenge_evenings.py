"""The evening of a challenge's day: who has not been there yet hears of it, in private.

The group hears how it goes at the end of a week; where nobody can be written to, each evening.
All within quiet hours and budgets; who has stopped, or wants nothing the bot starts, is left
alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from handlers.challenges import challenges
from handlers.challenges.enrolments import ACTIVE
from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.posting.rendering import say_aside, say_words
from handlers.timing import deadlines
from handlers.timing.scheduling import plan
from sop import channels
from sop.actions import Action
from sop.activities.challenges import is_awake
from sop.events import StepDue
from sop.model import Enrolment, Group, Person, Thread
from sop.texts import text
from sop.times.durations import HOUR_MS

SLICE: Final = 50
"""Members reminded in one event, so that messages need not wait for all of them."""

LATEST_MS: Final = 3 * HOUR_MS
"""A reminder later than this is none."""


def evening(event: StepDue, context: Context) -> Outcome:
    """Remind the next members, and tell the group how it goes when it is time for that."""
    found, group = deadlines.pending(event, context), context.group
    if found is None:
        return Outcome()
    thread = context.store.get(Thread, context.community, int(event.subject))
    if thread is None or thread.status != "open" or group is None:
        context.store.put(replace(found, status="done"))
        return Outcome()
    day = challenges.today(context, event.due_at)
    asleep = acknowledging.sleeping(context, group)
    if asleep is not None and challenges.today(context, asleep.until) == day:
        return Outcome((deadlines.hold(context, found, asleep),))
    context.store.put(replace(found, status="done"))
    if not event.cause:
        challenges.plan_evening(context, thread)
    late = context.now - event.due_at > LATEST_MS or challenges.today(context, context.now) != day
    if late or asleep is not None or group.retired or group.paused:
        return Outcome()
    lines = _reminders(event, context, group, thread, day)
    return Outcome(lines if event.cause else (*_digest(context, group, thread, day), *lines))


def _reminders(
    event: StepDue, context: Context, group: Group, thread: Thread, day: date
) -> tuple[Action, ...]:
    if not channels.can(group.channels, "dm"):
        return ()
    found = context.store.find(
        Enrolment, community=context.community, thread=thread.id, status=ACTIVE,
        person__gt=int(event.cause or 0), order="person", limit=SLICE,
    )  # fmt: skip
    if len(found) == SLICE:
        plan(
            context, group.id, challenges.EVENING, event.due_at, step=thread.step,
            subject=event.subject, cause=str(found[-1].person), run_at=context.now,
            version=thread.version,
        )  # fmt: skip
    lines = [_reminder(context, group, thread, each, day) for each in found]
    return budgets.charge(context, group, [each for each in lines if each is not None])


def _reminder(
    context: Context, group: Group, thread: Thread, enrolment: Enrolment, day: date
) -> Action | None:
    person = context.store.get(Person, context.community, enrolment.person)
    if person is None or person.nudges_off or not people.is_present(context, group, person):
        return None
    if not is_awake(enrolment.days, date.fromisoformat(enrolment.joined), day):
        return None
    words = text(
        "challenges.reminder", name=people.addressed(person), title=thread.title,
        number=challenges.plan_of(thread).number(day),
        say=say_aside(context, group, f"{thread.body['daily']} …"),
    )  # fmt: skip
    return Action(
        do="dm", group=group.id, to=str(person.id), member=str(person.id), text=words,
        step=thread.step, expires_at=context.now + LATEST_MS,
    )  # fmt: skip


def _digest(context: Context, group: Group, thread: Thread, day: date) -> tuple[Action, ...]:
    """Tell how it goes, if it is time for that, somebody takes part and the budget has room."""
    plan_, often = challenges.plan_of(thread), thread.body["digest"]
    daily = often == "daily" and plan_.number(day) < plan_.days
    if not (daily or (often == "weekly" and plan_.is_week(day))):
        return ()
    if channels.way_for("post", group.channels) is None or budgets.left(context, group) == 0:
        return ()
    words = _progress(context, group, thread, day)
    if not words:
        return ()
    line = Action(
        do="post", group=group.id, text=words, step=thread.step,
        expires_at=context.now + LATEST_MS,
    )  # fmt: skip
    return budgets.charge(context, group, (line,))


def _progress(context: Context, group: Group, thread: Thread, day: date) -> str:
    """Say how many are in it and were there today, and who has missed no day so far."""
    where: dict[str, Any] = {"community": context.community, "thread": thread.id}
    columns = ("person", "days")
    members: Sequence[tuple[int, Sequence[str]]] = list(
        context.store.rows(Enrolment, columns, status__ne="left", order="person", **where)
    )
    plan_ = challenges.plan_of(thread)
    if not members:
        return ""
    today = sum(1 for _, days in members if day.isoformat() in days)
    words = text(
        "challenges.digest" if today else "challenges.digest-none",
        title=thread.title, number=plan_.number(day), days=plan_.days,
        count=len(members), today=today,
        say=say_words(context, group, f"{thread.body['daily']} …"),
    )  # fmt: skip
    steady = [person for person, days in members if len(days) == plan_.number(day)]
    if plan_.is_week(day) and steady:
        names = challenges.named(context, group, steady[: challenges.READ], len(steady))
        words += "\n" + text("challenges.steady", names=names)
    return words
