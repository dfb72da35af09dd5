"""Making a report: everything at once, from one look at the state."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Final

from handlers import overrides
from handlers.figures import (
    activity,
    advising,
    coming,
    contents,
    reading,
    step_effects,
    task_figures,
)
from handlers.figures.past import Past
from handlers.leaders import leader_figures
from handlers.people import people, segments
from handlers.people.leader_records import LEADING
from handlers.ports import Context
from handlers.posting import rendering
from handlers.questions import response_times
from handlers.replies import excerpt
from sop import channels
from sop.figures import advice, health, paths
from sop.figures.advice import Signs
from sop.figures.report import Brought, Honours, Kind, OneGroup, Questions, Report, Segment
from sop.model import BOT, Group
from sop.pack.pack_steps import Step
from sop.times.durations import DAY_MS
from sop.triggers import triggers

DAYS: Final = {"daily": 1, "weekly": 7}
"""How many days a report looks at."""

NAMED: Final = 3
"""Contributors a report thanks by name."""

LATELY_MS: Final = 28 * DAY_MS
"""How long somebody is a newcomer."""

QUOTED: Final = 40
"""Characters of a liked contribution that are quoted."""


def report(context: Context, group: Group, kind: Kind) -> Report:
    """Return the report of a group over the last day or week."""
    known = reading.read(context, [group], _span_ms(kind))
    return _report(context, known, kind, group.id, _brought(context, kind))


def reports(context: Context, kind: Kind, named: str = "") -> list[Report]:
    """Return the reports of a community: of all of it (with several groups), then of each group.

    Of the group `named` alone, where one is.
    """
    found = [
        each
        for each in context.store.find(
            Group, community=context.community, retired=False, order="id"
        )
        if named in ("", each.id)
    ]
    if not found:
        return []
    known, brought = reading.read(context, found, _span_ms(kind)), _brought(context, kind)
    each = [_report(context, known.of(group), kind, group.id, brought) for group in found]
    if len(each) == 1:
        return each
    groups = {name: one for made in each for name, one in made.groups.items()}
    return [replace(_report(context, known, kind, "", brought), groups=groups), *each]


def _span_ms(kind: Kind) -> int:
    return DAYS[kind] * DAY_MS


def _brought(context: Context, kind: Kind) -> Mapping[int, Brought]:
    """Return what everybody who leads has brought about in the span, by person."""
    names = [each.name for each in fields(Brought)]
    return {
        each.person: Brought(**{name: getattr(each, name) for name in names})
        for each in leader_figures.contributions(context, DAYS[kind])
        if each.status in LEADING
    }


def _report(
    context: Context, known: Past, kind: Kind, group: str, brought: Mapping[int, Brought]
) -> Report:
    since = known.until - _span_ms(kind)
    heard = activity.coverage(known)
    steps = step_effects.figures(context, known)
    counted = activity.activity(context, known, since, heard)
    questions = tuple(_questions(context, known.groups, since))
    title, state = _title(context, known, group), health.of(counted)
    made = Report(
        community=context.community, group=group, title=title, kind=kind, since=since,
        until=known.until, coverage=heard, health=state, activity=counted,
        groups={group: OneGroup(title=title, coverage=heard, health=state)},
        contents=contents.figures(known), steps=steps,
        coming=coming.coming(context, known), spreading=coming.spreading(known),
        cohorts=coming.cohorts(context, known), segments=(), segments_day="",
        one_of_several=bool(group) and _has_several(context),
        questions=questions,
        tasks=task_figures.figures(context, [each.id for each in known.groups], since),
        leaders=coming.leaders(known, brought),
        honours=_honours(context, known, since), advice=(),
    )  # fmt: skip
    made = _with_segments(context, made, DAYS[kind])
    if not group:
        return made
    signs = _signs(context, known, made)
    settled = advising.settled(context, known.groups[0])
    return replace(made, advice=advice.advise(signs, settled))


def _has_several(context: Context) -> bool:
    return context.store.count(Group, community=context.community, retired=False) > 1


def _title(context: Context, known: Past, group: str) -> str:
    return (known.groups[0].title or group) if group else context.book.pack.title


def _with_segments(context: Context, made: Report, nights: int) -> Report:
    found = segments.figures(context, nights)
    told = tuple(
        Segment(
            name=each.name, members=each.members, known=each.known, unknown=each.unknown,
            entered=each.entered, left=each.left,
        )
        for each in found.segments
    )  # fmt: skip
    return replace(made, segments=told if found.day else (), segments_day=found.day)


def _questions(context: Context, groups: Sequence[Group], since: int) -> Iterator[Questions]:
    for group in groups:
        found = response_times.times(context, group, since)
        if found.asked:
            heard = channels.hears_all(group.channels)
            yield Questions(
                group=group.id, asked=found.asked, answered=found.answered,
                waiting=len(found.waiting) if heard else None,
                first_waiting=found.waiting[0] if found.waiting else 0,
                median_ms=found.median_ms, longest_ms=found.longest_ms, late=found.late,
            )  # fmt: skip


def _honours(context: Context, known: Past, since: int) -> Honours:
    """Return what honours those who are here: who has left, or is back, is not greeted as new."""
    gone = people.gone(context, context.now)
    came = (each for each in known.newcomers().values() if each.joined_at >= since)
    honours = Honours(
        names=people.named(rendering.ranking(context, NAMED)),
        newcomers=sum(each.stint == 1 and not each.left_at for each in came),
    )
    liked = [
        (known.likes.get(each.source, 0), -each.number, each)
        for each in known.items
        if each.at >= since and each.person not in (0, BOT) and each.person in known.persons
        and each.person not in gone and not each.about
    ]  # fmt: skip
    best = max(liked, key=lambda each: each[:2], default=None)
    if best is None or not best[0]:
        return honours
    count, _, item = best
    author = known.persons[item.person]
    if author.unranked:
        return honours
    liked_text, by = excerpt(item.text, QUOTED), people.shown(author)
    return replace(honours, liked=liked_text, by=by, likes=count)


def _signs(context: Context, known: Past, made: Report) -> Signs:
    (group,) = known.groups
    cap = overrides.budget_of(context, group).group
    own = overrides.book_of(context, group).pack.steps
    return Signs(
        group=group.id, coverage=made.coverage, activity=made.activity, steps=made.steps,
        questions=next(iter(made.questions), None),
        minutes={each.id: minute for each in own if (minute := _minute(each)) is not None},
        newcomers=_silent_newcomers(known, group),
        unanswered=_unanswered(known, made.since), leaders=len(made.leaders),
        cap=cap.n if cap is not None and cap.period == "day" else None, days=DAYS[made.kind],
    )  # fmt: skip


def _minute(step: Step) -> int | None:
    return step.when.time_minute if isinstance(step.when, triggers.WallTime) else None


def _silent_newcomers(known: Past, group: Group) -> int | None:
    """Count who came lately and said nothing at all; None where somebody might have."""
    if not channels.hears_all(group.channels):
        return None
    return sum(
        not (each.left_at or each.last_at or each.introduced_at)
        and each.joined_at > known.until - LATELY_MS
        for each in known.newcomers().values()
    )


def _unanswered(known: Past, since: int) -> int:
    """Count what was given in the span and has neither a comment nor a like."""
    return sum(
        each.at >= since and each.kind in paths.SHARING
        and not known.likes.get(each.source) and not known.comments.get((each.group, each.number))
        for each in known.items
    )  # fmt: skip
