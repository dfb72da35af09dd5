"""Where points come from, why somebody was reminded, and who may ask that about whom."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.ledger import ledger
from handlers.moderation.clemency import forgive
from handlers.ports import Outcome
from handlers.staff import staff
from sop.model import Claim, LedgerEntry, Message, Outgoing, Strike
from storage import retention
from tests import builders, clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, Life, life

PACK = """
rules:
  checks: [{id: ads, detect: words, any: [加我微信], reason: 不发广告}]
  ladder: [remind, mute-points, remove]
  mute: 24h
  forget_after: 30d
  appeal: {within: 72h}
score:
  window: 60d
  earn:
    message: {points: 1, cap: 2/day}
    checkin: {points: 2, cap: 1/week}
    introduce: {points: 5, once: true}
    answer: {points: 3}
    accepted: {points: 10}
    invite: {points: 8}
  lose: {strike: {points: 4}}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 500}]
"""


def told(lines: object) -> list[str]:
    actions = lines.actions if isinstance(lines, Outcome) else lines
    found = [line.text for line in actions if line.do == "reply"]  # type: ignore[attr-defined] # actions
    return "\n".join(found).splitlines()


def ask(club: Life, text: str, sender: str = "li", **fields: object) -> list[str]:
    club.now += 1
    return told(club.say(text, sender, **{"group": "", **fields}))


def test_each_entry_is_told_in_plain_words():
    with life(PACK, groups=(builders.group(), builders.group(id="g2", title="二群"))) as club:
        club.enforce(builders.group(), builders.group(id="g2", title="二群"))
        club.join("li", "wang")
        club.join("li", group="g2")
        club.say("早上好", "li")
        with club.acting("wang") as context:
            guest = context.person_id
        with club.acting("li", group_id="g2") as context:
            number = context.person_id
            context.store.put(
                Claim(
                    community=COMMUNITY, id=7, benefit="b", person=number, at=1, title="书签"
                )
            )  # fmt: skip
            ledger.book_entry(context, number, "redeem", -3, score=0, source="claim:7")
            ledger.credit(context, number, "introduce", source="item:g2:12")
            ledger.credit(context, number, "accepted", source="question:g2:3")
            ledger.credit(context, number, "invite", source=f"invite:{guest}")
            ledger.book_entry(
                context, number, "recompute", -2, score=-2, source="recompute:message:2026-11-01:1"
            )
            entry = context.store.find(LedgerEntry, community=COMMUNITY, deed="accepted")[0]
            ledger.reverse(context, entry, "undo")

        assert ask(club, "积分明细") == [
            "最近的积分：",
            "12月2日 更正：回答被采纳（问题 3）（二群） -10",
            "12月2日 按新规则重算（发言）（二群） -2",
            "12月2日 邀请朋友（Wang）（二群） +8",
            "12月2日 回答被采纳（问题 3）（二群） +10",
            "12月2日 自我介绍（第 12 条）（二群） +5",
            "12月2日 兑换（书签）（二群） -3",
            "12月2日 发言（晨读一群） +1",
            "再有 488 分就是「书友」。",
            "可以这样得分：回答被采纳 +10、邀请朋友 +8、回答 +3。",
        ]


def test_one_group_is_not_named_in_every_line():
    with life(PACK) as club:
        club.enforce()
        club.say("早上好", "li")
        with club.acting("li", group_id="") as context:
            ledger.book_entry(context, context.person_id, "redeem", -1, score=0, source="claim:1")

        assert ask(club, "积分明细")[1:3] == ["12月2日 兑换 -1", "12月2日 发言 +1"]


def test_earlier_entries_are_shown_page_by_page():
    with clubs.opened(PACK) as club:
        club.say("群主好", "boss")
        context = club.context(club.message(""))
        for number in range(1, 24):
            ledger.book_entry(context, club.li.id, "award", number, score=0, source=f"a:{number}")

        def shown(text: str, sender: str = "li") -> list[str]:
            return told(club.say(text, sender, mentions_bot=True))

        first = shown("积分明细")
        assert [int(line.rpartition("+")[2]) for line in first[1:11]] == [*range(23, 13, -1)]
        assert first[11] == "看更早的，发「积分明细 第2页」。"
        assert shown("积分明细 第２页")[-1] == "看更早的，发「积分明细 第3页」。"
        last = shown("我的分怎么来的 第3页")
        assert last[0] == "更早的积分（第 3 页）："
        assert [line[-2:] for line in last[1:]] == ["+3", "+2", "+1"]
        assert shown("积分明细 第4页") == ["没有更早的积分记录啦。"]
        assert (
            shown("积分明细 @李四 第2页", "boss")[-1] == "看更早的，发「积分明细 @李四 第3页」。"
        )


def test_what_is_full_and_what_rests_is_told():
    with life(PACK) as club:
        club.enforce()
        for number in range(3):
            club.say(f"第 {number} 句", "li")
        club.say("打卡", "li")
        with club.acting("li") as context:
            assert context.person is not None
            muted = replace(context.person, muted_until=club.now + 2 * HOUR)
            context.store.put(muted)

        lines = ask(club, "我的分怎么来的")

        assert "今天已计满：发言 2/2，明天继续。" in lines
        assert "本周已计满：签到 1/1，下周继续。" in lines
        assert "发言到 12月2日 22:00 前暂不计分，时间到自动恢复。" in lines
        assert not any(word in lines[-1] for word in ("发言 +", "签到 +"))


@pytest.fixture
def struck() -> Iterator[Life]:
    with life(PACK) as club:
        club.enforce(builders.group(owner="boss"))
        club.join("li")
        club.say("早上好", "li")
        club.now += HOUR
        club.say("便宜了！加我微信 abc", "li", at=club.now)
        yield club


def test_a_strike_is_accounted_for(struck: Life):
    assert ask(struck, "为什么警告我") == [
        "12月2日 21:00，在「晨读一群」，碰到的群规是「不发广告」。",
        "当时说的是：便宜了！加我微信 abc",
        "看到的是：「加我微信」",
        "这次先提醒一下，不用放在心上。",
        "这次扣了 4 分。",
        "1月1日起不再计入。",
        "觉得判错了，发「申诉」，会有人来看。",
    ]
    ask(struck, "申诉")
    assert ask(struck, "为什么提醒我")[-1] == "申诉正在处理，有结果会私信告诉你。"


def test_an_appeal_is_offered_in_time_only_and_a_text_that_is_gone_is_not_made_up(struck: Life):
    with struck.acting() as context:
        found = context.store.find(Message, community=COMMUNITY)
        context.store.amend(Message, [replace(each, text="") for each in found])  # type: ignore[attr-defined] # the store's own
    struck.now += 4 * DAY

    lines = ask(struck, "为什么警告我")

    assert lines[1] == "当时的原话已经过了保存期。"
    assert not any("申诉" in line for line in lines)


def test_a_mute_is_told_while_it_lasts_and_a_second_strike_counts_the_first(struck: Life):
    struck.now += HOUR
    with struck.acting() as context:
        for each in context.store.find(Outgoing, community=COMMUNITY):
            context.store.put(replace(each, status="sent", done_at=struck.now - 1))
    struck.say("加我微信 加我微信", "li", at=struck.now)

    lines = ask(struck, "为什么警告我")
    assert "发言到 12月3日 22:00 前暂不计分，时间到自动恢复。" in lines
    assert lines[-1] == "另外还有 1 次，都早于这一次。"
    struck.now += 2 * DAY
    assert "当时发言有一段时间没计分，现在已经恢复。" in ask(struck, "为什么警告我")


def test_what_was_taken_back_is_told_as_such(struck: Life):
    with struck.acting() as context:
        forgive(context, context.store.find(Strike, community=COMMUNITY)[0])

    assert ask(struck, "为什么警告我")[-1] == "后来已经撤销，分数也还了。"


def test_who_was_never_reminded_hears_so(struck: Life):
    struck.join("wang")

    assert ask(struck, "为什么警告我", "wang") == ["最近没有提醒过你，安心聊天就好。"]
    assert ask(struck, "为什么警告 @Wang", "boss") == ["最近没有提醒过 Wang。"]


@pytest.mark.parametrize("word", ["积分", "积分明细", "成长", "为什么警告"])
def test_staff_may_ask_about_anyone_and_nobody_else(struck: Life, word: str):
    struck.join("wang")

    theirs = ask(struck, f"{word} @Li", "boss")
    assert theirs
    assert theirs != ask(struck, word, "boss")
    assert ask(struck, f"{word} @Li", "wang") == ["这个命令要群主或管理员来用。"]
    public = struck.say(f"{word} @Li", "boss", at=struck.now, key=f"in group {word}")
    assert all(line.private for line in public if line.do == "reply" and "分" in line.text)


def test_who_mentions_the_bot_asks_for_themselves():
    with clubs.opened(PACK) as club:
        assert told(club.say("积分 @晨晨"))[0].startswith("李四：余额")
        assert told(club.say("积分 ＠晨晨", mentions=("bot",)))[0].startswith("李四：余额")


def test_a_strike_by_hand_repeats_no_text():
    with clubs.opened(PACK) as club:
        event = club.message("警告 @李四 吵", "boss", group=GROUP)
        staff.warn(event, club.context(event), "@李四 吵")

        lines = told(club.say("为什么警告我"))

        assert lines[0].endswith("管理员私下提醒了一声：吵。")
        assert not any("说的是" in line for line in lines)
        assert told(club.say("积分明细"))[1].endswith("群规提醒（吵） -4")
        assert "的提醒（吵）判错了" in asked(club.say("申诉"))


def asked(outcome: Outcome) -> str:
    return "".join(line.text for line in outcome.actions if line.do == "task")


def test_a_strike_by_hand_without_a_reason_names_what_matters_here():
    with clubs.opened(PACK) as club:
        club.say("警告 @李四", "boss", mentions_bot=True)

        assert "互相尊重，不打扰大家" in told(club.say("为什么警告我"))[0]


def test_points_given_by_hand_say_what_for_as_long_as_texts_are_kept():
    with clubs.opened(PACK) as club:
        club.say("加分 @李四 10 组织了读书会", "boss", group=GROUP, key="first")
        club.say("加分 @李四 5", "boss", group=GROUP, key="second")

        assert told(club.say("积分明细"))[1:3] == [
            "12月2日 奖励 +5",
            "12月2日 奖励（组织了读书会） +10",
        ]
        retention.prune(club.store, EVENING + 91 * DAY, retain_text_days=90, limit=100)
        assert "组织了读书会" not in "".join(told(club.say("积分明细")))


ADVERTS = """
rules: {checks: [{id: ads, detect: ads}], appeal: {within: 72h}}
score: {earn: {message: {points: 1}}, lose: {strike: {points: 1}}}
"""


def test_what_met_the_rule_is_shown_as_the_member_wrote_it():
    with life(ADVERTS) as club:
        club.enforce(builders.group(owner="boss"))
        club.join("li")
        club.say("兼/职/日/结，加➕V❤ abc12345", "li")

        [line] = [one for one in ask(club, "为什么提醒我") if one.startswith("看到的是")]

        assert "「兼/职/日/结」" in line
        assert "「V❤ abc12345」" in line


def test_who_said_what_staff_have_called_an_advert_hears_that_it_was_that():
    words = "明天我们楼下新店开张，大家都来捧场呀"
    with life(ADVERTS) as club:
        club.enforce(builders.group(owner="boss"))
        club.join("li", "boss")
        club.say("广告", "boss", quote=words)
        club.now += 1
        club.say(words + "哦", "li", at=club.now)

        assert "这句话和管理员确认过的广告很像。" in ask(club, "为什么提醒我")
