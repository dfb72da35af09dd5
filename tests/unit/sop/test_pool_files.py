"""Pools in tables, lists and notes: what they hold, and where exactly they are wrong."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.checks.loader import load_pack
from sop.pack.pack import Item, Pack
from sop.pools.pool_files import MOST_ITEMS, Source, borrowed
from sop.pools.pool_notes import in_reading_order
from sop.problems import Problem

HEAD = "pack: club\ntitle: 书友会\ntimezone: Asia/Shanghai\n"
STEPS = 'steps: [{id: morning, when: "08:00 daily", do: [{drop: daily}]}]\n'


class Folder(frozenset[str]):
    """Files that lie beside a pack, in memory."""

    sources: Mapping[str, Source]

    def pool(self, path: str) -> Source | None:
        return self.sources.get(path)


def beside(**sources: Source) -> Folder:
    found = Folder(["cover.png"])
    found.sources = {name.replace("_", "."): source for name, source in sources.items()}
    return found


def table(text: str | bytes) -> tuple[Pack | None, tuple[Problem, ...]]:
    data = text if isinstance(text, bytes) else text.encode()
    return load(beside(daily_csv=Source(files=(("daily.csv", data),))), "daily.csv")


def load(folder: Folder, name: str) -> tuple[Pack | None, tuple[Problem, ...]]:
    source = f"{HEAD}library: {{daily: {name}}}\n{STEPS}"
    return load_pack(source.encode(), "club.yaml", folder)


def items(loaded: tuple[Pack | None, tuple[Problem, ...]]) -> list[Item]:
    pack, problems = loaded
    assert pack is not None, problems
    return list(pack.library["daily"].items)


def told(loaded: tuple[Pack | None, tuple[Problem, ...]]) -> list[str]:
    return [f"{each.file}:{each.line} {each.path} {each.message}" for each in loaded[1]]


def test_a_table_has_an_item_a_row_with_headers_in_either_language():
    chinese = (
        "内容,图片,提问,标签,开始,结束\n早读 01,cover.png,你呢？,读书、历史,2026/12/1,2026-12-31\n"
    )
    english = (
        "tags,text,image,ask,from,until\n"
        "读书|历史,早读 01,cover.png,你呢？,2026-12-01,2026年12月31日\n"
    )
    expected = Item.model_validate(
        {
            "text": "早读 01", "image": "cover.png", "ask": "你呢？", "tags": ["读书", "历史"],
            "from": date(2026, 12, 1), "until": date(2026, 12, 31),
        }
    )  # fmt: skip

    assert items(table(chinese)) == items(table(english)) == [expected]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("\ufeff内容\r\n一\r\n\r\n二\r\n", ["一", "二"]),
        ("内容\t标签\n一\ta\n二\tb\n", ["一", "二"]),
        ('内容\n"两行，\n一项"\n', ["两行，\n一项"]),
        ("内容,,\n一,,\n", ["一"]),
        ("备忘\n一\n", None),
        ("序号,内容,备注\n1,一,给小王看\n", ["一"]),
    ],
)
def test_tables_as_people_save_them(text: str, texts: list[str] | None):
    loaded = table(text)

    assert (None if texts is None else [item.text for item in items(loaded)]) == texts
    assert (loaded[0] is None) is (texts is None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("内容,图片\n一,cover.png\n二,../x.png\n", "daily.csv:3 image"),
        ("内容,开始\n一,明天\n", "daily.csv:2 from"),
        ("内容,图面\n一,x\n", "daily.csv:1"),
        ("内容,文案\n一,二\n", "daily.csv:1  two columns hold text"),
        ("内容\n一,二\n", "daily.csv:2  more cells"),
        ('内容\n"一\n' + "长" * 20_001 + '"', "daily.csv:2  a cell is longer"),
        ("内容,标签\n好,a\n,b\n", "daily.csv:3"),
        ("内容\n一\n{{ member.name }} 早\n", "daily.csv:3 text an item of a pool has no member"),
        ("内容\n{{ nobody }}\n", 'daily.csv:2 text a template knows no "nobody"'),
        ("内容\n{% for x in y %}\n", "daily.csv:2 text is not a template"),
        ("", "daily.csv:1  the table is empty"),
        (b"\xc4\xda\n\xff\xff\n", "daily.csv:2  this is not UTF-8"),
        ('内容\n一\n"二\n三\n', "daily.csv:3  a quote is not closed"),
    ],
)
def test_a_bad_row_names_itself_and_nothing_comes_into_force(text: str | bytes, expected: str):
    loaded = table(text)

    assert loaded[0] is None
    assert any(line.startswith(expected) for line in told(loaded)), told(loaded)


def test_a_table_may_come_in_the_code_of_chinese_table_programs():
    assert [item.text for item in items(table("内容,标签\n早安,诗\n".encode("gbk")))] == ["早安"]


def test_all_that_is_wrong_is_told_at_once_beside_what_is_wrong_in_the_pack():
    folder = beside(daily_csv=Source(files=(("daily.csv", b"text,from\na,x\nb,y\n"),)))
    source = f"{HEAD}library: {{daily: daily.csv}}\n{STEPS}nonsense: 1\n"
    pack, problems = load_pack(source.encode(), "club.yaml", folder)

    assert pack is None
    assert [(each.file, each.line) for each in problems] == [
        ("club.yaml", 6), ("daily.csv", 2), ("daily.csv", 3),
    ]  # fmt: skip


def notes(**texts: str) -> Source:
    files = tuple((f"{name}.md", text.encode()) for name, text in texts.items())
    return Source(files=files, folder=True, pictures=frozenset({"sea.png"}))


def test_a_folder_has_an_item_a_note_with_its_fields_in_front():
    source = notes(
        n10="最后一篇\n",
        n2="---\nimage: sea.png\ntags: [海]\nask: 去过吗？\n---\n# 海\n\n第二篇\n",
        n1="---\n图片: cover.png\n---\n第一篇",
    )  # fmt: skip
    found = items(load(beside(daily=source), "daily"))

    assert [(item.text, item.image) for item in found] == [
        ("第一篇", "cover.png"), ("# 海\n\n第二篇", "daily/sea.png"), ("最后一篇", None),
    ]  # fmt: skip
    assert (found[1].tags, found[1].ask) == (("海",), "去过吗？")


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\n---\n前\n\n---\n\n后\n", "前\n\n---\n\n后"),
        ("---\r\ntags: [a]\r\n---\r\n好", "好"),
        ("---\n没有结束的线", "---\n没有结束的线"),
        ("\ufeff---\ntags: [a]\n---\n好", "好"),
    ],
)
def test_notes_as_people_write_them(text: str, body: str):
    assert [item.text for item in items(load(beside(daily=notes(n=text)), "daily"))] == [body]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntags: [a\n---\n好", "n.md:"), ("---\nimge: a.png\n---\n好", "n.md:2 imge"),
        ("---\ntext: 一\n---\n二", "n.md:1 text the text stands below"), ("", "n.md:1  there is"),
        ("---\n- a\n---\n好", "n.md:2"), ("---\nfrom: 很久\n---\n好", "n.md:4 from"),
        ("---\ntagss: 诗\n好", "n.md:1  the fields in front do not end"),
        ("---\n图片: a.png\n好", "n.md:1  the fields in front do not end"),
        ("---\na: 1\na: 2\n---\n好", "n.md:3"), ("\n\n---\nimge: a\n---\n好", "n.md:4 imge"),
    ],
)  # fmt: skip
def test_a_bad_note_names_itself(text: str, expected: str):
    loaded = load(beside(daily=notes(n=text)), "daily")

    assert loaded[0] is None
    assert any(line.startswith(expected) for line in told(loaded)), told(loaded)


def listed(text: str) -> tuple[Pack | None, tuple[Problem, ...]]:
    return load(
        beside(daily_pool_yaml=Source(files=(("d.yaml", text.encode()),))), "daily.pool.yaml"
    )


def test_a_list_is_as_it_would_stand_in_the_pack():
    found = items(listed("- 一\n- {text: 二, 标签: [a]}\n- 3\n"))

    assert [(item.text, item.tags) for item in found] == [("一", ()), ("二", ("a",)), ("3", ())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n", "d.yaml:1"), ("- 一\n- {txt: 二}\n", "d.yaml:2"), ("- [a]\n", "d.yaml:1"),
        ("- 一\n- {text: 二, image: /etc/x}\n", "d.yaml:2 image"), ("", "d.yaml:1"),
        ("- {a: 1, a: 2}\n", "d.yaml:1"),
    ],
)  # fmt: skip
def test_a_bad_item_of_a_list_names_itself(text: str, expected: str):
    loaded = listed(text)

    assert loaded[0] is None
    assert any(line.startswith(expected) for line in told(loaded)), told(loaded)


def test_a_wrong_field_hides_no_wrong_value_beside_it():
    note = told(load(beside(daily=notes(n="---\nimage: /etc/x\nfrm: 1\n---\n好")), "daily"))
    item = told(listed("- {txt: 二, image: /etc/x}\n- {txt: 三}\n"))

    assert [line.split()[:2] for line in note] == [["n.md:3", "frm"], ["n.md:5", "image"]]
    assert [line.split()[:2] for line in item] == [
        ["d.yaml:1", "image"], ["d.yaml:1", "[0].txt"], ["d.yaml:2", "[1].txt"],
    ]  # fmt: skip


def test_what_is_not_there_is_a_warning_at_its_place_in_the_pack():
    pack, problems = load(beside(), "daily.csv")

    assert pack is not None
    assert [(each.line, each.severity) for each in problems] == [(4, "warning")]
    assert "will be a task" in problems[0].message
    assert told(load(beside(daily=Source(folder=True)), "daily"))[0].endswith("will be a task")


def test_what_cannot_be_read_is_an_error():
    pack, problems = load(beside(daily=Source(error="leads out")), "daily")

    assert pack is None
    assert [(each.path, each.message) for each in problems] == [
        ("library.daily", '"daily" leads out')
    ]


def test_a_pool_is_bounded():
    assert table("内容\n" + "一\n" * (MOST_ITEMS + 1))[0] is None
    assert len(items(table("内容\n" + "一\n" * MOST_ITEMS))) == MOST_ITEMS


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv", "/etc/a.csv", "a/../b.csv", "a\\b.csv", ".hidden/a.csv", "a.yaml", "a.txt",
        "a//b.csv", "c:a.csv", "a/b/c/d.csv", "a\x00.csv", "x" * 201,
    ],
)  # fmt: skip
def test_a_pool_lies_beside_the_pack_and_nowhere_else(name: str):
    source = f"{HEAD}library: {{daily: {{from: {name!r}}}}}\n{STEPS}"

    assert load_pack(source.encode(), "club.yaml", beside())[0] is None


def test_an_older_pack_takes_its_files_from_today():
    today = load(beside(daily_csv=Source(files=(("daily.csv", b"text\na\n"),))), "daily.csv")[0]
    older = load(beside(), "daily.csv")[0]
    assert today is not None
    assert older is not None

    assert [item.text for item in borrowed(older, today).library["daily"].items] == ["a"]


@given(st.lists(st.integers(0, 10**6), unique=True))
def test_notes_are_read_as_people_number_them(numbers: list[int]):
    names = [f"第{number}天.md" for number in numbers]

    assert sorted(names, key=in_reading_order) == [
        f"第{number}天.md" for number in sorted(numbers)
    ]


@given(st.binary(max_size=200), st.sampled_from(["daily.csv", "daily.pool.yaml", "daily"]))
def test_no_bytes_break_a_pool(data: bytes, name: str):
    file = {"daily": "n.md"}.get(name, name)
    folder = beside()
    folder.sources = {name: Source(files=((file, data),), folder=name == "daily")}

    pack, problems = load(folder, name)

    assert (pack is None) is any(each.severity == "error" for each in problems)
