"""Reports: staff look, one tap decides, and nobody learns who reported or was reported."""

from collections.abc import Iterator

import pytest

from handlers.moderation import moderation, reporting
from handlers.ports import Outcome
from sop.model import LearnedText, Person, Report, Strike
from tests import clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club, aloud, kinds, say_aloud, task, told

HOUR = 3_600_000
DAY = 24 * HOUR

PACK = """
rules:
  checks: [{id: ads, detect: words, any: [兼职日结], reason: 不发广告}]
  reports: {per_day: 5, groundless: 2}
score: {earn: {message: {points: 1}}, lose: {strike: {points: 10}}}
"""
ADVERT = "兼职日结三百，在家就能做"


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK) as made:
        made.member("wang.wu", "王五")
        yield made


def wu(club: Club) -> Person:
    return club.person("wang.wu")


def test_a_report_by_quote_is_judged_and_given_to_staff(club: Club):
    say_aloud(club, "wang.wu", ADVERT, "ad")

    outcome = club.say("举报", quote=ADVERT)

    assert kinds(outcome) == ["task", "reply"]
    text = outcome.actions[0].text
    assert "王五" in text
    assert "不发广告" in text
    assert ADVERT in text
    assert "李四" not in text
    assert aloud(outcome) == ""
    assert club.store.count(Strike, community=COMMUNITY) == 0


def test_a_harmless_text_is_reported_with_that_verdict(club: Club):
    outcome = club.say("举报 @王五", quote="今天天气真好")

    assert "没有碰到群规" in outcome.actions[0].text
    assert "王五" in outcome.actions[0].text


def test_what_is_only_doubtful_is_reported_as_that(club: Club):
    club.book = clubs.book("rules: {checks: [{id: abuse, detect: abuse}]}")
    say_aloud(club, "wang.wu", "你个傻逼", "a")

    outcome = club.say("举报", quote="你个傻逼")

    assert "可能是「好好说话，不骂人」" in outcome.actions[0].text
    club.say(f"同意 {task(club).id}", "boss")
    assert [each.rule for each in club.store.find(Strike)] == ["abuse"]


def test_a_quote_nobody_heard_is_reported_without_a_name(club: Club):
    outcome = club.say("举报", quote=ADVERT)

    assert kinds(outcome) == ["task", "reply"]
    assert task(club).person == 0
    assert "警告" not in outcome.actions[0].text


def test_a_text_two_members_said_is_nobodys(club: Club):
    say_aloud(club, "wang.wu", ADVERT, "a")
    say_aloud(club, "boss", ADVERT, "b")

    club.say("举报", quote=ADVERT)

    assert task(club).person == 0


def test_a_name_that_contradicts_the_quote_reports_nobody(club: Club):
    club.member("zhao", "赵六")
    say_aloud(club, "wang.wu", ADVERT, "a")

    outcome = club.say("举报 @赵六", quote=ADVERT)

    assert kinds(outcome) == ["reply"]
    assert outcome.actions[0].private


@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_a_member_is_reported_by_name(club: Club, group: str):
    outcome = club.say("举报 @王五 <a href='x'>总是</a>发广告", group=group)

    assert kinds(outcome) == ["task", "reply"]
    assert "发广告" in outcome.actions[0].text
    assert "<" not in outcome.actions[0].text
    assert aloud(outcome) == ""


@pytest.mark.parametrize("text", ["举报", "举报 有人发广告", "举报！"])
def test_a_report_that_points_at_nothing_is_told_how(club: Club, text: str):
    outcome = club.say(text)

    assert kinds(outcome) == ["reply"]
    assert "引用那条消息" in told(outcome)
    assert outcome.actions[0].private


def test_the_bots_own_post_is_nothing_to_report(club: Club):
    say_aloud(club, "", "早读 01", "bot:1")

    assert kinds(club.say("举报", quote="早读 01")) == ["reply"]


def test_where_nobody_can_be_reached_the_group_reads_no_name(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)

    outcome = club.say("举报 @王五", mentions_bot=True)

    assert kinds(outcome) == ["task", "reply"]
    assert aloud(outcome) == "收到。"


def test_five_reports_a_day_are_enough(club: Club):
    outcomes = [club.say("举报", quote=f"广告 {number} 号") for number in range(6)]
    tomorrow = club.say("举报", quote="又来", at=EVENING + 25 * HOUR)

    assert [kinds(each)[0] for each in outcomes] == ["task"] * 5 + ["reply"]
    assert kinds(tomorrow)[0] == "task"


def test_the_same_text_reported_by_many_is_one_task(club: Club):
    say_aloud(club, "wang.wu", ADVERT, "a")

    first: Outcome = club.say("举报", "li", quote=ADVERT)
    second = club.say("举报", "boss", quote=ADVERT)

    assert kinds(first) == ["task", "reply"]
    assert kinds(second) == ["reply"]
    assert told(first) == told(second)


def test_ten_thousand_characters_are_reported_shortly(club: Club):
    outcome = club.say("举报 " + "坏" * 10_000, quote=ADVERT + "x" * 10_000)

    assert len(outcome.actions[0].text) < 700


def reported(club: Club, text: str = ADVERT, at: int = EVENING) -> Outcome:
    say_aloud(club, "wang.wu", text, f"m:{text}:{at}", at=at - 1)
    return club.say("举报", "li", quote=text, at=at)


def statuses(club: Club) -> list[str]:
    return [each.status for each in club.store.find(Report, order="id")]


def test_a_yes_treats_the_message_as_a_breach_and_thanks_the_reporter_alone(club: Club):
    reported(club)

    outcome = club.say(f"同意 {task(club).id}", "boss")

    strikes = club.store.find(Strike)
    assert [(each.person, each.rule) for each in strikes] == [(wu(club).id, "ads")]
    thanks = [each for each in outcome.actions if each.to == str(club.li.id)]
    assert [(each.do, "谢谢" in each.text) for each in thanks] == [("dm", True)]
    to_author = "".join(each.text for each in outcome.actions if each.to == str(wu(club).id))
    assert "李四" not in to_author
    assert "举报" not in to_author
    assert statuses(club) == ["founded"]
    assert aloud(outcome) == ""


def test_a_no_changes_nothing_for_the_author(club: Club):
    reported(club, "今天天气真好")

    outcome = club.say(f"拒绝 {task(club).id}", "boss")

    assert club.store.count(Strike) == 0
    assert [each.to for each in outcome.actions if each.do == "dm"] == [str(club.li.id)]
    assert statuses(club) == ["groundless"]


@pytest.mark.parametrize(("answer", "label"), [("同意", "advert"), ("拒绝", "fine")])
def test_what_staff_say_of_a_reported_advert_is_learned(club: Club, answer: str, label: str):
    club.book = clubs.book("rules: {checks: [{id: ads, detect: ads}]}")
    reported(club, "专修电脑，需要的联系我")

    club.say(f"{answer} {task(club).id}", "boss")

    assert [each.label for each in club.store.find(LearnedText)] == [label]


def test_a_breach_that_no_rule_knows_is_struck_by_hand(club: Club):
    reported(club, "你们都是笨蛋")

    club.say(f"同意 {task(club).id}", "boss")

    assert [each.rule for each in club.store.find(Strike)] == ["staff"]
    why = "\n".join(each.text for each in club.say("为什么提醒我", "wang.wu", group="").actions)
    assert "当时说的是：你们都是笨蛋" in why


def struck(club: Club) -> None:
    say_aloud(club, "wang.wu", ADVERT, "ad")
    context = club.context(club.message("", "li"))
    assert context.group is not None
    said = moderation.Said(EVENING - 1, "ad", "heard")
    moderation.strike(context, context.group, wu(club), "ads", event=said)


@pytest.mark.parametrize("message_id", ["ad", ""], ids=["told by its id", "told by its words"])
def test_a_message_that_was_struck_is_not_looked_at_again(club: Club, message_id: str):
    struck(club)

    outcome = club.say("举报", quote=ADVERT, quote_id=message_id)

    assert club.store.count(Strike) == 1
    assert kinds(outcome) == ["reply"]
    assert "已经处理过了" in told(outcome)
    assert outcome.actions[0].private
    assert club.store.count(Report) == 0


def test_what_was_dealt_with_sends_nobody_to_private_to_say_it_again(club: Club):
    struck(club)
    club.group(channels=clubs.MENTIONS_ONLY)

    outcome = club.say("举报", quote=ADVERT, mentions_bot=True)

    assert aloud(outcome) == "收到。"


def test_a_strike_that_was_taken_back_is_not_asked_for_again(club: Club):
    struck(club)
    club.say("撤销 @王五", "boss")

    outcome = club.say("举报", quote=ADVERT)

    assert kinds(outcome) == ["reply"]
    assert "已经认真看过了" in told(outcome)


def test_what_staff_have_said_of_a_report_stands_for_the_next_reporter(club: Club):
    reported(club, "今天天气真好")
    club.say(f"拒绝 {task(club).id}", "boss")
    club.member("zhao", "赵六")

    outcome = club.say("举报", "zhao", quote="今天天气真好")

    assert kinds(outcome) == ["reply"]
    assert "看过" in told(outcome)


def test_who_reports_groundlessly_again_and_again_may_send_one_a_day(club: Club):
    for number in range(2):
        reported(club, f"天气真好 {number}", at=EVENING + number * DAY)
        club.say(f"拒绝 {task(club).id}", "boss", at=EVENING + number * DAY + HOUR)
    later = EVENING + 3 * DAY

    first = reported(club, "又来一条", at=later)
    second = reported(club, "再来一条", at=later + HOUR)
    after_a_month = [reported(club, f"新的一条 {n}", at=EVENING + 40 * DAY + n) for n in range(2)]

    assert kinds(first)[0] == "task"
    assert kinds(second) == ["reply"]
    assert [kinds(each)[0] for each in after_a_month] == ["task", "task"]


def test_one_reporter_cannot_pile_reports_on_one_member(club: Club):
    outcomes = [reported(club, f"话 {number} 号", at=EVENING + number) for number in range(3)]

    assert [kinds(each)[0] for each in outcomes] == ["task", "task", "reply"]
    assert "已经收到" in told(outcomes[2])


def test_several_voices_are_one_task_and_the_owner_hears_that_they_are_several(club: Club):
    for name in ("a", "b", "c", "d"):
        club.member(name, name.upper())
    outcomes = [club.say("举报", name, quote=ADVERT) for name in ("a", "b", "b", "c", "d")]

    assert [kinds(each) for each in outcomes] == [
        ["task", "reply"], ["reply"], ["reply"], ["dm", "reply"], ["reply"],
    ]  # fmt: skip
    assert outcomes[3].actions[0].to == "owner"
    assert club.store.count(Report) == 4


def test_what_is_said_of_staff_goes_to_the_owner_and_strikes_nobody(club: Club):
    club.group(staff=("helper",))
    club.member("helper", "小助")
    say_aloud(club, "helper", ADVERT, "a")

    outcome = club.say("举报", quote=ADVERT)

    assert (task(club).to, task(club).kind) == ("owner", reporting.LOOK)
    assert outcome.actions[0].to == "owner"
    done = club.say(f"完成 {task(club).id}", "boss")
    assert [each.to for each in done.actions if each.do == "dm"] == [str(club.li.id)]
    assert statuses(club) == ["seen"]


def test_staff_learn_nothing_of_a_report_about_them(club: Club):
    club.group(staff=("helper", "other"))
    club.member("helper", "小助")
    club.member("other", "小何")
    club.say("举报 @小助 偏心")

    number = task(club).id
    listed = [club.say(f"任务 {which}", "helper", group="") for which in ("全部", str(number))]
    club.say(f"完成 {number}", "helper")

    assert not any("偏心" in told(each) for each in listed)
    assert task(club).status == "open"
    assert "偏心" in told(club.say("任务 全部", "boss", group=""))


@pytest.mark.parametrize(
    ("staff", "to", "shown"),
    [(("helper",), "staff", False), ((), "owner", True), (("boss",), "owner", True)],
)
def test_what_is_said_of_the_owner_goes_to_staff_where_there_are_any(
    club: Club, staff: tuple[str, ...], to: str, *, shown: bool
):
    club.group(staff=staff)
    for name in ("helper", "a", "b", "c"):
        club.member(name, name.upper())
    lines = [club.say("举报 @群主 偏心", each).actions for each in ("a", "b", "c")]

    assert task(club).to == to
    assert [each.to for each in lines[-1] if each.do == "dm"] == [to]
    assert ("偏心" in told(club.say("任务 全部", "boss", group=""))) is shown


def test_nobody_reports_themselves(club: Club):
    say_aloud(club, "li", ADVERT, "a")

    assert kinds(club.say("举报", quote=ADVERT)) == ["reply"]
    assert club.store.count(Report) == 0


def test_no_task_holds_who_reported(club: Club):
    reported(club)

    held = task(club)
    assert "李四" not in held.text
    assert str(club.li.id) not in (held.target, held.about.split(":")[2])


def test_where_nobody_is_reached_in_private_nothing_is_told(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)
    say_aloud(club, "wang.wu", ADVERT, "a")
    club.say("举报", quote=ADVERT, mentions_bot=True)

    outcome = club.say(f"拒绝 {task(club).id}", "boss", mentions_bot=True)

    assert [each.do for each in outcome.actions] == ["reply"]
    assert statuses(club) == ["groundless"]
