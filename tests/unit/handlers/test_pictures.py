"""A picture follows its words where images are carried; the words are the same everywhere."""

from collections.abc import Mapping
from typing import Any

import pytest

from handlers.posting import outbox
from handlers.posting.pictures import LEASE_MS, LIFE_MS, PICTURE
from sop.actions import Action
from sop.events import ReplyRoute
from sop.model import Outgoing, Task
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import life

WISH = {"kind": "certificate", "title": "早起", "name": "李四"}
POST = Action(do="post", group=GROUP, text="完成了", step="end", picture=WISH)
DM = Action(do="dm", group=GROUP, to="1", text="你完成了", picture=WISH)
REPLY = Action(do="reply", text="你完成了", picture=WISH)


def decided(bundle: Mapping[str, str], action: Action, **said: Any) -> list[Outgoing]:
    """The deliveries of one action in a group with these channels."""
    with life(groups=[builders.group(channels=bundle)]) as club:
        event = builders.message("证书", **said)
        with club.acting("li", group_id=event.group) as context:
            found = outbox.dispatch(context, event, (action,))
        assert club.read(Outgoing, order="id") == list(found.outgoing)
        return list(found.outgoing)


@pytest.mark.parametrize(
    ("bundle", "action", "channel"),
    [
        ({"appchat": "a"}, POST, "appchat"),
        ({"webhook": "w", "aibot": "b"}, POST, "webhook"),
        ({"link": "l", "webhook": "w"}, POST, "webhook"),
        ({"app": "", "aibot": "b"}, DM, "app"),
        ({"sandbox": "s"}, REPLY, "sandbox"),
    ],
)
def test_a_picture_is_a_delivery_of_its_own_after_its_words(
    bundle: dict[str, str], action: Action, channel: str
):
    words, picture = decided(bundle, action)

    assert (words.body["text"], "picture" in words.body) == (action.text, False)
    assert (picture.klass, picture.channel, picture.chat) == (
        PICTURE, channel, bundle.get(channel, ""),
    )  # fmt: skip
    assert picture.body["picture"] == WISH
    assert picture.body["words"] == words.id
    assert picture.expires_at == words.expires_at + LIFE_MS


def test_a_private_picture_goes_to_whom_its_words_go():
    words, picture = decided({"app": "", "aibot": "b"}, DM)

    assert (picture.do, picture.body["to"]) == ("dm", words.body["to"]) == ("dm", "1")


def test_the_answer_to_a_private_question_goes_where_pictures_are_carried():
    words, picture = decided({"app": "", "aibot": "b"}, REPLY, group="", channel="aibot")

    assert {(each.do, each.channel, each.body["to"]) for each in (words, picture)} == {
        ("dm", "app", "1")
    }


@pytest.mark.parametrize(
    ("bundle", "action"), [({"aibot": "b"}, REPLY), ({"link": "l"}, POST), ({"robot": "r"}, REPLY)]
)
def test_where_no_channel_carries_images_the_words_go_out_alone(
    bundle: dict[str, str], action: Action
):
    (words,) = decided(bundle, action)

    assert words.body["text"] == action.text


def test_a_private_answer_without_a_way_for_pictures_is_its_words():
    (words,) = decided({"aibot": "b"}, REPLY, group="", channel="aibot")

    assert (words.do, words.body["text"]) == ("reply", REPLY.text)


def test_no_picture_goes_where_its_words_may_not_be_read():
    private = Action(do="reply", text="你完成了", private=True, picture=WISH)

    (hint,) = decided({"webhook": "w", "aibot": "b"}, private)

    assert "你完成了" not in hint.body["text"]


def test_words_that_people_must_pass_on_have_no_picture():
    with life(groups=[builders.group(channels={"customer": "c"})]) as club:
        with club.acting("li") as context:
            found = outbox.dispatch(context, builders.message("证书"), (POST,))
        assert [each.do for each in found.outgoing] == ["task"]
        assert ["完成了" in task.text for task in club.read(Task)] == [True]


def test_words_on_their_way_with_the_answer_are_waited_for():
    route = ReplyRoute(waiting=True)

    words, picture = decided({"aibot": "b", "webhook": "w"}, REPLY, route=route, channel="aibot")

    assert (words.status, picture.status) == ("leased", "pending")
    assert (picture.channel, picture.not_before) == ("webhook", EVENING + LEASE_MS)


def test_an_action_tells_apart_what_it_shows():
    bare = Action(do="post", group=GROUP, text="完成了", step="end")

    assert bare != POST
    assert len({POST, bare}) == 2
