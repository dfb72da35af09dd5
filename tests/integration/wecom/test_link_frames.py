import asyncio
from typing import Any

import pytest
from aiohttp import web

from bot.channels.wecom.errors import Permanent, Retryable, Unknown, WeComError
from tests.integration.wecom.fake_link import (
    MARKDOWN,
    SOON,
    Server,
    accept,
    playing,
    refuse,
    silent,
    until,
)


def test_callbacks_are_handed_over_in_order_with_their_req_id():
    async def play() -> None:
        async with playing() as p:
            await until(lambda: p.link.state == "up")
            await p.server.call("aibot_msg_callback", {"msgid": "m1"}, "R1")
            await p.server.call("aibot_event_callback", {"msgid": "m2"}, "R2")
            await until(lambda: len(p.heard) == 2)
            assert p.heard == [
                ({"msgid": "m1"}, "R1", "aibot_msg_callback"),
                ({"msgid": "m2"}, "R2", "aibot_event_callback"),
            ]

    asyncio.run(play())


def test_a_slow_or_failing_callback_stops_neither_reading_nor_answering():
    done: list[str] = []

    async def play() -> None:
        async def on_frame(body: Any, req_id: str, cmd: str) -> None:
            if body["msgid"] == "bad":
                raise RuntimeError
            if body["msgid"] == "slow":
                await asyncio.Event().wait()
            await p.link.respond(req_id, MARKDOWN)
            done.append(body["msgid"])

        async with playing(on_frame=on_frame, ack_s=SOON) as p:
            await until(lambda: p.link.state == "up")
            for msgid in ("slow", "bad", "good"):
                await p.server.call("aibot_msg_callback", {"msgid": msgid}, f"R-{msgid}")
            await until(lambda: done == ["good"])
            assert p.link.state == "up"

    asyncio.run(play())


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        "{}",
        "[" * 50_000,
        '{"headers":{"req_id":7},"errcode":0}',
        '{"headers":[],"cmd":"aibot_msg_callback"}',
        '{"headers":{"req_id":"x"},"cmd":["aibot_msg_callback"],"body":{}}',
        '{"headers":{"req_id":"x"},"cmd":"aibot_msg_callback","body":[]}',
        '{"headers":{"req_id":"nobody-waits"},"errcode":0}',
    ],
)
def test_frames_nobody_can_use_are_passed_over(text: str):
    async def play() -> None:
        async with playing() as p:
            await until(lambda: p.link.state == "up")
            await p.server.sockets[0].send_str(text)
            await p.server.call("aibot_msg_callback", {"msgid": "m1"})
            await until(lambda: p.heard)
            assert len(p.heard) == 1
            assert p.link.state == "up"

    asyncio.run(play())


def test_answers_and_posts_are_shaped_as_wecom_wants_them():
    async def play() -> None:
        async with playing() as p:
            await until(lambda: p.link.state == "up")
            await p.link.respond("R9", MARKDOWN)
            await p.link.welcome("R10", MARKDOWN)
            await p.link.send("wrk1", 2, MARKDOWN)
            answer, welcome, post = p.server.frames[1:]
            assert welcome == {
                "cmd": "aibot_respond_welcome_msg",
                "headers": {"req_id": "R10"},
                "body": MARKDOWN,
            }
            assert answer == {
                "cmd": "aibot_respond_msg",
                "headers": {"req_id": "R9"},
                "body": MARKDOWN,
            }
            assert post["cmd"] == "aibot_send_msg"
            assert post["body"] == {"chatid": "wrk1", "chat_type": 2, **MARKDOWN}
            assert post["headers"]["req_id"] not in {"R9", p.server.frames[0]["headers"]["req_id"]}

    asyncio.run(play())


def test_answers_to_one_callback_wait_for_each_other_and_others_do_not():
    held: list[dict[str, Any]] = []

    async def hold(server: Server, ws: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        held.append(frame)

    async def play() -> None:
        async with playing(Server({"aibot_respond_msg": hold})) as p:
            await until(lambda: p.link.state == "up")
            replies = [
                asyncio.create_task(p.link.respond(req_id, MARKDOWN))
                for req_id in ("R1", "R1", "R2")
            ]
            await until(lambda: len(held) == 2)
            assert [frame["headers"]["req_id"] for frame in held] == ["R1", "R2"]
            for frame in held[:2]:
                await accept(p.server, p.server.sockets[0], frame)
            await until(lambda: len(held) == 3)
            await accept(p.server, p.server.sockets[0], held[2])
            await asyncio.gather(*replies)

    asyncio.run(play())


def test_a_frame_without_an_answer_is_unknown():
    async def play() -> None:
        async with playing(Server({"aibot_send_msg": silent}), ack_s=SOON) as p:
            await until(lambda: p.link.state == "up")
            with pytest.raises(Unknown):
                await p.link.send("wrk1", 2, MARKDOWN)
            assert p.server.cmds().count("aibot_send_msg") == 1
            assert p.link.state == "up"

    asyncio.run(play())


def test_a_late_answer_is_not_taken_for_that_of_the_next_frame():
    async def play() -> None:
        async with playing(Server({"aibot_respond_msg": silent}), ack_s=SOON) as p:
            await until(lambda: p.link.state == "up")
            with pytest.raises(Unknown):
                await p.link.respond("R1", MARKDOWN)
            second = asyncio.create_task(p.link.respond("R1", MARKDOWN))
            await until(lambda: p.server.cmds().count("aibot_respond_msg") == 2)
            ws, frame = p.server.sockets[0], {"headers": {"req_id": "R1"}}
            await accept(p.server, ws, frame)
            await refuse(93006)(p.server, ws, frame)
            with pytest.raises(Permanent):
                await second

    asyncio.run(play())


def test_a_link_that_is_down_sends_nothing():
    async def play() -> None:
        async with playing(Server({"aibot_subscribe": silent})) as p:
            await until(lambda: p.server.frames)
            with pytest.raises(Retryable):
                await p.link.send("wrk1", 2, MARKDOWN)
            assert "aibot_send_msg" not in p.server.cmds()

    asyncio.run(play())


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [(93006, Permanent), (846605, Permanent), (45009, Retryable), (-1, Retryable)],
)
def test_a_refused_frame_tells_its_fate_and_no_secret(errcode: int, kind: type[WeComError]):
    async def play() -> None:
        async with playing(Server({"aibot_send_msg": refuse(errcode)})) as p:
            await until(lambda: p.link.state == "up")
            with pytest.raises(kind) as refused:
                await p.link.send("wrk1", 2, MARKDOWN)
            assert refused.value.errcode == errcode
            assert "s3cret" not in str(refused.value)

    asyncio.run(play())


def test_a_harmless_version_conflict_is_a_success():
    async def play() -> None:
        async with playing(Server({"aibot_respond_msg": refuse(6000)})) as p:
            await until(lambda: p.link.state == "up")
            assert (await p.link.respond("R1", MARKDOWN))["errcode"] == 6000

    asyncio.run(play())


def test_stopping_lets_callbacks_end_that_are_nearly_done():
    ended: list[str] = []

    async def on_frame(body: Any, req_id: str, cmd: str) -> None:
        await asyncio.sleep(0.01 if body["msgid"] == "quick" else 60)
        ended.append(body["msgid"])

    async def play() -> None:
        async with playing(on_frame=on_frame, ack_s=SOON) as p:
            await until(lambda: p.link.state == "up")
            for msgid in ("quick", "endless"):
                await p.server.call("aibot_msg_callback", {"msgid": msgid})
            await until(lambda: len(p.link._at_work) == 2)
        assert ended == ["quick"]

    asyncio.run(play())


def test_a_flood_of_callbacks_is_bounded_and_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.channels.wecom.link._MAX_AT_WORK", 2)

    async def on_frame(body: Any, req_id: str, cmd: str) -> None:
        await asyncio.Event().wait()

    async def play() -> None:
        async with playing(on_frame=on_frame, ack_s=SOON) as p:
            await until(lambda: p.link.state == "up")
            for number in range(3):
                await p.server.call("aibot_msg_callback", {"msgid": str(number)})
            await until(lambda: p.link.dropped == 1)
            assert len(p.alarms) == 1

    asyncio.run(play())
