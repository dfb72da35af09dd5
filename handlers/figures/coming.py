"""How far members come and how long they stay; who leads and what that gives."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from handlers.figures import reading
from handlers.figures.past import FOLLOWING, TAKING_PART, WEEKS, Past, knows_members
from handlers.people import people
from handlers.ports import Context
from sop import channels
from sop.figures import paths
from sop.figures.paths import Cohort, Stage
from sop.figures.report import Brought, Leader
from sop.model import Group
from sop.times import localtime
from sop.times.durations import DAY_MS


def coming(context: Context, past: Past) -> tuple[Stage, ...]:
    """Return the funnel from joining to the core, of those who joined in the last weeks."""
    introduced = {each.person for each in past.members if each.introduced_at}
    heard = _heard(past)
    stages = paths.funnel(
        paths.COMING, past.newcomers(),
        (
            introduced if heard else None,
            past.did(paths.GIVING) if heard else None,
            past.did(paths.RECOGNISED) if heard else None,
            _core(context, past),
        ),
    )  # fmt: skip
    if context.book.pack.layers.core is None:
        stages = paths.without(stages, "core")
    return stages if knows_members(past.groups) else paths.without_first(stages)


def spreading(past: Past) -> tuple[Stage, ...]:
    """Return the path from entering to inviting others, by way of a leader."""
    follow = past.did([FOLLOWING])
    led = follow or any(past.leaders[group.id] for group in past.groups)
    heard = _heard(past)
    stages = paths.path(
        paths.SPREADING, past.newcomers(),
        (
            follow if led and heard else None,
            past.did(paths.GIVING | {TAKING_PART}) if heard else None,
            past.did(paths.SHARING) if heard else None,
            past.did(["invite"]),
        ),
    )  # fmt: skip
    if not led:
        stages = paths.without(stages, "follows")
    return stages if knows_members(past.groups) else paths.without_first(stages)


def entered(context: Context, days: int) -> tuple[Stage, ...]:
    """Return the path from entering to inviting of who came to a community within `days`."""
    groups = context.store.find(Group, community=context.community, retired=False, order="id")
    span_ms = days * DAY_MS
    return spreading(reading.read(context, groups, span_ms, context.now - span_ms))


def _core(context: Context, past: Past) -> set[int] | None:
    if context.book.pack.layers.core is None:
        return None
    return {each.id for each in past.persons.values() if each.layer == "core"}


def _heard(past: Past) -> bool:
    return any(channels.hears(group.channels) for group in past.groups)


def cohorts(context: Context, past: Past) -> tuple[Cohort, ...]:
    """Return who joined in each whole week, and how many of them spoke in the weeks since.

    Nothing where joins are not known.
    """
    if not knows_members(past.groups):
        return ()
    zone = context.book.zone
    monday = localtime.local_date(past.since, zone)
    starts = [monday + timedelta(weeks=week) for week in range(WEEKS + 1)]
    edges = [localtime.local_midnight(day, zone) for day in starts]
    joined = {
        who: week
        for who, each in past.newcomers().items()
        for week in range(WEEKS)
        if edges[week] <= each.joined_at < edges[week + 1]
    }
    spoke = [_spoke(past, edges[week], edges[week + 1]) for week in range(WEEKS)]
    return paths.retention(joined, [day.isoformat() for day in starts[:WEEKS]], spoke)


def _spoke(past: Past, since: int, until: int) -> set[int] | None:
    """Return who spoke; None where not all of the groups were heard, and in all of that time."""
    for group in past.groups:
        begun = past.observed_since(group)
        late = begun is None or begun > since + DAY_MS
        if late or not channels.hears_all(group.channels):
            return None
    return set().union(*(past.said[group.id].people(since, until) for group in past.groups))


def leaders(past: Past, brought: Mapping[int, Brought]) -> tuple[Leader, ...]:
    """Return what each leader of the groups gave in the span, and has `brought` about, by name."""
    deeds: dict[int, Counter[str]] = {}
    points: Counter[int] = Counter()
    likes: Counter[int] = Counter()
    for group in past.groups:
        for person, led in past.leaders[group.id].items():
            deeds.setdefault(person, Counter()).update(led.deeds)
            points[person] += led.points
            likes[person] += led.likes
    here = {each.person for each in past.members if not each.left_at}
    found = (
        Leader(
            name=people.shown(past.persons[who]), role=past.persons[who].role,
            deeds=dict(sorted(each.items())), points=points[who], likes=likes[who],
            brought=brought.get(who),
        )
        for who, each in deeds.items()
        if who in here
    )  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.name))
