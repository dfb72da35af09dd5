"""Sign-ups: never more than there are places, who waits moves up, who came is thanked."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.actions import Action
from sop.events import MemberLeft
from sop.model import Person, Signup, Task, Thread
from sop.told_events import IdentitiesMerged, IdentitiesSplit
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, PEOPLE, Life, begun, life, of, texts

EVENT = EVENING + 3 * DAY - 6 * HOUR
"""Saturday at two in the afternoon."""

OUTING = "id: outing, title: 春游, at: 3d at 14:00, places: 2"


def pack(signup: str = OUTING, more: str = "") -> str:
    return f"""
quiet: "22:30-07:30"
steps:
  - {{id: trip, when: "20:00 wed", do: [{{signup: {{{signup}}}}}]}}
{more}"""


def said(club: Life, words: str, sender: str = "li", **fields: Any) -> list[Action]:
    club.now += 30_000
    return club.say(words, sender, key=f"m:{club.now}:{sender}", **fields)


def everybody(club: Life, senders: tuple[str, ...] = PEOPLE) -> None:
    for sender in senders:
        said(club, "报名", sender)


def named(club: Life, *statuses: str) -> list[str]:
    """Who is on the list, in order."""
    known = {each.id: each.userid for each in club.read(Person)}
    rows = club.read(Signup, status__in=statuses or ("in",), order="number")
    return [known[each.person] + (f"+{each.guest}" if each.guest else "") for each in rows]


def test_a_sign_up_says_when_how_many_and_how():
    with life(pack(f"{OUTING}, waitlist: true, companions: 1")) as club:
        (line,) = begun(club)

        assert line.text.splitlines() == [
            "「春游」开始报名啦！",
            "时间：12 月 5 日 14:00",
            "名额 2 位，报满以后可以候补，有空位自动补上。",
            "怎么报：发「报名」；来不了发「取消报名」。",
            "想带朋友一起来，发「报名 带小明」，每人最多带 1 位。",
        ]
        assert len(of(said(club, "报名 带小明"), "reply")) == 2
        assert named(club) == ["li", "li+小明"]


def test_who_adds_a_name_before_they_are_on_the_list_learns_how_it_is_brought_along():
    with life(pack(f"{OUTING}, companions: 1")) as club:
        begun(club)
        lines = said(club, "+1 小明", mentions_bot=True)

        assert "报名 带小明" in texts(lines)[-1]
        assert named(club) == ["li"]
        assert len(said(club, "+1 小明", mentions_bot=True)) == 1
        assert named(club) == ["li", "li+小明"]


@pytest.mark.parametrize(
    "words",
    [
        "报名",
        "+1",
        "＋1",
        "报名！",
        "报名 春游",
        "报名春游",
        "报名春游！",
        "报名 春游 ＋1",
        "signup outing",
    ],
)
def test_who_signs_up_has_a_place_and_is_told(words: str):
    with life(pack()) as club:
        begun(club)

        assert texts(said(club, words)) == ["Li 报上「春游」了，第 1 位，还剩 1 个名额。"]
        assert named(club) == ["li"]
        assert "已经有你的名字" in said(club, words)[0].text


@pytest.mark.parametrize(
    "words", ["报名费多少", "报名春游费多少", "报名 截止了吗", "+1 说得对", "名单在哪", "+10"]
)
def test_other_talk_signs_nobody_up(words: str):
    with life(pack()) as club:
        begun(club)
        said(club, words)
        said(club, "+1", quote="大家都觉得好")

        assert named(club, "in", "waiting") == []


@pytest.mark.parametrize("words", ["报名", "+1", "取消报名", "名单"])
def test_without_a_sign_up_the_words_are_talk(words: str):
    with life("steps: []") as club:
        club.enforce()

        assert said(club, words) == []
        assert "没有进行中" in said(club, words, mentions_bot=True)[0].text


@pytest.mark.parametrize("words", ["报名2人", "报名 3位", "报名 带小明", "报名 @chen"])
def test_who_signs_up_others_where_each_comes_alone_is_told_how(words: str):
    with life(pack()) as club:
        begun(club)
        (line,) = said(club, words)

        assert line.do == "dm"
        assert "发「报名」就好" in line.text
        assert "每人报自己的" in line.text
        assert named(club) == []


def test_the_last_place_is_told_as_that():
    with life(pack()) as club:
        begun(club)
        said(club, "报名", "li")

        assert "名额刚好满啦" in said(club, "报名", "chen")[0].text


def test_the_places_are_never_more_and_nobody_waits_where_nobody_may():
    with life(pack()) as club:
        begun(club)
        everybody(club, senders=("li", "chen"))
        (line,) = said(club, "报名", "zhao")

        assert (line.do, "名额满了，这次没排上" in line.text) == ("dm", True)
        assert named(club, "in", "waiting") == ["li", "chen"]


def test_who_waits_moves_up_in_order_is_told_in_private_and_may_decline():
    with life(pack(f"{OUTING}, waitlist: true")) as club:
        begun(club)
        everybody(club)
        assert named(club, "waiting") == ["zhao", "lin", "he"]
        lines = said(club, "取消报名", "li")

        (told,) = [line for line in of(lines, "dm") if "补上啦" in line.text]
        assert told.to == str(club.person("zhao").id)
        assert told.text == (
            "Zhao，「春游」空出了位置，你已经补上啦（12 月 5 日 14:00）！"
            "来不了的话，到「晨读一群」或在这里发「取消报名」，让给下一位。"
        )
        said(club, "取消报名", "zhao", group="")
        assert named(club) == ["chen", "lin"]


def test_nobody_passes_who_waits_and_who_comes_back_waits_again():
    with life(pack(f"{OUTING}, waitlist: true")) as club:
        begun(club)
        everybody(club, senders=("li", "chen", "zhao"))
        said(club, "取消报名", "li")
        said(club, "报名", "li")

        assert (named(club), named(club, "waiting")) == (["chen", "zhao"], ["li"])


def test_who_sleeps_hears_in_the_morning_of_the_place_that_is_theirs_at_once():
    with life(pack(f"{OUTING}, waitlist: true")) as club:
        begun(club)
        everybody(club, senders=("li", "chen", "zhao"))
        club.now = EVENING + 3 * HOUR
        lines = said(club, "取消报名", "li")
        assert [line for line in lines if "补上啦" in line.text] == []
        assert named(club) == ["chen", "zhao"]

        (line,) = of(club.wait(EVENING + 12 * HOUR), "dm")
        assert "你已经补上啦" in line.text


def test_who_leaves_the_group_makes_room():
    with life(pack(f"{OUTING}, waitlist: true")) as club:
        begun(club)
        everybody(club, senders=("li", "chen", "zhao"))
        club.happen(MemberLeft, group=GROUP, member="chen")

        assert named(club) == ["li", "zhao"]


def test_companions_come_only_where_they_may_each_under_a_name():
    with life(pack(f"{OUTING}, companions: 1".replace("places: 2", "places: 9"))) as club:
        begun(club)
        assert len(of(said(club, "报名 带小明", "li"), "reply")) == 2
        assert named(club) == ["li", "li+小明"]
        said(club, "+1", "li")
        said(club, "+1 小红", "li")
        said(club, "+1", "chen")
        assert texts(said(club, "+1 小红", "chen"), "reply") == [
            "Chen 带的小红 报上「春游」了，第 4 位，还剩 5 个名额。"
        ]
        assert named(club) == ["li", "li+小明", "chen", "chen+小红"]

        said(club, "取消报名 小红", "chen")
        said(club, "取消报名", "li")
        assert named(club) == ["chen"]


def test_where_nobody_may_bring_anybody_it_is_said():
    with life(pack()) as club:
        begun(club)
        (line,) = said(club, "报名 带小明", mentions_bot=True)

        assert (line.do, "想来的朋友请 TA 自己报" in line.text) == ("dm", True)
        assert named(club) == []


FIRST = f"{OUTING}, waitlist: true, first: {{layer: core, for: 24h}}"


def test_who_comes_first_does_and_the_others_are_noted_and_placed_in_order():
    with life(pack(FIRST)) as club:
        assert "先请核心群的伙伴报名（1 天）" in begun(club)[0].text
        layered(club, "lin")
        (line,) = said(club, "报名", "li")
        assert (line.do, "12 月 3 日 20:00 开放后按顺序给你排上" in line.text) == ("dm", True)
        everybody(club, senders=("chen", "zhao", "lin"))
        assert (named(club), named(club, "noted")) == (["lin"], ["li", "chen", "zhao"])

        (post,) = of(club.wait(EVENING + DAY), "post")
        assert post.text.splitlines() == [
            "「春游」的名额已经满了，想来的发「报名」，能候补就先排上。",
            "之前记下的 Li 都报上了。",
            "排在候补的有 Chen、Zhao。",
        ]
        assert named(club) == ["li", "lin"]


def test_who_was_noted_comes_before_who_signs_up_when_the_clock_is_late():
    with life(pack(FIRST)) as club:
        begun(club)
        everybody(club, senders=("li", "chen"))
        club.now = EVENING + DAY + 1_000
        said(club, "报名", "zhao")

        assert (named(club), named(club, "waiting")) == (["li", "chen"], ["zhao"])
        assert "之前记下的 Li、Chen 都报上了" in of(club.tick(), "post")[0].text


def test_a_sign_up_ended_early_places_who_was_noted():
    with life(pack(FIRST)) as club:
        begun(club)
        everybody(club, senders=("li", "chen", "zhao"))
        said(club, "结束", "owner", mentions_bot=True)
        club.tick()

        assert (named(club), named(club, "waiting")) == (["li", "chen"], ["zhao"])


def layered(club: Life, userid: str) -> None:
    person = club.person(userid)
    with club.acting() as context:
        context.store.put(replace(person, layer="core"))


def test_the_group_is_reminded_the_evening_before_within_its_budget():
    with life(pack(more="budget: {group: 3/day}")) as club:
        begun(club)
        everybody(club, senders=("li",))
        lines = of(club.wait(EVENT - HOUR), "post")

        (line,) = [each for each in lines if "提醒一下" in each.text]
        assert "「春游」就要到啦（12 月 5 日 14:00），报上名的 1 位" in line.text
        assert line.mention == (str(club.person("li").id),)


def test_when_the_event_begins_it_is_said_who_comes():
    with life(pack(f"{OUTING}, waitlist: true")) as club:
        begun(club)
        everybody(club, senders=("li", "chen", "zhao"))
        (line,) = [each for each in of(club.wait(EVENT), "post") if "报名结束" in each.text]

        assert line.text.splitlines() == [
            "「春游」报名结束（12 月 5 日 14:00），来的有 2 位：Li、Chen。",
            "还有 1 位这次没排上，下次先请你们。",
        ]
        club.now = EVENT + 1_000
        assert "已经截止" in said(club, "报名", "he")[0].text
        assert said(club, "取消报名", "li", mentions_bot=True)[0].text.endswith(
            "跟管理员说一声就好。"
        )


def test_after_the_end_of_the_sign_up_one_can_still_call_off_until_it_begins():
    with life(pack(f"{OUTING}, waitlist: true, for: 1d")) as club:
        begun(club)
        everybody(club, senders=("li", "chen", "zhao"))
        club.wait(EVENING + DAY)
        club.now += MINUTE
        assert "已经截止" in said(club, "报名", "he")[0].text
        said(club, "取消报名", "li")

        assert named(club) == ["chen", "zhao"]


CODED = f"{OUTING}, waitlist: true, checkin: code"


def code(club: Life) -> str:
    return str(club.read(Thread, order="id", limit=1)[0].body["code"])


def test_who_is_there_says_the_code_that_staff_were_sent():
    with life(pack(CODED, "score: {earn: {checkin: {points: 2}}}")) as club:
        task = of(begun(club), "task")[0]
        assert f"私信我「签到 {code(club)}」" in task.text
        everybody(club, senders=("li", "chen", "zhao"))
        club.wait(EVENT)
        club.now += MINUTE
        lines = said(club, f"签到 {code(club)}", "li", group="")
        assert (texts(lines), of(lines, "points")) == (["欢迎来到「春游」，签到好了！"], [])
        said(club, f"打卡 {code(club)}", "he")
        assert "不对" in said(club, "签到 000000", "chen", group="")[0].text
        lines = club.wait(EVENT + 6 * HOUR)

        assert texts(lines, "post") == ["「春游」圆满结束，来了 2 位，谢谢 Li、He！"]
        assert texts(lines, "dm")[-1] == (
            "「春游」：报名 2 位，候补 1 位，等开放 0 位，取消 0 位。"
            "现场签到 2 位，其中没报名也来了的 1 位。没签到的不一定没来。"
        )
        assert club.read(Task, kind="signup-code")[0].status == "void"


def test_who_called_off_and_came_all_the_same_counts_among_those_who_came():
    with life(pack(CODED)) as club:
        begun(club)
        everybody(club, senders=("li", "chen"))
        for sender in ("li", "chen"):
            said(club, "取消报名", sender)
        club.wait(EVENT)
        club.now += MINUTE
        said(club, f"签到 {code(club)}", "li", group="")

        words = texts(club.wait(EVENT + 6 * HOUR), "dm")[-1]
        assert "取消 1 位" in words
        assert "其中没报名也来了的 1 位" in words


def test_who_is_in_several_groups_is_shown_words_that_mean_one_of_them():
    groups = (builders.group(), builders.group(id="g2", title="二群"))
    with life(pack(OUTING), groups=groups) as club:
        begun(club, *groups)
        club.join("li", group="g2")
        for words in ("报名", "名单", "取消报名"):
            if words == "取消报名":
                said(club, "二群 报名", group="")
            (line,) = said(club, words, group="")
            example = line.text.partition("比如「")[2].partition("」")[0]
            assert "现在有几个报名" not in said(club, example, group="")[0].text

        assert [each.status for each in club.read(Signup, order="thread")] == ["gone", "in"]


def test_of_an_event_that_nobody_comes_to_staff_hear_no_more():
    with life(pack(f"{CODED}, for: 1d")) as club:
        begun(club)

        assert "下次再约" in texts(club.wait(EVENING + DAY), "post")[0]
        assert [each.status for each in club.read(Task, kind="signup-code")] == ["void"]
        assert club.wait(EVENT + DAY) == []


def test_digits_at_the_event_that_are_not_its_code_are_no_check_in_of_the_day():
    with life(pack(CODED, "score: {earn: {checkin: {points: 2}}}")) as club:
        begun(club)
        assert of(said(club, "签到 1234", "li"), "points")
        club.wait(EVENT)
        lines = said(club, "签到 1234", "he")

        assert of(lines, "points") == []
        assert "不对" in lines[0].text


def test_of_an_event_where_nobody_said_the_code_nothing_is_known():
    with life(pack(CODED)) as club:
        begun(club)
        everybody(club, senders=("li",))
        club.wait(EVENT)

        assert of(club.wait(EVENT + 6 * HOUR), "post") == []


def test_an_ordinary_check_in_stays_what_it_is():
    with life(pack(CODED, "score: {earn: {checkin: {points: 2}}}")) as club:
        begun(club)

        assert len(of(said(club, "签到 今天读了 20 页"), "points")) == 1
        assert len(of(said(club, "签到 123", "chen"), "points")) == 1


def test_of_several_sign_ups_the_name_decides_else_it_is_asked_in_private():
    more = '  - {id: dinner, when: "19:30 wed", do: [{signup: {title: 聚餐}}]}\n'
    with life(pack(more=more)) as club:
        begun(club)
        (line,) = said(club, "报名")
        assert (line.do, "聚餐、春游" in line.text) == ("dm", True)
        assert named(club) == []

        said(club, "报名 聚餐")
        (opening,) = club.read(Thread, step="trip")
        said(club, "+1", "chen", quote=opening.text)
        rows = {each.thread: each.person for each in club.read(Signup)}
        assert len(rows) == 2
        said(club, "取消报名")
        assert len(club.read(Signup, status="gone")) == 1


def test_the_list_is_shown_and_staff_see_figures():
    with life(pack(f"{OUTING}, waitlist: true")) as club:
        begun(club)
        everybody(club, senders=("li", "chen", "zhao"))
        (line,) = said(club, "名单", "he")
        assert (line.do, line.text) == (
            "dm", "「春游」已报名 2 位：Li、Chen\n候补 1 位：Zhao",
        )  # fmt: skip

        (line,) = said(club, "晨读一群 名单", "owner", group="")
        assert "报名 2 位，候补 1 位" in line.text


def test_where_mentions_alone_are_heard_and_nobody_is_reached_it_is_answered_aloud():
    group = builders.group(channels={"link": GROUP})
    with life(pack(f"{OUTING}, waitlist: true"), groups=(group,)) as club:
        assert "@我 发「报名」" in begun(club, group)[0].text
        for sender in ("li", "chen"):
            said(club, "报名", sender, mentions_bot=True)
        (line,) = said(club, "报名", "zhao", mentions_bot=True)
        assert (line.do, "候补第 1 位" in line.text) == ("reply", True)

        lines = said(club, "取消报名", "li", mentions_bot=True)
        (task,) = of(lines, "task")
        assert "你已经补上啦" in task.text


def test_a_sign_up_whose_event_is_over_or_that_still_runs_is_not_opened():
    with life(pack("title: 春游, at: 2026-12-01 14:00")) as club:
        assert [(line.do, line.reason) for line in begun(club)] == [("dropped", "missed")]
    with life(pack("title: 春游, at: 9d at 14:00")) as club:
        begun(club)
        club.wait(EVENING + 8 * DAY)
        assert len(club.read(Thread)) == 1


def test_staff_open_it_end_the_sign_up_and_then_the_event():
    with life(pack(CODED)) as club:
        club.enforce()
        club.join(*PEOPLE)
        club.say("开场 春游", "owner", mentions_bot=True)
        club.tick()
        everybody(club, senders=("li", "chen"))
        said(club, "结束 春游", "owner", mentions_bot=True)
        assert "来的有 2 位" in texts(club.tick(), "post")[0]
        said(club, f"签到 {code(club)}", "li")
        said(club, "结束 春游", "owner", mentions_bot=True)

        assert "来了 1 位" in texts(club.tick(), "post")[0]


def test_a_restart_and_a_repeated_event_change_nothing():
    with life(pack()) as club:
        begun(club)
        event = builders.message("报名", sender="li", at=club.now)
        club.handle(event, crash=True)
        assert named(club) == []
        club.handle(event)
        club.handle(event)

        assert named(club) == ["li"]


def merge(club: Life, into: str, gone: str) -> None:
    club.happen(IdentitiesMerged, into=into, gone=gone)


def test_who_is_one_has_one_place_and_the_next_in_line_gets_the_other():
    with life(pack(f"{OUTING}, waitlist: true")) as club:
        begun(club)
        everybody(club, senders=("li", "chen", "zhao", "lin"))
        merge(club, "zhao", "chen")
        assert (named(club), named(club, "waiting")) == (["li", "zhao"], ["lin"])

        said(club, "取消报名", "zhao")
        assert named(club) == ["li", "lin"]
        club.happen(IdentitiesSplit, member="zhao")
        assert "chen" in named(club, "in", "waiting", "gone")


ACTS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("报名", "+1", "取消报名", "报名 带小明"))),
    max_size=16,
)


@settings(max_examples=10, deadline=None)
@given(ACTS, st.sampled_from(("true", "false")))
def test_however_messages_come_no_more_have_a_place_than_there_are(
    acts: list[tuple[str, str]], waitlist: str
):
    with life(pack(f"{OUTING}, companions: 1, waitlist: {waitlist}")) as club:
        begun(club)
        for start in range(0, len(acts), 5):
            club.now += MINUTE
            club.handle(
                *(
                    builders.message(words, sender=sender, at=club.now, key=f"{start}:{place}")
                    for place, (sender, words) in enumerate(acts[start : start + 5])
                )
            )
            taken, waiting = named(club), named(club, "waiting")
            assert len(taken) <= 2
            assert not waiting or (len(taken) == 2 and waitlist == "true")
