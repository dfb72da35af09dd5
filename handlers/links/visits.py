"""Who comes by a short link, as far as anybody can see, and the click that makes of it.

The door at `/s/{code}` and a rehearsal's script look by this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from handlers.links import short_links
from handlers.links.short_links import Opened
from handlers.ports import Context, Store
from sop.events import LinkOpened
from sop.links import short_links as policy
from sop.model import ShortLink
from sop.texts import text
from sop.times.durations import MINUTE_MS

LONGEST_AGENT: Final = 500


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody asks for a link; what tells them from others is made where the secret is."""

    platform: policy.Platform
    human: bool
    address: str
    agent: str


def seen(method: str, headers: Mapping[str, str], address: str) -> Visit:
    """Return what a request tells of who comes from an address."""
    known = {name.casefold(): value for name, value in headers.items()}
    agent = known.get("user-agent", "")[:LONGEST_AGENT]
    return Visit(policy.platform_of(agent), policy.is_person(method, known), address, agent)


def come(
    context: Context, link: ShortLink | None, visit: Visit
) -> tuple[Opened, LinkOpened | None]:
    """Return what who comes gets now, and the click that is to be counted where it is open."""
    found = short_links.opening(context, link, visit.platform)
    if link is None or found.verdict != "open":
        return found, None
    return found, _click(context.store, link, visit, context.now)


def _click(store: Store, link: ShortLink, visit: Visit, now: int) -> LinkOpened:
    """Return the click; the same visitor within the same minute is the same click."""
    secret = short_links.secret_of(store)
    visitor = policy.mark(link.code, secret, visit.address, visit.agent)
    return LinkOpened(
        key=f"click:{link.code}:{visitor}:{visit.human:d}:{now // MINUTE_MS}",
        community=link.community,
        group=link.group,
        at=now,
        code=link.code,
        visitor=visitor,
        network=policy.mark(link.code, secret, visit.address),
        platform=visit.platform,
        human=visit.human,
    )


def page(name: str, platforms: Iterable[str] = ()) -> tuple[str, str]:
    """Return the title and the words of a page behind a link that does not lead on.

    `platforms` are those by which it can be opened.
    """
    known = tuple(platforms)
    where = short_links.only_by(known)
    way = text("short-links.way-or").join(text(f"short-links.way-{each}") for each in known)
    title, _, words = text(f"short-links.page-{name}", where=where, way=way).partition("|")
    return title, words
