"""Challenges: how they open, how days count, who is reminded, and how they end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.limits import budgets
from sop.actions import Action
from sop.events import MemberLeft
from sop.model import Enrolment, Group, Item, LedgerEntry, Person, Thread
from sop.times import localtime
from sop.told_events import IdentitiesMerged, IdentitiesSplit, RoleChanged
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
quiet: "22:30-07:30"
score: {{earn: {{checkin: {{points: 2, cap: 1/day}}}}}}
steps:
  - id: reading
    when: "2026-12-02 20:30"
    do: [{{challenge: {{id: read, title: 三天读书, days: 3, daily: 读书, {more}}}}}]
"""
START = EVENING + 30 * MINUTE
LONG = "今天读了第一章，讲的是为什么要慢慢读"


@contextmanager
def running(
    more: str = "min_chars: 5, grace: 1, certificate: true", *, pack: str = PACK, **fields: Any
) -> Iterator[tuple[Life, list[Action]]]:
    """A group in which a challenge has just begun."""
    groups = fields.pop("groups", None)
    with life(pack.format(more=more), groups=groups, **fields) as club:
        club.enforce(*(groups or ()))
        yield club, club.wait(START)


def say(club: Life, words: str, sender: str, **fields: Any) -> list[Action]:
    """Say something a second later: the same words again are another message."""
    club.now += 1_000
    return club.say(words, sender, **fields)


def join(club: Life, *senders: str, words: str = "参加挑战") -> list[Action]:
    return [line for sender in senders for line in say(club, words, sender)]


def day(club: Life, number: int, hour: int = 21) -> None:
    """Go to a day of the challenge."""
    club.wait(EVENING - 20 * HOUR + (number - 1) * DAY + hour * HOUR)


def enrolment(club: Life, sender: str) -> Enrolment:
    person = club.person(sender).id
    (found,) = club.read(Enrolment, person=person)
    return found


def did(club: Life, sender: str) -> tuple[int, int, str]:
    found = enrolment(club, sender)
    return len(found.days), found.made_up, found.status


def private(club: Life, words: str, sender: str) -> list[Action]:
    return say(club, words, sender, group="")


def aloud(lines: list[Action]) -> str:
    return "\n".join(line.text for line in lines if line.do in ("reply", "post"))


def alone(lines: list[Action]) -> str:
    return "\n".join(line.text for line in lines if line.do == "dm")


def test_it_opens_with_what_to_do_and_is_over_at_noon_after_the_last_day():
    with running("min_chars: 5, grace: 1, team: 3, certificate: true") as (club, lines):
        (opening,) = of(lines, "post")
        (thread,) = club.read(Thread)

        for said in ("12月2日", "12月4日", "3 天", "「参加挑战」", "「读书 …」", "5 个字",
                     "「补卡 …」", "一队 3 人", "证书"):  # fmt: skip
            assert said in opening.text, said
        noon = localtime.instant(date(2026, 12, 5), 12 * 60, club.book.zone)
        assert (thread.kind, thread.name, thread.closes_at) == ("challenge", "read", noon)


def test_where_the_bot_hears_mentions_only_the_opening_says_so():
    group = builders.group(channels={"aibot": "a", "webhook": "w"})
    with running(groups=[group]) as (_, lines):
        (opening,) = of(lines, "post")
        assert "@我 发「参加挑战」" in opening.text
        assert "@我 发「读书 …」" in opening.text


def test_where_nobody_is_heard_people_hold_it():
    with running(groups=[builders.group(channels={"webhook": "w"})]) as (club, lines):
        (task,) = of(lines, "task")
        assert "三天读书" in task.text
        assert "3 天" in task.text
        assert club.read(Thread) == []


def test_who_signs_up_for_it_by_its_name_takes_part():
    with running() as (club, _):
        assert "三天读书" in aloud(join(club, "li", words="报名 三天读书"))
        assert enrolment(club, "li").status == "active"
        assert say(club, "报名 长跑", "chen") == []


def test_a_day_counts_once_is_paid_as_a_check_in_and_is_numbered():
    with running() as (club, _):
        assert "第 1/3 天" in aloud(join(club, "li"))
        first = say(club, f"读书 {LONG}", "li")
        again = say(club, f"打卡 {LONG}！", "li")

        assert "第 1 天记下了，已完成 1/3 天" in aloud(first)
        assert [(line.deed, line.points) for line in of(first, "points")] == [("checkin", 2)]
        assert "已经记过" in aloud(again)
        assert of(again, "points") == []
        (item,) = club.read(Item)
        assert (item.kind, item.text, item.number) == ("checkin", LONG, 1)
        assert item.thread == club.read(Thread)[0].id
        assert did(club, "li") == (1, 0, "active")
        assert club.read(LedgerEntry)[0].source == f"item:{GROUP}:1"


def test_a_day_needs_its_characters_and_its_member():
    with running() as (club, _):
        join(club, "li")
        assert "写满 5 个字" in aloud(say(club, "读书 好", "li"))
        assert did(club, "li") == (0, 0, "active")
        # Its word is everyday talk of everybody else; said to the bot it is a check-in.
        assert of(say(club, f"读书 {LONG}", "amy"), "reply", "points") == []
        assert "参加挑战" in aloud(say(club, f"读书 {LONG}", "amy", mentions_bot=True))
        assert [each.person for each in club.read(Enrolment)] == [club.person("li").id]


def test_an_ordinary_check_in_is_a_day_too_and_stays_one_for_others():
    with running() as (club, _):
        join(club, "li")
        assert "第 1 天记下了" in aloud(say(club, f"签到 {LONG}", "li"))
        lines = say(club, "签到", "amy")
        assert "签到成功" in aloud(lines)
        assert "三天读书" not in aloud(lines)


def test_a_word_that_the_pack_gives_check_ins_is_everybodys():
    with running(pack="commands: {{打卡: [报到, 读书]}}\n" + PACK) as (club, lines):
        assert "「报到 …」" in aloud(lines)
        assert "签到成功" in aloud(say(club, "读书", "amy"))
        join(club, "li")
        assert "第 1 天记下了" in aloud(say(club, f"读书 {LONG}", "li"))


def test_several_at_once_are_told_apart_by_their_words():
    more = "min_chars: 5}}}}, {{challenge: {{id: run, title: 跑步, days: 3, daily: 跑步"
    pack = PACK.replace("{more}", more)
    with running(pack=pack) as (club, _):
        assert "三天读书、跑步" in alone(join(club, "li"))
        join(club, "li", words="参加挑战 三天读书")
        join(club, "li", words="参加挑战 run")
        assert "「跑步」第 1 天记下了" in aloud(say(club, "跑步 三公里", "li"))
        lines = say(club, f"打卡 {LONG}", "li")
        assert "读书 …、跑步 …" in aloud(lines)
        assert "「三天读书」第 1 天记下了" in aloud(say(club, f"读书 {LONG}", "li"))
        assert len(club.read(Item)) == 2


def test_what_is_said_in_private_counts_and_stays_there():
    with running() as (club, _):
        join(club, "li")
        assert "第 1 天记下了" in aloud(private(club, f"打卡 {LONG}", "li"))
        assert club.read(Item) == []
        assert did(club, "li")[0] == 1


def test_missed_days_are_made_up_within_grace_until_noon():
    with running() as (club, _):
        join(club, "li")
        say(club, f"读书 {LONG}", "li")
        assert "没有缺" in alone(say(club, "补卡 我来补昨天的", "li"))
        day(club, 3)
        say(club, f"读书 {LONG}", "li")
        assert "至少 5 个字" in alone(say(club, "补卡 好", "li"))
        day(club, 4, 11)
        lines = say(club, "补卡 昨天读完了第二章", "li")

        assert "全程走完啦" in aloud(lines)
        assert did(club, "li") == (2, 1, "completed")
        assert of(lines, "points") == []


def test_more_than_grace_is_not_made_up():
    with running() as (club, _):
        join(club, "li")
        day(club, 3)
        assert "补卡机会用完" in aloud(say(club, "补卡 前天读了第一章", "li"))
        assert "用完了" in alone(say(club, "补卡 昨天读了第二章", "li"))
        assert did(club, "li") == (0, 1, "active")


def test_who_is_in_no_challenge_may_say_the_word_in_peace():
    with running() as (club, _):
        assert of(say(club, "补卡 的人真多啊", "amy"), "reply", "dm") == []
        assert "没有能补" in alone(say(club, "补卡 一张", "amy", mentions_bot=True))


def through(club: Life, *senders: str) -> list[Action]:
    lines: list[Action] = []
    for number in (1, 2, 3):
        if number > 1:
            day(club, number)
        for sender in senders:
            lines = say(club, f"读书 {LONG}第 {number} 天", sender)
    return lines


def test_who_comes_through_is_given_a_certificate_alone_and_named_at_the_end():
    with running() as (club, _):
        club.join("bob", "li")
        join(club, "bob", "li")
        lines = through(club, "bob", "li")
        (dm,) = of(lines, "dm")
        assert dm.to == str(club.person("li").id)
        assert (dm.picture["kind"], dm.picture["title"]) == ("certificate", "三天读书")
        assert (dm.picture["name"], dm.picture["figures"]) == ("Li", [[3, "天"]])
        assert "Li，恭喜你走完「三天读书」的全部 3 天" in dm.text
        assert "证书" not in aloud(lines)

        (summary,) = texts(club.wait(club.now + DAY), "post")
        assert "2 位伙伴一起走过。走完全程的是 Bob、Li，恭喜！" in summary
        assert club.read(Thread)[0].status == "closed"

        again = private(club, "我的挑战", "li")
        assert [line.picture["name"] for line in again if line.picture] == ["Li"]
        assert "没有可以参加" in aloud(private(club, "我的挑战", "amy"))


def test_where_nothing_can_be_said_in_private_the_certificate_is_asked_for():
    group = builders.group(channels={"aibot": "a", "webhook": "w"})
    with running(groups=[group]) as (club, _):
        say(club, "参加挑战", "li", mentions_bot=True)
        for number in (1, 2, 3):
            if number > 1:
                day(club, number)
            lines = say(club, f"读书 {LONG} {number}", "li", mentions_bot=True)
        assert "全程走完啦" in aloud(lines)
        assert "私信我「我的挑战」" in aloud(lines)
        assert "恭喜你走完" in aloud(private(club, "我的挑战", "li"))


def test_who_is_not_ranked_is_counted_and_not_named():
    with running() as (club, _):
        club.join("amy", "bob")
        join(club, "amy", "bob")
        private(club, "不上榜", "amy")
        through(club, "amy", "bob")
        end = club.wait(club.now + DAY)
        (summary,) = [line for line in of(end, "post") if "走完啦" in line.text]
        assert "Bob 等 2 位" in summary.text
        assert "Amy" not in summary.text


def test_nobody_in_it_is_no_word_and_nobody_through_is_thanked():
    with running() as (club, _):
        assert texts(club.wait(club.now + 4 * DAY), "post") == []
    with running() as (club, _):
        join(club, "li")
        (post,) = texts(club.wait(club.now + 4 * DAY), "post")
        assert "谢谢 1 位伙伴" in post


def test_the_evening_reminds_in_private_who_is_awake_and_has_not_been_there():
    with running() as (club, _):
        club.join("li", "amy", "bob", "eve", "zoe")
        join(club, "li", "amy", "bob", "eve", "zoe")
        private(club, "免打扰", "bob")
        club.happen(MemberLeft, group=GROUP, member="zoe")
        day(club, 2, 10)
        say(club, f"读书 {LONG}", "amy")
        lines = club.wait(localtime.instant(date(2026, 12, 3), 20 * 60 + 1, club.book.zone))

        found = {line.to for line in of(lines, "dm")}
        assert found == {str(club.person(name).id) for name in ("li", "eve")}
        assert "还等着你" in texts(lines, "dm")[0]
        # Who has been silent for days is left alone.
        asleep = replace(enrolment(club, "li"), joined="2026-11-20")
        with club.acting() as context:
            context.store.put(asleep)
        lines = club.wait(club.now + DAY)
        assert str(club.person("li").id) not in {line.to for line in of(lines, "dm")}


def test_reminders_keep_to_the_members_budget():
    pack = PACK.replace("quiet:", "budget: {{member: 1/day}}\nquiet:")
    with running(pack=pack) as (club, _):
        club.join("li")
        join(club, "li")
        line = Action(do="dm", group=GROUP, to=str(club.person("li").id))
        day(club, 2, 12)
        with club.acting() as context:
            assert context.group is not None
            budgets.charge(context, context.group, [line])
        lines = club.wait(club.now + 9 * HOUR)
        assert of(lines, "dm") == []
        assert [line.reason for line in of(lines, "dropped")] == ["budget"]


def test_a_long_list_is_reminded_in_slices():
    with running() as (club, _):
        names = [f"m{number:03}" for number in range(120)]
        club.join(*names)
        with club.acting() as context:
            thread = context.store.find(Thread, community=COMMUNITY, name="read")[0]
            for name in names:
                number = context.store.find(Person, community=COMMUNITY, userid=name)[0].id
                context.store.put(
                    Enrolment(
                        community=COMMUNITY, thread=thread.id, person=number, group=GROUP,
                        joined="2026-12-02",
                    )
                )  # fmt: skip
        before = len(club.handled)
        lines = club.wait(localtime.instant(date(2026, 12, 3), 20 * 60 + 1, club.book.zone))
        assert len(of(lines, "dm")) == 120
        assert len({line.to for line in of(lines, "dm")}) == 120
        most = max(
            len([each for each in handled.actions if each.do == "dm"])
            for handled in club.handled[before:]
        )
        assert most == 50


def test_where_nobody_can_be_written_to_the_group_hears_it_each_evening():
    group = builders.group(channels={"aibot": "a", "webhook": "w"})
    with running(groups=[group]) as (club, _):
        say(club, "参加挑战", "li", mentions_bot=True)
        lines = club.wait(localtime.instant(date(2026, 12, 3), 20 * 60 + 1, club.book.zone))
        (post,) = texts(lines, "post")
        assert "1 位伙伴一起走，今天的还等着大家" in post


def test_a_week_is_told_to_the_group_with_who_has_missed_nothing():
    pack = PACK.replace("days: 3", "days: 21")
    with running(pack=pack) as (club, _):
        club.join("li", "amy")
        join(club, "li", "amy")
        posts = []
        for number in range(1, 9):
            if number > 1:
                posts += texts(
                    club.wait(EVENING - 20 * HOUR + (number - 1) * DAY + 12 * HOUR), "post"
                )
            say(club, f"读书 {LONG} {number}", "li")
        (post,) = posts
        assert "第 7/21 天：2 位伙伴一起走，今天已有 1 位打卡" in post
        assert "一天没落的有 Li。" in post


def test_late_comers_are_told_and_welcome():
    with running() as (club, _):
        day(club, 3)
        lines = join(club, "li")
        assert "第 3/3 天" in aloud(lines)
        assert "赶不上" in aloud(lines)
        day(club, 4, 10)
        for addressed in (True, False):
            said = say(club, "参加挑战", "amy", mentions_bot=addressed)
            assert "没有可以参加" in alone(said)
        assert "没有参加" in alone(say(club, "退出挑战", "amy"))


def test_its_words_in_talk_are_talk():
    with running() as (club, _):
        for said in ("参加挑战 的人真多啊", "我的挑战 是早起", "退出挑战 的人少"):
            assert of(say(club, said, "li"), "reply", "dm") == []
        assert club.read(Enrolment) == []
        join(club, "li", words="参加挑战 三天读书")
        assert of(say(club, "退出挑战 的人少", "li"), "reply", "dm") == []
        assert "哪一个" in alone(say(club, "参加挑战 跑步", "amy", mentions_bot=True))
        assert did(club, "li") == (0, 0, "active")


def test_who_leaves_and_comes_back_goes_on():
    with running() as (club, _):
        join(club, "li")
        say(club, f"读书 {LONG}", "li")
        assert "已经退出" in alone(say(club, "退出挑战", "li"))
        assert "第 1 天记下" not in aloud(say(club, f"签到 {LONG}", "li"))
        day(club, 2)
        join(club, "li")
        assert did(club, "li") == (1, 0, "active")
        assert "已完成 2/3 天" in aloud(say(club, f"读书 {LONG}二", "li"))


def code(club: Life, sender: str) -> str:
    told = aloud(private(club, "我的挑战", sender))
    return told.partition("「参加挑战 ")[2][:5]


@pytest.mark.parametrize("wrong", ["ABCD", "abcdefg"])
def test_who_comes_with_a_code_that_is_too_short_or_long_is_in_and_told(wrong: str):
    with running("min_chars: 5, team: 2") as (club, _):
        lines = join(club, "li", words=f"参加挑战 {wrong}")

        assert "没有找到这个邀请码" in texts(lines)[-1]
        assert enrolment(club, "li").status == "active"
        assert of(join(club, "chen", words="参加挑战 我可不敢"), "reply", "dm") == []


def test_friends_form_a_team_by_a_code_until_it_is_full():
    with running("team: 2, grace: 0") as (club, _):
        club.join("li", "amy", "bob")
        join(club, "li")
        given = code(club, "li")
        assert given.isalnum()
        assert given.isupper() or given.isdigit()
        assert given == code(club, "li")

        assert "你和 Li 一队" in alone(join(club, "amy", words=f"参加挑战 {given.lower()}"))
        assert "满了" in alone(join(club, "bob", words=f"参加挑战 {given}"))
        assert "没有找到" in alone(join(club, "li", words=f"参加挑战 {given}"))
        assert "同队（2/2）：Li、Amy" in aloud(private(club, "我的挑战", "amy"))
        through(club, "li", "amy")
        end = texts(club.wait(club.now + DAY), "post")
        assert "整队走完：Li、Amy。" in end[-1]


def test_growth_tells_how_far_somebody_is():
    with running() as (club, _):
        join(club, "li")
        assert "「三天读书」第 1 天，已完成 0/3 天" in aloud(private(club, "成长", "li"))


def test_staff_open_it_by_hand_once_and_end_it():
    with running(pack=PACK.replace("2026-12-02", "2027-12-02")) as (club, _):
        assert "这就开始" in aloud(say(club, "开场", "owner", mentions_bot=True))
        assert "开始啦" in aloud(club.tick())
        assert "正在进行" in alone(say(club, "开场", "owner", mentions_bot=True))
        join(club, "li")
        say(club, "结束", "owner", mentions_bot=True)
        (post,) = texts(club.tick(), "post")
        assert "先到这里，谢谢 1 位" in post


@pytest.mark.parametrize(("stay", "thanked"), [(("chen",), ["谢谢 1 位"]), ((), [])])
def test_who_has_left_it_is_not_thanked_at_its_end(stay: tuple[str, ...], thanked: list[str]):
    with running() as (club, _):
        join(club, "li", *stay)
        say(club, "退出挑战", "li")
        say(club, "结束", "owner", mentions_bot=True)
        ends = [each for each in texts(club.tick(), "post") if "先到这里" in each]

        assert [each[each.index("谢谢") : each.index("谢谢") + 6] for each in ends] == thanked


def test_leaders_open_it_as_often_as_the_pack_lets_them():
    leaders = "leaders: {{may: {{challenge: 1/30d}}}}\n"
    pack = leaders + PACK.replace("2026-12-02", "2027-12-02")
    with running(pack=pack) as (club, _):
        assert "群主或管理员" in alone(say(club, "开场", "li", mentions_bot=True))
        club.happen(RoleChanged, member="li", role="leader")
        assert "这就开始" in aloud(say(club, "开场", "li", mentions_bot=True))
        club.tick()
        assert len(club.read(Thread)) == 1
        assert "群主或管理员" in alone(say(club, "结束", "li", mentions_bot=True))
        club.wait(club.now + 4 * DAY)
        assert "过一阵" in alone(say(club, "开场", "li", mentions_bot=True))
        assert club.tick() == []
    with running(pack=PACK.replace("2026-12-02", "2027-12-02")) as (club, _):
        club.happen(RoleChanged, member="li", role="leader")
        assert "群主或管理员" in alone(say(club, "开场", "li", mentions_bot=True))


def test_it_ends_under_the_version_it_began_with():
    with running() as (club, _):
        join(club, "li")
        edited = PACK.replace("days: 3", "days: 9").replace("三天读书", "九天读书")
        club.edit(edited.format(more="min_chars: 99, grace: 0"))
        assert "第 1 天记下了，已完成 1/3 天" in aloud(say(club, f"读书 {LONG}", "li"))
        club.edit('quiet: "22:30-07:30"\nsteps: []\n')
        day(club, 2)
        assert "已完成 2/3 天" in aloud(say(club, f"打卡 {LONG}", "li"))
        day(club, 3)
        assert "全程走完" in aloud(say(club, f"打卡 {LONG}", "li"))
        (post,) = [each for each in texts(club.wait(club.now + DAY), "post") if "走完" in each]
        assert "「三天读书」走完啦" in post


def test_two_groups_run_it_each_and_somebody_is_in_one_of_them():
    other = builders.group(id="g2", title="晨读二群", channels={"sandbox": "g2"})
    with running(groups=[builders.group(), other]) as (club, _):
        assert len(club.read(Thread)) == 2
        join(club, "li")
        assert "你已经在「晨读一群」" in alone(say(club, "参加挑战", "li", group="g2"))
        # A day said in the other group is a day all the same.
        assert "第 1 天记下了" in aloud(say(club, f"读书 {LONG}", "li", group="g2"))
        assert club.read(Item) == []


def test_two_accounts_of_one_person_are_one_in_it():
    with running() as (club, _):
        club.join("li", "li2")
        join(club, "li", "li2")
        say(club, f"读书 {LONG}", "li2")
        day(club, 2)
        say(club, f"读书 {LONG}", "li")
        club.happen(IdentitiesMerged, into="li", gone="li2")
        assert did(club, "li") == (2, 0, "active")
        day(club, 3)
        say(club, f"读书 {LONG}三", "li2")
        assert did(club, "li") == (3, 0, "completed")
        club.happen(IdentitiesSplit, member="li")
        assert [len(each.days) for each in club.read(Enrolment, order="person")] == [2, 1]


def test_twice_the_same_event_and_a_lost_batch_change_nothing():
    with running() as (club, _):
        join(club, "li")
        event = builders.message(f"读书 {LONG}", sender="li", at=club.now)
        club.handle(event, crash=True)
        assert did(club, "li")[0] == 0
        club.handle(event)
        club.handle(event)
        assert did(club, "li")[0] == 1
        assert len(club.read(Item)) == 1


def test_a_clock_that_jumps_reminds_nobody_of_days_gone_by():
    with running(pack=PACK.replace("days: 3", "days: 21")) as (club, _):
        club.join("li")
        join(club, "li")
        club.now += 5 * DAY + 5 * HOUR
        lines = club.tick()
        assert of(lines, "dm", "post") == []
        say(club, f"读书 {LONG}", "li")
        assert did(club, "li")[0] == 1
        lines = club.wait(club.now + 2 * DAY)
        assert len(of(lines, "dm")) == 1
        club.now -= 5 * DAY
        assert "已经记过" not in aloud(say(club, f"读书 {LONG} 又", "li"))


def test_a_message_that_comes_late_counts_for_its_own_day():
    with running() as (club, _):
        join(club, "li")
        said = club.now
        day(club, 2)
        club.handle(builders.message(f"读书 {LONG}", sender="li", at=said))
        assert enrolment(club, "li").days == ("2026-12-02",)


def test_the_next_month_begins_while_the_last_day_can_still_be_made_up():
    pack = PACK.replace('"2026-12-02 20:30"', '"20:30 daily"')
    with running(pack=pack) as (club, _):
        club.wait(START + DAY)
        assert len(club.read(Thread)) == 1
    pack = PACK.replace('"2026-12-02 20:30"', "{{cron: '0 8 5 * *'}}")
    with running(pack=pack) as (club, _):
        say(club, "开场", "owner", mentions_bot=True)
        club.tick()
        join(club, "li")
        day(club, 4, 9)
        assert [each.status for each in club.read(Thread)] == ["open", "open"]
        join(club, "li")
        assert "第 1 天记下了" in aloud(say(club, f"读书 {LONG}", "li"))
        lines = say(club, "补卡 昨天的我补上", "li")
        assert "补上了" in aloud(lines)


def test_every_day_is_a_local_one_when_clocks_change():
    # Lisbon puts its clock back in the night to 25 October 2026.
    pack = PACK.replace("2026-12-02", "2026-10-24")
    start = 1_792_864_000_000
    with life(pack.format(more="grace: 0"), now=start) as club:
        zoned = club.book.pack.model_copy(update={"timezone": "Europe/Lisbon"})
        club.book = replace(club.book, pack=zoned)
        club.editions = {club.book.version: club.book}
        club.enforce()
        zone = club.book.zone
        club.wait(localtime.instant(date(2026, 10, 24), 20 * 60 + 31, zone))
        join(club, "li")
        for number in (24, 25, 26):
            club.wait(localtime.instant(date(2026, 10, number), 23 * 60 + 30, zone))
            say(club, "读书 好书", "li")
        assert did(club, "li") == (3, 0, "completed")


def test_nothing_starts_in_a_group_that_is_paused():
    with running() as (club, _):
        club.join("li")
        join(club, "li")
        say(club, "暂停", "owner", mentions_bot=True)
        lines = club.wait(club.now + 4 * DAY)
        assert of(lines, "dm", "post") == []
        assert club.read(Group)[0].threads == ()
