"""Likes: what they are of, what they bring, what is held, and how the group hears of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.likes import like_reviews
from handlers.people import people
from handlers.posting import acknowledging
from sop.actions import Action
from sop.events import MemberLeft, TaskAnswered
from sop.model import Item, Like, Message, Occurrence, Task, Voice
from sop.text import fingerprint
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
score:
  earn:
    share: {points: 10}
    story: {points: 8}
    comment: {points: 4, min_chars: 8}
    featured: {points: 6}
    like-given: {points: 1}
    like-received: {points: 2}
likes: {per_day: 3, pair_per_day: 2, distinct_days: true}
steps:
  - {id: loved, when: {likes: 2}, do: [{dm: 两个赞}]}
  - {id: generous, when: {likes_given: 2, distinct: 2}, do: [{dm: 谢谢你点赞}]}
"""


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK) as living:
        living.join("li", "wang", "zhao", "owner")
        yield living


def paid(lines: list[Action], club: Life) -> list[tuple[str, str, int | None]]:
    with club.acting() as context:
        return [
            (people.shown(context.store.get(people.Person, COMMUNITY, int(each.member))),
             each.deed, each.points)
            for each in of(lines, "points")
        ]  # fmt: skip


def told(lines: list[Action]) -> str:
    return "\n".join(texts(lines, "reply", "dm"))


def share(club: Life, sender: str = "li", said: str = "今天读完了第三章") -> int:
    club.say(f"分享 {said}", sender)
    return club.read(Item, order="-number", limit=1)[0].number


def vouched(club: Life, *userids: str) -> None:
    """Let people's likes count in full."""
    for userid in userids:
        with club.acting(userid) as context:
            context.store.put(Voice(community=COMMUNITY, person=context.person_id, vouched=True))


@pytest.mark.parametrize("said", ["赞 1 2", "赞1、2", "赞 1-2", "赞 1 2 9"])
def test_several_numbers_are_each_liked(club: Life, said: str):
    club.say("分享 今天读完了第三章", "li")
    club.say("分享 今天读完了第四章", "zhao")
    words = told(club.say(said, "wang"))

    assert [each.author for each in club.read(Like)] == [
        club.person("li").id, club.person("zhao").id
    ]  # fmt: skip
    assert ("没有找到这个编号" in words) is ("9" in said)


@pytest.mark.parametrize("said", ["赞 1", "赞1", "赞 @Li", "like 1"])
def test_a_like_pays_who_shared_and_who_likes(club: Life, said: str):
    share(club)
    vouched(club, "wang")

    lines = club.say(said, "wang")

    assert paid(lines, club) == [("Li", "like-received", 2), ("Wang", "like-given", 1)]
    assert [each.target for each in club.read(Like)] == ["item:g1:1"]


@pytest.mark.parametrize("said", ["👍", "谢谢", "学到了！", "感谢分享", "赞"])
def test_a_quote_with_thanks_is_a_like(club: Life, said: str):
    share(club)
    vouched(club, "wang")

    lines = club.say(said, "wang", quote="分享 今天读完了第三章")

    assert paid(lines, club)[:2] == [("Li", "like-received", 2), ("Wang", "like-given", 1)]


def test_an_ordinary_message_can_be_liked_too_and_the_announcement_of_a_share_means_it(club: Life):
    club.say("这一章的地图画得真好", "zhao")
    club.say("👍", "wang", quote="这一章的地图画得真好")
    share(club)
    announced = "Li 的分享 1 记下了，谢谢！喜欢就引用它说「赞」，或发「赞 1」。"
    with club.acting() as context:
        context.store.put(
            Message(
                community=COMMUNITY, id=900, group=GROUP, person=0, at=club.now,
                message_id="post", text=announced, fingerprint=fingerprint(announced),
            )
        )  # fmt: skip
    club.say("👍", "wang", key="b", quote=announced)

    targets = sorted(each.target for each in club.read(Like))
    assert targets[0] == "item:g1:1"
    assert targets[1].startswith("message:")


def test_a_quote_that_two_people_said_is_nobodys(club: Life):
    club.say("说得真好，我也这样想", "li")
    club.say("说得真好，我也这样想", "zhao")

    assert club.say("👍", "wang", quote="说得真好，我也这样想") == []
    assert "赞 12" in told(club.say("赞", "wang", quote="说得真好，我也这样想"))
    assert club.read(Like) == []


def test_what_is_not_certain_is_answered_with_numbers_to_choose_by(club: Life):
    share(club)

    assert "1（Li）：今天读完了第三章" in told(club.say("赞 9", "wang"))
    assert "没找到这个人" in told(club.say("赞 @nobody", "wang"))
    assert club.read(Like) == []


def test_a_list_is_only_promised_where_there_is_one(club: Life):
    assert told(club.say("赞 9", "li")) == "没有找到这个编号，换一个试试：发「赞 12」。"
    share(club, "wang")
    assert "\n最近的有：\n1（Wang）" in told(club.say("赞 9", "li", key="again"))


def test_who_has_shared_nothing_is_liked_as_such_once_a_day(club: Life):
    vouched(club, "wang")

    first = club.say("赞 @Li", "wang", key="a")
    again = club.say("赞 @Li", "wang", key="b")
    club.now += DAY
    next_day = club.say("赞 @Li", "wang", key="c")

    assert len(of(first, "points")) == 2
    assert "已经赞过" in told(again)
    club.now += DAY
    third = club.say("赞 @Li", "wang", key="d")

    assert [len(of(lines, "points")) for lines in (next_day, third)] == [2, 0]


def test_nobody_likes_themselves_also_not_under_another_number(club: Life):
    share(club)
    assert "自己的就不用赞" in told(club.say("赞 1", "li"))

    with club.acting("li") as context:
        old = builders.person(90, name="旧号", merged_into=context.person_id)
        context.store.put(old)
        context.store.put(replace(context.store.get(Item, COMMUNITY, GROUP, 1), person=90))
    assert "自己的就不用赞" in told(club.say("赞 1", "li", key="again"))
    assert club.read(Like) == []


def test_the_limits_of_a_day_and_of_a_pair_are_told_and_renew(club: Life):
    for number in range(5):
        share(club, "li" if number < 3 else "zhao", f"第 {number} 段读书笔记，各不相同")

    answers = [told(club.say(f"赞 {number}", "wang")) for number in range(1, 6)]
    assert "明天再来" in answers[2]
    assert "送完" in answers[4]
    club.now += DAY
    assert "明天" not in told(club.say("赞 3", "wang", key="later"))


def test_the_second_like_of_a_day_between_two_does_not_count_towards_thresholds(club: Life):
    share(club)
    share(club, said="另一段完全不同的笔记")

    club.say("赞 1", "wang")
    club.say("赞 2", "wang")

    assert [each.counts for each in club.read(Like, order="target")] == [True, False]


def test_steps_begin_with_likes_reached_and_given(club: Life):
    share(club)
    share(club, "zhao", "另一段完全不同的笔记")

    club.say("赞 1", "wang")
    club.say("赞 1", "zhao")
    club.say("赞 2", "wang")

    assert sorted(texts(club.tick(), "dm")) == ["两个赞", "谢谢你点赞"]


def test_light_likes_add_up_and_nothing_is_lost_by_rounding(club: Life):
    """Nobody vouches for these: each like weighs a sixth, three of them are a half."""
    share(club)
    received = []
    for number in range(15):
        club.join(f"new{number}")
        received.append(len(paid(club.say("赞 1", f"new{number}"), club)))

    assert [place for place, count in enumerate(received) if count] == [3, 9]
    voice = next(each for each in club.read(Voice) if each.received)
    assert voice.received == 15 * 166
    assert voice.received_paid == 2


def test_who_asks_learns_in_private_what_their_likes_weigh_and_why(club: Life):
    share(club)
    club.say("赞 1", "wang")

    (line,) = club.say("赞", "wang", group="")

    assert "1（Li）" in line.text
    assert "送出 1 个赞，其中 1 个带分量（每人最多 6 个" in line.text
    assert line.do == "reply"


def test_a_contribution_of_long_ago_is_not_what_a_name_means_now(club: Life):
    share(club)
    club.say("赞 @Li", "wang", key="a")
    club.now += 8 * DAY
    club.say("赞 @Li", "wang", key="b")

    assert [each.target.partition(":")[0] for each in club.read(Like, order="at")] == [
        "item", "person",
    ]  # fmt: skip


def test_the_owners_like_vouches_for_a_member(club: Life):
    share(club, "wang")
    share(club)

    club.say("赞 1", "owner")
    lines = club.say("赞 2", "wang")

    assert ("Li", "like-received", 2) in paid(lines, club)


def test_a_like_is_taken_back_with_what_it_brought_and_not_given_again(club: Life):
    share(club)
    vouched(club, "wang")
    club.say("赞 1", "wang")

    lines = club.say("取消赞 1", "wang")

    assert [(each.deed, each.points) for each in of(lines, "points")] == [
        ("reversal", -2), ("reversal", -1),
    ]  # fmt: skip
    assert club.person("li").balance == 10
    assert "收回过" in told(club.say("赞 1", "wang", key="again"))
    assert "没有找到" in told(club.say("取消赞 1", "wang", key="twice"))


def test_likes_are_acknowledged_in_one_line_with_names_that_a_restart_keeps(club: Life):
    share(club)
    before = club.now
    assert of(club.say("赞 1", "wang"), "reply", "post") == []
    assert of(club.say("赞 1", "zhao"), "reply", "post") == []

    lines = club.wait(before + 10 * MINUTE)

    assert [each for each in texts(lines, "post") if "送出的赞" in each] == [
        "谢谢 Wang、Zhao 送出的赞，Li 收到啦。"
    ]
    assert club.read(Occurrence, kind=acknowledging.KIND, status="pending") == []


@pytest.mark.parametrize(
    ("gone", "said"), [("li", ["谢谢 Wang 送出的赞。"]), ("wang", [])]
)  # fmt: skip
def test_nobody_who_has_left_is_thanked_or_said_to_be_glad(club: Life, gone: str, said: list[str]):
    share(club)
    club.say("赞 1", "wang")
    club.happen(MemberLeft, group=GROUP, member=gone)

    lines = club.wait(club.now + 10 * MINUTE)
    assert [each for each in texts(lines, "post") if "送出的赞" in each] == said


def test_a_merged_line_waits_for_the_morning():
    with life(PACK + 'quiet: "20:00-08:00"\n') as club:
        club.join("li", "wang")
        share(club)
        club.say("赞 1", "wang")

        lines = club.wait(club.now + 11 * HOUR)
        assert not [each for each in texts(lines, "post") if "送出的赞" in each]
        club.join("zhao")
        club.say("赞 1", "zhao")
        lines = club.wait(club.now + 3 * HOUR)
        assert [each for each in texts(lines, "post") if "送出的赞" in each] == [
            "谢谢 Wang、Zhao 送出的赞，Li 收到啦。"
        ]


def test_a_pack_may_want_each_like_answered_but_never_more_than_six_a_minute():
    with life(PACK + "ack: {like: each}\n") as club:
        club.join("li")
        share(club)
        answers = []
        for number in range(8):
            club.join(f"m{number}")
            answers.append(len(of(club.say("赞 1", f"m{number}"), "reply")))

        assert answers == [1] * 5 + [0] * 3  # the share was the first answer of the minute


def test_check_ins_are_merged_where_the_pack_wants_it():
    with life("score: {earn: {checkin: {points: 2}}}\nack: {checkin: merged}\n") as club:
        club.join("li", "wang")
        assert of(club.say("签到"), "reply") == []
        club.say("签到", "wang")

        assert texts(club.wait(club.now + 10 * MINUTE), "post") == [
            "Li、Wang 签到成功，今天也很棒。"
        ]


def test_in_a_group_that_only_hears_mentions_a_like_is_said_to_the_bot():
    group = builders.group(channels={"aibot": GROUP, "webhook": GROUP})
    with life(PACK, groups=[group]) as club:
        club.join("li", "wang")
        club.say("分享 今天读完了第三章", mentions_bot=True)
        vouched(club, "wang")

        lines = club.say("👍", "wang", quote="谁也没听见的话", mentions_bot=True)
        by_number = club.say("赞 1", "wang", mentions_bot=True, key="number")

        assert "1（Li）：今天读完了第三章" in told(lines)
        assert not any(line.private for line in lines)
        assert len(of(by_number, "points")) == 2


def settled(club: Life, choice: str) -> list[Action]:
    return club.happen(TaskAnswered, group=GROUP, task="latest", choice=choice, by="owner")


@pytest.mark.parametrize("at_once", [100, 2], ids=["at once", "in slices"])
@pytest.mark.parametrize(("choice", "status"), [("approve", "counted"), ("reject", "refused")])
def test_likes_that_only_go_to_and_fro_wait_for_people_in_one_task(
    choice: str, status: str, at_once: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(like_reviews, "AT_ONCE", at_once)
    with life(PACK.replace("per_day: 3, pair_per_day: 2, ", "")) as club:
        club.join("li", "wang", "owner")
        vouched(club, "li", "wang")
        heard = []
        for number in range(16):
            club.now += DAY
            for giver, author in (("wang", "li"), ("li", "wang")):
                share(club, author, f"{author} 的第 {number} 段")
                latest = club.read(Item, order="-number", limit=1)[0].number
                heard += club.say(f"赞 {latest}", giver)

        held = club.read(Like, status="held")
        assert len(held) > 4
        (task,) = club.read(Task, status="open", kind="likes")
        assert "Wang 送出的赞有 100% 是和 Li 互赞" in task.text
        assert "Li 送出的赞有 100% 是和 Wang 互赞" in task.text
        assert "先请人看一眼" in told(heard)
        before = sum(voice.received for voice in club.read(Voice))

        lines = settled(club, choice) + club.wait(club.now + MINUTE)

        assert club.read(Like, status="held") == []
        assert len(club.read(Like, status=status)) >= len(held)
        brought = sum(voice.received for voice in club.read(Voice)) - before
        assert (brought > 0) == (choice == "approve")
        assert sorted(line.to for line in of(lines, "dm")) == ["1", "2"]
        assert not of(lines, "reply")


def test_whose_likes_count_less_is_told_what_makes_them_count(club: Life):
    hint = "等你的内容也得到伙伴的赞，你送的赞会更有分量。"
    club.say("分享 读完了《活着》", "li")
    club.say("分享 周末去了书店", "wang")

    def account(who: str) -> str:
        club.now += MINUTE
        return told(club.say("积分明细", who, group=""))

    assert hint not in account("wang")
    club.say("赞 1", "wang")
    assert hint in account("wang")
    club.say("赞 2", "owner")
    assert hint not in account("wang")
    assert hint not in account("owner")


def test_that_likes_wait_is_told_once_a_day():
    with life(PACK.replace("per_day: 3, pair_per_day: 2, ", "")) as club:
        club.join("li", "wang", "owner")
        vouched(club, "li", "wang")
        for _ in range(16):
            club.now += DAY
            for giver, author in (("wang", "li"), ("li", "wang")):
                club.say(f"赞 {share(club, author)}", giver)
        club.now += DAY
        first, second, asked = share(club), share(club, said="第四章"), share(club, said="第五章")

        assert "先请人看一眼" in told(club.say(f"赞 {first}", "wang"))
        assert told(club.say(f"赞 {second}", "wang")) == ""
        assert "先请人看一眼" in told(club.say(f"赞 {asked}", "wang", mentions_bot=True))
