"""Which group a private command is for: the only one somebody has, or the one named first."""

from dataclasses import replace
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from sop.events import MessageReceived
from sop.model import Group, Member
from sop.texts import text

LONGEST_TITLE: Final = 40
"""Characters at the beginning of a message in which a group's title is looked for."""

LONGEST_AGAIN: Final = 20
"""Characters behind a command's word that are repeated when asking which group is meant."""

LISTED: Final = 10
"""Groups named at most when asking which is meant."""


def own_groups(context: Context, *, staff: bool = False) -> tuple[Group, ...]:
    """Return the groups the person is in, or (`staff`) those where they are owner or staff.

    Staff of a group need not have spoken there: their right follows from the binding.
    """
    person = context.person
    if staff:
        every = context.store.find(Group, community=context.community, retired=False, order="id")
        return tuple(group for group in every if people.is_staff(person, group))
    joined = (
        context.store.get(Group, context.community, member.group)
        for member in people.memberships(context, context.person_id)
    )
    return tuple(group for group in joined if group is not None and not group.retired)


def named_first(event: MessageReceived, context: Context) -> tuple[MessageReceived, Context]:
    """Take the title (or id) of an own group off the beginning of a private message."""
    said, group = _first(event, context, own=True)
    return (said, replace(context, group_id=group.id)) if group is not None else (event, context)


def foreign_first(
    event: MessageReceived, context: Context
) -> tuple[MessageReceived, Group | None]:
    """Take the title (or id) of a group that is not the person's off such a beginning."""
    return _first(event, context, own=False)


def _first(
    event: MessageReceived, context: Context, *, own: bool
) -> tuple[MessageReceived, Group | None]:
    said = event.text.strip()
    beginnings = [said[:length] for length in range(1, min(len(said), LONGEST_TITLE) + 1)]
    where: dict[str, Any] = {"community": context.community, "retired": False}
    found = (
        *context.store.find(Group, title__in=beginnings, **where),
        *context.store.find(Group, id__in=beginnings, **where),
    )
    meant = [group for group in found if _belongs(context, group) == own]
    names = {(name, group.id) for group in meant for name in (group.title, group.id)}
    fitting = [(name, group) for name, group in names if name in beginnings]
    length = max((len(name) for name, _ in fitting), default=0)
    best = {group for name, group in fitting if len(name) == length}
    if len(best) != 1:
        return event, None
    rest = said[length:].lstrip(context.book.words.separators)
    group = context.store.get(Group, context.community, best.pop())
    return replace(event, text=rest), group


def _belongs(context: Context, group: Group) -> bool:
    member = context.store.get(Member, context.community, group.id, context.person_id)
    present = member is not None and not member.left_at
    return present or people.is_staff(context.person, group)


def only_one(context: Context, *, staff: bool, word: str) -> tuple[Context, str]:
    """Return the context in the only group there is, or what to ask instead."""
    groups = own_groups(context, staff=staff)
    if len(groups) == 1:
        return replace(context, group_id=groups[0].id), ""
    if not groups:
        return context, text("commands.not-staff") if staff else nowhere(context)
    titles = [group.title or group.id for group in groups]
    names = [
        text("people.with-id", name=title, id=group.id) if titles.count(title) > 1 else title
        for title, group in zip(titles, groups, strict=True)
    ]
    joined = text("people.joiner").join(names[:LISTED])
    example = text("commands.in-group", group=titles[0], word=word)
    return context, text("commands.which-group", groups=joined, example=example)


def nowhere(context: Context) -> str:
    """Say to who is in no group what to do first: come back, or (nobody saw them yet) speak."""
    gone = people.is_gone(context, context.person_id)
    return text("commands.left-group" if gone else "commands.no-group")


def again(word: str, argument: str) -> str:
    """Return what somebody said, to be said again behind a group's name; without it where long."""
    short = argument if len(argument) <= LONGEST_AGAIN and argument.isprintable() else ""
    return f"{word} {short}".rstrip()


def title(context: Context, group: str) -> str:
    """Return what to call a group of the community by."""
    known = context.store.get(Group, context.community, group)
    return known.title if known is not None and known.title else group
