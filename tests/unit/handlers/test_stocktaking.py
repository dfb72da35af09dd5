"""Pools that run low are told of in time, by day, once until they are refilled."""

import pytest

from sop.actions import Action
from sop.model import Task
from tests import builders
from tests.builders import EVENING
from tests.lives import DAY, HOUR, Life, life, of, texts

TEN = EVENING + 14 * HOUR
"""2026-12-03 at 10:00 in Shanghai."""


def pack(items: int, *, when: str = "21:00 daily", options: str = "", more: str = "") -> str:
    listed = ", ".join(f"第{number}条" for number in range(1, items + 1))
    return f"""
library: {{daily: {{items: [{listed}]{options}}}{more}}}
steps: [{{id: drop, title: 早读, when: "{when}", do: [{{drop: daily}}]}}]
"""


def told(club: Life, until: int) -> list[tuple[int, Action]]:
    found = []
    while club.now < until:
        lines = club.wait(min(until, club.now + HOUR))
        found += [(club.now, line) for line in of(lines, "task") if "补充" in line.text]
    return found


def test_people_are_told_three_days_ahead_at_ten():
    with life(pack(6)) as club:
        club.enforce()
        found = told(club, EVENING + 8 * DAY)

        # Four are used after the 5th at 21:00; the 6th needs three more and two are left.
        assert found[0][0] == TEN + 3 * DAY
        words = found[0][1].text
        assert "2 条" in words
        assert "3 条" in words
        assert "daily" in words
        assert [("用完" in line.text) for _, line in found] == [False, True]


def test_nobody_is_told_twice_until_the_pool_was_refilled_and_runs_low_again():
    with life(pack(4)) as club:
        club.enforce()
        assert len(told(club, EVENING + 3 * DAY)) == 1
        club.book = builders.book(builders.HEAD + pack(8))
        club.enforce()

        assert told(club, EVENING + 4 * DAY) == []
        assert len(told(club, EVENING + 7 * DAY)) == 1


def test_who_was_asked_for_content_of_an_empty_pool_is_not_told_that_it_runs_low():
    with life(pack(0)) as club:
        club.enforce()
        found = told(club, EVENING + 4 * DAY)

        assert ["用完" in line.text for _, line in found] == [True]


def statuses(club: Life) -> list[tuple[str, str]]:
    kinds = ("low-pool", "empty-pool")
    return [(each.kind, each.status) for each in club.read(Task, kind__in=kinds, order="id")]


def test_that_a_pool_runs_low_is_asked_no_more_once_it_is_empty():
    with life(pack(1)) as club:
        club.enforce()
        club.wait(EVENING + 4 * DAY)

        assert statuses(club) == [("low-pool", "void"), ("empty-pool", "open")]


@pytest.mark.parametrize("options", ["", ", scope: community"])
def test_what_asks_for_content_is_closed_when_an_edit_brings_it(options: str):
    with life(pack(1, options=options)) as club:
        club.enforce()
        club.wait(TEN + HOUR)
        assert statuses(club) == [("low-pool", "open")]
        club.edit(pack(2, options=options))
        assert statuses(club) == [("low-pool", "open")]
        club.edit(pack(9, options=options))
        assert statuses(club) == [("low-pool", "void")]
        club.edit(pack(1, options=options))
        assert len(told(club, club.now + DAY)) > 0
        club.wait(club.now + 2 * DAY)
        assert statuses(club)[-1] == ("empty-pool", "open")
        club.edit(pack(1, options=options))
        assert statuses(club)[-1] == ("empty-pool", "open")
        club.edit(pack(9, options=options))
        assert {status for _, status in statuses(club)} == {"void"}


def test_what_asks_for_content_that_nothing_wants_any_more_is_closed():
    with life(pack(0)) as club:
        club.enforce()
        club.wait(EVENING + DAY)
        assert statuses(club) == [("empty-pool", "open")]
        club.edit("steps: []\n")

        assert statuses(club) == [("empty-pool", "void")]


def test_an_empty_pool_of_the_whole_community_is_asked_for_once():
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(pack(0, options=", scope: community"), groups=groups) as club:
        club.enforce(*groups)
        found = told(club, EVENING + 4 * DAY)

        assert ["用完" in line.text for _, line in found] == [True]


@pytest.mark.parametrize(
    ("text", "low"),
    [
        (pack(2), True), (pack(20), False), (pack(2, options=", repeat: true"), False),
        (pack(1, when="21:00 day 28"), False),
        (pack(2) + 'skip: ["2026-12-03..2026-12-09"]\n', False),
        (pack(1, more=", rest: {items: [a], repeat: true}").replace(
            "{drop: daily}", "{drop: {pool: daily, fallback: rest}}"), False),
        (pack(1, more=", rest: [a]").replace(
            "{drop: daily}", "{drop: {pool: daily, fallback: rest}}"), True),
    ],
)  # fmt: skip
def test_only_what_will_not_last_is_told(text: str, *, low: bool):
    with life(text) as club:
        club.enforce()
        found = told(club, TEN + HOUR)

        assert any("还剩" in line.text for _, line in found) is low


def test_a_pool_of_the_whole_community_is_told_of_once_and_counted_by_days():
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(pack(4, options=", scope: community"), groups=groups) as club:
        club.enforce(*groups)

        assert told(club, TEN + HOUR) == []
        assert len(told(club, TEN + DAY + HOUR)) == 1


def test_an_item_that_several_steps_of_a_day_share_is_counted_once():
    again = '  - {id: again, when: "22:00 daily", do: [{drop: daily}]}\n'
    shared = pack(4, options=", scope: community").replace("steps: [", "steps:\n  - ")
    with life(shared.replace("]}]\n", "]}\n") + again) as club:
        club.enforce()

        assert told(club, TEN + HOUR) == []
        assert len(told(club, TEN + DAY + HOUR)) == 1


def test_each_group_runs_out_by_itself_otherwise():
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(pack(2), groups=groups) as club:
        club.enforce(*groups)

        assert [line.group for _, line in told(club, TEN + HOUR)] == ["g1", "g2"]


def test_a_tag_takes_only_what_carries_it():
    text = """
library: {mixed: [{text: 诗一, tags: [诗]}, {text: 画一, tags: [画]}, {text: 诗二, tags: [诗]}]}
steps:
  - {id: poem, when: "21:00 daily", do: [{drop: {pool: mixed, tag: 诗}}]}
  - {id: any, when: "21:30 daily", do: [{drop: mixed}]}
"""
    with life(text) as club:
        club.enforce()

        assert texts(club.wait(EVENING + DAY), "post") == ["诗一", "画一"]
        assert texts(club.wait(EVENING + 2 * DAY), "post") == ["诗二"]


def test_a_community_has_one_item_of_each_tag_a_day():
    text = """
library:
  mixed:
    scope: community
    items: [{text: 诗, tags: [诗]}, {text: 画, tags: [画]}, {text: 诗二, tags: [诗]}]
steps:
  - {id: poem, when: "21:00 daily", do: [{drop: {pool: mixed, tag: 诗}}]}
  - {id: art, when: "21:30 daily", do: [{drop: {pool: mixed, tag: 画}}]}
"""
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(text, groups=groups) as club:
        club.enforce(*groups)

        assert texts(club.wait(EVENING + 2 * HOUR), "post") == ["诗", "诗", "画", "画"]
