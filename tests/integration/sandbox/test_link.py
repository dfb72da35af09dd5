import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bot.channels.sandbox.server import Sandbox
from tests.integration.sandbox.bots import with_client
from tests.unit.bot.sandbox.corps import a_corp, kinds, told

MARKDOWN = {"msgtype": "markdown", "markdown": {"content": "hello"}}


class Wire:
    """The bot's end of one link."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def ask(self, cmd: str, body: dict[str, Any] | None = None, req_id: str = "r-1"):
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body or {}}
        await self.socket.send_str(json.dumps(frame))
        return await self.read()

    async def read(self):
        return await asyncio.wait_for(self.socket.receive_json(), 2)

    async def ended(self):
        message = await asyncio.wait_for(self.socket.receive(), 2)
        return message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING)


Play = Callable[[Sandbox, Wire], Awaitable[None]]


def with_wire(play: Play, *, subscribed: bool = True):
    corp = a_corp()
    who = {"bot_id": corp.identity.aibot_id, "secret": corp.identity.aibot_secret}

    async def run(sandbox: Sandbox, client: ClientSession) -> None:
        async with client.ws_connect(sandbox.link_url) as socket:
            wire = Wire(socket)
            if subscribed:
                assert (await wire.ask("aibot_subscribe", who))["errcode"] == 0
            await play(sandbox, wire)

    with_client(corp, run)
    return corp


def test_an_answer_bears_the_req_id_of_its_frame():
    async def play(_: Sandbox, wire: Wire) -> None:
        assert await wire.ask("ping", req_id="p-9") == {
            "headers": {"req_id": "p-9"},
            "errcode": 0,
            "errmsg": "ok",
        }

    with_wire(play)


@pytest.mark.parametrize(
    ("fields", "errcode"), [({"secret": "wrong"}, 40001), ({"bot_id": "aib0"}, 93019), ({}, 0)]
)
def test_a_subscribe_needs_the_bots_own_id_and_secret(fields: dict[str, Any], errcode: int):
    async def play(sandbox: Sandbox, wire: Wire) -> None:
        who = sandbox.corp.identity
        body = {"bot_id": who.aibot_id, "secret": who.aibot_secret, **fields}
        assert (await wire.ask("aibot_subscribe", body))["errcode"] == errcode
        assert sandbox.link.up is (errcode == 0)
        assert sandbox.corp.aibot_mode == ("url" if errcode else "link")

    with_wire(play, subscribed=False)


@pytest.mark.parametrize("cmd", ["ping", "aibot_send_msg", "aibot_respond_msg", "anything"])
def test_nothing_goes_before_the_subscribe(cmd: str):
    async def play(_: Sandbox, wire: Wire) -> None:
        assert (await wire.ask(cmd, MARKDOWN))["errcode"] == 846609

    with_wire(play, subscribed=False)


@pytest.mark.parametrize(
    ("cmd", "errcode"),
    [
        ("aibot_respond_msg", 846605),
        ("aibot_respond_welcome_msg", 846605),
        ("aibot_respond_update_msg", 846605),
        ("aibot_send_msg", 93006),
        ("aibot_dance", 40058),
    ],
)
def test_frames_that_are_refused_leave_the_link_up(cmd: str, errcode: int):
    async def play(_: Sandbox, wire: Wire) -> None:
        assert (await wire.ask(cmd, {"chatid": "wrk0", **MARKDOWN}))["errcode"] == errcode
        assert (await wire.ask("ping"))["errcode"] == 0

    with_wire(play)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"headers": 7, "cmd": []}', "[" * 100_000])
def test_frames_that_cannot_be_read_are_answered_too(text: str):
    async def play(_: Sandbox, wire: Wire) -> None:
        await wire.socket.send_str(text)
        answer = await wire.read()
        assert (answer["errcode"], answer["headers"]) == (40058, {"req_id": ""})

    with_wire(play)


def test_a_mention_goes_down_the_link_and_its_answer_into_the_group():
    async def play(sandbox: Sandbox, wire: Wire) -> None:
        await sandbox.people.speak("zhang.san", "core", "hi", mention_bot=True, quote="earlier")
        frame = await wire.read()
        body = frame["body"]
        assert frame["cmd"] == "aibot_msg_callback"
        assert body["chatid"] == sandbox.corp.chats["core"].bot_chatid
        assert (body["chattype"], body["from"]) == ("group", {"userid": "zhang.san"})
        assert body["text"]["content"] == "@Qunyun hi"
        assert body["quote"]["text"]["content"] == "earlier"
        assert "response_url" not in body

        stream = {"id": "s-1", "finish": True, "content": "hello"}
        answer = {"msgtype": "stream", "stream": stream}
        req_id = frame["headers"]["req_id"]
        assert (await wire.ask("aibot_respond_msg", answer, req_id))["errcode"] == 0

    corp = with_wire(play)
    assert [c["text"] for c in told(corp, "post")] == ["hello"]


def test_once_spoken_to_the_bot_may_speak_first_in_group_and_private():
    async def play(sandbox: Sandbox, wire: Wire) -> None:
        await sandbox.people.speak("zhang.san", "core", "hi", mention_bot=True)
        await sandbox.people.speak("Li.Si", None, "hi", to="aibot")
        frames = [await wire.read(), await wire.read()]
        chatid = sandbox.corp.chats["core"].bot_chatid

        group = await wire.ask("aibot_send_msg", {"chatid": chatid, "chat_type": 2, **MARKDOWN})
        single = await wire.ask("aibot_send_msg", {"chatid": "Li.Si", "chat_type": 1, **MARKDOWN})
        stranger = await wire.ask("aibot_send_msg", {"chatid": "wang.wu", **MARKDOWN})

        assert [f["body"]["chattype"] for f in frames] == ["group", "single"]
        assert "chatid" not in frames[1]["body"]
        assert [group["errcode"], single["errcode"], stranger["errcode"]] == [0, 0, 93006]

    corp = with_wire(play)
    assert told(corp, "dm")[0]["to"] == ["Li.Si"]
    assert told(corp, "post")[0]["chat"] == "core"


def test_someone_who_opens_the_private_chat_can_be_welcomed():
    async def play(sandbox: Sandbox, wire: Wire) -> None:
        await sandbox.people.enter("zhang.san")
        frame = await wire.read()
        assert frame["cmd"] == "aibot_event_callback"
        assert frame["body"]["event"] == {"eventtype": "enter_chat"}
        body = {"msgtype": "text", "text": {"content": "welcome"}}
        req_id = frame["headers"]["req_id"]
        assert (await wire.ask("aibot_respond_welcome_msg", body, req_id))["errcode"] == 0

    corp = with_wire(play)
    assert told(corp, "dm")[0]["text"] == "welcome"


def test_a_second_link_takes_over_and_the_first_is_told_and_cut():
    corp = a_corp()
    who = {"bot_id": corp.identity.aibot_id, "secret": corp.identity.aibot_secret}

    async def play(sandbox: Sandbox, client: ClientSession) -> None:
        async with (
            client.ws_connect(sandbox.link_url) as one,
            client.ws_connect(sandbox.link_url) as two,
        ):
            old, new = Wire(one), Wire(two)
            await old.ask("aibot_subscribe", who)
            asked = asyncio.create_task(new.ask("aibot_subscribe", who))
            frame = await old.read()
            assert frame["cmd"] == "aibot_event_callback"
            assert frame["body"]["event"] == {"eventtype": "disconnected_event"}
            assert await old.ended()
            assert (await asked)["errcode"] == 0

            await sandbox.people.speak("zhang.san", "core", "hi", mention_bot=True)
            assert (await new.read())["cmd"] == "aibot_msg_callback"
            assert sandbox.link.up

    with_client(corp, play)
    assert [c["text"] for c in told(corp, "link")][:3] == ["up", "taken over", "up"]


def test_a_refused_second_link_does_not_harm_the_first():
    corp = a_corp()
    who = {"bot_id": corp.identity.aibot_id, "secret": corp.identity.aibot_secret}

    async def play(sandbox: Sandbox, client: ClientSession) -> None:
        async with (
            client.ws_connect(sandbox.link_url) as one,
            client.ws_connect(sandbox.link_url) as two,
        ):
            await Wire(one).ask("aibot_subscribe", who)
            await Wire(two).ask("aibot_subscribe", who | {"secret": "wrong"})

            assert (await Wire(one).ask("ping"))["errcode"] == 0

    with_client(corp, play)


def test_a_message_while_the_link_is_down_is_lost():
    async def play(sandbox: Sandbox, wire: Wire) -> None:
        await wire.socket.close()
        await sandbox.people.speak("zhang.san", "core", "hi", mention_bot=True)

    corp = with_wire(play)
    assert kinds(corp) == ["link", "link", "said", "unheard"]
    assert [c["text"] for c in told(corp, "link")] == ["up", "down"]


def test_an_ordered_cut_comes_after_the_effect():
    async def play(sandbox: Sandbox, wire: Wire) -> None:
        chatid = sandbox.corp.chats["core"].bot_chatid
        sandbox.corp.spoken[chatid] = ""
        sandbox.corp.fail_next("aibot_send_msg", drop=True)
        frame = {"cmd": "aibot_send_msg", "headers": {"req_id": "o-1"}}
        body = {"chatid": chatid, **MARKDOWN}
        await wire.socket.send_str(json.dumps({**frame, "body": body}))
        assert await wire.ended()

    assert told(with_wire(play), "post")[0]["text"] == "hello"


def test_an_ordered_errcode_has_no_effect():
    async def play(sandbox: Sandbox, wire: Wire) -> None:
        sandbox.corp.fail_next("ping", errcode=45009)
        assert (await wire.ask("ping"))["errcode"] == 45009
        assert (await wire.ask("ping"))["errcode"] == 0

    with_wire(play)


def test_the_network_can_be_cut():
    async def play(sandbox: Sandbox, wire: Wire) -> None:
        closing = asyncio.create_task(sandbox.link.close())
        assert await wire.ended()
        await closing
        assert not sandbox.link.up

    with_wire(play)
