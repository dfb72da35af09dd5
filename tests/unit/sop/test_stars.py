"""Who shines: most of something, and nobody less fairly than their equals."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.pack.pack_conditions import Deed
from sop.standing import stars
from sop.texts import has


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 6)))
def test_who_did_as_much_as_a_star_is_one(counts: dict[int, int]):
    found = stars.best(counts)

    assert len(set(found)) == len(found)
    assert all(counts[each] > 0 for each in found)
    assert bool(found) == any(counts.values())
    least = min((counts[each] for each in found), default=0)
    assert {*found} == {person for person, count in counts.items() if count and count >= least}


def test_there_are_three_unless_the_first_are_more():
    assert stars.best({1: 5, 2: 4, 3: 4, 4: 1}) == (1, 2, 3)
    assert stars.best({1: 5, 2: 4, 3: 4, 4: 4}) == (1,)
    assert stars.best(dict.fromkeys(range(5), 2)) == (0, 1, 2, 3, 4)
    assert stars.best({1: 0}) == ()


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 12, 1), (date(2026, 11, 1), date(2026, 12, 1))),
        (date(2027, 1, 7), (date(2026, 12, 1), date(2027, 1, 1))),
        (date(2026, 12, 8), (date(2026, 12, 1), date(2027, 1, 1))),
        (date(2028, 2, 29), (date(2028, 2, 1), date(2028, 3, 1))),
    ],
)
def test_early_in_a_month_the_one_before_is_meant(day: date, month: tuple[date, date]):
    assert stars.month_of(day) == month


def test_every_star_counts_deeds_there_are_and_has_a_name():
    for kind, deeds in stars.kinds().items():
        assert deeds <= set(Deed.__args__)
        assert has(f"stars.of-{kind}")
