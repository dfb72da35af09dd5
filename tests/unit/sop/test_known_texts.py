import pytest

from benchmarks import corpus
from sop.detectors.known_texts import NOTHING_KNOWN, KnownText, KnownTexts, as_heard, words_of

ADVERT = "宝妈兼职日结三百，在家就能做，加微信 abc12345 了解"
FINE = "会修电脑，需要的联系我，{} 栋，白天都在"


def known(*texts: tuple[str, bool]) -> KnownTexts:
    return KnownTexts(
        KnownText(number, is_advert, as_heard(words_of(text)))
        for number, (text, is_advert) in enumerate(texts, start=1)
    )


def found(texts: KnownTexts, text: str) -> int:
    hit = texts.find(words_of(text))
    return hit.id if hit else 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ADVERT, id="the same"),
        pytest.param("宝妈兼职日结三百，在家就能做，加微信 xyz98765 了解", id="another id"),
        pytest.param("寶媽兼職日結三百，在家就能做，加微信 abc12345 瞭解", id="traditional"),
        pytest.param("宝马兼植日洁三百，再家就能作，家微信", id="by its sound"),
        pytest.param("宝妈jianzhi日结三百，在家就能做，加微信", id="in letters"),
        pytest.param("宝*妈*兼*职*日*结*三*百，在家就能做", id="with signs between"),
        pytest.param("今天的书真好看，晚上大家一起聊聊。" + ADVERT, id="behind other words"),
        pytest.param("宝妈兼职日结两百，在家就可以做，加我了解", id="changed a little"),
    ],
)
def test_an_advert_that_sounds_nearly_like_a_known_one_is_found(text: str) -> None:
    assert found(known((ADVERT, True)), text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "做宝妈以后日子三天两头乱，在家什么都做不完",
        "兼职日结靠谱吗",
        "加我微信吧",
        "",
        "👍👍👍",
        "\ud800\u202e",
        "啊" * 10_000,
    ],
)
def test_other_talk_is_not(text: str) -> None:
    assert not found(known((ADVERT, True)), text)


def test_no_ordinary_line_of_the_corpus_is_near_any_of_its_adverts() -> None:
    lines = corpus.lines()
    adverts = known(*((line.text, True) for line in lines if line.is_advert))
    others = [line.text for line in lines if not line.is_advert and line.family != "引用广告"]

    assert len(others) >= 3_000
    assert not [text for text in others if found(adverts, text)]


def test_what_is_fine_is_found_as_a_whole_only() -> None:
    texts = known((FINE, False))

    assert found(texts, FINE.format(3)) == 1
    assert not found(texts, FINE.format(3) + "，宝妈兼职日结三百，加微信 abc12345 了解")


def test_the_nearest_decides_and_of_equals_the_newest() -> None:
    assert found(known((FINE, True), (FINE, False)), FINE) == 2
    assert found(known((FINE, False), (FINE, True)), FINE) == 2
    assert found(known((ADVERT, False), (ADVERT + "，包吃包住", True)), ADVERT) == 1


def test_too_short_a_text_is_not_kept() -> None:
    assert words_of("加我，要的私 abc12345") == ""
    assert not NOTHING_KNOWN
    assert NOTHING_KNOWN.find("宝妈兼职日结三百在家就能做") is None


def test_what_is_kept_holds_nobody_to_be_reached() -> None:
    words = words_of("宝妈兼职日结三百，微信 abc12345，电话 13812345678，https://a.evil.cn/x")

    assert not set("abc12345678evil") & set(words)


def test_a_page_that_is_an_advert_is_none_where_its_site_is_allowed() -> None:
    link = "//evil.example.top/ad"
    texts = KnownTexts((), {link: KnownText(1, True, link)})

    assert texts.page("看 https://evil.example.top/ad 吧") == texts.kept(link)
    assert texts.page("https://evil.example.top/ad", {"example.top"}) is None
    assert texts.page("https://evil.example.top/other") is None
    assert not texts.is_fine("evil.example.top")


def test_a_site_that_is_fine_is_so_with_those_below_it() -> None:
    texts = KnownTexts((), {"//example.top": KnownText(1, False, "//example.top")})

    assert texts.is_fine("example.top")
    assert texts.is_fine("blog.example.top")
    assert not texts.is_fine("myexample.top")
    assert texts.page("https://example.top") is None
