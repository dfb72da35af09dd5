"""Short links with what they brought: who made each, what holds for it now, when it was opened."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from handlers.links import short_links
from handlers.people import people
from handlers.ports import Context
from sop.model import LinkHour, LinkPlace, ShortLink

State = Literal["open", "ended", "expired", "full"]

_OVER: Final[tuple[State, ...]] = ("ended", "expired", "full")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFigures:
    """One short link, with what the pack says of it today.

    `target` is where it leads now; `made_by` is the staff member who made it, `of` the member
    whose own it is (userids). `filtered` counts what was no person's, `beyond` what came from one
    place beyond its share of the limit, `hours` the hours since then in which it was opened, the
    earliest first.
    """

    link: ShortLink
    url: str
    target: str
    state: State
    made_by: str
    of: str
    filtered: int
    beyond: int
    hours: tuple[LinkHour, ...]


def figures(context: Context, since: int) -> Iterator[LinkFigures]:
    """Yield every short link of the community, those that are opened most first."""
    hours: defaultdict[str, list[LinkHour]] = defaultdict(list)
    for each in context.store.find(LinkHour, community=context.community, order="hour"):
        hours[each.code].append(each)
    for link in context.store.find(ShortLink, community=context.community, order="-clicks"):
        yield _figures(context, link, hours[link.code], since)


def _figures(context: Context, link: ShortLink, hours: list[LinkHour], since: int) -> LinkFigures:
    found = short_links.opening(context, link, "")
    meant = found.link or link
    return LinkFigures(
        link=meant,
        url=short_links.shown(context, link),
        target=found.target,
        state=_state(found.verdict),
        made_by=_userid(context, link.made_by),
        of=_userid(context, link.person),
        filtered=sum(each.filtered for each in hours),
        beyond=context.store.total(
            LinkPlace, "beyond", community=context.community, code=link.code
        ),
        hours=tuple(each for each in hours if each.hour >= since),
    )


def _state(verdict: str) -> State:
    """Return a verdict without who asks: no platform is named here."""
    return next((state for state in _OVER if state == verdict), "open")


def _userid(context: Context, number: int) -> str:
    person = people.current(context.store, context.community, number) if number else None
    return person.userid if person else ""
