import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.detectors.unmasking import unmask
from sop.text import LIMIT, normalise

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
MASKED = st.text(
    st.sampled_from(
        "加微信兼职日结vx薇❤➕🐧➏①壹零五八 .·/*一彳攴亻言jianzhi\u200b\u202e\n哈abc12"
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("加Ｖ❤：abc12345", "加微信:abc12345", id="full width and a heart"),
        pytest.param("➕🐧➏➏❶❷❸", "加qq66123", id="a plus, a penguin, circled numerals"),
        pytest.param("壹叁捌零零壹贰叁肆伍陆", "13800123456", id="capital numerals"),
        pytest.param("兼/职/日/结", "兼职日结", id="signs between single characters"),
        pytest.param("刷 单 返 利", "刷单返利", id="blanks between single characters"),
        pytest.param("兼🌟职🌟日🌟结", "兼职日结", id="emoji between single characters"),
        pytest.param("彳攴亻言", "微信", id="characters written as their parts"),
        pytest.param("日\u200b结兼\u200d职", "日结兼职", id="zero width"),
        pytest.param("刷單返利", "刷单返利", id="traditional"),
        pytest.param("𝐕𝐗：𝟏𝟐𝟑𝟒𝟓𝟔", "微信:123456", id="mathematical letters"),
        pytest.param("加 v x abc123", "加微信abc123", id="a shorthand apart"),
        pytest.param("ѵх：abc123", "微信:abc123", id="Cyrillic letters"),
        pytest.param("加卫星：abc123", "加微信:abc123", id="a satellite"),
        pytest.param("代kai发piao", "代开发票", id="half in Latin letters"),
        pytest.param("剪直日姐", "兼职日结", id="characters that sound alike"),
        pytest.param("快快快快来抢", "快来抢", id="one character again and again"),
        pytest.param("加加微微信信领领", "加微信领", id="every character twice"),
        pytest.param("日日日结红红包包包", "日结红包", id="a stutter, some only twice"),
        pytest.param("来来来，看看妈妈的花", "来,看看妈妈的花", id="one call is no stutter"),
        pytest.param("wēi xìn", "微信", id="letters with marks"),
        pytest.param("🆓领", "免费领", id="a sign that is a word"),
    ],
)
def test_a_disguise_is_undone(written: str, meant: str) -> None:
    assert unmask(written).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "周日、周一、周二都行",
        "1. 张三 2. 李四 3. 王五",
        "简直太好了",
        "卫星发射成功",
        "我们说说笑笑",
        "十点-十一点-十二点",
        "https://www.example.com/a-b-c",
        "https://mp.weixin.qq.com/s/abcdefgh",
        "weixin.qq.com 上看",
        "https://u.wechat.com/abc",
        "周末 9:30 集合",
        "企鹅馆门票 120 元",
        "他在家里加班",
        "这本书 2024-01-02 出版",
        "买了 3 斤苹果 2 斤梨",
    ],
)
def test_ordinary_writing_stays_as_it_is(text: str) -> None:
    plain = unmask(text)

    assert plain.text == text
    assert plain.disguised == ()


def test_the_plain_form_leads_back_to_what_was_typed() -> None:
    plain = unmask("早，加Ｖ❤：abc12345 了解")

    start = plain.text.index("微信")
    assert plain.as_typed(start, start + 2) == "Ｖ❤"
    assert plain.as_typed(plain.text.index("abc"), plain.text.index(" 了解")) == "abc12345"
    assert [plain.text[start:end] for start, end in plain.disguised] == ["微信"]


@settings(max_examples=200)
@given(st.one_of(ANY_TEXT, MASKED))
def test_every_text_has_a_plain_form_whose_places_are_in_order(text: str) -> None:
    plain = unmask(text)

    assert len(plain.origin) == len(plain.text)
    assert list(plain.origin) == sorted(plain.origin)
    assert all(0 <= at < len(text) for at in plain.origin)
    assert all(0 <= start <= end <= len(plain.text) for start, end in plain.disguised)
    assert plain.as_typed(0, len(plain.text)) in text
    plain.text.encode()


@given(st.text(st.sampled_from("今天读完了第三章作者说的目录像地图很有启发"), max_size=40))
def test_plain_characters_keep_their_places(text: str) -> None:
    plain = unmask(text)

    assert all(plain.text[at] in text for at in range(len(plain.text)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * LIMIT, id="one letter"),
        pytest.param("👍" * LIMIT, id="one emoji"),
        pytest.param("\ud800" * LIMIT, id="lone surrogates"),
        pytest.param("\u202e" * LIMIT, id="right-to-left marks"),
        pytest.param("刷 " * LIMIT, id="blanks between"),
        pytest.param("彳攴" * LIMIT, id="parts"),
        pytest.param("jian" * LIMIT, id="syllables"),
        pytest.param("加+" * LIMIT, id="asking to be added"),
        pytest.param("\ufdfa" * LIMIT, id="one character that becomes eighteen"),
        pytest.param("abcabd" * LIMIT, id="nearly a repeat"),
        pytest.param("· 刷" * LIMIT, id="dots"),
    ],
)
def test_a_hostile_message_takes_bounded_time(text: str) -> None:
    unmask("加微信")
    started = time.process_time()
    unmask(text)

    assert time.process_time() - started < 1


def test_what_is_ordinary_is_nearly_as_it_was_for_words_of_packs() -> None:
    text = "讀完《深度工作》了，推薦給大家"

    assert unmask(text).text == normalise(text)
