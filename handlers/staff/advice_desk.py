"""Advice in the chat: the list, and accepting, declining or taking one back by its number."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from handlers.figures import adopting, advising
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.questions import questions
from handlers.recognition import recognition
from handlers.replies import aside, discreetly, privately, stopping
from handlers.steps import enforcement
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities.commands import parse_command
from sop.events import MessageReceived
from sop.model import AdviceGiven, Group
from sop.pack.inheritance import Override, override_findings
from sop.texts import text

TASK: Final = "advice"
"""The kind of the task that a piece of advice becomes."""


def answer(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """List what was advised, or accept, decline or take back one of it by its number."""
    number, rest = questions.split_number(argument, context.book.words.separators)
    if not number:
        spoken = not recognition.addressed(event) or not _may(context, context.group)
        return Outcome() if argument and spoken else stopping(_listed(event, context))
    command = parse_command(rest, context.book.words)
    decide = _DECISIONS.get(command.name) if command is not None and not command.argument else None
    if decide is None and not recognition.addressed(event):
        return Outcome()
    given = context.store.get(AdviceGiven, context.community, number)
    group = context.store.get(Group, context.community, given.group) if given else None
    if not _may(context, group or context.group):
        return Outcome() if event.group else stopping(privately(text("commands.not-staff")))
    if given is None or group is None:
        return stopping(privately(text("advice.unknown-number", number=number)))
    if decide is None:
        return stopping(privately(text("advice.form")))
    lines, told = decide(context, group, given)
    return stopping(*lines, discreetly(event, context, told))


def _may(context: Context, group: Group | None) -> bool:
    """Tell whether who acts decides about that group; about any, where none is meant."""
    if group is None:
        return bool(places.own_groups(context, staff=True))
    return people.is_staff(context.person, group)


def _listed(event: MessageReceived, context: Context) -> Action:
    groups = (context.group,) if context.group else places.own_groups(context, staff=True)
    mine = [group for group in groups if people.is_staff(context.person, group)]
    if not mine:
        return privately(text("commands.not-staff"))
    found = [
        each
        for group in mine
        for status in ("open", adopting.ACCEPTED)
        for each in advising.of(context, group, status)
        if status == "open" or each.change
    ]
    lines = [_line(each) for each in found]
    if not lines:
        return aside(event, context, text("advice.none"))
    return privately("\n".join((text("advice.list-heading"), *lines)))


def _line(given: AdviceGiven) -> str:
    state = "" if given.status == "open" else text("advice.accepted", number=given.id)
    words = advising.words(given.reason, given.facts, given.id)
    return text("advice.listed", number=given.id, words=words, state=state)


Decided = tuple[tuple[Action, ...], str]


def _closed(given: AdviceGiven) -> str:
    """Say that it is decided, or that it no longer applied before anybody did."""
    if given.status == "lapsed":
        return text("advice.lapsed", number=given.id)
    return text("advice.already", number=given.id)


def _accept(context: Context, group: Group, given: AdviceGiven) -> Decided:
    if given.status != "open":
        return (), _closed(given)
    closed = replace(
        given, status=adopting.ACCEPTED, closed_at=context.now, closed_by=context.person_id
    )
    if given.change:
        return _changed(context, group, closed)
    lines = tasks.open_task(
        context, kind=TASK, to="staff", group=group.id, about=f"advice:{given.id}",
        words=lambda number: text(
            "advice.task", number=number, words=advising.words(given.reason, given.facts, given.id)
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
        return (), _closed(given)
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
