"""The wall of stars: one post, warm words, no places."""

import pytest

from handlers.ledger import ledger
from handlers.people import people
from sop.model import LedgerEntry, Member
from tests import builders
from tests.builders import COMMUNITY, EVENING
from tests.lives import DAY, Life, life, of, texts

PACK = """
score: {earn: {checkin: {points: 2}, share: {points: 5}, answer: {points: 3}}}
steps: [{id: wall, when: "20:00 sat", do: [{wall: stars}]}]
"""
SATURDAY = EVENING + 10 * DAY
"""2026-12-12 20:00."""


def did(
    club: Life, name: str, deed: str, count: int = 1, *, at: int = 0, group: str = "g1"
) -> None:
    with club.acting(name, now=at or club.now, group_id=group) as context:
        number = people.person_of(context.store, COMMUNITY, name, name.title()).id
        made = context.store.count(LedgerEntry, community=COMMUNITY)
        for each in range(count):
            ledger.book_entry(context, number, deed, 1, score=1, source=f"{deed}{made + each}")


def posted(club: Life, owner: str = "owner") -> list[str]:
    """What was posted on the first and the second Saturday of December."""
    club.enforce(builders.group(owner=owner))
    return texts(club.wait(SATURDAY), "post")


def test_the_people_of_the_month_are_thanked():
    with life(PACK) as club:
        club.join("li", "wang", "zhao", "sun", "boss")
        did(club, "li", "share", 3)
        did(club, "wang", "share", 3)
        did(club, "zhao", "share", 2)
        did(club, "sun", "share", 2)
        did(club, "sun", "answer")
        did(club, "zhao", "checkin", 4, at=EVENING - 3 * DAY)
        november, december = posted(club)

        assert november.splitlines()[:2] == ["11 月的群星，谢谢你们：", "🌟 打卡之星：Zhao"]
        assert december.splitlines() == [
            "12 月的群星，谢谢你们：", "🌟 分享之星：Li、Wang", "🌟 答疑之星：Sun",
            "有你们在，群里才这么暖。",
        ]  # fmt: skip


def test_nobody_is_named_who_minds_is_gone_runs_the_group_or_was_reversed():
    with life(PACK, groups=(builders.group(owner="boss"),)) as club:
        club.join("li", "wang", "zhao", "boss", "gone")
        for name in ("li", "wang", "zhao", "boss", "gone"):
            did(club, name, "share", 2)
        did(club, "zhao", "checkin", 1, group="elsewhere")
        club.say("不上榜", "li")
        club.say("免打扰", "wang", key="2")
        with club.acting() as context:
            member = context.store.find(Member, person=5)[0]
            context.store.put(builders.member(5, joined_at=member.joined_at, left_at=EVENING))
            for entry in context.store.find(LedgerEntry, person=3, deed="share"):
                ledger.reverse(context, entry, f"undo{entry.id}")

        assert posted(club, "boss") == []


def test_of_very_many_equals_some_are_named_and_all_are_counted():
    with life(PACK) as club:
        names = [f"m{number}" for number in range(8)]
        club.join(*names)
        for name in names:
            did(club, name, "checkin")

        assert "M0、M1、M2、M3、M4、M5 等 8 位" in posted(club)[0]


@pytest.mark.parametrize("wall", ["fame", "heroes"])
def test_any_other_wall_is_left_to_people(wall: str):
    with life(PACK.replace("stars", wall)) as club:
        club.join("li")
        did(club, "li", "share")
        club.enforce()

        assert [line.do for line in of(club.wait(SATURDAY), "task", "post")] == ["task"]
