"""Which day of a challenge it is, what counts, and who can still come through."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sop.activities import challenges
from sop.activities.challenges import Plan
from sop.times import localtime

FIRST = date(2026, 12, 2)
PLAN = Plan(first=FIRST, days=5, grace=2)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def done(*numbers: int) -> tuple[str, ...]:
    return tuple(day(number).isoformat() for number in numbers)


def test_days_are_numbered_from_the_first_to_the_last():
    assert [PLAN.number(day(number)) for number in (0, 1, 5, 6)] == [0, 1, 5, 0]
    assert PLAN.last == day(5)


def test_what_is_missing_counts_the_days_before_today():
    assert PLAN.missed((), 0, day(1)) == 0
    assert PLAN.missed((), 0, day(3)) == 2
    assert PLAN.missed(done(1, 3), 0, day(3)) == 1
    assert PLAN.missed(done(1), 1, day(3)) == 0
    assert PLAN.missed(done(1, 2, 3), 0, day(6)) == 2
    assert PLAN.missed(done(1, 2, 3), 0, day(9)) == 2


def test_who_can_still_come_through():
    assert PLAN.standing((), 0, day(3)) == "open"
    assert PLAN.standing((), 0, day(4)) == "missed"
    assert PLAN.standing(done(1, 2, 3), 2, day(6)) == "completed"
    assert PLAN.standing(done(1, 2, 3), 1, day(6)) == "open"


def test_evenings_are_those_of_its_days():
    evenings = []
    now = localtime.instant(day(1), 10 * 60, SHANGHAI)
    while now := PLAN.evening_after(now, SHANGHAI):
        evenings.append(localtime.wall_time(now, SHANGHAI))
    assert [each.date() for each in evenings] == [day(number) for number in range(1, 6)]
    assert {each.hour for each in evenings} == {20}


def test_a_week_ends_on_every_seventh_day_but_the_last():
    plan = Plan(first=FIRST, days=21, grace=0)
    assert [n for n in range(25) if plan.is_week(day(n))] == [7, 14]


def test_who_has_stopped_is_asleep():
    assert challenges.is_awake((), FIRST, day(3))
    assert not challenges.is_awake((), FIRST, day(4))
    assert challenges.is_awake(done(3), FIRST, day(5))
    assert not challenges.is_awake(done(5), FIRST, day(5))


@given(st.lists(st.integers(1, 5)), st.integers(0, 2), st.integers(0, 8))
def test_what_was_done_and_is_missing_are_all_the_past_days(
    numbers: list[int], made_up: int, today: int
):
    kept: tuple[str, ...] = ()
    for number in numbers:
        kept = challenges.added(kept, day(number))
    past = sum(1 for each in kept if each < day(today).isoformat())
    missing = PLAN.missed(kept, made_up, day(today))

    assert list(kept) == sorted(set(kept))
    assert past + missing + made_up >= min(max(today - 1, 0), 5)
    assert missing <= 5
