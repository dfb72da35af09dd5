"""What each group decides for itself: posts, languages, hours; and what is only advice."""

import time

import pytest

from sop.detectors import detect_behaviour, detect_policy
from sop.detectors.detectors import CheckSpec, RuleBook, build
from sop.detectors.verdicts import Recent, Utterance, Verdict
from sop.frozen import replace
from sop.pack import pack_rules
from sop.times.durations import HOUR_MS, parse_span
from tests.unit.sop.saying import said

PATIENCE_S = 5

JOB = "我们店招聘两名店员，月薪5k，包吃住，有意私聊我"
SALE = "搬家出闲置书架一个，九成新，80元自提"


def judged(text: str, kind: str, **params: object) -> Verdict:
    verdict = build(kind, params)(said(text))
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(JOB, True, id="an offer on terms"),
        pytest.param("我們店招聘兩名店員，月薪5K", True, id="in traditional characters"),
        pytest.param("公司内推，Java岗位，双休五险一金，简历发我", True, id="a referral"),
        pytest.param("想求职，有没有招人的，工资多少都行", False, id="who seeks work"),
        pytest.param("明天去招聘会看看", False, id="talk about it"),
        pytest.param("今年公司不招人了，工资也没涨", True, id="what a list cannot tell is asked"),
        pytest.param("这个月工资还没发", False, id="terms without an offer"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_recruiting_post_offers_work_on_terms(text: str, *, found: bool) -> None:
    assert judged(text, "recruiting").doubtful is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(SALE, True, id="an offer on terms"),
        pytest.param("自用出一台相机，箱说全，便宜出", True, id="without a number"),
        pytest.param("求购二手书架，100元以内", False, id="who looks for one"),
        pytest.param("转让给别人了", False, id="talk about it"),
        pytest.param("这本书原价80元", False, id="a price alone"),
    ],
)
def test_a_second_hand_post_offers_goods_on_terms(text: str, *, found: bool) -> None:
    assert judged(text, "second-hand").doubtful is found


@pytest.mark.parametrize(
    ("posts", "violated", "doubtful"),
    [("allow", False, False), ("ask", False, True), ("forbid", True, False)],
)
def test_a_group_allows_asks_or_forbids(posts: str, *, violated: bool, doubtful: bool) -> None:
    verdict = judged(JOB, "recruiting", posts=posts)

    assert (verdict.violated, verdict.doubtful) == (violated, doubtful)
    assert verdict.signals[0].evidence == "招聘 月薪"


SCAM = "招聘兼职日结300，在家就能做，包吃住，加V信 abc12345"


def judged_with_ads(text: str, posts: str) -> tuple[bool, bool]:
    """Whether the adverts' check acts, and whether it asks."""
    checks = [
        CheckSpec(id="ads", detect="ads"),
        CheckSpec(id="jobs", detect="recruiting", params={"posts": posts}),
    ]
    verdict = {each.rule: each for each in RuleBook(checks).judge(said(text))}["ads"]
    assert verdict.violated == (verdict.confidence >= 0.5)
    return verdict.violated, verdict.doubtful


@pytest.mark.parametrize(
    ("text", "posts", "found"),
    [
        pytest.param(JOB, "forbid", (True, False), id="an honest post where it is forbidden"),
        pytest.param(JOB, "ask", (False, False), id="is only asked about by its own check"),
        pytest.param(JOB, "allow", (False, False), id="or not at all"),
        pytest.param(SCAM, "ask", (True, False), id="a lure in disguise is an advert"),
        pytest.param(SCAM, "allow", (False, True), id="that people look at in a group for jobs"),
    ],
)
def test_a_post_the_group_knows_is_no_advert_by_being_one(
    text: str, posts: str, found: tuple[bool, bool]
) -> None:
    assert judged_with_ads(text, posts) == found


def test_competitors_are_asked_about_unless_forbidden():
    text = "隔壁書店更便宜"

    assert judged(text, "competitors", names=["隔壁书店"]).doubtful
    assert judged(text, "competitors", names=["隔壁书店"], posts="forbid").violated
    with pytest.raises(ValueError, match="needs names"):
        build("competitors", {})


@pytest.mark.parametrize(
    ("allow", "text", "violated"),
    [
        pytest.param(["zh"], "大家好，我是新来的，请多关照呀", False, id="their own"),
        pytest.param(["zh"], "good morning everybody, nice to meet you", True, id="another"),
        pytest.param(["zh", "en"], "good morning everybody, nice to meet you", False, id="two"),
        pytest.param(["zh"], "OK thanks bye", False, id="a few words"),
        pytest.param(["zh"], "看 https://example.com/a-long-path-of-letters", False, id="a link"),
        pytest.param(["zh"], "我在用 Visual Studio 写代码，很顺手", False, id="names"),
        pytest.param(["zh"], "Всем привет, продаю аккаунты недорого", True, id="another script"),
        pytest.param(["zh"], "1234567890 1234567890 !!!", False, id="no letters"),
        pytest.param(["zh"], "😀" * 40, False, id="only emoji"),
        pytest.param(["ja"], "おはようございます、今日もよろしく", False, id="kana"),
        pytest.param(["en"], "x" * 11, False, id="a letter less than looked at"),
    ],
)  # fmt: skip
def test_a_message_of_some_length_is_in_a_language_of_the_group(
    allow: list[str], text: str, *, violated: bool
) -> None:
    assert judged(text, "language", allow=allow).violated is violated


def test_an_unknown_language_is_told_with_the_known_ones():
    with pytest.raises(ValueError, match="zh, en, ja, ko, ru, ar, th, vi, not klingon"):
        build("language", {"allow": ["klingon"]})
    with pytest.raises(ValueError, match="must name some"):
        build("language", {})


NIGHT = build("hours", {"between": parse_span("07:00-23:00")})
MINUTE = 60_000


def at_night(clock: int, *recent: int) -> Verdict | None:
    """Say something at a minute of a day that begins at instant 0, after earlier messages."""
    told = tuple(Recent(each, "x") for each in recent)
    return NIGHT(replace(said("早"), at=clock * MINUTE + 30_000, clock=clock, recent=told))


@pytest.mark.parametrize(
    ("clock", "violated"),
    [(7 * 60, False), (23 * 60 - 1, False), (23 * 60, True), (0, True), (7 * 60 - 1, True)],
)
def test_posting_hours_end_to_the_minute(clock: int, *, violated: bool) -> None:
    verdict = at_night(clock)

    assert verdict is not None
    assert verdict.violated is violated


def test_one_night_is_one_breach():
    first = 23 * 60 * MINUTE + 10_000
    evening = 22 * 60 * MINUTE

    later, after_evening = at_night(23 * 60 + 5, first), at_night(23 * 60 + 5, evening)

    assert later is not None
    assert after_evening is not None
    assert not later.violated
    assert later.signals[0].name == "hours-told-before"
    assert after_evening.violated


def test_who_does_not_know_the_time_says_nothing_about_it():
    assert NIGHT(said("早")) is None


LONG = "这是一段群发到处都有的推广文字"


@pytest.mark.parametrize(
    ("text", "elsewhere", "violated"),
    [
        pytest.param(LONG, (), False, id="said here alone"),
        pytest.param(LONG, (1_000,), False, id="in two groups"),
        pytest.param(LONG, (1_000, 2_000), True, id="in the third"),
        pytest.param(LONG, (1_000, 2_000, 2_000), True, id="in the fourth"),
        pytest.param(LONG, (-1, 2_000), False, id="one of them too long ago"),
        pytest.param("早上好", (1_000, 2_000), False, id="what everybody says"),
    ],
)
def test_a_text_brought_to_many_groups_is_a_copy(
    text: str, elsewhere: tuple[int, ...], *, violated: bool
) -> None:
    utterance: Utterance = replace(said(text, at=60_000), elsewhere=elsewhere)
    verdict = build("copies", {"groups": 3, "within": 60_000})(utterance)

    assert verdict is not None
    assert verdict.violated is violated


@pytest.mark.parametrize(
    ("at", "violated"),
    [
        pytest.param(HOUR_MS, True, id="an hour after"),
        pytest.param(HOUR_MS + 1, False, id="a little more"),
    ],
)
def test_copies_need_no_figures_two_groups_within_the_hour_are_meant(
    at: int, *, violated: bool
) -> None:
    verdict = build("copies", {})(replace(said(LONG, at=at), elsewhere=(0,)))

    assert verdict is not None
    assert verdict.violated is violated


@pytest.mark.parametrize(
    ("text", "violated", "doubtful"),
    [
        pytest.param("你个傻逼", False, True, id="a packaged insult is advice"),
        pytest.param("你個 傻逼", False, True, id="in traditional characters"),
        pytest.param("滚出去", True, False, id="the pack's own phrase is its rule"),
        pytest.param("这水果真不要脸地好吃", False, False, id="ordinary talk"),
        pytest.param("你在干嘛", False, False, id="a bigram of an insult"),
    ],
)
def test_of_insults_people_decide(text: str, *, violated: bool, doubtful: bool) -> None:
    found = judged(text, "abuse", any=["滚出去"])

    assert (found.violated, found.doubtful) == (violated, doubtful)


def test_a_check_that_is_off_is_not_there():
    book = RuleBook([CheckSpec(id="w", detect="words", params={"any": ["坏"]}, mode="off")])

    assert book.judge(said("坏")) == ()
    assert book.kinds == frozenset()


@pytest.mark.parametrize(
    "text", [sign * 10_000 for sign in ("招", "出", "a.", "@", "\ud800", "\u202e", "😀")]
)
def test_whatever_is_said_is_judged_in_time_and_with_a_reason(text: str) -> None:
    kinds = {
        "recruiting": {}, "second-hand": {}, "abuse": {}, "rumours": {},
        "competitors": {"names": ["甲"]}, "language": {"allow": ["zh"]},
    }  # fmt: skip
    book = RuleBook([CheckSpec(id=kind, detect=kind, params=told) for kind, told in kinds.items()])
    started = time.process_time()

    verdicts = book.judge(said(text))

    assert time.process_time() - started < PATIENCE_S
    assert all(each.reason for each in verdicts)


def test_what_a_pack_need_not_say_is_what_its_detectors_take() -> None:
    copies = pack_rules.CopiesCheck.model_fields
    letters = pack_rules.LanguageCheck.model_fields["min"].default

    assert copies["groups"].default == detect_behaviour.COPIED_GROUPS
    assert copies["within"].default == detect_behaviour.COPIED_WITHIN_MS
    assert letters == detect_policy.LEAST_LETTERS
