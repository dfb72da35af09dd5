"""A report in words: for its owner everything, for the group only what honours people."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from handlers.figures import phrases, task_figures
from handlers.questions import response_times
from sop.figures.effects import Effect
from sop.figures.paths import Cohort, Stage
from sop.figures.report import (
    Activity,
    Brought,
    Content,
    Count,
    Leader,
    Questions,
    Report,
    StepFigures,
)
from sop.texts import text
from sop.times.durations import DAY_MS

MOST_LINES: Final = 5
"""Steps, kinds, cohorts and leaders that are told; the rest is in the JSON."""

ALWAYS: Final = frozenset({"active", "replies"})
"""What is told of every step; the rest only where it differs from what is usual."""


def full(report: Report, zone: ZoneInfo, first: str = "") -> str:
    """Return all figures in words, for whoever runs the group; what nobody knows is said so.

    `first` is what there is to do: it stands before the figures.
    """
    lines = (
        _head(report, zone),
        first,
        text("figures.below") if first else "",
        phrases.heard(report.coverage),
        *_health(report),
        *_activity(report),
        *_contents(report),
        *_steps(report),
        _stages(report, "coming", report.coming),
        _stages(report, "spreading", report.spreading),
        *_cohorts(report),
        *_segments(report),
        *_questions(report),
        *_tasks(report),
        *_leaders(report),
    )
    return "\n".join(filter(None, lines))


def for_group(report: Report) -> str:
    """Return what the group may read: totals, thanks, and nobody's low figures."""
    words = _said(report)
    for each in report.questions:
        words = text("knowledge.times-report", words=words, times=_times(each))
    return "\n".join((words, *_honours(report)))


def _times(found: Questions) -> str:
    words = text("knowledge.times", asked=found.asked, answered=found.answered)
    if found.median_ms is not None:
        length = response_times.shown(found.median_ms)
        words += text("knowledge.times-median", length=length)
    if found.waiting:
        number = found.first_waiting
        words += text("knowledge.times-waiting", count=found.waiting, number=number)
    return words


def _said(report: Report) -> str:
    """Sum up what was said, with thanks; nobody is told that it is quiet who was not all heard."""
    activity, names = report.activity, report.honours.names
    said = activity.messages
    if not said.value:
        return text("reports.unheard" if said.value is None or said.least else "reports.quiet")
    thanks = text("figures.thanks", names=names) if names else text("figures.thanks-all")
    return text(
        f"reports.{report.kind}", members=activity.active.value, messages=said.value,
        heard=text("reports.mentions-only") if said.least else "", thanks=thanks,
    )  # fmt: skip


def _honours(report: Report) -> Iterator[str]:
    activity, honours = report.activity, report.honours
    if honours.likes:
        yield text("figures.liked", by=honours.by, liked=honours.liked, likes=honours.likes)
    if activity.joined.value and honours.newcomers and report.kind == "weekly":
        yield text("figures.welcome", joined=honours.newcomers)
    if activity.best and activity.best[0].confidence == "sure" and not activity.messages.least:
        best = activity.best[0]
        yield text("figures.busy", weekday=phrases.weekday(best.weekday), hour=best.hour)


def _head(report: Report, zone: ZoneInfo) -> str:
    since, until = phrases.span(report, zone)
    kind = text(f"figure-names.{report.kind}")
    return text("figures.head", title=report.title, kind=kind, since=since, until=until)


def _health(report: Report) -> Iterator[str]:
    yield text("figures.health", state=text(f"figure-names.goes-{report.health}"))
    if not report.group:
        yield text("figures.healths", groups=phrases.parted(
            text("figures.health-of", group=each.title,
                 state=text(f"figure-names.goes-{each.health}"))
            for each in report.groups.values()
        ))  # fmt: skip


def _activity(report: Report) -> Iterator[str]:
    found: Activity = report.activity
    yield text(
        "figures.talk", messages=phrases.count(found.messages, "messages"),
        messages_before=_before(found.messages), active=phrases.count(found.active, "people"),
        active_before=_before(found.active), members=phrases.count(found.members, "people"),
    )  # fmt: skip
    joined, left = (phrases.count(each, "people") for each in (found.joined, found.left))
    yield text("figures.moves", joined=joined, left=left)
    if found.best:
        times = phrases.joined(map(phrases.best_slot, found.best))
        yield text("figures.best", times=times, beside=phrases.beside(report.coverage, "best"))


def _before(found: Count) -> str:
    known = found.before is not None and found.value is not None
    return text("figures.before", before=found.before) if known else ""


def _contents(report: Report) -> Iterator[str]:
    if report.contents:
        tell = _counted if report.coverage.of("contents").known == "nothing" else _content
        kinds = phrases.parted(map(tell, report.contents[:MOST_LINES]))
        beside = phrases.beside(report.coverage, "contents")
        yield text("figures.contents", kinds=kinds, beside=beside)


def _counted(found: Content) -> str:
    """Return how many there were, where nobody can know what they brought."""
    return text("figures.content-unheard", kind=phrases.name_of(found.kind), count=found.count)


def _content(found: Content) -> str:
    return text(
        "figures.content", kind=phrases.name_of(found.kind), count=found.count,
        replies=phrases.number(found.replies), likes=phrases.number(found.likes),
        small=phrases.small(found.small),
    )  # fmt: skip


def _steps(report: Report) -> Iterator[str]:
    told = [
        (each, names)
        for each in report.steps
        if (names := [name for name in each.effects if name in ALWAYS or _tells(each, name)])
    ]
    if told:
        yield text("figures.steps", beside=phrases.beside(report.coverage, "active"))
    told.sort(key=lambda each: -abs(_difference(each[0], "active")))
    for each, names in told[:MOST_LINES]:
        yield text(
            "figures.step", group=_group(report, each.group), step=each.title, runs=each.runs,
            effects=phrases.joined(_effect(name, each.effects[name]) for name in names),
            against=text(f"figure-names.{each.against}"),
            small=phrases.small(any(effect.small for effect in each.effects.values())),
        )  # fmt: skip


def _group(report: Report, group: str) -> str:
    """Return of which group something is, where that is not said above."""
    if report.group:
        return ""
    return text("figures.of-group", group=report.groups[group].title)


def _tells(found: StepFigures, name: str) -> bool:
    """Tell whether a figure differs by more than chance, and by as much as anybody would see."""
    effect = found.effects[name]
    differs = effect.verdict in ("more", "less")
    return differs and abs(effect.difference or 0.0) >= phrases.SHOWN


def _difference(found: StepFigures, name: str) -> float:
    effect = found.effects.get(name)
    return effect.difference or 0.0 if effect is not None else 0.0


def _effect(name: str, effect: Effect) -> str:
    after = phrases.number(effect.after)
    if effect.difference is None:
        return text("figures.effect-alone", name=phrases.name_of(name), after=after)
    verdict = "unclear" if effect.verdict == "unknown" else effect.verdict
    return text(
        "figures.effect", name=phrases.name_of(name), after=after,
        difference=phrases.signed(effect.difference), verdict=text(f"figure-names.{verdict}"),
    )  # fmt: skip


def _stages(report: Report, name: str, stages: tuple[Stage, ...]) -> str:
    told = text("figures.arrow").join(map(phrases.stage_told, phrases.present(stages)))
    return text(
        f"figures.stages-{name}", stages=told, beside=phrases.beside(report.coverage, name)
    )


def _cohorts(report: Report) -> Iterator[str]:
    told = [each for each in report.cohorts if each.size][-MOST_LINES:]
    if told:
        yield text("figures.cohorts", beside=phrases.beside(report.coverage, "cohorts"))
    for each in told:
        yield text("figures.cohort", week=each.week[5:], size=each.size, active=_kept(each))


def _kept(cohort: Cohort) -> str:
    unknown = text("figures.unknown")
    return phrases.joined(unknown if each is None else str(each) for each in cohort.active)


def _segments(report: Report) -> Iterator[str]:
    told = [
        phrases.segment_told(each)
        for each in report.segments
        if each.members or each.entered or each.left or each.unknown
    ]
    if told:
        yield text(
            "figures.segments", title=phrases.segments_title(report),
            segments=phrases.joined(told),
        )  # fmt: skip


def _questions(report: Report) -> Iterator[str]:
    for each in report.questions:
        length = "" if each.median_ms is None else response_times.shown(each.median_ms)
        yield text(
            "figures.question", group=_group(report, each.group), asked=each.asked,
            answered=each.answered,
            median=text("figures.question-median", length=length) if length else "",
            waiting=text("figures.question-waiting", count=each.waiting) if each.waiting else "",
            late=text("figures.question-late", count=each.late) if each.late else "",
            beside=phrases.beside(report.groups[each.group].coverage, "questions"),
        )  # fmt: skip


def _tasks(report: Report) -> Iterator[str]:
    if report.tasks.opened or report.tasks.waiting:
        days = round((report.until - report.since) / DAY_MS)
        yield text("figures.tasks", told="".join(task_figures.words(report.tasks, days)))


def _leaders(report: Report) -> Iterator[str]:
    if report.leaders:
        yield text("figures.leaders", beside=phrases.beside(report.coverage, "leaders"))
    for each in report.leaders[:MOST_LINES]:
        yield _leader(each)
    if len(report.leaders) > MOST_LINES:
        yield text("figures.more", count=len(report.leaders) - MOST_LINES)


def _leader(found: Leader) -> str:
    tier = found.brought.tier if found.brought is not None else ""
    told = [*_given(found), *(_brought(found.brought) if found.brought is not None else ())]
    return text(
        "figures.leader", name=found.name,
        tier=text("figures.leader-tier", tier=tier) if tier else "",
        told=phrases.parted(told) or text("figures.leader-none"),
    )  # fmt: skip


def _given(found: Leader) -> Iterator[str]:
    """Yield what a leader did and what others thought of it; nothing of what there is none."""
    deeds = [
        text("figures.deed", deed=phrases.name_of(deed), count=count)
        for deed, count in found.deeds.items()
    ]
    if deeds:
        yield phrases.joined(deeds)
    for name, count in (("likes", found.likes), ("points", found.points)):
        if count:
            yield text(f"figures.of-leader-{name}", count=count)


def _brought(found: Brought) -> Iterator[str]:
    measures = found.measures
    if found.led:
        yield text("figures.leader-led", count=found.led, took_part=found.took_part)
    for name in ("brought", "circle", "failed"):
        if count := getattr(found, name):
            yield text(f"figures.of-leader-{name}", count=count)
    if measures.circle_retention is not None:
        yield text("figures.leader-kept", percent=round(100 * measures.circle_retention))
    if measures.answer_time is not None:
        length = response_times.shown(measures.answer_time)
        yield text("figures.leader-answers", count=measures.answers, length=length)
