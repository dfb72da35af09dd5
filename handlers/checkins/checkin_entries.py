"""Check-ins of a collection: one a local day each, the run they make, and missed days made up.

Days are told by the entries themselves, so that nothing has to be kept in step with them. A day
that is made up counts like any other in the collection; it is not paid, and is no check-in in
the run of days that the ledger tells of a person (`handlers.ledger.streaks`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from handlers.checkins.checkins import Booked
from handlers.collections import collecting, entering, progress, taking, teams
from handlers.collections.given import Given
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.questions import contributions
from handlers.recognition import recognition
from handlers.replies import aside, openly, stopping
from sop.actions import Action
from sop.activities import collecting as policy
from sop.events import MessageReceived
from sop.model import Group, Item, Thread
from sop.standing import streaks
from sop.texts import quoted, text
from sop.times import localtime

COMMAND: Final = "checkin"

NOT_GIVEN: Final = frozenset({policy.REJECTED, policy.WITHDRAWN, policy.LATE})
"""Statuses of an entry whose day may be given anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What a check-in has become in a collection; `booked` is what its entry has brought.

    `refused` is why nothing at all is to be done; `words` are to be added to the answer.
    """

    refused: str = ""
    words: str = ""
    booked: Booked | None = None
    waits: bool = False
    lines: tuple[Action, ...] = ()


def enter(event: MessageReceived, context: Context, said: str) -> Entered:
    """Give a check-in to the collection of the group that takes it today, if there is one."""
    group = context.group
    threads = entering.open_for(context, group, COMMAND, event.at) if group else ()
    if group is None or not threads:
        return Entered()
    choice = entering.choice(context, threads, said, has_image=event.has_image)
    if choice.place is None:
        return Entered(refused=entering.which(context, threads, COMMAND))
    thread = threads[choice.place]
    days, today = _days(context, thread), _date(context, event.at)
    if today in days:
        already = text("collect.checked-in-already", title=quoted(thread.title))
        return Entered(words=already)
    given, problem = taking.fit(
        Given(
            event=event, context=context.under(thread.version), group=group, thread=thread,
            said=choice.said, category=choice.category,
        )
    )  # fmt: skip
    if problem:
        return Entered(refused=problem)
    kept = taking.taken(given)
    if kept.waits:
        return Entered(words=taking.waiting(given, kept.found), waits=True, lines=kept.lines)
    paid = sum(line.points or 0 for line in kept.lines if line.deed == COMMAND)
    booked = Booked(lines=kept.lines, points=paid, refused="", run="")
    words = _told(thread, {*days, today}, today) + teams.hint(given)
    return Entered(words=words, booked=booked)


def make_up(event: MessageReceived, context: Context, said: str) -> Outcome:
    """Make up for the latest day that was missed, as often as the collection allows it."""
    group = context.group
    threads = entering.open_for(context, group, COMMAND, event.at) if group else ()
    if group is None or not threads:
        none = stopping(aside(event, context, text("collect.make-up-none")))
        return none if recognition.addressed(event) else Outcome()
    choice = entering.choice(context, threads, said, has_image=False)
    if choice.place is None:
        return stopping(aside(event, context, entering.which(context, threads, "make_up")))
    thread = threads[choice.place]
    context = context.under(thread.version)
    days, today = _days(context, thread), _date(context, event.at)
    missed = streaks.missed(days, _date(context, thread.opened_at), today)
    if missed is None:
        words = text("collect.make-up-nothing", title=quoted(thread.title))
        return stopping(aside(event, context, words))
    left = _left(context, thread)
    if left < 1:
        words = text("collect.make-up-spent", title=quoted(thread.title))
        return stopping(aside(event, context, words))
    _fill(event, context, group, thread, choice.said, missed)
    key = "collect.make-up-left" if left > 1 else "collect.make-up-last"
    words = text(
        "collect.made-up", name=people.shown(context.person), month=missed.month,
        day=missed.day, left=text(key, count=left - 1),
        after=_told(thread, {*days, missed}, today),
    )  # fmt: skip
    if not event.group:
        return stopping(openly(words))
    return stopping(*acknowledging.acknowledge(context, event, COMMAND, words))


def _fill(
    event: MessageReceived, context: Context, group: Group, thread: Thread, said: str, day: date
) -> None:
    """Keep an entry for a day that is over: it stands at its end, behind those given on it."""
    at = localtime.local_midnight(day + streaks.ONE_DAY, context.book.zone) - 1
    found = contributions.record(
        context, group, COMMAND, said or text("collect.without-words-checkin"),
        status=policy.MADE_UP, person=context.person_id, at=at, message_id=event.message_id,
        thread=thread.id, team=_team(context, thread),
    )  # fmt: skip
    progress.note(context, thread, found, 1)


def _team(context: Context, thread: Thread) -> str:
    return next((each.team for each in _own(context, thread) if each.team), "")


def _left(context: Context, thread: Thread) -> int:
    used = sum(each.status == policy.MADE_UP for each in _own(context, thread))
    return collecting.make_ups(thread) - used


def _own(context: Context, thread: Thread) -> Sequence[Item]:
    return taking.own(context, thread)


def _days(context: Context, thread: Thread) -> frozenset[date]:
    """Return the local days that who acted has given."""
    return frozenset(
        _date(context, each.at) for each in _own(context, thread) if each.status not in NOT_GIVEN
    )


def _date(context: Context, at: int) -> date:
    return localtime.local_date(at, context.book.zone)


def _told(thread: Thread, days: set[date], today: date) -> str:
    run = streaks.run_of(days, today)
    key = "collect.checked-in-run" if run > 1 else "collect.checked-in"
    return text(key, title=quoted(thread.title), count=len(days), run=run)
