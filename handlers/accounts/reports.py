"""Figures of a group for its people: who spoke and how much, with what could be heard of it."""

from typing import Final, Literal

from handlers.people import people
from handlers.ports import Context
from handlers.posting import rendering
from handlers.questions import response_times
from sop import channels
from sop.model import BOT, Group, Member, Message
from sop.texts import text
from sop.times.durations import DAY_MS

PERIODS: Final = {"daily": DAY_MS, "weekly": 7 * DAY_MS}

NAMED: Final = 3
"""Contributors a report thanks by name."""


def figures(context: Context, group: Group, kind: Literal["daily", "weekly"]) -> str:
    """Return the report of the last day or week, in words; with its questions, if there were."""
    since = context.now - PERIODS[kind]
    words = _spoken(context, group, kind, since)
    questions = response_times.told(context, group, since)
    if not questions:
        return words
    return text("knowledge.times-report", words=words, times=questions)


def _spoken(context: Context, group: Group, kind: Literal["daily", "weekly"], since: int) -> str:
    here = {"community": context.community, "group": group.id}
    messages = context.store.count(Message, person__ne=BOT, at__gt=since, **here)
    members = context.store.count(Member, last_at__gt=since, **here)
    names = people.named(rendering.ranking(context, NAMED))
    if not messages or not names:
        return text("reports.quiet")
    heard = "" if channels.hears_all(group.channels) else text("reports.mentions-only")
    return text(f"reports.{kind}", members=members, messages=messages, names=names, heard=heard)
