"""Funnels never grow, cohorts never gain members, and what nobody knows stays unknown."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.figures import paths
from sop.figures.paths import COMING, funnel, retention

PEOPLE = st.sets(st.integers(1, 12))


def test_each_stage_is_a_share_of_the_one_before():
    found = funnel(COMING, range(10), [range(8), range(4), range(2), [1]])

    assert [each.members for each in found] == [10, 8, 4, 2, 1]
    assert [each.share for each in found] == [None, 0.8, 0.5, 0.5, 0.5]
    assert all(each.small for each in found[1:])


def test_who_came_further_has_passed_what_lies_before():
    found = funnel(COMING, {1, 2, 3}, [{1}, set(), set(), {2}])

    assert [each.members for each in found] == [3, 2, 1, 1, 1]


def test_a_stage_nobody_can_know_is_unknown_and_the_next_is_compared_with_what_is():
    found = funnel(COMING, range(40), [range(30), None, range(10), None])

    assert [each.members for each in found] == [40, 30, None, 10, None]
    assert found[3].share == pytest.approx(1 / 3)
    assert not found[3].small


def test_where_nobody_knows_who_joined_the_first_stage_is_unknown():
    found = paths.without_first(funnel(COMING, range(10), [range(5), range(4), [1], []]))

    assert [each.members for each in found] == [None, 5, 4, 1, 0]
    assert found[1].share is None

    deaf = paths.without_first(funnel(COMING, range(10), [None, None, None, [1]]))
    assert [each.members for each in deaf] == [None, None, None, None, 1]
    assert [each.share for each in deaf] == [None] * 5


@given(PEOPLE, st.lists(st.one_of(st.none(), PEOPLE), min_size=4, max_size=4))
def test_a_funnel_never_grows(cohort: set[int], reached: list[set[int] | None]):
    found = funnel(COMING, cohort, reached)
    known = [each.members for each in found if each.members is not None]

    assert known == sorted(known, reverse=True)
    assert found[0].members == len(cohort)
    assert [each.members is None for each in found[1:]] == [each is None for each in reached]
    assert all(each.share is None or 0 <= each.share <= 1 for each in found)


def test_those_who_joined_together_are_followed_week_by_week():
    joined = {1: 0, 2: 0, 3: 1}
    spoke: list[Collection[int] | None] = [{1, 9}, None, {1, 2, 3}]
    first, second, third = retention(joined, ["w0", "w1", "w2"], spoke)

    assert (first.week, first.size, first.active) == ("w0", 2, (1, None, 2))
    assert (second.size, second.active) == (1, (None, 1))
    assert (third.size, third.active) == (0, (0,))


@given(
    st.dictionaries(st.integers(1, 20), st.integers(0, 3)),
    st.lists(st.one_of(st.none(), st.sets(st.integers(1, 25))), min_size=4, max_size=4),
)
def test_no_more_speak_than_joined(joined: dict[int, int], spoke: list[set[int] | None]):
    found = retention(joined, ["a", "b", "c", "d"], spoke)

    assert sum(each.size for each in found) == len(joined)
    assert all(count is None or count <= each.size for each in found for count in each.active)


def test_a_path_counts_who_took_every_step_of_it_and_says_who_came_there_otherwise():
    found = paths.path(
        paths.SPREADING, range(10), [{0, 1, 2, 3}, {0, 1, 2, 8, 9}, {0, 8}, {0, 9, 77}]
    )

    assert [each.members for each in found] == [10, 4, 3, 1, 1]
    assert [each.share for each in found] == [None, 0.4, 0.75, pytest.approx(1 / 3), 1.0]
    assert [each.otherwise for each in found] == [None, 0, 2, 1, 1]


def test_a_path_leads_past_what_nobody_can_know():
    found = paths.path(paths.SPREADING, range(10), [None, {1, 2}, {2, 3}, None])

    assert [each.members for each in found] == [10, None, 2, 1, None]
    assert (found[2].share, found[2].otherwise) == (0.2, 0)
    assert (found[3].otherwise, found[4].otherwise) == (1, None)


@given(PEOPLE, st.lists(st.one_of(st.none(), PEOPLE), min_size=4, max_size=4))
def test_a_path_never_grows_and_loses_nobody(cohort: set[int], reached: list[set[int] | None]):
    found = paths.path(paths.SPREADING, cohort, reached)
    known = [each.members for each in found if each.members is not None]

    assert known == sorted(known, reverse=True)
    for stage, did in zip(found[1:], reached, strict=True):
        whole = None if stage.members is None else stage.members + (stage.otherwise or 0)
        assert whole == (None if did is None else len(did & cohort))
