"""Times of day as tables write them."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.sheets.sheet_times import read_times, split_time
from sop.times.durations import format_time_of_day

EIGHT, NINE, EVENING = 8 * 60, 9 * 60, 20 * 60


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("8:00", [EIGHT]), ("08：00", [EIGHT]), (" 8:00 ", [EIGHT]), ("8:00:00", [EIGHT]),
        ("上午9点", [NINE]), ("早上九点", [NINE]), ("早7:30", [450]), ("晚8点", [EVENING]),
        ("晚上八点半", [1230]), ("20点30", [1230]), ("20点30分", [1230]), ("20时", [EVENING]),
        ("下午3点一刻", [915]), ("8pm", [EVENING]), ("8:30 PM", [1230]), ("12am", [0]),
        ("中午", [720]), ("中午12:30", [750]), ("中午1点", [780]), ("零点", [0]),
        ("凌晨12点", [0]),
        ("20.30", [1230]), ("20:00左右", [EVENING]), ("8点整", [EIGHT]), ("8点钟", [EIGHT]),
        ("8:00、12:00，20:00", [EIGHT, 720, EVENING]), ("8:00/20:00", [EIGHT, EVENING]),
        ("早8点\n晚8点", [EIGHT, EVENING]),
        ("8:00 20:00", [EIGHT, EVENING]), ("8", [EIGHT]), (8, [EIGHT]),
        (time(8, 0), [EIGHT]), (time(8, 0, 30), [EIGHT]),
        (datetime.fromisoformat("2026-12-01T08:00"), [EIGHT]),
        (timedelta(hours=20), [EVENING]), (1 / 3, [EIGHT]), (46357.5, [720]), (0.0, [0]),
    ],
)  # fmt: skip
def test_a_cell_names_its_times(cell: Any, minutes: list[int]):
    assert list(read_times(cell)[0]) == minutes


def test_a_span_is_its_beginning_and_remembers_its_end():
    assert read_times("晚上8:00~9:30") == ((EVENING,), "21:30")
    assert read_times("8:00至9:00") == ((EIGHT,), "09:00")


def test_a_part_of_the_day_said_elsewhere_holds_where_the_cell_says_none():
    assert read_times("8:00", "晚上")[0] == (EVENING,)
    assert read_times("早8:00", "晚上")[0] == (EIGHT,)


@pytest.mark.parametrize(
    "cell",
    ["", "随时", "早上", "8:3", "25:00", "24:00", "晚上12点", "上午20:00", 8.3, 12.5,
     True, 99,
     timedelta(days=1), "8:60", "一二三四五点", "x" * 100, "8-9-10"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_what_would_be_right(cell: Any):
    with pytest.raises(ValueError, match="write"):
        read_times(cell)


minutes = st.integers(0, 1439)


def said(minute: int) -> list[str]:
    """Every way this test knows to write a time."""
    hour, rest = divmod(minute, 60)
    ways = [f"{hour}:{rest:02}", f"{hour:02}：{rest:02}", f"{hour}点{rest}分", f"{hour}.{rest:02}"]
    if 5 <= hour < 12:
        ways += [f"早上{hour}点{rest:02}", f"上午{hour}:{rest:02}", f"{hour}:{rest:02}am"]
    if 13 <= hour < 20:
        ways += [f"下午{hour - 12}:{rest:02}"] if hour < 19 else [f"傍晚{hour}:{rest:02}"]
    if hour > 17:
        ways += [f"晚上{hour - 12}点{rest}分", f"晚{hour}:{rest:02}", f"{hour - 12}:{rest:02} pm"]
    return ways


@given(minutes)
def test_every_way_to_write_a_time_reads_as_that_time(minute: int):
    for way in said(minute):
        assert read_times(way)[0] == (minute,), way


@given(minutes)
def test_excels_own_numbers_read_as_their_time(minute: int):
    assert read_times(minute / 1440)[0] == (minute,)
    assert read_times(time(*divmod(minute, 60)))[0] == (minute,)
    if minute:
        assert read_times(46_000 + minute / 1440)[0] == (minute,)


@given(st.lists(minutes, min_size=1, max_size=5, unique=True))
def test_several_times_read_in_their_order(several: list[int]):
    cell = "、".join(map(format_time_of_day, several))

    assert list(read_times(cell)[0]) == several


@given(st.text(max_size=80))
def test_no_text_at_all_makes_the_reader_fail_otherwise(text: str):
    try:
        found, _ = read_times(text)
    except ValueError:
        return
    assert all(0 <= minute < 1440 for minute in found)


def test_a_time_inside_a_text_is_cut_out():
    assert split_time("每周三晚8点") == ("每周三", "晚8点")
    assert split_time("12月1日8:00") == ("12月1日", "8:00")
    assert split_time("入群后2小时") == ("入群后2小时", "")
