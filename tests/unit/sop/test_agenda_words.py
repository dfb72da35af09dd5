"""How an agenda is said: days, triggers, marks and totals in words."""

from datetime import date

import pytest

from sop.agenda import agenda, agenda_marks, agenda_words
from sop.agenda.agenda import Known
from sop.agenda.agenda_words import Wording
from sop.times.calendars import Calendar
from sop.triggers import triggers
from tests import builders

BOOK = builders.book("""\
quiet: "22:30-07:30"
budget: {group: 2/day}
levels: [{id: a, title: 甲, at: 0}]
segments: {some: {level: a}}
steps:
  - {id: morning, title: 早读, when: "08:00 daily", do: [{post: 早}]}
  - {id: second, title: 打卡, when: "08:00 daily", do: [{post: 早}]}
  - {id: third, title: 抽奖, when: "08:00 daily", do: [{post: 早}]}
  - {id: fourth, title: 通知, when: "08:00 daily", do: [{post: 早}]}
  - {id: fifth, title: 彩蛋, when: "08:00 daily", do: [{post: 早}], if: {level: a}, in: all}
  - {id: late, when: "23:00 daily", do: [{post: 晚安}]}
  - {id: each, when: "09:00 daily", each: {segment: some}, do: [{dm: 你好}]}
  - {id: small, when: "00:30 daily", do: [{post: 夜深了}]}
""")


def marks(known: Known = Known()) -> dict[str, tuple[str, ...]]:  # noqa: B008 - frozen
    found = agenda_marks.marked(
        agenda.agenda_of(BOOK, known, date(2026, 12, 1), 1), BOOK, known
    )  # fmt: skip
    return {entry.step.id: Wording(BOOK, known).marks(entry) for entry in found.entries}


def test_marks_say_what_needs_a_look_with_titles_not_ids():
    found = marks()

    assert found["each"] == ("视条件",)
    assert found["small"] == ("静默，07:30 发",)
    assert found["late"][0] == "静默，次日 07:30 发"
    assert found["morning"] == ("撞期：打卡、抽奖、通知 等 4 项",)
    assert found["fifth"] == (
        "撞期：早读、打卡、抽奖 等 4 项", "超预算（第 6 条，上限 2）", "所有群", "视条件",
    )  # fmt: skip


def test_in_one_group_the_layer_goes_without_saying():
    assert "所有群" not in marks(Known(layer="core"))["fifth"]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("group.created", "建群时"), ("group.created + 2h", "建群 2 小时后"),
        ("group.adopted + 3d at 09:00", "接入后第 3 天 09:00"),
        ("member.joined + 1d12h", "入群 1 天 12 小时后"), ("member.left", "退群时"),
        ("member.level-up", "升级时"), ("member.promoted", "进入核心群时"),
        ("member.demoted", "离开核心群时"), ("member.birthday", "生日当天 09:00"),
        ("start - 2d at 20:00", "开营前 2 天 20:00"), ("start at 08:00", "开营当天 08:00"),
        ("start + 3d at 08:00", "开营后第 3 天 08:00"),
        ({"says": ["一", "二"]}, "有人说「一 / 二」"),
        ({"says": ["一", "二", "三", "四"]}, "有人说「一 / 二 / 三…」"),
        ({"silence": "90m"}, "群里安静 1 小时 30 分钟"), ({"inactive": "14d"}, "成员 14 天没说话"),
        ({"likes": 20}, "收到 20 个赞"), ({"likes_given": 5}, "送出 5 个赞"),
        ({"score": 100}, "积分到 100"), ({"after": "morning"}, "「早读」之后"),
        ({"after": "late", "delay": "30s"}, "「晚安」之后 30 秒"),
        ({"after": "gone"}, "「gone」之后"), ("08:00 daily", ""), ({"cron": "0 8 * * *"}, ""),
    ],
    ids=str,
)  # fmt: skip
def test_a_trigger_is_said_in_words(when: object, words: str):
    assert agenda_words.when(triggers.parse_trigger(when), BOOK) == words


def test_every_trigger_is_said_that_the_clock_alone_does_not_drive():
    clockwork = set(triggers.TimeTrigger.__args__) - {triggers.AroundStart}

    assert set(agenda_words._SAID) == set(triggers.Trigger.__args__) - clockwork


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-10-01", "国庆节"), ("2026-10-10", "调休上班"), ("2026-10-11", ""),
        ("2026-10-18", "重阳"), ("2026-02-17", "春节"), ("2026-12-01", ""),
        ("2027-02-05", "除夕"), ("2026-12-02", "休"),
    ],
)  # fmt: skip
def test_a_day_is_called_by_what_is_special_about_it(day: str, name: str):
    calendar = Calendar(off=frozenset({date(2026, 12, 2)}))

    assert agenda_words.day_name(date.fromisoformat(day), calendar) == name


def test_totals_name_only_what_there_is():
    calm = builders.book('steps: [{id: a, when: "08:00 daily", do: [{post: 甲}]}]')
    found = agenda.agenda_of(calm, Known(), date(2026, 12, 1), 3)

    assert agenda_words.totals(found) == "共 3 次"
    assert agenda_words.span(found) == "2026-12-01 到 2026-12-03（3 天）"
    assert agenda_words.unknown_years(found, calm) == ()
