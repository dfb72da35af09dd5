"""A pack as tables: what a table can hold comes back by import, the rest is marked and named."""

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import sop
from sop.agenda.agenda import Known
from sop.book import Book
from sop.checks.loader import load_pack
from sop.pack.pack import Pack
from sop.sheets.sheet import Row, Sheet
from sop.sheets.sheet_export import OutTable, dated_table, steps_table
from sop.sheets.sheet_overview import overview_table
from sop.sheets.sheet_pack import write_pack
from sop.sheets.sheet_rows import read_sheets
from tests.builders import pack as built

CLUB = Path(sop.__path__[0]) / "packs" / "reading-club.yaml"
ROLES = ("day", "time", "group", "title", "text", "image", "person", "form", "remark")


def rows_of(yaml_text: str, table: int = 0) -> list[dict[str, str]]:
    tables = steps_table(Book(pack=built(yaml_text), version="v"))
    return [dict(zip(ROLES, row, strict=True)) for row in tables[table].rows]


def again(tables: tuple[OutTable, ...]) -> Pack:
    """Import tables as if they had been written and read."""
    sheets = [
        Sheet(
            title=table.title,
            rows=tuple(
                Row(number=n, cells=tuple(cell or None for cell in cells))
                for n, cells in enumerate((table.heads, *table.rows), 1)
            ),
        )
        for table in tables
    ]
    reading = read_sheets(sheets, date(2026, 11, 20))
    assert not [problem for problem in reading.problems if problem.severity == "error"]
    made = write_pack(
        reading.drafts, pack="club", title="书友会", timezone="Asia/Shanghai", source="x"
    )
    pack, problems = load_pack(made.text.encode(), "again.yaml")
    assert pack is not None, problems
    return pack


def gist(pack: Pack) -> list[Any]:
    """What a table is to keep of a pack's steps."""
    return [
        (step.when, step.in_, step.title, step.batch, action.model_dump(exclude_defaults=True))
        for step in pack.steps
        for action in step.do
    ]


ordinary = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"),
    exclude_characters="{}%@#\u200b\u2060\ufeff\ufffe\uffff"
)  # fmt: skip
texts = st.text(ordinary, min_size=1, max_size=40).map(lambda text: " ".join(f"{text}好".split()))
whens = st.sampled_from(
    [
        "08:00 daily", "08:30 workdays", "20:00 mon,thu", "10:00 day 1,15", "10:00 last day",
        "2027-02-06 09:00", "09:00 festival 中秋", "start at 08:00", "start - 1d at 20:00",
        "start + 3d at 08:00", "group.created", "group.created + 3d at 09:00",
        "member.joined + 1d at 10:00", "member.joined + 2h",
    ]
)  # fmt: skip
actions = st.one_of(
    st.builds(lambda text: {"post": text}, texts),
    st.builds(lambda text: {"post": text, "mention": "all"}, texts),
    st.builds(lambda text: {"post": text, "image": "a.png"}, texts),
    st.builds(lambda text: {"ask": text}, texts),
    st.builds(
        lambda text, to: {"task": {"text": text, "to": to}},
        texts, st.sampled_from(["owner", "staff", "leader"]),
    ),
)  # fmt: skip


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(whens, st.sampled_from(["regular", "core", "all"]), st.booleans(), actions),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_what_a_table_can_hold_comes_back_as_it_was(steps: list[Any]):
    whole = {
        "pack": "club", "title": "书友会", "timezone": "Asia/Shanghai",
        "steps": [
            {"id": f"s{n}", "when": when, "in": where, "do": [action], "title": "题" * titled}
            for n, (when, where, titled, action) in enumerate(steps)
        ],
    }  # fmt: skip
    pack = Pack.model_validate(whole)
    tables = steps_table(Book(pack=pack, version="v"))

    assert sorted(map(repr, gist(again(tables)))) == sorted(map(repr, gist(pack)))


def test_the_rows_of_a_pack_name_what_only_a_pack_can_hold():
    plain, asked, rotating, gated = rows_of("""
steps:
  - {id: a, when: "08:00 daily", do: [{post: 早安}]}
  - {id: b, when: "09:00 daily", grace: 30m, do: [{ask: 读到哪了, for: 2h}]}
  - {id: c, when: "10:00 daily", do: [{post: [一, 二]}]}
  - {id: d, when: "20:00 wed", if: {value_posts: ">= 3 in 7d"}, do: [{post: 晚安}]}
""")

    assert (plain["form"], plain["remark"]) == ("发群", "步骤 a")
    assert (asked["form"], asked["remark"]) == (
        "程序", "只能写在包里：最晚补到何时、这种动作；步骤 b"
    )  # fmt: skip
    assert (rotating["form"], rotating["text"]) == ("程序", "1. 一\n2. 二")
    assert (gated["day"], gated["form"]) == ("每周三", "程序")
    assert "条件" in gated["remark"]


def test_a_text_that_needs_its_pack_is_shown_as_people_read_it():
    [row] = rows_of("""
texts: {hello: 你好}
steps: [{id: a, when: "08:00 daily", do: [{post: "{{ texts.hello }}，早安"}]}]
""")

    assert (row["text"], row["form"]) == ("你好，早安", "程序")


def test_a_text_that_a_table_would_read_otherwise_is_not_given_as_one():
    rows = rows_of("""
steps:
  - {id: a, when: "08:00 daily", do: [{post: "请 @所有人 看"}]}
  - {id: b, when: "member.joined + 1d at 08:00", do: [{post: "{昵称}好"}]}
""")

    assert [row["form"] for row in rows] == ["程序"]
    assert [row["form"] for row in rows_of("""
steps: [{id: b, when: "member.joined + 1d at 08:00", do: [{post: "{昵称}好"}]}]
""", 1)] == ["程序"]  # fmt: skip


def test_what_waits_for_an_event_has_a_table_of_its_own():
    rows = rows_of("""
steps:
  - {id: a, when: {says: [报名]}, do: [{post: 这里报名}]}
  - {id: b, when: member.joined, batch: 60s, do: [{post: "欢迎 {{ members }}", mention: member}]}
  - {id: c, when: member.joined, do: [{post: 欢迎}]}
""", 1)  # fmt: skip

    assert [(row["day"], row["form"]) for row in rows] == [
        ("有人说「报名」", "程序"), ("入群时", "发群"), ("入群时", "程序")
    ]  # fmt: skip


def test_dated_rows_are_the_occurrences_of_those_days():
    book = Book(
        pack=built("""
skip: ["2026-12-03..2026-12-03"]
steps:
  - {id: a, when: "08:00 daily", do: [{post: 早安}]}
  - {id: b, when: "start at 09:00", do: [{post: 开营}]}
"""),
        version="v",
    )

    timed, waiting = dated_table(book, Known(starts=date(2026, 12, 2)), date(2026, 12, 1), 4)
    assert [row[:2] for row in timed.rows] == [
        ("2026-12-01（周二）", "08:00"), ("2026-12-02（周三）", "08:00"),
        ("2026-12-02（周三）", "09:00"), ("2026-12-04（周五）", "08:00"),
    ]  # fmt: skip
    assert waiting.rows == ()
    assert len(again((timed,)).steps) == 4


def test_the_shipped_pack_fits_its_tables():
    pack, _ = load_pack(CLUB.read_bytes(), CLUB.name)
    assert pack is not None
    overview = overview_table(pack)

    assert ("得分", "签到", "+2 分；每天最多 1 次") in overview.rows
    assert ("违规阶梯", "第 2 次", "移出") in overview.rows
    assert {row[0] for row in overview.rows} >= {"概况", "群规", "等级", "福利", "常见问题"}
    assert len(again((*steps_table(Book(pack=pack, version="v")), overview)).steps) == 1
