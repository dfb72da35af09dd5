"""What may be an advert is decided by staff with one word; the member hears nothing before."""

from dataclasses import replace

import pytest

from sop.actions import Action
from sop.model import Strike, Task
from tests import builders
from tests.lives import DAY, MINUTE, Life, life, texts

PACK = """
rules:
  checks: [{id: ads, detect: ads}, {id: rumours, detect: rumours}]
  ladder: [remind, task]
  appeal: {within: 3d}
score:
  earn: {message: {points: 2}}
  lose: {strike: {points: 10}}
steps: []
"""
DOUBTFUL = "专修电脑，需要的联系我"
RUMOUR = "不转不是中国人，看完马上转发"
ADVERT = "兼职日结，加微信 abc12345"


def club_of() -> Life:
    staff = {"owner": "boss", "staff": ("helper",)}
    return life(PACK, groups=[builders.group(**staff), builders.group(id="beta", **staff)])


def only_task(club: Life) -> Task:
    [task] = club.read(Task, kind="confirm-breach")
    return task


def answer(club: Life, word: str) -> list[str]:
    return [each.do for each in club.say(f"{word} {only_task(club).id}", "helper")]


def test_a_doubtful_message_counts_and_staff_are_asked_with_its_words():
    with club_of() as club:
        lines = club.say(DOUBTFUL)
        task = only_task(club)

        assert (task.kind, task.to, task.status) == ("confirm-breach", "staff", "open")
        assert DOUBTFUL in task.text
        assert not club.read(Strike)
        assert "points" in [each.do for each in lines]


def test_the_words_that_staff_are_shown_cannot_turn_around_what_stands_beside_them():
    with club_of() as club:
        club.say(f"\u202e{RUMOUR}\u2066 @all <a>")
        text = only_task(club).text

        assert f"「{RUMOUR} ＠all ＜a＞」" in text


@pytest.mark.parametrize("place", [0, 50, 300, 5_000])
def test_of_a_long_message_staff_are_shown_what_it_is_about(place: int):
    with club_of() as club:
        club.say("书" * place + RUMOUR + "书" * (6_000 - place))

        task = only_task(club)
        assert RUMOUR[:7] in task.text
        assert len(task.text) < 400


def test_one_question_about_a_member_is_open_at_a_time():
    with club_of() as club:
        club.say(DOUBTFUL)
        club.now += MINUTE
        club.say(DOUBTFUL)

        assert len(club.read(Task)) == 1


def test_staff_say_that_it_is_one_and_the_ladder_takes_its_measure():
    with club_of() as club:
        club.say(DOUBTFUL)
        said_at = club.now
        club.now += 10 * MINUTE
        done = answer(club, "同意")
        [strike] = club.read(Strike)

        assert "strike" in done
        assert (strike.rule, strike.at, strike.decided_at) == ("ads", said_at, club.now)


@pytest.mark.parametrize(
    ("later", "when"),
    [pytest.param(60 * MINUTE, "刚才", id="soon"), pytest.param(DAY, "12 月 2 日", id="next day")],
)
def test_who_hears_of_it_later_is_told_of_which_day_it_was(later: int, when: str):
    with club_of() as club:
        club.say(DOUBTFUL)
        club.now += later
        lines = club.say(f"同意 {only_task(club).id}", "helper")

        assert any(f"{when}那条消息" in each for each in texts(lines))


def test_staff_say_that_it_is_fine_and_nothing_happens():
    with club_of() as club:
        club.say(DOUBTFUL)
        answer(club, "拒绝")

        assert not club.read(Strike)
        assert only_task(club).status == "rejected"


def test_what_was_said_before_the_decision_was_heard_brings_no_second_strike():
    with club_of() as club:
        club.say(DOUBTFUL)
        club.now += MINUTE
        answer(club, "同意")
        club.say(ADVERT, at=club.now - 30_000)

        assert len(club.read(Strike)) == 1


def test_an_old_question_is_not_asked():
    with club_of() as club:
        club.say(DOUBTFUL, at=club.now - 60 * MINUTE)

        assert not club.read(Task)


def test_words_confirmed_once_are_a_breach_for_everybody_in_every_group():
    with club_of() as club:
        club.say(DOUBTFUL)
        answer(club, "同意")
        club.now += MINUTE
        club.say("我会修電腦！！需要的聯系我", "wang", group="beta")

        assert [each.group for each in club.read(Strike)] == ["g1", "beta"]
        assert only_task(club).status == "approved"


def test_words_that_are_fine_are_not_asked_about_again():
    with club_of() as club:
        club.say(DOUBTFUL)
        answer(club, "拒绝")
        club.now += MINUTE
        club.say(DOUBTFUL, "wang")

        assert not club.read(Strike)
        assert only_task(club).status == "rejected"


def test_an_appeal_that_is_granted_makes_the_words_fine():
    with club_of() as club:
        words = "会修电脑，价格优惠，需要的私我"
        club.say(words)
        club.now += MINUTE
        club.say("申诉", group="")
        [appeal] = club.read(Task, kind="appeal")
        club.say(f"同意 {appeal.id}", "helper")
        club.now += MINUTE
        club.say(words, "wang")

        [strike] = club.read(Strike)
        assert strike.reversed_at


@pytest.mark.parametrize(
    ("later", "open_"),
    [
        pytest.param(3 * DAY, True, id="three days after it was decided"),
        pytest.param(3 * DAY + 1, False, id="a little more"),
    ],
)
def test_an_appeal_is_open_from_when_the_member_could_hear_of_it(later: int, *, open_: bool):
    with club_of() as club:
        club.say(DOUBTFUL)
        club.now += 5 * DAY
        answer(club, "同意")
        club.now += later
        account = club.say("为什么提醒我", group="")
        club.say("申诉", group="")

        assert bool(club.read(Task, kind="appeal")) is open_
        assert ("发「申诉」" in texts(account, "reply")[0]) is open_


def test_other_words_are_still_asked_about():
    with club_of() as club:
        club.say(DOUBTFUL)
        answer(club, "拒绝")
        club.now += MINUTE
        club.say("需要的朋友可以微信 abc12345 了解", "wang")

        assert [each.status for each in club.read(Task)] == ["rejected", "open"]


def replies(lines: list[Action]) -> list[str]:
    return [each.text for each in lines if each.do == "reply"]


def test_who_says_it_to_the_bot_hears_no_more_than_that_it_was_received():
    with club_of() as club:
        assert replies(club.say(DOUBTFUL, mentions_bot=True)) == ["收到。"]
        assert only_task(club).status == "open"


def test_a_command_in_a_doubtful_message_is_carried_out():
    with club_of() as club:
        lines = club.say(f"签到 {RUMOUR}", mentions_bot=True)

        assert [each.kind for each in club.read(Task)] == ["confirm-breach"]
        assert len(replies(lines)) == 1
        assert "签到成功" in replies(lines)[0]


@pytest.mark.parametrize("words", [ADVERT, RUMOUR], ids=["an advert", "a rumour"])
def test_who_reports_an_advert_in_its_words_is_no_advertiser_and_not_named(words: str):
    with club_of() as club:
        club.say("大家好", "wang")
        lines = club.say(f"举报 @wang 他一直在发：{words}")

        assert not club.read(Strike)
        assert [each.kind for each in club.read(Task)] == ["report-look"]
        assert texts(lines, "dm") == ["收到，谢谢。会有人去看，不会提到你。"]


def test_an_advert_is_one_with_the_word_for_a_report_in_front_too():
    with club_of() as club:
        club.say(f"举报 {ADVERT}")

        assert len(club.read(Strike)) == 1


@pytest.mark.parametrize(("word", "strikes"), [("同意", 1), ("拒绝", 0)])
@pytest.mark.parametrize("asked", ["confirm-breach", "report"])
def test_one_answer_about_a_message_is_enough_and_who_reported_it_hears(
    asked: str, word: str, strikes: int
):
    with club_of() as club:
        club.say(DOUBTFUL)
        club.now += MINUTE
        club.say("举报", "wang", quote=DOUBTFUL)
        [task] = club.read(Task, kind=asked)
        lines = club.say(f"{word} {task.id}", "helper")

        assert not club.read(Task, status="open")
        assert len(club.read(Strike)) == strikes
        assert sum("请管理员看的那条消息" in each for each in texts(lines)) == 1


def test_another_question_about_the_same_message_stays_open():
    with club_of() as club:
        club.say(DOUBTFUL)
        club.now += MINUTE
        club.say("举报", "wang", quote=DOUBTFUL)
        [doubt] = club.read(Task, kind="confirm-breach")
        with club.acting() as context:
            [report] = context.store.find(Task, kind="report")
            context.store.put(replace(report, rule="rumours"))
        club.say(f"拒绝 {doubt.id}", "helper")

        assert [each.kind for each in club.read(Task, status="open")] == ["report"]
