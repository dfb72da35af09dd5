import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.attempts import Delivery
from bot.channels.wecom.messages import messages, split_utf8
from bot.channels.wecom.raw_json import encoded


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("", 10, (), id="nothing"),
        pytest.param("abcd", 4, ("abcd",), id="just fits"),
        pytest.param("abcde", 4, ("abcd", "e"), id="one byte too many"),
        pytest.param("晨读打卡", 7, ("晨读", "打卡"), id="no half character"),
        pytest.param("😀😀", 4, ("😀", "😀"), id="four bytes each"),
        pytest.param("aaaaaa\nbbbbbb", 10, ("aaaaaa\n", "bbbbbb"), id="at a line end"),
        pytest.param(
            "a\nbbbbbbbbbbbb", 10, ("a\nbbbbbbbb", "bbbb"), id="not at an early line end"
        ),
        pytest.param("a\ud800b", 4, ("a?b",), id="a lone surrogate"),
    ],
)
def test_splitting(text: str, limit: int, expected: Any):
    assert split_utf8(text, limit) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(4, 60))
def test_splitting_loses_nothing_and_keeps_the_limit(text: str, limit: int):
    pieces = split_utf8(text, limit)

    assert "".join(pieces) == text
    assert all(0 < len(piece.encode()) <= limit for piece in pieces)


@given(st.text())
def test_bodies_are_raw_utf8_without_escaped_characters(text: str):
    raw = encoded({"content": text})

    kept = "".join(c for c in text if c >= " " or c in "\n\r\t\b\f")
    kept = kept.encode("utf-8", "replace").decode()
    assert json.loads(raw) == {"content": kept}


def test_a_typed_backslash_u_is_no_escape_and_stays():
    assert encoded({"t": "a\\u0001b\x01c晨"}) == '{"t": "a\\\\u0001bc晨"}'.encode()


@pytest.mark.parametrize(
    ("channel", "size", "image", "expected"),
    [
        ("appchat", 2048, "", 1),
        ("appchat", 2049, "", 2),
        ("webhook", 10, "a.png", 2),
        ("aibot", 50_000, "", 1),
        ("link", 20_481, "", 2),
    ],
)
def test_windows_count_the_messages_a_delivery_makes(
    channel: str, size: int, image: str, expected: Any
):
    delivery = Delivery(do="post", channel=channel, text="x" * size, image=image)

    assert messages(delivery) == expected
