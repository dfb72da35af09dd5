"""A check-in said by its word, and what it counts for: one message, one payment.

In this order: an event that is on, by its code; a challenge that its member is in, or whose own
word it is; an open collection of check-ins; else it stands for itself. Missed days are made up
for in the same order.
"""

from collections.abc import Mapping
from typing import Final

from handlers import (
    acknowledging,
    attendance,
    challenge_days,
    checkin_entries,
    checkins,
    contributions,
    people,
    places,
)
from handlers.challenge_days import Noted
from handlers.ports import Context, Outcome
from handlers.replies import openly, privately, stopping
from sop.actions import Action
from sop.events import MessageReceived
from sop.texts import text

ODD: Final[Mapping[str, str]] = {
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
    context, question = _placed(event, context, "checkin")
    if question:
        return stopping(privately(question))
    noted = challenge_days.submit(event, context, argument)
    if noted.words:
        return _of_challenge(event, context, argument, noted)
    return _of_collection(event, context, argument)


def make_up(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Make up for a missed day of a challenge, else of a collection of check-ins."""
    if challenge_days.takes_part(event, context):
        return challenge_days.make_up(event, context, argument)
    context, question = _placed(event, context, "make_up")
    if question:
        return stopping(privately(question))
    return checkin_entries.make_up(event, context, argument)


def _placed(event: MessageReceived, context: Context, command: str) -> tuple[Context, str]:
    """Return the context in a group, or what to ask instead."""
    context = challenge_days.placed(event, context)
    if context.group is not None:
        return context, ""
    return places.only_one(context, staff=False, word=context.book.words.shown(command))


def _of_challenge(event: MessageReceived, context: Context, said: str, noted: Noted) -> Outcome:
    person = context.person
    assert person is not None
    source = contributions.source_of(noted.item) if noted.item else event.key
    done = checkins.book(context, person, source=source, said=said)
    odd = "" if noted.counted else ODD.get(done.refused, "")
    gained = text("commands.gained", points=done.points) if done.points else ""
    words = text(odd or "commands.checkin", name=people.shown(person), points=gained)
    told = challenge_days.whispered(event, context, noted)
    words += done.run + noted.words
    return stopping(*done.lines, *_answered(event, context, words, odd=bool(odd)), *told)


def _of_collection(event: MessageReceived, context: Context, said: str) -> Outcome:
    person = context.person
    assert person is not None
    entered = checkin_entries.enter(event, context, said)
    if entered.refused:
        return stopping(privately(entered.refused))
    if entered.waits:
        return stopping(*entered.lines, privately(entered.words))
    done = entered.booked or checkins.book(context, person, source=event.key, said=said)
    odd = ODD.get(done.refused, "")
    if odd and entered.words:
        # That the day is given already says all of it.
        return stopping(openly(f"{people.shown(person)} {entered.words}"))
    gained = text("commands.gained", points=done.points) if done.points else ""
    words = text(odd or "commands.checkin", name=people.shown(person), points=gained)
    words += entered.words or done.run
    return stopping(*done.lines, *_answered(event, context, words, odd=bool(odd)))


def _answered(
    event: MessageReceived, context: Context, words: str, *, odd: bool
) -> tuple[Action, ...]:
    return (openly(words),) if odd else acknowledging.acknowledge(context, event, "checkin", words)
