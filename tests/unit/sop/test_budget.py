"""What fits the budget, when there is more of it, and who goes first."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.budgets import budget
from sop.fields.pack_types import Rate
from sop.pack.pack_steps import Step
from sop.times import localtime
from sop.times.durations import DAY_MS, HOUR_MS, Cap, Period
from tests.builders import EVENING

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [ZoneInfo(name) for name in (
    "Asia/Shanghai", "Europe/Berlin", "America/Havana", "America/Sao_Paulo", "Pacific/Apia",
    "Africa/Cairo",
)]  # fmt: skip

# 2000 to 2030: every zone above has put its clocks forward and back, Apia has left out a day.
instants = st.integers(946_684_800_000, 1_900_000_000_000)
caps = st.builds(lambda n, period: Cap(n=n, period=period), st.integers(1, 5),
                 st.sampled_from(["day", "week"]))  # fmt: skip


@pytest.mark.parametrize(
    ("spent", "wanted", "expected"),
    [
        pytest.param(0, 3, True, id="all of it"),
        pytest.param(1, 2, True, id="the rest of it"),
        pytest.param(2, 2, False, id="one too many"),
        pytest.param(3, 1, False, id="nothing is left"),
        pytest.param(0, 7, True, id="more than there ever is begins with a whole period"),
        pytest.param(1, 7, False, id="and not with less"),
        pytest.param(9, 1, False, id="overdrawn, since the pack was edited"),
    ],
)
def test_a_budget_admits_what_fits(spent: int, wanted: int, *, expected: bool):
    room = budget.room(Cap(n=3, period="day"), spent, EVENING, SHANGHAI)

    assert room.admits(wanted) is expected
    assert room.left == max(3 - spent, 0)


@given(caps, instants, st.sampled_from(ZONES))
def test_a_budget_renews_with_the_next_period_and_not_before(cap: Cap, now: int, zone: ZoneInfo):
    renews = budget.renews_at(cap, now, zone)

    assert renews > now
    assert budget.period(cap, renews, zone) != budget.period(cap, now, zone)
    assert budget.period(cap, renews - 1, zone) == budget.period(cap, now, zone)


@pytest.mark.parametrize(
    ("period", "days"), [pytest.param("day", 1, id="a day"), pytest.param("week", 5, id="a week")]
)
def test_a_period_is_a_local_day_or_a_week_from_monday_on(period: Period, days: int):
    # EVENING is a Wednesday.
    today = localtime.local_date(EVENING, SHANGHAI)

    renews = budget.renews_at(Cap(n=1, period=period), EVENING, SHANGHAI)
    assert localtime.local_date(renews, SHANGHAI) == today + timedelta(days=days)


def test_a_rolling_rate_counts_what_lies_in_its_window_and_what_a_clock_put_back_left_ahead():
    used = (EVENING - 7 * DAY_MS, EVENING - 7 * DAY_MS + 1, EVENING + HOUR_MS)

    assert budget.within(used, Rate(1, 7 * DAY_MS), EVENING) == used[1:]
    assert budget.within(used, Rate(1), EVENING) == used


def test_at_one_instant_priority_goes_first_then_what_waited_longer_then_the_packs_order():
    def turn(priority: budget.Priority, place: int, due_at: int) -> tuple[int, int, int]:
        return budget.turn(budget.rank_of(priority, place), due_at)

    ordered = [
        budget.turn(0, 9), turn("high", 7, 5), turn("normal", 4, 3), turn("normal", 2, 5),
        turn("normal", 3, 5), turn("low", 0, 1),
    ]  # fmt: skip

    assert sorted(ordered) == ordered


def step(*actions: Any) -> Step:
    return Step.model_validate({"id": "it", "when": "08:00 daily", "do": list(actions)})


@pytest.mark.parametrize(
    ("actions", "messages", "letters"),
    [
        pytest.param([{"post": "早"}, {"post": ["一", "二"]}], 2, 0, id="posts"),
        pytest.param([{"dm": "你好"}, {"post": "早"}, {"dm": "再见"}], 1, 2, id="private ones"),
        pytest.param([{"drop": "poems"}, {"ask": {"from": "item"}}], 1, 0, id="one with its item"),
        pytest.param([{"drop": "poems"}, {"ask": "读完了吗？"}], 2, 0, id="an item and a prompt"),
        pytest.param([{"report": {"to": "owner"}}, {"task": {"text": "看看"}}], 0, 0, id="staff"),
        pytest.param([{"report": {"to": "group"}}], 1, 0, id="a report"),
        pytest.param([{"questions": {"title": "答疑"}}], 1, 0, id="an opening"),
        pytest.param([{"award": 5}, {"tag": "摄影"}, {"review": "layers"}], 0, 0, id="no words"),
    ],
)  # fmt: skip
def test_a_steps_messages_are_counted_before_it_runs(
    actions: list[Any], messages: int, letters: int
):
    assert budget.posts_from(step(*actions)) == messages
    assert budget.letters(step(*actions)) == letters
    assert budget.posts_from(step(*actions), len(actions)) == 0
