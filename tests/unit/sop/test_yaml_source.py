"""YAML as operators write it: values, places, limits, and what is not YAML."""

import pytest

from sop.yaml import yaml_source
from sop.yaml.yaml_source import compose


def read(text: str) -> object:
    tree, problems = compose(text.encode(), "f")
    assert problems == ()
    assert tree is not None
    return tree.data


def refused(data: bytes) -> str:
    tree, problems = compose(data, "f")
    assert tree is None
    assert [problem.fatal for problem in problems] == [True]
    return f"{problems[0].line}:{problems[0].column} {problems[0].message}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("yes", "yes"),
        ("on", "on"),
        ("No", "No"),
        ("True", "True"),
        ("08:30", "08:30"),
        ("22:30:00", "22:30:00"),
        ("2027-02-06", "2027-02-06"),
        ("60%", "60%"),
        ("12", 12),
        ("-3", -3),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        ("1_000", "1_000"),
        ("9" * 30, "9" * 30),
        ("null", None),
        ("~", None),
        ("'12'", "12"),
        ('"true"', "true"),
    ],
)
def test_a_bare_word_means_what_yaml_1_2_says(text: str, value: object):
    read_value = read(f"a: {text}")

    assert read_value == {"a": value}
    assert isinstance(read_value, dict)
    assert isinstance(read_value["a"], type(value))


def test_a_number_remembers_how_it_was_written():
    data = read("[007, 1.10]")

    assert isinstance(data, list)
    assert [each.written for each in data] == ["007", "1.10"]


def test_every_value_and_key_has_its_place():
    tree, _ = compose(b"a:\n  - x\n  - {b: y}\n", "f")

    assert tree is not None
    assert (tree.place(("a", 0)).line, tree.place(("a", 0)).column) == (2, 5)
    assert (tree.place(("a", 1, "b")).line, tree.place(("a", 1, "b")).column) == (3, 9)
    assert (tree.key_place(("a", 1, "b")).line, tree.key_place(("a", 1, "b")).column) == (3, 6)
    assert tree.place(("a", 1, "b")).path == "a[1].b"


def test_the_place_of_what_is_not_there_is_that_of_its_holder():
    tree, _ = compose(b"a:\n  b: 1\n", "f")

    assert tree is not None
    assert tree.place(("a", "zzz", 3)).line == 2
    assert tree.key_place(("nowhere",)).line == 1


def test_columns_count_characters_not_bytes():
    tree, _ = compose("群规: {题: x}".encode(), "f")

    assert tree is not None
    assert tree.place(("群规", "题")).column == 9


def test_a_byte_order_mark_is_passed_over():
    assert read("\ufeffa: 1") == {"a": 1}


def test_all_duplicate_keys_are_told_and_the_first_is_kept():
    tree, problems = compose(b"a: 1\nb: {c: 1, c: 2}\na: 3\na: 4\n", "f")

    assert tree is not None
    assert tree.data == {"a": 1, "b": {"c": 1}}
    assert [(each.line, each.path) for each in problems] == [(2, "b.c"), (3, "a"), (4, "a")]


def test_aliases_repeat_what_their_anchor_holds():
    assert read("a: &x {b: 1}\nc: *x\n") == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_character_that_is_none_is_told():
    tree, problems = compose(b'a: "\\ud800"\nb: "\\0"\n', "f")

    assert tree is not None
    assert [(each.path, each.fatal) for each in problems] == [("a", False), ("b", False)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "1:1 the file is empty"),
        (b"  \n# only this\n", "1:1 the file is empty"),
        (b"a: 1\n\xff", "2:1 this is not UTF-8"),
        ("a: 1".encode("utf-16"), "1:1 this is not UTF-8"),
        (b"a:\n\tb: 1\n", "2:1 this is not YAML: a tab cannot indent"),
        (b"a: \x01", "1:4 this character is not allowed"),
        (b"a: *b", "1:4 this alias has no anchor"),
        (b"a: *b c", "a text that begins with * stands in quotes"),
        (b"a: [{{ b }} c]", "a comma or a closing bracket is missing"),
        (b"a: [{b: c {{ d }}}]", "1:11 this is not YAML: a text with {{"),
        (b"a: [{b: c: d}]", "1:10 this is not YAML: a text with a colon inside brackets"),
        (b"a: @all", "1:4 this is not YAML: a text that begins with this character stands in"),
        (b"a: [{b: - c}]", "1:9 this is not YAML: a text that begins with - stands in quotes"),
        (b"a: &b [*b]", "1:8 this alias stands inside its own anchor"),
        (b"a: !!int 3", "1:4 tags"),
        (b"a: 1\n---\nb: 2\n", "2:1 a second document"),
        (b"%YAML 1.1\n---\na: on\n", "2:1 files are read as YAML 1.2"),
        (b"%YAML 9999.9\n---\na\n", "1:1 this is not YAML"),
        (b'a: "\\UFFFFFFFF"', "this is not YAML"),
        (b"a: [1", "1:6 this is not YAML"),
        (b"[" * 51 + b"]" * 51, "1:51 deeper than 50 levels"),
        (b"[" * 100_000, "1:51 deeper than 50 levels"),
        (b"a" * (yaml_source.MAX_BYTES + 1), "1:1 the file is over 1 MiB"),
        (b"x: &x 1\ny: [" + b"*x, " * 1001 + b"]", "2:4005 more than 1,000 aliases"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(data: bytes, said: str):
    assert said in refused(data)


def test_fifty_levels_and_a_thousand_aliases_are_allowed():
    deep = "[" * 50 + "]" * 50
    many = "x: &x 1\ny: [" + "*x, " * 1000 + "]"

    assert read(deep) is not None
    assert read(many) is not None


def test_a_bomb_of_aliases_is_refused_before_it_grows():
    rows = [f"- &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]" for n in range(9)]
    bomb = "\n".join(["- &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]", *rows])

    assert "repeat too much" in refused(bomb.encode())


def test_aliases_cannot_nest_deeper_than_the_limit():
    chain = ["a0: &a0 x", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60))]

    assert "repeat too much" in refused("\n".join(chain).encode())


@pytest.mark.parametrize("key", ["<<", "[a]", "{a: 1}", "~"])
def test_a_key_that_is_no_word_is_told(key: str):
    tree, problems = compose(f"? {key}\n: 1\nb: 2\n".encode(), "f")

    assert tree is not None
    assert tree.data == {"b": 2}
    assert len(problems) == 1


def test_keys_are_texts_as_written():
    assert read("{1: a, true: b, 08:30: c}") == {"1": "a", "true": "b", "08:30": "c"}


def test_packaged_data_is_read_once():
    words = yaml_source.load_packaged("command_words.yaml")

    assert words["members"]["help"][0] == "帮助"
    assert yaml_source.load_packaged("command_words.yaml") is words
