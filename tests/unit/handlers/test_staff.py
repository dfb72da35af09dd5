"""What staff do by hand, and that nobody else does."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop.model import Group, LedgerEntry, Member, Occurrence, Person, Strike, Task
from tests import clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club, aloud, kinds, told

DAY = 86_400_000

PACK = """
rules: {forget_after: 30d, appeal: {within: 72h}}
score: {lose: {strike: {points: 10}}}
steps:
  - {id: hello, when: group.created, do: [{post: 大家好}]}
"""


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK) as made:
        made.group(staff=("helper",), created_at=0)
        made.member("helper", "小助手")
        made.member("wang.wu", "王五")
        yield made


def strikes(club: Club) -> list[Strike]:
    return list(club.store.find(Strike, community=COMMUNITY, order="id"))


def wu(club: Club) -> Person:
    return club.person("wang.wu")


STAFF_WORDS = [
    "警告 @王五",
    "撤销 @王五",
    "加分 @王五 10",
    "移出 @王五",
    "暂停",
    "开群",
    "接入",
    "任务",
    "同意 1",
]


@pytest.mark.parametrize("text", STAFF_WORDS)
@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_a_member_is_kindly_refused_in_private(club: Club, text: str, group: str):
    before = club.store.count(Strike), club.store.get(Group, COMMUNITY, GROUP)

    outcome = club.say(text, group=group)

    assert kinds(outcome) == ["reply"]
    assert outcome.stop
    assert told(outcome) == "这个命令要群主或管理员来用。"
    assert outcome.actions[0].private
    assert before == (club.store.count(Strike), club.store.get(Group, COMMUNITY, GROUP))


def test_a_name_that_looks_like_the_owners_gives_no_right(club: Club):
    club.member("boss2", "群主", of=GROUP)

    assert told(club.say("移出 @王五", "boss2")) == "这个命令要群主或管理员来用。"


def test_ids_of_staff_are_compared_without_case(club: Club):
    assert kinds(club.say("移出 @王五", "HELPER")) == ["remove", "reply"]


@pytest.mark.parametrize("sender", ["boss", "helper"])
@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_a_warning_is_a_strike_told_to_the_member_alone(club: Club, sender: str, group: str):
    outcome = club.say("警告 @王五 <a>一直</a>刷屏", sender, group=group)

    assert kinds(outcome) == ["strike", "dm", "points", "reply"]
    strike, dm, points, reply = outcome.actions
    assert (strike.rule, strike.member) == ("staff", str(wu(club).id))
    assert dm.to == str(wu(club).id)
    assert "刷屏" in dm.text
    assert "<a>" not in dm.text
    assert "申诉" in dm.text
    assert points.points == -10
    assert reply.private
    assert aloud(outcome) == ""
    assert [each.measure for each in strikes(club)] == ["remind-privately"]


def test_where_nobody_can_be_reached_a_warning_is_a_task_and_the_group_reads_no_name(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)

    outcome = club.say("警告 @王五 刷屏", "boss", mentions_bot=True)

    assert kinds(outcome) == ["strike", "task", "points", "reply"]
    assert outcome.actions[1].text.startswith("请私下提醒「晨读一群」的 王五 一声：刷屏。")
    assert aloud(outcome) == "收到。"


def test_nobody_is_told_that_what_they_never_heard_of_is_taken_back(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)
    club.say("警告 @王五 刷屏", "boss", mentions_bot=True)

    outcome = club.say("撤销 @王五", "boss", mentions_bot=True)

    assert kinds(outcome) == ["points", "reply"]
    assert clubs.task(club).status == "void"


@pytest.mark.parametrize("word", ["警告", "移出"])
@pytest.mark.parametrize("name", ["群主", "小助手"])
def test_owner_and_staff_are_out_of_reach(club: Club, word: str, name: str):
    outcome = club.say(f"{word} @{name}", "helper")

    assert kinds(outcome) == ["reply"]
    assert strikes(club) == []


@pytest.mark.parametrize("word", ["警告", "撤销", "移出", "加分"])
def test_an_ambiguous_name_does_nothing_and_lists_candidates_in_private(club: Club, word: str):
    club.member("wang.liu", "王六")

    outcome = club.say(f"{word} @王 10", "boss")

    assert kinds(outcome) == ["reply"]
    assert outcome.actions[0].private
    assert "王五" in told(outcome)
    assert "王六" in told(outcome)
    assert strikes(club) == []


def test_staff_words_without_an_at_are_talk(club: Club):
    assert kinds(club.say("警告 大家不要刷屏", "boss")) == []
    assert kinds(club.say("撤销 昨天的决定吧", "boss")) == []


def test_a_pardon_of_a_reminder_leaves_another_strikes_mute(club: Club):
    club.say("警告 @王五", "boss")
    club.store.put(replace(wu(club), muted_until=EVENING + DAY))

    club.say("撤销 @王五", "boss")

    assert wu(club).muted_until == EVENING + DAY


def test_a_pardon_reverses_points_and_tells_the_member(club: Club):
    club.say("警告 @王五", "boss")
    club.store.put(replace(wu(club), muted_until=EVENING + DAY))
    club.store.put(replace(strikes(club)[0], measure="mute-points"))

    outcome = club.say("撤销 @王五", "boss")

    assert kinds(outcome) == ["points", "dm", "reply"]
    assert [action.points for action in outcome.actions if action.do == "points"] == [10]
    assert (wu(club).balance, wu(club).muted_until) == (0, 0)
    assert aloud(outcome) == ""
    assert [bool(each.reversed_at) for each in strikes(club)] == [True]


def test_points_given_by_a_slip_are_taken_back_by_an_entry_and_no_strike_with_them(club: Club):
    club.say("警告 @王五", "boss", key="warned")
    club.say("加分 @王五 10 帮忙", "boss", key="meant")
    club.say("加分 @王五 1000", "boss", key="slip")

    outcome = club.say("撤销 @王五 加分", "helper", key="back")

    assert kinds(outcome) == ["points", "dm", "reply"]
    assert "之前多加的 1000 分已经更正收回" in outcome.actions[1].text
    assert aloud(outcome) == ""
    assert wu(club).balance == 0
    assert [bool(each.reversed_at) for each in strikes(club)] == [False]
    club.say("撤销 @王五 加分", "boss", key="more")
    assert wu(club).balance == -10
    assert "没有可以收回的加分" in told(club.say("撤销 @王五 加分", "boss", key="none"))
    assert [entry.points for entry in entries(club)] == [-10, 10, 1000, -1000, -10]


def entries(club: Club) -> list[LedgerEntry]:
    return list(club.store.find(LedgerEntry, community=COMMUNITY, order="id"))


def test_a_pardon_takes_the_newest_that_counts_and_then_there_is_none(club: Club):
    for key, at in (("a", EVENING - 40 * DAY), ("b", EVENING - DAY), ("c", EVENING)):
        club.say("警告 @王五", "boss", key=key, at=at)

    for key in "def":
        outcome = club.say("撤销 @王五", "boss", key=key)

    assert [bool(each.reversed_at) for each in strikes(club)] == [False, True, True]
    assert kinds(outcome) == ["reply"]
    assert "没有可以撤销" in told(outcome)


def test_who_was_removed_can_be_pardoned_and_comes_back(club: Club):
    club.say("警告 @王五", "boss")
    club.store.put(replace(strikes(club)[0], measure="remove"))
    membership = club.store.get(Member, COMMUNITY, GROUP, wu(club).id)
    assert membership is not None
    club.store.put(replace(membership, left_at=EVENING))

    outcome = club.say("撤销 @王五", "boss")

    assert "add" in kinds(outcome)


def test_a_pardon_takes_the_open_removal_off_the_list(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY, staff=("helper",))
    club.say("警告 @王五", "boss", mentions_bot=True)
    club.say("移出 @王五", "boss", mentions_bot=True)

    club.say("撤销 @王五", "boss", mentions_bot=True)

    assert {task.status for task in club.store.find(Task, community=COMMUNITY)} == {"void"}


@pytest.mark.parametrize(
    "argument", ["@王五 10 分享得好", "10 @王五 分享得好", "@王五 +10分 分享得好"]
)
def test_points_are_given_in_front_of_all(club: Club, argument: str):
    outcome = club.say(f"加分 {argument}", "boss", mentions_bot=True)

    assert [(line.deed, line.points) for line in outcome.actions if line.do == "points"] == [
        ("award", 10)
    ]
    assert aloud(outcome) == "给 王五 加了 10 分。分享得好"
    assert (wu(club).balance, wu(club).score) == (10, 10)


@pytest.mark.parametrize(
    "points", ["", "0", "-5", "1001", "1e3", "十", "９" * 5_000, "9" * 9_000, "1.5", "٣٣٣٣٣", "¹"]
)
def test_points_out_of_bounds_are_refused(club: Club, points: str):
    outcome = club.say(f"加分 @王五 {points}", "boss")

    assert kinds(outcome) == ["reply"]
    assert "加分 @某人 10" in told(outcome)
    assert club.store.count(LedgerEntry) == 0


def test_nobody_but_the_owner_gives_points_to_themselves(club: Club):
    refused = club.say("加分 @小助手 10", "helper")

    assert kinds(refused) == ["reply"]
    assert "请让群主或另一位管理员来加" in told(refused)
    assert club.store.count(LedgerEntry) == 0
    assert club.say("加分 @小助手 10", "boss").actions[0].points == 10
    club.member("boss", "群主")
    assert club.say("加分 @群主 10", "boss").actions[0].points == 10


@pytest.mark.parametrize("points", ["1", "1000", "１０"])
def test_points_within_bounds_are_booked(club: Club, points: str):
    outcome = club.say(f"加分 @王五 {points}", "boss")

    assert outcome.actions[0].points == int(points)


def test_a_removal_goes_through_the_channel_and_names_nobody_aloud(club: Club):
    outcome = club.say("移出 @王五", "boss")

    assert kinds(outcome) == ["remove", "reply"]
    assert outcome.actions[0].member == str(wu(club).id)
    assert aloud(outcome) == ""


def test_a_removal_no_channel_can_do_is_one_task(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)

    first = club.say("移出 @王五", "boss", mentions_bot=True)
    second = club.say("移出 @王五", "boss", mentions_bot=True)

    assert kinds(first) == ["task", "reply"]
    assert kinds(second) == ["reply"]
    assert aloud(first) == "收到。"


def test_who_left_already_is_not_removed_again(club: Club):
    membership = club.store.get(Member, COMMUNITY, GROUP, wu(club).id)
    assert membership is not None
    club.store.put(replace(membership, left_at=EVENING))

    assert kinds(club.say("移出 @王五", "boss", mentions=("wang.wu",))) == ["reply"]


def test_opening_a_group_plans_its_first_steps_once(club: Club):
    first = club.say("开群", "boss", key="a")
    second = club.say("开群", "boss", key="b")

    planned = club.store.find(Occurrence, community=COMMUNITY, step="hello")
    assert [row.due_at for row in planned] == [EVENING]
    assert "开群啦" in told(first)
    assert "早就" in told(second)


def test_opening_makes_nobody_owner_of_a_group_without_one(club: Club):
    club.group(owner="", staff=(), created_at=0)

    outcome = club.say("开群", "li")

    group = club.store.get(Group, COMMUNITY, GROUP)
    assert group is not None
    assert (group.owner, group.created_at) == ("", 0)
    assert "groups.yaml" in told(outcome)


def test_adopting_a_group_does_not_create_it(club: Club):
    outcome = club.say("接入", "helper")

    group = club.store.get(Group, COMMUNITY, GROUP)
    assert group is not None
    assert (group.created_at, group.adopted_at) == (0, EVENING)
    assert "接好了" in told(outcome)
    assert club.store.count(Occurrence, community=COMMUNITY, step="hello") == 0


def test_pausing_is_a_switch(club: Club):
    for expected in (True, False):
        club.say("暂停", "helper")

        group = club.store.get(Group, COMMUNITY, GROUP)
        assert group is not None
        assert group.paused is expected


def test_in_private_staff_of_several_groups_are_asked_which(club: Club):
    club.group("beta", title="晨读二群")

    asked = club.say("暂停", "boss", group="")
    club.say("晨读二群 暂停", "boss", group="")

    assert "晨读二群、晨读一群" in told(asked)
    assert [group.paused for group in club.store.find(Group, community=COMMUNITY, order="id")] == [
        True,
        False,
    ]


def test_staff_of_one_group_have_no_right_in_another(club: Club):
    club.group("beta", title="晨读二群", staff=())

    assert told(club.say("暂停", "helper", group="beta")) == "这个命令要群主或管理员来用。"
