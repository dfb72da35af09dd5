"""Rosters in WeCom's own words: what is read of them, and what is no roster at all."""

from typing import Any

import pytest

from bot.channels.wecom import rosters
from bot.channels.wecom.errors import Retryable
from sop.events import Arrival

JOINED = 1_760_000_000


def member(userid: str, **fields: Any) -> dict[str, Any]:
    return {"userid": userid, "type": 2, "join_time": JOINED, "join_scene": 1, **fields}


def group(*members: Any, **fields: Any) -> rosters.Roster:
    told = {
        "chat_id": "wr", "name": "小店", "owner": "boss", "member_list": list(members), **fields,
    }  # fmt: skip
    return rosters.of_customer_group({"errcode": 0, "group_chat": told})


def test_a_customer_groups_members_administrators_and_version_are_told():
    found = group(
        member("boss", type=1), member("wmONE"), admin_list=[{"userid": "li"}],
        member_version="a1b2c3",
    )  # fmt: skip

    assert (found.owner, found.members, found.staff) == ("boss", ("boss", "wmONE"), ("li",))
    assert found.version == "a1b2c3"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": "王一", "group_nickname": "小王"}, "小王"),
        ({"name": "王一", "group_nickname": " "}, "王一"),
        ({"name": "王一"}, "王一"),
        ({}, ""),
    ],
)
def test_somebody_is_called_as_in_the_group_else_as_everywhere(fields: Any, name: str):
    assert group(member("wmONE", **fields)).names == {"wmONE": name}


@pytest.mark.parametrize(("scene", "word"), [(1, "direct"), (2, "link"), (3, "qr"), (9, "")])
def test_how_somebody_came_is_told_and_by_whom_where_wecom_says(scene: int, word: str):
    brought = group(member("wm", join_scene=scene, invitor={"userid": "li"}))
    alone = group(member("wm", join_scene=scene))

    assert brought.arrivals["wm"] == Arrival(at=JOINED * 1_000, by="li", scene=word)
    assert alone.arrivals["wm"].by == ""


@pytest.mark.parametrize("strange", [None, "wm", {}, {"userid": ""}, {"userid": ["x"]}])
def test_an_entry_that_names_nobody_hides_no_other(strange: Any):
    found = group(strange, {"userid": "wm", "join_time": "soon", "invitor": "li"})

    assert found.members == ("wm",)
    assert found.arrivals == {"wm": Arrival()}


@pytest.mark.parametrize("answer", [{}, {"group_chat": None}, {"group_chat": {"member_list": []}}])
def test_an_answer_without_members_is_no_roster(answer: Any):
    with pytest.raises(Retryable):
        rosters.of_customer_group(answer)
