"""Sliding windows: never more than the limit in any stretch of time, and no pause without need."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wecom.attempts import Delivery
from bot.channels.wecom.limits import CHANNEL_LIMITS
from bot.channels.wecom.messages import TEXT_LIMITS
from bot.channels.wecom.outgoing import TABLE
from bot.delivery import pacing
from bot.delivery.pacing import Charge
from handlers.ports import Store
from sop.model import Attempt
from tests.unit.bot.delivery.outbox import DAY, HOUR, MINUTE, NOW, opened

LIMIT, PER = 5, 1_000


def delivery(**fields: Any) -> Delivery:
    values = {"do": "post", "channel": "webhook", "chat_id": "KEY", "text": "早", **fields}
    return Delivery(**values)


def charges(members: int = 1, **fields: Any) -> dict[str, tuple[int, int, int]]:
    found = pacing.charges(delivery(**fields), members)
    return {each.window: (each.limit, each.per_ms, each.amount) for each in found}


def send_all(store: Store, wanted: Sequence[tuple[int, list[Charge]]]) -> list[int]:
    """Send in the order of arrival, each when the windows open; when each went out."""
    now, went = 0, []
    for at, charged in wanted:
        now = max(now, at)
        while (free := pacing.free_at(store, charged, now)) > now:
            assert free - now <= max(each.per_ms for each in charged) + 1
            now = free
        pacing.spend(store, charged, now)
        went.append(now)
    return went


def heaviest(times: Sequence[tuple[int, int]], per_ms: int) -> int:
    """The most that was sent in any stretch of that length (its end not included)."""
    return max(
        sum(amount for at, amount in times if begin <= at < begin + per_ms) for begin, _ in times
    )


arrivals = st.lists(st.tuples(st.integers(0, 2_500), st.integers(1, LIMIT + 2)), min_size=1,
                    max_size=40).map(sorted)  # fmt: skip


@given(arrivals)
@settings(max_examples=60, deadline=None)
def test_no_stretch_of_time_ever_holds_more_than_the_limit(wanted: list[tuple[int, int]]):
    charged = [(at, [Charge("w", LIMIT, PER, amount)]) for at, amount in wanted]

    with opened() as store:
        went = send_all(store, charged)

    fitting = [
        (at, amount) for at, (_, amount) in zip(went, wanted, strict=True) if amount <= LIMIT
    ]
    assert went == sorted(went)
    assert not fitting or heaviest(fitting, PER) <= LIMIT
    _nothing_beside_what_is_too_large(list(zip(went, (each for _, each in wanted), strict=True)))


def _nothing_beside_what_is_too_large(sent: list[tuple[int, int]]) -> None:
    for place, (at, amount) in enumerate(sent):
        if amount > LIMIT:
            others = [other for number, (other, _) in enumerate(sent) if number != place]
            assert all(abs(other - at) >= PER for other in others)


@given(arrivals)
@settings(max_examples=40, deadline=None)
def test_nothing_waits_while_there_is_room(wanted: list[tuple[int, int]]):
    """Whoever waited could not have gone two milliseconds earlier."""
    with opened() as store:
        went = send_all(store, [(at, [Charge("w", LIMIT, PER, amount)]) for at, amount in wanted])

    sent = [(at, amount) for at, (_, amount) in zip(went, wanted, strict=True)]
    for place, ((at, amount), (arrived, _)) in enumerate(zip(sent, wanted, strict=True)):
        if at > arrived and (place == 0 or at > sent[place - 1][0]):
            before = sum(each for when, each in sent[:place] if at - 2 - PER < when)
            assert before + amount > LIMIT or amount > LIMIT


@given(st.lists(st.tuples(st.integers(0, 3_000), st.sampled_from("ab")), min_size=1, max_size=30)
       .map(sorted))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_several_windows_all_hold_at_once(wanted: list[tuple[int, str]]):
    def charged(key: str) -> list[Charge]:
        return [Charge(f"own:{key}", 2, 300, 1), Charge("corp", 3, 1_000, 1)]

    with opened() as store:
        went = send_all(store, [(at, charged(key)) for at, key in wanted])

    own: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, (_, key) in zip(went, wanted, strict=True):
        own[key].append((at, 1))
    assert heaviest([(at, 1) for at in went], 1_000) <= 3
    assert all(heaviest(times, 300) <= 2 for times in own.values())


def test_the_last_that_fits_goes_at_once_and_the_next_waits_for_the_first_to_grow_old():
    with opened() as store:
        went = send_all(store, [(at, [Charge("w", 3, 100, 1)]) for at in (0, 10, 20, 30, 40)])

    assert went[:3] == [0, 10, 20]
    assert 100 <= went[3] <= 101
    assert 110 <= went[4] <= 111


def test_one_window_says_nothing_of_another():
    with opened() as store:
        pacing.spend(store, [Charge("a", 1, 100, 1)], 0)

        assert pacing.free_at(store, [Charge("b", 1, 100, 1)], 0) == 0
        assert pacing.free_at(store, [Charge("a", 1, 100, 1)], 0) > 0


def test_what_no_window_limits_is_always_free():
    with opened() as store:
        assert pacing.free_at(store, [], 7) == 7
        pacing.spend(store, [], 7)
        assert store.count(Attempt) == 0


def test_a_clock_that_went_back_a_little_sends_no_more_than_the_limit():
    """Attempts that lie in the future count as well."""
    with opened() as store:
        pacing.spend(store, [Charge("w", 1, 100, 1)], 1_000)

        assert pacing.free_at(store, [Charge("w", 1, 100, 1)], 950) >= 1_100


def test_a_clock_that_went_back_far_does_not_keep_a_window_shut_until_it_is_there_again():
    with opened() as store:
        pacing.spend(store, [Charge("w", 1, 100, 1)], 1_000)

        assert pacing.free_at(store, [Charge("w", 1, 100, 1)], 500) == 500


def test_a_webhook_has_twenty_a_minute_by_its_key():
    assert charges() == {"webhook:key:KEY:60000": (20, MINUTE, 1)}


def test_a_long_text_counts_as_often_as_it_is_cut():
    assert charges(text="哈" * 2_000)["webhook:key:KEY:60000"] == (20, MINUTE, 3)
    assert charges(text="早", image="a.png")["webhook:key:KEY:60000"] == (20, MINUTE, 2)


def test_a_private_message_counts_for_each_it_goes_to():
    found = charges(channel="app", do="dm", chat_id="", to_userids=("li", "wang"))

    assert found == {
        f"app:member:{name}:{per}": (limit, per, 1)
        for name in ("li", "wang")
        for limit, per in ((30, MINUTE), (1_000, HOUR))
    }


def test_a_post_in_an_appchat_counts_for_every_member_of_the_corp():
    found = charges(channel="appchat", chat_id="core", members=50)

    assert found["appchat:member:core:60000"] == (200, MINUTE, 1)
    assert found[f"appchat:member:core:{DAY}"] == (10_000, DAY, 1)
    assert found["appchat:corp::60000"] == (20_000, MINUTE, 50)
    assert found["appchat:corp::3600000"] == (150_000, HOUR, 50)


def test_changes_of_members_are_counted_for_the_whole_corp():
    found = charges(channel="appchat", do="add", text="", to_userids=("a", "b"))

    assert found == {"appchat:corp::3600000": (1_000, HOUR, 2)}


def test_on_the_link_a_conversation_is_a_group_or_a_person():
    group = charges(channel="link", chat_id="wrk")
    person = charges(channel="link", do="dm", chat_id="", to_userids=("li",))

    assert set(group) == {f"link:conversation:wrk:{per}" for per in (MINUTE, HOUR)}
    assert set(person) == {f"link:conversation:li:{per}" for per in (MINUTE, HOUR)}


def test_the_answer_by_its_own_address_is_not_paced():
    assert charges(channel="aibot", do="reply") == {}


@pytest.mark.parametrize(("channel", "do"), TABLE)
def test_everything_that_can_be_sent_can_be_counted(channel: str, do: str):
    found = charges(channel=channel, do=do, to_userids=("li",))

    assert bool(found) == ((channel, do) in CHANNEL_LIMITS)
    assert all(amount >= 1 for _, _, amount in found.values())


def test_every_limit_belongs_to_something_that_can_be_sent():
    assert set(CHANNEL_LIMITS) <= set(TABLE)
    assert {channel for channel, _ in CHANNEL_LIMITS} <= set(TEXT_LIMITS)


def test_an_attempt_in_the_database_outlives_the_process():
    with opened() as store:
        pacing.spend(store, [Charge("w", 3, 100, 2)], NOW)
        pacing.spend(store, [Charge("w", 3, 100, 1)], NOW)

        found = store.find(Attempt, window="w", order="id")

    assert [(each.id, each.at, each.amount) for each in found] == [(1, NOW, 2), (2, NOW, 1)]
