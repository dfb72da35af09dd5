"""What a question is owed: its grade, and the hours in which time passes for it."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.activities import care
from sop.pack.pack_people import Care
from sop.times import quiet
from sop.times.durations import HOUR_MS, MINUTE_MS, Span
from tests.builders import EVENING

ZONE = ZoneInfo("Asia/Shanghai")
URGENT = {"says": ["退款", "投诉"], "to": "owner", "due": "30m"}
PAID = {"to": "staff", "due": "2h"}
NOON = EVENING - 8 * HOUR_MS


def caring(**fields: object) -> Care:
    given = {"answer_within": "4h", "within": "09:00-21:00", "grades": {"paid": PAID}, **fields}
    return Care.model_validate(given)


def owed(said: str, *, paid: bool = False, since: int = NOON, **fields: object) -> care.Owed:
    hours = Span(start_minute=22 * 60, end_minute=7 * 60)
    return care.owed(caring(**fields), said, paid=paid, since=since, hours=hours, zone=ZONE)


@pytest.mark.parametrize(
    ("said", "paid", "grade", "to"),
    [
        ("从哪本读起？", False, "", "staff"),
        ("从哪本读起？", True, "paid", "staff"),
        ("我要投訴", False, "urgent", "owner"),
        ("我要投诉", True, "urgent", "owner"),
    ],
)
def test_the_most_urgent_grade_that_fits_holds(said: str, *, paid: bool, grade: str, to: str):
    found = owed(said, paid=paid, grades={"paid": PAID, "urgent": URGENT})

    assert (found.grade, found.to) == (grade, to)


def test_of_equals_the_first_holds():
    same = {"first": {**URGENT, "to": "staff"}, "second": URGENT}

    assert owed("退款", grades=same).grade == "first"


def test_a_paid_grade_with_words_is_for_those_who_pay_and_say_them():
    grades = {"paid": {"says": "退款", "due": "1h"}}

    assert owed("退款", paid=True, grades=grades).grade == "paid"
    assert owed("退款", grades=grades).grade == ""
    assert owed("你好", paid=True, grades=grades).grade == ""


def test_time_passes_in_the_hours_of_care_alone():
    asked = EVENING

    # One hour is left this evening, three are tomorrow morning's.
    assert owed("？", since=asked).due_at == asked + (1 + 12 + 3) * HOUR_MS
    assert owed("？").due_at == NOON + 4 * HOUR_MS


def test_without_hours_of_its_own_quiet_hours_stop_the_clock():
    found = care.owed(
        Care.model_validate({"answer_within": "4h"}), "？", paid=False, since=EVENING,
        hours=Span(start_minute=22 * 60, end_minute=7 * 60), zone=ZONE,
    )  # fmt: skip

    assert found.due_at == EVENING + (2 + 9 + 2) * HOUR_MS


def test_what_is_urgent_is_seen_to_at_once_and_the_rest_after_half_the_time():
    assert owed("？").looked_at == NOON + 2 * HOUR_MS
    assert owed("退款", grades={"urgent": URGENT}).looked_at == NOON
    night = EVENING + 3 * HOUR_MS
    assert owed("退款", since=night, grades={"urgent": URGENT}).looked_at == night + 10 * HOUR_MS


@given(
    since=st.integers(EVENING, EVENING + 3 * 24 * HOUR_MS),
    within=st.integers(1, 3 * 24 * 60),
    start=st.integers(0, 1439),
    length=st.integers(1, 1439),
)
@settings(max_examples=40, deadline=None)
def test_a_promise_is_for_waking_hours_and_its_parts_come_in_order(
    since: int, within: int, start: int, length: int
):
    end = (start + length) % 1440
    hours = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    found = owed("？", since=since, answer_within=f"{within}m", within=hours)

    assert since <= found.looked_at <= found.after(care.HANDED_OVER) <= found.due_at
    due = quiet.waking_deadline(since, within * MINUTE_MS, found.asleep, ZONE)
    assert found.due_at == due
