"""Which group a private command is for: the only one somebody has, or the one named first."""

from dataclasses import replace
from typing import Final

from handlers.people import people
from handlers.ports import Context
from sop.events import MessageReceived
from sop.model import Group, Member
from sop.text import simplify
from sop.texts import text

LONGEST_TITLE: Final = 40
"""Characters at the beginning of a message in which a group's title is looked for."""

LONGEST_AGAIN: Final = 20
"""Characters behind a command's word that are repeated when asking which group is meant; what is
longer is shortened."""

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
    ends = {_plain(said[:end]): end for end in range(1, min(len(said), LONGEST_TITLE) + 1)}
    rows = context.store.rows(Group, ("id", "title"), community=context.community, retired=False)
    fitting = [
        (ends[plain], name, number)
        for number, title in rows
        for name in {title, number}
        if (plain := _plain(name)) in ends and plain and _is_own(context, number) == own
    ]
    length = max((end for end, _, _ in fitting), default=0)
    longest = [(name, number) for end, name, number in fitting if end == length]
    as_written = {number for name, number in longest if said.startswith(name)}
    best = as_written or {number for _, number in longest}
    if len(best) != 1:
        return event, None
    rest = said[length:].lstrip(context.book.words.separators)
    group = context.store.get(Group, context.community, best.pop())
    return replace(event, text=rest), group


def _plain(name: str) -> str:
    """Return a name without what people type otherwise: capitals, wide signs, blanks."""
    return "".join(simplify(name).casefold().split())


def _is_own(context: Context, number: str) -> bool:
    group = context.store.get(Group, context.community, number)
    return group is not None and _belongs(context, group)


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
    """Return what somebody said, to be said again behind a group's name; shortened where long."""
    line = "".join(sign for sign in " ".join(argument.split()) if sign.isprintable())
    short = line if len(line) <= LONGEST_AGAIN else f"{line[: LONGEST_AGAIN - 1]}…"
    return f"{word} {short}".rstrip()


def title(context: Context, group: str) -> str:
    """Return what to call a group of the community by."""
    known = context.store.get(Group, context.community, group)
    return known.title if known is not None and known.title else group
