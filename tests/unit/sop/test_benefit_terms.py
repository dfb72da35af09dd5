"""On what terms a benefit can be had, and how long its stock lasts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.activities.benefit_terms import (
    Forecast,
    Offered,
    months_left,
    opening,
    period_of,
    runs_low,
)
from sop.times.calendars import Calendar

PLAIN = Calendar(base="none")


@pytest.mark.parametrize(
    ("written", "day", "following"),
    [
        ("sat,sun", date(2026, 12, 5), date(2026, 12, 6)),
        ("workdays", date(2026, 12, 4), date(2026, 12, 7)),
        ("day 1", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-12-01..2026-12-03", date(2026, 12, 2), date(2026, 12, 3)),
        ("2026-12-01..2026-12-03, 2026-12-24", date(2026, 12, 3), date(2026, 12, 24)),
        ("2026-12-24", date(2026, 12, 24), None),
    ],
)
def test_days_and_spans_bind(written: str, day: date, following: date | None):
    found = opening(written)

    assert found is not None
    assert found.includes(day, PLAIN)
    assert found.following(day, PLAIN) == following


@pytest.mark.parametrize(
    "written", [None, "", "  ", "周末下午", "2026-13-01", "3..1", "2026-12-09..2026-12-01"]
)
def test_anything_else_is_for_people_alone(written: str | None):
    assert opening(written) is None


@given(st.text(max_size=40))
def test_no_words_are_too_strange(written: str):
    opening(written)


@given(st.sampled_from(["day", "week", "month"]), st.dates(date(1971, 1, 1), date(2198, 1, 1)))
def test_every_date_lies_in_exactly_one_period(per: str, day: date):
    first, following = period_of(per, day)

    assert first <= day < following
    assert period_of(per, first) == (first, following)
    assert period_of(per, following)[0] == following


@pytest.mark.parametrize(
    ("left", "lately", "months", "low"),
    [
        (None, 50, None, False),
        (10, 0, None, False),
        (0, 0, 0.0, False),
        (0, 1, 0.0, False),
        (0, 2, 0.0, True),
        (9, 10, 0.9, True),
        (10, 10, 1.0, False),
        (30, 12, 2.5, False),
    ],
)
def test_stock_lasts_as_long_as_its_pace_lets_it(
    left: int | None, lately: int, months: float | None, *, low: bool
):
    assert months_left(left, lately) == months
    assert runs_low(left, lately) is low


def offered(price: int, left: int | None, *, withdrawn: bool = False) -> Offered:
    return Offered(
        id="x", title="X", price=price, cost=0, left=left, lately=0, monthly={},
        withdrawn=withdrawn,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("benefits", "outstanding", "covered", "uncovered"),
    [
        ((offered(60, 10), offered(0, 5)), 1_000, 600, 400),
        ((offered(60, 10),), 500, 600, 0),
        ((offered(60, None),), 10**9, None, 0),
        ((offered(60, 10, withdrawn=True),), 100, 0, 100),
        ((), 100, 0, 100),
    ],
    ids=["too-much", "enough", "without-bound", "withdrawn", "nothing"],
)
def test_points_in_members_hands_stand_against_what_there_is(
    benefits: tuple[Offered, ...], outstanding: int, covered: int | None, uncovered: int
):
    found = Forecast(offered=benefits, outstanding=outstanding, earned=0, spent=0)

    assert (found.covered, found.uncovered) == (covered, uncovered)
    assert found.promises_too_much == (uncovered > 0 and bool(benefits))
