"""From decided actions to deliveries: chooses each one's channel, inside the event's transaction.

What no channel of the group can do becomes a task with prepared text, so that live and
rehearsal agree. Nothing is sent here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from handlers.people import people
from handlers.ports import Context
from handlers.posting import attachments, cards, pictures
from handlers.posting.deliveries import record
from handlers.posting.outbox_marks import LISTED
from handlers.replies import excerpt
from handlers.tasks import task_checks, tasks
from sop import channels
from sop.actions import Action
from sop.events import Event, MessageReceived
from sop.frozen import quick, replace
from sop.model import Group, Outgoing, Person
from sop.texts import text
from sop.times.durations import DAY_MS, HOUR_MS

LATE_MS: Final = 30 * 60_000
"""A message heard later than this after it was said is scored, and causes no word."""

SAID: Final = frozenset({"reply", "post", "dm"})
"""What is said to people because of a message; tasks are kept however late."""

REPLY_LIFE_MS: Final = 10 * 60_000
"""An answer later than this answers nothing."""

POST_LIFE_MS: Final = 2 * HOUR_MS
"""How long a post waits for its channel where its step states no grace."""

LONGEST_WORD: Final = 20
"""Characters of a member's own word that are repeated when the bot says how to ask in private."""

Placed = tuple[tuple[Action, ...], Outgoing | None]
"""An action's lines to print, and its delivery where a channel carries it."""


@quick
@dataclass(frozen=True, slots=True)
class Decided:
    """An event's lines as they will be printed, and the deliveries among them."""

    actions: tuple[Action, ...]
    outgoing: tuple[Outgoing, ...]


def dispatch(context: Context, event: Event, actions: tuple[Action, ...]) -> Decided:
    """Record every delivered action with its channel; unchanged lines pass through."""
    lines: list[Action] = []
    sent: list[Outgoing] = []
    waiting = isinstance(event, MessageReceived) and event.route.waiting
    for action in actions:
        found, delivery = _place(context, event, action, leased=waiting)
        made: list[Outgoing] = []
        if delivery is not None:
            waiting = waiting and delivery.status != "leased"
            made.append(delivery)
            for follow in (pictures.follow, cards.follow) if found else ():
                made.extend(follow(context, event, found[0], delivery))
        lines.extend(cards.carried(found, made))
        sent.extend(made)
        if action.do != "task":
            sent.extend(_told(context, event, found))
    return Decided(tuple(lines), tuple(sent))


def _told(context: Context, event: Event, lines: tuple[Action, ...]) -> tuple[Outgoing, ...]:
    """Tell people of the tasks that were opened here, as of any other."""
    opened = [line for line in lines if line.do == "task"]
    found = [_task(context, event, line, leased=False)[1] for line in opened]
    return tuple([delivery for delivery in found if delivery is not None])


def _late(event: Event, now: int) -> bool:
    """Tell whether the message was heard so long after it was said that nobody wants an answer."""
    return isinstance(event, MessageReceived) and now - event.at > LATE_MS


def _place(context: Context, event: Event, action: Action, *, leased: bool) -> Placed:
    place = _PLACES.get(action.do)
    if place is None:
        return (action,), None
    if action.do in SAID and _late(event, context.now):
        return (replace(action, do="dropped", reason="late"),), None
    return place(context, event, action, leased=leased)


def _reply(context: Context, event: Event, action: Action, *, leased: bool) -> Placed:
    assert isinstance(event, MessageReceived)
    group = context.group
    beside = action.file or action.image or action.picture
    if group is None and (beside or (action.buttons and event.channel == "app")):
        # A passive answer carries text alone.
        if _group_or_any(context, action) is not None:
            return _dm(context, event, replace(action, do="dm", to=_asker(context)), leased=leased)
        handed: tuple[Action, ...] = ()
        bare = replace(action, picture={})
        if action.file or action.image:
            bare, handed = attachments.hand_over(context, bare)
        lines, delivery = _reply(context, event, bare, leased=leased)
        return (*lines, *handed), delivery
    if action.private and group is not None:
        return _private_reply(context, event, action, leased=leased)
    action = replace(action, group=context.group_id, to=action.to or _asker(context))
    way = _way_back(group, event)
    body_to = action.to if group is None else ""
    delivery = record(
        context, event, action, way, "reply",
        expires_at=event.at + REPLY_LIFE_MS, to=body_to,
        route=event.route, leased=leased,
    )  # fmt: skip
    return (action,), delivery


def _asker(context: Context) -> str:
    return str(context.person_id)


def _private_reply(
    context: Context, event: MessageReceived, action: Action, *, leased: bool
) -> Placed:
    """What the group must not read goes to the member, or waits until they ask in private."""
    group = context.group
    assert group is not None
    if channels.way_for("dm", group.channels) is not None:
        direct = replace(action, do="dm", to=_asker(context), private=False)
        return _dm(context, event, direct, leased=leased)
    word = excerpt(next(iter(event.text.split()), ""), LONGEST_WORD)
    hint = replace(
        action, text=text("commands.private", word=word), private=False, file="", picture={},
        buttons=(),
    )  # fmt: skip
    return _reply(context, event, hint, leased=leased)


def _way_back(group: Group | None, event: MessageReceived) -> channels.Way:
    """The channel for an answer whose direct route is gone: a post, or a private message."""
    if group is None:
        return channels.Way(event.channel, "")
    way = channels.way_for("post", group.channels)
    return way or channels.Way(event.channel, group.channels.get(event.channel, ""))


def _post(context: Context, event: Event, action: Action, *, leased: bool) -> Placed:
    group = _group(context, action)
    way = channels.way_for("post", group.channels, wishes=attachments.wishes(action))
    answering = isinstance(event, MessageReceived) and event.group == group.id and leased
    if way is None and not answering:
        return tasks.copy_text(context, group, action), None
    if way is None:
        assert isinstance(event, MessageReceived)
        way = channels.Way(event.channel, group.channels.get(event.channel, ""))
    route = event.route if answering and isinstance(event, MessageReceived) else None
    action, opened = attachments.detach(context, group, action, way)
    if opened and not (action.text or action.image or action.file or action.picture):
        return opened, None
    delivery = record(
        context, event, action, way, "reply" if answering else "step",
        expires_at=action.expires_at or context.now + POST_LIFE_MS,
        route=route, leased=answering and not action.mention,
    )  # fmt: skip
    return (action, *opened), delivery


def _dm(context: Context, event: Event, action: Action, *, leased: bool) -> Placed:
    del leased
    group = _group_or_any(context, action) or _any_group(context)
    way = channels.way_for("dm", group.channels) if group else None
    if group is not None and way is None and action.confidential:
        return (replace(action, do="dropped", reason="unreachable"),), None
    if group is not None and way is None:
        reached = people.recipients(context, action.to, group)
        return tasks.copy_text(context, group, action, name=people.named(reached)), None
    delivery = record(
        context, event, action, way or channels.Way("app", ""), "private",
        expires_at=action.expires_at or context.now + DAY_MS,
        to=_ids(context, action, group),
    )  # fmt: skip
    return (replace(action, group=group.id if group else ""),), delivery


def _move(context: Context, event: Event, action: Action, *, leased: bool) -> Placed:
    """Remove, add, create, fetch_roster: done by a channel, else by a person."""
    del leased
    group = _group(context, action)
    way = channels.way_for(action.do, group.channels)
    if way is None:
        person = context.store.get(Person, context.community, int(action.member or 0))
        key = f"tasks.{action.do.replace('_', '-')}"

        def words(number: int) -> str:
            name = people.shown(person)
            return text(key, name=name, group=group.title or group.id, number=number)

        opened = tasks.open_task(
            context, kind=action.do, to="staff", group=group.id, step=action.step,
            rule=action.rule, about=f"{action.do}:{group.id}:{action.member}", words=words,
            person=person.id if person else 0, target=_moves(action, group),
        )  # fmt: skip
        return opened, None
    delivery = record(context, event, action, way, "roster", expires_at=0)
    return (action,), delivery


def _moves(action: Action, group: Group) -> str:
    if action.do == "add":
        return task_checks.moves(into=(group.id,))
    return task_checks.moves(out_of=(group.id,)) if action.do == "remove" else ""


def _task(context: Context, event: Event, action: Action, *, leased: bool) -> Placed:
    """Tell the person a task is for, where a private channel exists; the list has it anyway."""
    del leased
    if action.reason == LISTED:
        return (action,), None
    group = context.store.get(Group, context.community, action.group)
    way = _way_to(action.to, group.channels) if group else None
    to = _ids(context, action, group)
    if way is None or not to:
        return (action,), None
    return (action,), record(context, event, action, way, "private", expires_at=0, to=to)


def _way_to(to: str, reach: Mapping[str, str]) -> channels.Way | None:
    staff = to in ("owner", "staff")
    return channels.way_to_staff(reach) if staff else channels.way_for("dm", reach)


def _reckon(context: Context, event: Event, action: Action, *, leased: bool) -> Placed:
    """Figures are no line: what they are wanted for comes when they are there."""
    del leased
    nowhere = channels.Way("", "")
    expires = action.expires_at or context.now + POST_LIFE_MS
    return (), record(context, event, action, nowhere, "figures", expires_at=expires)


class Place(Protocol):
    """How one kind of action finds its way; `leased` says that a request waits for an answer."""

    def __call__(
        self, context: Context, event: Event, action: Action, /, *, leased: bool
    ) -> Placed:
        """Return the lines to print and the delivery, if there is one."""
        ...


_PLACES: Final[Mapping[str, Place]] = {
    "reply": _reply,
    "post": _post,
    "dm": _dm,
    "remove": _move,
    "add": _move,
    "create": _move,
    "fetch_roster": _move,
    "reckon": _reckon,
    "task": _task,
}


def _group(context: Context, action: Action) -> Group:
    group = context.store.get(Group, context.community, action.group or context.group_id)
    assert group is not None, "an action for a group names one that exists"
    return group


def _group_or_any(context: Context, action: Action) -> Group | None:
    """The action's group; for what began in private, any group whose channels reach people."""
    if action.group or context.group_id:
        return _group(context, action)
    groups = context.store.find(Group, community=context.community, retired=False)
    return next((each for each in groups if channels.can(each.channels, "dm")), None)


def _any_group(context: Context) -> Group | None:
    """Any group of the community: a task to pass on what nothing can carry belongs somewhere."""
    found = context.store.find(
        Group, community=context.community, retired=False, order="id", limit=1
    )
    return found[0] if found else None


def _ids(context: Context, action: Action, group: Group | None) -> str:
    return ",".join(str(person.id) for person in people.recipients(context, action.to, group))
