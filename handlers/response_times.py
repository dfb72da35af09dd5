"""How long questions waited for their first answer in a group, and how many wait still."""

from dataclasses import dataclass
from statistics import median
from typing import Final

from handlers import asked
from handlers.ports import Context
from sop import channels
from sop.model import Group, Item
from sop.texts import text

MOST: Final = 1_000
"""Questions that are looked at, the newest."""

MINUTE_MS: Final = 60_000

_UNITS: Final = (("knowledge.days", 24 * 60 * MINUTE_MS), ("knowledge.hours", 60 * MINUTE_MS))

READABLE: Final = 2
"""Days or hours from which what is smaller is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Figures of a span: times are ms, 0 where nothing was answered.

    `waiting` are the numbers of the questions to which no answer was heard.
    """

    asked: int
    answered: int
    waiting: tuple[int, ...]
    median_ms: int
    longest_ms: int


def times(context: Context, group: Group, since: int) -> Times:
    """Return the figures of the questions asked since then; a known answer took no time."""
    where = {"community": context.community, "group": group.id}
    questions = context.store.find(
        Item, kind=asked.QUESTION, at__gt=since, order="-number", limit=MOST, **where
    )
    firsts = _firsts(context, group, questions[-1].number) if questions else {}
    waits = [
        0 if each.status == "known" else firsts[each.number] - each.at
        for each in questions
        if each.status == "known" or each.number in firsts
    ]
    waiting = [
        each.number
        for each in reversed(questions)
        if each.status != "known" and each.number not in firsts
    ]
    return Times(
        asked=len(questions), answered=len(waits), waiting=tuple(waiting),
        median_ms=int(median(waits)) if waits else 0, longest_ms=max(waits, default=0),
    )  # fmt: skip


def _firsts(context: Context, group: Group, oldest: int) -> dict[int, int]:
    """When each question had its first answer, by its number."""
    answers = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.ANSWER,
        number__gt=oldest, order="-number",
    )  # fmt: skip
    return {each.parent: each.at for each in answers}


def told(context: Context, group: Group, since: int) -> str:
    """Return the figures in a sentence or two; empty where nobody asked.

    Where not everything is heard nobody can tell who waits.
    """
    found = times(context, group, since)
    if not found.asked:
        return ""
    words = text("knowledge.times", asked=found.asked, answered=found.answered)
    if found.answered:
        words += text("knowledge.times-median", length=shown(found.median_ms))
    if found.waiting and channels.hears_all(group.channels):
        number = found.waiting[0]
        words += text("knowledge.times-waiting", count=len(found.waiting), number=number)
    return words


def shown(ms: int) -> str:
    """Return a time in words, to the minute, hour or day; at least one minute."""
    for key, unit in _UNITS:
        if ms >= READABLE * unit:
            return text(key, count=round(ms / unit))
    return text("knowledge.minutes", count=max(1, round(ms / MINUTE_MS)))
