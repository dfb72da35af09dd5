"""A delivery that arrived may be news by itself: somebody is in, or out of, a group."""

import pytest

from bot.delivery.aftermath import events_after
from sop.events import MemberJoined, MemberLeft
from tests.builders import COMMUNITY, GROUP
from tests.unit.bot.delivery.outbox import NOW, outgoing

COMMON = {"community": COMMUNITY, "group": GROUP, "at": NOW, "member": "li"}


def test_who_was_removed_has_left():
    found = events_after(outgoing(7, do="remove", body={"member": "5"}), "li", NOW)

    assert found == (MemberLeft(key=f"remove:{COMMUNITY}:7", removed=True, **COMMON),)


def test_who_was_removed_because_they_moved_is_told_apart():
    found = events_after(
        outgoing(7, do="remove", body={"member": "5", "after_add": True}), "li", NOW
    )

    assert found == (MemberLeft(key=f"remove:{COMMUNITY}:7", removed=True, moved=True, **COMMON),)


def test_who_was_added_has_joined_without_being_a_newcomer():
    found = events_after(outgoing(7, do="add", body={"member": "5"}), "li", NOW)

    assert found == (MemberJoined(key=f"add:{COMMUNITY}:7", moved=True, **COMMON),)


def test_the_same_arrival_told_twice_is_one_event():
    sent = outgoing(7, do="add", body={"member": "5"})

    assert events_after(sent, "li", NOW)[0].key == events_after(sent, "li", NOW + 9)[0].key


@pytest.mark.parametrize("do", ["post", "dm", "reply", "create", "fetch_roster", "task"])
def test_everything_else_is_over_when_it_arrived(do: str):
    assert events_after(outgoing(7, do=do, body={"member": "5"}), "li", NOW) == ()
