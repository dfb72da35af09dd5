"""Who is asked to share, until when, and how the time is parted."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.activities import share_days
from sop.activities.share_days import Candidate, answer_by, answer_of, ranked, turns
from sop.times import localtime, quiet
from sop.times.durations import DAY_MS, HOUR_MS, MINUTE_MS, Span, parse_span
from tests.builders import EVENING

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = parse_span("22:30-07:30")

candidates = st.builds(
    Candidate, person=st.integers(1, 50), shares=st.integers(0, 3), score=st.integers(-5, 5),
    joined_at=st.integers(0, 3),
)  # fmt: skip


def candidate(person: int, shares: int = 0, score: int = 0, joined_at: int = 0) -> Candidate:
    return Candidate(person=person, shares=shares, score=score, joined_at=joined_at)


def test_who_has_shared_most_is_asked_first_then_who_stands_highest():
    found = [candidate(1, score=90), candidate(2, 1, 5), candidate(3, 1, 40), candidate(4, 3)]

    assert ranked(found, "share") == (4, 3, 2, 1)
    assert ranked(found, "score") == (1, 3, 2, 4)


def test_who_has_given_nothing_is_not_asked_and_the_older_member_goes_first():
    found = [candidate(1), candidate(2, 1, joined_at=9), candidate(3, 1, joined_at=2)]

    assert ranked(found, "share") == (3, 2)


@given(st.lists(candidates, unique_by=lambda each: each.person), st.randoms())
def test_the_order_does_not_depend_on_the_order_in_which_they_are_found(
    found: list[Candidate], random: object
):
    mixed = list(found)
    random.shuffle(mixed)

    assert ranked(found, "share") == ranked(mixed, "share")


def test_the_first_who_is_asked_two_days_ahead_has_until_the_next_morning():
    by = answer_by(EVENING, EVENING + 2 * DAY_MS, NIGHT, ZONE)

    assert by == EVENING + 21 * HOUR_MS


def test_without_quiet_hours_nobody_is_asked_at_night_either():
    now = EVENING
    while now:
        at = localtime.wall_time(now, ZONE)
        assert 8 <= at.hour < 22
        now = answer_by(now, EVENING + 2 * DAY_MS, None, ZONE)


@given(st.integers(0, 4 * DAY_MS), st.integers(0, 4 * DAY_MS))
def test_an_answer_is_due_after_now_by_day_and_an_hour_before_the_beginning(ahead: int, now: int):
    starts = EVENING + ahead
    by = answer_by(EVENING + now, starts, NIGHT, ZONE)

    if by:
        assert EVENING + now < by <= starts - share_days.LAST_CALL_MS
        assert by == starts - share_days.LAST_CALL_MS or not quiet.is_quiet(NIGHT, by, ZONE)
    else:
        assert EVENING + now >= starts - share_days.LAST_CALL_MS


@given(st.integers(0, 2 * DAY_MS // MINUTE_MS), st.sampled_from([NIGHT, None]))
def test_an_answer_is_due_on_a_full_quarter_of_an_hour(minutes: int, hours: Span | None):
    by = answer_by(EVENING + minutes * MINUTE_MS, EVENING + 3 * DAY_MS, hours, ZONE)

    assert localtime.wall_time(by, ZONE).minute % 15 == 0


def test_speakers_are_reminded_the_evening_before():
    assert share_days.evening_before(EVENING + 2 * DAY_MS, ZONE) == EVENING + DAY_MS


@given(st.integers(0, 20), st.integers(0, DAY_MS))
def test_every_speaker_has_as_long_as_the_others_and_questions_have_the_rest(
    speakers: int, length: int
):
    found = turns(EVENING, EVENING + length, speakers)

    assert len(found) == speakers
    steps = {after - before for before, after in zip((EVENING, *found), found, strict=False)}
    assert len(steps) <= 1
    assert all(EVENING < at < EVENING + length for at in found) or length <= speakers


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("好", "yes"), ("好的！", "yes"), (" OK ", "yes"), ("沒問題", "yes"), ("同意", "yes"),
        ("没空…", "no"), ("不方便", "no"), ("No", "no"),
        ("不行了，有事", "no"), ("抱歉，那天有事～", "no"), ("好的，谢谢邀请", "yes"),
        ("好，我可以", "yes"), ("不行，改到周六吧", "another"), ("不好意思，改天", "another"),
        ("好，但那天不行", ""), ("不方便的话怎么办？", ""), ("谢谢", ""), ("好，改天见", ""),
        ("改天吧，下周五可以", "another"), ("换个时间行吗", "another"),
        ("好久不见", ""), ("好，我不去", ""), ("同意楼上", ""), ("积分", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_a_whole_answer_is_one(said: str, answer: str):
    assert answer_of(said) == answer
