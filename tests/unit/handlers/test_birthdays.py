"""Birthdays: greeted at nine on the day, once, in the year they come round."""

import pytest

from sop.events import MemberLeft
from sop.model import Group, Occurrence, StepRun
from sop.times import localtime
from sop.told_events import BirthdayTold
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, Life, life, of, texts

PACK = """
steps:
  - {id: cake, when: member.birthday, do: [{post: "祝 {{ member.name }} 生日快乐"}]}
"""
MORNING = EVENING + 13 * HOUR
"""2026-12-03 at 09:00 in Shanghai."""


def tell(club: Life, day: str, member: str = "amy") -> None:
    club.happen(BirthdayTold, member=member, date=day)


def test_a_birthday_is_greeted_at_nine_on_the_day_every_year():
    with life(PACK) as club:
        club.join("amy")
        tell(club, "1990-12-03")
        lines = club.wait(EVENING + 370 * DAY)

        assert texts(lines, "post") == ["祝 Amy 生日快乐"] * 2
        assert [run.at for run in club.read(StepRun, order="id")] == [MORNING, MORNING + 365 * DAY]


@pytest.mark.parametrize(
    ("told", "greeted"),
    [
        (["12-03", "12-04"], [MORNING + DAY]), (["12-03", "12-04", "12-03"], [MORNING]),
        (["12-03", "12-03"], [MORNING]), (["12-02"], []),
    ],
)  # fmt: skip
def test_the_day_told_last_counts_and_one_that_is_over_waits_a_year(
    told: list[str], greeted: list[int]
):
    with life(PACK) as club:
        club.join("amy")
        for day in told:
            tell(club, day)
        club.wait(EVENING + 30 * DAY)

        assert [run.at for run in club.read(StepRun)] == greeted
        assert len(club.read(Occurrence, kind="birthday", status="pending")) == 1


def test_a_member_of_several_groups_is_greeted_once_where_they_were_heard_last():
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(PACK, groups=groups) as club:
        club.join("amy")
        club.join("amy", group="g2")
        club.now += HOUR
        club.say("早", "amy", group="g2")
        tell(club, "12-03")

        assert [line.group for line in club.wait(EVENING + DAY)] == ["g2"]


def test_who_left_is_not_greeted_and_a_stranger_is_no_trouble():
    with life(PACK) as club:
        club.join("amy")
        tell(club, "12-03")
        tell(club, "12-03", member="nobody")
        club.now += 1
        club.happen(MemberLeft, group=GROUP, member="amy")

        assert club.wait(EVENING + 2 * DAY) == []
        assert len(club.read(Occurrence, kind="birthday", status="pending")) == 2


def test_a_greeting_that_comes_too_late_is_left_out_and_the_next_year_is_not():
    with life(PACK) as club:
        club.join("amy")
        tell(club, "12-03")
        club.now = MORNING + 3 * HOUR

        assert [line.reason for line in of(club.tick(), "dropped")] == ["missed"]
        assert texts(club.wait(EVENING + 370 * DAY), "post") == ["祝 Amy 生日快乐"]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Pacific/Kiritimati"])
def test_a_pack_that_moves_to_another_zone_greets_at_nine_there(zone: str):
    with life(PACK) as club:
        club.join("amy")
        tell(club, "12-03")
        moved = builders.HEAD.replace("Asia/Shanghai", zone) + PACK
        club.book = builders.book(moved)
        club.enforce(*club.read(Group))
        club.wait(EVENING + 3 * DAY)

        told = [localtime.wall_time(run.due_at, club.book.zone) for run in club.read(StepRun)]
        late = zone != "America/New_York"
        assert [(at.month, at.day, at.hour) for at in told] in ([(12, 3, 9)], [] if late else None)
