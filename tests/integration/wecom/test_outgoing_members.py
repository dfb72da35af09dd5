import dataclasses
from typing import Any

import pytest

from bot.channels.wecom.attempts import Delivery, Result
from bot.channels.wecom.errors import Fate, Permanent, Retryable, Unknown
from bot.channels.wecom.limits import CHANNEL_LIMITS
from bot.channels.wecom.outgoing import TABLE
from bot.channels.wecom.rosters import Roster
from sop.events import ReplyRoute
from sop.times.durations import DAY_MS
from tests.integration.wecom.deliveries import Line, post, tried
from tests.integration.wecom.fake_wecom import OK, code, cut


@pytest.mark.parametrize(
    ("heard_ago", "said"),
    [
        pytest.param(0, ("respond", "R9", "早"), id="just heard"),
        pytest.param(DAY_MS - 1, ("respond", "R9", "早"), id="a day less a moment"),
        pytest.param(DAY_MS, ("send", "c1", 2, "早"), id="a day"),
    ],
)
def test_a_link_answers_by_req_id_for_a_day(heard_ago: int, said: tuple[Any, ...]):
    line = Line()
    heard = 1_760_000_000_000 - heard_ago
    reply = post(channel="link", do="reply", route=ReplyRoute(req_id="R9"), heard_at=heard)
    tried(reply, line)

    assert line.said == [said]


@pytest.mark.parametrize(
    ("delivery", "said"),
    [
        pytest.param(post(channel="link"), ("send", "c1", 2, "早"), id="post"),
        pytest.param(post(channel="link", do="reply"), ("send", "c1", 2, "早"), id="no req_id"),
        pytest.param(
            post(channel="link", do="dm", to_userids=("a",)), ("send", "a", 1, "早"), id="dm"
        ),
        pytest.param(
            post(channel="link", do="reply", chat_id="", to_userids=("a",)),
            ("send", "a", 1, "早"),
            id="reply in private",
        ),
    ],
)
def test_a_link_speaks_first(delivery: Delivery, said: tuple[Any, ...]):
    line = Line()
    result, _ = tried(delivery, line)

    assert (result.status, line.said) == ("sent", [said])


def test_an_answer_whose_stream_is_over_goes_out_as_a_new_message():
    line = Line(Permanent("aibot_respond_msg", "over", errcode=846608, fate=Fate.SEND_NEW))
    result, _ = tried(post(channel="link", do="reply", route=ReplyRoute(req_id="R9")), line)

    assert result.status == "sent"
    assert [said[0] for said in line.said] == ["respond", "send"]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (Permanent("aibot_respond_msg", "no"), "failed"),
        (Retryable("aibot_respond_msg", "down"), "wait"),
        (Unknown("aibot_respond_msg", "lost"), "unknown"),
    ],
)
def test_a_failed_answer_by_link_is_not_said_twice(failure: Exception, status: Any):
    line = Line(failure)
    result, _ = tried(post(channel="link", do="reply", route=ReplyRoute(req_id="R9")), line)

    assert (result.status, len(line.said)) == (status, 1)


GROUP = {"chatid": "c1", "name": "n", "owner": "O", "userlist": ["o", "a", "later"]}


def create(**more: Any) -> Delivery:
    return post(do="create", name="n", owner="o", to_userids=("o", "a"), **more)


def test_a_new_group_hears_its_first_message_at_once():
    result, asked = tried(create())

    assert [name for name, _ in asked] == ["appchat/create", "appchat/send"]
    assert result.answer == Roster(owner="o", members=("o", "a"))


def test_a_group_made_before_its_answer_was_lost_is_taken_as_made():
    answers = {"appchat__create": [code(86215)], "appchat__get": [{**OK, "chat_info": GROUP}]}
    result, asked = tried(create(), **answers)

    assert result.answer == Roster(owner="O", members=("o", "a", "later"))
    assert asked[-1][0] == "appchat/send"


def test_a_chatid_that_another_owner_holds_is_a_failure():
    theirs = {**GROUP, "owner": "someone"}
    answers = {"appchat__create": [code(86215)], "appchat__get": [{**OK, "chat_info": theirs}]}
    result, asked = tried(create(), **answers)

    assert result.status == "failed"
    assert "86215" in result.error
    assert "appchat/send" not in [name for name, _ in asked]


@pytest.mark.parametrize("do", ["create", "add", "remove"])
def test_a_lost_answer_to_a_repeatable_change_is_tried_again(do: str):
    result, _ = tried(
        dataclasses.replace(create(), do=do), appchat__create=[cut], appchat__update=[cut]
    )

    assert result.status == "wait"


def test_members_who_are_gone_already_count_as_removed():
    inside = [{**OK, "chat_info": GROUP}]
    here, there = post(do="remove", to_userids=("b",)), post(do="remove", to_userids=("a",))
    gone, _ = tried(here, appchat__update=[code(86216)], appchat__get=inside)
    still, _ = tried(there, appchat__update=[code(86216)], appchat__get=inside)

    assert gone == Result(status="sent", answer=("b",))
    assert still.status == "failed"


def test_a_member_who_cannot_be_added_is_a_failure():
    inside = [{**OK, "chat_info": GROUP}]
    new, known = post(do="add", to_userids=("b",)), post(do="add", to_userids=("a",))
    failed, _ = tried(new, appchat__update=[code(86216)], appchat__get=inside)
    there, _ = tried(known, appchat__update=[code(86216)], appchat__get=inside)

    assert failed.status == "failed"
    assert there == Result(status="sent", answer=("a",))


def test_members_are_added_and_an_owner_removed_with_a_successor():
    _, added = tried(post(do="add", to_userids=("a", "b")))
    _, removed = tried(post(do="remove", to_userids=("o",), owner="a"))

    assert added == [("appchat/update", {"chatid": "c1", "add_user_list": ["a", "b"]})]
    assert removed == [("appchat/update", {"chatid": "c1", "owner": "a", "del_user_list": ["o"]})]


def test_the_roster_comes_back_as_the_answer():
    result, _ = tried(post(do="fetch_roster"), appchat__get=[{**OK, "chat_info": GROUP}])

    assert result.answer == Roster(owner="O", members=("o", "a", "later"))


def test_every_way_with_a_published_limit_is_in_the_table():
    assert set(CHANNEL_LIMITS) <= set(TABLE)
    without = set(TABLE) - set(CHANNEL_LIMITS)
    asks = {("appchat", "fetch_roster"), ("customer", "fetch_roster"), ("app", "settle")}
    assert without == asks | {("aibot", "reply")}
