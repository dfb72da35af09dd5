"""What goes out now: order within a lane, limits, leases, expiry, and moves in the right order."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import claims
from bot.delivery.claims import SCANS, lane_of
from sop.model import Attempt, Outgoing
from tests import builders
from tests.builders import COMMUNITY
from tests.unit.bot.delivery.outbox import (
    MINUTE,
    NOW,
    claim,
    drained,
    opened,
    outgoing,
    put,
    settle,
    status,
    taken,
)


def test_what_is_taken_is_marked_before_the_call_is_made():
    with opened() as store:
        put(store, outgoing(1))

        found = claim(store, NOW + 3)

        kept = store.get(Outgoing, COMMUNITY, 1)
    assert kept == found.claims[0].outgoing
    assert (kept.status, kept.attempts, kept.attempted_at) == ("sending", 1, NOW + 3)


def test_what_is_being_sent_is_not_taken_again():
    with opened() as store:
        put(store, outgoing(1))
        claim(store)

        assert taken(claim(store)) == []


def test_a_lane_sends_one_after_the_other_in_the_order_of_decision():
    with opened() as store:
        put(store, outgoing(3), outgoing(1), outgoing(2))

        assert taken(claim(store)) == [1]
        assert taken(claim(store, busy=(lane_of(outgoing(1)),))) == []


@pytest.mark.parametrize("which", ["created_at", "attempted_at"])
def test_what_was_put_off_while_the_clock_ran_ahead_waits_only_as_long_as_it_was_to(which: str):
    ahead = NOW + 480 * MINUTE
    with opened() as store:
        put(store, outgoing(1, **{which: ahead}, not_before=ahead + MINUTE), outgoing(2))

        assert taken(claim(store)) == []
        assert taken(claim(store, NOW + MINUTE - 1)) == []
        assert drained(store, NOW + MINUTE) == [1, 2]


def test_other_groups_channels_and_classes_do_not_wait_for_each_other():
    others = [{"group": "g2"}, {"channel": "link"}, {"klass": "reply"}, {"community": "c2"},
              {"group": "", "channel": "app", "do": "dm", "body": {"text": "早", "to": "1"}},
              {"group": "", "channel": "app", "do": "dm", "body": {"text": "早", "to": "2"}},
              ]  # fmt: skip
    with opened() as store:
        put(store, outgoing(1), *(outgoing(2 + n, **each) for n, each in enumerate(others)))

        assert sorted(taken(claim(store))) == [1, 2, 3, 4, 5, 6, 7]


def test_what_waits_for_its_next_attempt_holds_back_what_comes_after_it():
    with opened() as store:
        put(store, outgoing(1, not_before=NOW + 500), outgoing(2))

        found = claim(store)

        assert (taken(found), found.next_at) == ([], NOW + 500)
        assert drained(store, NOW + 500) == [1, 2]


def test_no_more_are_taken_than_there_is_room_for():
    with opened() as store:
        put(store, *(outgoing(number, group=f"g{number}") for number in range(1, 9)))

        assert len(taken(claim(store, room=3))) == 3
        assert claim(store, room=0).claims == ()


def test_a_full_window_says_when_to_look_again_and_keeps_the_order():
    with opened() as store:
        put(store, *(outgoing(number) for number in range(1, 24)))

        assert drained(store) == list(range(1, 21))
        found = claim(store)

        assert found.next_at == NOW + MINUTE + 1
        assert drained(store, NOW + MINUTE) == []
        assert drained(store, NOW + MINUTE + 1) == [21, 22, 23]


@given(st.lists(st.tuples(st.integers(0, 150_000), st.sampled_from(["KEY", "other"])),
                min_size=1, max_size=60))  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_a_robot_never_sends_more_than_twenty_in_any_minute(wanted: list[tuple[int, str]]):
    """Whatever the order of arrival; and everything goes out in the end."""
    with opened() as store:
        for number, (at, key) in enumerate(sorted(wanted), 1):
            put(store, outgoing(number, group=key, chat=key, not_before=NOW + at))
        now: int | None = NOW
        went: list[tuple[int, int, str]] = []
        while now is not None:
            found = claim(store, now)
            went += [(now, each.outgoing.id, each.outgoing.chat) for each in found.claims]
            settle(store, found)
            now = now if found.claims else found.next_at

    assert len(went) == len(wanted)
    for key in ("KEY", "other"):
        mine = [(at, number) for at, number, chat in went if chat == key]
        assert mine == sorted(mine)
        assert mine == sorted(mine, key=lambda each: each[1])
        assert all(sum(at <= other < at + MINUTE for other, _ in mine) <= 20 for at, _ in mine)


def test_what_has_expired_is_given_up_and_told():
    with opened() as store:
        put(store, outgoing(1, expires_at=NOW - 1), outgoing(2, expires_at=NOW))

        found = claim(store)

        assert taken(found) == [2]
        (told,) = found.failures
        assert (told.action, told.error, told.unknown) == (1, "expired", False)
        assert told.key == f"failed:{COMMUNITY}:1"
        assert status(store, 1) == "dropped"
        assert claim(store).failures == ()


def test_what_expires_while_its_lane_is_busy_is_given_up_too():
    with opened() as store:
        put(store, outgoing(1), outgoing(2, expires_at=NOW + 5))
        claim(store)

        found = claim(store, NOW + 6, busy=(lane_of(outgoing(1)),))

        assert [each.action for each in found.failures] == [2]


def test_what_never_expires_goes_out_a_year_later():
    with opened() as store:
        put(store, outgoing(1, expires_at=0))

        assert taken(claim(store, NOW + 400 * 86_400_000)) == [1]


def leased(number: int, **fields: Any) -> Outgoing:
    return outgoing(
        number, status="leased", klass="reply", do="reply", not_before=NOW + 24_000, **fields
    )


def test_a_leased_answer_is_left_to_the_waiting_request_until_the_lease_ends():
    with opened() as store:
        put(store, leased(1))

        found = claim(store, NOW + 23_999)
        assert (taken(found), found.next_at) == ([], NOW + 24_000)
        assert taken(claim(store, NOW + 24_000)) == [1]


def test_a_leased_answer_that_was_confirmed_is_not_sent_again():
    with opened() as store:
        put(store, replace(leased(1), status="sent"))

        assert taken(claim(store, NOW + MINUTE)) == []


def test_a_lapsed_lease_that_meets_a_full_window_is_pending_from_then_on():
    with opened() as store:
        put(store, *(outgoing(number) for number in range(2, 22)), leased(1))
        drained(store)

        claim(store, NOW + 24_000)

        assert status(store, 1) == "pending"
        assert taken(claim(store, NOW + MINUTE + 1)) == [1]


def test_the_first_of_all_that_waits_says_when_to_look_again():
    with opened() as store:
        put(store, outgoing(1, not_before=NOW + 900, group="g2"), leased(2),
            outgoing(3, not_before=NOW + 300, group="g3"))  # fmt: skip

        assert claim(store).next_at == NOW + 300
        assert claim(store, NOW, busy=(lane_of(outgoing(3, group="g3")),)).next_at == NOW + 300


def test_with_nothing_waiting_there_is_nothing_to_wait_for():
    with opened() as store:
        found = claim(store)

    assert (found.claims, found.failures, found.next_at, found.pending) == ((), (), None, 0)


def move(number: int, do: str, member: int = 5, **fields: Any) -> Outgoing:
    body = {"member": str(member), **({"after_add": True} if do == "remove" else {})}
    values = {"event_key": "move", "klass": "roster", "channel": "appchat", **fields}
    group = "core" if do == "add" else "g1"
    return outgoing(number, do=do, body=body, **{"group": group, "chat": group, **values})


def with_people(store: Any) -> None:
    put(store, builders.person(5), builders.group(id="core", kind="core"))


def test_a_removal_that_belongs_to_a_move_waits_until_the_add_has_arrived():
    with opened() as store:
        with_people(store)
        put(store, move(1, "remove"), move(2, "add"))

        found = claim(store)
        assert taken(found) == [2]
        assert taken(claim(store)) == []
        settle(store, found)

        assert taken(claim(store)) == [1]


@pytest.mark.parametrize("end", ["failed", "dropped", "unknown"])
def test_nobody_is_removed_who_may_not_have_been_added(end: str):
    """And whoever is to be removed for another reason does not wait behind them for ever."""
    with opened() as store:
        with_people(store)
        put(store, move(1, "remove"), move(2, "add"))
        put(store, outgoing(3, do="remove", body={"member": "5"}, klass="roster",
                            channel="appchat", chat="g1"))  # fmt: skip
        settle(store, claim(store), end)

        assert drained(store) == [3]
        assert status(store, 1) == "dropped"


def test_a_move_looks_at_its_own_member_and_its_own_event_alone():
    with opened() as store:
        with_people(store)
        put(store, builders.person(6), move(1, "remove", 5), move(2, "add", 5),
            move(3, "add", 6, event_key="another", status="failed"),
            move(4, "add", 6, status="failed"))  # fmt: skip
        settle(store, claim(store))

        assert taken(claim(store)) == [1]


def test_what_was_meant_for_a_group_that_is_bound_no_longer_goes_nowhere():
    with opened() as store:
        put(store, builders.group(id="old", retired=True), outgoing(1, group="old"), outgoing(2))

        found = claim(store)

        assert (taken(found), found.failures) == ([2], ())
        assert status(store, 1) == "dropped"


def test_the_order_of_a_lane_holds_however_many_are_waiting():
    """More than one look can see: the first of the lane waits, and its second must not pass."""
    with opened() as store:
        put(store, outgoing(1, not_before=NOW + 1_000), outgoing(2))
        others = range(3, SCANS[0] + 3)
        put(store, *(outgoing(each, group=f"g{each}", chat=f"g{each}") for each in others))

        found = claim(store, room=20)

        assert taken(found) == list(range(3, 23))
        assert taken(claim(store, NOW + 1_000, room=1)) == [1]


def test_a_lane_that_is_full_does_not_hide_the_others():
    """A robot may send twenty a minute; hundreds waiting for it must not hold up another group."""
    with opened() as store:
        put(store, *(outgoing(number) for number in range(1, SCANS[0] + 50)))
        put(store, outgoing(SCANS[0] + 50, group="g2", chat="other"))

        assert SCANS[0] + 50 in drained(store)


def test_an_attempt_is_counted_when_it_is_made_and_not_when_it_waits():
    with opened() as store:
        put(store, *(outgoing(number) for number in range(1, 25)))
        drained(store)
        claim(store)

        assert store.count(Attempt) == 20


def test_giving_up_cuts_the_longest_error():
    with opened() as store:
        told = claims.give_up(store, outgoing(1), "啊" * 9_000, NOW, status="unknown")

        assert (len(told.error), told.unknown, told.at) == (500, True, NOW)
        assert status(store, 1) == "unknown"


def picture(number: int, words: int, **fields: Any) -> Outgoing:
    body = {"picture": {"kind": "certificate"}, "words": words}
    return outgoing(number, klass="picture", body=body, **fields)


def test_a_picture_waits_until_its_words_have_arrived():
    with opened() as store:
        put(store, outgoing(1), picture(2, words=1))
        words = claim(store)
        assert taken(words) == [1]
        assert taken(claim(store)) == []

        settle(store, words)

        (found,) = claim(store).claims
    assert (found.outgoing.id, found.delivery.picture) == (2, {"kind": "certificate"})


@pytest.mark.parametrize("became", ["failed", "unknown", "dropped"])
def test_a_picture_without_its_words_is_dropped_without_a_word(became: str):
    with opened() as store:
        put(store, outgoing(1, status=became), picture(2, words=1), outgoing(3))

        found = claim(store)

        assert (taken(found), found.failures) == ([3], ())
        assert status(store, 2) == "dropped"


def test_pictures_leave_room_for_words():
    with opened() as store:
        groups = [f"g{n}" for n in range(5)]
        put(store, *(builders.group(id=group, channels={"webhook": group}) for group in groups))
        put(store, *(outgoing(n, status="sent") for n in range(1, 6)))
        put(store, *(picture(10 + n, words=n, group=groups[n - 1]) for n in range(1, 6)))
        put(store, outgoing(20))

        first = claim(store)
        assert taken(first) == [11, 12, 20]
        busy = tuple(lane_of(each.outgoing) for each in first.claims)
        assert taken(claim(store, busy=busy)) == []

        settle(store, first)
        assert taken(claim(store)) == [13, 14]
