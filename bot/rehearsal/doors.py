"""What comes in by another door than a chat: a link is opened, a table imported, a card pressed.

What the program looks at live is looked at here: the link as it is kept, every line of the table,
and the newest card with that button which was shown to whoever presses it. Whoever opens a link
is told from others by the name the script gives them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.card_ids import card_id
from bot.presses import face_of
from bot.rehearsal.script import Cue, key_of
from handlers.links import short_links, visits
from handlers.offers import offer_orders
from handlers.people import people
from handlers.ports import Context
from sop.activities.orders import read_orders
from sop.events import Event, MessageReceived
from sop.frozen import replace
from sop.links import short_links as policy
from sop.model import Outgoing, ShortLink

AGENTS: Final[Mapping[str, str]] = {
    "wecom": "rehearsal wxwork",
    "wechat": "rehearsal MicroMessenger",
    "browser": "rehearsal",
}
"""What the program that opens a link calls itself, by platform."""

LOOKED_THROUGH: Final = 500
"""Deliveries among which a button is looked for."""

PROGRAM: Final = "preview"
"""What it calls itself besides where it opens links for nobody."""


@dataclass(frozen=True, slots=True)
class Came:
    """The event that a cue became, if any, and lines of what else there is to see of it."""

    event: Event | None = None
    lines: tuple[dict[str, Any], ...] = ()


def come(context: Context, cue: Cue) -> Came:
    """Return what becomes of a cue of one of the `DOORS`; nothing is counted yet."""
    return DOORS[cue.kind](context, cue)


def _opened(context: Context, cue: Cue) -> Came:
    link = _link(context, cue)
    if isinstance(link, str):
        return Came(lines=(_wrong(cue, link),))
    agent = AGENTS[str(cue.fields.get("platform", "wechat"))]
    if cue.fields.get("bot"):
        agent = f"{agent} {PROGRAM}"
    who = str(cue.fields["from"])
    found, click = visits.come(context, link, visits.seen("GET", {"User-Agent": agent}, who))
    if click is not None:
        return Came(click)
    words = "\n".join(visits.page(found.verdict, found.link.platforms if found.link else ()))
    return Came(lines=({"do": "reply", "to": who, "text": words},))


def _link(context: Context, cue: Cue) -> ShortLink | str | None:
    """Return the link that is named as the pack calls it, or by its code; or what is wrong."""
    name, member = str(cue.fields["link"]), str(cue.fields.get("member", ""))
    if not short_links.address(context.book.pack, name):
        code = policy.as_code(name.rpartition("/")[2])
        return context.store.get(ShortLink, code) if code else f"the pack has no link {name}"
    if not member:
        step = str(cue.fields.get("step", ""))
        return short_links.newest(context, name, group=cue.group, step=step)
    person = people.find_person(context.store, context.community, member)
    if person is None or not context.book.pack.link(name):
        return f"nobody called {member} has a link {name}"
    return short_links.of_member(context, person, name)


def _imported(context: Context, cue: Cue) -> Came:
    data = "\n".join(map(str, cue.fields["lines"])).encode()
    table = read_orders(data, context.book.zone, context.now)
    if table.faults:
        return Came(lines=tuple(_wrong(cue, str(fault)) for fault in table.faults))
    mark = key_of(cue.number)
    return Came(offer_orders.told(context.community, table.orders, mark, context.now))


def _pressed(context: Context, cue: Cue) -> Came:
    who, label = str(cue.fields["from"]), str(cue.fields["button"])
    key = key_of(cue.number)
    event = MessageReceived(
        key=key, community=context.community, group=cue.group, at=context.now, sender=who,
        text="", message_id=key, channel="sandbox", mentions_bot=True,
    )  # fmt: skip
    sent = context.store.find(
        Outgoing, community=context.community, order="-id", limit=LOOKED_THROUGH
    )
    faces = (face_of(context.store, card_id(each), event) for each in sent)
    found = next((each for face in faces for each in face.buttons if each.label == label), None)
    if found is None:
        return Came(lines=(_wrong(cue, f"{who} sees no button {label}"),))
    return Came(replace(event, text=found.says))


def _wrong(cue: Cue, reason: str) -> dict[str, Any]:
    return {"do": "error", "text": f"line {cue.number}: {cue.kind}: {reason}", "reason": reason}


DOORS: Final[Mapping[str, Callable[[Context, Cue], Came]]] = {
    "click": _opened,
    "orders": _imported,
    "press": _pressed,
}
"""The events of a script that come in so."""
