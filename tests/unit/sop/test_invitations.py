"""When an invitation counts at once, when people look at it first, and when never."""

from typing import Any

import pytest

from sop.activities import invitations
from sop.activities.invitations import Case
from sop.model import Invitation
from sop.times.durations import DAY_MS
from tests import builders
from tests.builders import EVENING


def case(**fields: Any) -> Case:
    values = {
        "guest": 1, "inviter": 2, "at": EVENING, "joined_at": EVENING - DAY_MS, "presence": "new",
        **fields,
    }  # fmt: skip
    return Case(**values)


def earlier(count: int, ago: int, status: str = "counted") -> list[Invitation]:
    return [
        Invitation(
            community="c", guest=9 + number, inviter=2, group="g", at=EVENING - ago,
            joined_at=EVENING - ago, status=status,
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, ""),
        ({"inviter": 1}, "self"),
        ({"known": True}, "known"),
        ({"chain": (5, 1)}, "circle"),
        ({"chain": (5, 6)}, ""),
        ({"presence": "before"}, "before"),
        ({"joined_at": EVENING - invitations.SAID_WITHIN_MS}, ""),
        ({"joined_at": EVENING - invitations.SAID_WITHIN_MS - 1}, "late"),
    ],
)
def test_never(fields: dict[str, Any], reason: str):
    assert invitations.refusal(case(**fields)) == reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, ""),
        ({"presence": "unseen"}, "unseen"),
        ({"presence": "unseen", "trusted": True}, "unseen"),
        ({"earlier": earlier(9, DAY_MS - 1)}, ""),
        ({"earlier": earlier(10, DAY_MS)}, ""),
        ({"earlier": earlier(10, DAY_MS - 1)}, "day"),
        ({"earlier": earlier(10, DAY_MS - 1), "trusted": True}, ""),
        ({"earlier": earlier(29, DAY_MS)}, ""),
        ({"earlier": earlier(30, DAY_MS)}, "month"),
        ({"earlier": earlier(2, DAY_MS, "gone")}, ""),
        ({"earlier": earlier(3, DAY_MS, "gone")}, "leaving"),
        ({"earlier": [*earlier(3, 2 * DAY_MS, "gone"), *earlier(8, DAY_MS)]}, ""),
    ],
)
def test_people_look_first(fields: dict[str, Any], reason: str):
    assert invitations.hold(case(**fields)) == reason


@pytest.mark.parametrize(
    ("member", "group", "seen", "presence"),
    [
        ({"joined_at": 50}, {}, True, "new"),
        ({"joined_at": 50}, {}, False, "unseen"),
        ({"joined_at": 50, "stint": 2}, {}, True, "before"),
        ({"joined_at": 10}, {"created_at": 10}, True, "before"),
        ({"joined_at": 10}, {"adopted_at": 10}, True, "before"),
        ({"joined_at": 20}, {"roster_at": 20}, True, "before"),
        ({"joined_at": 15}, {"roster_at": 20}, True, "unseen"),
        ({"joined_at": 25}, {"roster_at": 20}, True, "new"),
    ],
)
def test_who_is_new(member: dict[str, Any], group: dict[str, Any], seen: bool, presence: str):  # noqa: FBT001 - a case
    one = builders.member(1, **member)
    where = (one, builders.group(**{"created_at": 1, **group}), seen)
    assert invitations.presence([where]) == presence
    assert invitations.presence([]) == "before"
    old = builders.member(1, joined_at=1)
    assert invitations.presence([where, (old, builders.group(created_at=1), True)]) == "before"
