"""What a report's words and its picture share: figures, names, and how much of them is heard."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sop.figures.coverage import Coverage
from sop.figures.hours import Best
from sop.figures.paths import Stage
from sop.figures.report import Count, Report, Segment
from sop.texts import has, text
from sop.times import localtime

SHOWN: Final = 0.05
"""The smallest difference that one place behind the point shows."""


def weekday(number: int) -> str:
    """Return what a day of the week is called; Monday is 0."""
    return text(f"calendar.weekday-{number + 1}")


def count(found: Count, unit: str = "") -> str:
    """Return a figure in words, with its unit: unknown, at least so many, or so many."""
    if found.value is None:
        return text("figures.unknown")
    told = text("figures.least", value=found.value) if found.least else str(found.value)
    return text(f"figures.unit-{unit}", count=told) if unit else told


def number(value: float) -> str:
    """Return a mean to one place, without an empty one."""
    return f"{value:.1f}".removesuffix(".0")


def signed(value: float) -> str:
    """Return a difference with its sign, to as many places as show one."""
    return f"{value:+.1f}" if abs(value) >= SHOWN or not value else f"{value:+.1g}"


def joined(parts: Iterable[str]) -> str:
    """Return parts of a list as a sentence has them."""
    return text("figures.joiner").join(parts)


def parted(parts: Iterable[str]) -> str:
    """Return parts that are lists themselves."""
    return text("figures.parter").join(parts)


def small(is_small: bool) -> str:  # noqa: FBT001 - of one thing
    """Return the warning of a small sample, where it is one."""
    return text("figures.small") if is_small else ""


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
    if found.groups == 1:
        return text("figures.heard-addressed")
    share = found.share
    told = "" if share is None else text("figures.heard-share", percent=round(100 * share))
    groups = {"all": found.all_heard, "addressed": found.addressed, "deaf": found.deaf}
    parts = (text(f"figures.heard-groups-{name}", count=n) for name, n in groups.items() if n)
    return text("figures.heard-some", parts=joined(parts), share=told)


def beside(found: Coverage, figure: str) -> str:
    """Return how much of what a figure counts is known, as a note; empty where all of it is."""
    reach = found.of(figure)
    if reach.known == "all":
        return ""
    if reach.by == "roster":
        return text("figures.beside-roster")
    if reach.known == "nothing":
        return text("figures.beside-nothing")
    if not found.all_heard:
        return text("figures.beside-addressed")
    if reach.share is None:
        return text("figures.beside-groups", groups=found.groups, all=found.all_heard)
    return text("figures.beside-part", percent=round(100 * reach.share))


def best_slot(best: Best) -> str:
    """Return an hour worth posting in, with how sure that is."""
    return text(
        "figures.best-slot", weekday=weekday(best.weekday), hour=best.hour,
        people=number(best.mean), confidence=text(f"figure-names.{best.confidence}"),
    )  # fmt: skip


def present(stages: Iterable[Stage]) -> list[Stage]:
    """Return the stages that there are in the community."""
    return [each for each in stages if not each.absent]


def stage_told(stage: Stage) -> str:
    """Return a stage of a funnel with its share and small-sample warning."""
    share = ""
    if stage.share is not None and stage.interval is not None:
        percents = [
            round(100 * each) for each in (stage.share, stage.interval.low, stage.interval.high)
        ]
        share = text("figures.stage-share", percent=percents[0], low=percents[1], high=percents[2])
    members = text("figures.unknown") if stage.members is None else stage.members
    others = text("figures.stage-otherwise", count=stage.otherwise) if stage.otherwise else ""
    return text(
        "figures.stage", name=name_of(stage.name), members=members,
        share=share + small(stage.small) + others,
    )  # fmt: skip


def segments_title(report: Report) -> str:
    """Return what stands above the segments: whose they are, and as of when."""
    return text(
        "figures.segments-title", day=report.segments_day,
        whole=text("figures.segments-whole") if report.one_of_several else "",
        beside=beside(report.coverage, "segments"),
    )  # fmt: skip


def segment_told(found: Segment) -> str:
    """Return how many are in a segment, who came and went, and of how many nobody knows."""
    unknown = text("figures.segment-unknown", count=found.unknown) if found.unknown else ""
    return text(
        "figures.segment", name=name_of(found.name), members=found.members,
        entered=found.entered, left=found.left, unknown=unknown,
    )  # fmt: skip
