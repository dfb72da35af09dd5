"""Advice: proposed with a report, and accepted, declined or taken back with one word."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from handlers.figures import adopting
from handlers.figures.telling import weekday
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import aside, discreetly, privately, stopping
from handlers.steps import enforcement
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities.commands import parse_command
from sop.events import MessageReceived
from sop.figures.report import Advice
from sop.model import AdviceGiven, Group, Task
from sop.pack.inheritance import Override, override_findings
from sop.texts import text
from sop.times.durations import DAY_MS

TASK: Final = "advice"
"""The kind of the task that a piece of advice becomes."""

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
    for each in _of(context, group, "open"):
        if each.about not in keys:
            context.store.put(replace(each, status="lapsed", closed_at=context.now))
    return tuple(kept for each in found if (kept := _proposed(context, group, each)) is not None)


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


def answer(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """List what was advised, or accept, decline or take back one of it by its number."""
    said, rest = _split(argument)
    number = recognition.task_number(said)
    if not number:
        if argument and not recognition.addressed(event):
            return Outcome()
        return stopping(_listed(event, context))
    command = parse_command(rest, context.book.words)
    decide = _DECISIONS.get(command.name) if command is not None and not command.argument else None
    given = context.store.get(AdviceGiven, context.community, number)
    group = context.store.get(Group, context.community, given.group) if given else None
    if not people.is_staff(context.person, group or context.group):
        return Outcome() if event.group else stopping(privately(text("commands.not-staff")))
    if given is None or group is None:
        return stopping(privately(text("advice.unknown-number", number=number)))
    if decide is None:
        if not recognition.addressed(event):
            return Outcome()
        return stopping(privately(text("advice.form")))
    lines, told = decide(context, group, given)
    return stopping(*lines, discreetly(event, context, told))


def _split(argument: str) -> tuple[str, str]:
    """Part a leading number from what follows it, with or without a blank."""
    digits = "".join(takewhile(str.isdecimal, argument))
    return digits, argument[len(digits) :].strip()


def _listed(event: MessageReceived, context: Context) -> Action:
    groups = (context.group,) if context.group else places.own_groups(context, staff=True)
    mine = [group for group in groups if people.is_staff(context.person, group)]
    if not mine:
        return privately(text("commands.not-staff"))
    found = [
        each
        for group in mine
        for status in ("open", adopting.ACCEPTED)
        for each in _of(context, group, status)
        if status == "open" or each.change
    ]
    lines = [
        text(
            "advice.listed", number=each.id, words=words(each.reason, each.facts, each.id),
            state=text("advice.accepted", number=each.id) if each.status != "open" else "",
        )
        for each in found
    ]  # fmt: skip
    if not lines:
        return aside(event, context, text("advice.none"))
    return privately("\n".join((text("advice.list-heading"), *lines)))


def _of(context: Context, group: Group, status: str) -> Sequence[AdviceGiven]:
    return context.store.find(
        AdviceGiven, community=context.community, group=group.id, status=status, order="id"
    )


Decided = tuple[tuple[Action, ...], str]


def _accept(context: Context, group: Group, given: AdviceGiven) -> Decided:
    if given.status != "open":
        return (), text("advice.already", number=given.id)
    closed = replace(
        given, status=adopting.ACCEPTED, closed_at=context.now, closed_by=context.person_id
    )
    if given.change:
        return _changed(context, group, closed)
    lines = tasks.open_task(
        context, kind=TASK, to="staff", group=group.id, about=f"advice:{given.id}",
        words=lambda number: text(
            "advice.task", number=number, words=words(given.reason, given.facts, given.id)
        ),
    )  # fmt: skip
    opened = tasks.find_open(context, f"advice:{given.id}")
    number = opened.id if opened is not None else 0
    context.store.put(replace(closed, task=number))
    return lines, text("advice.done-task", number=given.id, task=number)


def _changed(context: Context, group: Group, accepted: AdviceGiven) -> Decided:
    """Change the group's values at once, unless the pack no longer has what they are of."""
    wanted = Override.model_validate(accepted.change)
    if override_findings((context.book.base or context.book).pack, wanted):
        context.store.put(replace(accepted, status="lapsed"))
        return (), text("advice.impossible", number=accepted.id)
    changed = adopting.adopt(context, group, accepted)
    enforcement.follow_group(context, changed)
    return (), text("advice.done-change", number=accepted.id)


def _decline(context: Context, _group: Group, given: AdviceGiven) -> Decided:
    if given.status != "open":
        return (), text("advice.already", number=given.id)
    context.store.put(
        replace(
            given, status="declined", closed_at=context.now, closed_by=context.person_id
        )
    )  # fmt: skip
    return (), text("advice.declined", number=given.id)


def _undo(context: Context, group: Group, given: AdviceGiven) -> Decided:
    if given.status == "overruled":
        return (), text("advice.by-file")
    if given.status != adopting.ACCEPTED:
        return (), text("advice.not-accepted", number=given.id)
    undone = replace(given, status="undone", closed_at=context.now, closed_by=context.person_id)
    context.store.put(undone)
    if not given.change:
        tasks.void(context, f"advice:{given.id}")
        return (), text("advice.void", number=given.id)
    enforcement.follow_group(context, adopting.undo(context, group, given))
    return (), text("advice.undone", number=given.id)


_DECISIONS: Final[Mapping[str, Callable[[Context, Group, AdviceGiven], Decided]]] = {
    "approve": _accept,
    "reject": _decline,
    "withdraw": _undo,
    "pardon": _undo,
}
"""What each word after a number does: the words are those of the commands."""
