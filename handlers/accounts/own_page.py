"""A member's own page: how they stand, what they can have, and what others shared lately.

Whoever has the link is taken for the member, so it is told in private and holds for a day, or
until they ask for another one. What is pressed there is a command that the member says in
private: one of `PRESSED`, and no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from handlers.accounts import explanations, standings
from handlers.benefits import benefits, redemption
from handlers.ledger import ledger
from handlers.likes import like_targets
from handlers.links import short_links
from handlers.people import people, places
from handlers.ports import Context, Outcome, Store
from handlers.questions import contributions
from handlers.replies import confidential, excerpt, privately, stopping
from sop.events import MessageReceived
from sop.links.page_keys import PageKey, key_of
from sop.model import Counter, Group, Item, Like, Person
from sop.pack.pack_score import Benefit
from sop.texts import quoted, text
from sop.times.durations import DAY_MS, HOUR_MS

LIFE_MS: Final = DAY_MS
"""How long a link opens the page; there is a new one for the asking."""

PRESSED: Final = ("claim", "redeem", "like")
"""Commands that may be given on the page."""

LONGEST_ARGUMENT: Final = benefits.LONGEST_TITLE
"""Characters of what follows such a command."""

SHARED: Final = 10
"""Contributions of others that are shown."""

_EXCERPT: Final = 60


@dataclass(frozen=True, slots=True)
class Press:
    """A button: what stands on it, what it asks once more, and the command that it gives.

    `price` is what somebody agrees to who presses it.
    """

    label: str
    sure: str
    do: str
    argument: str
    group: str = ""
    price: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Something on the page, and what can be done about it, if anything."""

    words: str
    aside: str = ""
    press: Press | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a heading; a `folded` one shows its lines when it is opened."""

    title: str
    lines: tuple[Line, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a member sees."""

    name: str
    place: str
    sections: tuple[Section, ...]


def tell(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell a member the address of their own page."""
    del event, argument
    public, secret = context.in_force.public_url, short_links.secret_of(context.store)
    if not public or not secret:
        return stopping(privately(text("own-page.closed")))
    page = PageKey(context.community, context.person_id, context.now + LIFE_MS)
    context.store.put(
        Counter(community=page.community, name=_newest(page.person), value=page.until)
    )
    url = f"{public}/m/{key_of(secret, page)}"
    told = privately(text("own-page.told", url=url, hours=LIFE_MS // HOUR_MS))
    return stopping(confidential(told))


def is_over(store: Store, page: PageKey, now: int) -> bool:
    """Tell whether the time of a key is over, or its member has asked for another one since."""
    newest = store.get(Counter, page.community, _newest(page.person))
    return now >= page.until or (newest is not None and page.until < newest.value)


def _newest(person: int) -> str:
    """Name the record of when the newest key of a person ends."""
    return f"page:{person}"


def is_theirs(context: Context) -> bool:
    """Tell whether the page still belongs to somebody who is here: in a group, or its staff."""
    return context.person is not None and bool(
        places.own_groups(context) or places.own_groups(context, staff=True)
    )


def said(context: Context, do: str, argument: str, group: str) -> str:
    """Return what a member would say in private to give the command; empty if it may not be.

    The group is named where there are several.
    """
    fits = len(argument) <= LONGEST_ARGUMENT and argument.isprintable() and argument.strip()
    if do not in PRESSED or not fits:
        return ""
    own = [each.id for each in places.own_groups(context)]
    words = f"{context.book.words.shown(do)} {argument}"
    return f"{group} {words}" if group in own and len(own) > 1 else words


def objection(context: Context, do: str, argument: str, price: str) -> str:
    """Say that something has another price than was agreed to; empty where it has not."""
    benefit = context.book.pack.benefit(argument) if do == "redeem" else None
    if benefit is None or price == str(benefit.price):
        return ""
    return text("own-page.repriced", title=quoted(benefit.title), price=benefit.price)


def shown(event: MessageReceived, context: Context, place: str) -> Page:
    """Return the page as it is now; `event` is the member's, and says nothing.

    `place` is what the community is called.
    """
    person = context.person
    assert person is not None
    parts = (
        ("own-page.standing", tuple(_answer(standings.points(event, context, ""))), False),
        ("own-page.benefits", tuple(_benefits(context, person)), False),
        ("own-page.shared", tuple(_shared(context)), False),
        ("own-page.growth", tuple(_answer(standings.growth(event, context, ""))), True),
        ("own-page.entries", tuple(_answer(explanations.entries(event, context, ""))), True),
    )
    sections = [Section(text(key), lines, folded) for key, lines, folded in parts if lines]
    return Page(people.shown(person), place, tuple(sections))


def _answer(outcome: Outcome) -> Iterator[Line]:
    for action in outcome.actions:
        yield from (Line(line) for line in action.text.splitlines() if line.strip())


def _benefits(context: Context, person: Person) -> Iterator[Line]:
    person = ledger.as_of_now(context, person.id)
    for benefit in benefits.free(context, person):
        sure = text("own-page.sure-claim", title=quoted(benefit.title))
        press = Press(text("own-page.claim"), sure, "claim", benefit.id)
        yield from _offered(context, benefit, "", press)
    for benefit in benefits.priced(context, person):
        yield from _priced(context, person, benefit)


def _priced(context: Context, person: Person, benefit: Benefit) -> Iterator[Line]:
    price = text("own-page.price", price=benefit.price)
    if person.balance < benefit.price:
        points = benefit.price - person.balance
        yield Line(benefit.title, text("own-page.missing", price=price, points=points))
        return
    sure = text("own-page.sure-redeem", title=quoted(benefit.title), price=benefit.price)
    press = Press(text("own-page.redeem"), sure, "redeem", benefit.id, price=benefit.price)
    yield from _offered(context, benefit, price, press)


def _offered(context: Context, benefit: Benefit, aside: str, press: Press) -> Iterator[Line]:
    """Yield a line with its button; one for each group where it must be said which is meant."""
    groups = redemption.in_question(context, benefit)
    if not groups:
        yield Line(benefit.title, aside, press)
    for group in groups:
        where = " · ".join(filter(None, (aside, group.title or group.id)))
        yield Line(benefit.title, where, replace(press, group=group.id))


def _shared(context: Context) -> Iterator[Line]:
    found = [
        (item, group)
        for group in places.own_groups(context)
        for item in contributions.newest_of_others(context, group)
    ]
    found.sort(key=lambda each: each[0].at, reverse=True)
    for item, group in found[:SHARED]:
        yield _contribution(context, item, group)


def _contribution(context: Context, item: Item, group: Group) -> Line:
    author = people.current(context.store, context.community, item.person)
    aside = text(
        "own-page.contribution", name=people.shown(author), number=item.number,
        group=group.title or group.id,
    )  # fmt: skip
    line = Line(excerpt(item.text, _EXCERPT), aside)
    target = like_targets.of_item(context, item)
    known = context.store.get(Like, context.community, target.key, context.person_id)
    if known is not None and known.status != "withdrawn":
        return replace(line, aside=text("own-page.liked", aside=aside))
    if known is not None or target.author == context.person_id:
        return line
    press = Press(text("own-page.like"), "", "like", str(item.number), group.id)
    return replace(line, press=press)
