"""The table of an agenda: good at 80 columns, where Chinese characters take two."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda.table import WIDTH, cut, table, width
from sop.agenda import agenda, agenda_marks
from sop.agenda.agenda import Known
from sop.book import Book
from sop.times import localtime
from tests import builders

BOOK = builders.book("""\
quiet: "22:30-07:30"
budget: {group: 1/day}
steps:
  - {id: morning, title: 早读, when: "08:00 workdays", do: [{post: 早}]}
  - {id: night, title: 晚安, when: "23:00 fri", do: [{post: 晚}]}
  - {id: core, title: 碰头, when: "08:00 thu", in: core, if: {level: a}, do: [{post: 核心}]}
  - {id: all, title: 通知, when: "08:00 thu", in: all, do: [{post: 全体}]}
  - {id: wake, title: 唤醒, when: {silence: 26h30m}, do: [{post: 在吗}]}
levels: [{id: a, title: 甲, at: 0}]
""")


def lines(first: str, days: int, book: Book = BOOK, known: Known = Known()) -> list[str]:  # noqa: B008 - frozen
    found = agenda.agenda_of(book, known, date.fromisoformat(first), days)
    return list(table(agenda_marks.marked(found, book, known), book, known))


def test_days_stand_with_their_names_times_titles_and_marks():
    assert lines("2026-09-30", 3) == [
        "书友会",
        "2026-09-30 到 2026-10-02（3 天）  Asia/Shanghai",
        "",
        "日期   星期            时间   做什么                          备注",
        "─── 2026 年 9 月 " + "─" * 63,
        "09-30  周三            08:00  早读",
        "─── 2026 年 10 月 " + "─" * 62,
        "10-01  周四  国庆节    08:00  碰头                            撞期：通知",
        "                                                              核心群 · 视条件",
        "                       08:00  通知                            撞期：碰头",
        "                                                              超预算（第 2 条，",
        "                                                              上限 1） · 所有群",
        "10-02  周五  国庆节    23:00  晚安                            静默，次日 07:30",
        "                                                              发",
        "",
        "随事件发生：",
        "  群里安静 1 天 2 小时 30 分钟    唤醒",
        "用 --joined、--created、--adopted、--starts 给出日期，就会排进日历。",
        "",
        "共 4 次 · 顺延 1 次 · 撞期 2 次 · 超预算 1 次",
    ]


def test_a_named_holiday_is_shown_though_nothing_happens_and_a_plain_day_is_not():
    found = lines("2026-10-02", 4, builders.book("""\
steps: [{id: a, title: 甲, when: "2026-10-02 09:00", do: [{post: 乙}]}]
"""))  # fmt: skip

    days = [line for line in found if line.startswith("10-")]
    assert days == [
        "10-02  周五  国庆节    09:00  甲", "10-03  周六  国庆节           没有安排",
        "10-04  周日  国庆节           没有安排", "10-05  周一  国庆节           没有安排",
    ]  # fmt: skip


def test_days_without_anything_are_told_in_a_sentence():
    assert "这些天没有按时间发生的步骤。" in lines("2026-12-01", 3, builders.book())


def test_years_without_known_holidays_are_owned_up_to():
    assert lines("2027-12-30", 4)[-2:] == [
        "2027 年的放假安排还没有公布：只按周六、周日休息。",
        "2028 年的放假安排还没有公布：只按周六、周日休息。",
    ]


def test_a_group_s_table_bears_its_name_and_no_layer():
    found = lines("2026-10-01", 1, known=Known(layer="core", title="核心书友"))

    assert found[0] == "书友会 · 核心书友"
    assert not any("核心群" in line or "所有群" in line for line in found)


@pytest.mark.parametrize(
    ("words", "columns"),
    [("abc", 3), ("早读", 4), ("👍", 2), ("e\u0301", 1), ("a\u200db", 2), ("，。", 4), ("", 0)],
)
def test_columns_are_counted_as_terminals_do(words: str, columns: int):
    assert width(words) == columns


@given(st.text(), st.integers(1, 40))
def test_what_is_cut_fits(words: str, columns: int):
    found = cut(words, columns)

    assert width(found) <= max(columns, 1)
    assert found == words or found.endswith("…")


@given(
    st.text("早读 abc👍，（)", min_size=1, max_size=60).filter(str.strip),
    st.sampled_from(["06:00", "08:00", "23:30"]),
)
def test_no_line_is_wider_than_a_terminal(title: str, time: str):
    book = builders.book(f"""\
quiet: "22:30-07:30"
budget: {{group: 1/day}}
steps:
  - {{id: a, title: "{title}", when: "{time} daily", do: [{{post: 甲}}]}}
  - {{id: b, title: "{title}", when: "{time} daily", do: [{{post: 甲}}]}}
  - {{id: c, title: "{title}", when: {{after: d}}, do: [{{post: 甲}}]}}
  - {{id: d, title: "{title}", when: member.left, do: [{{post: 甲}}]}}
""")

    assert max(map(width, lines("2026-12-01", 3, book))) <= WIDTH


def test_an_entry_keeps_its_local_time_where_clocks_change():
    book = builders.book("""\
timezone: Europe/London
steps: [{id: a, title: 甲, when: "01:30 daily", do: [{post: 乙}]}]
""")

    found = lines("2026-03-28", 3, book)

    assert [re.findall(r"\d\d:\d\d", line)[0] for line in found if line.startswith("03-")] == [
        "01:30",
        "02:00",
        "01:30",
    ]
    assert localtime.wall_time(0, book.zone).hour == 1
