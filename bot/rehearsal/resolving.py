"""What a line of a script means by the state: which message it quotes, which task it answers."""

from dataclasses import replace
from typing import Final, NamedTuple

from bot.rehearsal.script import Cue
from handlers.ports import Store
from sop.events import Event, MessageReceived, TaskAnswered
from sop.model import Message, Task
from sop.times.durations import DAY_MS

REMEMBERED: Final = 5_000
"""Messages of the script remembered by their id: a quote is nearly always of a late one."""

SCANNED: Final = (50, 2_000)
"""Messages looked back through for the one whose text a line quotes."""

QUOTABLE_MS: Final = 7 * DAY_MS
"""How far back a message is looked for that is not remembered."""


class _Said(NamedTuple):
    text: str
    heard: bool


class Memory:
    """The last messages of the script by group and id, also those that the bot did not hear."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], _Said] = {}

    def keep(self, event: MessageReceived, *, heard: bool) -> None:
        """Remember a message; the oldest is forgotten for it."""
        self._said[event.group, event.message_id] = _Said(event.text, heard)
        if len(self._said) > REMEMBERED:
            del self._said[next(iter(self._said))]

    def quoting(self, event: MessageReceived) -> MessageReceived | None:
        """Return the event with the words it quotes by id; None where that is not remembered.

        Whoever quotes a message tells its words, even to a bot that had not heard it.
        """
        found = self._said.get((event.group, event.quote))
        if found is None:
            return None
        return replace(event, quote=found.text, quote_id=event.quote if found.heard else "")


def refers(cue: Cue) -> bool:
    """Tell whether the cue refers to anything that has to be looked up."""
    return any(cue.fields.get(name) for name in ("quote", "of", "about"))


def meant(store: Store, *, event: Event, cue: Cue, memory: Memory) -> Event | None:
    """Return the event with what it refers to; None where that is a task nobody has opened."""
    if isinstance(event, MessageReceived) and event.quote:
        return memory.quoting(event) or _quoting(store, event)
    if isinstance(event, TaskAnswered) and cue.fields.get("about"):
        return _answering(store, event, str(cue.fields["about"]))
    return event


def _quoting(store: Store, event: MessageReceived) -> MessageReceived:
    """A quote is of an id, else of the latest message or post with that text."""
    found = _named(store, event) or _saying(store, event)
    if found is None:
        return event
    return replace(event, quote=found.text, quote_id=found.message_id)


def _named(store: Store, event: MessageReceived) -> Message | None:
    found = store.find(
        Message, community=event.community, group=event.group, at__ge=event.at - QUOTABLE_MS,
        message_id=event.quote, order="-at",
    )  # fmt: skip
    return found[0] if found else None


def _saying(store: Store, event: MessageReceived) -> Message | None:
    for most in SCANNED:
        heard = store.find(
            Message, community=event.community, group=event.group, order="-at", limit=most
        )
        found = next((each for each in heard if event.quote in each.text), None)
        if found is not None:
            return found
    return None


def _answering(store: Store, event: TaskAnswered, about: str) -> TaskAnswered | None:
    """Numbers run differently under another pack: what a task is about stays the same."""
    found = store.find(Task, community=event.community, status="open", about=about, limit=1)
    return replace(event, task=str(found[0].id)) if found else None
