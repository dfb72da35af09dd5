"""The HTTP door for WeCom's callbacks: check, decrypt, translate, hand on, answer.

Nothing is kept before a request is rightly signed; no input leads to a 5xx of this module's own
making other than 503, which asks WeCom to send again (three times in all).
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from aiohttp import web

from bot.channels.wecom import payloads, replies
from bot.channels.wecom.crypto import CallbackCrypto, CallbackForged, CallbackMalformed
from bot.channels.wecom.heard import Heard, SurfaceName, Unusable
from bot.channels.wecom.incoming import Refused, Signed, ciphertext, parameter, signed
from bot.channels.wecom.replies import Family
from bot.channels.wecom.translate import heard_from_aibot, heard_from_app, heard_from_robot
from sop.frozen import quick

_log = logging.getLogger(__name__)

_PARSERS = {"app": payloads.parse_xml, "aibot": payloads.parse_json, "robot": payloads.parse}
_CONTENT_TYPES: Mapping[Family, str] = {"xml": "text/xml", "json": "application/json"}
# For the server that mounts the routes: aiohttp would unpack compressed bodies before any handler
# sees them (and answer 400 to what it cannot unpack), would read a refused body for 10 s, and
# would wait an hour for a request's head; a proxy keeps idle connections for a minute.
RUNNER_OPTIONS: Mapping[str, Any] = {
    "auto_decompress": False,
    "lingering_time": 1.0,
    "keepalive_timeout": 75.0,
}
# What is refused unread must not be read later: the connection goes with it.
_CLOSING = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One configured callback address; `bot_name` helps where the bot's name has blanks."""

    crypto: CallbackCrypto
    bot_name: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What must not come again with another message id: seconds since 1970 and the nonce."""

    surface: SurfaceName
    timestamp: int
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """What a pressed card becomes for who pressed it: `name` in its buttons' place, or `card`."""

    name: str
    card: Mapping[str, object]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the intake decided: 200 (kept, or a repeat), 403 (a reused nonce), 503 (not kept).

    `text` goes back in the response where `Heard.route.waiting` says that it can, else it is
    dropped with a warning; an AI bot's takes the `card` with it. `replaced` is what a pressed card
    becomes. `mentions` are userids, used by the robot only. `written` is called once the response
    with the text has been handed to the connection, and not if that failed.
    """

    status: Literal[200, 403, 503]
    text: str = ""
    mentions: tuple[str, ...] = ()
    card: Mapping[str, object] | None = None
    replaced: Replaced | None = None
    written: Callable[[], None] | None = None


# Must answer within 4 s, so that WeCom's 5 s hold.
Accept = Callable[[Heard, Replay], Awaitable[Answer]]
# (surface, decrypted payload, reason): keeps a dead event.
Reject = Callable[[SurfaceName, str, str], Awaitable[None]]

_Written = Callable[[], None] | None
_Handler = Callable[[web.Request], Awaitable[tuple[web.Response, _Written]]]
_Guarded = Callable[[web.Request], Awaitable[web.Response]]


def callback_routes(
    surfaces: Mapping[SurfaceName, Surface],
    accept: Accept,
    now: Callable[[], int],
    *,
    reject: Reject,
    body_s: float = 5.0,
    refused: Callable[[str, int], None] = lambda _surface, _status: None,
) -> list[web.RouteDef]:
    """Give GET and POST `/callback/<surface>` for each configured surface; others stay 404.

    `now` gives ms UTC. A rightly signed message of any kind, also an ignored one, reaches
    `accept`; one that lacks its id, sender or group reaches `reject` and is answered 200. If
    either raises, the answer is 503. `refused` is told the surface and status of every refusal.
    `body_s` bounds the time a body may take to arrive. The
    server should be started with RUNNER_OPTIONS.
    """
    doors = [
        _Door(name, surface, accept=accept, reject=reject, now=now, body_s=body_s, refused=refused)
        for name, surface in surfaces.items()
    ]
    return [route for door in doors for route in door.routes()]


class _Door:
    """The handlers of one surface."""

    def __init__(
        self,
        name: SurfaceName,
        surface: Surface,
        *,
        accept: Accept,
        reject: Reject,
        now: Callable[[], int],
        body_s: float,
        refused: Callable[[str, int], None],
    ) -> None:
        self._name = name
        self._crypto = surface.crypto
        self._bot_name = surface.bot_name
        self._accept = accept
        self._reject = reject
        self._now = now
        self._body_s = body_s
        self._refused = refused

    def routes(self) -> list[web.RouteDef]:
        path = f"/callback/{self._name}"
        return [
            web.get(path, self._guarded(self._verify), allow_head=False),
            web.post(path, self._guarded(self._hear)),
        ]

    def _guarded(self, handler: _Handler) -> _Guarded:
        async def guarded(request: web.Request) -> web.Response:
            response, written = await self._outcome(handler, request)
            # Sent here, past the boundary: nothing can answer a request twice.
            if written is not None:
                await response.prepare(request)
                await response.write_eof()
                written()
            return response

        return guarded

    async def _outcome(
        self, handler: _Handler, request: web.Request
    ) -> tuple[web.Response, _Written]:
        try:
            return await handler(request)
        except CallbackForged as error:
            return self._refusal(HTTPStatus.FORBIDDEN, error.reason), None
        except CallbackMalformed as error:
            return self._refusal(HTTPStatus.BAD_REQUEST, error.reason), None
        except Refused as error:
            return self._refusal(error.status, error.reason), None
        except Exception:  # noqa: BLE001 - the door's boundary: WeCom sends again after a 503
            _log.exception("callback failed", extra={"surface": self._name})
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE), None

    def _refusal(self, status: HTTPStatus, reason: str) -> web.Response:
        self._refused(self._name, int(status))
        fields = {"surface": self._name, "status": int(status), "reason": reason}
        _log.info("callback refused", extra=fields)
        response = web.Response(status=status)
        if status in _CLOSING:
            response.force_close()
        return response

    async def _verify(self, request: web.Request) -> tuple[web.Response, _Written]:
        """Prove to WeCom that the address is ours: the decrypted echo and nothing else."""
        query = signed(request, self._now())
        # No base64 has a blank: it is a plus sign that was not escaped on its way.
        echo = parameter(request, "echostr").replace(" ", "+")
        body = self._opened(query, echo).encode()
        return web.Response(body=body, content_type="text/plain", charset="utf-8"), None

    async def _hear(self, request: web.Request) -> tuple[web.Response, _Written]:
        query = signed(request, self._now())
        family, encrypt = await ciphertext(request, self._name, self._body_s)
        text = self._opened(query, encrypt)
        payload = _PARSERS[self._name](text)
        try:
            heard = self._translate(payload)
        except Unusable as error:
            await self._reject(self._name, text, error.reason)
            return web.Response(), None
        replay = Replay(surface=self._name, timestamp=int(query.timestamp), nonce=query.nonce)
        answer = await self._accept(heard, replay)
        if answer.replaced is not None and heard.card:
            text = self._replace(heard, answer.replaced, query.nonce)
            return web.Response(text=text, content_type=_CONTENT_TYPES[family]), None
        if not answer.text or not self._may_carry(heard, answer):
            return web.Response(status=answer.status), None
        reply = self._reply(heard, answer, family, query.nonce)
        response = web.Response(text=reply, content_type=_CONTENT_TYPES[family], charset="utf-8")
        return response, answer.written

    def _opened(self, query: Signed, encrypt: str) -> str:
        """Give the text inside; a refusal names the setting that may not be what WeCom shows."""
        own = f"WECOM_{self._name.upper()}"
        try:
            self._crypto.verify(query.signature, query.timestamp, query.nonce, encrypt)
        except CallbackForged as error:
            asked = f"is {own}_TOKEN the Token that WeCom shows?"
            raise CallbackForged(f"{error.reason}; {asked}") from None
        try:
            return self._crypto.decrypt(encrypt)
        except CallbackMalformed as error:
            asked = f"is {own}_AES_KEY the EncodingAESKey that WeCom shows?"
            raise CallbackMalformed(f"{error.reason}; {asked}") from None
        except CallbackForged as error:
            asked = f"is WECOM_CORP_ID right, and {own}_AES_KEY?"
            raise CallbackForged(f"{error.reason}; {asked}") from None

    def _may_carry(self, heard: Heard, answer: Answer) -> bool:
        if answer.status != HTTPStatus.OK.value:
            return False
        if not heard.route.waiting:
            fields = {"surface": self._name, "event": heard.event}
            _log.warning("callback cannot carry an answer", extra=fields)
        return heard.route.waiting

    def _translate(self, payload: dict[str, object]) -> Heard:
        if self._name == "app":
            return heard_from_app(payload)
        if self._name == "aibot":
            return heard_from_aibot(payload, bot_name=self._bot_name)
        return heard_from_robot(payload, bot_name=self._bot_name)

    def _reply(self, heard: Heard, answer: Answer, family: Family, nonce: str) -> str:
        text, crypto, timestamp = answer.text, self._crypto, self._now() // 1000
        if self._name == "app":
            sent_by = crypto.receive_id
            return replies.passive_app(text, heard.sender, sent_by, crypto, nonce, timestamp)
        if self._name == "robot":
            return replies.passive_robot(text, answer.mentions, crypto, nonce, timestamp, family)
        if heard.event == "enter_chat":
            return replies.passive_aibot_welcome(text, crypto, nonce, timestamp)
        polled = heard.fields.get("stream_id")
        stream_id = polled if isinstance(polled, str) else replies.stream_id(heard.key)
        return replies.passive_aibot(text, stream_id, crypto, nonce, timestamp, answer.card)

    def _replace(self, heard: Heard, replaced: Replaced, nonce: str) -> str:
        crypto, timestamp = self._crypto, self._now() // 1000
        if self._name == "aibot":
            card, presser = replaced.card, heard.sender
            return replies.passive_aibot_update(card, presser, crypto, nonce, timestamp)
        to, sent_by = heard.sender, crypto.receive_id
        return replies.passive_app_button(replaced.name, to, sent_by, crypto, nonce, timestamp)
