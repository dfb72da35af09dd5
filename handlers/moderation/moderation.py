"""Rules kept fairly: a breach becomes at most one strike, a strike one measure of the ladder."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from handlers.ledger import ledger
from handlers.moderation import earned, saying
from handlers.people import people
from handlers.ports import Context
from handlers.posting.deliveries import UNDER_WAY, deliveries_of
from handlers.replies import excerpt
from handlers.tasks import tasks
from sop import channels, texts
from sop.actions import Action
from sop.model import Group, LedgerEntry, Message, Person, Strike, Task
from sop.standing import ladder

BY_HAND: Final = "staff"
"""The rule under which staff strike by hand."""

LEFT_TO_PEOPLE: Final = ("remind", "tell-mute", "confirm-removal", "remove", "breach")
"""Kinds of tasks, about a group and a member, that a strike may have left for people to do."""


class Cause(Protocol):
    """What a strike is for: a message, and the event that is being handled."""

    @property
    def at(self) -> int:
        """Tell when it was said."""

    @property
    def message_id(self) -> str:
        """Name the message."""

    @property
    def key(self) -> str:
        """Name the event in which the strike is decided; empty where people decide it later."""


class Said(NamedTuple):
    """A message people have judged since."""

    at: int
    message_id: str
    key: str = ""


def strike(
    context: Context, group: Group, person: Person, rule: str, *, event: Cause
) -> tuple[Action, ...]:
    """Record a strike and take the ladder's measure, unless the last one has not arrived yet.

    What the message had earned before people decided is taken back in either case.
    """
    lines = _strike(context, group, person, rule, event)
    if event.key:
        return lines
    return (*lines, *earned.take_back(context, person.id, event.at, event.message_id))


def _strike(
    context: Context, group: Group, person: Person, rule: str, event: Cause
) -> tuple[Action, ...]:
    rules = context.book.pack.rules
    earlier = context.store.find(
        Strike, community=context.community, person=person.id, observed=False, reversed_at=0
    )
    last = next(iter(newest_first(earlier)), None)
    if last is not None and not ladder.may_strike(_reached_at(context, last), event.at):
        return ()
    count = ladder.counting((each.at for each in earlier), context.now, rules.forget_after_ms)
    rung = ladder.sanction(rules.ladder, count)
    if rung == "remove" and people.has_left(context.store, group, person.userid):
        rung = "remind-privately"
    number = record_strike(context, group, person, rule, event=event, measure=rung)
    measure = _MEASURES[rung](context, group, person, rule, event.at)
    line = Action(do="strike", group=group.id, member=str(person.id), rule=rule)
    points = ledger.debit(context, person.id, "strike", source=f"strike:{number}")
    return (line, *measure, *points)


def record_strike(
    context: Context, group: Group, person: Person, rule: str, *, event: Cause, measure: str
) -> int:
    """Keep a strike for ever; returns its number. `measure` "observe" does not count."""
    number = context.store.number(context.community, "strike")
    context.store.put(
        Strike(
            community=context.community,
            id=number,
            person=person.id,
            group=group.id,
            rule=rule,
            at=event.at,
            source=event.message_id,
            measure=measure,
            event_key=event.key,
            observed=measure == "observe",
            decided_at=0 if event.key else context.now,
        )
    )
    return number


def newest_first(strikes: Iterable[Strike]) -> list[Strike]:
    """Order strikes by when their member could hear of them, not by when they spoke."""
    return sorted(strikes, key=lambda each: (each.known_from, each.id), reverse=True)


def _reached_at(context: Context, last: Strike) -> int:
    """When the last measure reached the member: now, while it is under way, or left to people."""
    deliveries = deliveries_of(context.store, last.event_key)
    left = context.store.find(
        Task, community=context.community, group=last.group, person=last.person,
        kind__in=LEFT_TO_PEOPLE,
    )  # fmt: skip
    statuses = {each.status for each in deliveries} | {each.status for each in left}
    if not statuses.isdisjoint((*UNDER_WAY, "open")):
        return context.now
    times = [each.done_at for each in deliveries] or [last.known_from]
    return max(times + [each.closed_at for each in left])


def rule_name(context: Context, rule: str) -> str:
    """Return what members call a rule."""
    return saying.rule_name(context.book, rule)


def _remind(
    context: Context, group: Group, person: Person, rule: str, at: int
) -> tuple[Action, ...]:
    """In private; where that is impossible, one line in the group names the rule alone."""
    if channels.can(group.channels, "dm"):
        return _remind_privately(context, group, person, rule, at)
    name = rule_name(context, rule)
    words = texts.text("rules.reminder-group", rule=name)
    return (Action(do="post", group=group.id, text=words, rule=rule),)


def _remind_privately(
    context: Context, group: Group, person: Person, rule: str, at: int
) -> tuple[Action, ...]:
    if not channels.can(group.channels, "dm"):
        key, kind = "rules.remind-task", "remind"
        return staff_task(context, group, person, rule, key=key, kind=kind, at=at)
    when = saying.when(context.book, at, context.now)
    return _privately(context, group, person, "remind", rule, when)


def told(group: Group, person: Person, rule: str, words: str) -> Action:
    """Tell a member in private of a measure taken under a rule."""
    to = str(person.id)
    return Action(do="dm", group=group.id, to=to, member=to, text=words, rule=rule)


def _privately(
    context: Context, group: Group, person: Person, rung: str, rule: str, when: str = ""
) -> tuple[Action, ...]:
    words = saying.of_measure(context.book, rung, rule, people.addressed(person), when)
    return (told(group, person, rule, words),)


def _mute_points(
    context: Context, group: Group, person: Person, rule: str, at: int
) -> tuple[Action, ...]:
    length = context.book.pack.rules.mute_ms
    context.store.put(replace(person, muted_until=context.now + length))
    if not channels.can(group.channels, "dm"):
        key, kind = "rules.mute-task", "tell-mute"
        return staff_task(context, group, person, rule, key=key, kind=kind, at=at)
    return _privately(context, group, person, "mute-points", rule)


def _remove(
    context: Context, group: Group, person: Person, rule: str, at: int
) -> tuple[Action, ...]:
    if "remove" in context.book.pack.rules.confirm:
        key, kind = "rules.remove-confirm", "confirm-removal"
        return staff_task(context, group, person, rule, key=key, kind=kind, to="owner", at=at)
    return _removed(context, group, person, rule)


def _removed(context: Context, group: Group, person: Person, rule: str) -> tuple[Action, ...]:
    """Take somebody out; where they can be reached they are told why, and how to object."""
    can_tell = channels.can(group.channels, "dm")
    words = _privately(context, group, person, "remove", rule) if can_tell else ()
    return (*words, Action(do="remove", group=group.id, member=str(person.id), rule=rule))


def _task(
    context: Context, group: Group, person: Person, rule: str, at: int
) -> tuple[Action, ...]:
    return staff_task(context, group, person, rule, key="rules.staff-task", kind="breach", at=at)


def staff_task(
    context: Context,
    group: Group,
    person: Person,
    rule: str,
    *,
    key: str,
    kind: str,
    at: int,
    to: str = "staff",
) -> tuple[Action, ...]:
    """Open the task of staff that a breach brings, worded by `key`, with what was said.

    Of two members with one name, the words tell which of them is meant.
    """
    heard = context.store.find(
        Message, community=context.community, group=group.id, person=person.id, at=at, text__ne="",
        order="-id", limit=1,
    )  # fmt: skip
    said = [texts.text("appeals.said", text=excerpt(each.text)) for each in heard]

    def words(number: int) -> str:
        told = texts.text(
            key, name=people.shown(person), group=group.title or group.id,
            rule=rule_name(context, rule), number=number,
        )  # fmt: skip
        return "\n".join((told, *said))

    return tasks.open_task(
        context, kind=kind, to=to, group=group.id, person=person.id, rule=rule,
        about=f"{kind}:{group.id}:{person.id}", target=str(at), words=words,
    )  # fmt: skip


Measure = Callable[[Context, Group, Person, str, int], tuple[Action, ...]]
_MEASURES: Final[Mapping[str, Measure]] = {
    "remind": _remind,
    "remind-privately": _remind_privately,
    "mute-points": _mute_points,
    "remove": _remove,
    "task": _task,
}


def decide_removal(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Carry out a removal that the pack wants confirmed; who may stay is only reminded."""
    group = context.store.get(Group, context.community, task.group)
    person = people.current(context.store, context.community, task.person)
    if group is None or person is None or people.has_left(context.store, group, person.userid):
        return ()
    if choice == "approve":
        return _removed(context, group, person, task.rule)
    at = int(task.target or task.created_at)
    for found in context.store.find(
        Strike, community=context.community, person=person.id, group=group.id, at=at,
        measure="remove",
    ):  # fmt: skip
        context.store.put(replace(found, measure="remind-privately"))
    return _remind_privately(context, group, person, task.rule, at)


def pardon(context: Context, found: Strike) -> tuple[Action, ...]:
    """Reverse a strike with its points and mute, and pay what the message has lost by it."""
    context.store.put(replace(found, reversed_at=context.now))
    person = context.store.get(Person, context.community, found.person)
    assert person is not None
    if found.measure == "mute-points":
        until = min(person.muted_until, _muted_else(context, person))
        context.store.put(replace(person, muted_until=until))
    lines: tuple[Action, ...] = ()
    for entry in context.store.find(
        LedgerEntry, community=context.community, person=found.person, deed="strike",
        source=f"strike:{found.id}",
    ):  # fmt: skip
        lines += ledger.reverse(context, entry, f"pardon:{found.id}")
    if found.decided_at:
        lines += earned.give_back(context, found.person, found.at, found.source)
    elif found.rule != BY_HAND:
        lines += _pay_message(context, found)
    return lines


def _muted_else(context: Context, person: Person) -> int:
    """Return until when strikes that stand keep somebody's messages from being paid."""
    standing = context.store.find(
        Strike, community=context.community, person=person.id, measure="mute-points",
        reversed_at=0,
    )  # fmt: skip
    length = context.book.pack.rules.mute_ms
    return max((each.known_from + length for each in standing), default=0)


def _pay_message(context: Context, found: Strike) -> tuple[Action, ...]:
    """Pay the message a strike was for, if it was heard, and has not been paid before."""
    store, where = context.store, {"community": context.community}
    kept = store.find(
        Message, group=found.group, at=found.at, message_id=found.source, limit=1, **where
    )
    entries = {"person": found.person, "deed": "message", "source": found.source, **where}
    if not kept or store.count(LedgerEntry, **entries):
        return ()
    return ledger.credit(context, found.person, "message", source=found.source, said=kept[0].text)
