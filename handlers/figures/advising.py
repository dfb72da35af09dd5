"""Advice: what a report proposes, kept with numbers, so that one word can accept it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.figures import adopting
from handlers.figures.phrases import weekday
from handlers.ports import Context
from sop.actions import Button
from sop.figures.report import Advice
from sop.model import AdviceGiven, Group, Task
from sop.texts import text
from sop.times.durations import DAY_MS

DECLINED_MS: Final = 56 * DAY_MS
"""How long nothing is said again of what people did not want."""


def words(reason: str, facts: Mapping[str, str], number: int = 0) -> str:
    """Return what a piece of advice says."""
    told: dict[str, object] = {"number": number, **facts}
    if "weekday" in facts:
        told["weekday"] = weekday(int(facts["weekday"]))
    return text(f"advice.{reason}", **told)


def told(found: Sequence[Advice]) -> Iterator[str]:
    """Yield advice in words, where it has no numbers yet."""
    if found:
        yield text("advice.heading")
    for each in found:
        yield text("advice.told", words=words(each.reason, each.facts))


def propose(context: Context, group: Group, found: Sequence[Advice]) -> tuple[AdviceGiven, ...]:
    """Keep a report's advice with numbers; what is open stays, what no longer applies lapses.

    What was declined lately, or is followed already, is not said again.
    """
    keys = {each.key for each in found}
    for each in of(context, group, "open"):
        if each.about not in keys:
            context.store.put(replace(each, status="lapsed", closed_at=context.now))
    return tuple(kept for each in found if (kept := _proposed(context, group, each)) is not None)


def settled(context: Context, group: Group) -> frozenset[str]:
    """Return the keys of what was declined lately, or is followed already."""
    known = context.store.find(
        AdviceGiven, community=context.community, group=group.id,
        status__in=(adopting.ACCEPTED, "declined", "undone"),
    )  # fmt: skip
    return frozenset(each.about for each in known if _settled(context, each))


def _proposed(context: Context, group: Group, advice: Advice) -> AdviceGiven | None:
    known = context.store.find(
        AdviceGiven, community=context.community, group=group.id, about=advice.key, order="-id"
    )
    if any(_settled(context, each) for each in known):
        return None
    number = next((each.id for each in known if each.status == "open"), 0)
    given = AdviceGiven(
        community=context.community, group=group.id, about=advice.key, reason=advice.reason,
        id=number or context.store.number(context.community, "advice"), at=context.now,
        facts=advice.facts, change=advice.change,
    )  # fmt: skip
    context.store.put(given)
    return given


def _settled(context: Context, given: AdviceGiven) -> bool:
    """Tell whether people have decided, so that it is not said again now."""
    if given.status == adopting.ACCEPTED and given.change:
        return True
    if given.status == adopting.ACCEPTED:
        task = context.store.get(Task, context.community, given.task)
        return task is not None and task.status == "open"
    return given.status in ("declined", "undone") and given.closed_at > context.now - DECLINED_MS


def proposal(given: Sequence[AdviceGiven]) -> str:
    """Return advice with its numbers, and how to say yes."""
    if not given:
        return ""
    lines = (
        text("advice.proposed", number=each.id, words=words(each.reason, each.facts, each.id))
        for each in given
    )
    return "\n".join((text("advice.heading"), *lines, text("advice.how", number=given[0].id)))


def buttons(context: Context, given: Sequence[AdviceGiven]) -> tuple[Button, ...]:
    """Return a yes and a no for each piece of advice."""
    said = context.book.words.shown
    return tuple(
        Button(
            text(f"advice.press-{choice}", number=each.id),
            f"{said('advice')} {each.id} {said(choice)}",
            of=str(each.id),
        )
        for each in given
        for choice in ("approve", "reject")
        if said("advice") and said(choice)
    )


def of(context: Context, group: Group, status: str) -> Sequence[AdviceGiven]:
    """Return what was advised for a group and has that status, the oldest first."""
    return context.store.find(
        AdviceGiven, community=context.community, group=group.id, status=status, order="id"
    )
