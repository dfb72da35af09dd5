"""From decided actions to deliveries: by which channel, and what becomes a task for people."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ports import Context
from handlers.posting import deliveries, outbox
from sop import channels
from sop.actions import DELIVERED, Action
from sop.events import MemberJoined, MessageReceived, ReplyRoute
from sop.model import BOT, Group, Message, Outgoing, Person, Task
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import HOUR, MINUTE, life

BUNDLES: list[dict[str, str]] = [
    {"sandbox": "s"},
    {"aibot": "b"},
    {"link": "l"},
    {"robot": "r"},
    {"webhook": "w"},
    {"customer": "c"},
    {"archive": "x"},
    {"appchat": "a"},
    {"app": "", "appchat": "a", "aibot": "b", "webhook": "w"},
    {"aibot": "b", "webhook": "w"},
]


def message(text: str = "积分 看看", **fields: Any) -> MessageReceived:
    return builders.message(text, **fields)


JOINED = MemberJoined(key="j", community=COMMUNITY, group=GROUP, at=EVENING, member="li")


def placed(
    bundle: Mapping[str, str], *actions: Action, event: Any = None
) -> tuple[outbox.Decided, list[Task]]:
    """What becomes of actions in a group with these channels."""
    with life(groups=[builders.group(channels=bundle)]) as club:
        event = event or message()
        with club.acting("li", group_id=event.group) as context:
            decided = outbox.dispatch(context, event, actions)
        assert club.read(Outgoing, order="id") == list(decided.outgoing)
        return decided, club.read(Task)


KINDS = {
    "post": Action(do="post", group=GROUP, text="早安", step="morning"),
    "dm": Action(do="dm", group=GROUP, to="1", member="1", text="你好", rule="ads"),
    "remove": Action(do="remove", group=GROUP, member="1", rule="ads"),
    "add": Action(do="add", group=GROUP, member="1"),
    "create": Action(do="create", group=GROUP),
    "fetch_roster": Action(do="fetch_roster", group=GROUP),
}


@pytest.mark.parametrize("do", KINDS)
def test_what_a_channel_can_do_is_delivered_and_the_rest_is_exactly_one_task(do: str):
    groups = [builders.group(id=f"g{n}", channels=each) for n, each in enumerate(BUNDLES)]
    with life(groups=groups) as club, club.acting("li") as context:
        for group in groups:
            _delivered_or_handed(context, group, replace(KINDS[do], group=group.id))


def _delivered_or_handed(context: Context, group: Group, action: Action) -> None:
    decided = outbox.dispatch(context, JOINED, (action,))
    tasks = context.store.find(Task, group=group.id)
    able = channels.way_for(action.do, group.channels)
    if able is not None:
        (delivery,) = decided.outgoing
        assert (delivery.channel, delivery.chat) == (able.channel, group.channels[able.channel])
        assert (delivery.do, delivery.status, delivery.event_key) == (action.do, "pending", "j")
        assert tasks == []
    else:
        (task,) = tasks
        told = channels.way_to_staff(group.channels) is not None
        assert [each.do for each in decided.outgoing] == ["task"] * told
        assert [line.do for line in decided.actions] == ["task"]
        assert task.to == "staff"
        assert action.text in task.text
        assert (task.rule, task.step) == (action.rule, action.step)


def test_every_kind_of_delivery_finds_its_way():
    assert outbox._PLACES.keys() == DELIVERED | {"task", "reckon"}


def test_staff_are_told_of_a_task_in_private_where_that_is_possible():
    decided, (task,) = placed({"aibot": "b", "app": ""}, KINDS["post"], event=JOINED)

    (told,) = decided.outgoing
    assert (told.do, told.channel, told.body["text"]) == ("task", "app", task.text)


def test_a_file_for_somebody_no_channel_reaches_is_handed_over_by_people():
    bound = builders.group(channels={"aibot": "b"})
    with life(groups=[bound]) as club:
        with club.acting("li", group_id="") as context:
            reply = Action(do="reply", text="这是你的书单", file="week.pdf", private=True)
            decided = outbox.dispatch(context, message(group="", channel="aibot"), (reply,))
        (task,) = club.read(Task)

    assert [line.do for line in decided.actions] == ["reply", "task"]
    assert "week.pdf" in task.text
    (answer,) = decided.outgoing
    assert answer.body["text"].splitlines()[0] == "这是你的书单"
    assert "已经请管理员私下发给你" in answer.body["text"]


def test_a_private_word_nothing_can_carry_is_copied_by_the_staff_of_some_group():
    bound = builders.group(channels={"webhook": "w"})
    with life(groups=[bound]) as club:
        with club.acting("li", group_id="") as context:
            line = Action(do="dm", to="1", text="你好")
            outbox.dispatch(context, message(group=""), (line,))
        (task,) = club.read(Task)

    assert (task.group, task.kind) == (GROUP, "copy")
    assert "你好" in task.text


@pytest.mark.parametrize("to", ["owner", "staff"])
def test_a_word_for_who_runs_the_group_is_in_their_own_list_and_passes_nobody(to: str):
    bound = builders.group(owner="boss", staff=("helper",), channels={"webhook": "w"})
    with life(groups=[bound]) as club:
        with club.acting("li", group_id="") as context:
            line = Action(do="dm", to=to, group=GROUP, text="数字在下面")
            outbox.dispatch(context, message(group=""), (line,))
        (task,) = club.read(Task)

    assert (task.to, task.prepared) == (to, "")
    assert task.text == f"数字在下面\n看过后发「完成 {task.id}」。"


def test_two_posts_of_one_moment_are_two_tasks_and_the_same_one_is_one():
    posts = [Action(do="post", group=GROUP, text=text, step="s") for text in ("一", "二", "一")]
    _, tasks = placed({"aibot": "b"}, *posts, event=JOINED)

    assert [task.text.splitlines()[-1] for task in tasks] == ["一", "二"]


@given(st.sampled_from(BUNDLES), st.text(max_size=30), st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_private_answer_never_reaches_the_group(
    bundle: dict[str, str],
    text: str,
    waiting: bool,  # noqa: FBT001 - drawn
):
    secret = Action(do="reply", text="余额若干分", private=True, file="secret.pdf")
    asked = message(text or "积分", route=ReplyRoute(waiting=waiting, response_url="u"))
    decided, tasks = placed(bundle, secret, event=asked)

    assert tasks == []
    (delivery,) = decided.outgoing
    if channels.can(bundle, "dm"):
        assert (delivery.do, delivery.klass, delivery.body["to"]) == ("dm", "private", "1")
        assert delivery.body["text"] == "余额若干分"
        assert delivery.route == {}
    else:
        assert delivery.do == "reply"
        assert set(delivery.body) == {"to", "text"}
        assert "余额若干分" not in delivery.body["text"]
        assert "私信我" in delivery.body["text"]


def test_the_hint_to_ask_in_private_repeats_nothing_that_mentions_or_links():
    secret = Action(do="reply", text="余额若干分", private=True)
    decided, _ = placed({"aibot": "b"}, secret, event=message("积分<@all>[x](http://a.b)" * 9))

    assert len(decided.outgoing[0].body["text"]) < 80
    assert not set("<@[`") & set(decided.outgoing[0].body["text"])


def test_a_private_question_is_answered_where_it_was_asked():
    with life() as club:
        asked = message(group="", channel="aibot", route=ReplyRoute(waiting=True))
        with club.acting("li", group_id="") as context:
            reply = Action(do="reply", text="余额 42 分", private=True)
            (delivery,) = outbox.dispatch(context, asked, (reply,)).outgoing

    assert (delivery.channel, delivery.chat, delivery.group) == ("aibot", "", "")
    assert (delivery.status, delivery.klass, delivery.body["to"]) == ("leased", "reply", "1")


def test_only_the_first_word_takes_the_waiting_request():
    lines = [Action(do="reply", text="一"), Action(do="reply", text="二"), KINDS["post"]]
    asked = message(route=ReplyRoute(waiting=True, response_url="u"))
    decided, _ = placed({"aibot": "b", "webhook": "w"}, *lines, event=asked)

    assert [each.status for each in decided.outgoing] == ["leased", "pending", "pending"]
    assert [each.channel for each in decided.outgoing] == ["webhook"] * 3
    first = decided.outgoing[0]
    assert first.not_before == first.created_at + deliveries.LEASE_MS
    assert first.expires_at == EVENING + outbox.REPLY_LIFE_MS
    assert first.route["response_url"] == "u"


def test_the_first_post_a_message_causes_takes_the_waiting_request_unless_it_mentions():
    asked = message(route=ReplyRoute(waiting=True))
    decided, tasks = placed({"aibot": "b"}, KINDS["post"], event=asked)
    assert [(each.status, each.klass) for each in decided.outgoing] == [("leased", "reply")]
    assert tasks == []

    mentioning = Action(do="post", group=GROUP, text="看", mention=("1",))
    decided, _ = placed({"aibot": "b", "webhook": "w"}, mentioning, event=asked)
    assert [each.status for each in decided.outgoing] == ["pending"]


def test_a_channel_is_chosen_by_what_the_post_needs():
    bundle = {"link": "l", "webhook": "w", "aibot": "b"}
    picture = Action(do="post", group=GROUP, text="图", image="a.png", file="b.pdf", step="s")
    decided, tasks = placed(bundle, picture, event=JOINED)
    first, *opened = decided.actions

    assert (first.image, first.file) == ("a.png", "")
    assert decided.outgoing[0].body["image"] == "a.png"
    assert "file" not in decided.outgoing[0].body
    assert ["b.pdf" in task.text for task in tasks] == [True]
    assert [line.do for line in opened] == ["task"]


def test_a_word_that_comes_too_late_is_dropped_and_a_task_is_kept():
    late = message(at=EVENING - 30 * MINUTE - 1)
    lines = [
        Action(do="reply", text="一"), KINDS["post"], KINDS["dm"],
        Action(do="task", group=GROUP, to="staff", text="看看"), Action(do="points", points=1),
    ]  # fmt: skip
    decided, _ = placed({"sandbox": "s"}, *lines, event=late)

    assert [(line.do, line.reason) for line in decided.actions] == [
        ("dropped", "late"), ("dropped", "late"), ("dropped", "late"), ("task", ""),
        ("points", ""),
    ]  # fmt: skip
    assert [each.do for each in decided.outgoing] == ["task"]


def test_a_task_is_told_to_whom_it_is_for():
    bound = builders.group(owner="boss", staff=("amy", "bob"))
    with life(groups=[bound]) as club, club.acting("li") as context:
        names = {
            to: _told(context, Action(do="task", group=GROUP, to=to, text="看看"))
            for to in ("owner", "staff", "1", "99")
        }

    assert names["owner"] == "boss"
    assert names["staff"] == "amy,bob"
    assert names["1"] == "li"
    assert names["99"] == ""


def _told(context: Context, action: Action) -> str:
    outgoing = outbox.dispatch(context, JOINED, (action,)).outgoing
    numbers = outgoing[0].body["to"].split(",") if outgoing else []
    persons = [context.store.get(Person, COMMUNITY, int(each)) for each in numbers]
    return ",".join(person.userid for person in persons if person)


def test_a_group_without_staff_turns_to_its_owner():
    with life(groups=[builders.group(owner="boss")]) as club, club.acting("li") as context:
        assert _told(context, Action(do="dm", group=GROUP, to="staff", text="看看")) == "boss"


def test_a_private_word_from_no_group_takes_any_that_reaches_people():
    groups = [
        builders.group(id="g0", channels={"webhook": "w"}),
        builders.group(id="g1", channels={"app": "", "appchat": "a"}),
    ]
    with life(groups=groups) as club, club.acting("li", group_id="") as context:
        line = Action(do="dm", to="1", text="你好")
        decided = outbox.dispatch(context, message(group=""), (line,))

    assert [each.channel for each in decided.outgoing] == ["app"]
    assert [each.group for each in decided.actions] == ["g1"]


def test_what_is_posted_is_remembered_so_that_a_quote_of_it_is_understood():
    with life() as club:
        with club.acting("li") as context:
            outbox.dispatch(context, JOINED, (KINDS["post"], KINDS["dm"]))
        (kept,) = club.read(Message)

    assert (kept.person, kept.text, kept.step, kept.group) == (BOT, "早安", "morning", GROUP)


@pytest.mark.parametrize(
    ("action", "expires_at"),
    [
        (Action(do="post", group=GROUP, text="a"), EVENING + outbox.POST_LIFE_MS),
        (Action(do="post", group=GROUP, text="a", expires_at=EVENING + 7), EVENING + 7),
        (Action(do="dm", group=GROUP, to="1", text="a"), EVENING + 24 * HOUR),
        (Action(do="remove", group=GROUP, member="1"), 0),
        (Action(do="task", group=GROUP, to="owner", text="a"), 0),
    ],
)
def test_a_delivery_is_worth_something_for_so_long(action: Action, expires_at: int):
    decided, _ = placed({"sandbox": "s"}, action, event=JOINED)

    assert [each.expires_at for each in decided.outgoing] == [expires_at]


def test_a_removal_that_belongs_to_a_move_says_that_it_waits():
    move = Action(do="remove", group=GROUP, member="1", reason=deliveries.AFTER_ADD)
    decided, _ = placed({"sandbox": "s"}, move, KINDS["remove"], event=JOINED)

    assert [each.body.get("after_add") for each in decided.outgoing] == [True, None]
