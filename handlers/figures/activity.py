"""What was said in the span, who was there, and when the groups are awake."""

from collections.abc import Callable, Sequence
from typing import Final

from handlers import overrides
from handlers.figures.past import Past, knows_members
from handlers.ports import Context
from sop import channels
from sop.figures import hours
from sop.figures.coverage import Coverage
from sop.figures.report import Activity, Count
from sop.model import Group
from sop.times import quiet

Figure = Callable[[Past, int, int], int]

BEST: Final = 3
"""Hours that are named as the best to post in."""


def coverage(past: Past) -> Coverage:
    """Tell how much of the groups can be heard."""
    present = [each for each in past.members if not each.left_at]
    heard = {each.id for each in past.groups if channels.hears_all(each.channels)}
    known = {each.id for each in past.groups if channels.knows_members(each.channels)}
    hearing = sum(channels.hears(each.channels) for each in past.groups)
    return Coverage(
        all_heard=len(heard), addressed=hearing - len(heard), deaf=len(past.groups) - hearing,
        members=len({each.person for each in present}),
        members_heard=len({each.person for each in present if each.group in heard}),
        known=len({each.person for each in present if each.group in known}), rosters=len(known),
    )  # fmt: skip


def activity(context: Context, past: Past, since: int, heard: Coverage) -> Activity:
    """Return the figures of the span from `since` on, beside the span before."""
    until = past.until
    earlier = 2 * since - until
    told = _hours(context, past)
    counted = [(hour, float(said)) for hour, said, _ in told]
    spoke = [(hour, float(people)) for hour, _, people in told]
    words, roster = not heard.unheard, knows_members(past.groups)

    def count(figure: Figure, *, known: bool, least: bool = False) -> Count:
        if not known:
            return Count(value=None)
        before = _before(past, earlier, since, figure)
        return Count(value=figure(past, since, until), before=before, least=least)

    return Activity(
        messages=count(_said, known=words, least=heard.least),
        active=count(_spoke, known=words, least=heard.least),
        members=_present(heard),
        joined=count(_joined, known=roster), left=count(_left, known=roster),
        posts=Count(value=sum(past.posts[each.id].count(since, until) for each in past.groups)),
        weeks=hours.weeks(counted),
        heat=hours.heat(counted) if told else None,
        best=hours.best(spoke, BEST, _awake(context, past.groups)),
    )  # fmt: skip


def _hours(context: Context, past: Past) -> list[tuple[hours.Hour, int, int]]:
    """Return how much was said, and by how many, in each hour in which a group was heard."""
    begun = {
        each.id: since
        for each in past.groups
        if channels.hears(each.channels) and (since := past.observed_since(each)) is not None
    }
    if not begun:
        return []
    return [
        (hour, *_in_hour(past, [name for name, at in begun.items() if at <= hour.since], hour))
        for hour in hours.within(min(begun.values()), past.until, context.book.zone)
    ]


def _in_hour(past: Past, names: Sequence[str], hour: hours.Hour) -> tuple[int, int]:
    spoke = [past.said[name].people(hour.since, hour.until) for name in names]
    said = sum(past.said[name].count(hour.since, hour.until) for name in names)
    return said, len(set().union(*spoke))


def _awake(context: Context, groups: Sequence[Group]) -> Callable[[int], bool]:
    """Whether the groups may be posted to at an hour of the day, by the hour."""
    spans = [overrides.quiet_of(context, each) for each in groups]
    return lambda hour: not any(quiet.covers(span, 60 * hour) for span in spans)


def _said(past: Past, since: int, until: int) -> int:
    return sum(past.said[each.id].count(since, until) for each in past.groups)


def _spoke(past: Past, since: int, until: int) -> int:
    return len(set().union(*(past.said[each.id].people(since, until) for each in past.groups)))


def _joined(past: Past, since: int, until: int) -> int:
    return sum(since <= each.joined_at < until for each in past.newcomers().values())


def _left(past: Past, since: int, until: int) -> int:
    return len(past.gone(since, until))


def _before(past: Past, since: int, until: int, figure: Figure) -> int | None:
    """Return a figure of the span before, if the groups were heard in all of it."""
    begun = (past.observed_since(each) for each in past.groups)
    known = all(at is not None and at <= since for at in begun)
    return figure(past, since, until) if known else None


def _present(heard: Coverage) -> Count:
    """Return who is there: where no channel tells, only those are known who were heard."""
    least = heard.rosters < heard.groups
    return Count(value=heard.members or (None if least else 0), least=least)
