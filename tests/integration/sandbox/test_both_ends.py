"""The bot's own client, link and callback doors against the sandbox: do both ends agree?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.server import Sandbox, running
from bot.channels.wecom.api import Token, WeComApi
from bot.channels.wecom.callbacks import Answer, Replay, Surface, callback_routes
from bot.channels.wecom.errors import Permanent
from bot.channels.wecom.heard import Heard, SurfaceName
from bot.channels.wecom.link import AiBotLink
from tests.unit.bot.sandbox.corps import a_chat, a_corp, told

SURFACES: tuple[SurfaceName, ...] = ("app", "aibot", "robot")


class Tokens:
    def __init__(self) -> None:
        self.kept: dict[str, Token] = {}

    async def get(self, name: str) -> Token | None:
        return self.kept.get(name)

    async def put(self, name: str, token: Token) -> None:
        self.kept[name] = token


class Intake:
    """Says what it heard back to whoever said it."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []

    async def accept(self, heard: Heard, _replay: Replay) -> Answer:
        self.heard.append(heard)
        return Answer(status=200, text=f"heard: {heard.text}" if heard.route.waiting else "")

    async def reject(self, _surface: SurfaceName, _payload: str, reason: str) -> None:
        raise AssertionError(reason)


@asynccontextmanager
async def both_ends(corp: Corp, intake: Intake) -> AsyncIterator[Sandbox]:
    surfaces = {s: Surface(crypto=corp.identity.callback_crypto(s)) for s in SURFACES}
    app = web.Application()
    app.add_routes(callback_routes(surfaces, intake.accept, corp.now, reject=intake.reject))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        async with running(corp, bot_url=f"http://{host}:{port}") as sandbox:
            yield sandbox
    finally:
        await runner.cleanup()


def test_every_surface_is_verified_heard_and_answered():
    corp, intake = a_corp(), Intake()
    corp.add_chat(a_chat("robots", aibot=False))
    corp.add_robot("robots", "Helper", listens=True)

    async def play() -> None:
        async with both_ends(corp, intake) as sandbox:
            assert all([await sandbox.caller.verify(surface) for surface in SURFACES])
            await sandbox.people.speak("Li.Si", None, "one ]]> & <two>")
            await sandbox.people.speak("Li.Si", "core", "rules", mention_bot=True, quote="old")
            await sandbox.people.speak("Li.Si", "robots", "rules", mention_bot=True)
            await sandbox.people.enter("Li.Si")

    asyncio.run(play())
    spoken = [heard for heard in intake.heard if heard.kind == "message"]
    assert [heard.surface for heard in spoken] == ["app", "aibot", "robot"]
    assert [heard.text for heard in spoken] == ["one ]]> & <two>", "rules", "rules"]
    assert {heard.sender for heard in intake.heard} == {"Li.Si"}
    assert spoken[1].chat_id == corp.chats["core"].bot_chatid
    assert spoken[1].quote == "old"
    assert [change["text"] for change in told(corp, "passive")][:3] == [
        "heard: one ]]> & <two>",
        "heard: rules",
        "heard: rules",
    ]
    assert told(corp, "bad_reply") == told(corp, "unheard") == []


def test_the_client_makes_and_fills_a_group_and_writes_to_its_members():
    corp = a_corp()
    who = corp.identity

    async def play() -> None:
        async with running(corp) as sandbox, ClientSession() as session:
            api = WeComApi(
                session, sandbox.api_base, who.corp_id, who.app_secret, Tokens(), corp.now
            )
            await api.appchat_create("new1", "New", "zhang.san", ["zhang.san", "Li.Si"])
            assert await api.appchat_update("new1", add=["nobody", "wang.wu"]) == ("nobody",)
            await api.appchat_send(
                "new1", {"msgtype": "text", "text": {"content": "\u4f60\u597d"}}
            )
            corp.expire_token()
            roster = await api.appchat_get("new1")
            assert roster.members == ("zhang.san", "Li.Si", "wang.wu")
            with pytest.raises(Permanent):
                await api.appchat_get("nowhere")

    asyncio.run(play())
    assert told(corp, "post")[0]["text"] == "\u4f60\u597d"


def test_the_link_hears_and_answers():
    corp = a_corp()
    who = corp.identity
    frames: asyncio.Queue[str] = asyncio.Queue()

    async def on_frame(_body: object, req_id: str, _cmd: str) -> None:
        await frames.put(req_id)

    async def play() -> None:
        async with running(corp) as sandbox, ClientSession() as session:
            link = AiBotLink(session, sandbox.link_url, who.aibot_id, who.aibot_secret, on_frame)
            up = asyncio.Event()
            corp.subscribe(lambda change: up.set() if change["kind"] == "link" else None)
            work = asyncio.create_task(link.run())
            await asyncio.wait_for(up.wait(), 2)
            await sandbox.people.speak("zhang.san", "core", "hi", mention_bot=True)
            req_id = await asyncio.wait_for(frames.get(), 2)
            stream = {"id": "s-1", "finish": True, "content": "hello"}
            await link.respond(req_id, {"msgtype": "stream", "stream": stream})
            markdown = {"msgtype": "markdown", "markdown": {"content": "later"}}
            await link.send(corp.chats["core"].bot_chatid, 2, markdown)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    asyncio.run(play())
    assert [change["text"] for change in told(corp, "post")] == ["hello", "later"]
