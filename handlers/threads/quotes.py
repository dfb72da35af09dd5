"""What a quote means: the one message or post it repeats, or nothing.

WeCom tells no id of a quoted message, only its text (wecom-protocol 6.1). A quote therefore
counts only where a single person said that text lately: a wrong guess would praise or blame
somebody else.
"""

from typing import Any, Final

from handlers.ports import Context
from handlers.threads import open_threads
from sop.events import MessageReceived
from sop.model import BOT, Group, Message
from sop.text import fingerprint, hash_normal, normalise, visible_length
from sop.times.durations import DAY_MS

WITHIN_MS: Final = 7 * DAY_MS
"""How far back a quoted text is looked for."""

SHORTEST_CUT: Final = 6
"""Characters the beginning of a post must have to stand for the whole post."""


def resolve(context: Context, group: Group, event: MessageReceived) -> Message | None:
    """Return what the event quotes, or None where that is nothing or not certain.

    An id the program does not know can only be that of a post of its own, which is kept under
    another id; its text is then looked for among the bot's posts alone.
    """
    if event.quote_id:
        known = _by_id(context, group, event.quote_id, event.at)
        if known is not None:
            return known
    only: dict[str, Any] = {}
    if event.quote_id and event.quote_id != event.quote:
        only["person"] = BOT
    if event.message_id:
        only["message_id__ne"] = event.message_id
    return by_text(context, group, event.quote, event.at, **only)


def by_text(context: Context, group: Group, quoted: str, at: int, **only: Any) -> Message | None:
    """Return the latest message of that text within 7 days, if one person alone said it.

    A text cut off by WeCom counts if it begins exactly one prompt that is open now.
    """
    for normal in _forms(quoted):
        mark = hash_normal(normal)
        latest = _latest(context, group, mark, at, **only)
        if latest is not None:
            return latest if "person" in only or _alone(context, group, latest, at, only) else None
    return _cut(context, group, quoted, at)


def _forms(quoted: str) -> tuple[str, ...]:
    """Return the text with and without the `@Bot` it was said to, which no message keeps."""
    normal = normalise(quoted)
    forms = (normal, normal.partition(" ")[2] if normal.startswith("@") else "")
    return tuple(form for form in forms if form)


def _by_id(context: Context, group: Group, message_id: str, at: int) -> Message | None:
    found = context.store.find(
        Message, community=context.community, group=group.id, at__ge=at - WITHIN_MS,
        message_id=message_id, order="-at",
    )  # fmt: skip
    one_person = len({message.person for message in found}) == 1
    return found[0] if one_person else None


def _latest(context: Context, group: Group, mark: str, at: int, **only: Any) -> Message | None:
    found = context.store.find(
        Message, community=context.community, group=group.id, fingerprint=mark,
        at__ge=at - WITHIN_MS, order="-at", limit=1, **only,
    )  # fmt: skip
    return found[0] if found else None


def _alone(context: Context, group: Group, latest: Message, at: int, only: dict[str, Any]) -> bool:
    """Tell whether nobody but its sender said that text."""
    mark = latest.fingerprint
    return _latest(context, group, mark, at, person__ne=latest.person, **only) is None


def _cut(context: Context, group: Group, quoted: str, at: int) -> Message | None:
    beginning = normalise(quoted).rstrip(" .")
    if visible_length(beginning) < SHORTEST_CUT:
        return None
    meant = {
        fingerprint(thread.text)
        for thread in open_threads.open_at(context, group, at)
        if normalise(thread.text).startswith(beginning)
    }
    return _latest(context, group, meant.pop(), at, person=BOT) if len(meant) == 1 else None
