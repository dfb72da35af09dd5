import asyncio
from typing import Any

import pytest
from aiohttp import web

from bot.channels.wecom.errors import Retryable, Unknown
from tests.integration.wecom.fake_link import (
    MARKDOWN,
    SOON,
    Naps,
    Server,
    accept,
    hang_up,
    playing,
    refuse,
    silent,
    until,
)


def test_it_subscribes_first_and_is_up_then():
    async def play() -> None:
        async with playing() as p:
            assert p.link.state == "connecting"
            await until(lambda: p.link.state == "up")
            (frame,) = p.server.frames
            assert frame["cmd"] == "aibot_subscribe"
            assert frame["body"] == {"bot_id": "aib1", "secret": "s3cret"}
        assert p.link.state == "down"
        assert p.server.sockets[0].closed

    asyncio.run(play())


def test_a_link_cut_before_the_answer_is_unknown_and_comes_back():
    async def play() -> None:
        async with playing(Server({"aibot_send_msg": hang_up}), Naps(1)) as p:
            await until(lambda: p.link.state == "up")
            with pytest.raises(Unknown):
                await p.link.send("wrk1", 2, MARKDOWN)
            await until(lambda: p.server.cmds().count("aibot_subscribe") == 2)
            await until(lambda: p.link.state == "up")
            assert p.naps.taken == [1.0]

    asyncio.run(play())


def test_a_link_that_lost_its_subscription_subscribes_again():
    async def play() -> None:
        async with playing(Server({"aibot_send_msg": refuse(846609)}), Naps(1)) as p:
            await until(lambda: p.link.state == "up")
            with pytest.raises(Retryable):
                await p.link.send("wrk1", 2, MARKDOWN)
            await until(lambda: p.server.cmds().count("aibot_subscribe") == 2)

    asyncio.run(play())


def test_after_a_take_over_it_never_comes_back_by_itself():
    async def play() -> None:
        async with playing(naps=Naps(100)) as p:
            await until(lambda: p.link.state == "up")
            event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            await p.server.call("aibot_event_callback", event)
            await asyncio.wait_for(p.running, 2)
            assert p.link.state == "taken over"
            assert p.server.cmds() == ["aibot_subscribe"]
            assert len(p.alarms) == 1
            with pytest.raises(Retryable):
                await p.link.send("wrk1", 2, MARKDOWN)

    asyncio.run(play())


def test_a_take_over_before_the_subscription_is_answered_counts_too():
    async def replaced(server: Server, ws: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        event = {"event": {"eventtype": "disconnected_event"}}
        await server.call("aibot_event_callback", event)

    async def play() -> None:
        async with playing(Server({"aibot_subscribe": replaced}), Naps(100)) as p:
            await asyncio.wait_for(p.running, 2)
            assert p.link.state == "taken over"
            assert len(p.server.sockets) == 1

    asyncio.run(play())


def test_whoever_leads_again_may_start_a_link_that_was_taken_over():
    async def play() -> None:
        async with playing() as p:
            await until(lambda: p.link.state == "up")
            await p.server.call(
                "aibot_event_callback", {"event": {"eventtype": "disconnected_event"}}
            )
            await asyncio.wait_for(p.running, 2)
            again = asyncio.create_task(p.link.run())
            await until(lambda: p.link.state == "up")
            again.cancel()
            await asyncio.gather(again, return_exceptions=True)

    asyncio.run(play())


def test_two_pings_in_a_row_without_an_answer_end_the_connection():
    async def play() -> None:
        async with playing(Server({"ping": silent}), Naps(pauses=1, pings=2), ack_s=SOON) as p:
            await until(lambda: p.server.cmds().count("aibot_subscribe") == 2)
            first = p.server.cmds()[: p.server.cmds().index("aibot_subscribe", 1)]
            assert first == ["aibot_subscribe", "ping", "ping"]
            assert p.naps.taken == [1.0]

    asyncio.run(play())


def test_an_answered_ping_forgives_the_one_before():
    answers = [silent, accept, silent, accept, accept]

    async def every_other(server: Server, ws: web.WebSocketResponse, frame: Any) -> None:
        await answers.pop(0)(server, ws, frame)

    async def play() -> None:
        async with playing(Server({"ping": every_other}), Naps(pings=5), ack_s=SOON) as p:
            await until(lambda: not answers)
            assert len(p.server.sockets) == 1
            assert p.link.state == "up"

    asyncio.run(play())


def test_lost_connections_are_retried_with_doubling_pauses_up_to_half_a_minute():
    async def play() -> None:
        async with playing(url="http://127.0.0.1:1/ws", naps=Naps(7)) as p:
            await until(lambda: len(p.naps.taken) == 8)
            assert p.naps.taken == [1, 2, 4, 8, 16, 30, 30, 30]
            assert p.link.state == "down"
            assert p.alarms == []

    asyncio.run(play())


def test_pauses_are_spread_downwards():
    async def play() -> None:
        async with playing(url="http://127.0.0.1:1/ws", naps=Naps(5), jitter=lambda: 1.0) as p:
            await until(lambda: len(p.naps.taken) == 6)
            assert p.naps.taken == pytest.approx([0.7, 1.4, 2.8, 5.6, 11.2, 21.0])

    asyncio.run(play())


def test_links_that_fall_at_once_do_not_return_at_full_speed():
    async def accept_and_drop(server: Server, ws: web.WebSocketResponse, frame: Any) -> None:
        await accept(server, ws, frame)
        await ws.close()

    async def play() -> None:
        async with playing(Server({"aibot_subscribe": accept_and_drop}), Naps(100)) as p:
            await until(lambda: len(p.naps.taken) >= 4)
            assert p.naps.taken[:4] == [1, 2, 4, 8]

    asyncio.run(play())


def test_a_refused_subscription_is_retried_five_times_then_rarely_and_with_an_alarm():
    async def play() -> None:
        async with playing(Server({"aibot_subscribe": refuse(40001)}), Naps(6)) as p:
            await until(lambda: len(p.naps.taken) == 7)
            assert p.naps.taken == [1, 2, 4, 8, 16, 300, 300]
            assert p.link.state == "refused"
            assert len(p.alarms) == 2

    asyncio.run(play())


def test_a_link_that_has_lasted_starts_its_pauses_anew():
    pings = [hang_up, hang_up, accept, hang_up]

    async def answer(server: Server, ws: web.WebSocketResponse, frame: Any) -> None:
        await (pings.pop(0) if pings else accept)(server, ws, frame)

    async def play() -> None:
        async with playing(Server({"ping": answer}), Naps(pauses=3, pings=20)) as p:
            await until(lambda: len(p.naps.taken) == 3)
            assert p.naps.taken == [1, 2, 1]

    asyncio.run(play())


def test_an_unanswered_subscription_is_a_loss_and_no_refusal():
    async def play() -> None:
        async with playing(Server({"aibot_subscribe": silent}), ack_s=SOON) as p:
            await until(lambda: p.naps.taken)
            assert p.link.state == "down"

    asyncio.run(play())


def test_the_secret_is_not_logged(caplog: pytest.LogCaptureFixture):
    async def play() -> None:
        async with playing(Server({"aibot_subscribe": refuse(40001)}), Naps(2)) as p:
            await until(lambda: len(p.naps.taken) == 3)

    asyncio.run(play())

    assert "40001" in caplog.text
    assert "s3cret" not in caplog.text
