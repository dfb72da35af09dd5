"""Beside every figure stands how much of what it counts is known."""

from collections.abc import Iterator
from typing import Any

from handlers.figures import making, phrases, telling
from sop.figures import report as reporting
from sop.model import Thread, ThreadReply
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, Life, life
from tests.unit.handlers.figures.weeks import (
    ADDRESSED,
    DEAF,
    PACK,
    fill,
    item,
    like,
    report,
    run,
    said,
    task,
)

FIGURES = frozenset({"value", "mean", "after", "members", "asked", "opened", "replies", "points"})
"""Whatever has one of these in JSON is a figure."""


def lived(club: Life) -> None:
    fill(
        club, *(builders.person(each) for each in (1, 2)), builders.member(1),
        builders.member(2, joined_at=EVENING - 3 * DAY), builders.person(6, role="leader"),
        builders.member(6), said(1, 1, EVENING - HOUR), said(2, 2, EVENING - DAY),
        run(1, EVENING - DAY), item(1, 1), like(1, 2, 1), item(2, 2, "question"), task(1),
        Thread(
            community=COMMUNITY, id=1, group=GROUP, step="morning", kind="ask", title="", text="",
            opened_at=EVENING - DAY, closes_at=EVENING,
        ),
        ThreadReply(community=COMMUNITY, thread=1, person=1, at=EVENING, message_id="m1"),
    )  # fmt: skip


def bare(node: Any, path: str = "") -> Iterator[str]:
    """Yield where a figure stands without its coverage."""
    if isinstance(node, dict):
        inner = ("coverage", "measures", "deeds", "facts", "advice", "interval", "groups")
        figures = {key for key, each in node.items() if not isinstance(each, dict)} & FIGURES
        if figures and "coverage" not in node:
            yield path
        for key, each in node.items():
            if key not in inner:
                yield from bare(each, f"{path}.{key}")
    if isinstance(node, list):
        for number, each in enumerate(node):
            yield from bare(each, f"{path}.{number}")


def test_every_figure_in_json_carries_how_much_of_it_is_known():
    with life(PACK) as club:
        lived(club)
        found = reporting.plain(report(club))

    assert list(bare(found)) == []
    for name in ("contents", "steps", "segments", "questions", "leaders", "cohorts"):
        assert found[name] or name == "segments"
    assert found["activity"]["joined"]["coverage"]["by"] == "roster"
    assert found["steps"][0]["effects"]["points"]["coverage"]["by"] == "record"
    assert found["coming"][-1]["coverage"]["by"] == "record"


def test_an_answer_nobody_heard_took_nobody_knows_how_long():
    with life(PACK) as club:
        fill(club, builders.person(1), item(1, 1, "question", status="seen-to"))
        found = report(club)
        told = telling.full(found, club.book.zone)

    (asked,) = found.questions
    assert (asked.answered, asked.median_ms, asked.longest_ms) == (1, None, None)
    assert "提问 1 个，1 个有了回答\n" in f"{told}\n"
    assert "一般" not in telling.for_group(found)


def test_a_figure_of_one_group_carries_that_groups_coverage():
    groups = [builders.group(), builders.group(id="g2", title="二群", channels={"aibot": "b"})]
    with life(PACK, groups=groups) as club:
        lived(club)
        with club.acting() as context:
            whole, *_ = map(reporting.plain, making.reports(context, "weekly"))

    assert whole["activity"]["messages"]["coverage"]["known"] == "part"
    assert whole["questions"][0]["coverage"]["known"] == "all"
    assert whole["steps"][0]["effects"]["active"]["coverage"]["known"] == "all"
    assert whole["groups"]["g2"]["health"] == "unknown"


def test_what_depends_on_hearing_says_how_much_was_heard_where_it_is_not_all():
    with life(PACK, groups=[ADDRESSED]) as club:
        lived(club)
        told = telling.full(report(club), club.book.zone)

    lines = told.splitlines()
    assert "群的状态：听不全，说不准" in lines
    for begins in (
        "近 8 周内容的反响",
        "近 8 周每个步骤",
        "近 8 周入群",
        "提问 1 个",
        "领头人的贡献",
    ):
        (line,) = [each for each in lines if each.startswith(begins)]
        assert "（只按 @我 的话）" in line
    assert "群里现有 至少 3 人" in told
    with life(PACK) as club:
        lived(club)
        assert "@我" not in telling.full(report(club), club.book.zone)
    with life(PACK, groups=[DEAF]) as club:
        lived(club)
        told = telling.full(report(club), club.book.zone)
        (line,) = [each for each in told.splitlines() if each.startswith("近 8 周内容的反响")]
        assert line.startswith("近 8 周内容的反响（群里的话听不到）：")
        assert "平均" not in line
        assert "每个步骤" not in told


def test_of_a_community_it_is_the_share_of_members_where_all_are_known():
    both = {"customer": "c", "archive": "c"}
    half = [builders.group(channels=both), builders.group(id="g2", channels={"customer": "d"})]
    with life(PACK, groups=half) as club:
        fill(
            club, *(builders.person(each) for each in range(1, 5)),
            *(builders.member(each) for each in (1, 2, 3)), builders.member(4, group="g2"),
        )  # fmt: skip
        with club.acting() as context:
            whole, *_ = making.reports(context, "weekly")

    assert whole.coverage.share == 0.75
    assert phrases.beside(whole.coverage, "contents") == "（只听得全 75% 的人）"
