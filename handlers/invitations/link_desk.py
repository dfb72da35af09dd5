"""Short links by command: a member's own, and those that staff make, look at and stop."""

from dataclasses import dataclass, replace
from typing import Any, Final

from handlers.invitations import personal_codes
from handlers.links import short_links
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.recognition.recognition import task_number
from handlers.replies import privately, stopping
from sop.actions import Action
from sop.events import MessageReceived
from sop.links import link_targets, link_wishes
from sop.links import short_links as policy
from sop.model import LinkHour, Person, ShortLink
from sop.texts import text
from sop.times.durations import DAY_MS
from sop.times.localtime import local_date

JOIN: Final = "join"
"""The name under the pack's `links` of the address by which newcomers come in."""

TOLD: Final = 10
"""Links that are told at a time."""

MOST_MADE: Final = 500
"""Links made by staff that lead somewhere at a time, in a community."""


def mine(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell a member their own links, and how many people have come by each."""
    del event
    person = context.person
    assert person is not None
    if not context.in_force.public_url:
        return stopping(privately(text("short-links.closed")))
    names = _named(context, argument)
    if not names:
        return stopping(privately(text("short-links.nothing")))
    kept = [short_links.of_member(context, person, name) for name in names[:TOLD]]
    links = [link for link in kept if not link.stopped_at]
    if not links:
        return stopping(privately(text("short-links.nothing")))
    told = [_own_line(context, each) for each in links]
    words = "\n".join((text("short-links.own", name=people.shown(person)), *told))
    picture = qr(context, links[0]) if len(links) == 1 else {}
    return stopping(replace(privately(words), picture=picture))


def _named(context: Context, argument: str) -> list[str]:
    """Return the pack's links that are meant: those of that name or title, without one all."""
    links = context.book.pack.links
    said = argument.strip().casefold()
    return [name for name in links if said in ("", name.casefold(), links[name].title.casefold())]


def _own_line(context: Context, link: ShortLink) -> str:
    title = title_of(context, link)
    return text(
        "short-links.own-line", title=title, url=short_links.shown(context, link),
        count=max(link.visitors - 1, 0),
    )  # fmt: skip


def title_of(context: Context, link: ShortLink) -> str:
    """Return what a link is called: what the pack or staff call it, else its name or host."""
    spec = context.book.pack.links.get(link.name) if link.kind == "pack" else None
    benefit = context.book.pack.benefit(link.name) if link.kind == "benefit" else None
    titles = (spec and spec.title, benefit and benefit.title, link.title, link.name)
    return next((title for title in titles if title), "") or link_targets.host_of(link.target)


def qr(context: Context, link: ShortLink) -> dict[str, Any]:
    """Return the picture of a link's QR code."""
    url, label = short_links.shown(context, link), title_of(context, link)
    hint = text("short-links.scan")
    return {"kind": "qr", "url": url, "label": label, "hint": hint} if url else {}


def make(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Make a short link to an address that staff name, or that a code in their picture says.

    Without either tell those there are.
    """
    if not context.in_force.public_url:
        return stopping(privately(text("short-links.closed-staff")))
    wish = link_wishes.read_wish(argument)
    if not wish.url and len(event.codes) == 1:
        wish = replace(wish, url=event.codes[0])
    if not argument.strip() and not wish.url:
        return stopping(privately(_listing(context)))
    why = link_targets.refusal(wish.url)
    if why:
        return stopping(privately(text(f"short-links.refused-{why}", url=wish.url[:100])))
    if wish.unclear:
        return stopping(privately(text("short-links.unclear", word=wish.unclear[:TOLD])))
    if len(_made(context)) >= MOST_MADE:
        return stopping(privately(text("short-links.many", most=MOST_MADE)))
    link = _put(context, wish)
    return stopping(_made_line(context, link))


def _put(context: Context, wish: link_wishes.Wish) -> ShortLink:
    number = context.store.number(context.community, "short-link")
    return short_links.put(context, ShortLink(
        code=short_links.new_code(context, f"{context.community}\0made\0{number}"),
        community=context.community, kind="made", name=str(number), at=context.now,
        group=context.group_id, target=wish.url, platforms=wish.platforms, most=wish.clicks,
        title=wish.title or link_targets.host_of(wish.url), made_by=context.person_id,
        expires_at=context.now + wish.for_ms if wish.for_ms else 0,
    ))  # fmt: skip


def _made_line(context: Context, link: ShortLink) -> Action:
    words = text(
        "short-links.made", title=link.title, url=short_links.shown(context, link),
        target=link.target, terms=_terms(context, link), number=link.name,
        word=context.book.words.shown("stop_link"),
    )  # fmt: skip
    return replace(privately(words), picture=qr(context, link))


def _terms(context: Context, link: ShortLink) -> str:
    """Say what holds for a link, one thing after the other."""
    said = []
    if link.expires_at:
        end = local_date(link.expires_at, context.book.zone)
        said.append(text("short-links.until", month=end.month, day=end.day))
    if link.most:
        said.append(text("short-links.most", count=link.most))
    said += [short_links.only_by(link.platforms)] if link.platforms else []
    return text("people.joiner").join(said) or text("short-links.no-terms")


def _made(context: Context) -> list[ShortLink]:
    found = context.store.find(
        ShortLink, community=context.community, kind="made", stopped_at=0, order="-at"
    )
    return [
        each
        for each in found
        if not (each.expires_at and each.expires_at <= context.now)
        and not (each.most and each.clicks >= each.most)
    ]


def _listing(context: Context) -> str:
    links = _made(context)
    if not links:
        return text("short-links.none", word=context.book.words.shown("make_link"))
    return "\n".join(_figures(context, each) for each in links[:TOLD])


def _figures(context: Context, link: ShortLink) -> str:
    hours = context.store.find(
        LinkHour, community=context.community, code=link.code, hour__gt=context.now - DAY_MS
    )
    return text(
        "short-links.line", number=link.name, title=link.title, clicks=link.clicks,
        visitors=link.visitors, url=short_links.shown(context, link),
        today=sum(policy.people_in(each) for each in hours),
    )  # fmt: skip


def stop(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """End a link: of staff by its number, title or address, of a member by its address."""
    del event
    link = _stopped(context, argument.strip())
    if link is None:
        word = context.book.words.shown("make_link")
        return stopping(privately(text("short-links.unknown", word=word)))
    if not link.stopped_at:
        context.store.put(replace(link, stopped_at=context.now))
    title = title_of(context, link)
    return stopping(privately(text("short-links.stopped", title=title)))


def _stopped(context: Context, argument: str) -> ShortLink | None:
    code = policy.as_code(argument.rpartition("/")[2])
    if code:
        found = context.store.get(ShortLink, code)
        ours = found is not None and found.community == context.community
        return found if found and ours and (found.kind == "made" or found.person) else None
    number = task_number(argument)
    if not number:
        called = [each for each in _made(context) if each.title.casefold() == argument.casefold()]
        return called[0] if len(called) == 1 else None
    numbered = context.store.find(
        ShortLink, community=context.community, kind="made", name=str(number), limit=1
    )
    return numbered[0] if numbered else None


@dataclass(frozen=True, slots=True)
class Invited:
    """What a friend reads who opens an invitation; `url` is where they come in, if known."""

    title: str
    words: str
    url: str
    host: str


def invited(context: Context, link: ShortLink) -> Invited:
    """Return what the invitation of a member says; `invited` credits it."""
    person = people.current(context.store, context.community, link.person)
    code = personal_codes.of(context, link.code, link.person)
    url = context.book.pack.link(JOIN)
    name, place = people.shown(person), context.book.pack.title
    key = "short-links.invited-how" if url else "short-links.invited-ask"
    return Invited(
        text("short-links.invited", name=name, place=place), text(key, name=name, code=code),
        url, link_targets.host_of(url),
    )  # fmt: skip


def invitation(context: Context, person: Person) -> str:
    """Return the address of somebody's own page for friends; empty where there can be none."""
    if not context.in_force.public_url:
        return ""
    link = short_links.kept(context, "invitation", "invitation", person=person.id)
    return short_links.shown(context, link)
