import asyncio
import socket
import traceback
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.wecom.api import Token, WeComApi
from bot.channels.wecom.errors import Fate, Permanent, Retryable, Unknown, WeComError
from tests.integration.wecom.fake_wecom import OK, SECRET, Clock, Store, code, cut, world

TEXT = {"msgtype": "text", "text": {"content": "早上好"}}


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(0.05)
    return web.json_response(OK)


def test_twenty_calls_at_once_renew_the_token_once():
    async def play() -> None:
        async with world() as w:
            await asyncio.gather(*(w.api.appchat_send("c1", TEXT) for _ in range(20)))
            assert len(w.wecom.calls("gettoken")) == 1
            assert len(w.wecom.calls("appchat/send")) == 20

    asyncio.run(play())


@pytest.mark.parametrize(
    ("left_ms", "renewals"),
    [pytest.param(300_001, 1, id="just fresh"), pytest.param(300_000, 2, id="five minutes left")],
)
def test_a_token_is_renewed_five_minutes_before_its_end(left_ms: int, renewals: int):
    async def play() -> None:
        async with world() as w:
            await w.api.appchat_send("c1", TEXT)
            w.clock.ms += 7_200_000 - left_ms
            await w.api.appchat_send("c1", TEXT)
            assert len(w.wecom.calls("gettoken")) == renewals

    asyncio.run(play())


@pytest.mark.parametrize("errcode", [40014, 42001])
def test_a_token_ended_early_is_renewed_and_the_call_made_again(errcode: int):
    async def play() -> None:
        async with world(appchat__send=[code(errcode), OK]) as w:
            await w.api.appchat_send("c1", TEXT)
            tokens = [q["access_token"] for name, q, _ in w.wecom.asked if name == "appchat/send"]
            assert tokens == ["t0ken-number-1", "t0ken-number-2"]

    asyncio.run(play())


def test_a_token_refused_twice_is_given_up():
    async def play() -> None:
        async with world(appchat__send=[code(40014)]) as w:
            with pytest.raises(Permanent):
                await w.api.appchat_send("c1", TEXT)
            assert len(w.wecom.calls("gettoken")) == 2
            assert len(w.wecom.calls("appchat/send")) == 2

    asyncio.run(play())


def test_a_token_that_another_process_renewed_is_taken_from_the_store():
    async def play() -> None:
        async with world(appchat__send=[code(42001), OK]) as w:
            other = WeComApi(w.session, w.base, "ww1", SECRET, w.store, w.clock)
            await other.user_get("zhang.san")
            renewed = Token(value="from-elsewhere", expires_at=w.clock.ms + 7_200_000)

            async def renewed_meanwhile(request: web.Request) -> web.StreamResponse:
                w.store.rows = dict.fromkeys(w.store.rows, renewed)
                return web.json_response(code(42001))

            w.wecom.answers["appchat/send"][0] = renewed_meanwhile
            await w.api.appchat_send("c1", TEXT)
            assert w.wecom.asked[-1][1]["access_token"] == "from-elsewhere"
            assert len(w.wecom.calls("gettoken")) == 1

    asyncio.run(play())


def test_another_secret_does_not_find_the_token_of_the_old_one():
    async def play() -> None:
        async with world() as w:
            await w.api.user_get("a")
            await WeComApi(w.session, w.base, "ww1", "new", w.store, w.clock).user_get("a")
            assert len(w.wecom.calls("gettoken")) == 2
            assert SECRET not in "".join(w.store.rows)

    asyncio.run(play())


def test_a_refused_secret_is_not_tried_again_for_a_minute():
    async def play() -> None:
        async with world(gettoken=[code(40001)]) as w:
            for wait_ms in (0, 59_999, 1):
                w.clock.ms += wait_ms
                with pytest.raises(Permanent) as refused:
                    await w.api.user_get("a")
                assert refused.value.fate is Fate.ALARM_CONFIG
            assert len(w.wecom.calls("gettoken")) == 2

    asyncio.run(play())


def test_a_lost_answer_to_the_token_call_leaves_the_post_retryable():
    async def play() -> None:
        async with world(gettoken=[cut]) as w:
            with pytest.raises(Retryable):
                await w.api.appchat_send("c1", TEXT)
            assert w.wecom.calls("appchat/send") == []

    asyncio.run(play())


def test_no_token_key_or_secret_is_in_any_error():
    async def echo(request: web.Request) -> web.StreamResponse:
        return web.json_response(code(40058, f"bad {request.url}"))

    async def play() -> None:
        answers = {"appchat__send": [echo, cut], "webhook__send": [echo], "gettoken": [OK]}
        async with world(**answers, aibot__response=[echo]) as w:
            token = Token(value="t0ken-value-123", expires_at=w.clock.ms + 7_200_000)
            w.wecom.answers["gettoken"] = [{**OK, "access_token": token.value, "expires_in": 7200}]
            calls = [
                lambda: w.api.appchat_send("c1", TEXT),
                lambda: w.api.appchat_send("c1", TEXT),
                lambda: w.api.webhook_send("robot-key-456", TEXT),
                lambda: w.api.respond(f"{w.base}/cgi-bin/aibot/response?rc=once-789", TEXT),
            ]
            for call in calls:
                with pytest.raises(WeComError) as failed:
                    await call()
                told = "".join(traceback.format_exception(failed.value))
                for secret in (token.value, SECRET, "robot-key-456", "once-789"):
                    assert secret not in told
                assert failed.value.__context__ is None
            assert token.value not in repr(token)

    asyncio.run(play())


def test_no_answer_in_time_is_unknown():
    async def play() -> None:
        async with world(appchat__send=[hang]) as w:
            await w.api.user_get("a")
            w.api.timeout = aiohttp.ClientTimeout(total=0.02)
            with pytest.raises(Unknown):
                await w.api.appchat_send("c1", TEXT)
            assert len(w.wecom.calls("appchat/send")) == 1

    asyncio.run(play())


def test_a_connection_cut_after_sending_is_unknown_and_not_repeated():
    async def play() -> None:
        async with world(webhook__send=[cut]) as w:
            with pytest.raises(Unknown):
                await w.api.webhook_send("k", TEXT)
            assert len(w.wecom.calls("webhook/send")) == 1

    asyncio.run(play())


def test_a_lost_answer_to_a_question_may_be_asked_again():
    async def play() -> None:
        async with world(appchat__get=[cut]) as w:
            with pytest.raises(Retryable):
                await w.api.appchat_get("c1")

    asyncio.run(play())


def test_a_connection_that_never_opened_is_retryable():
    async def play() -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{closed.getsockname()[1]}"
            async with aiohttp.ClientSession() as session:
                api = WeComApi(session, address, "ww1", SECRET, Store(), Clock())
                with pytest.raises(Retryable):
                    await api.webhook_send("k", TEXT)

    asyncio.run(play())


def test_a_connection_that_opens_too_slowly_is_retryable():
    class Slow(aiohttp.abc.AbstractResolver):
        async def resolve(self, *_where: Any, **_how: Any) -> list[Any]:
            await asyncio.sleep(0.05)
            return []

        async def close(self) -> None:
            pass

    async def play() -> None:
        connector = aiohttp.TCPConnector(resolver=Slow())
        async with aiohttp.ClientSession(connector=connector) as session:
            api = WeComApi(session, "http://slow.example", "ww1", SECRET, Store(), Clock())
            api.timeout = aiohttp.ClientTimeout(total=1, connect=0.01)
            with pytest.raises(Retryable):
                await api.webhook_send("k", TEXT)

    asyncio.run(play())


def test_redirects_are_not_followed():
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect("/cgi-bin/webhook/other")

    async def play() -> None:
        async with world(webhook__send=[elsewhere]) as w:
            with pytest.raises(Permanent):
                await w.api.webhook_send("k", TEXT)
            assert [name for name, _, _ in w.wecom.asked] == ["webhook/send"]

    asyncio.run(play())


def test_an_endless_answer_is_cut_off():
    async def endless(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b" " * (1 << 20) + b'{"errcode":0}')

    async def play() -> None:
        async with world(webhook__send=[endless]) as w:
            with pytest.raises(Unknown):
                await w.api.webhook_send("k", TEXT)

    asyncio.run(play())
