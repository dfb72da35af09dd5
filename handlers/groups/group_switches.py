"""What owner and staff do to a group: open it, adopt it, pause it.

Rights come from the binding alone: whoever says the word first becomes nothing by it.
"""

from collections.abc import Callable
from dataclasses import replace

from handlers.groups import groups
from handlers.ports import Context, Outcome
from handlers.replies import openly, stopping
from sop.actions import Action
from sop.events import GroupAdopted, GroupCreated, MessageReceived
from sop.model import Group
from sop.texts import text


def open_group(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Start the group: what begins with its creation is due from now on."""
    del argument
    group = _group(context)
    created = GroupCreated(
        key=f"{event.key}:open", community=context.community, group=group.id, at=event.at,
        owner=group.owner, staff=group.staff,
    )  # fmt: skip
    return _begun(group, lambda: groups.start_group(created, context), "commands.opened")


def adopt(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take over a group that lived before the bot."""
    del argument
    group = _group(context)
    adopted = GroupAdopted(
        key=f"{event.key}:adopt", community=context.community, group=group.id, at=event.at,
        by=event.sender,
    )  # fmt: skip
    return _begun(group, lambda: groups.adopt_group(adopted, context), "commands.adopted")


def _begun(group: Group, begin: Callable[[], Outcome], key: str) -> Outcome:
    """Begin with a group, once; told in the words of `key`."""
    if _runs(group):
        return stopping(_told("commands.opened-already", group))
    return stopping(*begin().actions, _told(key, group))


def pause(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Silence what the bot starts by itself, or let it go on."""
    del event, argument
    group = _group(context)
    context.store.put(replace(group, paused=not group.paused))
    return stopping(_told("commands.resumed" if group.paused else "commands.paused", group))


def _group(context: Context) -> Group:
    group = context.group
    assert group is not None, "a command about a group is run in one"
    return group


def _runs(group: Group) -> bool:
    return bool(group.created_at or group.adopted_at)


def _told(key: str, group: Group) -> Action:
    return openly(text(key, group=group.title or group.id))
