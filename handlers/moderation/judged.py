"""The lines of a deployment's own history, with what people have said of them since."""

from collections.abc import Iterator
from typing import Final

from handlers.moderation import doubts, learning, reporting
from handlers.ports import Context
from sop.model import BOT, Message, Strike, Task
from sop.times.durations import DAY_MS

MOST: Final = 200_000
"""Lines looked at, the newest."""

_LABELS: Final = {"approved": "ad", "rejected": "ok"}
_SAID: Final = {learning.ADVERT: "ad", learning.FINE: "ok"}


def lines(context: Context, days: int, group: str = "") -> Iterator[tuple[str, str]]:
    """Yield (text, label) of what members said in those days, in one group or in all of them.

    Labels are those of `sop.detectors.tuning`.

    A strike of the adverts' check that stands is an advert, one that was taken back is none;
    what staff said when they were asked, or of themselves, counts more. Nothing else has a label.
    """
    known = {**_struck(context), **_answered(context)}
    said = {each.source: _SAID[each.label] for each in learning.in_force(context)}
    where = {"group": group} if group else {"group__ne": ""}
    found = context.store.find(
        Message, community=context.community, person__ne=BOT, text__ne="",
        at__gt=context.now - days * DAY_MS, order="-id", limit=MOST, **where,
    )  # fmt: skip
    for each in found:
        place = (each.group, each.at, each.message_id)
        yield each.text, said.get(each.message_id) or known.get(place, "")


def _struck(context: Context) -> dict[tuple[str, int, str], str]:
    checks = [each.id for each in context.book.pack.rules.checks if each.detect == "ads"]
    strikes = context.store.find(Strike, community=context.community, rule__in=checks)
    return {
        (each.group, each.at, each.source): "ok" if each.reversed_at else "ad"
        for each in strikes
        if not each.observed
    }


def _answered(context: Context) -> dict[tuple[str, int, str], str]:
    checks = [each.id for each in context.book.pack.rules.checks if each.detect == "ads"]
    tasks = context.store.find(
        Task, community=context.community, status__in=tuple(_LABELS),
        kind__in=(doubts.KIND, reporting.KIND), rule__in=checks, order="id",
    )  # fmt: skip
    found = {}
    for each in tasks:
        at, _, message = each.target.partition(" ")
        if at.isdecimal():
            found[each.group, int(at), message] = _LABELS[each.status]
    return found
