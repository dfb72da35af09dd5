"""What deeds pay and what points amount to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.model import LedgerEntry, Person
from sop.pack.pack_score import Earn, Level, Lose, Multiplier, Score
from sop.standing import standing
from sop.times import localtime
from sop.times.durations import DAY_MS, HOUR_MS
from tests.builders import EVENING

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
# The nights of 25 October 2026 (25 hours) and 28 March 2027 (23 hours) in Berlin.
BACK = localtime.instant(localtime.local_date(1_792_886_400_000, BERLIN), 0, BERLIN)
FORWARD = localtime.instant(localtime.local_date(1_806_192_000_000, BERLIN), 0, BERLIN)
PERSON = Person(community="c", id=1, userid="u")


def earn(**fields: object) -> Earn:
    return Earn.model_validate({"points": 3, **fields})


def award(spec: Earn, person: Person = PERSON, text: str = "", **fields: object) -> standing.Award:
    values = {
        "at": EVENING, "zone": SHANGHAI, "normal": text, "score": Score(), **fields,
    }  # fmt: skip
    return standing.award_for(spec, person, "message", **values)  # type: ignore[arg-type] # a test's defaults


def entry(number: int, points: int, at: int, **fields: object) -> LedgerEntry:
    values = {
        "community": "c", "id": number, "person": 1, "group": "g", "deed": "message",
        "points": points, "standing": points, "source": "s", "step": "", "version": "v",
        "at": at, **fields,
    }  # fmt: skip
    return LedgerEntry(**values)  # type: ignore[arg-type] # a test's defaults


def test_a_deed_pays_its_points_to_balance_and_score():
    assert award(earn()) == standing.Award(balance=3, score=3)


@pytest.mark.parametrize(
    ("points", "balance", "booked"),
    [(10, 1.2, 12), (5, 1.1, 6), (1, 1.5, 2), (3, 1.5, 5), (1, 0.4, 0), (1, 0.5, 1)],
)
def test_a_paying_member_earns_more_rounded_half_up(points: int, balance: float, booked: int):
    score = Score(paid_multiplier=Multiplier(balance=balance))
    paid = replace(PERSON, paid=True)

    assert award(earn(points=points), paid, score=score) == standing.Award(booked, points)
    assert award(earn(points=points), score=score) == standing.Award(points, points)


def test_nothing_is_paid_while_muted_and_all_is_from_the_end_of_it():
    assert award(earn(), replace(PERSON, muted_until=EVENING + 1)).refused == "muted"
    assert not award(earn(), replace(PERSON, muted_until=EVENING)).refused


def test_a_text_needs_its_length():
    assert award(earn(min_chars=4), text="读 完 了").refused == "short"
    assert not award(earn(min_chars=4), text="读完了书").refused
    assert award(earn(min_chars=1), text="").refused == "short"


def test_a_text_that_was_paid_lately_is_not_paid_again():
    said = "今天读完了第三章很有收获"
    spec = earn(distinct=2)
    person = PERSON
    for text in (said, "另一段完全不同的话", "第三段也和前面不一样"):
        assert not award(spec, person, text).refused
        person = replace(person, recent=standing.remember(person, "message", text, 2))

    assert not award(spec, person, said).refused
    assert award(spec, person, "第三段也和前面不一样!").refused == "same"
    assert award(spec, person, "第 三 段 - 也 和 前 面 不 一 样").refused == "same"
    emoji = replace(PERSON, recent=standing.remember(PERSON, "message", "👍👍", 2))
    assert award(spec, emoji, "👍👍").refused == "same"
    assert not award(spec, emoji, "🎉🎉").refused


def test_each_deed_remembers_its_own_texts():
    recent = standing.remember(PERSON, "reply", "接一句话", 3)
    person = replace(PERSON, recent=recent)

    assert not award(earn(distinct=5), person, "接一句话").refused
    assert standing.remembered(person, "reply") == ("接一句话",)
    assert standing.remember(person, "message", "接一句话", 0) == recent


@given(
    st.lists(st.tuples(st.sampled_from(["message", "reply"]), st.text(max_size=4)), max_size=30),
    st.integers(1, 5),
)
@settings(max_examples=50, deadline=None)
def test_no_more_texts_are_kept_than_the_limit_asks_for(
    said: list[tuple[str, str]], distinct: int
):
    person = PERSON
    for deed, text in said:
        person = replace(person, recent=standing.remember(person, deed, text, distinct))

    for deed in ("message", "reply"):
        own = [text for each, text in said if each == deed and text][-distinct:]
        wanted = ["".join(filter(str.isalnum, text)) or text for text in own]
        assert list(standing.remembered(person, deed)) == wanted


moments = st.one_of(
    st.integers(-2 * DAY_MS, 30 * HOUR_MS).map(BACK.__add__),
    st.integers(-2 * DAY_MS, 30 * HOUR_MS).map(FORWARD.__add__),
)


@given(
    st.lists(st.integers(0, 3 * HOUR_MS), min_size=1, max_size=60),
    moments,
    st.sampled_from(["1/day", "3/day", "2/week"]),
)
@settings(max_examples=100, deadline=None)
def test_a_cap_holds_in_every_local_day_and_week_across_the_change_of_clocks(
    steps: list[int], at: int, cap: str
):
    spec = earn(cap=cap)
    person, paid = PERSON, []
    for step in steps:
        at += step
        if not standing.award_for(
            spec, person, "message", at=at, zone=BERLIN, normal="", score=Score()
        ).refused:
            paid.append(standing.period_of(spec.cap.period, at, BERLIN))
            person = replace(person, tallies=standing.tally(spec, person, "message", at, BERLIN))

    assert all(paid.count(period) <= spec.cap.n for period in paid)
    assert paid


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=60), st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_a_cap_holds_around_midnight_in_any_order_of_events(minutes: list[int], count: int):
    spec = earn(cap=f"{count}/day")
    midnight = localtime.local_midnight(localtime.local_date(EVENING, SHANGHAI), SHANGHAI)
    person, paid = PERSON, []
    for minute in minutes:
        at = midnight + minute * 60_000
        if not standing.capped(spec, person, "message", at, SHANGHAI):
            paid.append(localtime.local_date(at, SHANGHAI))
            person = replace(person, tallies=standing.tally(spec, person, "message", at, SHANGHAI))

    late = sum(1 for minute in minutes if minute >= 0)
    assert len(paid) == min(late, count) + min(len(minutes) - late, count)
    assert all(paid.count(day) <= count for day in paid)


def test_a_limit_that_is_not_stated_does_not_exist():
    person = PERSON
    for _ in range(50):
        assert not standing.capped(earn(), person, "message", EVENING, SHANGHAI)
        person = replace(
            person, tallies=standing.tally(earn(), person, "message", EVENING, SHANGHAI)
        )

    assert person.tallies == {}


def test_a_day_begins_at_local_midnight_and_a_week_on_monday():
    wednesday = localtime.local_midnight(localtime.local_date(EVENING, SHANGHAI), SHANGHAI)
    monday = wednesday + 5 * DAY_MS

    assert standing.period_of("day", wednesday - 1, SHANGHAI) == "2026-12-01"
    assert standing.period_of("day", wednesday, SHANGHAI) == "2026-12-02"
    assert standing.period_of("week", monday - 1, SHANGHAI) == "2026-W49"
    assert standing.period_of("week", monday, SHANGHAI) == "2026-W50"
    # The year of a week is the year that has most of it.
    new_year = monday + timedelta(days=26) // timedelta(milliseconds=1)
    assert standing.period_of("week", new_year, SHANGHAI) == "2026-W53"


def test_a_reversed_award_leaves_the_tally_of_its_own_period_alone():
    spec = earn(cap="1/day")
    today = {"message": ("2026-12-02", 1), "message/earlier": ("2026-12-01", 1)}
    person = replace(PERSON, tallies=today)

    found = standing.without(spec, person, entry(1, 3, EVENING - DAY_MS), SHANGHAI)
    assert found == {**today, "message/earlier": ("2026-12-01", 0)}
    older = standing.without(spec, person, entry(1, 3, EVENING - 9 * DAY_MS), SHANGHAI)
    assert older == today
    assert standing.without(None, person, entry(1, 3, EVENING), SHANGHAI) == today
    uncapped = Lose(points=3)
    assert standing.without(uncapped, person, entry(1, 3, EVENING), SHANGHAI) == today


def score_at(entries: Iterable[LedgerEntry], now: int, score: Score) -> int:
    booked = [(each.standing, each.at, each.id, each.reversal_of) for each in entries]
    return standing.score_at(booked, now, score)


def test_a_score_counts_what_lies_within_the_window():
    entries = [entry(1, 5, EVENING - 30 * DAY_MS), entry(2, 7, EVENING - 30 * DAY_MS + 1)]

    assert score_at(entries, EVENING, Score(window="30d")) == 7
    assert score_at(entries, EVENING, Score()) == 12


@pytest.mark.parametrize(
    ("age_days", "points", "left"), [(0, 9, 9), (10, 9, 5), (20, 9, 2), (5, 10, 7), (10, -9, -5)]
)
def test_a_score_halves_every_half_life_rounded_half_up_once(
    age_days: int, points: int, left: int
):
    aged = entry(1, points, EVENING - age_days * DAY_MS)

    assert score_at([aged], EVENING, Score(half_life="10d")) == left


def test_small_remainders_count_together_since_rounding_happens_once():
    aged = [entry(number, 1, EVENING - 10 * DAY_MS) for number in range(10)]

    assert score_at(aged, EVENING, Score(half_life="10d")) == 5


def test_what_was_reversed_never_stood_however_old_it_is():
    score = Score(window="30d", half_life="10d")
    for age in (0, 10, 29, 31, 300):
        strike = entry(1, -10, EVENING - age * DAY_MS, deed="strike")
        back = entry(2, 10, EVENING, deed="reversal", reversal_of=1)
        kept = entry(3, 4, EVENING)

        assert score_at([strike, back, kept], EVENING, score) == 4


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 400)), max_size=20),
    st.integers(0, 400),
)
@settings(max_examples=50, deadline=None)
def test_a_score_without_window_and_half_life_is_the_plain_sum(
    booked: list[tuple[int, int]], later: int
):
    entries = [entry(n, points, EVENING - age) for n, (points, age) in enumerate(booked)]

    assert score_at(entries, EVENING + later, Score()) == sum(p for p, _ in booked)


LEVELS = (
    Level(id="sprout", title="新芽", at=0),
    Level(id="mentor", title="导师", at=120),
    Level(id="reader", title="书友", at=30),
)


@pytest.mark.parametrize(
    ("score", "level", "following"),
    [
        (-5, "sprout", "reader"), (0, "sprout", "reader"), (29, "sprout", "reader"),
        (30, "reader", "mentor"), (119, "reader", "mentor"), (120, "mentor", None),
        (9_999, "mentor", None),
    ],
)  # fmt: skip
def test_a_level_is_the_highest_the_score_reaches(score: int, level: str, following: str | None):
    found, ahead = standing.level_for(LEVELS, score), standing.next_level(LEVELS, score)

    assert found is not None
    assert found.id == level
    assert (ahead.id if ahead else None) == following


def test_nobody_has_a_level_below_the_first_that_costs_something():
    assert standing.level_for(LEVELS[1:], 29) is None
    assert standing.level_for((), 500) is None
