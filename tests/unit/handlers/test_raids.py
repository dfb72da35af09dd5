"""Mass joins: newcomers of a crowd are looked at, nobody is hurt for having come."""

from collections.abc import Iterator

import pytest

from sop.actions import Action
from sop.events import MemberJoined, RosterFetched
from sop.model import Group, Member, Strike, Task
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
rules:
  checks:
    - {id: links, detect: links, allow_domains: [good.example], mode: "off"}
  raid: {joins: 4, within: 10m, for: 1h}
  ladder: [remind]
  appeal: {within: 72h}
score: {earn: {message: {points: 2}}}
steps: []
"""
LINK = "看这个 https://evil.example/a"


@pytest.fixture
def club() -> Iterator[Life]:
    group = builders.group(owner="boss", staff=("helper",))
    with life(PACK, groups=[group]) as made:
        yield made


def group(club: Life) -> Group:
    return club.read(Group)[0]


def crowd(club: Life, count: int = 4, prefix: str = "new", step: int = MINUTE) -> list[Action]:
    lines = []
    for number in range(count):
        club.now += step
        lines += club.join(f"{prefix}{number}")
    return lines


def answer(club: Life, choice: str) -> list[Action]:
    return club.say(f"{choice} {club.read(Task, order='-id', limit=1)[0].id}", "boss")


def aloud(lines: list[Action]) -> list[str]:
    return [each.text for each in lines if each.do == "post"]


def test_the_nth_joining_tells_staff_once_and_nobody_else(club: Life):
    lines = crowd(club, 6)

    assert [each.do for each in lines] == ["task"]
    assert "有 4 人进了" in lines[0].text
    assert lines[0].to == "staff"


def test_three_joinings_or_slow_ones_are_no_crowd(club: Life):
    assert crowd(club, 3) == []
    club.now += HOUR
    assert crowd(club, 8, prefix="slow", step=4 * MINUTE) == []


def test_until_staff_say_so_a_newcomers_link_is_only_asked_about(club: Life):
    crowd(club)

    lines = club.say(LINK, "new1")

    assert club.read(Strike) == []
    assert [(each.do, each.to) for each in lines if each.do == "task"] == [("task", "staff")]
    assert aloud(lines) == []


def test_where_rules_only_observe_a_raid_strikes_nobody():
    pack = PACK.replace("rules:", "rules:\n  mode: observe", 1)
    with life(pack, groups=[builders.group(owner="boss", staff=("helper",))]) as club:
        crowd(club)
        answer(club, "同意")
        club.now += MINUTE
        lines = club.say(LINK, "new1")
        club.now += MINUTE
        ended = club.say("解除戒备", "helper")

        assert [(each.do, each.reason) for each in of(lines, "strike")] == [("strike", "observe")]
        assert [each.to for each in of(lines, "dm")] == ["staff"]
        assert "按群规处理了 0 条" in "".join(each.text for each in ended)


def test_a_newcomers_picture_is_asked_about_in_words_staff_understand(club: Life):
    crowd(club)
    club.now += MINUTE

    asked = of(club.say("", "new0", has_image=True), "task")

    assert "（一张图片）" in asked[0].text


def test_what_stays_in_the_group_is_nobodys_business(club: Life):
    crowd(club)

    lines = club.say("大家好，我是新来的", "new1") + club.say("看 https://good.example/a", "new2")

    assert of(lines, "task") == []


def test_in_a_confirmed_raid_it_is_a_breach_and_named_so(club: Life):
    crowd(club)
    answer(club, "同意")

    lines = club.say("加我微信 abc12345", "new1")

    assert [each.rule for each in club.read(Strike)] == ["raid"]
    assert "刚进群先不发链接" in "".join(each.text for each in of(lines, "dm"))
    assert aloud(lines) == []


def test_an_old_member_is_not_part_of_the_crowd(club: Life):
    club.say("早上好", "old")
    club.now += DAY
    crowd(club)
    answer(club, "同意")

    club.say(LINK, "old")

    assert club.read(Strike) == []


def test_a_no_ends_it_and_the_same_crowd_is_not_asked_about_again(club: Life):
    crowd(club)
    answer(club, "拒绝")

    lines = crowd(club, 3, prefix="more") + club.say(LINK, "new1")

    assert of(lines, "task") == []
    assert len(of(crowd(club, 1, prefix="last"), "task")) == 1


def test_the_watch_ends_by_itself_with_an_account_for_staff(club: Life):
    crowd(club)
    answer(club, "同意")
    club.say(LINK, "new1")
    club.now += MINUTE
    lines = club.wait(club.now + 2 * HOUR)

    told = [each for each in of(lines, "dm") if each.to == "staff"]
    assert len(told) == 1
    assert "进来 4 人，走了 0 人，按群规处理了 1 条" in told[0].text
    assert not group(club).raid_until
    assert of(club.say(LINK, "new2"), "task") == []


def test_a_crowd_that_goes_on_lets_the_watch_last(club: Life):
    crowd(club)
    first = group(club).raid_until
    club.now += 30 * MINUTE

    crowd(club, 4, prefix="late")

    assert group(club).raid_until == club.now + HOUR > first
    lines = club.wait(first + MINUTE)
    assert of(lines, "dm") == []


def test_staff_begin_and_end_it_by_hand_and_members_do_not(club: Life):
    crowd(club, 2)

    refused = club.say("戒备", "new1")
    begun = club.say("戒备", "boss")
    club.say(LINK, "new1")
    ended = club.say("解除戒备", "boss")
    club.now += 1
    again = club.say("解除戒备", "boss")

    assert "没有戒备" not in "".join(texts(refused))
    assert "开始戒备" in "".join(texts(begun))
    assert [each.rule for each in club.read(Strike)] == ["raid"]
    assert "已解除" in "".join(texts(ended))
    assert "没有戒备" in "".join(texts(again))
    assert not group(club).raid_until


def test_a_granted_appeal_makes_a_newcomer_whole(club: Life):
    crowd(club)
    answer(club, "同意")
    club.say(LINK, "new1")
    club.say("申诉 这是活动报名链接", "new1")

    lines = answer(club, "同意")

    assert all(each.reversed_at for each in club.read(Strike))
    assert [each.deed for each in of(lines, "points")] == ["message"]


def test_a_crash_between_joining_and_telling_loses_and_counts_nothing_twice(club: Life):
    crowd(club, 3)
    club.now += MINUTE
    fourth = MemberJoined(
        key="join:4", community=COMMUNITY, group=GROUP, at=club.now, member="new3"
    )

    club.handle(fourth, crash=True)
    lines = club.handle(fourth) + club.handle(fourth)

    assert [each.do for each in lines] == ["task"]
    assert len(club.read(Member, left_at=0)) == 4


def test_who_is_first_heard_of_in_a_raid_did_not_come_with_it(club: Life):
    crowd(club)
    answer(club, "同意")

    club.say(LINK, "was-there-before-the-bot")

    assert club.read(Strike) == []


def test_moving_members_between_groups_is_no_crowd(club: Life):
    for number in range(6):
        club.happen(MemberJoined, group=GROUP, member=f"m{number}", moved=True)

    assert club.read(Task) == []


def look(club: Life, *members: str, after: int = MINUTE, last: int = 0) -> list[Action]:
    club.now += after
    return club.happen(
        RosterFetched, group=GROUP, owner="boss", members=("boss", *members), last_look_at=last
    )


NEWCOMERS = tuple(f"new{number}" for number in range(9))


def test_who_came_one_by_one_while_nobody_looked_is_no_crowd(club: Life):
    look(club, "old")

    assert of(look(club, "old", *NEWCOMERS, after=DAY), "task") == []
    assert of(look(club, "old", *NEWCOMERS, "one-more"), "task") == []
    assert not group(club).raid_until
    assert len(club.read(Member, left_at=0)) == 12


def test_a_group_in_which_nothing_happened_was_looked_at_all_the_same(club: Life):
    look(club, "old")

    last = club.now + HOUR - MINUTE
    lines = look(club, "old", *NEWCOMERS, after=HOUR, last=last)
    assert [(each.do, each.to) for each in lines] == [("task", "staff")]


def test_a_crowd_found_by_comparing_rosters_is_watched_like_one_that_was_told(club: Life):
    look(club, "old")
    lines = look(club, "old", *(f"new{number}" for number in range(4)))
    asked = club.now

    assert [(each.do, each.to) for each in lines] == [("task", "staff")]
    assert "有 4 人进了" in lines[0].text
    assert group(club).roster_asked_at == asked
    answer(club, "同意")
    club.say(LINK, "old")
    club.say(LINK, "new1")
    assert [each.rule for each in club.read(Strike)] == ["raid"]


def test_the_first_roster_and_one_without_news_are_no_crowd(club: Life):
    everybody = tuple(f"m{number}" for number in range(9))

    assert of([*look(club, *everybody), *look(club, *everybody)], "task") == []


def test_told_and_found_joinings_are_one_crowd_counted_once(club: Life):
    look(club, "old")
    crowd(club, 2)

    assert look(club, "old", "new0", "new1", "new2") == []
    assert "有 4 人进了" in look(club, "old", "new0", "new1", "new2", "new3")[0].text
