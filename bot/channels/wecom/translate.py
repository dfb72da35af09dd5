"""Decrypted WeCom payloads become `Heard`; the only place that knows WeCom's field names.

Shapes: wecom-protocol.md 2.1, 2.2 (self-built app), 5.2 (group robot), 6.1-6.3 (AI bot).
"""

import hashlib
import re
from functools import lru_cache

from bot.channels.wecom import dialects
from bot.channels.wecom.dialects import Dialect
from bot.channels.wecom.heard import Heard, Unusable
from bot.channels.wecom.pressed import pressed, selected
from bot.channels.wecom.reading import (
    Fields,
    Path,
    at,
    flat,
    id_at,
    instant_at,
    items,
    listed,
    text_at,
)
from sop.events import ReplyRoute
from sop.frozen import replace

Payload = dict[str, object]

# A mention ends at the first blank, which may be U+2005; inside a word an @ is an address.
_LEADING_MENTION = re.compile(r"@\S+\s*")
_INNER_MENTION = re.compile(r"(?<![A-Za-z0-9._%+-])@\S")


def heard_from_app(payload: Payload) -> Heard:
    """Translate what a self-built app hears: one-to-one messages and events.

    Raises Unusable on a message without MsgId or sender, an event without sender or time, and a
    customer group's change without its group.
    """
    kind = text_at(payload, ("MsgType",)).lower()
    if kind == "event":
        return _app_event(payload)
    parts = dialects.APP_TEXTS.get(kind)
    if parts is None:
        return Heard(surface="app", kind="ignored", event=kind[:64])
    message_id = _needed(payload, ("MsgId",), "id")
    texts = (text_at(payload, (part,)) for part in parts)
    return Heard(
        surface="app",
        kind="message",
        key=f"app:{message_id}",
        message_id=message_id,
        sender=_needed(payload, ("FromUserName",), "sender"),
        text="\n".join(text for text in texts if text).strip(),
        has_image=kind == "image",
        images=((picture, None),) if (picture := text_at(payload, ("PicUrl",))) else (),
        created_at=instant_at(payload, ("CreateTime",)),
        route=ReplyRoute(waiting=True),
    )


def heard_from_aibot(payload: Payload, req_id: str = "", bot_name: str = "") -> Heard:
    """Translate what an AI bot hears, by callback or (with `req_id`) on its long connection.

    A known `bot_name` lets names with blanks be stripped and keeps other people's names from
    being taken for the bot's in the middle of a text. Raises Unusable on a message or event
    without id, sender or group, and on a poll without stream.
    """
    if text_at(payload, ("msgtype",)) == "stream":
        return _stream_poll(payload, req_id)
    return _heard(payload, dialects.AIBOT, req_id, bot_name)


def heard_from_robot(payload: Payload, bot_name: str = "") -> Heard:
    """Translate what a group robot hears, in its XML or its JSON form; else as the AI bot."""
    dialect = dialects.ROBOT_XML if "MsgType" in payload else dialects.ROBOT_JSON
    return _heard(payload, dialect, "", bot_name)


def _app_event(payload: Payload) -> Heard:
    name = id_at(payload, ("Event",)).lower()
    if name not in dialects.APP_ANSWERED | dialects.APP_SILENT:
        return Heard(surface="app", kind="ignored", event=name)
    fields = _app_fields(payload)
    sender = _needed(payload, ("FromUserName",), "sender")
    created_at = instant_at(payload, ("CreateTime",))
    if created_at is None:
        raise Unusable("no time", payload)
    chat = ("ChatId",)
    chat_id = _needed(payload, chat, "group") if name == "change_external_chat" else ""
    marks = repr(
        (sender, created_at, name, [fields.get(mark, "") for mark in dialects.APP_EVENT_KEY])
    )
    heard = Heard(
        surface="app",
        kind="event",
        key=f"app:{name}:{hashlib.sha256(marks.encode()).hexdigest()[:32]}",
        chat_id=chat_id,
        sender=sender,
        created_at=created_at,
        route=ReplyRoute(waiting=name in dialects.APP_ANSWERED),
        event=name,
        fields=fields,
    )
    words = (dialects.APP_PRESSED, dialects.APP_SELECTED)
    return pressed(heard, payload, *words) if name == dialects.PRESSED else heard


def _app_fields(payload: Payload) -> Fields:
    fields = flat({key: value for key, value in payload.items() if key not in dialects.APP_COMMON})
    if "MemChangeList" in payload:
        fields["mem_change_list"] = listed(payload["MemChangeList"])
    return fields | selected(payload, dialects.APP_SELECTED)


def _heard(payload: Payload, dialect: Dialect, req_id: str, bot_name: str) -> Heard:
    kind = text_at(payload, dialect.kind).lower()
    if kind in {"event", "attachment"}:
        return _bot_event(payload, dialect, req_id, kind)
    content = _content(payload, dialect)
    if content is None:
        return Heard(surface=dialect.surface, kind="ignored", event=kind[:64])
    common = _common(payload, dialect, own=False)
    text, mentions_bot = content[0].strip(), False
    if common.chat_id:
        text, mentions_bot = _addressed(text, bot_name)
    return replace(
        common,
        text=text,
        mentions_bot=mentions_bot,
        quote=_quote(payload, dialect),
        has_image=content[1],
        images=_images(payload, dialect),
        route=_route(payload, dialect, req_id, answered=True),
    )


def _bot_event(payload: Payload, dialect: Dialect, req_id: str, kind: str) -> Heard:
    name, body = _event_body(payload, dialect, kind)
    if name not in dialect.events:
        return Heard(surface=dialect.surface, kind="ignored", event=name)
    common = _common(payload, dialect, own=name in dialects.OWN_EVENTS)
    answered = dialect.events[name]
    heard = replace(
        common,
        kind="event",
        event=name,
        route=_route(payload, dialect, req_id, answered=answered),
        fields={**common.fields, **_event_fields(body)},
    )
    words = (dialects.AIBOT_PRESSED, dialects.AIBOT_SELECTED)
    return pressed(heard, body, *words) if name == dialects.PRESSED else heard


def _event_body(payload: Payload, dialect: Dialect, kind: str) -> tuple[str, object]:
    """Name the event and give the mapping that holds its details."""
    if kind == "attachment":
        return kind, at(payload, dialect.attachment)
    event = at(payload, dialect.event)
    name = id_at(event, (dialect.event_type,)).lower()
    details = at(event, (name,))
    return name, details if isinstance(details, dict) else event


def _event_fields(body: object) -> Fields:
    fields = flat(body) | selected(body, dialects.AIBOT_SELECTED)
    for action in [*items(at(body, ("Actions",))), *items(at(body, ("actions",)))]:
        button = flat(action)
        fields[f"action.{button.get('name', '')}"] = button.get("value", "")
    if "callbackid" in fields:
        fields["callback_id"] = fields.pop("callbackid")
    return fields


def _common(payload: Payload, dialect: Dialect, *, own: bool) -> Heard:
    """Give what messages and events share; `own` events need no sender."""
    message_id = _needed(payload, dialect.message_id, "id")
    single = text_at(payload, dialect.chat_type).lower() == "single"
    anywhere = single or (own and dialect.surface == "aibot")
    info_url = text_at(payload, dialect.chat_info_url)
    return Heard(
        surface=dialect.surface,
        kind="message",
        key=f"{dialect.surface}:{message_id}",
        message_id=message_id,
        chat_id="" if anywhere else _needed(payload, dialect.chat_id, "group"),
        sender=id_at(payload, dialect.sender)
        if own
        else _needed(payload, dialect.sender, "sender"),
        name=text_at(payload, dialect.name).strip(),
        created_at=instant_at(payload, dialect.created),
        fields={"chat_info_url": info_url} if info_url else {},
    )


def _route(payload: Payload, dialect: Dialect, req_id: str, *, answered: bool) -> ReplyRoute:
    return ReplyRoute(
        waiting=answered and not req_id,
        response_url=text_at(payload, dialect.response_url),
        webhook_url=text_at(payload, dialect.webhook_url),
        req_id=req_id,
    )


def _content(payload: object, dialect: Dialect) -> tuple[str, bool] | None:
    """Give a message's text and whether it shows an image; None for a type nobody knows."""
    kind = text_at(payload, dialect.kind).lower()
    if kind == "mixed":
        parts = [_simple(item, dialect) for item in items(at(payload, dialect.mixed))]
        known = [part for part in parts if part]
        text = "\n".join(text for text, _ in known if text)
        return text, any(image for _, image in known)
    return _simple(payload, dialect)


def _simple(item: object, dialect: Dialect) -> tuple[str, bool] | None:
    kind = text_at(item, (dialect.item_kind,)).lower()
    path = dialect.texts.get(kind)
    return None if path is None else (text_at(item, path) if path else "", kind == "image")


def _images(payload: Payload, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """Give the addresses of an AI bot's pictures, and the keys that its link tells with them."""
    if dialect.surface != "aibot":
        return ()
    parts = [payload, *items(at(payload, dialect.mixed))]
    found = ((text_at(one, ("image", "url")), text_at(one, ("image", "aeskey"))) for one in parts)
    return tuple((url, key) for url, key in found if url)


def _quote(payload: Payload, dialect: Dialect) -> str:
    content = _content(at(payload, dialect.quote), dialect)
    return content[0].strip() if content else ""


def _addressed(text: str, bot_name: str) -> tuple[str, bool]:
    """Take the bot's name off a group message; say whether the bot is meant.

    Many say it last (签到 @Bot). Where the name is not known only the first mention, or the one
    there is at the end, can be told for it: nothing else is delivered to a bot.
    """
    exact = _exact_mention(bot_name).search(text) if bot_name else None
    if exact:
        around = (text[: exact.start()].rstrip(), text[exact.end() :].strip())
        return " ".join(filter(None, around)), True
    leading = _LEADING_MENTION.match(text)
    if leading:
        return text[leading.end() :], True
    inner = () if bot_name else tuple(_INNER_MENTION.finditer(text))
    if len(inner) == 1 and _LEADING_MENTION.fullmatch(text, inner[0].start()):
        text = text[: inner[0].start()].rstrip()
    return text, bool(inner)


@lru_cache(maxsize=8)
def _exact_mention(bot_name: str) -> re.Pattern[str]:
    return re.compile(re.escape(f"@{bot_name}") + r"(?!\w)")


def _stream_poll(payload: Payload, req_id: str) -> Heard:
    stream_id = _needed(payload, ("stream", "id"), "stream")
    message_id = id_at(payload, ("msgid",))
    return Heard(
        surface="aibot",
        kind="event",
        key=f"aibot:poll:{stream_id}:{message_id}",
        message_id=message_id,
        chat_id=id_at(payload, ("chatid",)),
        sender=id_at(payload, ("from", "userid")),
        route=ReplyRoute(waiting=not req_id, req_id=req_id),
        event="stream_poll",
        fields={"stream_id": stream_id},
    )


def _needed(payload: Payload, path: Path, what: str) -> str:
    found = id_at(payload, path)
    if not found:
        raise Unusable(f"no {what}", payload)
    return found
