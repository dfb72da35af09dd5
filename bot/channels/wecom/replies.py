"""Answers that travel back inside a callback's own response, encrypted, in the request's family.

Shapes: wecom-protocol.md 1.2 (envelopes), 2.3 (app), 5.2 (robot), 6.3 (AI bot).
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic_core import to_json

from bot.channels.wecom.crypto import CallbackCrypto
from bot.channels.wecom.payloads import clean

Family = Literal["xml", "json"]

# Bytes of UTF-8.
TEXT_BYTES = 2048
STREAM_BYTES = 20_480


def cut_utf8(text: str, limit: int) -> str:
    """Give the longest beginning of `text` within `limit` bytes, with no half character."""
    if len(text) * 4 <= limit:
        return text
    return text.encode(errors="replace")[: max(limit, 0)].decode(errors="ignore")


def stream_id(key: str) -> str:
    """Give the stream that answers the message with this dedupe key: a retry gets the same."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]


def passive_aibot(
    text: str,
    stream_id: str,
    crypto: CallbackCrypto,
    nonce: str,
    timestamp: int,
    card: Mapping[str, object] | None = None,
) -> str:
    """Answer an AI-bot message: one finished stream of markdown, at most STREAM_BYTES; a card."""
    content = cut_utf8(clean(text), STREAM_BYTES)
    stream = {"id": stream_id, "finish": True, "content": content}
    body: dict[str, object] = {"msgtype": "stream", "stream": stream}
    if card:
        body = {"msgtype": "stream_with_template_card", "stream": stream, "template_card": card}
    return seal_json(_json(body), crypto, nonce, timestamp)


def passive_aibot_update(
    card: Mapping[str, object], userid: str, crypto: CallbackCrypto, nonce: str, timestamp: int
) -> str:
    """Answer a press on an AI bot's card: this card in its place, for who pressed it."""
    return seal_json(_json(card_update(card, userid)), crypto, nonce, timestamp)


def card_update(card: Mapping[str, object], userid: str) -> dict[str, object]:
    """Return what puts a card in the place of the one that `userid` has pressed."""
    return {"response_type": "update_template_card", "userids": [userid], "template_card": card}


def passive_aibot_welcome(text: str, crypto: CallbackCrypto, nonce: str, timestamp: int) -> str:
    """Answer `enter_chat`, which takes a text and no stream."""
    return seal_json(_json(_text_message(text, ())), crypto, nonce, timestamp)


def passive_app(
    text: str, to: str, sent_by: str, crypto: CallbackCrypto, nonce: str, timestamp: int
) -> str:
    """Answer a self-built app's message: to the userid `to`, from the corp id `sent_by`."""
    said = f"<Content>{_cdata(cut_utf8(clean(text), TEXT_BYTES))}</Content>"
    return seal_xml(_app_xml("text", said, to, sent_by, timestamp), crypto, nonce, timestamp)


def passive_app_button(
    name: str, to: str, sent_by: str, crypto: CallbackCrypto, nonce: str, timestamp: int
) -> str:
    """Answer a press on the app's card: this stands in its buttons' place, for who pressed."""
    button = f"<Button><ReplaceName>{_cdata(name)}</ReplaceName></Button>"
    reply = _app_xml("update_button", button, to, sent_by, timestamp)
    return seal_xml(reply, crypto, nonce, timestamp)


def _app_xml(kind: str, content: str, to: str, sent_by: str, timestamp: int) -> str:
    return (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(sent_by)}</FromUserName>"
        f"<CreateTime>{timestamp}</CreateTime><MsgType>{kind}</MsgType>{content}</xml>"
    )


def passive_robot(
    text: str,
    mentions: Sequence[str],
    crypto: CallbackCrypto,
    nonce: str,
    timestamp: int,
    family: Family = "xml",
) -> str:
    """Answer a group robot's message; `mentions` are userids or `@all`."""
    if family == "json":
        return seal_json(_json(_text_message(text, mentions)), crypto, nonce, timestamp)
    listed = "".join(f"<Item>{_cdata(userid)}</Item>" for userid in mentions)
    reply = (
        f"<xml><MsgType>text</MsgType><Text>"
        f"<Content>{_cdata(cut_utf8(clean(text), TEXT_BYTES))}</Content>"
        f"{listed and f'<MentionedList>{listed}</MentionedList>'}</Text></xml>"
    )
    return seal_xml(reply, crypto, nonce, timestamp)


def seal_json(text: str, crypto: CallbackCrypto, nonce: str, timestamp: int) -> str:
    """Put an encrypted reply into the JSON envelope, whose timestamp is an integer."""
    encrypt = crypto.encrypt(text)
    signature = crypto.signature(str(timestamp), nonce, encrypt)
    return _json(
        {"encrypt": encrypt, "msgsignature": signature, "timestamp": timestamp, "nonce": nonce}
    )


def seal_xml(text: str, crypto: CallbackCrypto, nonce: str, timestamp: int) -> str:
    """Put an encrypted reply into the XML envelope."""
    encrypt = crypto.encrypt(text)
    signature = crypto.signature(str(timestamp), nonce, encrypt)
    return (
        f"<xml><Encrypt>{_cdata(encrypt)}</Encrypt><MsgSignature>{_cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _text_message(text: str, mentions: Sequence[str]) -> dict[str, object]:
    content: dict[str, object] = {"content": cut_utf8(clean(text), TEXT_BYTES)}
    if mentions:
        content["mentioned_list"] = list(mentions)
    return {"msgtype": "text", "text": content}


def _json(value: dict[str, object]) -> str:
    # WeCom refuses escaped characters (40033): bodies are raw UTF-8.
    return to_json(value).decode()


def _cdata(text: str) -> str:
    """Quote text for XML; the end mark inside it is split over two sections."""
    return f"<![CDATA[{clean(text).replace(']]>', ']]]]><![CDATA[>')}]]>"
