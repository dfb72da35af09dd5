import base64
import hashlib
from typing import Any

import pytest

from bot.channels.wecom.api import Sent
from bot.channels.wecom.attempts import Delivery, Result
from sop.events import ReplyRoute
from tests.integration.wecom.deliveries import PICTURE, Line, post, tried
from tests.integration.wecom.fake_wecom import OK, Clock, code, cut


def test_a_post_names_whom_it_mentions():
    result, asked = tried(post(mentions=("zhang.san", "@all")))

    text = {"content": "早", "mentioned_list": ["zhang.san", "@all"]}
    assert result.status == "sent"
    assert asked == [
        ("appchat/send", {"chatid": "c1", "safe": 0, "msgtype": "text", "text": text})
    ]


def test_a_long_post_goes_out_in_order_and_mentions_once():
    _, asked = tried(post(text="早" * 700, mentions=("a",)))

    texts = [body["text"] for _, body in asked]
    assert "".join(text["content"] for text in texts) == "早" * 700
    assert ["mentioned_list" in text for text in texts] == [True, False]


def test_a_post_broken_off_half_way_is_unknown():
    result, asked = tried(post(text="早" * 1400), appchat__send=[OK, code(45009)])

    assert (result.status, len(asked)) == ("unknown", 2)
    assert "only 1 of 3" in result.error


@pytest.mark.parametrize("text", ["", " \n "])
def test_nothing_to_say_is_refused_before_wecom_does(text: str):
    result, asked = tried(post(text=text))

    assert (result.status, asked) == ("failed", [])


@pytest.mark.parametrize(
    ("answer", "waited", "expected"),
    [
        pytest.param(code(45009), 0, ("wait", 60_000, False), id="first window"),
        pytest.param(code(45009), 1, ("wait", 300_000, False), id="second window"),
        pytest.param(code(45009), 2, ("wait", 3_600_000, False), id="third window"),
        pytest.param(code(-1), 0, ("wait", 0, False), id="busy"),
        pytest.param(code(45033), 5, ("wait", 0, False), id="too many at once"),
        pytest.param(code(85002), 0, ("failed", 0, False), id="forbidden words"),
        pytest.param(code(86008), 0, ("failed", 0, False), id="another app's group"),
        pytest.param(code(60020), 0, ("failed", 0, True), id="a person must list the IP"),
        pytest.param(cut, 0, ("unknown", 0, False), id="answer lost"),
    ],
)
def test_what_becomes_of_a_failed_post(answer: Any, waited: int, expected: Any):
    result, asked = tried(post(waited=waited), appchat__send=[answer])

    assert (result.status, result.wait_ms, result.alarm) == expected
    assert "appchat/send" in result.error
    assert len(asked) == 1


def test_pictures_and_files_of_a_post_are_uploaded_before_anything_is_said():
    uploads = [{**OK, "media_id": "m1"}, {**OK, "media_id": "m2"}]
    _, asked = tried(post(image="a/p.png", file="week.pdf"), media__upload=uploads)

    assert [name for name, _ in asked] == ["media/upload"] * 2 + ["appchat/send"] * 3
    assert [body.get("image") or body.get("file") for _, body in asked[3:]] == [
        {"media_id": "m1"},
        {"media_id": "m2"},
    ]


def test_a_missing_picture_leaves_nothing_half_sent():
    result, asked = tried(post(image="missing.png"))

    assert (result.status, asked) == ("failed", [])
    assert "missing.png" in result.error


def test_a_robot_carries_a_picture_inside_the_message():
    _, asked = tried(post(channel="webhook", chat_id="key", image="p.png"))

    image = asked[1][1]["image"]
    assert base64.b64decode(image["base64"]) == PICTURE
    assert image["md5"] == hashlib.md5(PICTURE).hexdigest()


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(post(channel="webhook", image="big.png"), id="picture over 2 MB"),
        pytest.param(post(channel="webhook", file="a.pdf"), id="file by webhook"),
        pytest.param(post(channel="link", image="a.png"), id="picture by link"),
        pytest.param(post(channel="aibot", do="reply", image="a.png"), id="picture by URL"),
        pytest.param(post(channel="aibot"), id="the AI bot cannot speak first"),
        pytest.param(post(channel="fax"), id="no such channel"),
        pytest.param(post(channel="app", do="dm"), id="a private message to nobody"),
        pytest.param(post(channel="link", chat_id=""), id="no conversation"),
        pytest.param(post(channel="robot"), id="a robot without its address"),
        pytest.param(post(channel="aibot", do="reply"), id="no response_url"),
    ],
)
def test_what_a_channel_cannot_do_fails_without_a_call(delivery: Delivery):
    result, asked = tried(delivery, Line())

    assert (result.status, asked) == ("failed", [])


def test_a_private_message_tells_whom_it_missed():
    dm = post(channel="app", do="dm", chat_id="", to_userids=("a", "B"), duplicate_check=True)
    result, asked = tried(dm, message__send=[{**OK, "invaliduser": "b"}])

    assert result == Result(status="sent", answer=Sent(unreachable=("B",)))
    assert asked[0][1]["enable_duplicate_check"] == 1


@pytest.mark.parametrize(
    ("ago_s", "within_s"),
    [
        pytest.param(0, 60, id="just now"),
        pytest.param(600, 660, id="some minutes"),
        pytest.param(86_400, 14_400, id="no longer than WeCom looks back"),
    ],
)
def test_a_repeat_is_no_repeat_of_the_same_words_said_before(ago_s: int, within_s: int):
    dm = post(
        channel="app", do="dm", chat_id="", to_userids=("a",),
        duplicate_check=True, heard_at=Clock.ms - ago_s * 1_000,
    )  # fmt: skip
    _, asked = tried(dm)

    assert asked[0][1]["duplicate_check_interval"] == within_s


@pytest.mark.parametrize("told", [{"invaliduser": "a|b"}, {"unlicenseduser": "b|a"}])
def test_a_private_message_that_wecom_takes_and_brings_to_nobody_has_failed(told: dict[str, str]):
    delivery = Delivery(do="dm", channel="app", to_userids=("A", "B"), text="早")
    result, _ = tried(delivery, message__send=[{**OK, **told}])

    assert result.status == "failed"


def test_a_robot_speaks_only_in_the_group_that_called_it():
    route = ReplyRoute(webhook_url="/cgi-bin/webhook/send?key=K")
    result, asked = tried(
        post(channel="robot", do="reply", chat_id="wrk1", to_userids=("a",), route=route)
    )

    assert result.status == "sent"
    assert (asked[0][1]["chatid"], asked[0][1]["visible_to_user"]) == ("wrk1", "a")


def test_a_robot_that_does_not_know_its_group_stays_silent():
    route = ReplyRoute(webhook_url="/cgi-bin/webhook/send?key=K")
    result, asked = tried(post(channel="robot", do="reply", chat_id="", route=route))

    assert (result.status, asked) == ("failed", [])


def test_an_answer_by_response_url_is_one_message_whatever_its_length():
    route = ReplyRoute(response_url="/cgi-bin/aibot/response?response_code=RC")
    _, asked = tried(post(channel="aibot", do="reply", text="早" * 9000, route=route))

    ((_, body),) = asked
    assert body["msgtype"] == "markdown"
    assert 20_400 < len(body["markdown"]["content"].encode()) <= 20_480
    assert body["markdown"]["content"].endswith("…")


@pytest.mark.parametrize("where", [{}, {"channel": "app", "do": "dm", "to_userids": ("li",)}])
def test_a_drawn_picture_is_put_up_and_sent(where: dict[str, Any]):
    result, asked = tried(post(text="", picture={"kind": "certificate"}, **where))

    assert result.status == "sent"
    assert [name for name, _ in asked][:1] == ["media/upload"]
    assert asked[1][1]["msgtype"] == "image"


def test_a_drawn_picture_goes_to_a_webhook_as_it_is():
    wish = post(channel="webhook", text="", picture={"kind": "certificate"})

    _, asked = tried(wish)

    assert [body["image"]["base64"] for _, body in asked] == [base64.b64encode(PICTURE).decode()]


@pytest.mark.parametrize(("kind", "channel"), [("none", "appchat"), ("big", "webhook")])
def test_a_picture_that_cannot_be_had_or_carried_is_refused(kind: str, channel: str):
    result, asked = tried(post(channel=channel, text="", picture={"kind": kind}))

    assert (result.status, asked) == ("failed", [])
