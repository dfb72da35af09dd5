"""A small bot that a sandbox can call back: it decrypts, remembers, and answers as told."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.server import Sandbox, running

# What the bot answers to (surface, plain text, query): a body with status 200, or a response.
Answer = Callable[[str, str, dict[str, str]], str | web.Response]


@dataclass
class Bot:
    """`heard` holds (surface, plain text); `tries` counts every request, heard or not."""

    corp: Corp
    answer: Answer = lambda _surface, _plain, _query: ""
    delay_s: float = 0.0
    heard: list[tuple[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)

    async def called(self, request: web.Request) -> web.Response:
        surface, query = request.match_info["surface"], dict(request.query)
        crypto = self.corp.identity.callback_crypto(surface)
        encrypt = query.get("echostr") or _encrypted(surface, await request.text())
        crypto.verify(query["msg_signature"], query["timestamp"], query["nonce"], encrypt)
        plain = crypto.decrypt(encrypt)
        if request.method == "GET":
            return web.Response(text=plain)
        self.heard.append((surface, plain))
        self.queries.append(query)
        await asyncio.sleep(self.delay_s)
        answer = self.answer(surface, plain, query)
        return answer if isinstance(answer, web.Response) else web.Response(text=answer)

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(plain) for surface, plain in self.heard if surface == "aibot"]


def _encrypted(surface: str, body: str) -> str:
    if surface == "aibot":
        return str(json.loads(body)["encrypt"])
    return body.split("<Encrypt><![CDATA[")[1].split("]]>", maxsplit=1)[0]


def json_reply(corp: Corp, nonce: str, plain: dict[str, Any], /, **fields: Any) -> str:
    crypto = corp.identity.callback_crypto("aibot")
    encrypt = crypto.encrypt(json.dumps(plain, ensure_ascii=False))
    signature = crypto.signature("1790000000", nonce, encrypt)
    envelope = {"encrypt": encrypt, "msgsignature": signature, "timestamp": 1790000000}
    return json.dumps(envelope | {"nonce": nonce} | fields)


def xml_reply(corp: Corp, surface: str, plain: str) -> str:
    crypto = corp.identity.callback_crypto(surface)
    encrypt = crypto.encrypt(plain)
    signature = crypto.signature("1790000000", "n", encrypt)
    return (
        f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature>{signature}</MsgSignature>"
        f"<TimeStamp>1790000000</TimeStamp><Nonce>n</Nonce></xml>"
    )


@asynccontextmanager
async def listening(bot: Bot) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/callback/{surface}", bot.called)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def with_bot(
    corp: Corp, bot: Bot, play: Callable[[Sandbox], Awaitable[None]], *, answer_s: float = 5.0
) -> None:
    """Run `play` with the sandbox and the bot listening to each other."""

    async def run() -> None:
        async with listening(bot) as url, running(corp, bot_url=url, answer_s=answer_s) as sandbox:
            sandbox.people.poll_s = 0.0
            await play(sandbox)

    asyncio.run(run())


def with_client(corp: Corp, play: Callable[[Sandbox, ClientSession], Awaitable[None]]) -> None:
    """Run `play` with the sandbox and a client of it."""

    async def run() -> None:
        async with running(corp) as sandbox, ClientSession(sandbox.api_base) as client:
            await play(sandbox, client)

    asyncio.run(run())
