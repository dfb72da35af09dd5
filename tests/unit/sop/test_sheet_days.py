"""Days as tables write them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.sheets.sheet_days import Setting, first_day_of, read_days

TODAY = date(2026, 11, 20)
SETTING = Setting(near=TODAY)


def heads(cell: Any, setting: Setting = SETTING, *, counted: bool = False) -> list[str]:
    return list(read_days(cell, setting, counted=counted).heads)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("每天", ["每天 {time}"]), ("每日", ["每日 {time}"]), ("日更", ["每天 {time}"]),
        ("工作日", ["工作日 {time}"]), ("周末", ["周末 {time}"]),
        ("每周三、五", ["每周三、五 {time}"]),
        ("周一至周五", ["周一至周五 {time}"]), ("周一/三/五", ["周一、三、五 {time}"]),
        ("周五周六周日", ["周五周六周日 {time}"]), ("每月1号/15号", ["每月1、15号 {time}"]),
        ("新客入群", ["member.joined"]), ("新邻居进群", ["member.joined"]),
        ("周3", ["周三 {time}"]), ("周一（休息）", ["周一 {time}"]), ("daily", ["daily {time}"]),
        ("每月1日、15日", ["每月1、15日 {time}"]), ("每月最后一天", ["每月最后一天 {time}"]),
        ("2026-12-01", ["2026-12-01 {time}"]), ("2026/12/1", ["2026-12-01 {time}"]),
        ("２０２６年１２月１日", ["2026-12-01 {time}"]), ("20261201", ["2026-12-01 {time}"]),
        ("12月1日", ["2026-12-01 {time}"]), ("12/1", ["2026-12-01 {time}"]),
        ("1月3日", ["2027-01-03 {time}"]), ("12月1日（周二）", ["2026-12-01 {time}"]),
        (date(2026, 12, 1), ["2026-12-01 {time}"]), (46357, ["2026-12-01 {time}"]),
        ("D1", ["start at {time}"]), ("d07", ["start + 6d at {time}"]),
        ("Day 3", ["start + 2d at {time}"]),
        ("第十二天", ["start + 11d at {time}"]), ("D-1", ["start - 1d at {time}"]),
        ("D0", ["start - 1d at {time}"]),
        ("D1-D3", ["start at {time}", "start + 1d at {time}", "start + 2d at {time}"]),
        ("D1、D5", ["start at {time}", "start + 4d at {time}"]),
        ("第2周周三", ["start + 9d at {time}"]),
        ("开营前1天", ["start - 1d at {time}"]), ("开营当天", ["start at {time}"]),
        ("建群第3天", ["group.created + 2d at {time}"]),
        ("建群后3天", ["group.created + 3d at {time}"]),
        ("入群后", ["member.joined"]), ("新人入群", ["member.joined"]),
        ("入群欢迎语", ["member.joined"]),
        ("入群第2天", ["member.joined + 1d at {time}"]),
        ("入群次日", ["member.joined + 1d at {time}"]),
        ("入群后30分钟", ["入群后30分钟"]), ("中秋节", ["中秋节 {time}"]),
    ],
)  # fmt: skip
def test_a_cell_names_its_days(cell: Any, found: list[str]):
    assert heads(cell) == found


@pytest.mark.parametrize(
    ("cell", "time", "half"),
    [
        ("每天晚上8点", "晚上8点", ""), ("每晚8点", "晚上8点", ""), ("每周三20:00", "20:00", ""),
        ("12/1 8:00", "8:00", ""), ("D3 9:00", "9:00", ""), ("2026-12-01\n20:00", "20:00", ""),
        ("每天早上", "", "早上"), (datetime.fromisoformat("2026-12-01T08:30"), "08:30", ""),
        (46357.5, "12:00", ""),
    ],
)  # fmt: skip
def test_a_time_in_the_days_cell_is_told_apart(cell: Any, time: str, half: str):
    found = read_days(cell, SETTING)

    assert (found.time, found.half) == (time, half)


def test_a_span_of_dates_is_every_day_of_it():
    assert heads("12.1-12.3") == [f"2026-12-0{day} {{time}}" for day in (1, 2, 3)]
    assert heads("12月30日至1月2日")[-1] == "2027-01-02 {time}"
    assert heads("12月1日-3日") == heads("12.1-12.3")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-12-01至2026-12-03", "2026-12-01 - 2026-12-03", "2026-12-01~12-03", "12-01~12-03",
        "2026-12-01—03", "2026/12/1-2026/12/3", "2026-12-01 到 2026-12-03",
    ],
)  # fmt: skip
def test_a_span_of_dates_may_have_its_sign_inside_the_dates_too(cell: str):
    assert heads(cell) == heads("12.1-12.3")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("13月1日", "not a day of the calendar"), ("2月30日", "not a day of the calendar"),
        ("12月1日（周三）", "is a Tuesday"), ("隔周三", "which days"), ("随机", "which days"),
        (12.1, "a number to Excel"), ("第一阶段", "which days"),
        ("1月1日-12月31日", "days a row"),
        ("D1-D99", "days"), ("D3-D1", "which days"),
        ("建群前1天", "nothing runs before"), ("x" * 99, "too long"),
        (True, "which days"), ("{time}", "which days"), ("{x}每天", "which days"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_what_would_be_right(cell: Any, why: str):
    with pytest.raises(ValueError, match=why):
        read_days(cell, SETTING)


def test_bare_numbers_count_days_where_the_column_says_so():
    assert heads(3, counted=True) == ["start + 2d at {time}"]
    with pytest.raises(ValueError, match="which days"):
        heads(3)


def test_days_count_from_what_the_operator_says_and_from_a_day_nought_if_there_is_one():
    assert first_day_of(iter(["D1", None, "D0"])) == 0
    assert heads("D1", Setting(near=TODAY, first_day=0)) == ["start + 1d at {time}"]
    joined = Setting(near=TODAY, counted_from="member.joined")
    assert heads("D2", joined) == ["member.joined + 1d at {time}"]
    assert heads("D1", joined) == ["member.joined"]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_way_to_write_a_date_reads_as_that_date(day: date):
    weekday = "一二三四五六日"[day.weekday()]
    head = [f"{day.isoformat()} {{time}}"]
    near = Setting(near=day + timedelta(days=60))
    ways = [f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y.%m.%d}", day]
    bare = [f"{day.month}月{day.day}号", f"{day.month}/{day.day}（周{weekday}）"]
    for way in [*ways, *bare]:
        assert list(read_days(way, near).heads) == head, way


@given(st.text(max_size=80))
def test_no_text_at_all_makes_the_reader_fail_otherwise(text: str):
    try:
        found = read_days(text, SETTING)
    except ValueError:
        return
    assert found.heads
