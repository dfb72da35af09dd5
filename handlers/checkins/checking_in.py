"""A check-in said by its word, and what it counts for: one message, one payment.

An event that is on takes it by its code, a challenge by its own word, and neither leaves it to
anything else. Else an open collection of check-ins keeps it as its entry, and it is a day of the
challenge its member is in, too; without either it stands for itself. What is missed is made up
for in a challenge first.
"""

from collections.abc import Mapping
from typing import Final

from handlers.challenges import challenge_days
from handlers.challenges.challenge_days import Noted
from handlers.checkins import checkin_entries, checkins
from handlers.checkins.checkin_entries import Entered
from handlers.checkins.checkins import Booked
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.questions import contributions
from handlers.replies import aside, openly, privately, stopping
from handlers.signups import attendance
from sop.events import MessageReceived
from sop.texts import text

UNPAID: Final[Mapping[str, str]] = {
    "cap": "commands.checkin-again",
    "once": "commands.checkin-again",
    "short": "commands.checkin-short",
    "same": "commands.checkin-same",
}
"""What is said where a check-in earns nothing; being muted is never said aloud."""


def check_in(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take a check-in; somebody who may not be paid for it now is thanked all the same."""
    if challenge_days.is_talk(event, context):
        return Outcome()
    there = attendance.check_in(event, context, argument)
    if there is not None:
        return there
    context, question = _placed(event, context, "checkin", argument)
    if question:
        return stopping(privately(question))
    entered = Entered()
    if not challenge_days.own_word(event, context):
        entered = checkin_entries.enter(event, context, argument)
    kept = entered.booked is not None or entered.waits
    noted = challenge_days.submit(event, context, argument, kept=kept)
    if noted.words or not (entered.refused or entered.waits):
        return _answered(event, context, argument, entered, noted)
    return stopping(*entered.lines, aside(event, context, entered.refused or entered.words))


def make_up(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Make up for a missed day of a challenge, else of a collection of check-ins."""
    if challenge_days.takes_part(event, context):
        return challenge_days.make_up(event, context, argument)
    context, question = _placed(event, context, "make_up", argument)
    if question:
        return stopping(privately(question))
    return checkin_entries.make_up(event, context, argument)


def _placed(
    event: MessageReceived, context: Context, command: str, argument: str
) -> tuple[Context, str]:
    """Return the context in a group, or what to ask instead."""
    context = challenge_days.placed(event, context)
    if context.group is not None:
        return context, ""
    word = places.again(context.book.words.shown(command), argument)
    return places.only_one(context, staff=False, word=word)


def _answered(
    event: MessageReceived, context: Context, said: str, entered: Entered, noted: Noted
) -> Outcome:
    """Pay it once, and say what it has become."""
    person = context.person
    assert person is not None
    done = _paid(event, context, said, entered, noted)
    counts = noted.counted or entered.booked is not None
    unpaid = "" if counts else UNPAID.get(done.refused, "")
    if unpaid and entered.words and not noted.words:
        # That the day is given already says all of it.
        return stopping(openly(f"{people.shown(person)} {entered.words}"))
    gained = text("commands.gained", points=done.points) if done.points else ""
    words = text(unpaid or "commands.checkin", name=people.shown(person), points=gained)
    more = entered.refused or (entered.words if entered.waits else "")
    words += ("" if entered.waits else entered.words) or done.run
    words += noted.words
    answer = (
        (openly(words),) if unpaid else acknowledging.acknowledge(context, event, "checkin", words)
    )
    told = (aside(event, context, more),) if more else ()
    whispered = challenge_days.whispered(event, context, noted)
    return stopping(*entered.lines, *done.lines, *answer, *told, *whispered)


def _paid(
    event: MessageReceived, context: Context, said: str, entered: Entered, noted: Noted
) -> Booked:
    """Return what the check-in has brought; an entry that waits is paid when it is shown."""
    if entered.waits:
        return Booked(lines=(), points=0, refused="", run="")
    if entered.booked is not None:
        return entered.booked
    assert context.person is not None
    source = contributions.source_of(noted.item) if noted.item else event.message_id or event.key
    return checkins.book(context, context.person, source=source, said=said)
