"""Calling the bot back over HTTP: encrypted, signed, three tries, five seconds each."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.channels.sandbox.corp import Corp

# wecom-protocol.md 1.1.
TRIES = 3
ANSWER_S = 5.0
VERIFY_S = 1.0
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The body of the accepting answer (may be empty) and the nonce of the try it answers."""

    text: str
    nonce: str


class Caller:
    """Posts callbacks to `bot_url` + `/callback/<surface>`.

    `bot_url` is an origin and may be set later than the sandbox starts; `answer_s` replaces
    WeCom's five seconds where a test cannot wait that long.
    """

    def __init__(self, corp: Corp, session: ClientSession, bot_url: str, answer_s: float) -> None:
        self._corp = corp
        self._session = session
        self.bot_url = bot_url
        self.answer_s = answer_s

    async def call(self, surface: str, plain: str, tries: int = TRIES) -> Answered | None:
        """Deliver a callback; None, and an `unheard` change, when no try was answered 200."""
        status = 0
        for _ in range(tries):
            # Each try is encrypted and signed anew; only the message inside stays the same.
            query, body = self._signed(surface, plain)
            status, text = await self._try("POST", surface, query, body)
            if status == OK:
                return Answered(text=text, nonce=query["nonce"])
        self._corp.tell("unheard", channel=surface, status=status)
        return None

    async def verify(self, surface: str) -> bool:
        """Give what the console does when the callback URL is saved: echo within a second."""
        echo = secrets.token_hex(8)
        query, _ = self._signed(surface, echo, parameter="echostr")
        status, text = await self._try("GET", surface, query, b"")
        return status == OK and text == echo

    def _signed(
        self, surface: str, plain: str, parameter: str = ""
    ) -> tuple[dict[str, str], bytes]:
        crypto = self._corp.identity.callback_crypto(surface)
        encrypt = crypto.encrypt(plain)
        timestamp, nonce = str(self._corp.now() // 1000), secrets.token_hex(8)
        query = {
            "msg_signature": crypto.signature(timestamp, nonce, encrypt),
            "timestamp": timestamp,
            "nonce": nonce,
        }
        body = _ENVELOPES[surface](self._corp, encrypt).encode()
        return query | ({parameter: encrypt} if parameter else {}), body

    async def _try(
        self, method: str, surface: str, query: Mapping[str, str], body: bytes
    ) -> tuple[int, str]:
        """Give the status and body, or (0, "") where no whole answer came in time."""
        seconds = self.answer_s if method == "POST" else min(self.answer_s, VERIFY_S)
        try:
            async with self._session.request(
                method,
                f"{self.bot_url}/callback/{surface}",
                params=query,
                data=body or None,
                allow_redirects=False,
                timeout=ClientTimeout(total=seconds),
            ) as response:
                return response.status, await response.text(errors="replace")
        except (TimeoutError, ClientError):
            return 0, ""


def _app_envelope(corp: Corp, encrypt: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{corp.identity.corp_id}]]></ToUserName>"
        f"<AgentID><![CDATA[{corp.identity.agent_id}]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    )


_ENVELOPES: Mapping[str, Callable[[Corp, str], str]] = {
    "app": _app_envelope,
    "robot": lambda _corp, encrypt: f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>",
    "aibot": lambda _corp, encrypt: json.dumps({"encrypt": encrypt}),
}
