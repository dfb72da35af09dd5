"""Speakers of a share day are reminded the evening before, if they still come."""

from dataclasses import replace

from handlers.limits import budgets
from handlers.overrides import quiet_of
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.shares import share_invitations, share_places
from handlers.shares.share_places import PLANNED, TAKEN
from handlers.timing import deadlines
from handlers.traces import HELD, Verdict
from sop.actions import Action
from sop.events import StepDue
from sop.model import Group, Occurrence, Person, Thread
from sop.texts import text
from sop.times import quiet


def remind(event: StepDue, context: Context) -> Outcome:
    """Remind a speaker of tomorrow; who has left the group makes room for somebody else."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    day, number = share_places.target_of(context, event.subject)
    if group is None or group.retired or day is None or day.status != PLANNED:
        context.store.put(replace(occurrence, status="dropped"))
        return Outcome()
    held = share_invitations.waits(context, group)
    if held is not None:
        return Outcome((deadlines.hold(context, occurrence, held),))
    context.store.put(replace(occurrence, status="done"))
    if share_invitations.is_off(context, group, day):
        return Outcome(share_invitations.call_off(context, group, day))
    place = share_places.places(day)[number]
    if place.status != TAKEN or str(place.person) != event.cause:
        return Outcome()
    person = share_places.present(context, group, place.person)
    if person is None:
        return Outcome(share_invitations.fill(context, group, day.id, number))
    return Outcome(_reminder(context, group, day, person, occurrence))


def _reminder(
    context: Context, group: Group, day: Thread, person: Person, occurrence: Occurrence
) -> tuple[Action, ...]:
    if person.nudges_off:
        return ()
    room = budgets.member_room(context, group, person.id)
    if room is not None and not room.left:
        until = quiet.quiet_end(quiet_of(context, group), room.renews_at, context.book.zone)
        held = Verdict(verdict=HELD, reason=budgets.REASON, until=until)
        return (deadlines.hold(context, occurrence, held),)
    fields = share_places.fields(context, group, day)
    words = text("share-days.reminder", name=people.addressed(person), **fields)
    line = Action(
        do="dm", group=group.id, to=str(person.id), member=str(person.id), text=words,
        step=day.step, expires_at=share_places.starts_at(context, group, day),
    )  # fmt: skip
    return budgets.charge(context, group, (line,))
