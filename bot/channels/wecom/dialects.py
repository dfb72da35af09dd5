"""Where the AI bot and the group robot (XML or JSON) keep what every message has: data only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.channels.wecom.heard import SurfaceName
from bot.channels.wecom.reading import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Where one surface keeps what every message has; an empty path leads nowhere."""

    surface: SurfaceName
    message_id: Path = ("msgid",)
    kind: Path = ("msgtype",)
    chat_id: Path = ("chatid",)
    chat_type: Path = ("chattype",)
    sender: Path = ("from", "userid")
    name: Path = ("from", "name")
    created: Path = ("create_time",)
    quote: Path = ("quote",)
    texts: Mapping[str, Path]
    mixed: Path
    item_kind: str = "msgtype"
    event: Path = ("event",)
    event_type: str
    # Event -> whether a text may answer it in the same request.
    events: Mapping[str, bool]
    response_url: Path = ()
    webhook_url: Path = ()
    chat_info_url: Path = ()
    attachment: Path = ()


AIBOT = Dialect(
    surface="aibot",
    texts={
        "text": ("text", "content"),
        "voice": ("voice", "content"),
        "image": (),
        "file": (),
        "video": (),
    },
    mixed=("mixed", "msg_item"),
    event_type="eventtype",
    events={
        "enter_chat": True,
        "template_card_event": False,
        "feedback_event": False,
        "disconnected_event": False,
    },
    response_url=("response_url",),
)
ROBOT_JSON = Dialect(
    surface="robot",
    texts={"text": ("text", "content"), "image": ()},
    mixed=("mixed_message", "msg_item"),
    event_type="event_type",
    events={
        "add_to_chat": True,
        "delete_from_chat": False,
        "enter_chat": True,
        "attachment": True,
    },
    webhook_url=("webhook_url",),
    chat_info_url=("get_chat_info_url",),
    attachment=("attachment",),
)
ROBOT_XML = replace(
    ROBOT_JSON,
    message_id=("MsgId",),
    kind=("MsgType",),
    chat_id=("ChatId",),
    chat_type=("ChatType",),
    sender=("From", "UserId"),
    name=("From", "Name"),
    created=("CreateTime",),
    quote=("Quote",),
    texts={"text": ("Text", "Content"), "image": ()},
    mixed=("MixedMessage", "MsgItem"),
    item_kind="MsgType",
    event=("Event",),
    event_type="EventType",
    webhook_url=("WebhookUrl",),
    chat_info_url=("GetChatInfoUrl",),
    attachment=("Attachment",),
)
