"""Tracks and sums give what counting one by one gives."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from sop.figures.tracks import Sums, Track

DEEDS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5)), max_size=40)
EDGE = st.integers(-5, 60)


@given(DEEDS, EDGE, EDGE)
def test_a_window_holds_who_did_something_from_its_start_to_before_its_end(
    deeds: list[tuple[int, int]], since: int, until: int
):
    track = Track(array("q", [at for at, _ in deeds]), array("q", [who for _, who in deeds]))
    inside = [who for at, who in deeds if since <= at < until]

    assert track.count(since, until) == len(inside)
    assert track.people(since, until) == set(inside)
    assert len(track) == len(deeds)
    assert track.first_at == min((at for at, _ in deeds), default=None)


@given(DEEDS, EDGE, EDGE)
def test_sums_are_what_was_booked_in_a_window(
    amounts: list[tuple[int, int]], since: int, until: int
):
    inside = [amount for at, amount in amounts if since <= at < until]

    assert Sums(amounts).total(since, until) == sum(inside)
    assert Track.of(amounts).count(since, until) == len(inside)
