"""Staff quote a message and say what it is: learned, struck or undone; nobody is guessed."""

from typing import Any

import pytest

from handlers.moderation import judged, learning
from sop.model import LearnedText, Person, Report, Strike, Task
from tests import builders
from tests.clubs import MENTIONS_ONLY
from tests.lives import MINUTE, Life, life, of, texts

PACK = """
rules:
  checks: [{id: links, detect: links}, {id: ads, detect: ads}]
  ladder: [remind-privately, remove]
  appeal: {within: 3d}
score:
  earn: {message: {points: 2}}
  lose: {strike: {points: 10}}
steps: []
"""
QUIET = "本周六下午老地方，带上身份证，名额不多"
ADVERT = "宝妈兼职日结300，在家就能做，加V信 abc12345 了解"
PRIVATE = {"aibot": "b", "app": ""}


def club_of(**channels: str) -> Life:
    staff = {"owner": "boss", "staff": ("helper",)}
    groups = [builders.group(**staff), builders.group(id="beta", title="二群", **staff)]
    if channels:
        groups[0] = builders.group(**staff, channels=channels)
    return life(PACK, groups=groups)


def judge(club: Life, word: str, quote: str = QUIET, sender: str = "helper", **fields: Any) -> Any:
    club.now += MINUTE
    return club.say(word, sender, quote=quote, **fields)


def struck(club: Life) -> list[tuple[str, str]]:
    names = {each.id: each.userid for each in club.read(Person)}
    return [
        (names[each.person], each.rule)
        for each in club.read(Strike, order="id")
        if not each.reversed_at
    ]


def labels(club: Life) -> list[str]:
    return [each.label for each in club.read(LearnedText, until=0, order="id")]


def test_a_quoted_advert_is_learned_everywhere_and_its_sender_reminded_in_private():
    with club_of() as club:
        club.say(QUIET)
        lines = judge(club, "广告")

        assert struck(club) == [("li", "ads")]
        assert labels(club) == ["advert"]
        assert [each.to for each in of(lines, "dm")] == ["1", "2"]
        assert of(lines, "post", "reply") == []
        club.now += MINUTE
        club.say(QUIET.replace("周六", "周日"), "wang", group="beta")
        assert struck(club) == [("li", "ads"), ("wang", "ads")]


def test_the_ladder_goes_on_and_the_same_message_counts_once():
    with club_of() as club:
        club.say(ADVERT)
        club.arrive()
        judge(club, "广告", ADVERT)
        assert struck(club) == [("li", "ads")]
        club.now += MINUTE
        club.say(QUIET)
        lines = judge(club, "广告")
        assert [each.member for each in of(lines, "remove")] == ["1"]
        judge(club, "广告", sender="boss")
        assert len(struck(club)) == 2


@pytest.mark.parametrize("channels", [MENTIONS_ONLY, PRIVATE], ids=["aloud", "in private"])
def test_where_nobody_knows_who_said_it_the_text_is_learned_and_nobody_is_struck(
    channels: dict[str, str],
):
    with club_of(**channels) as club:
        club.say("大家好", mentions_bot=True)
        lines = judge(club, "广告", mentions_bot=True)

        assert struck(club) == []
        assert labels(club) == ["advert"]
        told = texts(lines, "dm", "reply")
        assert len(told) == 1
        assert ("没有处理任何人" in told[0]) == (channels is PRIVATE)


def test_two_who_said_the_same_are_not_told_apart():
    with club_of() as club:
        club.say(QUIET)
        club.say(QUIET, "wang")
        judge(club, "广告")

        assert (struck(club), labels(club)) == ([], ["advert"])


def test_whom_staff_name_is_struck_once_for_one_text_and_may_appeal():
    with club_of(**PRIVATE) as club:
        club.say("大家好", mentions_bot=True)
        judge(club, "广告 @li", mentions_bot=True)
        club.arrive()
        judge(club, "广告 @li", mentions_bot=True, sender="boss")
        assert struck(club) == [("li", "ads")]

        club.say("申诉", group="")
        [appeal] = club.read(Task, kind="appeal")
        lines = club.say(f"同意 {appeal.id}", "helper", group="")

        assert (struck(club), labels(club)) == ([], ["advert", "fine"])
        assert [each.deed for each in of(lines, "points")] == ["reversal"]


@pytest.mark.parametrize("name", ["wang", "nobody"])
def test_a_name_that_is_not_who_said_it_or_nobodys_strikes_nobody(name: str):
    with club_of() as club:
        club.say(QUIET)
        club.say("大家好", "wang")
        lines = judge(club, f"广告 @{name}")

        assert (struck(club), labels(club)) == ([], ["advert"])
        assert ("没找到" in texts(lines, "dm")[0]) == (name == "nobody")


@pytest.mark.parametrize("sender", ["boss", "helper"])
def test_what_owner_and_staff_say_is_no_advert(sender: str):
    with club_of() as club:
        club.say(QUIET, sender)
        lines = judge(club, "广告")

        assert (struck(club), labels(club)) == ([], [])
        assert "不受群规约束" in texts(lines, "dm")[0]


def test_what_was_struck_is_undone_with_an_apology_and_not_misread_again():
    with club_of() as club:
        club.say(ADVERT)
        lines = judge(club, "误判", ADVERT)

        assert struck(club) == []
        assert any("抱歉" in each.text and each.to == "1" for each in of(lines, "dm"))
        assert sum(each.points for each in of(lines, "points")) == 12
        club.now += MINUTE
        club.say(ADVERT, "wang")
        assert (struck(club), labels(club)) == ([], ["fine"])


def test_the_same_words_are_undone_to_whoever_said_them_even_where_they_are_too_few_to_learn():
    short = "兼职日结300加V信abc12345"
    with club_of() as club:
        for sender in ("li", "wang", "li"):
            club.now += MINUTE
            club.say(short, sender, message_id=f"m:{club.now}")
            club.arrive()
        assert len(struck(club)) == 3
        lines = judge(club, "没事", short, quote_id=f"m:{club.now}")

        assert struck(club) == []
        assert sorted(each.to for each in of(lines, "dm") if "抱歉" in each.text) == ["1", "2"]


def test_fine_words_that_broke_another_rule_are_not_learned():
    with club_of() as club:
        club.say("看看 https://evil.example.com/a")
        judge(club, "没事", "看看 https://evil.example.com/a")

        assert (struck(club), labels(club)) == ([], [])


def test_a_question_about_the_message_is_answered_with_it_and_reporters_hear():
    with club_of() as club:
        club.say(QUIET)
        club.now += MINUTE
        club.say("举报", "wang", quote=QUIET)
        lines = judge(club, "广告")

        assert [each.status for each in club.read(Task)] == ["approved"]
        assert [each.status for each in club.read(Report)] == ["founded"]
        assert struck(club) == [("li", "ads")]
        assert sum("谢谢你的提醒" in each for each in texts(lines, "dm")) == 1


@pytest.mark.parametrize("report", ["举报", "举报 @li"])
def test_what_nobody_heard_and_members_showed_is_settled_too(report: str):
    with club_of(**PRIVATE) as club:
        club.say("大家好", mentions_bot=True)
        club.say(report, "wang", quote=QUIET, mentions_bot=True)
        judge(club, "没事", mentions_bot=True)

        assert [each.status for each in club.read(Task)] == ["done"]
        assert labels(club) == ["fine"]


def test_the_bots_own_question_is_answered_by_quoting_it():
    with club_of() as club:
        club.say(QUIET)
        club.say("举报", "wang", quote=QUIET)
        [task] = club.read(Task)
        judge(club, "没事", task.text, group="")

        assert [each.status for each in club.read(Task)] == ["rejected"]
        assert struck(club) == []


def test_an_advert_that_a_member_shows_the_bot_is_a_report():
    with club_of() as club:
        club.say(QUIET)
        judge(club, "广告", sender="wang", mentions_bot=True)

        assert [each.kind for each in club.read(Task)] == ["report"]
        assert (struck(club), labels(club)) == ([], [])


@pytest.mark.parametrize(
    ("word", "sender", "quote"),
    [
        pytest.param("没事", "wang", "不好意思来晚了，路上堵车", id="a member consoles"),
        pytest.param("没事", "helper", "不好意思来晚了，路上堵车", id="staff console"),
        pytest.param("广告", "wang", QUIET, id="a member grumbles"),
        pytest.param("广告？", "helper", QUIET, id="staff wonder"),
        pytest.param("广告太多了", "helper", QUIET, id="staff grumble"),
        pytest.param("广告 真不少", "helper", QUIET, id="staff grumble on"),
        pytest.param("广告", "helper", "", id="without a quote"),
    ],
)
def test_talk_among_people_is_no_verdict(word: str, sender: str, quote: str):
    with club_of() as club:
        club.say(quote or "大家好")
        lines = judge(club, word, quote, sender)

        assert of(lines, "dm", "reply", "post", "task", "strike") == []
        assert (struck(club), labels(club)) == ([], [])


def test_who_calls_everything_an_advert_teaches_no_more_than_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(learning, "A_DAY", 1)
    with club_of() as club:
        for text in (QUIET, "今晚八点共读第三章，别忘了带书"):
            club.say(text)
            lines = judge(club, "广告", text)
            club.arrive()

        assert labels(club) == ["advert"]
        assert "没有记进学到的内容" in texts(lines, "dm")[-1]


def test_what_staff_said_of_a_message_labels_it_for_tuning():
    with club_of() as club:
        for text, word in ((QUIET, "广告"), ("会议号照旧，晚到的从后门进来就好", "没事")):
            club.say(text)
            judge(club, word, text, mentions_bot=True)
        with club.acting() as context:
            found = dict(judged.lines(context, days=1))

        assert found[QUIET] == "ad"
        assert found["会议号照旧，晚到的从后门进来就好"] == "ok"
        assert found["广告"] == ""
