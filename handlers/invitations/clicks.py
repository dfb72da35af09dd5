"""A short link was opened: counted by the hour, told apart by visitor, and its owner thanked.

Points are for people who came by a member's own link. Whoever opens it first is taken for that
member, trying it out: nothing tells them from others, and nobody shall pay themselves.
"""

from dataclasses import replace

from handlers.ledger import ledger
from handlers.links import short_links
from handlers.people import people
from handlers.ports import Context, Outcome
from sop.actions import Action
from sop.events import LinkOpened
from sop.links import short_links as policy
from sop.model import LedgerEntry, LinkHour, LinkPlace, LinkVisitor, ShortLink


def opened(event: LinkOpened, context: Context) -> Outcome:
    """Count the click, unless the link leads nowhere any more; book the deed once per visitor.

    What one place opens beyond its share of a limit is let in, and noted apart.
    """
    link = context.store.get(ShortLink, event.code)
    if link is None or link.community != context.community:
        return Outcome()
    found = short_links.opening(context, link, event.platform)
    if found.verdict != "open":
        return Outcome()
    most = found.link.most if found.link else 0
    limited = event.human and event.network and most
    if limited and not _has_share(context, event, most):
        return Outcome()
    _count(context, link, event)
    if not event.human:
        return Outcome()
    visitors = link.visitors + int(_is_new(context, link, event))
    context.store.put(replace(link, clicks=link.clicks + 1, visitors=visitors))
    return Outcome(_spread(context, link, event) if visitors > max(link.visitors, 1) else ())


def _has_share(context: Context, event: LinkOpened, most: int) -> bool:
    """Tell whether a click counts for the link's limit, and note which it was."""
    key = (context.community, event.code, event.network)
    place = context.store.get(LinkPlace, *key) or LinkPlace(
        community=context.community, code=event.code, network=event.network, at=event.at
    )
    if policy.counts(most, place, event.at):
        context.store.put(replace(place, clicks=place.clicks + 1, at=event.at))
        return True
    context.store.put(replace(place, beyond=place.beyond + 1))
    return False


def _count(context: Context, link: ShortLink, event: LinkOpened) -> None:
    hour = policy.hour_of(event.at)
    known = context.store.get(LinkHour, context.community, link.code, hour)
    row = known or LinkHour(community=context.community, code=link.code, hour=hour)
    column = event.platform if event.human else "filtered"
    context.store.put(replace(row, **{column: getattr(row, column) + 1}))


def _is_new(context: Context, link: ShortLink, event: LinkOpened) -> bool:
    """Tell whether a visitor is one more who can be told apart, and remember them if so."""
    where = {"community": context.community, "code": link.code}
    if not event.visitor or link.visitors >= policy.MOST_VISITORS:
        return False
    if context.store.get(LinkVisitor, *where.values(), event.visitor) is not None:
        return False
    near = {**where, "network": event.network}
    if event.network and context.store.count(LinkVisitor, **near) >= policy.PER_NETWORK:
        return False
    context.store.put(
        LinkVisitor(**where, visitor=event.visitor, network=event.network, at=event.at)
    )
    return True


def _spread(context: Context, link: ShortLink, event: LinkOpened) -> tuple[Action, ...]:
    person = people.current(context.store, context.community, link.person) if link.person else None
    if person is None:
        return ()
    source = f"spread:{link.code}:{event.visitor}"
    # The mark of a visitor is forgotten in time; what was paid for them is not.
    if context.store.get(LedgerEntry, context.community, person.id, source, "spread", 0):
        return ()
    return ledger.credit(context, person.id, "spread", source=source)
