"""The callback routes on a real aiohttp server, with an intake that writes down what it hears."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.wecom.callbacks import RUNNER_OPTIONS, Answer, Replay, Surface, callback_routes
from bot.channels.wecom.crypto import CallbackCrypto
from bot.channels.wecom.heard import Heard

CORP = "ww0123456789abcdef"
NOW = 1_760_000_000
CRYPTO = {
    "app": CallbackCrypto("tok-app", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE", CORP),
    "aibot": CallbackCrypto("tok-aibot", "bbcdefghijklmnopqrstuvwxyz0123456789ABCDEFE", ""),
    "robot": CallbackCrypto("tok-robot", "cbcdefghijklmnopqrstuvwxyz0123456789ABCDEFE", ""),
}
ENVELOPES = {
    "app": "<xml><ToUserName>ww</ToUserName><Encrypt><![CDATA[{}]]></Encrypt></xml>",
    "aibot": '{{"encrypt":"{}"}}',
    "robot": "<xml><Encrypt><![CDATA[{}]]></Encrypt></xml>",
    "robot-json": '{{"encrypt":"{}"}}',
}
APP_TEXT = (
    f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>zhang.san</FromUserName>"
    "<CreateTime>1760000000</CreateTime><MsgType>text</MsgType><Content>签到</Content>"
    "<MsgId>42</MsgId><AgentID>1000002</AgentID></xml>"
)
AIBOT_TEXT = json.dumps(
    {
        "msgid": "m-1",
        "chatid": "wrk1",
        "chattype": "group",
        "from": {"userid": "zhang.san"},
        "msgtype": "text",
        "text": {"content": "@Helper 签到"},
    },
    ensure_ascii=False,
)
ROBOT_TEXT = (
    "<xml><ChatId>wrk1</ChatId><ChatType>group</ChatType><MsgId>C7</MsgId>"
    "<From><UserId>T100</UserId><Name>Zhang San</Name></From>"
    "<MsgType>text</MsgType><Text><Content>@Helper 签到</Content></Text></xml>"
)
ROBOT_JSON = (
    '{"msgid":"C7","chatid":"wrk1","chattype":"group","from":{"userid":"T100","name":"Zhang San"},'
    '"msgtype":"text","text":{"content":"@Helper 签到"}}'
)
TEXTS = {"app": APP_TEXT, "aibot": AIBOT_TEXT, "robot": ROBOT_TEXT, "robot-json": ROBOT_JSON}


@dataclass
class Intake:
    """Answers every message with `answer` (raises it, if it is an exception) after `pause_s`."""

    answer: Answer | Exception = field(default_factory=lambda: Answer(status=200))
    heard: list[tuple[Heard, Replay]] = field(default_factory=list)
    dead: list[tuple[str, str, str]] = field(default_factory=list)
    pause_s: float = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, heard: Heard, replay: Replay) -> Answer:
        self.heard.append((heard, replay))
        self.arrived.set()
        await asyncio.sleep(self.pause_s)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def reject(self, surface: str, payload: str, reason: str) -> None:
        self.dead.append((surface, payload, reason))

    @property
    def untouched(self) -> bool:
        return not self.heard and not self.dead


@dataclass(frozen=True)
class Request:
    """One callback, right in every respect unless told otherwise; `form` is a key of ENVELOPES."""

    form: str = "aibot"
    text: str | None = None
    timestamp: str = str(NOW)
    nonce: str = "n0nce42"
    signature: str | None = None
    crypto: CallbackCrypto | None = None

    @property
    def surface(self) -> str:
        return self.form.partition("-")[0]

    @property
    def path(self) -> str:
        return f"/callback/{self.surface}"

    @property
    def encrypt(self) -> str:
        crypto = self.crypto or CRYPTO[self.surface]
        return crypto.encrypt(TEXTS[self.form] if self.text is None else self.text)

    def signed(self, encrypt: str) -> dict[str, str]:
        signature = self.signature
        if signature is None:
            signature = CRYPTO[self.surface].signature(self.timestamp, self.nonce, encrypt)
        return {"msg_signature": signature, "timestamp": self.timestamp, "nonce": self.nonce}

    def built(self) -> tuple[dict[str, str], bytes]:
        encrypt = self.encrypt
        return self.signed(encrypt), ENVELOPES[self.form].format(encrypt).encode()


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    text: str
    content_type: str


def with_door(
    intake: Intake, use: Callable[[TestClient], Awaitable[None]], body_s: float = 5.0
) -> None:
    """Serve the three surfaces on loopback while `use` talks to them."""

    async def serve() -> None:
        app = web.Application()
        surfaces = {name: Surface(crypto=crypto) for name, crypto in CRYPTO.items()}
        app.add_routes(
            callback_routes(
                surfaces, intake.accept, lambda: NOW * 1000, reject=intake.reject, body_s=body_s
            )
        )
        server = TestServer(app)
        await server.start_server(**RUNNER_OPTIONS)
        async with TestClient(server) as client:
            await use(client)

    asyncio.run(serve())


def post(request: Request, intake: Intake, body: bytes | None = None, **options: object) -> Got:
    """Send one callback; `body` replaces the envelope, signed or not."""
    got: list[Got] = []

    async def use(client: TestClient) -> None:
        params, built = request.built()
        data = io.BytesIO(built if body is None else body)
        async with client.post(request.path, params=params, data=data, **options) as response:
            text = await response.text()
            got.append(Got(response.status, text, response.content_type))

    with_door(intake, use)
    return got[0]
