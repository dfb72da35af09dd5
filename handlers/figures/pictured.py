"""What is drawn of a report: words and numbers, in the form of an action's `picture`.

The group sees when it is awake and what there is to be proud of; only its owner sees how far
members come.
"""

from typing import Any, Final
from zoneinfo import ZoneInfo

from handlers.figures import phrases
from sop.figures.paths import Stage
from sop.figures.report import Count, Report
from sop.texts import text

KIND: Final = "report"

MOST_SEGMENTS: Final = 6


def wish(report: Report, zone: ZoneInfo, to: str) -> dict[str, Any]:
    """Return the picture of a report for the `group`, or for who runs it."""
    since, until = phrases.span(report, zone)
    kind = text(f"figure-names.{report.kind}")
    span = text("figures.span", kind=kind, since=since, until=until)
    found: dict[str, Any] = {
        "kind": KIND, "title": report.title,
        "span": span, "heard": phrases.heard(report.coverage), "figures": _figures(report, to),
        "heat": _heat(report),
    }  # fmt: skip
    if to != "group":
        state = text(f"figure-names.goes-{report.health}")
        found["span"] = text("figures.span-state", span=span, state=state)
        found["funnels"] = [
            _funnel(report, "coming", report.coming),
            _funnel(report, "spreading", report.spreading),
        ]
        found["segments"] = _segments(report)
    return found


def _figures(report: Report, to: str) -> list[list[str]]:
    """Return pairs of a figure and what it counts; for the group only what is known and good."""
    activity = report.activity
    pairs: list[tuple[str, Count]] = [
        ("messages", activity.messages), ("active", activity.active), ("came", activity.joined),
    ]  # fmt: skip
    if to != "group":
        pairs.append(("left", activity.left))
    else:
        pairs = [(name, each) for name, each in pairs if each.value]
    return [[phrases.count(each), text(f"figure-names.count-{name}")] for name, each in pairs]


def _heat(report: Report) -> dict[str, Any]:
    activity = report.activity
    return {
        "title": text(
            "figures.heat-title" if activity.heat else "figures.heat-none", weeks=activity.weeks,
            beside=phrases.beside(report.coverage, "best"),
        ),
        "days": [phrases.weekday(day) for day in range(7)],
        "cells": [
            [-1 if cell is None else round(cell, 2) for cell in row]
            for row in activity.heat or ()
        ],
        "unknown": text("figures.heat-unknown"),
        "best": [
            {"day": each.weekday, "hour": each.hour, "words": phrases.best_slot(each)}
            for each in activity.best
        ],
    }  # fmt: skip


def _funnel(report: Report, key: str, stages: tuple[Stage, ...]) -> dict[str, Any]:
    return {
        "title": text(f"figure-names.{key}-title") + phrases.beside(report.coverage, key),
        "stages": [
            [phrases.name_of(each.name), -1 if each.members is None else each.members,
             phrases.stage_told(each)]
            for each in phrases.present(stages)
        ],
    }  # fmt: skip


def _segments(report: Report) -> dict[str, Any]:
    return {
        "title": phrases.segments_title(report),
        "bars": [
            [phrases.name_of(each.name), each.members, phrases.segment_told(each)]
            for each in report.segments[:MOST_SEGMENTS]
        ],
    }
