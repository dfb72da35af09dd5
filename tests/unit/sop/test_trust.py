"""Who said it changes how closely a possible advert is looked at, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from sop.detectors import trust
from sop.detectors.detectors import build
from sop.detectors.trust import Standing
from sop.detectors.verdicts import Verdict
from sop.text import fingerprint
from sop.times.durations import DAY_MS
from tests.unit.sop.saying import said

DOUBTFUL = "有需要的朋友可以加我微信 abc12345 了解一下"
PLAIN = "宝妈兼职日结300，在家就能做，加V信 abc12345 了解"


def ads(text: str) -> Verdict:
    verdict = build("ads", {})(said(text))
    assert verdict is not None
    return verdict


def weighed(text: str, **who: object) -> Verdict:
    found = tuple(trust.signals_of(Standing(at=0, **who)))  # type: ignore[arg-type] # by name
    return trust.weighed(ads(text), found, "normal")


def names(**who: object) -> set[str]:
    return {each.name for each in trust.signals_of(Standing(at=0, **who))}  # type: ignore[arg-type] # by name


def test_a_newcomers_first_message_is_looked_at_more_closely_than_a_known_members():
    new = weighed(DOUBTFUL, tenure_ms=DAY_MS)
    known = weighed(DOUBTFUL, tenure_ms=90 * DAY_MS, substance=50, trusted=True)

    assert new.confidence > ads(DOUBTFUL).confidence > known.confidence
    assert "first-message" in {each.name for each in new.signals}


def test_trust_does_not_clear_what_is_plainly_an_advert():
    assert weighed(PLAIN, tenure_ms=900 * DAY_MS, substance=100, trusted=True).violated


def test_staff_look_at_what_a_newcomer_quotes_with_a_way_to_reach_somebody():
    quoted = "“宝妈兼职日结300，加V信 abc12345”靠谱吗"
    linked = "大家小心“低息贷款当天放款 https://loan.example.net/a”"

    for text in (quoted, linked):
        new, known = weighed(text, tenure_ms=DAY_MS), weighed(text, tenure_ms=4 * DAY_MS)
        assert (new.violated, new.doubtful) == (False, True)
        assert (known.violated, known.doubtful) == (False, False)
        assert trust.is_weighed(ads(text))
    assert not weighed("“宝妈兼职日结300”靠谱吗", tenure_ms=DAY_MS).doubtful
    assert not weighed("“我把心当做我”是真的吗，还是别的版本", tenure_ms=DAY_MS).doubtful


def test_nobody_known_to_have_joined_is_no_newcomer():
    assert names(tenure_ms=None) == set()
    assert names(tenure_ms=3 * DAY_MS) == set()
    assert names(tenure_ms=3 * DAY_MS - 1) == {"first-message"}
    assert names(tenure_ms=0, recent=(-1,)) == {"newcomer"}


def test_trust_takes_both_time_and_messages_of_substance():
    assert names(tenure_ms=30 * DAY_MS, substance=19) == set()
    assert names(tenure_ms=30 * DAY_MS - 1, substance=20) == set()
    assert names(tenure_ms=30 * DAY_MS, substance=20) == {"known-member"}


def test_a_burst_and_copies_speak_against_the_sender():
    assert names(recent=(-50_000, -40_000, -30_000)) == {"burst"}
    assert names(recent=(-90_000, -40_000, -30_000)) == set()
    assert names(others=1, elsewhere=2) == {"same-text-by-others", "copied"}


def test_chatter_and_repeats_earn_no_trust():
    mark = fingerprint("这本书的第三章我很喜欢")

    assert trust.has_substance("这本书的第三章我很喜欢", mark, ())
    assert not trust.has_substance("这本书的第三章我很喜欢", mark, ((1, mark),))
    assert not trust.has_substance("哈哈哈", "", ())
    assert not trust.has_substance("\u200b" * 50, "", ())
    assert not trust.has_substance("好" + " " * 50, "", ())


@given(
    st.sampled_from([DOUBTFUL, PLAIN, "群友聚餐周五晚上七点"]),
    st.integers(0, 100),
    st.integers(0, 400),
    st.booleans(),
)
def test_a_verdict_keeps_its_promises_whoever_sent_it(
    text: str,
    substance: int,
    days: int,
    trusted: bool,  # noqa: FBT001 - drawn
) -> None:
    found = weighed(text, tenure_ms=days * DAY_MS, substance=substance, trusted=trusted)

    assert found.violated == (found.confidence >= 0.5)
    assert not (found.violated and found.doubtful)
