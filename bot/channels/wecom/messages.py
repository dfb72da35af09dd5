"""The messages that one delivery goes out as: its texts in pieces, then what it carries."""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import PurePath

from bot.channels.wecom import cards
from bot.channels.wecom.attempts import Delivery, Ways, refuse
from bot.channels.wecom.raw_json import Json

# Bytes of text in one message: text 2048, the AI bot's markdown 20,480.
TEXT_LIMITS = dict.fromkeys(("appchat", "app", "webhook", "robot"), 2048)
TEXT_LIMITS |= dict.fromkeys(("aibot", "link"), 20_480)
_ELLIPSIS = "\u2026"
_MAX_PICTURE = 2 << 20  # bytes, in a webhook message
_PICTURE = "picture.png"


def messages(delivery: Delivery) -> int:
    """Return how many messages the delivery goes out as, which is what windows count."""
    if cards.able(delivery) and (delivery.apart or cards.holds_all(delivery)):
        return 1
    extra = (delivery.image, delivery.file, delivery.picture, cards.able(delivery))
    return len(_pieces(delivery)) + sum(map(bool, extra))


def split_utf8(text: str, limit: int) -> tuple[str, ...]:
    """Cut `text` into pieces of at most `limit` (>= 4) UTF-8 bytes, between characters.

    A line end in the second half of a piece is the better place. Nothing is lost, except that
    lone surrogates become `?`; an empty text has no pieces.
    """
    raw, start, pieces = text.encode("utf-8", "replace"), 0, []
    while start < len(raw):
        end = _border(raw, start, start + limit)
        pieces.append(raw[start:end].decode())
        start = end
    return tuple(pieces)


def _border(raw: bytes, start: int, end: int) -> int:
    if end >= len(raw):
        return len(raw)
    while raw[end] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8's mark of a continuing byte
        end -= 1
    line_end = raw.rfind(b"\n", (start + end) // 2, end)
    return end if line_end < 0 else line_end + 1


def _pieces(delivery: Delivery) -> list[str]:
    limit = TEXT_LIMITS[delivery.channel]
    pieces = [piece for piece in split_utf8(delivery.text, limit) if piece.strip()]
    if delivery.channel == "aibot" and len(pieces) > 1:  # its response_url works once
        return [split_utf8(delivery.text, limit - len(_ELLIPSIS.encode()))[0] + _ELLIPSIS]
    return pieces


async def composed(delivery: Delivery, ways: Ways) -> list[Json]:
    """Return the delivery's messages in order, with everything uploaded that they refer to.

    Raises `errors.Permanent` for what the channel does not carry or nobody can read.
    """
    return _texts(delivery) + await _media(delivery, ways)


def _texts(delivery: Delivery) -> list[Json]:
    pieces = _pieces(delivery)
    if delivery.channel in ("aibot", "link"):
        return [{"msgtype": "markdown", "markdown": {"content": piece}} for piece in pieces]
    found: list[Json] = [{"msgtype": "text", "text": {"content": piece}} for piece in pieces]
    if found and delivery.mentions:
        mentioned = {"content": pieces[0], "mentioned_list": list(delivery.mentions)}
        found[0] = {"msgtype": "text", "text": mentioned}
    return found


async def _media(delivery: Delivery, ways: Ways) -> list[Json]:
    found: list[Json] = []
    wanted: list[tuple[str, str, Callable[[], Awaitable[bytes]]]] = [
        (kind, name, partial(ways.load, name))
        for kind, name in (("image", delivery.image), ("file", delivery.file))
        if name
    ]
    if delivery.picture:
        wanted.append(("image", _PICTURE, partial(ways.draw, delivery.picture)))
    for kind, name, load in wanted:
        try:
            carried = await _carried(delivery, ways, kind, name, load)
        except OSError as problem:
            refuse(delivery, f"cannot read {name} ({type(problem).__name__})")
        found.append({"msgtype": kind, kind: carried})
    return found


async def _carried(
    delivery: Delivery, ways: Ways, kind: str, name: str, load: Callable[[], Awaitable[bytes]]
) -> Json:
    if delivery.channel in ("appchat", "app"):
        data = await load()
        return {"media_id": await ways.api.media_upload(kind, PurePath(name).name, data)}
    if delivery.channel not in ("webhook", "robot") or kind != "image":
        refuse(delivery, f"this channel carries no {kind}")
    data = await load()
    if len(data) > _MAX_PICTURE:
        refuse(delivery, f"{name} is larger than 2 MB")
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {"base64": base64.b64encode(data).decode(), "md5": digest}
