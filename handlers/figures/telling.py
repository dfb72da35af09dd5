"""A report in words: for its owner everything, for the group only what honours people."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from handlers.questions import response_times
from sop.figures.effects import Effect
from sop.figures.hours import Best
from sop.figures.paths import Cohort, Stage
from sop.figures.report import Activity, Content, Count, Coverage, Report, Segment, StepFigures
from sop.texts import has, text
from sop.times import localtime

MOST_LINES: Final = 5
"""Steps, kinds and cohorts that are told; the rest is in the JSON."""

ALWAYS: Final = frozenset({"active", "replies"})
"""What is told of every step; the rest only where it differs from what is usual."""


def full(report: Report, zone: ZoneInfo) -> str:
    """Return all figures in words, for whoever runs the group; what nobody knows is said so."""
    lines = (
        _head(report, zone),
        heard(report.coverage),
        *_activity(report.activity),
        *_contents(report),
        *_steps(report),
        _stages("figures.coming", report.coming),
        _stages("figures.spreading", report.spreading),
        *_cohorts(report),
        *_segments(report),
        *_questions(report),
        *_leaders(report),
    )
    return "\n".join(filter(None, lines))


def for_group(report: Report) -> str:
    """Return what the group may read: totals, thanks, and nobody's low figures."""
    activity, names = report.activity, report.honours.names
    words = text("reports.quiet")
    if activity.messages.value and names:
        words = text(
            f"reports.{report.kind}", members=activity.active.value,
            messages=activity.messages.value, names=names,
            heard=text("reports.mentions-only") if activity.messages.least else "",
        )  # fmt: skip
    for each in report.questions:
        times = response_times.sentence(
            each.asked, each.answered, each.median_ms or 0, each.waiting or 0, each.first_waiting
        )
        words = text("knowledge.times-report", words=words, times=times)
    return "\n".join((words, *_honours(report)))


def _honours(report: Report) -> Iterator[str]:
    activity, honours = report.activity, report.honours
    if honours.likes:
        yield text("figures.liked", by=honours.by, liked=honours.liked, likes=honours.likes)
    if activity.joined.value and report.kind == "weekly":
        yield text("figures.welcome", joined=activity.joined.value)
    if activity.best and activity.best[0].confidence == "sure":
        best = activity.best[0]
        yield text("figures.busy", weekday=weekday(best.weekday), hour=best.hour)


def weekday(number: int) -> str:
    """Return what a day of the week is called; Monday is 0."""
    return text(f"calendar.weekday-{number + 1}")


def count(found: Count) -> str:
    """Return a figure in words: unknown, at least so many, or so many."""
    if found.value is None:
        return text("figures.unknown")
    return text("figures.least", value=found.value) if found.least else str(found.value)


def name_of(kind: str) -> str:
    """Return what a kind of content, a stage or a segment is called."""
    for key in (f"figure-names.{kind}", f"deeds.{kind}"):
        if has(key):
            return text(key)
    return kind


def span(report: Report, zone: ZoneInfo) -> tuple[date, date]:
    """Return the first and last local day of a report."""
    return localtime.local_date(report.since, zone), localtime.local_date(report.until - 1, zone)


def heard(found: Coverage) -> str:
    """Return how much of the groups can be heard, in a sentence."""
    if found.unheard:
        return text("figures.heard-nothing")
    if not found.least:
        return text("figures.heard-all")
    if found.all_heard + found.addressed + found.deaf == 1:
        return text("figures.heard-addressed")
    share = found.share
    told = "" if share is None else text("figures.heard-share", percent=round(100 * share))
    return text(
        "figures.heard-some", all=found.all_heard, addressed=found.addressed, deaf=found.deaf,
        share=told,
    )  # fmt: skip


def _head(report: Report, zone: ZoneInfo) -> str:
    since, until = span(report, zone)
    kind = text(f"figure-names.{report.kind}")
    return text("figures.head", title=report.title, kind=kind, since=since, until=until)


def _activity(found: Activity) -> Iterator[str]:
    yield text(
        "figures.talk", messages=count(found.messages), messages_before=_before(found.messages),
        active=count(found.active), active_before=_before(found.active), members=found.members,
    )  # fmt: skip
    yield text("figures.moves", joined=count(found.joined), left=count(found.left))
    if found.best:
        yield text("figures.best", times=_joined(best_slot(each) for each in found.best))


def best_slot(best: Best) -> str:
    """Return an hour worth posting in, with how sure that is."""
    return text(
        "figures.best-slot", weekday=weekday(best.weekday), hour=best.hour,
        people=_number(best.mean), confidence=text(f"figure-names.{best.confidence}"),
    )  # fmt: skip


def _before(found: Count) -> str:
    known = found.before is not None and found.value is not None
    return text("figures.before", before=found.before) if known else ""


def _contents(report: Report) -> Iterator[str]:
    if report.contents:
        kinds = _joined(_content(each) for each in report.contents[:MOST_LINES])
        yield text("figures.contents", kinds=kinds)


def _content(found: Content) -> str:
    return text(
        "figures.content", kind=name_of(found.kind), count=found.count,
        replies=_number(found.replies), likes=_number(found.likes), small=_small(found.small),
    )  # fmt: skip


def _steps(report: Report) -> Iterator[str]:
    told = [each for each in report.steps if each.effects]
    if told:
        yield text("figures.steps")
    told.sort(key=lambda each: -abs(_difference(each, "active")))
    for each in told[:MOST_LINES]:
        names = [name for name in each.effects if name in ALWAYS or _tells(each, name)]
        yield text(
            "figures.step", step=each.title, runs=each.runs,
            effects=_joined(_effect(name, each.effects[name]) for name in names),
            against=text(f"figure-names.{each.against}"),
            small=_small(any(effect.small for effect in each.effects.values())),
        )  # fmt: skip


def _tells(found: StepFigures, name: str) -> bool:
    return found.effects[name].verdict in ("more", "less")


def _difference(found: StepFigures, name: str) -> float:
    effect = found.effects.get(name)
    return effect.difference or 0.0 if effect is not None else 0.0


def _effect(name: str, effect: Effect) -> str:
    after = _number(effect.after)
    if effect.difference is None:
        return text("figures.effect-alone", name=name_of(name), after=after)
    verdict = "unclear" if effect.verdict == "unknown" else effect.verdict
    return text(
        "figures.effect", name=name_of(name), after=after,
        difference=f"{effect.difference:+.1f}", verdict=text(f"figure-names.{verdict}"),
    )  # fmt: skip


def _stages(key: str, stages: tuple[Stage, ...]) -> str:
    arrow = text("figures.arrow")
    return text(key, stages=arrow.join(stage_told(each) for each in stages))


def stage_told(stage: Stage) -> str:
    """Return a stage of a funnel with its share and small-sample warning."""
    share = ""
    if stage.share is not None and stage.interval is not None:
        percents = [
            round(100 * each) for each in (stage.share, stage.interval.low, stage.interval.high)
        ]
        share = text("figures.stage-share", percent=percents[0], low=percents[1], high=percents[2])
    members = text("figures.unknown") if stage.members is None else stage.members
    return text(
        "figures.stage", name=name_of(stage.name), members=members,
        share=share + _small(stage.small),
    )  # fmt: skip


def _cohorts(report: Report) -> Iterator[str]:
    told = [each for each in report.cohorts if each.size][-MOST_LINES:]
    if told:
        yield text("figures.cohorts")
    for each in told:
        yield text("figures.cohort", week=each.week[5:], size=each.size, active=_kept(each))


def _kept(cohort: Cohort) -> str:
    unknown = text("figures.unknown")
    return _joined(unknown if each is None else str(each) for each in cohort.active)


def _segments(report: Report) -> Iterator[str]:
    if report.segments:
        told = (segment_told(each) for each in report.segments)
        yield text("figures.segments", day=report.segments_day, segments=_joined(told))


def segment_told(found: Segment) -> str:
    """Return how many are in a segment, who came and went, and of how many nobody knows."""
    return text(
        "figures.segment", name=name_of(found.name), members=found.members,
        entered=found.entered, left=found.left, unknown=_unknown(found.unknown),
    )  # fmt: skip


def _unknown(count: int) -> str:
    return text("figures.segment-unknown", count=count) if count else ""


def _questions(report: Report) -> Iterator[str]:
    for each in report.questions:
        group = "" if report.group else text("figures.question-group", group=each.group)
        length = "" if each.median_ms is None else response_times.shown(each.median_ms)
        yield text(
            "figures.question", group=group, asked=each.asked, answered=each.answered,
            median=text("figures.question-median", length=length) if length else "",
            waiting=text("figures.question-waiting", count=each.waiting) if each.waiting else "",
            late=text("figures.question-late", count=each.late) if each.late else "",
        )  # fmt: skip


def _leaders(report: Report) -> Iterator[str]:
    if report.leaders:
        yield text("figures.leaders")
    for each in report.leaders:
        deeds = (
            text("figures.deed", deed=name_of(deed), count=count)
            for deed, count in each.deeds.items()
        )
        told = _joined(deeds) or text("figures.leader-none")
        yield text(
            "figures.leader", name=each.name, deeds=told, likes=each.likes, points=each.points
        )


def _small(small: bool) -> str:  # noqa: FBT001 - of one thing
    return text("figures.small") if small else ""


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _joined(parts: Iterator[str]) -> str:
    return text("figures.joiner").join(parts)
