from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.times import days
from sop.times.offsets import Offset
from sop.triggers import triggers

HOUR = 3_600_000
DAY = 24 * HOUR


def wall(minute: int, kind: days.Kind, *numbers: int):
    return triggers.WallTime(
        time_minute=minute, days=days.Days(kind=kind, numbers=frozenset(numbers))
    )


def at_day(days: int, minute: int):
    return Offset(days=days, at_minute=minute)


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("08:00 daily", wall(480, "daily")),
        ("每天 08:00", wall(480, "daily")),
        ("每日08:00", wall(480, "daily")),
        ("08:30 workdays", wall(510, "workdays")),
        ("工作日 08:30", wall(510, "workdays")),
        ("08:30 每个工作日", wall(510, "workdays")),
        ("10:00 holidays", wall(600, "holidays")),
        ("节假日 10:00", wall(600, "holidays")),
        ("20:00 wed", wall(1200, "weekdays", 3)),
        ("20:00 Wednesday", wall(1200, "weekdays", 3)),
        ("wed 20:00", wall(1200, "weekdays", 3)),
        ("每周三 20:00", wall(1200, "weekdays", 3)),
        ("星期日 20：00", wall(1200, "weekdays", 7)),
        ("20:00 mon,thu", wall(1200, "weekdays", 1, 4)),
        ("20:00 mon, thu", wall(1200, "weekdays", 1, 4)),
        ("每周一四 20:00", wall(1200, "weekdays", 1, 4)),
        ("每周一、周四 20:00", wall(1200, "weekdays", 1, 4)),
        ("20:00 fri-mon", wall(1200, "weekdays", 5, 6, 7, 1)),
        ("周一至周五 20:00", wall(1200, "weekdays", 1, 2, 3, 4, 5)),
        ("每周末 20:00", wall(1200, "weekdays", 6, 7)),
        ("10:00 day 1", wall(600, "month-days", 1)),
        ("每月1日 10:00", wall(600, "month-days", 1)),
        ("10:00 day 1,15", wall(600, "month-days", 1, 15)),
        ("每月1号和15号 10:00", wall(600, "month-days", 1, 15)),
        ("10:00 last day", wall(600, "last-day")),
        ("每月最后一天 10:00", wall(600, "last-day")),
    ],
)
def test_a_local_wall_time_is_read_in_both_languages(text: str, trigger: triggers.Trigger):
    assert triggers.parse_trigger(text) == trigger


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("每天早上8点", "08:00 daily"),
        ("每天晚上八点半", "20:30 daily"),
        ("工作日 下午3:30", "15:30 workdays"),
        ("每周三晚8点", "20:00 wed"),
        ("每周五 六点一刻", "06:15 fri"),
        ("周五八点", "08:00 fri"),
        ("每周一三五 二十一点", "21:00 mon,wed,fri"),
        ("中午12点 每天", "12:00 daily"),
        ("每天 零点", "00:00 daily"),
        ("每月1号、15号 10点整", "10:00 day 1,15"),
        ("月底 22点05分", "22:05 last day"),
        ("每月最后一天 晚上9点", "21:00 last day"),
        ("大年三十 晚上8点", "20:00 festival 除夕"),
        ("建群后三天 早上9点", "group.created + 3d at 09:00"),
        ("建群第3天 09:00", "group.created + 2d at 09:00"),
        ("入群第二天 上午10点", "member.joined + 1d at 10:00"),
        ("入群次日 10:00", "member.joined + 1d at 10:00"),
        ("入群后两小时", "member.joined + 2h"),
        ("开营前一天 晚上8点", "start - 1d at 20:00"),
        ("开营第1天 08:00", "start at 08:00"),
        ("开营第21天 08:00", "start + 20d at 08:00"),
    ],
)
def test_times_are_read_as_people_say_them(text: str, english: str):
    assert triggers.parse_trigger(text) == triggers.parse_trigger(english)


@pytest.mark.parametrize(
    "text",
    [
        "每天 25点", "每天 8点70分", "每天 晚上12点", "每天 下午9点", "每天 早上1点",
        "建群第1天 09:00", "开营第0天 09:00",
    ],
)  # fmt: skip
def test_a_time_that_no_clock_shows_is_refused(text: str):
    with pytest.raises(ValueError, match=r"write|mean"):
        triggers.parse_trigger(text)


@pytest.mark.parametrize("text", ["每天 08:00,20:00", "每天8点和20点", "08:00-09:00 daily"])
def test_several_times_in_one_trigger_are_told_as_what_they_are(text: str):
    with pytest.raises(ValueError, match="several times of day: make a step for each"):
        triggers.parse_trigger(text)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day_can_be_said_in_words(hour: int, minute: int):
    tens = "十" if hour < 20 else "二十"
    words = "零一二三四五六七八九"[hour % 10] if hour % 10 or not hour else ""
    spelt = f"{tens}{words}" if hour >= 10 else words
    said = {f"{hour}点{minute}分", f"{hour:02}点{minute:02}", f"{spelt}点{minute}"}

    for each in said:
        found = triggers.parse_trigger(f"每天 {each}")
        assert found == triggers.parse_trigger(f"{hour:02}:{minute:02} daily")


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("2027-02-06 09:00", triggers.OneTime(date=date(2027, 2, 6), minute=540)),
        ("2027年2月6日 09:00", triggers.OneTime(date=date(2027, 2, 6), minute=540)),
        ("09:00 festival 中秋", triggers.Festival(name="中秋", minute=540)),
        ("09:00 festival 中秋节", triggers.Festival(name="中秋", minute=540)),
        ("09:00 festival mid-autumn", triggers.Festival(name="中秋", minute=540)),
        ("每年国庆节 09:00", triggers.Festival(name="国庆", minute=540)),
        ("start - 1d at 20:00", triggers.AroundStart(days=-1, minute=1200)),
        ("start + 3d at 08:00", triggers.AroundStart(days=3, minute=480)),
        ("start at 08:00", triggers.AroundStart(days=0, minute=480)),
        ("开营前1天 20:00", triggers.AroundStart(days=-1, minute=1200)),
        ("开营后3天 08:00", triggers.AroundStart(days=3, minute=480)),
        ("开营当天 08:00", triggers.AroundStart(days=0, minute=480)),
    ],
)
def test_a_named_date_is_read_in_both_languages(text: str, trigger: triggers.Trigger):
    assert triggers.parse_trigger(text) == trigger


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("group.created", triggers.GroupCreated()),
        ("建群", triggers.GroupCreated()),
        ("group.created + 2h", triggers.GroupCreated(offset=Offset(delay_ms=2 * HOUR))),
        ("建群后2小时", triggers.GroupCreated(offset=Offset(delay_ms=2 * HOUR))),
        ("group.created + 3d at 09:00", triggers.GroupCreated(offset=at_day(3, 540))),
        ("group.created + 1w at 09:00", triggers.GroupCreated(offset=at_day(7, 540))),
        ("建群后3天 09:00", triggers.GroupCreated(offset=at_day(3, 540))),
        ("group.adopted + 1d", triggers.GroupAdopted(offset=Offset(delay_ms=DAY))),
        ("接入后3天 09:00", triggers.GroupAdopted(offset=at_day(3, 540))),
        ("member.joined", triggers.MemberJoined()),
        ("入群时", triggers.MemberJoined()),
        ("member.joined + 1d", triggers.MemberJoined(offset=Offset(delay_ms=DAY))),
        ("member.joined+7d at 20:00", triggers.MemberJoined(offset=at_day(7, 1200))),
        ("入群后1天 10:00", triggers.MemberJoined(offset=at_day(1, 600))),
        ("入群7天后20:00", triggers.MemberJoined(offset=at_day(7, 1200))),
        ("member.left", triggers.MemberMoment(name="left")),
        ("退群", triggers.MemberMoment(name="left")),
        ("member.level-up", triggers.MemberMoment(name="level-up")),
        ("member.promoted", triggers.MemberMoment(name="promoted")),
        ("member.demoted", triggers.MemberMoment(name="demoted")),
        ("member.birthday", triggers.MemberMoment(name="birthday")),
        ("生日", triggers.MemberMoment(name="birthday")),
    ],
)
def test_what_happens_to_a_group_or_member_is_read_in_both_languages(
    text: str, trigger: triggers.Trigger
):
    assert triggers.parse_trigger(text) == trigger


@pytest.mark.parametrize(
    ("value", "trigger"),
    [
        ({"cron": "0 8 * * 1-5"}, triggers.Cron(expr="0 8 * * 1-5")),
        ({"cron": " 0  8 * * mon-fri"}, triggers.Cron(expr="0 8 * * MON-FRI")),
        ({"says": ["多少钱", "怎么买"]}, triggers.Says(words=("多少钱", "怎么买"))),
        ({"says": "多少钱", "mode": "regex"}, triggers.Says(words=("多少钱",), mode="regex")),
        ({"says": [114], "mode": "all"}, triggers.Says(words=("114",), mode="all")),
        ({"silence": "24h"}, triggers.Silence(ms=DAY)),
        ({"inactive": "14d"}, triggers.Inactive(ms=14 * DAY)),
        ({"likes": 20}, triggers.Likes(n=20)),
        ({"likes_given": 10}, triggers.LikesGiven(n=10, distinct=1)),
        ({"likes_given": 10, "distinct": 10}, triggers.LikesGiven(n=10, distinct=10)),
        ({"score": 100}, triggers.ScoreCrossed(n=100)),
        ({"after": "morning"}, triggers.After(step="morning")),
        ({"after": "morning", "delay": "30m"}, triggers.After(step="morning", delay_ms=HOUR // 2)),
    ],
)
def test_a_trigger_written_as_a_mapping_is_read(value: object, trigger: triggers.Trigger):
    assert triggers.parse_trigger(value) == trigger


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("08:00 dayly", "did you mean daily"),
        ("08:00 weekdays", "did you mean workdays"),
        ("08:00 holiday", "did you mean holidays"),
        ("daily", 'a time of day is missing, write "08:00 daily"'),
        ("每天", 'write "08:00 daily"'),
        ("中秋", "a time of day is missing"),
        ("08:00", 'write "08:00 daily"'),
        ("25:00 daily", "00:00 to 23:59"),
        ("08:60 daily", "00:00 to 23:59"),
        ("12:30:40 daily", "not a trigger"),
        ("20:00 wedn", "did you mean wed"),
        ("每周八 20:00", "does not say which days"),
        ("10:00 day 0", "day 1 to day 31"),
        ("10:00 day 32", "day 1 to day 31"),
        ("每月32日 10:00", "day 1 to day 31"),
        ("10:00 day 1,1", "day 1 to day 31"),
        ("10:00 last days", "did you mean last day"),
        ("2027-02-30 09:00", "not a day of the calendar"),
        ("2027-2-6 09:00", "2027-02-06"),
        ("09:00 festival 中球", "did you mean"),
        ("09:00 festival carnival", "festival"),
        ("start", "start - 1d at 20:00"),
        ("start - 1d", "start - 1d at 20:00"),
        ("start - 1h at 20:00", "start - 1d at 20:00"),
        ("开营前1天", "start - 1d at 20:00"),
        ("starts - 1d at 20:00", "did you mean start"),
        ("group.create", "did you mean group.created"),
        ("group.created at 09:00", "did you mean group.created"),
        ("group.created + 3", "length of time"),
        ("group.created + 2h at 09:00", "whole days"),
        ("group.created + 0d at 09:00", "whole days"),
        ("group.created - 1d", "did you mean group.created"),
        ("建群后3天 25:00", "00:00 to 23:59"),
        ("member.join + 1d", "did you mean member.joined"),
        ("member.left + 1d", "takes no offset"),
        ("member.levelup", "did you mean member.level-up"),
        ({"cron": "0 8 * *"}, "five fields"),
        ({"cron": "0 0 8 * * 1"}, "five fields"),
        ({"cron": 8}, "five fields"),
        ({"cron": "61 8 * * *"}, "minute"),
        ({"cron": "0 24 * * *"}, "hour"),
        ({"cron": "0 8 * * 8"}, "day-of-week"),
        ({"cron": "0 8 30 2 *"}, "day-of-month"),
        ({"cron": "0 8 L * *"}, "sign that cron does not know"),
        ({"cron": "0 8 * * MON#1"}, "sign that cron does not know"),
        ({"cron": "0/0 8 * * *"}, "minute"),
        ({"says": []}, "at least one word"),
        ({"says": [" "]}, "at least one word"),
        ({"says": {}}, "at least one word"),
        ({"says": ["a"], "mode": "some"}, "any, all or regex"),
        ({"says": ["a"], "mode": []}, "any, all or regex"),
        ({"silence": 24}, "length of time"),
        ({"silence": "0h"}, "more time"),
        ({"inactive": "two weeks"}, "length of time"),
        ({"inactive": "59s"}, "more time to pass"),
        ({"silense": "24h"}, "did you mean silence"),
        ({"silence": "24h", "delay": "1h"}, "does not belong"),
        ({"silence": "1h", "likes": 2}, "keep one"),
        ({"likes": 0}, "whole number"),
        ({"likes": True}, "whole number"),
        ({"likes": "20"}, "whole number"),
        ({"likes_given": 2, "distinct": 3}, "cannot reach"),
        ({"score": 1.5}, "whole number"),
        ({"after": "Other Step"}, "id of a step"),
        ({"after": "x", "delai": "3m"}, "did you mean delay"),
        ({"distinct": 5}, "does not belong"),
        ({3: 4}, "does not belong"),
        ({}, "empty"),
        ("", "not a trigger"),
        (None, "not a trigger"),
        (8, "not a trigger"),
        (["08:00 daily"], "not a trigger"),
        ("x" * 201, "not a trigger"),
    ],
)
def test_a_wrong_trigger_is_refused_with_what_would_be_right(value: object, told: str):
    with pytest.raises(ValueError, match=told):
        triggers.parse_trigger(value)


@given(
    st.text(max_size=250)
    | st.text(alphabet="每周一四月日天后建群入开营工作 0123456789:+-、at", max_size=60)
    | st.dictionaries(st.sampled_from(["says", "likes", "cron", "after", "x"]), st.text())
)
def test_any_value_is_a_trigger_or_refused_with_a_sentence(value: object):
    told = ""
    try:
        read = triggers.parse_trigger(value)
    except ValueError as error:
        read, told = None, str(error)

    assert isinstance(read, triggers.Trigger) or len(told) > len("not a trigger")
