"""The words of the self-built app, the AI bot and the group robot (XML or JSON), as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.channels.wecom.heard import SurfaceName
from bot.channels.wecom.reading import Path

# Which texts make up a message of the app, by MsgType.
APP_TEXTS: Mapping[str, tuple[str, ...]] = {
    "text": ("Content",),
    "image": (),
    "voice": ("Recognition",),
    "video": (),
    "file": (),
    "location": ("Label",),
    "link": ("Title", "Description", "Url"),
}
APP_COMMON = frozenset(
    {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "AgentID", "SelectedItems"}
)
# Where a pressed card keeps its choices, a choice its question, a choice its options.
APP_SELECTED = (("SelectedItems", "SelectedItem"), "QuestionKey", ("OptionIds", "OptionId"))
AIBOT_SELECTED = (("selected_items", "selected_item"), "question_key", ("option_ids", "option_id"))
# Where a pressed card says which button it was, and what it is itself.
APP_PRESSED = (("EventKey",), ("TaskId",))
AIBOT_PRESSED = (("event_key",), ("task_id",))
PRESSED = "template_card_event"
# Events that may be answered with a text in the same request.
APP_ANSWERED = frozenset(
    {
        *("subscribe", "enter_agent", "location", "click", "view", "view_miniprogram"),
        *("scancode_waitmsg", PRESSED, "template_card_menu_event"),
    }
)
APP_SILENT = frozenset(
    {
        *("unsubscribe", "scancode_push", "pic_sysphoto", "pic_photo_or_album", "pic_weixin"),
        *("location_select", "batch_job_result", "change_contact", "inactive_alert"),
        *("close_inactive_agent", "reopen_inactive_agent", "low_active_alert", "low_active"),
        *("active_restored", "share_agent_change", "share_chain_change", "open_approval_change"),
        *("change_external_contact", "change_external_chat", "change_external_tag"),
        *("msgaudit_notify", "kf_msg_or_event"),
    }
)
# Sender and time alone are the same for everything that one bulk operation does in a second.
APP_EVENT_KEY = (
    *("change_type", "update_detail", "chat_id", "last_mem_ver", "cur_mem_ver"),
    *("user_id", "external_user_id", "id", "tag_id", "event_key", "task_id", "response_code"),
    *("job_id", "mem_change_list"),
)
# Events of the bot itself: nobody need have caused them.
OWN_EVENTS = frozenset({"disconnected_event", "add_to_chat", "delete_from_chat"})


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
        PRESSED: False,
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
