"""Deliveries tried against a WeCom of the test's own."""

import asyncio
import dataclasses
from typing import Any

from bot.channels.wecom.attempts import Delivery, Result, Ways
from bot.channels.wecom.outgoing import deliver
from sop.events import ReplyRoute
from tests.integration.wecom.fake_wecom import World, world

PICTURE = b"\x89PNG picture"


class Line:
    """A long connection that writes down what is said, and fails as told."""

    def __init__(self, *failures: Exception) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.failures = list(failures)

    async def _say(self, *said: Any) -> dict[str, Any]:
        self.said.append(said)
        if self.failures:
            raise self.failures.pop(0)
        return {}

    async def respond(self, req_id: str, body: Any):
        return await self._say("respond", req_id, body["markdown"]["content"])

    async def send(self, chatid: str, chat_type: int, body: Any):
        return await self._say("send", chatid, chat_type, body["markdown"]["content"])


def ways(w: World, link: Any = None) -> Ways:
    async def load(name: str) -> bytes:
        if name == "missing.png":
            raise FileNotFoundError(name)
        return b"x" * (2 << 20) + b"x" if name == "big.png" else PICTURE

    async def draw(picture: Any) -> bytes:
        if picture["kind"] == "none":
            raise OSError("nobody draws that")
        return PICTURE * (1 << 20 if picture["kind"] == "big" else 1)

    return Ways(api=w.api, agent_id=7, load=load, now=w.clock, link=link, draw=draw)


def tried(delivery: Delivery, link: Any = None, **answers: Any):
    """Deliver once; give the result, and the bodies sent by API in order."""

    async def play() -> tuple[Result, list[tuple[str, Any]]]:
        async with world(**answers) as w:
            route = delivery.route
            if route != ReplyRoute():
                route = dataclasses.replace(
                    route,
                    response_url=route.response_url and w.base + route.response_url,
                    webhook_url=route.webhook_url and w.base + route.webhook_url,
                )
            result = await deliver(dataclasses.replace(delivery, route=route), ways(w, link))
            return result, [(n, b) for n, _, b in w.wecom.asked if n != "gettoken"]

    return asyncio.run(play())


def post(**more: Any) -> Delivery:
    return Delivery(**{"do": "post", "channel": "appchat", "chat_id": "c1", "text": "早"} | more)
