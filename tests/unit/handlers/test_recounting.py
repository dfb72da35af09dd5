"""What today's weights would make of the past: told first, booked only as entries of its own."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.checkins import checkins
from handlers.ledger import ledger, recounting
from handlers.ledger.recounting import CountedBefore, Difference
from handlers.people import people
from sop.model import LedgerEntry, Person
from sop.told_events import PointsRecounted
from tests.builders import COMMUNITY
from tests.lives import DAY, HOUR, Life, life

PACK = """
score:
  window: 60d
  half_life: 20d
  earn:
    message: {points: 1, cap: 3/day, min_chars: 2, distinct: 3}
    introduce: {points: 5, once: true}
    checkin: {points: 2, cap: 4/week}
  lose:
    strike: {points: 3}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 20}]
"""
SINCE = date(2026, 12, 1)


def found(club: Life, since: date = SINCE) -> list[Difference]:
    with club.acting() as context:
        return list(recounting.differences(context, since))


def book(club: Life, told: list[Difference]) -> list[Any]:
    corrections = tuple(each for difference in told for each in difference.corrections)
    return club.happen(
        PointsRecounted,
        since=SINCE.isoformat(),
        run=f"{club.now}-{len(club.handled)}",
        corrections=corrections,
    )


def talk(club: Life, days: int = 3) -> None:
    for day in range(days):
        for number in range(5):
            club.say(f"第{day}天第{number}句，{'风花雪月山'[number % 5] * 6}", "li")
            club.now += HOUR
        club.say("打卡", "li")
        club.now += DAY - 5 * HOUR


def test_with_the_same_weights_nothing_would_change():
    with life(PACK) as club:
        club.enforce()
        talk(club)

        assert found(club) == []


def test_a_higher_cap_pays_what_is_still_kept_and_a_lower_one_takes_it_back():
    with life(PACK) as club:
        club.enforce()
        talk(club)
        for cap, points in ((5, 2 * 3), (1, -2 * 3)):
            club.edit(PACK.replace("3/day", f"{cap}/day"))

            (told,) = found(club)

            assert told.points == points
            assert list(told.deeds) == ["message"]
            old, new = told.deeds["message"]
            assert (old.awards, new.awards) == (9, 9 + points)


def test_a_booked_recount_is_an_entry_of_its_own_and_changes_nothing_a_second_time():
    with life(PACK) as club:
        club.enforce()
        talk(club)
        before = club.read(LedgerEntry, order="id")
        club.edit(PACK.replace("message: {points: 1", "message: {points: 4"))
        (told,) = found(club)

        lines = book(club, [told])

        after = club.read(LedgerEntry, order="id")
        assert after[: len(before)] == before
        assert [(each.deed, each.points) for each in after[len(before) :]] == [("recompute", 27)]
        assert [line.reason for line in lines if line.do == "level"] == ["recount"]
        assert found(club) == []
        assert club.unproven() == []


def test_a_deed_the_pack_no_longer_pays_is_taken_back_and_what_was_given_by_hand_stays():
    with life(PACK) as club:
        club.enforce()
        talk(club, days=1)
        with club.acting("li") as context:
            ledger.book_entry(context, context.person_id, "award", 50, score=50, source="a")
        club.edit(PACK.replace("    checkin: {points: 2, cap: 4/week}\n", ""))

        (told,) = found(club)

        assert {deed: new.points - old.points for deed, (old, new) in told.deeds.items()} == {
            "checkin": -2
        }


def test_what_was_reversed_is_not_paid_again():
    with life(PACK) as club:
        club.enforce()
        talk(club, days=1)
        entry = next(each for each in club.read(LedgerEntry) if each.deed == "message")
        with club.acting() as context:
            ledger.reverse(context, entry, "undo:1")
        club.edit(PACK.replace("message: {points: 1", "message: {points: 2"))

        (told,) = found(club)

        old, new = told.deeds["message"]
        assert (old.awards, new.awards) == (3, 4)


def test_a_recount_from_later_on_is_refused_after_one_from_earlier():
    with life(PACK) as club:
        club.enforce()
        talk(club)
        club.edit(PACK.replace("message: {points: 1", "message: {points: 4"))
        book(club, found(club))

        assert found(club, date(2026, 11, 1)) == []
        with pytest.raises(CountedBefore, match="2026-12-01"):
            found(club, date(2026, 12, 3))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["message", "introduce", "checkin", "strike", "reverse"]),
            st.sampled_from([1, HOUR, DAY, 8 * DAY]),
        ),
        max_size=20,
    ),
    st.integers(0, 5),
    st.integers(1, 4),
)
@settings(max_examples=8, deadline=None)
def test_a_booked_recount_leaves_no_difference_whatever_was_done(
    acts: list[tuple[str, int]], points: int, cap: int
):
    with life(PACK) as club:
        club.enforce()
        for number, (act, later) in enumerate(acts):
            with club.acting("li") as context:
                person, source = context.person_id, f"s{number}"
                if act == "strike":
                    ledger.debit(context, person, act, source=source)
                elif act == "reverse":
                    _reverse_newest(club, context)
                elif act == "checkin":
                    known = people.current(context.store, COMMUNITY, person)
                    assert known is not None
                    checkins.book(context, known, source=source, said=f"第 {number} 句话")
                else:
                    ledger.credit(context, person, act, source=source, said=f"第 {number} 句话")
            club.now += later
        weights = PACK.replace("points: 1, cap: 3/day", f"points: {points}, cap: {cap}/day")
        club.edit(weights.replace("strike: {points: 3}", f"strike: {{points: {cap}}}"))

        book(club, found(club))

        assert found(club) == []
        balance = {each.id: each.balance for each in club.read(Person)}
        booked = club.read(LedgerEntry)
        for number, sum_ in balance.items():
            assert sum_ == sum(each.points for each in booked if each.person == number)
        assert club.unproven() == []


def _reverse_newest(club: Life, context: Any) -> None:
    entries = list(context.store.find(LedgerEntry, community=COMMUNITY, order="id"))
    undone = {each.reversal_of for each in entries}
    free = [each for each in entries if not each.reversal_of and each.id not in undone]
    if free:
        ledger.reverse(context, free[-1], f"undo:{free[-1].id}")
