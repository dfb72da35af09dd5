"""The other end of the AI bot's long connection, and a link that plays against it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.wecom.link import AiBotLink
from bot.channels.wecom.rhythm import Rhythm

MARKDOWN = {"msgtype": "markdown", "markdown": {"content": "早"}}
Answer = Callable[["Server", web.WebSocketResponse, dict[str, Any]], Awaitable[None]]


async def accept(server: "Server", ws: web.WebSocketResponse, frame: dict[str, Any]) -> None:
    await ws.send_json({"headers": frame["headers"], "errcode": 0, "errmsg": "ok"})


async def silent(server: "Server", ws: web.WebSocketResponse, frame: dict[str, Any]) -> None:
    pass


async def hang_up(server: "Server", ws: web.WebSocketResponse, frame: dict[str, Any]) -> None:
    await ws.close()


def refuse(errcode: int) -> Answer:
    async def answer(server: "Server", ws: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        text = "no to s3cret"
        await ws.send_json({"headers": frame["headers"], "errcode": errcode, "errmsg": text})

    return answer


@dataclass
class Server:
    """The other end; `answers[cmd]` says how frames are answered (default: accepted)."""

    answers: dict[str, Answer] = field(default_factory=dict)
    frames: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        self.sockets.append(ws)
        async for message in ws:
            frame = json.loads(message.data)
            self.frames.append(frame)
            await self.answers.get(frame["cmd"], accept)(self, ws, frame)
        return ws

    def cmds(self) -> list[str]:
        return [frame["cmd"] for frame in self.frames]

    async def call(self, cmd: str, body: Any, req_id: str = "R9") -> None:
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        await self.sockets[-1].send_json(frame)


class Naps:
    """Replaces sleep: notes each pause and ends it at once, so many as allowed, then never.

    A connected link sleeps 30 s between pings; `pings` allows those apart from the pauses.
    """

    def __init__(self, pauses: int = 0, pings: int = 0) -> None:
        self.taken: list[float] = []
        self.allowed = {False: pauses, True: pings}
        self.link: AiBotLink | None = None

    async def __call__(self, seconds: float) -> None:
        assert self.link is not None
        ping = self.link.state == "up"
        if not ping:
            self.taken.append(seconds)
        else:
            assert seconds == 30
        self.allowed[ping] -= 1
        if self.allowed[ping] < 0:
            await asyncio.Event().wait()
        await asyncio.sleep(0)


@dataclass
class Play:
    server: Server
    link: AiBotLink
    naps: Naps
    heard: list[tuple[Any, ...]]
    alarms: list[str]
    running: asyncio.Task[None]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(2):
        while not condition():  # noqa: ASYNC110 - the condition is the other end's
            await asyncio.sleep(0.001)


SOON = 0.04
"""How long an answer is waited for, in seconds, where none is to come."""


@contextlib.asynccontextmanager
async def playing(
    server: Server | None = None, naps: Naps | None = None, **more: Any
) -> AsyncIterator[Play]:
    server, naps = server or Server(), naps or Naps()
    heard: list[tuple[Any, ...]] = []
    alarms: list[str] = []

    async def on_frame(*frame: Any) -> None:
        heard.append(frame)

    app = web.Application()
    app.router.add_get("/ws", server.handle)
    rhythm = Rhythm(
        sleep=naps,
        jitter=more.get("jitter", lambda: 0.0),
        alarm=alarms.append,
        ack_s=more.get("ack_s", 5.0),
    )
    async with TestServer(app) as http, aiohttp.ClientSession() as session:
        url = more.get("url") or str(http.make_url("/ws"))
        given = more.get("on_frame", on_frame)
        link = AiBotLink(session, url, "aib1", "s3cret", given, rhythm)
        naps.link = link
        running = asyncio.create_task(link.run())
        try:
            yield Play(server, link, naps, heard, alarms, running)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
