"""A playground on a real sandbox, with a small bot that answers and a state that a test sets."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Chat
from bot.channels.sandbox.server import Sandbox, running
from bot.web.playground import BotState, MemberState, Playground, TaskState, capabilities_of
from tests.integration.sandbox.bots import Bot, listening, xml_reply

START = 1_796_169_600_000
HEARING_ALL = {"sandbox": "core", "app": ""}
MENTIONS_ONLY = {"aibot": "wrk", "app": ""}

Client = TestClient[web.Request, web.Application]
PLAYGROUND = web.AppKey("playground", Playground)

PEOPLE = {"wang.min": "王敏", "li.si": "李思", "xiao.yu": "小雨", "a.zhe": "阿哲"}


@dataclass
class Clock:
    at: int = START
    moved: list[int] = field(default_factory=list)
    hold: asyncio.Event | None = None

    def now(self) -> int:
        return self.at

    async def advance(self, ms: int) -> None:
        if self.hold:
            await self.hold.wait()
        self.at += ms
        self.moved.append(ms)


@dataclass
class Stage:
    """One corp with its playground; `state` is what the bot is supposed to know."""

    corp: Corp
    clock: Clock
    bot: Bot
    state: BotState
    broken: bool = False
    switched: list[bool] = field(default_factory=list)

    async def read(self) -> BotState:
        if self.broken:
            raise RuntimeError("no database")
        return self.state

    async def switch(self, hears_all: bool, /) -> None:  # noqa: FBT001 - as it is called
        self.switched.append(hears_all)
        channels = HEARING_ALL if hears_all else MENTIONS_ONLY
        self.state = replace(
            self.state, hears_all=hears_all, capabilities=capabilities_of(channels)
        )

    def award(self, userid: str, points: int) -> None:
        members = tuple(
            replace(one, balance=one.balance + points) if one.userid == userid else one
            for one in self.state.members
        )
        self.state = replace(self.state, members=members)


def a_stage() -> Stage:
    clock = Clock()
    corp = Corp(clock.now)
    for userid, name in PEOPLE.items():
        corp.add_person(userid, name)
    corp.add_chat(
        Chat(
            chatid="core",
            bot_chatid="",
            name="晨读一群",
            owner="wang.min",
            userlist=tuple(PEOPLE),
            made_by_app=True,
            hears_all=True,
        )
    )
    roles = {"wang.min": "owner", "li.si": "staff"}
    members = tuple(
        MemberState(userid=userid, name=name, role=roles.get(userid, "member"), level="新芽")
        for userid, name in PEOPLE.items()
    )
    state = BotState(
        title="晨读一群",
        pack="晨读社 · 用户贡献体系",
        hears_all=True,
        members=members,
        tasks=(TaskState(number=7, to="王敏", text="请确认小雨加入核心群"),),
        channels=("sandbox",),
        capabilities=capabilities_of(HEARING_ALL),
    )
    return Stage(corp=corp, clock=clock, bot=Bot(corp, answer=_answers(corp)), state=state)


def _answers(corp: Corp) -> Callable[[str, str, dict[str, str]], str]:
    def answer(surface: str, plain: str, _query: dict[str, str]) -> str:
        if surface != "app":
            return ""
        userid = plain.split("<FromUserName><![CDATA[")[1].split("]]>", maxsplit=1)[0]
        head = f"<ToUserName>{userid}</ToUserName><FromUserName>{corp.identity.corp_id}"
        kind = "</FromUserName><MsgType>text</MsgType><Content>好的</Content>"
        return xml_reply(corp, "app", f"<xml>{head}{kind}</xml>")

    return answer


@asynccontextmanager
async def serving(stage: Stage, sandbox: Sandbox, **options: Any) -> AsyncIterator[Client]:
    """Give a client of a web server with the playground alone."""
    playground = Playground(
        stage.corp,
        sandbox.people,
        stage.clock,
        stage.read,
        stage.switch,
        logging.getLogger("test.playground"),
        **options,
    )
    app = web.Application()
    app[PLAYGROUND] = playground
    app.add_routes(playground.routes())
    try:
        async with TestClient(TestServer(app)) as client:
            yield client
            await playground.close()
    finally:
        await playground.close()


def play(run: Callable[[Stage, Client], Awaitable[None]], **options: Any) -> None:
    """Run a test with a fresh playground, its sandbox and its bot."""

    async def main() -> None:
        stage = a_stage()
        async with (
            listening(stage.bot) as url,
            running(stage.corp, bot_url=url) as sandbox,
            serving(stage, sandbox, **options) as client,
        ):
            sandbox.people.poll_s = 0.0
            await run(stage, client)

    asyncio.run(main())


async def post(client: Client, what: str, /, **body: Any) -> tuple[int, dict[str, Any]]:
    async with client.post(f"/play/{what}", json=body) as response:
        return response.status, await response.json()


async def get(client: Client) -> dict[str, Any]:
    async with client.get("/play/state") as response:
        assert response.status == 200
        found: dict[str, Any] = await response.json()
        return found


@dataclass(frozen=True)
class Told:
    id: str
    kind: str
    data: Any


async def told(response: ClientResponse, kind: str) -> Told:
    """Read live events up to the next one of this kind."""
    fields: dict[str, str] = {}
    async with asyncio.timeout(5):
        while line := (await response.content.readline()).decode():
            name, _, value = line.rstrip("\n").partition(": ")
            fields[name] = value
            if line == "\n":
                if fields.get("event") == kind:
                    return Told(fields.get("id", ""), kind, json.loads(fields["data"]))
                fields = {}
    raise AssertionError(f"the stream ended before {kind}")
