"""What a line of a script means by the state: which message it quotes, which task it answers."""

from dataclasses import replace
from typing import Final

from bot.rehearsal.script import Cue
from handlers.ports import Store
from sop.events import Event, MessageReceived, TaskAnswered
from sop.model import Message, Task

SCANNED: Final = (50, 2_000)
"""Messages looked back through for the one whose text a line quotes: nearly always a late one."""


def refers(cue: Cue) -> bool:
    """Tell whether the cue refers to anything that has to be looked up."""
    return any(cue.fields.get(name) for name in ("quote", "of", "about"))


def meant(store: Store, *, event: Event, cue: Cue) -> Event | None:
    """Return the event with what it refers to; None where that is a task nobody has opened."""
    if isinstance(event, MessageReceived) and event.quote:
        return _quoting(store, event)
    if isinstance(event, TaskAnswered) and cue.fields.get("about"):
        return _answering(store, event, str(cue.fields["about"]))
    return event


def _quoting(store: Store, event: MessageReceived) -> MessageReceived:
    """A quote is of an id, else of the latest message or post with that text."""
    where = {"community": event.community, "group": event.group, "order": "-id"}
    named = store.find(Message, message_id=event.quote, limit=1, **where)
    found = named[0] if named else _saying(store, event.quote, where)
    if found is None:
        return event
    return replace(event, quote=found.text, quote_id=found.message_id)


def _saying(store: Store, words: str, where: dict[str, str]) -> Message | None:
    for most in SCANNED:
        heard = store.find(Message, limit=most, **where)
        found = next((each for each in heard if words in each.text), None)
        if found is not None:
            return found
    return None


def _answering(store: Store, event: TaskAnswered, about: str) -> TaskAnswered | None:
    """Numbers run differently under another pack: what a task is about stays the same."""
    found = store.find(Task, community=event.community, status="open", about=about, limit=1)
    return replace(event, task=str(found[0].id)) if found else None
