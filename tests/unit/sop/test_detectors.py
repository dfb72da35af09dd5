import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.detectors.detectors import CheckSpec, RuleBook, build
from sop.detectors.verdicts import Utterance
from sop.text import normalise
from tests.unit.sop.saying import said

PATIENCE_S = 5
"""Processor time no hostile input may take: what grows too fast takes minutes."""

CHECKS = [
    CheckSpec(id="ads", detect="ads"),
    CheckSpec(id="sharing", detect="words", params={"any": ["内部资料"]}, reason="外传"),
    CheckSpec(id="short", detect="length", params={"max": 8}, mode="observe"),
    CheckSpec(id="flood", detect="flood", params={"messages": 2, "within": 1_000}),
]


def test_breaches_come_first_and_each_part_keeps_the_order_of_the_file() -> None:
    verdicts = RuleBook(CHECKS).judge(said("这份内部资料不要外传", recent=[(0, "早")]))

    assert [(v.rule, v.violated) for v in verdicts] == [
        ("sharing", True),
        ("short", True),
        ("flood", True),
        ("ads", False),
    ]


def test_a_verdict_carries_the_reason_of_the_pack_or_a_packaged_one() -> None:
    verdicts = {v.rule: v for v in RuleBook(CHECKS).judge(said("这份内部资料不要外传"))}

    assert verdicts["sharing"].reason == "外传"
    assert verdicts["short"].reason == "消息太长"


def test_a_verdict_that_finds_nothing_is_explained_too() -> None:
    verdicts = RuleBook(CHECKS).judge(said("早"))

    assert [v.violated for v in verdicts] == [False] * 4
    assert all(v.reason and v.confidence == 0 for v in verdicts)
    assert verdicts[1].reason == "没有禁用词"


def test_an_observing_check_says_so() -> None:
    verdicts = RuleBook(CHECKS).judge(said("这份内部资料不要外传"))

    assert [v.rule for v in verdicts if v.observed] == ["short"]


@pytest.mark.parametrize(
    ("mode", "observed"),
    [
        pytest.param("", True, id="topic observes by itself"),
        pytest.param("enforce", False, id="unless told to enforce"),
        pytest.param("observe", True, id="or told to observe"),
    ],
)
def test_topic_observes_unless_told_to_enforce(mode: str, *, observed: bool) -> None:
    check = CheckSpec(id="t", detect="topic", params={"words": ["足球"]}, mode=mode)

    assert RuleBook([check]).judge(said("足球"))[0].observed is observed


def test_skipped_kinds_are_not_asked() -> None:
    text = said("这份内部资料不要外传", recent=[(0, "早")])

    verdicts = RuleBook(CHECKS).judge(text, frozenset({"flood", "repeats", "length"}))

    assert [v.rule for v in verdicts] == ["sharing", "ads"]


def test_a_book_without_checks_finds_nothing() -> None:
    assert RuleBook([]).judge(said("加V信 abc12345")) == ()


@pytest.mark.parametrize(
    ("kind", "params", "sentence"),
    [
        pytest.param("advert", {}, "there is no detector 'advert': choose one of ads, words"),
        pytest.param("ads", {"sensitivity": "max"}, "must be one of low, normal, high"),
        pytest.param("ads", {"allow_domains": ["no domain"]}, "is not a domain"),
        pytest.param("words", {}, "words needs a list"),
        pytest.param("words", {"any": 5}, "any of words must be a list of texts, not 5"),
        pytest.param("words", {"any": ["a", 5]}, "must be a list of texts"),
        pytest.param("words", {"some": ["a"]}, "words does not know some: it takes any, all"),
        pytest.param("flood", {"messages": 6}, "within of flood must be a whole number"),
        pytest.param("flood", {"messages": 1, "within": 9}, "from 2 to 20, not 1"),
        pytest.param("flood", {"messages": 21, "within": 9}, "from 2 to 20, not 21"),
        pytest.param("repeats", {"same": True, "within": 9}, "from 2 to 20, not True"),
        pytest.param("repeats", {"same": 3, "within": 0}, "within of repeats"),
        pytest.param("length", {"max": -1}, "max of length must be a whole number from 0"),
        pytest.param("mentions", {"max": "5"}, "max of mentions must be a whole number"),
        pytest.param("topic", {"words": ["a"], "per_day": 0}, "per_day of topic"),
        pytest.param("links", {"allow": ["a.com"]}, "links does not know allow"),
        pytest.param("contact", {"allow": {"a": 1}}, "allow of contact must be a list"),
        pytest.param("rumours", {"all": ["a"]}, "rumours does not know all"),
    ],
)
def test_a_wrong_parameter_is_told_in_a_sentence(
    kind: str, params: Mapping[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        build(kind, params)


def test_a_book_names_the_check_that_cannot_be_built() -> None:
    check = CheckSpec(id="my-words", detect="words", params={"regex": "("})

    with pytest.raises(ValueError, match="my-words: the pattern"):
        RuleBook([check])


EVERYTHING = RuleBook(
    [
        CheckSpec(id="ads", detect="ads", params={"allow": ["书友"], "sensitivity": "high"}),
        CheckSpec(id="any", detect="words", params={"any": ["加微信", "a"], "regex": ["v.*信"]}),
        CheckSpec(id="rumours", detect="rumours"),
        CheckSpec(id="links", detect="links", params={"allow_domains": ["example.com"]}),
        CheckSpec(id="contact", detect="contact"),
        CheckSpec(id="mentions", detect="mentions", params={"max": 2}),
        CheckSpec(id="length", detect="length", params={"max": 20}),
        CheckSpec(id="flood", detect="flood", params={"messages": 3, "within": 1_000}),
        CheckSpec(id="repeats", detect="repeats", params={"same": 3, "within": 1_000}),
        CheckSpec(id="topic", detect="topic", params={"words": ["球"]}),
    ]
)
ANY_TEXT = st.text(
    st.one_of(
        st.characters(codec=None, exclude_categories=()),
        st.sampled_from("加微信vV1389 .:/@。http comwx￥元\ud800\u200b"),
    )
)


@given(ANY_TEXT)
def test_no_text_at_all_makes_a_detector_raise(text: str) -> None:
    for verdict in EVERYTHING.judge(said(text)):
        assert verdict.violated == (verdict.confidence >= 0.5)
        assert 0 <= verdict.confidence <= 1
        assert all(len(signal.evidence) <= 40 for signal in verdict.signals)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a." * 5_000, id="dots"),
        pytest.param("http://" * 1_500, id="schemes"),
        pytest.param("微信" * 5_000, id="messenger names"),
        pytest.param("vx" * 5_000, id="latin messenger names"),
        pytest.param("1 3" * 3_333, id="digits and blanks"),
        pytest.param("a@" * 5_000, id="at signs"),
        pytest.param("1" * 10_000, id="digits"),
        pytest.param("加我" * 5_000, id="calls"),
        pytest.param("qq" + "-" * 9_998, id="a messenger and dashes"),
    ],
)
def test_ten_thousand_characters_are_judged_quickly(text: str) -> None:
    utterance = Utterance(text=text, normal=normalise(text), at=0)
    started = time.process_time()
    EVERYTHING.judge(utterance)

    assert time.process_time() - started < PATIENCE_S
