import time
from collections.abc import Mapping

import pytest

from sop.checks.check_rules import MAX_PATTERN_SIZE
from sop.detectors.detect_words import compile_pattern, pattern_size
from sop.detectors.detectors import build
from sop.detectors.verdicts import Verdict
from tests.unit.sop.saying import said

PATIENCE_S = 5
"""Processor time no hostile input may take: what grows too fast takes minutes."""


def judged(text: str, kind: str = "words", **params: object) -> Verdict:
    verdict = build(kind, params)(said(text))
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    ("params", "text", "violated"),
    [
        pytest.param({"any": ["代购"]}, "有人做代购吗", True, id="inside a sentence"),
        pytest.param({"any": ["代购"]}, "代 购", False, id="a blank parts a word"),
        pytest.param({"any": ["代购"]}, "代\u200b購", True, id="normalised before matching"),
        pytest.param({"any": ["讀書"]}, "一起读书", True, id="the list is normalised too"),
        pytest.param({"any": ["读书 会"]}, "读书\n\n会", True, id="blanks of a word"),
        pytest.param({"any": ["好"]}, "你好吗", True, id="a word of one character"),
        pytest.param({"any": ["ad"]}, "read it", False, id="not inside a Latin word"),
        pytest.param({"any": ["ad"]}, "看ad吧", True, id="between Han characters"),
        pytest.param({"any": ["AD"]}, "an Ad!", True, id="any case"),
        pytest.param({"any": ["110"]}, "1100元", False, id="not inside a number"),
        pytest.param({"any": ["vx"]}, "加vx123", True, id="a digit does not continue a word"),
        pytest.param({"any": []}, "早", False, id="an empty list matches nothing"),
        pytest.param({"any": ["", "\u200b", " "]}, "早", False, id="nor do empty words"),
        pytest.param({"all": ["退款", "骗"]}, "退款啊你们骗人", True, id="all are there"),
        pytest.param({"all": ["退款", "骗"]}, "我要退款", False, id="one is missing"),
        pytest.param({"all": ["abc", "bcd"]}, "abcd", False, id="cut out of one Latin word"),
        pytest.param({"all": ["北京", "京城"]}, "北京城", True, id="words may overlap"),
        pytest.param({"all": []}, "早", False, id="an empty `all` matches nothing"),
        pytest.param({"regex": r"出[售卖]\s?账号"}, "出卖 账号", True, id="a pattern"),
        pytest.param({"regex": r"出[售卖]\s?账号"}, "出借账号", False, id="a near miss"),
        pytest.param({"regex": "VX[0-9]{3}"}, "ｖｘ１２３", True, id="a pattern in capitals"),
        pytest.param({"regex": "讀（書）"}, "读(书)", True, id="a full-width traditional one"),
        pytest.param({"regex": r"^\D+$"}, "123", False, id="classes keep their case"),
        pytest.param({"regex": []}, "早", False, id="no pattern matches nothing"),
        pytest.param({"regex": [""]}, "早", False, id="nor does an empty one"),
        pytest.param({"any": ["没有"], "regex": ["早+"]}, "早早早", True, id="either will do"),
    ],
)
def test_words_match_in_normal_text(
    params: Mapping[str, object], text: str, *, violated: bool
) -> None:
    verdict = build("words", params)(said(text))

    assert verdict is not None
    assert verdict.violated is violated


def test_a_verdict_shows_the_word_that_was_found() -> None:
    assert judged("有人做代购吗", any=["拼单", "代购"]).signals[0].evidence == "代购"


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        pytest.param("(加微", r"wrong at character 3: missing \)", id="an open bracket"),
        pytest.param("加a**", r"wrong at character 3: bad repetition", id="two stars"),
        pytest.param("加[z-a]", "wrong at character 3: invalid character class", id="range"),
        pytest.param(r"(加)\1", "wrong at character 4: invalid escape", id="back reference"),
        pytest.param("加(?=微)", "wrong at character 2: invalid perl operator", id="look-ahead"),
        pytest.param("(a{500}){900}", "is wrong at character", id="too large once unrolled"),
        pytest.param(r"\p{Han}{900}", "is too large: repeat less", id="too large by its class"),
        pytest.param(r"\P{L}" * 21 + "x", "holds over 20 classes", id="too many classes"),
        pytest.param("加*", "matches every message", id="matches the empty text"),
        pytest.param("a" * 1_001, "longer than 1000", id="too long"),
        pytest.param("\ud800", "holds a character that is none", id="half a surrogate pair"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_its_place(
    pattern: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        compile_pattern(pattern)


def test_a_hostile_pattern_takes_linear_time() -> None:
    search = compile_pattern("(a+)+b(a|a)*c")
    started = time.process_time()

    assert search("a" * 10_000) is None
    assert time.process_time() - started < PATIENCE_S


def test_patterns_at_their_bounds_keep_no_message_waiting() -> None:
    patterns = [rf"(.?.?.?){{330}}x{n}" for n in range(2)]
    assert sum(map(pattern_size, patterns)) <= MAX_PATTERN_SIZE
    detector = build("words", {"regex": patterns})
    longest = said("".join(chr(0x4E00 + n) for n in range(2_000)))
    started = time.process_time()
    detector(longest)

    assert time.process_time() - started < PATIENCE_S


def test_ten_thousand_words_are_one_pass() -> None:
    words = [f"词{chr(0x4E00 + n % 9_000)}{n}" for n in range(10_000)]
    detector = build("words", {"any": words})
    talk, hit = said("今天读完了第三章，目录像地图" * 20), said(f"前面{words[9_999]}后面")
    started = time.process_time()
    for _ in range(100):
        detector(talk)

    assert time.process_time() - started < PATIENCE_S
    verdict = detector(hit)
    assert verdict is not None
    assert verdict.signals[0].evidence == words[9_999]


@pytest.mark.parametrize(
    ("text", "violated", "doubtful"),
    [
        pytest.param("内部消息速转，不转不是中国人", False, True, id="a packaged phrase"),
        pytest.param("板蓝根包治百病", True, False, id="a phrase of the pack"),
        pytest.param("内部消息：周五团建", False, False, id="a near miss"),
        pytest.param("这篇文章可以转发给家人看看", False, False, id="ordinary forwarding"),
    ],
)
def test_of_packaged_rumours_people_decide(text: str, *, violated: bool, doubtful: bool) -> None:
    found = judged(text, "rumours", any=["包治百病"])

    assert (found.violated, found.doubtful) == (violated, doubtful)


@pytest.mark.parametrize(
    ("text", "before", "violated", "shown"),
    [
        pytest.param("昨晚足球看了吗", 0, False, True, id="the first of the day is free"),
        pytest.param("昨晚足球看了吗", 1, False, True, id="so is the second"),
        pytest.param("昨晚足球看了吗", 2, True, True, id="the third is a breach"),
        pytest.param("这本书讲足球史", 9, False, False, id="a word of the topic excuses"),
        pytest.param("今天读到第三章", 9, False, False, id="on topic"),
    ],
)
def test_topic_allows_some_chatter_a_day(
    text: str, before: int, *, violated: bool, shown: bool
) -> None:
    detector = build("topic", {"words": ["足球"], "allow": ["书"], "per_day": 2})
    verdict = detector(said(text, off_topic=before))

    assert verdict is not None
    assert (verdict.violated, bool(verdict.signals)) == (violated, shown)


def test_topic_without_a_daily_number_allows_none() -> None:
    assert judged("足球", "topic", words=["足球"]).violated
