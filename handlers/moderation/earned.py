"""What a message had earned before people said that it broke a rule: taken back, and given back.

One that is struck at once earns nothing: nobody else hears it. Nothing booked is changed: taking
back is a reversal, giving back one more generation of what was booked.
"""

from collections.abc import Callable, Mapping
from typing import Final

from handlers.ledger import reinstating
from handlers.ledger.ledger import reverse
from handlers.ports import Context
from handlers.questions import asked
from sop.actions import Action
from sop.model import Comment, Item, LedgerEntry, ThreadReply
from sop.times.durations import DAY_MS

_AHEAD_MS: Final = DAY_MS
"""How far the clock by which a message was said may be ahead of that of its entries."""


def take_back(context: Context, person: int, at: int, message_id: str) -> tuple[Action, ...]:
    """Reverse what stands of a person's entries for a message of that time."""
    lines: tuple[Action, ...] = ()
    for entry in _entries(context, person, at, message_id):
        if not reinstating.is_reversed(context, entry):
            lines += reverse(context, entry, _taking(entry))
    return lines


def give_back(context: Context, person: int, at: int, message_id: str) -> tuple[Action, ...]:
    """Book again what was taken back of a person's entries for a message of that time."""
    lines: tuple[Action, ...] = ()
    for entry in _entries(context, person, at, message_id):
        if _is_taken(context, entry):
            lines += reinstating.reinstate(context, entry)
    return lines


def is_taking(entry: LedgerEntry) -> bool:
    """Tell whether an entry takes back what a message had earned."""
    return bool(entry.reversal_of) and entry.source == _TAKING.format(entry.reversal_of)


def is_given_back(context: Context, entry: LedgerEntry) -> bool:
    """Tell whether an entry gives back what was taken."""
    if not entry.generation:
        return False
    before = context.store.find(
        LedgerEntry, community=context.community, person=entry.person, source=entry.source,
        deed=entry.deed, id__lt=entry.id,
    )  # fmt: skip
    return any(_is_taken(context, each) for each in before)


_TAKING: Final = "struck:{}"


def _taking(entry: LedgerEntry) -> str:
    return _TAKING.format(entry.id)


def _is_taken(context: Context, entry: LedgerEntry) -> bool:
    key = (context.community, entry.person, _taking(entry), "reversal", 0)
    return context.store.get(LedgerEntry, *key) is not None


def _entries(context: Context, person: int, at: int, message_id: str) -> list[LedgerEntry]:
    """Return a person's newest entry of each deed that a message has earned."""
    since = context.store.find(
        LedgerEntry, community=context.community, person=person, at__gt=at - _AHEAD_MS,
        reversal_of=0, order="id",
    )  # fmt: skip
    found = [each for each in since if message_id and _said_in(context, each) == message_id]
    return [*{(each.source, each.deed): each for each in found}.values()]


def _said_in(context: Context, entry: LedgerEntry) -> str:
    """Return the message that earned an entry, empty where no single one did."""
    kind, _, rest = entry.source.partition(":")
    group, _, number = rest.rpartition(":")
    found = _SAID[kind] if number.isdecimal() and kind in _SAID else None
    return found(context, entry, group, int(number)) if found else entry.source


def _of_reply(context: Context, entry: LedgerEntry, _group: str, number: int) -> str:
    found = context.store.get(ThreadReply, context.community, number, entry.person)
    return found.message_id if found is not None and entry.deed == "reply" else ""


def _of_item(context: Context, entry: LedgerEntry, group: str, number: int) -> str:
    if entry.deed == "comment":
        said = context.store.get(Comment, context.community, group, number, entry.person)
        return said.message_id if said is not None else ""
    return _given_in(context.store.get(Item, context.community, group, number), entry)


def _of_question(context: Context, entry: LedgerEntry, group: str, number: int) -> str:
    if entry.deed == "question":
        return _given_in(context.store.get(Item, context.community, group, number), entry)
    # Whatever else somebody answered to the same question, the first of it was paid.
    answers = context.store.find(
        Item, community=context.community, group=group, person=entry.person, kind=asked.ANSWER,
        parent=number, order="number", limit=1,
    )  # fmt: skip
    return _given_in(answers[0] if answers else None, entry)


def _given_in(found: Item | None, entry: LedgerEntry) -> str:
    return found.message_id if found is not None and found.person == entry.person else ""


_SAID: Final[Mapping[str, Callable[[Context, LedgerEntry, str, int], str]]] = {
    "thread": _of_reply,
    "item": _of_item,
    "question": _of_question,
}
"""How the message is found, by the word the source of an entry begins with."""
