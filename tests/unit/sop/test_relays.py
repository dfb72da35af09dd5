"""Signed lists (接龙) as people paste them: title, entries, and what somebody should look at."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.activities import relays


def texts(said: str) -> list[str]:
    found = relays.read(said)
    assert found is not None
    return [each.text for each in found.entries]


def odd(said: str) -> list[tuple[int, str]]:
    found = relays.read(said)
    assert found is not None
    return [(each.number, each.why) for each in found.odd]


WITH_RULES = """#接龙
第3周打卡
规则:
1) 每天一条
2) 20:00 截止

1. 小禾 3章
很难
2. Leo 2. 交"""


@pytest.mark.parametrize(
    ("said", "title", "expected"),
    [
        (
            "#接龙\n周六徒步 9:00 集合\n\n1. 小禾 2人\n2. Leo\n3. 阿秋(可带车)",
            "周六徒步 9:00 集合", ["小禾 2人", "Leo", "阿秋(可带车)"],
        ),
        ("#接龙\n\n1. 小禾 ✅\n2. Leo", "", ["小禾 ✅", "Leo"]),
        (
            "#接龙\n晚餐登记\n\n例 小禾 早中吃\n\n1. 小禾 早中吃\n2. \n3. Leo 晚",
            "晚餐登记", ["小禾 早中吃", "Leo 晚"],
        ),
        ("#接龍\n讀書會\n\n1. 小禾\n2. Leo", "讀書會", ["小禾", "Leo"]),
        ("#Group Note\nPotluck\n\n1. Ann 2 pies\n2. Bo", "Potluck", ["Ann 2 pies", "Bo"]),
        (
            WITH_RULES,
            "第3周打卡 规则: 1) 每天一条 2) 20:00 截止", ["小禾 3章 很难", "Leo 2. 交"],
        ),
        ("#接龙\n1.小禾\n2、Leo", "", ["小禾", "Leo"]),
        ("#接龙\n只有题目", "只有题目", []),
        ("＃接龙 晨读\n１．小禾\n２．Leo", "晨读", ["小禾", "Leo"]),
        ("#接龙 晨读打卡\r\n1️⃣ 小禾\r\n2️⃣ Leo", "晨读打卡", ["小禾", "Leo"]),
        ("#接龙\\n晨读\\n1. 小禾\\n2. Leo", "晨读", ["小禾", "Leo"]),
        ("#接龙 晨读 1. 2. 小禾 3人 3. Leo", "晨读", ["小禾 3人", "Leo"]),
        ("#接龙 1. 李四", "", ["李四"]),
        ("#接龙\n跑步\n1. 例：小禾 5公里\n2. 小禾 5公里\n2.5公里一圈", "跑步",
         ["小禾 5公里 2.5公里一圈"]),
        ("#接龙\n\u200b晨读\u00a0打卡\n\n1.\u00a0小禾\n\n\n2. 7号楼老王 3本", "晨读 打卡",
         ["小禾", "7号楼老王 3本"]),
        ("群接龙：晨读\n1、小禾\n2、Leo", "晨读", ["小禾", "Leo"]),
    ],
)  # fmt: skip
def test_lists_are_read_as_people_paste_them(said: str, title: str, expected: list[str]):
    found = relays.read(said)

    assert found is not None
    assert (found.title, [each.text for each in found.entries]) == (title, expected)


@pytest.mark.parametrize(
    "said",
    [
        "我们来接龙吧\n1. 小禾", "", "1. 小禾\n2. Leo", "接龙什么时候开始\n1. 一",
        "#接龙\n1. 小禾\n- - - - - - -\n我来", "昨天的 #接龙 谁发的",
    ],
)  # fmt: skip
def test_other_texts_are_no_lists(said: str):
    assert relays.read(said) is None


@pytest.mark.parametrize(
    ("said", "entries", "noted"),
    [
        ("#接龙\n1. 小禾\n3. Leo\n4. 阿秋", ["小禾", "Leo", "阿秋"], [(3, "gap")]),
        ("#接龙\n1. 小禾\n2. Leo\n2. 阿秋", ["小禾", "Leo", "阿秋"], [(2, "again")]),
        ("#接龙\n1. 小禾\n2. Leo\n2. Leo", ["小禾", "Leo"], []),
        (
            "#接龙\n1. 小禾\n1) 早起\n2) 读书\n2. Leo",
            ["小禾 1) 早起", "读书", "Leo"], [(2, "again")],
        ),
        ("#接龙\n1. 小禾\n40. 页读完\n2. Leo", ["小禾 40. 页读完", "Leo"], []),
    ],
)  # fmt: skip
def test_what_is_odd_is_told(said: str, entries: list[str], noted: list[tuple[int, str]]):
    assert (texts(said), odd(said)) == (entries, noted)


def test_what_is_too_much_is_cut_and_told():
    said = "#接龙\n" + "\n".join(f"{n}. 成员{n}" for n in range(1, 300))

    assert len(texts(said)) == relays.MOST
    assert odd(said) == [(201, "many")]
    assert odd(f"#接龙\n1. {'长' * 600}\n2. Leo") == [(1, "long")]


def test_parts_that_overlap_are_one_list():
    first, second = "#接龙\n晨读\n1. 小禾\n2. Leo", "2. Leo\n3. 阿秋\n4. 小雨"

    assert relays.goes_on(second, 2)
    assert texts(f"{first}\n{second}") == ["小禾", "Leo", "阿秋", "小雨"]
    assert not relays.goes_on("1. 小禾\n2. Leo\n3. 阿秋", 2)
    assert not relays.goes_on("9. 小禾", 2)
    assert not relays.goes_on("谢谢", 2)
    assert not relays.goes_on("3. 阿秋", 0)


@pytest.mark.parametrize(
    ("said", "headless"),
    [
        ("1. 小禾\n2. Leo", True), ("早起打卡\n\n3. 小禾\n4. Leo", True), ("1. 小禾", False),
        ("2. 后说\n1. 先说", False), ("#接龙\n1. 小禾\n2. Leo", False), ("", False),
        ("任务", False),
    ],
)  # fmt: skip
def test_a_list_without_its_first_line_is_noticed(said: str, *, headless: bool):
    assert relays.is_headless(said) is headless


def test_what_stands_before_the_list_is_told_apart():
    assert relays.begins("晨读一群\n#接龙\n1. 小禾") == ("晨读一群", "#接龙\n1. 小禾")
    assert relays.begins("\n#接龙\n1. 小禾") == ("", "#接龙\n1. 小禾")
    assert relays.begins("一\n二\n#接龙\n1. 小禾") is None


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("小禾 读完 第3章", ["小禾 读完 第3章", "小禾 读完", "小禾"]),
        ("阿秋(可带车) 2人", ["阿秋(可带车) 2人", "阿秋(可带车)", "阿秋"]),
        ("Leo", ["Leo"]),
        ("(^_^)", ["(^_^)"]),
    ],
)
def test_nicknames_are_tried_the_longest_first(said: str, names: list[str]):
    assert [name for name, _ in relays.names_in(said)] == names


@pytest.mark.parametrize(
    ("one", "other"),
    [("小雨🌧", "小雨"), ("Ａnn Lee", "annlee"), ("@阿秋", "阿秋"), ("讀書(小禾)", "读书小禾")],
)
def test_nicknames_are_alike_without_pictures_blanks_and_brackets(one: str, other: str):
    assert relays.name_key(one) == relays.name_key(other)


def test_a_nickname_of_pictures_alone_is_one():
    assert relays.name_key("🌧") != relays.name_key("☀") != ""


def test_the_title_says_what_a_list_is_for():
    assert relays.kinds_named("周一晨读打卡") == {"checkin"}
    assert relays.kinds_named("周六徒步報名") == {"signup"}
    assert relays.kinds_named("周六聚餐") == frozenset()


def test_a_longer_copy_begins_with_all_of_the_older_one():
    old, new = relays.read("#接龙\n1. 小禾"), relays.read("#接龙\n1. 小禾\n2. Leo")
    assert old is not None
    assert new is not None

    assert relays.extends(new.entries, old.entries)
    assert not relays.extends(old.entries, new.entries)
    assert not relays.extends(new.entries, ())


NAMES = st.lists(
    st.text(st.characters(categories=("L",)), min_size=1, max_size=8), min_size=1, max_size=12
)


@given(names=NAMES, mark=st.sampled_from([". ", "、", "．", ") "]))
@settings(max_examples=60, deadline=None)
def test_what_is_written_as_a_list_is_read_as_it_was(names: list[str], mark: str):
    said = "#接龙\n打卡\n\n" + "\n".join(f"{n}{mark}x{name}" for n, name in enumerate(names, 1))

    assert texts(said) == [f"x{name}" for name in names]


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_the_reading(said: str):
    found = relays.read(f"#接龙\n{said}")
    relays.begins(said)
    relays.goes_on(said, 3)
    relays.is_headless(said)
    for entry in found.entries if found else ():
        assert list(relays.names_in(entry.text))
