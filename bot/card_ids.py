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
from sop.model import Outgoing

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


def sent_as(store: Store, card: str, community: str) -> Outgoing | None:
    """Return the delivery whose card it is, as long as it is kept."""
    found = _CARD.fullmatch(card)
    sent = store.get(Outgoing, community, int(found[2])) if found else None
    return sent if sent is not None and card_id(sent) == card else None


def buttons_of(outgoing: Outgoing) -> tuple[Button, ...]:
    """Return what can be pressed under a delivery's words."""
    return tuple(starmap(Button, outgoing.body.get("buttons", ())))


def _mark(community: str) -> str:
    return hashlib.sha256(community.encode()).hexdigest()[:12]
