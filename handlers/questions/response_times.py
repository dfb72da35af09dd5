"""How long questions waited for their first answer in a group, and how many wait still."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from handlers.ports import Context
from handlers.questions import asked, caring
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
    """Figures of a span: times are ms, None where of no answer it is known when it came.

    `waiting` are the numbers of the questions to which no answer was heard. `late` counts those
    answered after the time that the pack promises, or waiting beyond it; None: it promises none.
    """

    asked: int
    answered: int
    waiting: tuple[int, ...]
    median_ms: int | None
    longest_ms: int | None
    late: int | None = None


def times(context: Context, group: Group, since: int) -> Times:
    """Return the figures of the questions asked since then; a known answer took no time.

    What was answered where nobody heard it counts as answered, and took nobody knows how long.
    """
    where = {"community": context.community, "group": group.id}
    questions = context.store.find(
        Item, kind=asked.QUESTION, at__gt=since, order="-number", limit=MOST,
        status__ne=caring.WITHDRAWN, **where,
    )  # fmt: skip
    firsts = _firsts(context, group, questions[-1].number) if questions else {}
    timed = {
        each.number: 0 if each.status == "known" else firsts[each.number] - each.at
        for each in questions
        if each.status == "known" or each.number in firsts
    }
    untimed = {each.number for each in questions if each.status == caring.SEEN_TO}
    answered = untimed | timed.keys()
    waiting = [each for each in reversed(questions) if each.number not in answered]
    waits = list(timed.values())
    return Times(
        asked=len(questions), answered=len(answered),
        waiting=tuple(each.number for each in waiting),
        median_ms=int(median(waits)) if waits else None,
        longest_ms=max(waits, default=None),
        late=_late(context, group, questions, timed, waiting),
    )  # fmt: skip


def _late(
    context: Context,
    group: Group,
    questions: Sequence[Item],
    timed: Mapping[int, int],
    waiting: Sequence[Item],
) -> int | None:
    if context.in_force.pack.care is None:
        return None
    until = {
        each.number: each.at + timed[each.number] for each in questions if each.number in timed
    }
    until |= {each.number: context.now for each in waiting}
    promised = ((each, caring.owed(context, group, each)) for each in questions)
    return sum(
        owed is not None and until.get(each.number, 0) > owed.due_at for each, owed in promised
    )


def _firsts(context: Context, group: Group, oldest: int) -> dict[int, int]:
    """When each question had its first answer, by its number."""
    answers = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.ANSWER,
        number__gt=oldest, order="-number",
    )  # fmt: skip
    return {each.parent: each.at for each in answers}


def shown(ms: int) -> str:
    """Return a time in words, to the minute, hour or day; at least one minute."""
    for key, unit in _UNITS:
        if ms >= READABLE * unit:
            return text(key, count=round(ms / unit))
    return text("knowledge.minutes", count=max(1, round(ms / MINUTE_MS)))
