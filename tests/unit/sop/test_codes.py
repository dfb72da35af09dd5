"""Codes from a list and made ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.codes import free_code, made_code, read_codes


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"code\nA-1\nA-2\n", ("A-1", "A-2")),
        (b"\xef\xbb\xbfCODE,note\r\nA-1,x\r\n\r\n A-2 \r\nA-1\r\n", ("A-1", "A-2")),
        (b'"A,1"\nA-2', ("A,1", "A-2")),
        (b"A-1\n\xff\xfe\nA-2", ("A-1", "A-2")),
        (b"", ()),
        (b"code\n", ()),
    ],
    ids=["heading", "excel", "quoted", "not-utf-8", "empty", "heading-alone"],
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
