"""A WeCom for these tests: a real HTTP server whose answers each test writes down."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.wecom.api import Token, WeComApi

SECRET = "s3cret-of-the-app-never-shown"
OK = {"errcode": 0, "errmsg": "ok"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Store:
    """Tokens in memory."""

    rows: dict[str, Token] = field(default_factory=dict)

    async def get(self, name: str) -> Token | None:
        return self.rows.get(name)

    async def put(self, name: str, token: Token) -> None:
        self.rows[name] = token


@dataclass
class Clock:
    ms: int = 1_760_000_000_000

    def __call__(self) -> int:
        return self.ms


@dataclass
class FakeWeCom:
    """`answers[api]` is a list used up from the front (its last stays), of bodies or handlers."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def calls(self, api: str) -> list[Any]:
        return [body for name, _, body in self.asked if name == api]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        api = request.path.removeprefix("/cgi-bin/")
        raw = await request.read()
        self.raw.append(raw)
        body = json.loads(raw) if request.content_type == "application/json" and raw else raw
        self.asked.append((api, dict(request.query), body))
        planned = self.answers.get(api) or [self._token() if api == "gettoken" else OK]
        answer = planned.pop(0) if len(planned) > 1 else planned[0]
        return await answer(request) if callable(answer) else web.json_response(answer)

    def _token(self) -> dict[str, Any]:
        number = len(self.calls("gettoken"))
        return {**OK, "access_token": f"t0ken-number-{number}", "expires_in": 7200}


@dataclass
class World:
    wecom: FakeWeCom
    api: WeComApi
    store: Store
    clock: Clock
    base: str
    session: aiohttp.ClientSession


@contextlib.asynccontextmanager
async def world(**answers: list[Any]) -> AsyncIterator[World]:
    """Start the server; answers are given as `appchat__send=[...]` for `appchat/send`."""
    wecom = FakeWeCom({name.replace("__", "/"): given for name, given in answers.items()})
    app = web.Application(client_max_size=8 << 20)
    app.router.add_route("*", "/{rest:.*}", wecom.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        base, store, clock = str(server.make_url("/")).rstrip("/"), Store(), Clock()
        api = WeComApi(session, base, "ww1", SECRET, store, clock)
        yield World(wecom, api, store, clock, base, session)


async def cut(request: web.Request) -> web.StreamResponse:
    """Take the request and drop the connection without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


def code(errcode: int, errmsg: str = "refused") -> dict[str, Any]:
    return {"errcode": errcode, "errmsg": errmsg}
