"""Benefits: which one is meant, and whether somebody can have it now, in kind words if not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from handlers.benefits import benefit_stock
from handlers.ledger import ledger
from handlers.people import leading, people, trials
from handlers.ports import Context
from handlers.recognition import badges
from sop.activities import benefit_terms
from sop.model import Claim, Person
from sop.pack.pack_score import Benefit, Level
from sop.standing import standing
from sop.text import normalise
from sop.texts import quoted, text
from sop.times import localtime

LONGEST_TITLE: Final = 200
"""Characters of an argument that may name a benefit."""


def named(context: Context, argument: str) -> tuple[Benefit | None, bool]:
    """Return the benefit that is named, and whether by its whole title or id.

    An id as it is written is one benefit's alone, and so must a part of a title be.
    """
    pack = context.book.pack
    by_id = pack.benefit(argument)
    if by_id is not None:
        return by_id, True
    name = plain(argument[:LONGEST_TITLE])
    if not name:
        return None, False
    exact = [each for each in pack.benefits if name in (plain(each.id), plain(each.title))]
    part = [each for each in pack.benefits if name in plain(each.title)]
    found = exact or part
    return (found[0], bool(exact)) if len(found) == 1 else (None, False)


def plain(title: str) -> str:
    """Return a title without quotation marks and other signs, as people type it."""
    return "".join(char for char in normalise(title) if char.isalnum())


def open_to(context: Context, person: Person) -> list[str]:
    """Return the titles of what the person could claim now, without a price."""
    return [benefit.title for benefit in free(context, person)]


def free(context: Context, person: Person) -> list[Benefit]:
    """Return what the person could claim now, without a price."""
    person = _up_to_date(context, person)
    return [
        benefit
        for benefit in context.book.pack.benefits
        if not benefit.price and not obstacle(context, person, benefit)
    ]


def priced(context: Context, person: Person) -> list[Benefit]:
    """Return what the person could have for points now, whether they have enough or not."""
    person = _up_to_date(context, person)
    return [
        benefit
        for benefit in context.book.pack.benefits
        if benefit.price and not obstacle(context, person, benefit, broke=True)
    ]


def after_trial(context: Context, person: Person, *, priced: bool) -> str:
    """Tell somebody new from when they can have what there is; empty where nothing waits."""
    if not trials.is_new(context, person.id):
        return ""
    person = _up_to_date(context, person)
    waiting = [
        quoted(benefit.title)
        for benefit in context.book.pack.benefits
        if bool(benefit.price) == priced
        and not any(hurdle(context, person, benefit) for hurdle in _MEMBERS_HURDLES)
    ]
    return _until_admitted(context, person, waiting) if waiting else ""


def ahead(context: Context, person: Person) -> tuple[str, int, list[Benefit]]:
    """Return the next level's title, how far it is, and what it opens to be had for points."""
    score = _up_to_date(context, person).score
    level = standing.next_level(context.book.pack.levels, score)
    if level is None:
        return "", 0, []
    then = replace(person, score=level.at, scored_at=context.now)
    return level.title, level.at - score, priced(context, then)


def _up_to_date(context: Context, person: Person) -> Person:
    """Return the person with the score of now: the ledger is asked once for many benefits."""
    fresh = person.scored_at == context.now
    return person if fresh else ledger.as_of_now(context, person.id)


def obstacle(context: Context, person: Person, benefit: Benefit, *, broke: bool = False) -> str:
    """Why the person cannot have the benefit now, in words for them; empty if they can.

    With `broke` it does not matter how many points they have.
    """
    for hurdle in _HURDLES if broke else (*_HURDLES, _unaffordable):
        words = hurdle(context, person, benefit)
        if words:
            return words
    return ""


def closed(context: Context, benefit: Benefit) -> str:
    """Why nobody can have the benefit now, whoever they are; empty if somebody may."""
    return next(filter(None, (bar(context, benefit) for bar in _BARS)), "")


def _on_trial(context: Context, person: Person, benefit: Benefit) -> str:
    if not trials.is_new(context, person.id):
        return ""
    return _until_admitted(context, person, [quoted(benefit.title)])


def _until_admitted(context: Context, person: Person, titles: Sequence[str]) -> str:
    ends = trials.ends_at(context, person.id)
    until = localtime.wall_time(ends or context.now, context.book.zone)
    return text(
        "benefits.on-trial" if ends else "benefits.not-admitted",
        title=text("people.joiner").join(titles), month=until.month, day=until.day,
    )  # fmt: skip


def _not_today(context: Context, benefit: Benefit) -> str:
    opening = benefit_terms.opening(benefit.calendar)
    today = localtime.local_date(context.now, context.book.zone)
    if opening is None or opening.includes(today, context.book.calendar):
        return ""
    following = opening.following(today, context.book.calendar)
    if following is None:
        return text("benefits.over", title=quoted(benefit.title))
    return text(
        "benefits.not-yet", title=quoted(benefit.title), month=following.month, day=following.day
    )


def _beyond_level(context: Context, person: Person, benefit: Benefit) -> str:
    if not benefit.levels:
        return ""
    levels = context.book.pack.levels
    score = _up_to_date(context, person).score
    reached = standing.level_for(levels, score)
    if reached is not None and reached.id in benefit.levels:
        return ""
    wanted = [level for level in levels if level.id in benefit.levels and level.at > score]
    if not wanted:
        return text("benefits.reserved", title=quoted(benefit.title))
    first: Level = min(wanted, key=lambda level: level.at)
    return text(
        "benefits.level", title=quoted(benefit.title), level=first.title, missing=first.at - score
    )


def _reserved(context: Context, person: Person, benefit: Benefit) -> str:
    """Keep what is promised to a layer, to leaders or with a badge for them."""
    layers, for_leaders, with_badge = _kept_for(context, benefit)
    theirs = for_leaders and benefit.id in leading.benefits(context, person)
    if not layers and not for_leaders and not with_badge:
        return ""
    if person.layer in layers or theirs:
        return ""
    if with_badge and badges.opens(context, person.id, benefit.id):
        return ""
    key = "benefits.layer" if "core" in layers else "benefits.reserved"
    return text(key, title=quoted(benefit.title))


def _kept_for(context: Context, benefit: Benefit) -> tuple[frozenset[str], bool, bool]:
    """Return for which layers it is, whether for leaders, and whether for who has a badge."""
    pack = context.book.pack
    tiers = pack.leaders.tiers if pack.leaders else ()
    for_leaders = any(benefit.id in tier.benefits for tier in tiers)
    with_badge = any(benefit.id in badge.brings for badge in pack.badges)
    return _layers(context, benefit), for_leaders, with_badge


def _layers(context: Context, benefit: Benefit) -> frozenset[str]:
    """Return the layers a benefit is kept for, by itself or in their list."""
    listed = context.book.pack.layers.benefits.items()
    own = (benefit.layer,) if benefit.layer else ()
    return frozenset((*own, *(layer for layer, ids in listed if benefit.id in ids)))


def is_for_all(context: Context, benefit: Benefit) -> bool:
    """Tell whether it may be shown to a whole group: nobody pays, is let or agrees first."""
    asked = benefit.price or benefit.levels or benefit.approve != "auto"
    return not asked and not any(_kept_for(context, benefit))


def is_lost(context: Context, person: Person, benefit: Benefit) -> bool:
    """Tell whether who is out of the core has no other right to what is kept for it."""
    return "core" in _layers(context, benefit) and bool(_reserved(context, person, benefit))


def had_already(context: Context, person: Person, benefit: Benefit) -> str:
    """Say what became of the person's last one, where they cannot have another yet."""
    rate = benefit.per_member
    since = -1 if rate.within_ms is None else context.now - rate.within_ms
    had = context.store.find(
        Claim, community=context.community, person=person.id, benefit=benefit.id,
        status__in=benefit_terms.OPEN, at__gt=since, order="-id", limit=rate.count,
    )  # fmt: skip
    if len(had) < rate.count:
        return ""
    last, named = had[0], {"name": people.shown(person), "title": quoted(benefit.title)}
    if last.status == "waiting":
        return text("benefits.still-waiting", **named)
    words = [text("benefits.already", **named)]
    if last.tail:
        words.append(text("benefits.seen-once", tail=last.tail, number=last.id))
    if 0 < last.expires_at <= context.now:
        words.append(text("benefits.expired"))
    if rate.within_ms is not None:
        again = localtime.local_date(had[-1].at + rate.within_ms, context.book.zone)
        words.append(text("benefits.again", month=again.month, day=again.day))
    return "".join(words)


def _sold_out(context: Context, benefit: Benefit) -> str:
    found = benefit_stock.left(context, benefit)
    return text("benefits.sold-out", title=quoted(benefit.title)) if found == 0 else ""


def _over_budget(context: Context, benefit: Benefit) -> str:
    budget = context.book.pack.benefit_budget
    if budget is None or not benefit.cost:
        return ""
    spent, following = benefit_stock.budget_spent(context)
    if spent + benefit.cost <= budget.cost:
        return ""
    return text(
        "benefits.over-budget", title=quoted(benefit.title), month=following.month,
        day=following.day,
    )  # fmt: skip


def _for_all(bar: Callable[[Context, Benefit], str]) -> Callable[[Context, Person, Benefit], str]:
    return lambda context, _person, benefit: bar(context, benefit)


def _unaffordable(context: Context, person: Person, benefit: Benefit) -> str:
    del context
    missing = benefit.price - person.balance
    if not benefit.price or missing <= 0:
        return ""
    return text(
        "benefits.too-dear", title=quoted(benefit.title), price=benefit.price,
        balance=person.balance, missing=missing,
    )  # fmt: skip


_BARS: Final = (_not_today, _sold_out, _over_budget)
"""What stands in everybody's way."""

_MEMBERS_HURDLES: Final = (
    _for_all(_not_today),
    _beyond_level,
    _reserved,
    had_already,
    _for_all(_sold_out),
    _for_all(_over_budget),
)
"""What can stand in the way of full members, in the order in which people are told of it."""

_HURDLES: Final = (_on_trial, *_MEMBERS_HURDLES)
"""What can stand in anybody's way."""
