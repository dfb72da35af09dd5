"""Codes from a list and made ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.activities.codes import NoTable, free_code, made_code, read_codes, read_list, tail_of


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"code\nA-1\nA-2\n", ("A-1", "A-2")),
        (b"\xef\xbb\xbfCODE,note\r\nA-1,x\r\n\r\n A-2 \r\nA-1\r\n", ("A-1", "A-2")),
        (b'"A,1"\nA-2', ("A,1", "A-2")),
        (b"A-1\n\xff\xfe\nA-2", ("A-1", "A-2")),
        (b"", ()),
        (b"code\n", ()),
        ("兑换码\n券一\n".encode("gb18030"), ("券一",)),
        ("兑换码\nA-1\n".encode("utf-16"), ("A-1",)),
    ],
    ids=["heading", "excel", "quoted", "not-utf-8", "empty", "heading-alone", "gbk", "utf-16"],
)
def test_the_first_column_is_read(data: bytes, codes: tuple[str, ...]):
    assert read_codes(data) == codes


@given(st.binary(max_size=2_000))
def test_no_bytes_are_too_strange(data: bytes):
    codes = read_codes(data)

    assert len(codes) == len(set(codes))
    assert all(code.strip() for code in codes)


def test_a_field_beyond_the_limit_of_the_reader_is_no_crash():
    assert read_codes(b"A-1\n" + b"x" * 200_000)[0] == "A-1"


def test_the_first_free_code_is_taken():
    assert free_code(("A", "B", "C"), ("B", "A")) == "C"
    assert free_code(("A",), ("A",)) == ""


@given(st.text(max_size=50))
def test_a_made_code_is_stable_readable_and_new(seed: str):
    code = made_code(seed, ())

    assert code == made_code(seed, ())
    assert len(code) == 8
    assert not set(code) & set("01OILUV")
    assert made_code(seed, (code,)) != code


@pytest.mark.parametrize(
    "data",
    [
        "code,备注\nA-1,甲\n\nA-2,乙\n".encode(),
        "\ufeff兑换码\r\nA-1\r\n\r\nA-2".encode(),
        "券码,备注\r\nA-1,给老张\r\n\r\nA-2,给小李\r\n".encode("gb18030"),
        "卡密\t备注\nA-1\t甲\n\nA-2\t乙".encode("utf-16"),
        b"\nA-1\n\nA-2",
        b"sep=;\r\nA-1\r\n\r\nA-2\r\n",
    ],
    ids=["utf-8", "excel", "gbk", "utf-16", "no-heading", "separator-told"],
)
def test_a_file_that_is_taken_over_may_come_from_anywhere(data: bytes):
    listed, wrong = read_list(data)

    assert [each.code for each in listed] == ["A-1", "A-2"]
    assert [each.line for each in listed] == [2, 4]
    assert wrong == ()


@pytest.mark.parametrize(
    ("data", "lines", "words"),
    [
        (b"A-1\nA-2\nA-1\nA-1\n", [3, 4], "as in line 1"),
        (b"A-1\n" + b"x" * 201, [2], "longer than 200"),
        (b"A-1\nA\x07\n", [2], "cannot be shown"),
        ("A-1\n\u27e6x\u27e7\n".encode(), [2], "which no code can"),
        (b"123\n1.23457E+11\n", [2], "has shortened this number"),
        ("卡包里的码\nA-1\nA-2\n".encode("gbk"), [1], "seems to be a heading"),
        (b"sep=,\nNo of card,b\nA-1,x\nA-2,x\n", [2], "seems to be a heading"),
        (b"", [1], "no code in the file"),
        (b"code\n", [1], "no code in the file"),
    ],
    ids=[
        "twice",
        "long",
        "unseen",
        "like-ours",
        "shortened",
        "headed",
        "headed-below",
        "empty",
        "heading-alone",
    ],
)
def test_every_bad_line_is_named_and_its_code_is_not(data: bytes, lines: list[int], words: str):
    _, wrong = read_list(data)

    assert [each.line for each in wrong] == lines
    assert all(words in each.sentence for each in wrong)
    assert not any("A-1" in each.sentence for each in wrong)


@pytest.mark.parametrize(
    "text", ["券号\nABC\nA-1\nA-2\n", "ABC\nDEF\nGHI\n", "甲\n乙\n丙\n", "ABC\nA-1\n"]
)
def test_a_code_is_not_taken_for_a_heading(text: str):
    listed, wrong = read_list(text.encode("gbk"))

    assert [each.code for each in listed] == [each for each in text.split() if each != "券号"]
    assert wrong == ()


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04\xff\xff\xff", b"a\0b"])
def test_what_is_no_text_is_no_table(data: bytes):
    with pytest.raises(NoTable, match="UTF-8 or GBK"):
        read_list(data)


@given(st.binary(max_size=500))
def test_no_file_breaks_the_taking_over(data: bytes):
    try:
        listed, wrong = read_list(data)
    except NoTable:
        return
    assert listed or wrong


@pytest.mark.parametrize(
    ("code", "tail"),
    [("", ""), ("AB", ""), ("ABC", "C"), ("ABCDEF", "EF"), ("ABCDEFGHIJKL", "IJKL")],
)
def test_of_a_code_no_more_than_a_third_is_shown_again(code: str, tail: str):
    assert tail_of(code) == tail
