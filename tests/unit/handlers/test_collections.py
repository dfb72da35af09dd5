"""Collections: opened, given to, shown, ended; nothing lost, nothing shown that must not be."""

from collections.abc import Sequence
from typing import Any

import pytest

from sop.actions import Action
from sop.events import MemberLeft
from sop.model import (
    Claim,
    HiddenAuthor,
    Item,
    LedgerEntry,
    Like,
    Message,
    Note,
    Outgoing,
    Task,
    Thread,
)
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

HEAD = """
quiet: "22:30-07:30"
benefits:
  - {id: coupon, title: 书券, kind: code, stock: 5}
  - {id: bag, title: 帆布袋, kind: code, stock: 9}
score:
  earn:
    story: {points: 15}
    photo: {points: 5}
    wish: {points: 3, cap: 2/day}
    snag: {points: 4}
    fixed: {points: 6}
    like-received: {points: 2}
steps:
"""


def step(name: str, collect: str, when: str = "20:00 wed") -> str:
    return f'  - {{id: {name}, when: "{when}", do: [{{collect: {{{collect}}}}}]}}\n'


SHOW = """
  - id: show
    when: "22:10 wed"
    do: [{post: "最好的：{{ best('stories', 3) }}"}]
"""
STORIES = step("stories", "title: 我和书, kind: story, for: 2h")


def opened(club: Life, *who: str) -> list[Action]:
    club.now = EVENING - HOUR
    club.enforce()
    club.join("owner", *(who or ("li", "chen", "zhao", "wang")))
    return club.wait(EVENING)


def items(club: Life) -> list[tuple[int, str, str, int]]:
    return [(i.number, i.kind, i.status, i.thread) for i in club.read(Item, order="number")]


def privately(club: Life, text: str, sender: str = "li", **fields: Any) -> list[Action]:
    return club.say(text, sender, group="", mentions_bot=True, **fields)


def leave(club: Life, userid: str) -> None:
    club.now += MINUTE
    club.happen(MemberLeft, group=GROUP, member=userid)


def paid(club: Life, deed: str) -> list[int]:
    return [each.points for each in club.read(LedgerEntry, deed=deed, order="id")]


def said(lines: Sequence[Action]) -> str:
    return "\n".join(texts(lines, "reply", "dm", "post"))


def test_an_entry_is_numbered_paid_once_and_thanked():
    with life(HEAD + STORIES) as club:
        (opening,) = texts(opened(club), "post")
        assert "「我和书」开始啦，到 12 月 2 日 22:00 截止。" in opening
        assert "发「投稿 …」" in opening

        lines = club.say("投稿 我小时候在被窝里读书")

        assert "Li 的故事 1 记下了" in said(lines)
        assert items(club) == [(1, "story", "open", 1)]
        assert paid(club, "story") == [15]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("投稿 😀😀", "再加几句话"),
        ("投稿 书", "再多写几个字"),
        ("投稿 " + "长" * 9_000, "前 2000 个字"),
    ],
)
def test_what_cannot_be_taken_is_told_and_what_is_too_long_is_cut(words: str, answer: str):
    with life(HEAD + STORIES) as club:
        opened(club)

        assert answer in said(club.say(words))
        assert all(len(item.text) <= 2_000 for item in club.read(Item))


def test_the_same_twice_is_one_entry_also_after_a_crash():
    with life(HEAD + STORIES) as club:
        opened(club)
        event = builders.message("投稿 我在火车上读完一本书", sender="li", at=club.now)
        club.handle(event, crash=True)
        club.handle(event)
        club.handle(event)

        assert "编号 1" in said(club.say("投稿 我在火车上读完一本书！"))
        assert len(items(club)) == 1
        assert paid(club, "story") == [15]


def test_an_entry_a_second_too_late_is_kept_and_told_kindly():
    with life(HEAD + STORIES) as club:
        opened(club)
        club.now += 2 * HOUR - 1_000
        club.say("投稿 还差一秒，我来得及吗")
        club.now += 1_000
        lines = club.say("投稿 我晚了一秒，还能算吗")
        club.tick()
        club.now += MINUTE
        late = privately(club, "投稿 我晚了一分钟，还能算吗")

        assert "这一条来晚了一点" in said(lines)
        assert "我替你留着" in said(late)
        assert items(club) == [
            (1, "story", "open", 1), (2, "story", "open", 0), (3, "story", "late", 1),
        ]  # fmt: skip


def test_what_was_said_in_time_counts_even_if_it_is_heard_late():
    with life(HEAD + STORIES) as club:
        opened(club)
        club.wait(EVENING + 2 * HOUR + MINUTE)

        club.say("投稿 网络慢，其实没迟到", at=EVENING + 2 * HOUR - 1)

        assert items(club) == [(1, "story", "open", 1)]


def test_several_open_collections_do_not_steal_from_each_other():
    pack = (
        HEAD + STORIES + step("ideas", "title: 金点子, kind: idea, for: 2h, categories: [活动]")
        + step("photos", "title: 书架, kind: photo, for: 2h")
        + step("snags", "title: 随手拍, kind: snag, for: 2h")
    )  # fmt: skip
    with life(pack) as club:
        opened(club)
        asked = club.say("投稿 一个没有说清楚的东西")
        assert "1. 我和书\n2. 金点子\n3. 书架" in said(asked)
        assert all(line.private or line.do == "dm" for line in asked if line.do != "points")
        assert items(club) == []

        club.say("投稿 2 办一次图书市集")
        club.say("投稿 我和书：读书的冬天")
        club.say("投稿 活动 去河边读诗")
        club.say("投稿 窗边的书架", has_image=True)
        club.say("随手拍 门口的灯坏了")

        assert [(i.kind, i.category) for i in club.read(Item, order="number")] == [
            ("idea", ""), ("story", ""), ("idea", "活动"), ("photo", ""), ("snag", ""),
        ]  # fmt: skip


def test_a_photo_needs_a_picture_with_the_words_or_just_before_them():
    with life(HEAD + step("photos", "title: 书架, kind: photo, for: 2h")) as club:
        opened(club)
        assert "要有一张图" in said(club.say("投稿 窗边的书架"))

        club.say("", has_image=True)
        club.now += MINUTE
        assert "照片 1 记下了" in said(club.say("投稿 窗边的书架"))
        assert "要有一张图" in said(club.say("投稿 另一张"))

        (task,) = of(club.wait(EVENING + 2 * HOUR), "task")
        assert "按编号存好：1" in task.text


def test_in_private_an_entry_goes_to_the_only_group_that_collects_and_is_shown_there():
    with life(HEAD + STORIES, groups=[builders.group(), builders.group(id="g2")]) as club:
        club.join("li", group="g2")
        opened(club)
        privately(club, "投稿 悄悄说的一个故事")

        lines = club.wait(EVENING + 10 * MINUTE)

        assert "1（Li）：悄悄说的一个故事" in texts(lines, "post")[0]


class TestReview:
    PACK = HEAD + step(
        "stories",
        "title: 我和书, kind: story, for: 2h, review: true, prizes: [{top: 1, benefit: coupon}]",
    )

    def test_nothing_is_shown_liked_or_paid_before_a_yes(self):
        with life(self.PACK) as club:
            opened(club)
            lines = privately(club, "投稿 等人看过的故事")
            (task,) = of(lines, "task")
            assert "等人看过的故事" in task.text
            assert paid(club, "story") == []
            assert "没有找到这个编号" in said(club.say("赞 1", "chen"))

            lines = club.say("同意 1", "owner", mentions_bot=True)

            assert paid(club, "story") == [15]
            assert "通过啦" in said(lines)
            assert "等人看过的故事" in said(club.wait(EVENING + 20 * MINUTE))
            club.say("赞 1", "chen")
            assert "Chen" in said(club.wait(club.now + 20 * MINUTE))

    def test_a_no_is_a_kind_private_word_and_shows_nothing(self):
        with life(self.PACK) as club:
            opened(club)
            privately(club, "投稿 不太合适的故事")
            lines = club.say("拒绝 1", "owner", mentions_bot=True)

            (told,) = [line for line in lines if line.do == "dm" and line.member]
            assert "不是写得不好" in told.text
            assert paid(club, "story") == []
            assert of(club.wait(EVENING + 3 * HOUR), "post") == []

    def test_staff_answer_twice_and_it_is_shown_once(self):
        with life(self.PACK) as club:
            opened(club)
            privately(club, "投稿 等人看过的故事")
            club.say("同意 1", "owner", mentions_bot=True)
            club.say("同意 1", "owner", mentions_bot=True, key="again")

            assert paid(club, "story") == [15]
            assert len(of(club.wait(EVENING + 30 * MINUTE), "post")) == 1


class TestWishes:
    PACK = HEAD + step("wishes", "title: 心愿墙, kind: wish, anonymous: true, for: 30h")

    def test_in_a_group_nothing_is_revealed_and_nothing_taken(self):
        with life(self.PACK) as club:
            opened(club)
            lines = club.say("心愿 想要一个读书角")
            assert "私信我「心愿」" in said(lines)
            assert "读书角" not in said(lines)
            assert items(club) == []

    def test_its_author_is_in_no_record_but_the_one_that_hides_them(self):
        with life(self.PACK) as club:
            opened(club)
            privately(club, "心愿 想要一个读书角", "chen")
            club.say("赞 1", "zhao")
            club.wait(EVENING + HOUR)

            (item,) = club.read(Item)
            assert (item.person, item.message_id) == (0, "")
            assert item.at < EVENING
            assert not any("读书角" in each.text for each in club.read(Message, group=""))
            told = [each.body for each in club.read(Outgoing) if "读书角" in str(each.body)]
            assert [body.get("member", "") for body in told] == [""] * len(told) != []
            assert not any(task.person for task in club.read(Task))
            assert paid(club, "wish") == paid(club, "like-received") == []

    def test_it_is_paid_as_one_sum_without_source_at_the_next_midnight(self):
        with life(self.PACK) as club:
            opened(club)
            for wish in ("想要一个读书角", "想听一次诗会", "想办一场交换市集"):
                privately(club, f"心愿 {wish}", "chen")
            privately(club, "心愿 想学写毛笔字", "zhao")
            midnight = EVENING + 4 * HOUR
            club.wait(midnight - 1)
            assert paid(club, "wish") == []
            club.wait(midnight + 10 * MINUTE)

            entries = club.read(LedgerEntry, deed="wish", order="id")
            assert [(e.points, e.source, e.group, e.step) for e in entries] == [
                (6, "anonymous:2026-12-02", "", ""), (3, "anonymous:2026-12-02", "", ""),
            ]  # fmt: skip
            assert club.read(HiddenAuthor, due_at__gt=0) == []

    def test_a_telephone_number_is_not_published(self):
        with life(self.PACK) as club:
            opened(club)
            lines = privately(club, "心愿 想找人读书，13800138000", "chen")
            assert "联系方式" in said(lines)
            assert items(club) == []

    def test_who_wrote_it_gives_themselves_nothing_and_learns_it_from_nobody(self):
        with life(self.PACK) as club:
            opened(club)
            privately(club, "心愿 想要一个读书角", "chen")
            mine, others = club.say("赞 1", "chen"), club.say("赞 1", "zhao")

            assert [line.do for line in mine] == [line.do for line in others] == []
            assert "1 个赞" in said(club.wait(EVENING + 2 * DAY))

    def test_only_staff_with_a_reason_learn_who_it_was_and_it_is_noted(self):
        with life(self.PACK) as club:
            club.enforce(builders.group(staff=("boss",)))
            opened(club)
            club.enforce(builders.group(staff=("boss",)))
            privately(club, "心愿 想要一个读书角", "chen")
            assert "Chen" not in said(club.say("查作者 1 有人投诉", "li", mentions_bot=True))
            assert "Chen" not in said(club.say("查作者 1", "boss", mentions_bot=True))

            lines = club.say("查作者 1 有人投诉说是骂人", "boss", mentions_bot=True)

            told = [line for line in lines if "Chen" in line.text]
            assert [line.do for line in told] == ["dm"]
            assert any(line.to == "owner" and "骂人" in line.text for line in lines)
            (note,) = club.read(Note, do="reveal")
            assert note.body["number"] == 1
            assert "Chen" not in str(note.body)

    def test_where_nobody_can_stay_unknown_people_hold_it(self):
        group = builders.group(channels={"link": GROUP})
        with life(self.PACK, groups=[group]) as club:
            club.now = EVENING - HOUR
            club.enforce(group)
            lines = club.wait(EVENING)

            assert of(lines, "post") == []
            assert "请在「晨读一群」主持「心愿墙」" in texts(lines, "task")[0]


def test_where_mentions_alone_are_heard_it_says_how_to_make_up_and_to_take_back():
    group = builders.group(channels={"link": GROUP})
    pack = (
        HEAD
        + step("ideas", "title: 点子, kind: idea, for: 2h")
        + step("run", "title: 打卡, kind: checkin, for: 9d")
    )
    with life(pack, groups=[group]) as club:
        club.now = EVENING - HOUR
        club.enforce(group)
        told = said(club.wait(EVENING))

        assert "漏了一天不要紧，@我 发「补卡」就能补上" in told
        assert "想拿回来，随时私信我「撤回 编号」。" in told


class TestSnags:
    PACK = HEAD + step("snags", "title: 随手拍, kind: snag, for: 9d, assign: {电梯: wang}")

    def test_it_is_given_to_who_is_in_charge_put_right_confirmed_and_paid(self):
        with life(self.PACK) as club:
            opened(club)
            (task,) = of(club.say("随手拍 三号楼电梯坏了", "zhao"), "task")
            assert task.to == str(club.person("wang").id)
            privately(club, "完成 1", "wang")
            (asked,) = club.read(Task, status="open")
            assert asked.to == str(club.person("zhao").id)
            # Staff are asked in the same words, where who reported it says nothing.
            assert asked.text.startswith("Zhao 报的随手拍 1 ")
            assert paid(club, "fixed") == []

            lines = privately(club, "同意 2", "zhao")

            assert paid(club, "fixed") == [6]
            assert "谢谢你" in said(lines)
            assert [item.status for item in club.read(Item)] == ["confirmed"]
            assert "Wang 处理好 1 件" in said(club.wait(EVENING + 9 * DAY))

    def test_put_right_it_is_shown_and_likes_are_the_fixers(self):
        with life(self.PACK) as club:
            opened(club)
            club.say("报修 电梯坏了", "zhao")
            assert "电梯坏了" in said(privately(club, "任务", "wang"))
            privately(club, "完成 1", "wang")
            privately(club, "同意 2", "zhao")

            assert "1 办好啦：电梯坏了，谢谢 Wang！" in said(club.wait(EVENING + HOUR))
            club.say("赞 1", "li")
            assert "Wang 收到啦" in said(club.wait(EVENING + 2 * HOUR))

    def test_its_word_alone_is_told_how_while_it_is_open(self):
        with life(self.PACK) as club:
            club.join("zhao")
            assert club.say("随手拍", "zhao") == []
            opened(club)
            assert "发「随手拍 …」" in said(club.say("随手拍", "zhao", key="again"))

    def test_not_confirmed_it_goes_back_and_is_never_two_tasks(self):
        with life(self.PACK) as club:
            opened(club)
            club.say("随手拍 电梯坏了", "zhao")
            privately(club, "完成 1", "wang")
            privately(club, "拒绝 2", "zhao")

            (task,) = club.read(Task, status="open")
            assert (task.kind, task.to) == ("snag", str(club.person("wang").id))
            assert "还没好" in task.text
            privately(club, "完成 3", "wang")
            privately(club, "同意 4", "zhao")
            assert paid(club, "fixed") == [6]
            assert club.read(Task, status="open") == []

    def test_who_reported_it_may_answer_in_their_own_words(self):
        with life(self.PACK) as club:
            opened(club)
            club.say("随手拍 电梯坏了", "zhao")
            assert paid(club, "fixed") == []
            privately(club, "完成 1", "wang")
            assert "再去看" in said(privately(club, "还没好～", "zhao"))
            privately(club, "完成 3", "wang")
            privately(club, "好了", "li")
            assert paid(club, "fixed") == []

            assert "谢谢你告诉我" in said(privately(club, "修好了，谢谢！", "zhao"))
            assert paid(club, "fixed") == [6]
            assert club.read(Task, status="open") == []

    @pytest.mark.parametrize("early", [True, False])
    def test_of_who_reported_it_and_left_staff_are_asked_and_it_is_paid(self, *, early: bool):
        with life(self.PACK) as club:
            opened(club)
            club.say("随手拍 电梯坏了", "zhao")
            if early:
                leave(club, "zhao")
            privately(club, "完成 1", "wang")
            if not early:
                leave(club, "zhao")
            (asked,) = club.read(Task, status="open")
            assert (asked.kind, asked.to) == ("snag-fixed", "staff")

            privately(club, f"同意 {asked.id}", "owner")
            assert paid(club, "fixed") == [6]

    def test_who_was_in_charge_and_left_is_given_nothing(self):
        with life(self.PACK) as club:
            opened(club)
            leave(club, "wang")
            (task,) = of(club.say("随手拍 电梯坏了", "zhao"), "task")

            assert task.to == "staff"

    def test_nobody_is_paid_for_what_they_alone_say_is_right(self):
        with life(self.PACK) as club:
            opened(club)
            club.say("随手拍 电梯坏了", "wang")
            privately(club, "完成 1", "wang")
            privately(club, "同意 2", "wang")

            assert paid(club, "fixed") == []

    def test_what_is_withdrawn_is_nobodys_task_any_more(self):
        with life(self.PACK) as club:
            opened(club)
            club.say("随手拍 电梯坏了", "zhao")
            privately(club, "撤回 1", "zhao")

            assert club.read(Task, status="open") == []


class TestCampaign:
    PACK = HEAD + step(
        "race",
        "title: 我和书, kind: story, for: 26h, goal: 4, "
        "prizes: [{top: 2, benefit: bag}, {likes: 2, benefit: coupon}]",
    )

    def entered(self, club: Life) -> None:
        opened(club)
        for name in ("li", "chen", "zhao"):
            club.say(f"投稿 {name} 读书的故事", name)
            club.now += MINUTE

    def test_likes_win_a_prize_once_however_many_there_are(self):
        with life(self.PACK) as club:
            self.entered(club)
            club.say("赞 1", "chen")
            assert club.read(Claim) == []
            lines = club.say("赞 1", "zhao")
            assert "书券" in said(lines)
            club.say("赞 1", "wang")
            club.say("取消赞 1", "wang")
            club.say("赞 1", "owner")

            assert [claim.benefit for claim in club.read(Claim)] == ["coupon"]

    def test_the_best_win_of_equals_who_got_there_first_and_prizes_wait_for_the_morning(self):
        with life(self.PACK) as club:
            self.entered(club)
            for number, giver in ((3, "li"), (2, "zhao"), (1, "chen"), (1, "wang")):
                club.now += MINUTE
                club.say(f"赞 {number}", giver)
            at_night = club.wait(EVENING + 26 * HOUR + 10 * HOUR)
            assert sorted(each.benefit for each in club.read(Claim)) == ["bag", "bag", "coupon"]
            who = {each.person for each in club.read(Claim, benefit="bag")}
            assert who == {club.person("li").id, club.person("zhao").id}
            summary = next(text for text in texts(at_night, "post") if "到点啦" in text)
            assert "1. 1（Li）：li 读书的故事，2 个赞\n2. 3（Zhao）" in summary
            assert "恭喜Li、Zhao，得到「帆布袋」！" in summary
            handed = [line for line in at_night if line.do == "dm" and "帆布袋" in line.text]
            assert len(handed) == 2

    def test_who_left_before_the_end_has_no_place_and_the_next_moves_up(self):
        with life(self.PACK) as club:
            self.entered(club)
            for number, giver in ((1, "chen"), (2, "zhao"), (3, "li")):
                club.now += MINUTE
                club.say(f"赞 {number}", giver)
            leave(club, "li")
            ended = said(club.wait(EVENING + 37 * HOUR)).split("到点啦")[1]

            who = {each.person for each in club.read(Claim, benefit="bag")}
            assert who == {club.person("chen").id, club.person("zhao").id}
            assert "Li" not in ended

    def test_the_unlisted_are_not_named(self):
        with life(self.PACK) as club:
            self.entered(club)
            club.say("不上榜", "li", mentions_bot=True)
            club.say("赞 1", "chen")

            words = said(club.wait(EVENING + 37 * HOUR))
            assert "Li" not in words.split("到点啦")[1]
            assert "恭喜一位伙伴" in words

    def test_half_of_the_goal_and_the_goal_are_told_once(self):
        with life(self.PACK) as club:
            self.entered(club)
            lines = club.tick()
            assert [text for text in texts(lines, "post") if "过半" in text] != []
            club.say("投稿 wang 读书的故事", "wang")
            assert "达成" in said(club.tick())
            privately(club, "撤回 4", "wang")
            club.say("投稿 wang 又一个故事", "wang")
            assert "达成" not in said(club.tick())


def test_what_is_withdrawn_is_shown_nowhere():
    pack = HEAD + STORIES + SHOW
    with life(pack) as club:
        opened(club)
        club.say("投稿 要收回的故事", "li")
        club.say("投稿 留下的故事", "chen")
        for giver in ("zhao", "wang"):
            club.say("赞 1", giver)
        club.say("赞 2", "zhao")
        assert "没有找到" in said(privately(club, "撤回 1", "chen"))

        lines = privately(club, "撤回 1", "li")

        assert "拿回来了" in said(lines)
        words = said(club.wait(EVENING + 3 * HOUR))
        assert "要收回的故事" not in words
        assert "最好的：2（Chen）：留下的故事，1 个赞" in words
        assert club.read(Item, number=1)[0].text == ""


def test_teams_are_named_once_and_never_too_large():
    pack = HEAD + step("relay", "title: 家庭接力, kind: story, for: 2h, team: {by: 家庭, size: 2}")
    with life(pack) as club:
        opened(club)
        club.say("投稿 家庭 张家 我们种了一盆花", "li")
        club.say("投稿 又开了一朵小小的花", "li")
        club.say("投稿 家庭：张家 我画了这盆花", "chen")
        assert "已经满 2 人" in said(club.say("投稿 家庭 张家 我浇了水", "zhao"))
        assert "发「投稿 家庭 名字」" in said(club.say("投稿 我读了一本花的书", "wang"))
        assert "都算上了" in said(club.say("投稿 家庭 李家", "wang"))

        words = said(club.wait(EVENING + 2 * HOUR))
        assert "1. 「张家」3 条，0 个赞\n2. 「李家」1 条" in words


def test_an_election_first_nominates_and_then_likes_decide():
    pack = HEAD + step(
        "stars",
        "title: 社区之星, kind: thanks, for: 20h, nominate: 1h, prizes: [{top: 1, benefit: bag}]",
    )
    with life(pack) as club:
        opened(club)
        assert "写上 @名字" in said(club.say("投稿 大家都很好", "li"))
        club.say("投稿 @chen 总是热心答疑", "li", mentions=("chen",))
        club.say("投稿 @zhao 组织了市集", "wang", mentions=("zhao",))
        assert "已经被提名" in said(club.say("投稿 @chen 很温暖", "zhao", mentions=("chen",)))
        words = said(club.wait(EVENING + HOUR))
        assert "1. Chen：" in words
        assert "提名已经截止" in said(club.say("投稿 @wang 很好", "li", mentions=("wang",)))

        for giver in ("zhao", "wang"):
            club.say("赞 1", giver)
        for giver in ("zhao", "wang"):
            club.say("赞 2", giver)
        words = said(club.wait(EVENING + 20 * HOUR))

        assert "1. Chen，2 个赞" in words
        assert "恭喜Chen，得到「帆布袋」" in words
        assert [each.person for each in club.read(Claim)] == [club.person("chen").id]


def test_who_names_the_team_later_joins_it_with_what_was_given():
    race = step("race", "title: 接力, kind: story, for: 20h, team: {by: 家庭, size: 3}")
    with life(HEAD + race) as club:
        opened(club)
        told = said(club.say("投稿 我们家读的是三国演义", "li"))
        assert "发「投稿 家庭 名字」，这一条也算进去" in told
        again = club.say("投稿 家庭 李家 我们家读的是三国演义", "li", key="again")

        assert "记在「李家」名下" in said(again)
        assert [each.team for each in club.read(Item)] == ["李家"]


def test_a_name_is_put_forward_in_its_own_words_and_its_likes_are_the_nominees():
    election = step("stars", "title: 社区之星, kind: thanks, for: 20h, nominate: 1h")
    with life(HEAD + election + step("tales", "title: 故事, kind: story, for: 20h")) as club:
        opened(club)
        assert "Li 推荐了 Chen，编号 1" in said(
            club.say("提名 @chen 总是热心答疑", "li", mentions=("chen",))
        )
        assert club.read(Item, number=1)[0].text == "总是热心答疑"
        own = club.say("提名 @zhao 我自己", "zhao", mentions=("zhao",), key="own")
        assert "等大家来提名你" in said(own)
        assert "的故事 2 记下了" in said(club.say("投稿 我和书店的十年", "wang"))

        assert "自己的" in said(club.say("赞 1", "chen"))
        club.say("赞 1", "zhao")
        club.say("赞 1", "li")

        assert [each.author for each in club.read(Like)] == [club.person("chen").id] * 2


def test_who_is_put_forward_is_named_to_the_group_and_only_while_they_are_there():
    election = step("stars", "title: 社区之星, kind: thanks, for: 20h, nominate: 1h")
    with life(HEAD + election) as club:
        opened(club)
        for key, name in (("one", "chen"), ("two", "wang")):
            words = f"提名 @{name} 总是热心答疑"
            club.say(words, "li", mentions=(name,), group="", key=key)
        shown = said(club.wait(EVENING + 20 * MINUTE))
        assert "1（Li 推荐）：Chen，总是热心答疑" in shown

        club.happen(MemberLeft, group=GROUP, member="wang")
        listed = said(club.wait(EVENING + HOUR))
        assert ("1. Chen：" in listed, "Wang" in listed) == (True, False)


def test_who_likes_somebody_by_name_while_they_stand_in_an_election_votes_for_them():
    election = step(
        "stars",
        "title: 社区之星, kind: thanks, for: 20h, nominate: 1h, prizes: [{top: 1, benefit: bag}]",
    )
    with life(HEAD + election + step("tales", "title: 故事, kind: story, for: 20h")) as club:
        opened(club)
        club.say("提名 @chen 总是热心答疑", "li", mentions=("chen",))
        club.say("投稿 我和书店的十年", "chen")
        club.say("赞 @chen", "zhao", mentions=("chen",))
        assert [each.target for each in club.read(Like)] == [club.read(Item)[0].source]

        club.say("赞 @chen", "zhao", mentions=("chen",), key="again")
        assert len(club.read(Like)) == 2
        assert "1. Chen，1 个赞" in said(club.wait(EVENING + 20 * HOUR))


def test_where_nobody_was_liked_all_are_named_and_the_prize_is_said_to_be_kept():
    prizes = "kind: thanks, for: 2h, prizes: [{top: 1, benefit: bag}]"
    election = step("stars", f"title: 社区之星, nominate: 1h, {prizes}")
    with life(HEAD + election + step("walls", f"title: 感谢墙, {prizes}")) as club:
        words = said(opened(club))
        assert "第一名得「帆布袋」" in words
        club.say("提名 @chen 总是热心答疑", "li", mentions=("chen",))
        club.say("投稿 谢谢大家陪我读书", "zhao")
        words = said(club.wait(EVENING + 2 * HOUR))

        assert "被推荐的有 Chen，都值得谢谢。" in words
        assert "谢谢 Zhao。" in words
        assert words.count("「帆布袋」这次先留着") == 2


def test_thanks_to_somebody_and_a_recommendation_are_entries_of_what_wants_them():
    election = step("stars", "title: 社区之星, kind: thanks, for: 20h, nominate: 1h")
    with life(HEAD + election + step("walls", "title: 感谢墙, kind: thanks, for: 20h")) as club:
        club.join("chen")
        assert club.say("感谢 @chen 帮我搬家", "li", mentions=("chen",), key="before") == []
        opened(club)
        assert "Li 的感谢 1 记下了" in said(
            club.say("感谢 @chen 帮我搬家", "li", mentions=("chen",))
        )
        assert "Zhao 推荐了 Chen，编号 2" in said(
            club.say("我推荐@chen 总是热心答疑", "zhao", mentions=("chen",))
        )
        assert [each.text for each in club.read(Item)] == ["感谢 @chen 帮我搬家", "总是热心答疑"]
        for words in ("谢谢大家", "推荐一本书", "谢谢 大家 @chen"):
            club.say(words, "wang", key=words)
        club.say("谢谢 @chen", "wang", quote="感谢 @chen 帮我搬家", mentions=("chen",))
        assert len(club.read(Item)) == 2


def test_a_wish_is_given_in_private_also_where_it_is_shown_with_a_name():
    with life(HEAD + step("wishes", "title: 心愿墙, kind: wish, for: 9d")) as club:
        assert "私信我「心愿 …」" in said(opened(club))
        assert "私信我「心愿」" in said(club.say("心愿 想去看海", "li"))


def test_where_nothing_is_elected_a_name_put_forward_is_told_so():
    with life(HEAD + step("stories", "title: 我和书, kind: story, for: 9d")) as club:
        opened(club)
        assert "没有正在提名的评选" in said(club.say("提名 @chen 很好", "li", mentions=("chen",)))


def test_staff_open_and_close_by_hand_and_a_second_time_it_is_the_same():
    with life(HEAD + step("stories", "title: 我和书, kind: story, for: 9d", "10:00 sun")) as club:
        club.enforce()
        club.join("owner", "li")
        club.say("开场 我和书", "owner", mentions_bot=True)
        assert "「我和书」开始啦" in said(club.tick())
        club.say("投稿 手动开场也能讲的故事", "li")
        club.say("开场 我和书", "owner", mentions_bot=True, key="again")
        club.tick()
        assert len(club.read(Thread)) == 1

        club.say("结束", "owner", mentions_bot=True)
        assert "一共收到 1 条" in said(club.tick())


def test_it_runs_under_the_version_it_began_with():
    with life(HEAD + STORIES) as club:
        opened(club)
        club.edit(HEAD.replace("{points: 15}", "{points: 99}") + step("other", "kind: idea"))

        club.say("投稿 改了规则以后的故事")

        assert paid(club, "story") == [15]
        assert "「我和书」到点啦" in said(club.wait(EVENING + 2 * HOUR))


def test_where_nothing_is_heard_people_hold_it():
    group = builders.group(channels={"webhook": GROUP})
    with life(HEAD + STORIES, groups=[group]) as club:
        club.now = EVENING - HOUR
        club.enforce(group)

        (line,) = of(club.wait(EVENING), "task")
        assert "主持「我和书」（2 小时）" in line.text


def test_what_is_merely_said_or_quotes_the_opening_is_no_entry_and_no_question():
    with life(HEAD + STORIES) as club:
        (opening,) = texts(opened(club), "post")

        club.say("这个要到几号截止？", quote=opening)
        club.say("我也想写一个故事", "chen")

        assert items(club) == []


def points(club: Life, userid: str) -> int:
    return club.person(userid).balance


def test_what_is_taken_back_within_a_day_earns_nothing_however_often():
    with life(HEAD + step("stories", "title: 我和书, kind: story, for: 9d")) as club:
        opened(club)
        for number in range(1, 4):
            privately(club, f"投稿 谁也没看到的故事 {number}", "li")
            words = said(privately(club, f"撤回 {number}", "li"))
            assert "它的 15 分也一起收回了" in words
            assert "15 分" not in said(privately(club, f"撤回 {number}", "li"))

        assert points(club, "li") == 0
        assert sorted(entry.points for entry in club.read(LedgerEntry)) == [-15] * 3 + [15] * 3
        assert "故事（第 3 条）（已拿回） -15" in said(privately(club, "积分明细", "li"))


def test_what_others_have_had_for_a_day_stays_paid():
    with life(HEAD + step("stories", "title: 我和书, kind: story, for: 9d")) as club:
        opened(club)
        club.say("投稿 大家都看过的故事", "li")
        club.wait(club.now + DAY)

        assert "15 分" not in said(privately(club, "撤回 1", "li"))
        assert points(club, "li") == 15
