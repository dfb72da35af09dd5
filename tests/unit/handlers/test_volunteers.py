"""Volunteers have staff's rights for a term, and no say in who else gets them."""

from collections.abc import Iterator

import pytest

from sop.model import Task, Volunteer
from tests.lives import DAY, Life, life, of, texts
from tests.unit.handlers.test_leaders import answer, begun, left, private, role, scored, way

PACK = """
score: {window: 30d, earn: {share: {points: 20}}}
levels: [{id: sprout, title: 新芽, at: 0}, {id: companion, title: 领读人, at: 20}]
leaders:
  tiers: [{id: one, title: 新星}]
  staff: {volunteer: {level: companion, term: 7d}, greeter: {}}
"""


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK) as living:
        begun(living)
        yield living


def serving(club: Life) -> None:
    scored(club, "li", 20)
    private(club, "申请 志愿管理员", "li")
    answer(club, "approve")


def test_a_level_is_needed_and_said(club: Life):
    lines = private(club, "申请 volunteer")

    assert [(line.text, line.reason) for line in of(lines, "leader")] == [("refused", "volunteer")]
    assert "「领读人」" in texts(lines, "reply")[0]


def test_a_duty_nobody_knows_is_asked_about(club: Life):
    assert "志愿管理员、greeter" in private(club, "申请 保安")[0].text


def test_leading_is_applied_for_by_its_name_too_and_told_of_where_no_duty_is_meant(club: Life):
    asked = private(club, "申请 保安")
    lines = club.say("申请 领头人", sender="li")

    assert asked[0].text.startswith("想做领头人，直接发「申请」就好。")
    assert [line.text for line in of(lines, "leader")] == ["applied"]


def test_who_staff_said_no_to_is_not_told_of_an_election(club: Life):
    private(club, "申请")
    answer(club, "reject")

    told = private(club, "我的领袖")[0].text
    assert "管理员觉得现在还不是时候" in told
    assert "没有选上" not in told


def test_a_duty_is_applied_for_in_the_group_and_other_talk_is_none(club: Life):
    scored(club, "li", 20)

    assert club.say("申请 保险的流程是什么", sender="li") == []
    assert way(club.say("申请 志愿管理员", sender="li")) == ["applied"]


def test_rights_begin_with_the_yes_and_end_with_the_term(club: Life):
    scored(club, "li", 20)
    private(club, "申请 志愿管理员")
    assert club.person("li").role == "member"
    assert way(answer(club, "approve")) == ["volunteer"]
    assert club.person("li").role == "staff"

    assert way(club.wait(club.now + 7 * DAY)) == ["ended"]
    assert club.person("li").role == "member"
    assert private(club, "申请 志愿管理员")[0].text in ("applied", "refused")


def test_who_thinks_better_of_helping_takes_it_back(club: Life):
    scored(club, "li", 20)
    private(club, "申请 志愿管理员")
    assert "收回了" in private(club, "卸任")[-1].text

    assert [each.status for each in club.read(Task)] == ["void"]
    assert [each.status for each in club.read(Volunteer)] == ["ended"]
    assert "领头人用的" in private(club, "卸任")[-1].text


def test_a_leader_who_helps_leads_on_afterwards(club: Life):
    role(club, "li")
    serving(club)
    assert club.person("li").role == "staff"
    club.wait(club.now + 7 * DAY)

    assert club.person("li").role == "leader"


def test_who_helps_for_a_term_lets_nobody_else_in(club: Life):
    serving(club)
    scored(club, "chen", 20)
    private(club, "申请 志愿管理员", "chen")

    assert way(answer(club, "approve", by="li")) == []
    assert [each.status for each in club.read(Task)][-1] == "open"
    assert way(answer(club, "approve", by="boss")) == ["volunteer"]


def test_a_no_is_kind_and_private(club: Life):
    scored(club, "li", 20)
    private(club, "申请 志愿管理员")
    lines = answer(club, "reject")

    assert way(lines) == ["rejected"]
    assert [line.to for line in of(lines, "dm")] == [str(club.person("li").id)]


def test_whoever_leaves_helps_no_more(club: Life):
    serving(club)

    assert way(left(club, "li")) == ["ended"]
    assert club.person("li").role == "member"
    assert [each.status for each in club.read(Volunteer)] == ["ended"]


def test_asking_twice_is_one_task(club: Life):
    scored(club, "li", 20)
    private(club, "申请 志愿管理员")

    assert "在路上" in texts(private(club, "申请 志愿管理员"), "reply")[0]
    assert len(club.read(Task)) == 1
