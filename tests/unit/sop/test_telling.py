import pytest

from benchmarks import corpus
from sop.detectors.telling import is_telling, may_score, respelt
from sop.text import normalise

_LONG = (
    "昨晚去公园走了一圈,月亮很亮,孩子骑车摔了一跤也没哭,回家洗了澡就睡了,今早还问下次去哪里,"
    "我说等天气再暖和一点,叫上楼下的小朋友,大家带上风筝,谁家有多的也给我们留着,奶奶说她也想去看看花"
)


def test_only_what_may_be_an_advert_is_telling() -> None:
    assert is_telling("诚招代理,一件代发,厂家直销,零基础也能做")
    assert not is_telling("今天读到第三章,作者的童年很有意思")
    assert not is_telling("")


def test_what_scores_less_than_asked_for_is_not_looked_at() -> None:
    text = "诚招代理,一件代发,厂家直销,零基础也能做"

    assert may_score(text, 2.0)
    assert not may_score(text, 100.0)
    assert may_score("代款方款快,利希低,黑胡也能办,佳我了解", 2.0)


def test_little_ordinary_talk_is_looked_at_for_its_wording() -> None:
    lines = [normalise(line.text) for line in corpus.lines()[::7] if not line.is_advert]

    assert sum(may_score(line, 2.0) for line in lines) <= len(lines) * 0.05


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param(
            "无抵压,当天方款,黑胡也行", "无抵押,当天放款,黑户也行", id="in other characters"
        ),
        pytest.param("厂家指销,yi件代fa,零鸡础", "厂家直销,一件代发,零基础", id="some in letters"),
    ],
)
def test_telling_words_are_heard_in_other_characters(text: str, meant: str) -> None:
    assert respelt(text)[0] == meant
    assert respelt(text)[1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("无抵押,当天放款", id="written as they are"),
        pytest.param("无抵压,当天方款", id="two alone"),
        pytest.param("无抵压,当天方款,无抵压", id="two, one again"),
        pytest.param(f"{_LONG},无抵压,当天方款", id="few in a long text"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_may_mean_itself_stays(text: str) -> None:
    assert respelt(text) == (text, ())
