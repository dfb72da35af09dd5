"""What a message holds: the types each way of sending takes, their sizes, and their text."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.sandbox import cards
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Refused

MENTION = re.compile(r"<@([^<>\s]{1,64})>")
IMAGE_BYTES = 2 * 1024 * 1024

# Message types and the bytes of text each may hold (None: nothing that is measured).
# wecom-protocol.md 2.4, 3, 5.1, 6.5 and 6.6.
_MEDIA = {"image": None, "voice": None, "video": None, "file": None}
_APP = {"text": 2048, "markdown": 2048, "textcard": None, "news": None, "mpnews": None}
APPCHAT: Mapping[str, int | None] = {**_APP, **_MEDIA}
MESSAGE: Mapping[str, int | None] = {**APPCHAT, "miniprogram_notice": None, "template_card": None}
WEBHOOK: Mapping[str, int | None] = {
    "text": 2048,
    "markdown": 4096,
    "markdown_v2": 4096,
    "webhook_image": None,
    "news": None,
    "file": None,
    "voice": None,
    "template_card": None,
}
RESPONSE: Mapping[str, int | None] = {"markdown": 20_480, "template_card": None}
LINK_SEND: Mapping[str, int | None] = {**RESPONSE, **_MEDIA}
LINK_RESPOND: Mapping[str, int | None] = {**LINK_SEND, "stream": 20_480}
WELCOME: Mapping[str, int | None] = {"text": 2048, "template_card": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A message as people see it. `mentions` are ids as sent, or `@all`.

    `picture` names what it shows, see `Corp.pictures`.
    """

    msgtype: str
    text: str
    mentions: tuple[str, ...] = ()
    picture: str = ""
    face: cards.Face | None = None

    @property
    def shown(self) -> Mapping[str, Any]:
        """What `Corp.tell` is told of it, for whoever sees it."""
        told: dict[str, Any] = {"text": self.text, "msgtype": self.msgtype}
        if self.face is not None:
            told["card"] = self.face.shown
        return {**told, "picture": self.picture} if self.picture else told


def strings(value: object) -> tuple[str, ...]:
    """Give the strings of a JSON list; empty for anything else."""
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def read(corp: Corp, body: Mapping[str, Any], takes: Mapping[str, int | None]) -> Content:
    """Give the content of a request, or Refused: 40008 type, 44004 empty, 45002 too long, ..."""
    msgtype = body.get("msgtype")
    named = "webhook_image" if msgtype == "image" and "webhook_image" in takes else msgtype
    if not isinstance(named, str) or named not in takes:
        raise Refused(40008, str(msgtype)[:40])
    part = body.get("stream" if named == "stream_with_template_card" else str(msgtype))
    text = _READERS[named](corp, part if isinstance(part, dict) else {})
    _measure(text, takes[named])
    mentions = _mentions(named, text, part)
    return Content(
        msgtype=str(msgtype),
        text=text,
        mentions=mentions,
        picture=_picture(corp, named, part),
        face=_face(body, msgtype),
    )


def _face(body: Mapping[str, Any], msgtype: object) -> cards.Face | None:
    """Give what can be pressed on the card that the message is, or has beside its stream."""
    if msgtype not in ("template_card", "stream_with_template_card"):
        return None
    part = body.get("template_card")
    face = cards.read(part if isinstance(part, dict) else {})
    return face if face.task_id else None


def _picture(corp: Corp, named: str, part: Any) -> str:
    if named == "webhook_image":
        return corp.keep_picture(base64.b64decode(part["base64"]))
    media = corp.media.get(str(part.get("media_id"))) if named == "image" else None
    return media.picture if media else ""


def _measure(text: str, limit: int | None) -> None:
    if limit is None:
        return
    if not text:
        raise Refused(44004)
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Refused(40033) from None
    if size > limit:
        raise Refused(45002, f"{size} bytes, at most {limit}")


def _mentions(named: str, text: str, part: Any) -> tuple[str, ...]:
    listed = strings(part.get("mentioned_list")) if named == "text" else ()
    inline = MENTION.findall(text) if named in ("text", "markdown") else ()
    return tuple(dict.fromkeys((*listed, *inline)))


def _content(_: Corp, part: Mapping[str, Any]) -> str:
    value = part.get("content", "")
    if not isinstance(value, str):
        raise Refused(40058, "content")
    return value


def _titles(_: Corp, part: Mapping[str, Any]) -> str:
    articles = part.get("articles", [part])
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:  # noqa: PLR2004 - 1 to 8
        raise Refused(40058, "articles")
    parts = [a for a in articles if isinstance(a, dict)]
    return "\n".join(str(a[k]) for a in parts for k in ("title", "description") if a.get(k))


def _card(_: Corp, part: Mapping[str, Any]) -> str:
    return cards.read(part).text


def _media(corp: Corp, part: Mapping[str, Any]) -> str:
    media = corp.media.get(str(part.get("media_id")))
    if media is None or media.expires_at <= corp.now():
        raise Refused(40007)
    return f"[{media.kind}] {media.filename}"


def _webhook_image(_: Corp, part: Mapping[str, Any]) -> str:
    try:
        raw = base64.b64decode(str(part.get("base64", "")), validate=True)
    except binascii.Error:
        raise Refused(40058, "base64") from None
    if not raw:
        raise Refused(44001)
    if len(raw) > IMAGE_BYTES:
        raise Refused(45001)
    if hashlib.md5(raw, usedforsecurity=False).hexdigest() != part.get("md5"):
        raise Refused(40058, "md5")
    return "[image]"


_READERS: Mapping[str, Callable[[Corp, Mapping[str, Any]], str]] = {
    "text": _content,
    "markdown": _content,
    "markdown_v2": _content,
    "stream": _content,
    "stream_with_template_card": _content,
    "textcard": _titles,
    "news": _titles,
    "mpnews": _titles,
    "miniprogram_notice": _titles,
    "template_card": _card,
    "image": _media,
    "voice": _media,
    "video": _media,
    "file": _media,
    "webhook_image": _webhook_image,
}
