"""Reads one callback request up to its ciphertext: query, body, envelope, each within bounds."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.http_exceptions import PayloadEncodingError

from bot.channels.wecom import payloads
from bot.channels.wecom.crypto import CallbackForged, CallbackMalformed
from bot.channels.wecom.heard import SurfaceName
from bot.channels.wecom.reading import text_at
from bot.channels.wecom.replies import Family
from sop.frozen import quick

MAX_SKEW_MS = 10 * 60 * 1000
# A nonce is kept for two hours, so it must be short and fit any column.
_MAX_NONCE = 128
# Seconds since 1970 have 10 digits until the year 2286.
_MAX_TIMESTAMP = 12

# Which envelope a surface may use, and where it keeps the ciphertext (wecom-protocol.md 1.2).
_ENVELOPES: Mapping[SurfaceName, Mapping[Family, str]] = {
    "app": {"xml": "Encrypt"},
    "aibot": {"json": "encrypt"},
    "robot": {"xml": "Encrypt", "json": "encrypt"},
}


class Refused(Exception):
    """The request is turned away with `status` before its body is read to the end."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a callback URL carries; `timestamp` is the text that was signed."""

    signature: str
    timestamp: str
    nonce: str


def signed(request: web.Request, now: int) -> Signed:
    """Read the signed parameters; the signature itself is not checked here.

    CallbackMalformed when one is missing, empty, repeated or unfit to keep; CallbackForged when
    the timestamp is no time within MAX_SKEW_MS of `now`.
    """
    query = Signed(
        signature=parameter(request, "msg_signature"),
        timestamp=parameter(request, "timestamp"),
        nonce=parameter(request, "nonce"),
    )
    nonce = query.nonce
    if len(nonce) > _MAX_NONCE or not (nonce.isascii() and nonce.isprintable()):
        raise CallbackMalformed("the nonce is no short ASCII text")
    stamp = query.timestamp
    if not (stamp.isascii() and stamp.isdigit()) or len(stamp) > _MAX_TIMESTAMP:
        raise CallbackForged("the timestamp is not in seconds")
    if abs(now - int(stamp) * 1000) > MAX_SKEW_MS:
        raise CallbackForged(
            "the timestamp is over 10 minutes off; is this machine's clock right?"
        )
    return query


def parameter(request: web.Request, name: str) -> str:
    """Give a query parameter; CallbackMalformed unless it is there exactly once and not empty."""
    values = request.query.getall(name, [])
    if len(values) != 1 or not values[0]:
        raise CallbackMalformed(f"{name} must be given once")
    return values[0]


async def ciphertext(
    request: web.Request, surface: SurfaceName, body_s: float
) -> tuple[Family, str]:
    """Read the envelope: its family and what it encloses; Refused or CallbackMalformed."""
    try:
        text = (await _body(request, body_s)).decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise CallbackMalformed("the body is not UTF-8") from error
    family: Family = "json" if text.lstrip()[:1] == "{" else "xml"
    key = _ENVELOPES[surface].get(family)
    encrypt = text_at(payloads.parse(text), (key,)) if key else ""
    if not encrypt:
        raise CallbackMalformed("the envelope holds no ciphertext")
    return family, encrypt


async def _body(request: web.Request, body_s: float) -> bytes:
    if request.headers.get(hdrs.CONTENT_ENCODING, "").strip().lower() not in {"", "identity"}:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is compressed")
    if (request.content_length or 0) > payloads.MAX_BYTES:
        raise _too_large()
    try:
        if request.content.is_eof():
            # Nearly every body arrives with its head: no clock need be set for it.
            return _bounded(request.content.read_nowait())
        async with asyncio.timeout(body_s):
            return await _chunks(request)
    except TimeoutError as error:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, "the body came too slowly") from error
    except (web.RequestPayloadError, PayloadEncodingError) as error:
        raise CallbackMalformed("the body's transfer coding is broken") from error


async def _chunks(request: web.Request) -> bytes:
    received = bytearray()
    async for chunk in request.content.iter_any():
        received += chunk
        if len(received) > payloads.MAX_BYTES:
            raise _too_large()
    return bytes(received)


def _bounded(body: bytes) -> bytes:
    if len(body) > payloads.MAX_BYTES:
        raise _too_large()
    return body


def _too_large() -> Refused:
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is over 1 MiB")
