"""Weeks that are not as weeks should be: nothing yet, clocks changed, packs and groups gone."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.figures import making, telling
from sop.figures.report import Report
from sop.model import Group, Outgoing, Record
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, Life, life, of
from tests.unit.handlers.figures.weeks import (
    ADDRESSED,
    DEAF,
    PACK,
    WEEK,
    came,
    entry,
    fill,
    item,
    like,
    report,
    run,
    said,
    task,
)

NEW_YORK = ZoneInfo("America/New_York")
WEEKLY = 'steps:\n  - {id: week, when: "20:30 wed", do: [{report: {kind: weekly, to: owner}}]}\n'


def at(month: int, day: int, hour: int) -> int:
    """An hour in New York."""
    return round(datetime(2026, month, day, hour, tzinfo=NEW_YORK).timestamp() * 1_000)


def told(club: Life, found: Report) -> str:
    """Say it to owner and group alike, and tell what the owner reads."""
    assert telling.for_group(found)
    return telling.full(found, club.book.zone)


@pytest.mark.parametrize(
    "group", [builders.group(), ADDRESSED, DEAF, builders.group(created_at=0)]
)
@pytest.mark.parametrize("lived", [[], [builders.person(1), builders.member(1)]])
def test_where_nothing_has_happened_yet_a_report_says_so_and_what_to_do(
    group: Group, lived: list[Record]
):
    with life(PACK, groups=[group]) as club:
        fill(club, *lived)
        found = report(club)
        words = told(club, found)

    assert found.health in ("quiet", "unknown")
    assert "None" not in words
    assert len(found.advice) == 3


def test_without_a_group_there_is_no_report():
    with life(PACK, groups=[]) as club, club.acting() as context:
        assert making.reports(context, "weekly") == []


def test_one_member_and_one_message_are_one_and_one():
    with life(PACK) as club:
        fill(club, builders.person(1), came(1, EVENING - DAY), said(1, 1, EVENING - HOUR))
        found = report(club)
        words = told(club, found)

    assert (found.activity.messages.value, found.activity.active.value) == (1, 1)
    assert found.coming[0].members == 1
    assert found.coming[1].small
    assert "发言 1 条" in words


def test_in_a_week_of_a_change_of_clocks_an_hour_on_the_wall_is_an_hour():
    # On 1 November 2026 the clocks in New York went back at 2:00: 1:00 to 2:00 came twice.
    now = at(11, 2, 9)
    evenings = [at(11, 1, 20), at(10, 25, 20)]
    twice = at(11, 1, 0) + 90 * 60_000
    with life(now=now) as club:
        club.book = builders.book(
            builders.HEAD.replace("Asia/Shanghai", "America/New_York") + PACK
        )
        assert club.book.zone == NEW_YORK
        fill(
            club, builders.person(1), builders.member(1),
            *(said(number, 1, evening) for number, evening in enumerate(evenings)),
            said(8, 1, twice), said(9, 1, twice + HOUR), run(1, evenings[0]), run(2, evenings[1]),
        )  # fmt: skip
        found = report(club)
        told(club, found)

    heat = found.activity.heat
    assert heat is not None
    assert heat[6][20] == pytest.approx(2 / 8)
    assert heat[6][1] == pytest.approx(2 / 8)
    assert heat[6][2] == 0.0
    assert found.until - found.since == WEEK


def test_after_a_clock_was_set_back_what_is_ahead_is_not_counted_yet():
    ahead = EVENING + DAY
    with life(PACK, groups=[builders.group(created_at=EVENING - 20 * DAY)]) as club:
        fill(
            club, builders.person(1), builders.member(1), builders.person(2), came(2, ahead),
            said(1, 1, ahead), item(1, 1, at=ahead), replace(like(1, 2, 1), at=ahead),
            entry(1, "share", ahead), run(1, ahead), run(2, EVENING - HOUR),
            task(1, created_at=ahead, status="done", taken_by=1, taken_at=EVENING,
                 closed_by=1, closed_at=EVENING),
        )  # fmt: skip
        found = report(club)
        told(club, found)

    assert found.activity.messages.value == 0
    assert found.activity.joined.value == 0
    assert found.contents == ()
    assert [each.members for each in found.coming[:3]] == [0, 0, 0]
    assert found.tasks.done_ms == 0


def test_a_group_that_begins_after_now_has_no_hours_yet():
    with life(PACK, groups=[builders.group(created_at=EVENING + DAY)]) as club:
        found = report(club)
        told(club, found)

    assert found.activity.heat is None
    assert found.activity.best == ()


def test_a_step_the_pack_has_lost_is_told_no_more():
    with life(PACK) as club:
        fill(club, run(1, EVENING - DAY), run(2, EVENING - DAY, "lost"))
        found = report(club)

    assert [each.step for each in found.steps] == ["morning"]


def test_a_report_of_a_step_that_was_taken_out_meanwhile_is_still_told():
    with life(WEEKLY) as club:
        club.enforce()
        club.now = EVENING + HOUR
        (wanted,) = [each for each in _reckoned(club) if each.do == "reckon"]
        club.edit("steps: []\n")
        (line,) = of(club.handle(club.reckoned(wanted)), "dm")

    assert "周报" in line.text


def test_a_group_unbound_in_the_middle_of_a_week_is_told_nothing_and_counts_no_more():
    other = builders.group(id="g2", title="二群")
    with life(WEEKLY, groups=[builders.group(), other]) as club:
        club.enforce(builders.group(), other)
        fill(club, builders.person(1), builders.member(1), said(1, 1, EVENING - HOUR))
        club.now = EVENING + HOUR
        wanted, _ = (each for each in _reckoned(club) if each.do == "reckon")
        club.enforce(other)

        assert wanted.group == GROUP
        assert club.handle(club.reckoned(wanted)) == []
        with club.acting() as context:
            (left,) = making.reports(context, "weekly")

    assert left.group == "g2"


def _reckoned(club: Life) -> list[Outgoing]:
    """Let what is due begin, and return what is to go out, before any of it is reckoned."""
    due, handled = club.due(), []
    batch = club.database.batch()
    for event in due:
        with batch.event() as store:
            handled.append(club.dispatcher.handle(store, event))
    batch.commit()
    return [each for done in handled for each in done.outgoing]
