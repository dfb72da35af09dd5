import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.standing.ladder import counting, may_strike, sanction

LADDER = ["remind", "mute-points", "remove"]
DAY = 86_400_000


@pytest.mark.parametrize(
    ("prior", "rung"),
    [
        pytest.param(0, "remind", id="the first strike brings the first rung"),
        pytest.param(1, "mute-points", id="the second brings the second"),
        pytest.param(2, "remove", id="the third brings the last"),
        pytest.param(3, "remove", id="the last rung repeats"),
        pytest.param(99, "remove", id="for ever"),
        pytest.param(-1, "remind", id="more reversed than given counts as none"),
    ],
)
def test_each_strike_brings_its_rung(prior: int, rung: str) -> None:
    assert sanction(LADDER, prior) == rung


def test_a_ladder_needs_a_rung() -> None:
    with pytest.raises(ValueError, match="at least one rung"):
        sanction([], 0)


@pytest.mark.parametrize(
    ("age", "counts"),
    [
        pytest.param(0, 1, id="now"),
        pytest.param(30 * DAY - 1, 1, id="a millisecond before it is forgotten"),
        pytest.param(30 * DAY, 0, id="forgotten at that instant"),
        pytest.param(-5_000, 1, id="dated after now, by a clock that jumped back"),
    ],
)
def test_a_strike_counts_from_its_own_time_until_forgotten(age: int, counts: int) -> None:
    now = 1_800_000_000_000

    assert counting([now - age], now, 30 * DAY) == counts


def test_without_forgetting_every_strike_counts() -> None:
    assert counting(iter([1, 2, 3]), 900 * DAY, None) == 3


def test_old_strikes_do_not_hide_new_ones() -> None:
    assert counting([0, 5 * DAY, 39 * DAY], 40 * DAY, 30 * DAY) == 1


@given(st.lists(st.integers(0, 10**13)), st.integers(0, 10**13), st.integers(1, 10**12))
def test_waiting_never_makes_more_strikes_count(
    strikes: list[int], now: int, forget_after: int
) -> None:
    before = counting(strikes, now, forget_after)

    assert counting(strikes, now + 1_000, forget_after) <= before <= len(strikes)


@pytest.mark.parametrize(
    ("measure", "message", "fair"),
    [
        pytest.param(None, 10, True, id="no measure yet"),
        pytest.param(10, 9, False, id="written before the measure arrived"),
        pytest.param(10, 10, False, id="at the same instant"),
        pytest.param(10, 11, True, id="written after it"),
    ],
)
def test_a_further_strike_needs_a_message_after_the_measure(
    measure: int | None, message: int, *, fair: bool
) -> None:
    assert may_strike(measure, message) is fair
