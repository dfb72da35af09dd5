"""The program as operators run it: `python -m bot run` in a process of its own."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.channels.sandbox import payloads
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.server import Sandbox, running
from bot.clock.wall import WallClock
from tests.integration.live import a_corp

ROOT = Path(__file__).parent.parent.parent
ORIGIN = re.compile(r"(http://\S+?)(?:/play)?\s")


@dataclass
class Process:
    """A running program. `origin` is where it listens, once it does."""

    child: asyncio.subprocess.Process
    origin: str = ""

    async def listening(self) -> "Process":
        assert self.child.stdout is not None
        async with asyncio.timeout(30):
            while not self.origin:
                line = (await self.child.stdout.readline()).decode()
                assert line, await self.said()
                found = ORIGIN.search(line)
                self.origin = found[1] if found else ""
        return self

    async def said(self) -> str:
        """Everything on standard error, once it has ended."""
        assert self.child.stderr is not None
        return (await self.child.stderr.read()).decode()

    async def ended(self, seconds: float = 30.0) -> tuple[int, str]:
        """The exit code and standard error."""
        async with asyncio.timeout(seconds):
            said = await self.said()
            return await self.child.wait(), said

    def tell(self, what: signal.Signals) -> None:
        self.child.send_signal(what)


@contextlib.asynccontextmanager
async def process(folder: Path, environ: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run `python -m bot run` in `folder`, with nothing else in its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run",
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environ},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Process(child)
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


def environ_for(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """A real configuration whose WeCom is the sandbox."""
    who = sandbox.corp.identity
    return {
        "PORT": "0",
        "DATA_DIR": str(folder),
        "ADMIN_PASSWORD": "a long one",
        "SESSION_SECRET": "another long one",
        "BOT_NAME": who.bot_name,
        "WECOM_API_BASE": sandbox.api_base,
        "WECOM_CORP_ID": who.corp_id,
        "WECOM_APP_AGENT_ID": str(who.agent_id),
        "WECOM_APP_SECRET": who.app_secret,
        "WECOM_APP_TOKEN": who.app_token,
        "WECOM_APP_AES_KEY": who.app_aes_key,
        "WECOM_AIBOT_TOKEN": who.aibot_token,
        "WECOM_AIBOT_AES_KEY": who.aibot_aes_key,
    }


@contextlib.asynccontextmanager
async def sandboxed() -> AsyncIterator[Sandbox]:
    clock = WallClock()
    async with running(a_corp(clock)) as sandbox:
        yield sandbox


def message(corp: Corp, userid: str, text: str) -> dict[str, Any]:
    person = corp.person(userid)
    assert person is not None
    return payloads.aibot_message(corp, corp.chats["alpha"], person, f"@Qunyun {text}", "")


async def load(
    corp: Corp,
    client: aiohttp.ClientSession,
    bot: Process,
    said: list[dict[str, Any]],
    taken: set[str],
) -> None:
    """Send all messages, a few at a time, until the bot hears no more."""
    crypto = corp.identity.callback_crypto("aibot")
    waiting = iter(said)

    async def one_after_the_other() -> None:
        for payload in waiting:
            stamp, nonce = str(int(time.time())), str(payload["msgid"])[:16]
            encrypt = crypto.encrypt(json.dumps(payload, ensure_ascii=False))
            query = {
                "msg_signature": crypto.signature(stamp, nonce, encrypt),
                "timestamp": stamp,
                "nonce": nonce,
            }
            url = f"{bot.origin}/callback/aibot"
            with contextlib.suppress(aiohttp.ClientError):
                async with client.post(url, params=query, json={"encrypt": encrypt}) as answer:
                    if answer.status == 200:
                        taken.add(str(payload["msgid"]))

    await asyncio.gather(*(one_after_the_other() for _ in range(16)))
