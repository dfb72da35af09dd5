import pytest

from benchmarks import corpus
from sop.detectors.telling import is_telling, may_score, respelt
from sop.text import normalise


def test_only_what_may_be_an_advert_is_telling() -> None:
    assert is_telling("诚招代理,一件代发,厂家直销,零基础也能做")
    assert not is_telling("今天读到第三章,作者的童年很有意思")
    assert not is_telling("")


def test_what_scores_less_than_asked_for_is_not_looked_at() -> None:
    text = "诚招代理,一件代发,厂家直销,零基础也能做"

    assert may_score(text, 2.0)
    assert not may_score(text, 100.0)
    assert may_score("成招带理,一见代发,场家值销,零鸡础也能做", 2.0)


def test_little_ordinary_talk_is_looked_at_for_its_wording() -> None:
    lines = [normalise(line.text) for line in corpus.lines()[::7] if not line.is_advert]

    assert sum(may_score(line, 2.0) for line in lines) <= len(lines) * 0.05


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("成招带理,一见代发", "诚招代理,一件代发", id="in other characters"),
        pytest.param("chengzhao带理,一见代发", "诚招代理,一件代发", id="some in letters"),
    ],
)
def test_telling_words_are_heard_in_other_characters(text: str, meant: str) -> None:
    assert respelt(text)[0] == meant
    assert respelt(text)[1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("诚招代理,一件代发", id="written as they are"),
        pytest.param("成招", id="one alone"),
        pytest.param(f"{'今天读到第三章的时候' * 6},成招带理", id="few in a long text"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_may_mean_itself_stays(text: str) -> None:
    assert respelt(text) == (text, ())
