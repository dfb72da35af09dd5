"""What becomes of a layer's benefits that somebody holds when they leave it, and come back.

What is in their hands stays theirs. A place or a service can still be used for a while. What
they were only waiting for ends, and every point that was paid for it comes back.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from handlers.benefits import benefits, gifts, redemption, returns
from handlers.people import letters, people
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities import benefit_terms
from sop.model import Claim, Person, Task
from sop.pack.pack_score import Benefit
from sop.texts import quoted, text
from sop.times import localtime
from sop.times.durations import DAY_MS

ENDS: Final = "benefit-ends"
"""The kind of task by which those who honour a benefit hear when it ends; its target is when
it would have ended by itself (ms, 0 never)."""

STAYS_MS: Final = 7 * DAY_MS
"""How long a place or a service can still be used."""

LASTING: Final = frozenset({"quota", "service"})
"""The kinds of benefits that are used over time; every other is somebody's once they have it."""


def left(context: Context, person: Person) -> tuple[Action, ...]:
    """Settle what the person holds of the core layer they are out of now, and tell them alone."""
    lines: list[Action] = []
    words: list[str] = []
    group = ""
    for claim, benefit in _lost(context, person):
        settled = _settled(context, person, claim, benefit)
        if settled is not None:
            lines.extend(settled[0])
            words.append(settled[1])
            group = group or claim.group
    if not words:
        return ()
    said = "\n".join((text("benefits.layer-left"), *words))
    return (*lines, *letters.tell(context, person, said, group))


def _lost(context: Context, person: Person) -> Iterator[tuple[Claim, Benefit]]:
    """Yield what the person has, or waits for, and could not have any more."""
    for claim in _claims(context, person, benefit_terms.OPEN):
        benefit = context.book.pack.benefit(claim.benefit)
        if benefit is not None and benefits.is_lost(context, person, benefit):
            yield claim, benefit


def _claims(context: Context, person: Person, status: tuple[str, ...]) -> list[Claim]:
    return list(
        context.store.find(
            Claim, community=context.community, person=person.id, status__in=status, order="id"
        )
    )


def _settled(
    context: Context, person: Person, claim: Claim, benefit: Benefit
) -> tuple[tuple[Action, ...], str] | None:
    """End or shorten a claim; None where it stays as it is, or somebody is seeing to it."""
    title = quoted(claim.title or claim.benefit)
    task = tasks.find_open(context, returns.by_hand(claim.id))
    if task is not None and task.taken_by:
        return None
    if returns.is_owed(context, claim):
        lines = returns.undo(replace(context, group_id=claim.group), claim)
        back = text("benefits.points-back", price=claim.price) if claim.price else ""
        return lines, text("benefits.layer-not-yet", title=title) + back
    until = context.now + STAYS_MS
    if benefit.kind not in LASTING or 0 < claim.expires_at <= until:
        return None
    context.store.put(replace(claim, expires_at=until))
    day = localtime.local_date(until, context.book.zone)
    dates = {"month": day.month, "day": day.day}
    opened = _tell_who_honours(context, person, claim, benefit, "benefits.layer-ends", **dates)
    return opened, text("benefits.layer-until", title=title, **dates)


def _tell_who_honours(
    context: Context, person: Person, claim: Claim, benefit: Benefit, key: str, **dates: int
) -> tuple[Action, ...]:
    values = {"name": people.shown(person), "title": quoted(claim.title or claim.benefit)}
    return tasks.open_task(
        context, kind=ENDS, group=claim.group, person=person.id,
        to=gifts.who(context, claim.group, benefit.by or "staff", person),
        about=_about(claim), target=str(claim.expires_at),
        words=lambda number: text(
            key, claim=claim.id, tail=claim.tail, number=number, **values, **dates
        ),
    )  # fmt: skip


def _about(claim: Claim) -> str:
    return f"{ENDS}:{claim.id}"


def returned(context: Context, person: Person) -> tuple[Action, ...]:
    """Let what was shortened when the person left last as long as it was meant to."""
    lines: list[Action] = []
    for claim in _claims(context, person, ("given",)):
        benefit = context.book.pack.benefit(claim.benefit)
        if benefit is None or benefit.kind not in LASTING:
            continue
        told = context.store.find(
            Task, community=context.community, about=_about(claim), order="-id", limit=1
        )
        if not told or not told[0].target:
            continue
        context.store.put(replace(claim, expires_at=int(told[0].target)))
        context.store.put(replace(told[0], target=""))
        tasks.void(context, _about(claim))
        if told[0].status != "open":
            lines.extend(
                _tell_who_honours(context, person, claim, benefit, "benefits.layer-again")
            )
        words = text("benefits.layer-back", title=quoted(claim.title or claim.benefit))
        lines.extend(letters.tell(context, person, words, claim.group))
    return tuple(lines)


def asked_again(context: Context, person: Person, at: int) -> tuple[Action, ...]:
    """Ask anew for what ended at that instant, as if the person had never left."""
    lines: list[Action] = []
    for claim in _claims(context, person, ("refunded",)):
        if claim.closed_at == at:
            there = replace(context, group_id=claim.group)
            lines.extend(redemption.ask_again(there, claim, person))
    return tuple(lines)
