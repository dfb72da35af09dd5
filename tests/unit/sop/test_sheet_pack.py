"""The pack a table becomes: it loads clean, can be read, and names the row of every step."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from sop.checks.loader import load_pack
from sop.pack.pack import Pack
from sop.pack.pack_actions import AskAction, DmAction, PostAction, TaskAction
from sop.sheets.sheet import Cell, Row, Sheet
from sop.sheets.sheet_pack import Written, write_pack
from sop.sheets.sheet_rows import read_sheets

HEADS = ("日期", "时间", "群", "内容", "图片", "负责人", "形式", "环节")


def written(*rows: tuple[Cell, ...], title: str = "一") -> Written:
    numbered = tuple(Row(number=n, cells=cells) for n, cells in enumerate((HEADS, *rows), 1))
    reading = read_sheets([Sheet(title=title, rows=numbered)], date(2026, 11, 20))
    assert not [each for each in reading.problems if each.severity == "error"]
    return write_pack(
        reading.drafts, pack="camp", title="训练营", timezone="Asia/Shanghai", source="a.xlsx"
    )


def loaded(text: str) -> Pack:
    pack, problems = load_pack(text.encode(), "camp.yaml")
    assert pack is not None, problems
    assert not problems
    return pack


def test_every_kind_of_row_loads_as_what_it_is():
    pack = loaded(
        written(
            ("每天", "8:00", "所有群", "@所有人 早安\n今天读第一章", "a.png", None, None, "早安"),
            ("D1", "9:00", "核心群", "你会把它送给谁？", None, None, "提问"),
            ("入群后1天", "10:00", None, "{昵称}，你好", None, None, "私信"),
            ("周五", "20:00", None, "群主发红包", None, "小王"),
            ("新人入群", None, None, "欢迎{昵称}"),
        ).text
    )
    post, ask, dm, task, welcome = [step.do[0] for step in pack.steps]

    assert isinstance(post, PostAction)
    assert (post.post, post.mention, post.image) == (("早安\n今天读第一章",), ("all",), "a.png")
    assert isinstance(ask, AskAction)
    assert ask.ask.texts == ("你会把它送给谁？",)
    assert isinstance(dm, DmAction)
    assert dm.dm == ("{{ member.name }}，你好",)
    assert isinstance(task, TaskAction)
    assert (task.to, task.text) == ("staff", "小王：群主发红包")
    assert isinstance(welcome, PostAction)
    assert (welcome.post, welcome.mention) == (("欢迎{{ members }}",), ("member",))
    assert [(step.id, step.in_, step.title) for step in pack.steps] == [
        ("daily-0800", "all", "早安"), ("d01-0900", "core", ""), ("joined-1d-1000", "regular", ""),
        ("fri-2000", "regular", ""), ("joined", "regular", ""),
    ]  # fmt: skip


def test_steps_of_one_time_have_ids_of_their_own_and_the_same_each_time():
    rows = [("每天", "8:00", None, f"第{n}条") for n in "一二三"]

    ids = [step.id for step in loaded(written(*rows).text).steps]
    assert ids == ["daily-0800", "daily-0800-2", "daily-0800-3"]
    assert written(*rows) == written(*rows)


def test_each_step_says_which_row_it_comes_from_and_what_the_pack_cannot_hold():
    text = written(("每天", "8:00~9:00", "一群", "早安", None, "小王")).text

    assert "  # 一 第 2 行 · 到 09:00 · 群：一群 · 负责人：小王\n  - id: daily-0800\n" in text


def test_a_problem_of_the_pack_is_told_at_the_row_it_comes_from():
    made = written(("每天", "8:00", None, "早安"), ("每天", "9:00", None, "多行\n{{ nobody }}"))
    found = load_pack(made.text.encode(), "camp.yaml")[1]

    [problem] = [made.traced(each) for each in found]
    assert (problem.sheet, problem.cell, problem.severity) == ("一", "D3", "error")
    assert "nobody" in problem.message


def test_a_comment_cannot_become_a_line_of_the_pack():
    text = written(("每天", "8:00", "一群\nsteps: []", "早安")).text

    assert len(loaded(text).steps) == 1


anything = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="{}%@#"), min_size=1, max_size=60
)


@settings(max_examples=50)
@given(st.lists(anything, min_size=1, max_size=4))
def test_no_text_of_a_cell_breaks_the_pack(texts: list[str]):
    rows = tuple(
        Row(number=n, cells=("每天", "8:00", None, f"。{text}。", None, None, "群发"))
        for n, text in enumerate(texts, 2)
    )
    reading = read_sheets(
        [Sheet(title="", rows=(Row(number=1, cells=HEADS), *rows))], date(2026, 11, 20)
    )
    made = write_pack(
        reading.drafts, pack="camp", title="营", timezone="Asia/Shanghai", source="a\nb"
    )
    pack = loaded(made.text)

    posts = [step.do[0] for step in pack.steps]
    said = [post.post[0] for post in posts if isinstance(post, PostAction)]
    assert said == [draft.says.text for draft in reading.drafts]
    assert len(said) == len(texts)
