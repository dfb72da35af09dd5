"""Rows of messy tables become steps, or every one of their problems is told at once."""

from datetime import date, time

import pytest

from sop.sheets.sheet import Cell, Row, Sheet, SheetProblem, Unreadable, column_name
from sop.sheets.sheet_rows import Draft, Reading, read_sheets
from sop.sheets.sheet_says import Says

TODAY = date(2026, 11, 20)
HEADS = ("日期", "时间", "群", "内容", "图片", "负责人")


def sheet(*rows: tuple[Cell, ...], title: str = "", **fields: object) -> Sheet:
    numbered = tuple(Row(number=n, cells=cells) for n, cells in enumerate(rows, 1))
    return Sheet(title=title, rows=numbered, **fields)  # type: ignore[arg-type]


def read(*rows: tuple[Cell, ...], heads: tuple[str, ...] = HEADS, title: str = "") -> Reading:
    return read_sheets([sheet(heads, *rows, title=title)], TODAY)


def only(reading: Reading) -> Draft:
    assert not errors(reading), reading.problems
    [draft] = reading.drafts
    return draft


def said(*cells: Cell, heads: tuple[str, ...] = HEADS) -> Says:
    return only(read(cells, heads=heads)).says


def errors(reading: Reading) -> list[SheetProblem]:
    return [problem for problem in reading.problems if problem.severity == "error"]


def told(reading: Reading, severity: str = "error") -> list[tuple[str, str]]:
    found = [problem for problem in reading.problems if problem.severity == severity]
    return [(problem.cell, problem.message) for problem in found]


def test_a_plain_row_is_a_post():
    draft = only(read(("每天", "8:00", None, "早安", None, None)))

    assert (draft.words.when, draft.words.slug) == ("每天 08:00", "daily-0800")
    assert draft.says == Says(kind="post", text="早安")


@pytest.mark.parametrize(
    "heads",
    [
        ("date", "time", "group", "text", "image", "owner"),
        ("星期", "时间点", "社群", "文案", "配图", "执行人"),
        ("推送日期", "发送时间（24小时制）", "群名称", "话术*", "海报", "负责人："),
        ("周期", "推送 时间", "发送群", "具体内容", "图片/视频", "责任人"),
    ],
)
def test_columns_go_by_many_names(heads: tuple[str, ...]):
    draft = only(read(("每周三", "8:00", "核心群", "早安", "a.png", "小王"), heads=heads))

    assert draft.words.when == "每周三 08:00"
    assert (draft.says.where, draft.says.text, draft.says.image) == ("core", "早安", "a.png")
    assert ("负责人", "小王") in draft.says.comments


def test_a_title_above_the_header_is_the_packs():
    reading = read_sheets(
        [sheet(("晨读营 SOP",), (None,), HEADS, ("每天", "8:00", None, "早安"))], TODAY
    )

    assert reading.title == "晨读营 SOP"
    assert only(reading).row == 4


def test_headings_empty_rows_and_repeated_headers_are_passed_over():
    reading = read(
        ("第一阶段：破冰",), (None,) * 6, ("每天", "8:00", None, "早安"), HEADS,
        ("每天", "9:00", None, "打卡"),
    )  # fmt: skip

    assert not reading.problems
    assert [draft.row for draft in reading.drafts] == [4, 6]


def test_a_day_holds_for_the_rows_below_it_until_a_heading():
    reading = read(
        ("12月1日", "8:00", None, "一"), (None, "9:00", None, "二"), ("12月3日",),
        (None, "8:00", None, "三"), ("收尾",), (None, "8:00", None, "四"),
    )  # fmt: skip

    assert [draft.words.when for draft in reading.drafts] == [
        "2026-12-01 08:00", "2026-12-01 09:00", "2026-12-03 08:00"
    ]  # fmt: skip
    assert told(reading) == [("A7", "there is no day: write a date, a weekday, D1 or daily")]


def test_every_problem_of_every_row_is_told_with_its_cell():
    reading = read(
        ("随机", "8:00", None, "一"), ("每天", "随时", None, "二"), ("每天", None, None, "三"),
        ("每天", "8:00", None, None, None, "小王"), ("13月1日", "8:3", None, "四"),
        ("每天", "8:00", None, Unreadable("the formula has no stored value")),
        ("每天", "8:00", None, "五", "a\\b.png"),
    )  # fmt: skip

    assert [cell for cell, _ in told(reading)] == ["A2", "B3", "B4", "D5", "A6", "B6", "D7", "E8"]
    assert "write it as 08:00" in dict(told(reading))["B3"]


def test_dates_without_a_year_follow_each_other_over_the_new_year():
    reading = read(
        ("12月30日", "8:00", None, "一"), ("1月2日", "8:00", None, "二"),
        ("6月30日", "8:00", None, "三"),
        ("11月1日", "8:00", None, "四"),
    )  # fmt: skip

    assert [draft.words.when[:10] for draft in reading.drafts] == [
        "2026-12-30", "2027-01-02", "2027-06-30", "2027-11-01"
    ]  # fmt: skip


def test_a_past_date_is_a_warning():
    assert "2026-11-01 is past" in told(read(("11月1日", time(8), None, "一")), "warning")[0][1]


def test_several_times_and_days_are_several_steps():
    reading = read(("D1、D2", "8:00、20:00", None, "打卡"))

    assert [draft.words.slug for draft in reading.drafts] == [
        "d01-0800", "d01-2000", "d02-0800", "d02-2000"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "person", "kind", "to", "shown"),
    [
        ("群主发红包 88 元", "小王", "task", "staff", "小王：群主发红包 88 元"),
        ("私聊未打卡的成员", "群主", "task", "owner", "私聊未打卡的成员"),
        ("电话回访", "管理员", "task", "staff", "电话回访"),
        ("群主发红包 88 元", "机器人", "post", "staff", "群主发红包 88 元"),
        ("早安", "小王", "post", "staff", "早安"),
    ],
)
def test_what_only_a_person_can_do_is_that_persons_task(
    text: str, person: str, kind: str, to: str, shown: str
):
    says = said("每天", "8:00", None, text, None, person)

    assert (says.kind, says.to, says.text) == (kind, to, shown)


def test_words_for_people_without_a_person_are_posted_and_said():
    reading = read(("每天", "8:00", None, "今晚群主发红包"))

    assert only(reading).says.kind == "post"
    assert told(reading, "warning")[0][0] == "F2"


def test_a_person_with_a_title_alone_has_a_task():
    heads = (*HEADS, "环节")

    assert said("每天", "8:00", None, None, None, "小王", "整理答疑", heads=heads).kind == "task"
    assert said("每天", "8:00", None, None, None, None, "早安", heads=heads).kind == "post"


@pytest.mark.parametrize(
    ("group", "where", "comments"),
    [
        ("核心群", "core", ()), ("核心书友群", "core", ()), ("所有群", "all", ()),
        ("全部", "all", ()),
        ("普通群", "regular", ()), (None, "regular", ()), ("-", "regular", ()),
        ("晨读一群", "regular", (("群", "晨读一群"),)),
    ],
)  # fmt: skip
def test_groups_are_layers_or_a_comment(group: str | None, where: str, comments: object):
    says = said("每天", "8:00", group, "早安")

    assert (says.where, says.comments) == (where, comments)


def test_rows_for_several_groups_are_told_that_a_pack_makes_no_difference():
    rows = [("每天", "8:00", group, "早安") for group in ("一群", "核心群", "二群", None, "一群")]
    [(cell, message)] = told(read(*rows), "warning")

    assert (cell, "(一群, 二群)" in message) == ("C4", True)
    assert not told(read(*rows[:2]), "warning")


def test_at_all_is_a_mention_not_a_text():
    says = said("每天", "8:00", None, "@所有人 早安")

    assert (says.mention_all, says.text) == (True, "早安")


def test_a_welcome_names_its_newcomers():
    says = said("新人入群", None, None, "欢迎【昵称】！")
    later = said("入群后1天", "10:00", None, "{昵称}，来打个卡吧")

    assert (says.welcome, says.text) == (True, "欢迎{{ members }}！")
    assert (later.welcome, later.text) == (False, "{{ member.name }}，来打个卡吧")


def test_a_place_for_a_name_where_nobody_is_meant_is_a_warning():
    assert (
        "no member is meant" in told(read(("每天", "8:00", None, "{昵称}早安")), "warning")[0][1]
    )


def test_a_form_decides_where_the_table_has_one():
    heads = (*HEADS, "形式")

    kinds = [
        said("入群后1天", "8:00", None, "群主好", None, None, form, heads=heads).kind
        for form in ("群发", "提问", "私信", "任务")
    ]
    assert kinds == ["post", "ask", "dm", "task"]
    assert said("每天", "8:00", None, "好", None, None, "私信", heads=heads).kind == "task"


def test_rows_of_the_program_are_left_out_and_said_once():
    rows = [("有人说「课」", "随时", None, "报名", None, None, "程序")] * 3
    reading = read(("每天", "8:00", None, "早安"), *rows, heads=(*HEADS, "形式"))

    assert len(reading.drafts) == 1
    assert [message[:8] for _, message in told(reading, "warning")] == ["3 row(s)"]


def test_what_the_pack_cannot_hold_stays_as_comments():
    heads = (*HEADS, "备注", "目的", "序号")
    says = said("每天", "8:00", None, "早安", None, None, "配乐", "促活", 7, heads=heads)

    assert says.comments == (("备注", "配乐"), ("目的", "促活"))


def test_pictures_are_a_file_or_lie_on_the_row():
    rows = (("每天", "8:00", None, "早安"), ("每天", "9:00", None, "好", "有"))
    on_cell = sheet(HEADS, *rows, pictures={(2, 5): "sop-1-e2.png", (2, 6): "sop-1-f2.png"})
    reading = read_sheets([on_cell], TODAY)

    assert [draft.says.image for draft in reading.drafts] == ["sop-1-e2.png", ""]
    assert [cell for cell, _ in told(reading, "warning")] == ["E2", "E3"]


def test_a_weekday_in_a_sheet_called_week_two_is_a_day_from_the_start():
    assert (
        only(read(("周三", "8:00", None, "早安"), title="第二周")).words.when == "开营后9天 08:00"
    )
    assert only(read(("每天", "8:00", None, "早安"), title="第二周")).words.when == "每天 08:00"


def test_without_a_column_for_days_the_sheets_name_or_every_day_holds():
    heads = ("时间", "内容")
    named = read(("8:00", "早安"), heads=heads, title="D3")
    daily = read(("8:00", "早安"), heads=heads, title="Sheet1")

    assert only(named).words.when == "开营后2天 08:00"
    assert only(daily).words.when == "每天 08:00"
    assert told(daily, "warning") == [
        ("A1", "the table has no column for days: its rows are taken as daily")
    ]


def test_bare_numbers_in_a_column_of_days_are_counted():
    assert only(read((3, "8:00", "早安"), heads=("天数", "时间", "内容"))).words.slug == "d03-0800"


def test_sheets_without_a_header_are_left_out_unless_there_is_no_other():
    notes = sheet(("请勿外传",), title="说明")
    table = sheet(HEADS, ("每天", "8:00", None, "早安"), title="日程")

    assert not errors(read_sheets([notes, table], TODAY))
    assert [each.cell for each in errors(read_sheets([notes], TODAY))] == ["A1"]
    assert [each.message for each in errors(read_sheets([], TODAY))] == [
        "there is no row with content"
    ]


def test_cells_are_called_as_spreadsheets_call_them():
    assert [column_name(n) for n in (1, 26, 27, 52, 53, 703)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "AAA",
    ]
    problem = SheetProblem(sheet="表1", row=7, column=3, message="wrong", severity="warning")
    assert problem.told("a.xlsx") == "a.xlsx!表1:C7: wrong (warning)"


def test_a_table_with_a_day_nought_says_how_it_counts():
    reading = read(("D0", "8:00", None, "开营"), ("D1", "8:00", None, "第一课"))

    assert [draft.words.when for draft in reading.drafts] == ["开营当天 08:00", "开营后1天 08:00"]
    assert [cell for cell, _ in told(reading, "warning")] == ["A2"]


def test_an_event_may_be_followed_after_a_while():
    assert only(read(("新客入群", "5分钟后", None, "你好"))).words.when == "member.joined + 5m"
    assert told(read(("新客入群", "随时", None, "你好")), "warning") == []
    assert told(read(("新客入群", "8:00", None, "你好")), "warning") == [
        ("B2", "this is sent at once, at no time of day")
    ]


def test_an_address_is_no_file_but_stays_as_a_comment():
    reading = read(("每天", "8:00", None, "早安", "https://example.com/a.jpg"))

    assert only(reading).says.comments == (("图片", "https://example.com/a.jpg"),)
    assert [cell for cell, _ in told(reading, "warning")] == ["E2"]


def test_one_cell_may_name_both_day_and_time():
    heads = ("发送时间", "内容")
    reading = read(
        ("12月1日 8:00", "一"), ("20:00", "二"), ("每周三晚8点", "三"), ("D3 9:00", "四"),
        ("新人入群", "五"), heads=heads,
    )  # fmt: skip

    assert [draft.words.when for draft in reading.drafts] == [
        "2026-12-01 08:00", "2026-12-01 20:00", "每周三 20:00", "开营后2天 09:00", "member.joined"
    ]  # fmt: skip


def test_a_time_that_looks_like_a_date_is_a_time():
    assert only(read(("每天", "8.30", None, "早安"))).words.when == "每天 08:30"
    assert only(read(("8.30", "早安"), heads=("时间", "内容"))).words.when == "每天 08:30"


def test_a_grid_of_days_and_times_is_read_day_by_day():
    reading = read(
        ("8:00", "早安", None, "周三早安"), ("20:00", "晚安", "周二晚安", "-"),
        heads=("时间", "周一", "周二", "周三"),
    )  # fmt: skip

    assert not reading.problems
    assert [(draft.words.when, draft.says.text) for draft in reading.drafts] == [
        ("每周一 08:00", "早安"), ("每周一 20:00", "晚安"), ("每周二 20:00", "周二晚安"),
        ("每周三 08:00", "周三早安"),
    ]  # fmt: skip


def test_what_is_merged_over_days_of_a_grid_is_said_on_each():
    rows = (("时间", "周一", "周二", "周三"), ("8:00", "早安", None, None))
    reading = read_sheets([sheet(*rows, beside={(2, 3): "早安"})], TODAY)

    assert [draft.words.when for draft in reading.drafts] == ["每周一 08:00", "每周二 08:00"]


def test_a_wrong_cell_of_a_grid_is_named():
    reading = read(("8:3", "早安", "好"), heads=("时间", "D1", "D2"))

    assert [cell for cell, _ in told(reading)] == ["A2", "A2"]


def test_no_table_of_any_shape_makes_the_reader_fail():
    cells = [None, "每天", "D1", "8:00", 8.5, True, date(2026, 12, 1), time(8), Unreadable("x")]
    for head in (HEADS, ("时间", "周一", "周二"), ("时间", "内容"), ("日期", "环节")):
        for first in cells:
            for second in cells:
                assert read((first, second, first), (second,), heads=head) is not None
