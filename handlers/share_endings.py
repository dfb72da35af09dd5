"""How a share day ends: what is unanswered is handed over, who hosted is paid, all is summed up.

Hosting pays the deed `share`: to speakers who were heard, or, where not everything is heard, to
those of whom staff say that they did share.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers import (
    budgets,
    deadlines,
    ledger,
    people,
    share_places,
    share_summaries,
    slots,
    tasks,
)
from handlers.overrides import quiet_of
from handlers.ports import Context, Outcome
from handlers.traces import HELD, Verdict
from sop import channels, quiet
from sop.actions import Action
from sop.budget import LONGEST_WAIT_MS
from sop.model import Group, Occurrence, Task, Thread
from sop.texts import text

HOSTED: Final = "share-hosted"
"""The kind of task that asks whether the speakers did share."""


def close(
    context: Context, group: Group, day: Thread, occurrence: Occurrence, *, fresh: bool
) -> Outcome:
    """Hand over what is unanswered, pay who hosted, and sum up when the group is awake."""
    lines: tuple[Action, ...] = ()
    if fresh and not group.retired:
        lines = (*slots.hand_over(context, group, day), *_pay(context, group, day))
        day = _forgotten(context, day)
    if group.retired or group.paused:
        return Outcome(lines)
    ready = quiet.quiet_end(quiet_of(context, group), day.closes_at, context.book.zone)
    budgeted = occurrence.body.get("held") == budgets.REASON
    if context.now - ready > (LONGEST_WAIT_MS if budgeted else day.body["grace"]):
        reason = budgets.REASON if budgeted else "missed"
        return Outcome(
            (*lines, Action(do="dropped", group=group.id, step=day.step, reason=reason))
        )
    words = share_summaries.words(context, group, day)
    waits = _waits(context, group) if words else None
    if waits is not None:
        return Outcome((*lines, deadlines.hold(context, occurrence, waits)))
    if not words:
        return Outcome(lines)
    budgets.spend_post(context, group)
    expires_at = context.now + day.body["grace"]
    post = Action(do="post", group=group.id, text=words, step=day.step, expires_at=expires_at)
    return Outcome((*lines, post))


def _forgotten(context: Context, day: Thread) -> Thread:
    """Keep who spoke, and not what they said: that is kept with the messages, as long as those."""
    day = context.store.get(Thread, *day.key) or day
    day = replace(day, body={**day.body, "spoke": dict.fromkeys(day.body["spoke"], "")})
    context.store.put(day)
    return day


def _waits(context: Context, group: Group) -> Verdict | None:
    until = quiet.quiet_end(quiet_of(context, group), context.now, context.book.zone)
    if until > context.now:
        return Verdict(verdict=HELD, reason="quiet", until=until)
    return budgets.short_of(context, group, 1)


def _pay(context: Context, group: Group, day: Thread) -> tuple[Action, ...]:
    """Pay the speakers who were heard; where not all is heard, staff are asked."""
    if channels.hears_all(group.channels):
        heard = [person for person in day.body["speakers"] if str(person) in day.body["spoke"]]
        return _paid(context, day, heard)
    if not day.body["speakers"]:
        return ()
    names = people.named(
        people.current(context.store, context.community, each) for each in day.body["speakers"]
    )
    return tasks.open_task(
        context, kind=HOSTED, to="staff", group=group.id, step=day.step, target=str(day.id),
        about=f"share-hosted:{day.id}:all",
        words=lambda number: text(
            "share-days.hosted-task", group=group.title or group.id, title=day.title,
            names=names, number=number,
        ),
    )  # fmt: skip


def _paid(context: Context, day: Thread, persons: Sequence[int]) -> tuple[Action, ...]:
    """Pay those persons; where only staff heard them, the opening words stand for theirs."""
    said: dict[int, str] = {}
    for number in persons:
        person = people.current(context.store, context.community, number)
        if person is not None:
            said.setdefault(person.id, str(day.body["spoke"].get(str(number), "")) or day.text)
    lines = (
        ledger.credit(
            context.under(day.version), person, "share", source=f"thread:{day.id}",
            step=day.step, said=words,
        )
        for person, words in said.items()
    )  # fmt: skip
    return tuple(line for each in lines for line in each)


def decide_hosted(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Pay the speakers of a share day that not everybody could be heard on."""
    day = share_places.day_of(context, int(task.target))
    if day is None or choice != "approve":
        return ()
    return _paid(context, day, day.body["speakers"])
