"""Reading what a bot answers to a callback, as strictly as WeCom would."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.sandbox import content
from bot.channels.sandbox.cards import Face
from bot.channels.sandbox.conversations import read_update
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Refused
from bot.channels.wecom.crypto import CallbackCrypto, CallbackRejected

# wecom-protocol.md 6.3: what may answer a message, and what may answer enter_chat.
AIBOT_MESSAGE: Mapping[str, int | None] = {
    "stream": 20_480, "template_card": None, "stream_with_template_card": 20_480,
}  # fmt: skip
AIBOT_ENTER: Mapping[str, int | None] = content.WELCOME
# 2.3: a text answer to the app; 5.2: to the robot.
TEXT_BYTES = 2048
MARKDOWN_BYTES = 4096


class BadReply(Exception):
    """WeCom would show nothing of this answer; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passive:
    """A bot's answer. `poll` is the stream to ask again while it is unfinished.

    `visible_to` limits a robot's answer to some members; empty means all. `face` is what can be
    pressed beside the text; `replaced` stands in the place of the buttons that were pressed.
    """

    text: str
    mentions: tuple[str, ...] = ()
    visible_to: tuple[str, ...] = ()
    poll: str = ""
    face: Face | None = None
    replaced: Face | None = None


def read_aibot(corp: Corp, reply: str, nonce: str, *, entered: bool = False) -> Passive:
    """Give the AI bot's JSON answer; `nonce` is the one of the callback's URL."""
    body = _json(_open_json(corp.identity.callback_crypto("aibot"), reply, nonce))
    if unfinished := _unfinished(body):
        return Passive(text="", poll=unfinished)
    try:
        message = content.read(corp, body, AIBOT_ENTER if entered else AIBOT_MESSAGE)
        corp.cards.check(message.face)
    except Refused as refused:
        raise BadReply(str(refused)) from None
    return Passive(text=message.text, face=message.face)


def read_aibot_press(corp: Corp, reply: str, nonce: str, task_id: str) -> Passive:
    """Give the AI bot's answer to a press: a card of the same task_id."""
    body = _json(_open_json(corp.identity.callback_crypto("aibot"), reply, nonce))
    try:
        face, _ = read_update(body, task_id)
    except Refused as refused:
        raise BadReply(str(refused)) from None
    return Passive(text=face.text, replaced=face)


def _unfinished(body: Mapping[str, Any]) -> str:
    """Give the id of a stream that goes on; what it holds so far is not shown."""
    stream = body.get("stream")
    if body.get("msgtype") != "stream" or not isinstance(stream, dict):
        return ""
    if not isinstance(stream.get("id"), str) or not stream["id"]:
        raise BadReply("a stream needs an id")
    return "" if stream.get("finish") is True else str(stream["id"])


def read_app(corp: Corp, reply: str, userid: str) -> Passive:
    """Give the self-built app's XML answer, which must go from the corp to the one who wrote."""
    root = _open_xml(corp.identity.callback_crypto("app"), reply)
    if _text(root, "ToUserName") != userid or _text(root, "FromUserName") != corp.identity.corp_id:
        raise BadReply("ToUserName or FromUserName is wrong")
    name = _text(root, "Button/ReplaceName")
    if _text(root, "MsgType") == "update_button" and name:
        return Passive(text=name, replaced=Face(text=name))
    if _text(root, "MsgType") != "text":
        raise BadReply("only text answers are shown here")
    return Passive(text=_measured(_text(root, "Content"), TEXT_BYTES))


def read_robot(corp: Corp, reply: str) -> Passive:
    """Give a group robot's XML answer: text with mentions, or markdown."""
    root = _open_xml(corp.identity.callback_crypto("robot"), reply)
    path, limit = _ROBOT_TEXT.get(_text(root, "MsgType"), ("", 0))
    if not path:
        raise BadReply("only text and markdown answers are shown here")
    return Passive(
        text=_measured(_text(root, path), limit),
        mentions=tuple(e.text or "" for e in root.findall("Text/MentionedList/Item")),
        visible_to=tuple(filter(None, _text(root, "VisibleToUser").split("|"))),
    )


_ROBOT_TEXT = {
    "text": ("Text/Content", TEXT_BYTES),
    "markdown": ("Markdown/Content", MARKDOWN_BYTES),
}


def _open_json(crypto: CallbackCrypto, reply: str, nonce: str) -> str:
    envelope = _json(reply)
    timestamp, encrypt = envelope.get("timestamp"), envelope.get("encrypt")
    if type(timestamp) is not int:
        raise BadReply("timestamp must be an integer")
    if envelope.get("nonce") != nonce:
        raise BadReply("nonce must be the one of the callback")
    signature = envelope.get("msgsignature")
    return _decrypt(crypto, (signature, str(timestamp), nonce, encrypt))


def _open_xml(crypto: CallbackCrypto, reply: str) -> ET.Element:
    envelope = _xml(reply)
    fields = ("MsgSignature", "TimeStamp", "Nonce", "Encrypt")
    return _xml(_decrypt(crypto, tuple(_text(envelope, field) for field in fields)))


def _decrypt(crypto: CallbackCrypto, signed: tuple[Any, ...]) -> str:
    """`signed` is signature, timestamp, nonce and the encrypted text."""
    signature, timestamp, nonce, encrypt = map(str, signed)
    try:
        crypto.verify(signature, timestamp, nonce, encrypt)
        return crypto.decrypt(encrypt)
    except CallbackRejected as rejected:
        raise BadReply(str(rejected)) from None


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise BadReply("not JSON") from None
    if not isinstance(value, dict):
        raise BadReply("not a JSON object")
    return value


def _xml(text: str) -> ET.Element:
    try:
        return ET.fromstring(text)  # noqa: S314 - written by the bot that shares this sandbox
    except ET.ParseError:
        raise BadReply("not XML") from None


def _text(root: ET.Element, path: str) -> str:
    return (root.findtext(path) or "").strip()


def _measured(text: str, limit: int) -> str:
    if not text or len(text.encode()) > limit:
        raise BadReply(f"the text must have 1 to {limit} bytes")
    return text
