"""Signed lists (接龙) that staff bring in private: read, asked about where unclear, and proposed.

A list may come in parts, or twice: the newest one of whoever brings it is gone on with.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.relays import relay_corrections, relay_import, relay_names, relay_targets
from handlers.relays.relay_targets import Choice
from handlers.replies import excerpt, privately, stopping
from handlers.tasks import tasks
from handlers.threads.naming import points, resolve
from sop import channels
from sop.actions import Action
from sop.activities import relays
from sop.activities.relays import Signed
from sop.events import MessageReceived
from sop.model import Group, Relay, Task
from sop.text import normalise
from sop.texts import text
from sop.times.durations import MINUTE_MS

WAITING: Final = ("asked", "proposed")
"""What a list is while nobody has said yes or no."""

PARTS_WITHIN_MS: Final = 30 * MINUTE_MS
"""How long a next part, or what the list is for, may follow."""

LISTED: Final = 12
"""Choices listed at most when asking what a list is for."""


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Take a private message for a list, its next part, or the answer to what it is for."""
    if context.person is None:
        return Outcome()
    if not relays.may_begin(event.text):
        return _went_on(event, context)
    event, there = places.named_first(event, context)
    found = relays.begins(event.text)
    return _went_on(event, context) if found is None else bring(event, there, event.text)


def hear_openly(event: MessageReceived, context: Context) -> Outcome:
    """Take a list that is copied to the bot before the group; else it is the members' own."""
    meant = context.person is not None and recognition.addressed(event)
    if not meant or not relays.may_begin(event.text) or relays.begins(event.text) is None:
        return Outcome()
    return bring(event, context, event.text)


def bring(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take a list that staff bring; `argument` holds it, perhaps after what it is for."""
    groups = _groups(context)
    if not groups:
        return stopping(privately(text("relays.not-staff")))
    before, said = relays.begins(argument) or ("", "")
    signed = relays.read(said)
    if signed is None or not signed.entries:
        key = "relays.unreadable" if signed is None else "relays.empty"
        return stopping(privately(text(key)))
    return stopping(*_take(replace(event, text=said), context, groups, signed, before))


def _groups(context: Context) -> tuple[Group, ...]:
    """Return the groups a list may be for: the one named, else all the person looks after."""
    if context.group is None:
        return places.own_groups(context, staff=True)
    return (context.group,) if people.is_staff(context.person, context.group) else ()


def _take(
    event: MessageReceived, context: Context, groups: Sequence[Group], signed: Signed, before: str
) -> tuple[Action, ...]:
    """Go on with the list if it is waiting, else ask what it is for where that is not certain."""
    waiting = _waiting(context, event.at)
    if waiting is not None and not before and _is_copy(waiting, groups, signed):
        return _go_on(context, replace(waiting, text=event.text, at=event.at))
    found = tuple(
        each
        for group in groups
        for each in relay_targets.choices(replace(context, group_id=group.id), group)
    )
    if not found:
        return (privately(text("relays.nothing")),)
    fitting, named = relay_targets.fitting(found, f"{before} {signed.title}")
    record = Relay(
        community=context.community, id=context.store.number(context.community, "relay"),
        by=context.person_id, at=event.at, group="", title=signed.title, mark=signed.mark,
        text=event.text, choices=tuple((each.group.id, each.target) for each in fitting[:LISTED]),
    )  # fmt: skip
    certain = len(fitting) == 1 and (named or fitting[0].thread is not None)
    return (
        _propose(context, _for(record, fitting[0])) if certain else _ask(context, record, fitting)
    )


def _is_copy(waiting: Relay, groups: Sequence[Group], signed: Signed) -> bool:
    """Tell whether a list is the one that waits; one without a title is if it begins like it."""
    if waiting.mark != signed.mark or waiting.group not in ("", *(each.id for each in groups)):
        return False
    older = relays.read(waiting.text)
    return bool(signed.title) or (
        older is not None
        and (
            relays.extends(signed.entries, older.entries)
            or relays.extends(older.entries, signed.entries)
        )
    )


def _for(record: Relay, choice: Choice) -> Relay:
    return replace(record, group=choice.group.id, target=choice.target, status="proposed")


def _waiting(context: Context, at: int) -> Relay | None:
    """Return the newest list the person has brought lately, if nobody has decided on it."""
    found = context.store.find(
        Relay, community=context.community, by=context.person_id, order="-id", limit=1
    )
    lately = [each for each in found if at - each.at <= PARTS_WITHIN_MS]
    return next((each for each in lately if each.status in WAITING), None)


def _go_on(context: Context, record: Relay) -> tuple[Action, ...]:
    if record.status == "proposed":
        return _propose(context, record)
    found = (_choice(context, *each) for each in record.choices)
    return _ask(context, record, [each for each in found if each is not None])


def _choice(context: Context, group_id: str, target: str) -> Choice | None:
    group = context.store.get(Group, context.community, group_id)
    there = replace(context, group_id=group_id)
    return relay_targets.choice_of(there, group, target) if group is not None else None


def _ask(context: Context, record: Relay, found: Sequence[Choice]) -> tuple[Action, ...]:
    context.store.put(record)
    listed = (
        text(
            "relays.choice", number=number, group=each.group.title or each.group.id,
            title=each.title,
        )
        for number, each in enumerate(found[:LISTED], 1)
    )  # fmt: skip
    signed = relays.read(record.text)
    count = len(signed.entries) if signed else 0
    heading = text("relays.which", title=_quoted(record), count=count)
    return (privately("\n".join((heading, *listed))),)


def _quoted(record: Relay) -> str:
    return text("people.quoted", title=excerpt(record.title)) if record.title else ""


def _propose(context: Context, record: Relay) -> tuple[Action, ...]:
    """Tell what the list would bring, as a task for who brought it; once open, it is kept."""
    context.store.put(record)
    found = relay_import.plan(context, record)
    if found is None:
        return (privately(text("relays.over")),)
    task = context.store.get(Task, context.community, record.task) if record.task else None
    if task is not None and task.status == "open":
        words = relay_import.preview(found, task.id)
        context.store.put(replace(task, text=words))
        return (privately(words),)
    return _opened(context, record, found)


def _opened(context: Context, record: Relay, found: relay_import.Plan) -> tuple[Action, ...]:
    about = f"relay:{record.id}"
    lines = tasks.open_task(
        context, kind=relay_import.TASK, to=str(context.person_id), group=record.group,
        about=about, target=str(record.id),
        words=lambda number: relay_import.preview(found, number),
    )  # fmt: skip
    opened = tasks.find_open(context, about)
    if opened is not None:
        context.store.put(replace(record, task=opened.id))
    # Where a task reaches nobody in private, the answer to what was brought does.
    reached = channels.can(found.choice.group.channels, "dm")
    return lines if reached or opened is None else (*lines, privately(opened.text))


def _went_on(event: MessageReceived, context: Context) -> Outcome:
    """Take a message without a header for the next part of the list, or for what it is for."""
    waiting = _waiting(context, event.at)
    if waiting is None:
        return Outcome()
    if waiting.status == "asked":
        chosen = _chosen(context, waiting, event.text)
        if chosen is not None:
            return stopping(*_propose(context, _for(waiting, chosen)))
        if _is_place(event.text):
            return stopping(*_go_on(context, waiting))
    signed = relays.read(waiting.text)
    if signed is None or not relays.goes_on(event.text, signed.last):
        return Outcome()
    whole = f"{waiting.text}\n{event.text}"[: relays.LONGEST]
    return stopping(*_go_on(context, replace(waiting, text=whole, at=event.at)))


def _chosen(context: Context, record: Relay, said: str) -> Choice | None:
    """Return the choice of that number, or the only one of that name."""
    normal = normalise(said)
    if _is_place(said):
        place = int(normal) - 1
        known = record.choices[place : place + 1] if place >= 0 else ()
        return next((_choice(context, *each) for each in known), None)
    found = [each for each in (_choice(context, *pair) for pair in record.choices) if each]
    named = [each for each in found if normal and normal == normalise(each.title)]
    return named[0] if len(named) == 1 else None


def _is_place(said: str) -> bool:
    """Tell whether somebody says the number of a choice, be there such a one or not."""
    normal = normalise(said)
    return normal.isdecimal() and len(normal) <= len(str(LISTED))


def nickname(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Bind a nickname to a member: `昵称 NAME @MEMBER`; what was booked for another goes over."""
    waiting = _newest(context)
    group = context.group or (
        context.store.get(Group, context.community, waiting.group) if waiting else None
    )
    if group is None:
        word = places.again(context.book.words.shown("nickname"), argument)
        context, question = places.only_one(context, staff=True, word=word)
        if question:
            return stopping(privately(question))
        group = context.group
    there = replace(context, group_id=group.id if group else "")
    if group is None or not people.is_staff(context.person, group):
        return stopping(privately(text("commands.not-staff")))
    if not points(event, there, argument):
        return stopping(privately(text("relays.nickname-form")))
    meant = resolve(event, there, argument)
    name = meant.rest.strip(f"{context.book.words.separators}=")
    if meant.person is None or not relays.name_key(name):
        return stopping(privately(meant.problem or text("relays.nickname-form")))
    before = relay_names.remember(there, group, name, meant.person)
    words = text(
        "relays.nickname-bound", name=excerpt(name, 20), person=people.shown(meant.person)
    )
    moved = relay_corrections.put_right(there, group, name, before, meant.person) if before else ()
    if waiting is None or waiting.status != "proposed" or waiting.group != group.id:
        return stopping(*moved, privately(words))
    fresh = _propose(there, waiting)
    told = (privately("\n".join((words, *(line.text for line in fresh if line.do == "reply")))),)
    return stopping(*moved, *told)


def _newest(context: Context) -> Relay | None:
    found = context.store.find(
        Relay, community=context.community, by=context.person_id, group__ne="", order="-id",
        limit=1,
    )  # fmt: skip
    return found[0] if found else None
