"""What an ordinary message earns: the message itself, and an introduction."""

import re
from functools import cache
from typing import Any, Final

from handlers.ledger import ledger
from handlers.ports import Context, Outcome
from sop.events import MessageReceived
from sop.frozen import replace
from sop.text import normalise, visible_length
from sop.times import localtime
from sop.yaml import yaml_source

KEPT_DAYS: Final = 62
"""Local days of activity remembered per person: two months, the longest window asked for."""

INTRODUCTION_LENGTH: Final = 8
"""Characters an introduction has at least."""


def credit_message(event: MessageReceived, context: Context) -> Outcome:
    """Book a message that broke no rule, and note the day as active."""
    person, member = context.person, context.member
    if person is None or member is None:
        return Outcome()
    note_day(context)
    lines = ledger.credit(context, person.id, "message", source=event.message_id, said=event.text)
    if not member.introduced_at and is_introduction(event.text):
        context.store.put(replace(member, introduced_at=event.at))
        lines += ledger.credit(
            context, person.id, "introduce", source=event.message_id, said=event.text
        )
    return Outcome(lines)


def note_day(context: Context) -> None:
    """Note today as active for who acted: they said something that broke no rule."""
    person = context.person
    today = localtime.local_date(context.now, context.book.zone).isoformat()
    # Around midnight messages come in any order: a day is noted once.
    if person is not None and today not in person.active[-2:]:
        context.store.put(replace(person, active=(*person.active, today)[-KEPT_DAYS:]))


def is_introduction(said: str) -> bool:
    """Tell whether somebody says who they are, in at least eight characters."""
    normal = normalise(said)
    introduces = _phrases().search(normal) is not None
    return introduces and visible_length(normal) >= INTRODUCTION_LENGTH


@cache
def _phrases() -> re.Pattern[str]:
    words: Any = yaml_source.load_packaged("introductions.yaml")
    return re.compile("|".join(re.escape(normalise(phrase)) for phrase in words["phrases"]))
