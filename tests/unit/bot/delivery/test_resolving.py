"""Platform ids are filled in when a delivery goes out, and its way is chosen anew each time."""

from dataclasses import asdict
from typing import Any

import pytest

from bot.channels.wecom.attempts import Delivery
from bot.delivery import claims
from handlers.ports import Store
from sop.events import ReplyRoute
from sop.model import Attempt
from tests import builders
from tests.unit.bot.delivery.outbox import NOW, claim, opened, outgoing, put


def resolved(store: Store, **fields: Any) -> Delivery:
    return claims.resolve(store, outgoing(1, **fields))


def reply(**fields: Any) -> dict[str, Any]:
    route = asdict(ReplyRoute(**fields.pop("route", {})))
    return {"do": "reply", "klass": "reply", "route": route, "body": {"text": "好"}, **fields}


def test_a_person_is_reached_by_the_id_they_have_now():
    with opened() as store:
        put(store, builders.person(5, userid="woAAA"))
        put(store, outgoing(1, group="", channel="app", do="dm", body={"to": "5", "text": "早"}))
        put(store, builders.person(5, userid="li.si"))

        (found,) = claim(store).claims

    assert found.delivery.to_userids == ("li.si",)


def test_several_people_are_reached_and_unknown_ones_are_left_out():
    with opened() as store:
        put(store, builders.person(1), builders.person(2))

        found = resolved(store, channel="app", do="dm", body={"to": "1,9,2,staff,", "text": "早"})

    assert found.to_userids == ("user1", "user2")


def test_mentions_become_platform_ids_and_all_becomes_everybody():
    with opened() as store:
        put(store, builders.person(1))

        some = resolved(store, body={"text": "早", "mention": ("1", "9")})
        everybody = resolved(store, body={"text": "早", "mention": ("all", "1")})

    assert some.mentions == ("user1",)
    assert everybody.mentions == ("@all",)


def test_a_post_says_what_it_says():
    with opened() as store:
        found = resolved(store, body={"text": "早", "image": "a.png", "file": "b.pdf"},
                         created_at=NOW - 9)  # fmt: skip

    assert found == Delivery(
        do="post", channel="webhook", chat_id="KEY", text="早", image="a.png", file="b.pdf",
        name="晨读一群", heard_at=NOW - 9,
    )  # fmt: skip


def test_an_answer_goes_by_its_own_route_first():
    cases = {
        "link": {"req_id": "r1", "response_url": "https://x"},
        "aibot": {"response_url": "https://x"},
    }
    with opened() as store:
        for channel, route in cases.items():
            found = resolved(store, **reply(route=route))
            assert (found.channel, found.do) == (channel, "reply")
            assert found.route == ReplyRoute(**route)


def test_an_answer_to_a_robot_goes_by_the_robot_that_heard_it():
    with opened() as store:
        found = resolved(
            store, **reply(route={"webhook_url": "https://x"}, channel="robot", chat="wrk1")
        )

    assert (found.channel, found.do, found.chat_id) == ("robot", "reply", "wrk1")
    assert found.to_userids == ()


def test_an_answer_without_a_route_of_its_own_is_posted_in_the_group():
    with opened() as store:
        found = resolved(store, **reply())

    assert (found.channel, found.do, found.chat_id) == ("webhook", "post", "KEY")


def test_an_answer_whose_route_is_spent_goes_by_the_groups_channel():
    with opened() as store:
        found = resolved(store, **reply(route={"req_id": "r1", "response_url": "https://x"},
                                        body={"text": "好", "rerouted": True}))  # fmt: skip

    assert (found.channel, found.do) == ("webhook", "post")


def test_an_answer_in_private_without_a_route_is_a_private_message():
    with opened() as store:
        put(store, builders.person(5))
        found = resolved(
            store, **reply(group="", channel="app", chat="", body={"text": "好", "to": "5"})
        )

    assert (found.channel, found.do, found.to_userids) == ("app", "dm", ("user5",))


def test_a_post_that_answers_takes_the_answers_route_but_a_step_never_does():
    route = asdict(ReplyRoute(response_url="https://x"))
    with opened() as store:
        answer = resolved(store, do="post", klass="reply", route=route)
        step = resolved(store, do="post", klass="step", route=route)

    assert (answer.channel, step.channel) == ("aibot", "webhook")


def test_a_task_is_told_in_private():
    with opened() as store:
        put(store, builders.person(5))
        found = resolved(store, do="task", channel="app", klass="private",
                         body={"text": "请处理", "to": "5"})  # fmt: skip

    assert (found.do, found.to_userids) == ("dm", ("user5",))


@pytest.mark.parametrize("do", ["add", "remove"])
def test_a_change_of_members_concerns_its_member_alone(do: str):
    with opened() as store:
        put(store, builders.person(5), builders.person(6))
        found = resolved(store, do=do, channel="appchat", body={"member": "5", "to": "6"})

    assert found.to_userids == ("user5",)


def test_a_repeat_is_sent_under_the_duplicate_check():
    with opened() as store:
        found = resolved(store, channel="app", do="dm", body={"duplicate_check": True})

    assert found.duplicate_check


def test_a_post_in_an_appchat_counts_for_those_who_are_in_the_group_now():
    with opened() as store:
        for number in range(1, 6):
            put(store, builders.person(number))
            put(store, builders.member(number, left_at=9 if number == 5 else 0))
        put(store, outgoing(1, channel="appchat", chat="core"))
        claim(store)

        counted = {each.window: each.amount for each in store.find(Attempt)}

    assert counted["appchat:corp::60000"] == 4
