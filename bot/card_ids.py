"""Ids of cards: which delivery a pressed button belongs to, and so which community.

They travel through WeCom and back. Whoever could forge one gains nothing by it: what is pressed
is a command of the presser, who must belong to the community, and may do what typing it may.
"""

import hashlib
import re
from collections.abc import Iterable
from itertools import starmap
from typing import Final

from handlers.ports import Store
from sop.actions import Button
from sop.events import MessageReceived
from sop.model import Outgoing, Person

PRIVATE: Final = ("dm", "task")
"""What is delivered to people alone, whatever group it is about."""

_CARD: Final = re.compile(r"([0-9a-f]{12})-(\d{1,15})-([0-9a-f]{1,13})")


def card_id(outgoing: Outgoing) -> str:
    """Return the id of a delivery's card: its own for ever, also on a database begun anew."""
    return f"{_mark(outgoing.community)}-{outgoing.id}-{outgoing.created_at:x}"


def community_of(card: str, communities: Iterable[str]) -> str:
    """Return the one of these communities that the card was sent in, or an empty text."""
    found = _CARD.fullmatch(card)
    if found is None:
        return ""
    return next((each for each in communities if _mark(each) == found[1]), "")


def known(store: Store, card: str, event: MessageReceived) -> tuple[str, tuple[Button, ...]]:
    """Return the words and buttons of a card that its presser can see, while they are kept."""
    found = _CARD.fullmatch(card)
    sent = store.get(Outgoing, event.community, int(found[2])) if found else None
    if sent is None or card_id(sent) != card or not _is_seen(store, sent, event):
        return "", ()
    return str(sent.body.get("text", "")), buttons_of(sent)


def _is_seen(store: Store, sent: Outgoing, event: MessageReceived) -> bool:
    """Tell whether a delivery was for the group in which was pressed, or for who pressed it."""
    if sent.group and sent.do not in PRIVATE:
        return sent.group == event.group
    named = (each for each in str(sent.body.get("to", "")).split(",") if each.isdecimal())
    people = (store.get(Person, event.community, int(each)) for each in named)
    return any(each and each.userid.casefold() == event.sender.casefold() for each in people)


def buttons_of(outgoing: Outgoing) -> tuple[Button, ...]:
    """Return what can be pressed under a delivery's words."""
    return tuple(starmap(Button, outgoing.body.get("buttons", ())))


def _mark(community: str) -> str:
    return hashlib.sha256(community.encode()).hexdigest()[:12]
