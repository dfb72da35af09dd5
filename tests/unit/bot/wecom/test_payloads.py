"""Bounded XML and JSON: what is read, and what is refused however it is disguised."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.crypto import CallbackMalformed
from bot.channels.wecom.payloads import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    clean,
    parse,
    parse_json,
    parse_xml,
)


def nested_xml(levels: int) -> str:
    return "<xml>" + "<a>" * (levels - 1) + "x" + "</a>" * (levels - 1) + "</xml>"


def nested_json(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


def test_elements_become_texts_dicts_and_lists() -> None:
    text = "<xml><A>1</A><B><C>x</C></B><I>a</I><I>b</I><I>c</I><E/></xml>"

    assert parse_xml(text) == {"A": "1", "B": {"C": "x"}, "I": ["a", "b", "c"], "E": ""}


LIED_ENCODING = '<?xml version="1.0" encoding="gb2312"?>\n<xml><A>a&#60;b&#38;c</A></xml>'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<xml><A><![CDATA[a<b&c]]></A></xml>", id="CDATA"),
        pytest.param("<xml><A>a&lt;b&amp;c</A></xml>", id="references"),
        pytest.param(LIED_ENCODING, id="lied encoding"),
        pytest.param("\n <xml>\n <A n='1'>a&lt;b&amp;c</A>\n</xml>\n", id="blanks and attributes"),
        pytest.param("<xml><A>a\x0b&lt;b\x00&amp;c\ufffe</A></xml>", id="characters XML forbids"),
    ],
)
def test_the_same_text_is_read_however_it_is_quoted(text: str) -> None:
    assert parse_xml(text) == {"A": "a<b&c"}


ENTITY = '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><A>&b;</A></xml>'
EXTERNAL = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("hello", id="no XML"),
        pytest.param("<xml><A>1</A>", id="not closed"),
        pytest.param("<xml><A>1</B></xml>", id="closed wrongly"),
        pytest.param("<xml>text</xml>", id="no elements"),
        pytest.param("<root><A>1</A></root>", id="another root"),
        pytest.param("<xml><A/></xml><xml><A/></xml>", id="two roots"),
        pytest.param("<xml><A>&nbsp;</A></xml>", id="undeclared entity"),
        pytest.param("<xml><A>&#0;</A></xml>", id="reference to NUL"),
        pytest.param("<xml><A>&#xD800;</A></xml>", id="reference to a surrogate"),
        pytest.param("<!DOCTYPE xml><xml><A>1</A></xml>", id="plain DOCTYPE"),
        pytest.param(ENTITY, id="entity"),
        pytest.param(EXTERNAL, id="external entity"),
        pytest.param(nested_xml(MAX_DEPTH + 1), id="too deep"),
        pytest.param("<a>" * 100_000, id="very deep"),
        pytest.param("<xml>" + "<a/>" * MAX_ELEMENTS + "</xml>", id="too many"),
        pytest.param("<xml><A>" + "x" * MAX_BYTES + "</A></xml>", id="too long"),
    ],
)
def test_broken_or_boundless_xml_is_malformed(text: str) -> None:
    with pytest.raises(CallbackMalformed):
        parse_xml(text)


def test_xml_just_within_its_bounds_is_read() -> None:
    many = parse_xml("<xml>" + "<a/>" * (MAX_ELEMENTS - 1) + "</xml>")

    assert parse_xml(nested_xml(MAX_DEPTH))
    assert many == {"a": [""] * (MAX_ELEMENTS - 1)}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("[]", id="a list"),
        pytest.param('"text"', id="a text"),
        pytest.param("{", id="not closed"),
        pytest.param('{"a":"', id="string not closed"),
        pytest.param('{"a":NaN}', id="NaN"),
        pytest.param('{"a":-Infinity}', id="Infinity"),
        pytest.param('{"a":' + "9" * 5000 + "}", id="a number of 5,000 digits"),
        pytest.param("\ufeff{}", id="byte order mark"),
        pytest.param(nested_json(MAX_DEPTH + 1), id="too deep"),
        pytest.param('{"a":' + "[" * 500_000, id="very deep"),
        pytest.param('{"a":"' + '\\"' * 300_000 + "{" * 40, id="quotes without end"),
        pytest.param('{"a":"' + "x" * MAX_BYTES + '"}', id="too long"),
    ],
)
def test_broken_or_boundless_json_is_malformed(text: str) -> None:
    with pytest.raises(CallbackMalformed):
        parse_json(text)


def test_json_just_within_its_bounds_is_read() -> None:
    assert parse_json(nested_json(MAX_DEPTH))


def test_brackets_inside_strings_do_not_count_as_depth() -> None:
    texts = ["[" * 100 + '\\"' + "{" * 100, "}" * 50]
    value = {"list": [{"text": text} for text in texts * 40]}

    assert parse_json(json.dumps(value)) == value


@given(st.text() | st.text(alphabet='<>/xml&;!["]a ', max_size=60).map("<xml>{}</xml>".format))
def test_any_text_is_read_or_malformed(text: str) -> None:
    try:
        value = parse(text)
    except CallbackMalformed:
        return

    assert isinstance(value, dict)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_every_shallow_json_object_comes_back(value: dict[str, object]) -> None:
    assert parse(json.dumps(value)) == value
    assert parse_json(json.dumps(value, ensure_ascii=False)) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("早上好\t\r\n", "早上好\t\r\n"),
        ("a\x00b\x1fc\x7f", "abc"),
        ("a\ud83db", "a\ufffdb"),
        ("家\u200d\u2005👨‍👩‍👧", "家\u200d\u2005👨‍👩‍👧"),
    ],
)
def test_only_what_no_store_can_hold_is_cleaned_away(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text(alphabet=st.characters()))
def test_clean_text_is_encodable_and_stays(text: str) -> None:
    cleaned = clean(text)

    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned) == cleaned
    assert "\x00" not in cleaned
