import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import simplify_table
from sop.text import (
    LIMIT,
    NAME_LENGTH,
    fingerprint,
    hash_normal,
    normalise,
    plain_signs,
    safe_name,
    similar,
    visible_length,
)

PATIENCE_S = 5
"""Processor time no hostile input may take: what grows too fast takes minutes."""

HAN = {*range(0x3400, 0xA000), *range(0x20000, 0x323B0)}

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
"""Every str there is: lone surrogates, controls and unassigned code points included."""


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        pytest.param("ＡＢＣ１２３", "abc123", id="full-width letters and digits"),
        pytest.param("加微信", "加微信", id="plain Chinese stays as it is"),
        pytest.param("讀書會", "读书会", id="traditional characters are simplified"),
        pytest.param("乾隆", "干隆", id="a word looks the same alone and inside another"),
        pytest.param("加\u200b微\u200d信", "加微信", id="zero-width characters go"),
        pytest.param("a  b\n\n\tc\u3000d", "a b c d", id="blanks of every kind become one"),
        pytest.param("  早  ", "早", id="no blank at the ends"),
        pytest.param("STRASSE Straße", "strasse strasse", id="case is folded, not lowered"),
        pytest.param("①㈱𝐕", "1(株)v", id="compatibility forms"),
        pytest.param("等等…", "等等...", id="an ellipsis is three dots"),
        pytest.param("e\u0301", "é", id="marks are composed"),
        pytest.param("好\ud800", "好\ufffd", id="a lone surrogate is replaced"),
        pytest.param("\u2800\u3164\u00ad", "", id="blank-looking characters are nothing"),
        pytest.param("👍\ufe0f", "👍", id="an emoji loses its variation selector"),
    ],
)
def test_normalise_gives_the_form_texts_are_matched_in(written: str, normal: str) -> None:
    assert normalise(written) == normal


@given(ANY_TEXT)
def test_normalise_never_raises_and_is_idempotent(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
    assert once.encode().decode() == once


def test_normalise_agrees_with_itself_on_every_code_point_in_plain_and_odd_company() -> None:
    for start in range(0, sys.maxunicode + 1, 512):
        text = "a".join(["", *map(chr, range(start, start + 512)), ""])
        once = normalise(text)

        assert normalise(once) == once
        # The accent leads through the full folding instead of the short way.
        assert normalise("a\u0301a" + text) == normalise("\u00e1a" + once)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\u0301\u0316" * 5_000, id="marks in an order that is slow to sort"),
        pytest.param("\ufdfa" * 10_000, id="one character that becomes eighteen"),
        pytest.param("\ud800" * 10_000, id="lone surrogates"),
        pytest.param("a\u200b" * 50_000, id="zero-width padding"),
        pytest.param("…" * 10_000, id="dots"),
        pytest.param("👩‍🚀" * 5_000, id="joined emoji"),
    ],
)
def test_a_hostile_long_message_is_bounded_in_size_and_time(text: str) -> None:
    started = time.process_time()
    normal = normalise(text)
    visible_length(text)
    safe_name(text)

    assert len(normal) <= LIMIT
    assert time.process_time() - started < PATIENCE_S


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param("\u0301\u0316" * 20, id="marks"),
        pytest.param("\u0344" * 20, id="marks that are two each"),
    ],
)
def test_a_letter_keeps_few_of_its_marks_and_stays_settled(marks: str) -> None:
    once = normalise("x" + marks)

    assert len(once) <= 9
    assert normalise(once) == once


def test_only_the_first_ten_thousand_characters_count() -> None:
    assert normalise("字" * LIMIT + "尾") == "字" * LIMIT
    assert normalise("字" * (LIMIT - 1) + "尾") == "字" * (LIMIT - 1) + "尾"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("目录像地图，先看路", 9, id="Chinese with its punctuation"),
        pytest.param("a b\n c", 3, id="blanks are not seen"),
        pytest.param("e\u0301\u0316", 1, id="a letter with two marks"),
        pytest.param("你\u200b\u200d好", 2, id="zero-width between Han characters"),
        pytest.param("👩‍👩‍👧‍👦", 1, id="a family is one emoji"),
        pytest.param("👍🏽👍🏽", 2, id="skin tones belong to the hand"),
        pytest.param("🇨🇳🇯🇵", 2, id="flags"),
        pytest.param("1\ufe0f\u20e3", 1, id="a keycap"),
        pytest.param("❤️", 1, id="a heart with a variation selector"),
        pytest.param("\u3164\u2800\ufeff", 0, id="blank letters"),
        pytest.param("\ud800", 0, id="a lone surrogate"),
        pytest.param("ガ", 1, id="kana"),
        pytest.param("カ\u3099", 1, id="kana with a separate voice mark"),
    ],
)
def test_visible_length_counts_what_people_see(text: str, length: int) -> None:
    assert visible_length(text) == length


@given(ANY_TEXT)
def test_visible_length_never_raises_nor_exceeds_the_composed_text(text: str) -> None:
    assert 0 <= visible_length(text) <= len(unicodedata.normalize("NFC", text))


def test_fingerprint_is_the_same_on_every_machine() -> None:
    assert fingerprint("早上好") == "00e66f451038feb1"


@pytest.mark.parametrize("twin", ["早 上好", "早\u200b上好", "早上好！", "早上"])
def test_fingerprint_tells_texts_apart_by_their_normal_form(twin: str) -> None:
    same = normalise(twin) == normalise("早上好")

    assert (fingerprint(twin) == fingerprint("早上好")) is same


def test_fingerprint_of_a_normal_text_needs_no_second_normalising() -> None:
    assert hash_normal(normalise("讀 ＢＯＯＫ")) == fingerprint("读 book")


def test_chinese_texts_keep_their_fingerprints_apart() -> None:
    # Peers that keep ASCII only, or split at blanks, see one empty text here.
    texts = ["今天读完了第三章", "今天读完了第四章", "今天", "读完"]

    assert len({fingerprint(text) for text in texts}) == len(texts)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        pytest.param("今天讀完了", "今天读完了", 1, 1, id="equal after normalising"),
        pytest.param("今天读完了第三章啦", "今天读完了第四章啦", 0.85, 0.95, id="one differs"),
        pytest.param("早上好", "晚安", 0, 0.01, id="nothing in common"),
        pytest.param("", "", 1, 1, id="two empty texts"),
        pytest.param("\ud800", "a", 0, 0.01, id="a lone surrogate"),
    ],
)
def test_similar_measures_likeness_of_normal_forms(
    a: str, b: str, low: float, high: float
) -> None:
    assert low <= similar(a, b) <= high


@given(ANY_TEXT, ANY_TEXT)
def test_similar_is_symmetric_and_between_nought_and_one(a: str, b: str) -> None:
    assert 0 <= similar(a, b) == similar(b, a) <= 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("陈七", "陈七", id="a plain name"),
        pytest.param("<@all>", "＜＠all＞", id="a mention is defused"),
        pytest.param("<\u200b@zhang>", "＜ ＠zhang＞", id="also when split by zero width"),
        pytest.param("**[点我](http)**", "＊＊［点我］（http）＊＊", id="markdown"),
        pytest.param("a\u202egnp\nb", "a gnp b", id="bidi and line breaks"),
        pytest.param("👩‍👩‍👧", "👩‍👩‍👧", id="a joined emoji stays whole"),
        pytest.param("\u200b\u3164 \u200d", "", id="an invisible name is empty"),
        pytest.param("\ud83d张", "张", id="half a surrogate pair"),
        pytest.param("字" * NAME_LENGTH, "字" * NAME_LENGTH, id="the longest name"),
        pytest.param("字" * (NAME_LENGTH + 1), "字" * NAME_LENGTH, id="one too long"),
    ],
)
def test_safe_name_can_neither_mention_nor_format(name: str, shown: str) -> None:
    assert safe_name(name) == shown


@given(ANY_TEXT)
def test_safe_name_holds_no_markup_for_any_text(name: str) -> None:
    shown = safe_name(name)

    assert len(shown) <= NAME_LENGTH
    assert not set(shown) & set("<>@*_`[]()#|~\\\n\u202e\u2066")
    assert shown.encode().decode() == shown


def test_traditional_characters_become_what_opencc_makes_of_them():
    known = plain_signs()
    han = {chr(code): twin for code, twin in known.items() if code in HAN}

    assert han == simplify_table.simplified()
