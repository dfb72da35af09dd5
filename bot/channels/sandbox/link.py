"""The server's end of the AI bot's long connection: one connection, JSON frames."""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bot.channels.sandbox.conversations import Conversations
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Refused

Body = Mapping[str, Any]
Rule = Callable[[str, Body], None]


class Link:
    """Accepts WebSockets at `handle`, lets one be the bot, and sends it callbacks."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self.conversations = Conversations(corp)
        self._bot: web.WebSocketResponse | None = None
        self._sockets: set[web.WebSocketResponse] = set()
        said = self.conversations
        self._rules: Mapping[str, Rule] = {
            "ping": lambda _req_id, _body: None,
            "aibot_respond_msg": said.respond,
            "aibot_respond_welcome_msg": said.welcome,
            "aibot_respond_update_msg": said.update,
            "aibot_send_msg": lambda _req_id, body: said.send(body),
        }

    @property
    def up(self) -> bool:
        """Whether a bot is subscribed now."""
        return self._bot is not None

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one WebSocket until it ends."""
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._frame(socket, message.data)
        finally:
            self._sockets.discard(socket)
            self._lost(socket)
        return socket

    async def tell(self, cmd: str, req_id: str, body: Body) -> bool:
        """Send a callback down the link; False where no bot is there to hear it.

        `req_id` comes from `conversations.asked`.
        """
        if self._bot is None:
            return False
        return await _send(self._bot, {"cmd": cmd, "headers": {"req_id": req_id}, "body": body})

    async def close(self) -> None:
        """Cut every connection, as a network would."""
        for socket in tuple(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def _frame(self, socket: web.WebSocketResponse, text: str) -> None:
        frame = _parse(text)
        cmd, req_id, body = _field(frame, "cmd"), _req_id(frame), frame.get("body")
        failure = self._corp.failures.next(cmd)
        answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
        try:
            failure.refuse()
            await self._obey(socket, cmd, req_id, body if isinstance(body, dict) else {})
        except Refused as refused:
            answer = {"errcode": refused.errcode, "errmsg": str(refused)}
        await asyncio.sleep(failure.hang_s)
        if failure.drop:
            await socket.close()
            return
        await _send(socket, {"headers": {"req_id": req_id}, **answer})

    async def _obey(
        self, socket: web.WebSocketResponse, cmd: str, req_id: str, body: Body
    ) -> None:
        if cmd == "aibot_subscribe":
            await self._subscribe(socket, body)
            return
        if socket is not self._bot:
            raise Refused(846609)
        if cmd not in self._rules:
            raise Refused(40058, "cmd")
        self._rules[cmd](req_id, body)

    async def _subscribe(self, socket: web.WebSocketResponse, body: Body) -> None:
        identity = self._corp.identity
        if body.get("bot_id") != identity.aibot_id:
            raise Refused(93019)
        if body.get("secret") != identity.aibot_secret:
            raise Refused(40001)
        old, self._bot = self._bot, socket
        self._corp.aibot_mode = "link"
        if old is not None and old is not socket:
            await self._take_over(old)
        self._corp.tell("link", text="up")

    async def _take_over(self, old: web.WebSocketResponse) -> None:
        body = event_body(self._corp, "disconnected_event")
        headers = {"req_id": secrets.token_urlsafe(18)}
        await _send(old, {"cmd": "aibot_event_callback", "headers": headers, "body": body})
        await old.close()
        self._corp.tell("link", text="taken over")

    def _lost(self, socket: web.WebSocketResponse) -> None:
        if socket is self._bot:
            self._bot = None
            self._corp.tell("link", text="down")


def event_body(corp: Corp, eventtype: str) -> dict[str, Any]:
    """Give the fields every event of the AI bot has (wecom-protocol.md 6.2)."""
    return {
        "msgid": secrets.token_urlsafe(18),
        "create_time": corp.now() // 1000,
        "aibotid": corp.identity.aibot_id,
        "msgtype": "event",
        "event": {"eventtype": eventtype},
    }


async def _send(socket: web.WebSocketResponse, frame: Body) -> bool:
    """Whether the frame could be written; the other end may be gone without a word."""
    try:
        await socket.send_str(json.dumps(frame, ensure_ascii=False))
    except ConnectionResetError:
        return False
    return True


def _parse(text: str) -> Body:
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def _field(frame: Body, key: str) -> str:
    value = frame.get(key)
    return value if isinstance(value, str) else ""


def _req_id(frame: Body) -> str:
    headers = frame.get("headers")
    return _field(headers, "req_id") if isinstance(headers, dict) else ""
