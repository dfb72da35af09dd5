"""The running program against a running sandbox WeCom: nothing in between is replaced.

Tests speak as people do, move the clock, and read what is visible in WeCom or kept in the
database.
"""

import asyncio
import contextlib
import json
import secrets
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import confirmations
from bot.app import Bot
from bot.channels.sandbox import payloads
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Chat
from bot.channels.sandbox.robots import reply_url
from bot.channels.sandbox.server import Sandbox
from bot.channels.sandbox.server import running as sandbox_running
from bot.channels.wecom.api import WeComApi
from bot.clock.wall import WallClock
from bot.delivery import courier
from bot.intake.writer import Job
from bot.running import take_stock
from bot.sandbox import PlaygroundClock, joined
from bot.serving import serving
from bot.settings import Settings
from handlers.ports import Store
from sop.model import DeadEvent, Outgoing, Task
from storage.database import Database

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

STORY_S = 300
"""No story takes a tenth of this, on a busy machine either."""

COMMUNITY = "club"
PEOPLE = {"boss": "群主", "helper": "小帮", "li": "李四", "wang": "王五", "zhao": "赵六"}

PACK = """\
pack: club
title: 书友会
timezone: Asia/Shanghai
score:
  window: 30d
  earn:
    message: {points: 1}
    checkin: {points: 2, cap: 1/day}
"""

ALPHA = "{id: alpha, title: 一群, channels: {aibot: wrkALPHA}}"
BETA = "{id: beta, title: 二群, channels: {aibot: wrkBETA}}"
CORE = "{id: core, title: 核心群, channels: {appchat: core, aibot: wrkCORE, archive: wrkCORE}}"


def pack(steps: str = "", more: str = "") -> str:
    """The small pack, with these steps (a YAML list's lines) and other keys."""
    listed = f"steps:\n{steps}" if steps else "steps: []\n"
    return f"{PACK}{more}{listed}"


def bindings(*groups: str, name: str = COMMUNITY, title: str = "书友会") -> str:
    """One community's lines in groups.yaml, under `communities:`."""
    listed = "".join(f"      - {group}\n" for group in groups)
    return (
        f"  {name}:\n    title: {title}\n    pack: club\n    owner: boss\n    staff: [helper]\n"
        f"    regular:\n{listed}"
    )


def _labels(card: Any) -> list[str]:
    return [each["text"] for each in card["buttons"]]


Condition = Callable[[], object | Awaitable[object]]


@dataclass
class Live:
    """A bot that runs, and the WeCom it runs against. `bot` may die and be started anew."""

    corp: Corp
    sandbox: Sandbox
    clock: WallClock
    settings: Settings
    options: dict[str, Any]
    bot: Bot
    client: aiohttp.ClientSession
    asked: list[str] = field(default_factory=list)
    _serving: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    @property
    def folder(self) -> Path:
        return self.settings.sop_dir

    # --- the program's life

    async def start(self) -> None:
        """Start the bot, and let WeCom find it."""
        take_stock(self.bot)
        await self.bot.start()
        origin = await self._serving.enter_async_context(
            serving(self.bot.routes(), "127.0.0.1", 0)
        )
        self.sandbox.caller.bot_url = origin

    async def stop(self) -> None:
        await self._serving.aclose()
        await self.bot.stop()

    async def die(self) -> None:
        """End the bot as a kill would: calls under way are never heard of again."""
        await self._serving.aclose()
        self.bot.wakeup.stop()
        for task in self.bot._running:
            task.cancel()
        await asyncio.gather(*self.bot._running, return_exceptions=True)
        await self.bot.intake.stop()
        assert self.bot.session is not None
        await self.bot.session.close()
        self.bot.database.close()

    async def again(self) -> None:
        """Start a new process's bot on what the last one left."""
        self.bot = Bot(self.settings, self.clock, **self.options)
        await self.start()

    # --- people

    async def speak(self, userid: str, text: str, chat: str | None = "alpha", **how: Any) -> None:
        """Say something to the bot: in a group with its name, privately without."""
        mentioned = how.pop("mention_bot", chat is not None)
        await self.sandbox.people.speak(userid, chat, text, mention_bot=mentioned, **how)

    async def press(self, userid: str, label: str, *options: str) -> None:
        """Press the newest button of that name that this person sees, having chosen options."""
        card = next(found for found in self.cards(userid) if label in _labels(found))
        key = next(each["key"] for each in card["buttons"] if each["text"] == label)
        await self.sandbox.people.press(userid, card["task_id"], key, options)

    def cards(self, userid: str) -> list[Any]:
        """The cards a person sees, as they look now, the newest first."""
        seen: dict[str, Any] = {}
        for change in self.corp.transcript:
            if "card" in change and userid in change["to"]:
                seen[change["card"]["task_id"]] = change["card"]
        return list(reversed(seen.values()))

    def message(self, userid: str, text: str, chat: str | None = "alpha") -> dict[str, Any]:
        """The AI bot's payload of a message; posting it twice is WeCom's own retry."""
        where = self.corp.chats[chat] if chat else None
        person = self.corp.person(userid)
        assert person is not None
        spoken = f"@{self.corp.identity.bot_name} {text}" if chat else text
        body = payloads.aibot_message(self.corp, where, person, spoken, "")
        url = reply_url(self.corp, chat or "", userid)
        return {**body, "response_url": url}

    async def post(
        self, payload: dict[str, Any], *, nonce: str = "", at: int = 0
    ) -> tuple[int, str]:
        """Send an AI-bot callback; gives the status and the decrypted answer's text."""
        crypto = self.corp.identity.callback_crypto("aibot")
        encrypt = crypto.encrypt(json.dumps(payload, ensure_ascii=False))
        stamp, nonce = str((at or self.clock.now()) // 1000), nonce or secrets.token_hex(8)
        query = {
            "msg_signature": crypto.signature(stamp, nonce, encrypt),
            "timestamp": stamp,
            "nonce": nonce,
        }
        url = f"{self.sandbox.caller.bot_url}/callback/aibot"
        async with self.client.post(url, params=query, json={"encrypt": encrypt}) as response:
            return response.status, _opened(crypto, await response.text())

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.client.get(f"{self.sandbox.caller.bot_url}{path}") as response:
            return response.status, await response.json()

    # --- what came of it

    def seen(self, kind: str, chat: str | None = None) -> list[str]:
        """The texts of what was visible in WeCom, in order."""
        return [
            str(change["text"])
            for change in self.corp.transcript
            if change["kind"] == kind and chat in (None, change["chat"])
        ]

    def shown(self) -> list[str]:
        """Everything the bot has said anywhere."""
        kinds = ("post", "dm", "passive")
        return [str(each["text"]) for each in self.corp.transcript if each["kind"] in kinds]

    def who(self, kind: str) -> list[str]:
        """To whom changes of this kind happened, in order."""
        return [
            userid
            for change in self.corp.transcript
            if change["kind"] == kind
            for userid in change["to"]
        ]

    async def read(self, work: Callable[[Store], Any]) -> Any:
        return await self.bot.intake.submit(Job(run=work), bounded=False)

    async def rows(self, kind: type[Any], **where: Any) -> list[Any]:
        return list(await self.read(lambda store: store.find(kind, **where)))

    async def tasks(self) -> list[Task]:
        return await self.rows(Task, status="open")

    async def outgoing(self) -> list[Outgoing]:
        return await self.rows(Outgoing, order="id")

    async def dead(self) -> list[DeadEvent]:
        return await self.rows(DeadEvent, replayed_at=0)

    # --- time

    async def settle(self) -> None:
        async with asyncio.timeout(20):
            await self.bot.settle()

    async def skip(self, ms: int) -> None:
        """Move the clock at once, and let everything that is due by then happen."""
        self.clock.skip(ms)
        await self.settle()

    async def advance(self, ms: int) -> None:
        """Let time pass: everything happens at the moment it is due."""
        await self.settle()
        async with asyncio.timeout(60):
            await PlaygroundClock(self.clock, self.bot).advance(ms)

    async def until(self, condition: Condition, seconds: float = 10.0) -> None:
        await until(condition, seconds)


async def until(condition: Condition, seconds: float = 10.0) -> None:
    """Wait for something that happens by itself."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if await found if isinstance(found, Awaitable) else found:
                return
            await asyncio.sleep(0.005)


def _opened(crypto: Any, answer: str) -> str:
    if not answer:
        return ""
    body = json.loads(answer)
    plain = json.loads(crypto.decrypt(body["encrypt"]))
    if "template_card" in plain:
        return json.dumps(plain["template_card"], ensure_ascii=False)
    return str(plain.get("stream", plain.get("text", {})).get("content", ""))


def settings_for(sandbox: Sandbox, folder: Path, *, link: bool = False, **more: Any) -> Settings:
    """Settings with the sandbox in WeCom's place; `link`: the AI bot on its long connection."""
    settings = Settings(
        data_dir=folder, sop_dir=folder / "sop",
        database_url=f"sqlite:///{folder / 'qunyun.db'}",
        robot_keys={"ROBOT_KEY_ALPHA": "keyalpha"},
    )  # fmt: skip
    settings, who = joined(settings, sandbox), sandbox.corp.identity
    if link:
        settings = replace(
            settings, wecom_aibot_token="", wecom_aibot_aes_key="", wecom_aibot_id=who.aibot_id,
            wecom_aibot_secret=who.aibot_secret, wecom_aibot_ws=sandbox.link_url,
        )  # fmt: skip
    return replace(settings, **more)


def write(folder: Path, groups: str, packs: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "groups.yaml").write_text(f"communities:\n{groups}", encoding="utf-8")
    for name, text in packs.items():
        (folder / name).write_text(text, encoding="utf-8")


def a_corp(clock: WallClock) -> Corp:
    """Five people; two groups people made, and one that the app made, all with the AI bot."""
    corp = Corp(clock.now)
    for userid, name in PEOPLE.items():
        corp.add_person(userid, name)
    everybody = tuple(PEOPLE)
    for chatid, made in (("alpha", False), ("beta", False), ("core", True)):
        corp.add_chat(
            Chat(
                chatid=chatid,
                bot_chatid=f"wrk{chatid.upper()}",
                name=chatid,
                owner="boss",
                userlist=everybody,
                made_by_app=made,
                hears_all=made,
            )
        )
    corp.add_robot("alpha", "小群", key="keyalpha", listens=True)
    return corp


@contextlib.asynccontextmanager
async def living(
    folder: Path,
    groups: str,
    pack_text: str = "",
    *,
    link: bool = False,
    answer_s: float = 5.0,
    prepare: Callable[[Corp], None] = lambda _corp: None,
    **options: Any,
) -> AsyncIterator[Live]:
    """Run a bot of these groups and this pack until the block ends."""
    clock = WallClock()
    corp = a_corp(clock)
    prepare(corp)
    write(folder / "sop", groups, {"club.yaml": pack_text or pack()})
    async with (
        sandbox_running(corp, answer_s=answer_s) as sandbox,
        aiohttp.ClientSession() as client,
    ):
        settings = settings_for(sandbox, folder, link=link)
        bot = Bot(settings, clock, **options)
        live = Live(corp, sandbox, clock, settings, options, bot, client)
        await live.start()
        try:
            yield live
        finally:
            await live.stop()


def play(
    folder: Path, groups: str, story: Callable[[Live], Awaitable[None]], *more: str, **options: Any
) -> None:
    """Run one story with a live bot; one that hangs fails."""

    async def main() -> None:
        async with asyncio.timeout(STORY_S), living(folder, groups, *more, **options) as live:
            await story(live)

    asyncio.run(main())


def impatient(patch: pytest.MonkeyPatch, seconds: float = 0.2) -> None:
    """Let the bot give up a hanging call after so long, instead of ten seconds."""
    timeout = aiohttp.ClientTimeout(total=seconds, connect=seconds / 2)
    patch.setattr(WeComApi, "timeout", timeout)


def hasty(patch: pytest.MonkeyPatch) -> None:
    """Let the bot find a locked database unusable after so long, instead of five seconds."""
    patch.setitem(Database.__init__.__kwdefaults__, "busy_timeout_ms", 20)  # type: ignore[arg-type] # it has some
    for module in (confirmations, courier):
        patch.setattr(module, "AGAIN_S", 0.01)


@contextlib.contextmanager
def locked(live: Live) -> Iterator[None]:
    """Another process holds the database for writing."""
    other = sqlite3.connect(live.settings.database_url.removeprefix("sqlite:///"))
    other.isolation_level = None
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
