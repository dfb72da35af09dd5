"""What comes in by another door than a chat: a short link is opened, a shop's table is imported.

What the program looks at live is looked at here: the link as it is kept, and every line of the
table. Whoever opens a link is told from others by the name the script gives them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.rehearsal.script import Cue, key_of
from handlers.links import short_links, visits
from handlers.offers import offer_orders
from handlers.people import people
from handlers.ports import Context
from sop.activities.orders import read_orders
from sop.events import Event
from sop.links import short_links as policy
from sop.model import ShortLink

AGENTS: Final[Mapping[str, str]] = {
    "wecom": "rehearsal wxwork",
    "wechat": "rehearsal MicroMessenger",
    "browser": "rehearsal",
}
"""What the program that opens a link calls itself, by platform."""

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


def _wrong(cue: Cue, reason: str) -> dict[str, Any]:
    return {"do": "error", "text": f"line {cue.number}: {cue.kind}: {reason}", "reason": reason}


DOORS: Final[Mapping[str, Callable[[Context, Cue], Came]]] = {
    "click": _opened,
    "orders": _imported,
}
"""The events of a script that come in so."""
