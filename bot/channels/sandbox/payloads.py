"""The plaintext of the callbacks WeCom sends: XML for app and robot, JSON for the AI bot."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Chat, Person, Robot
from bot.channels.sandbox.robots import chat_info_url

# What XML 1.0 cannot hold, lone surrogates among it.
_NOT_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button that somebody pressed, with the options they had chosen."""

    task_id: str
    key: str
    kind: str = "button_interaction"
    options: tuple[str, ...] = ()


def cdata(text: str) -> str:
    """Give a CDATA section that reads back as `text`, without what XML cannot hold."""
    safe = _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{safe}]]>"


def app_message(corp: Corp, person: Person, text: str) -> str:
    """Give a private text to the self-built app (wecom-protocol.md 2.1)."""
    # A 64-bit number, as WeCom's own.
    msg_id = secrets.randbits(63)
    content = f"<Content>{cdata(text)}</Content><MsgId>{msg_id}</MsgId>"
    return _app(corp, person, "text", content)


def app_event(corp: Corp, person: Person, event: str) -> str:
    """Give an event of the self-built app such as `enter_agent` (2.2)."""
    return _app(corp, person, "event", f"<Event>{event}</Event><EventKey></EventKey>")


def app_press(corp: Corp, person: Person, pressed: Pressed) -> str:
    """Give the event of a button that was pressed on the app's card (2.2)."""
    code = corp.cards.code(pressed.task_id, corp.now())
    chosen = "".join(f"<OptionId>{cdata(each)}</OptionId>" for each in pressed.options)
    items = (
        f"<SelectedItems><SelectedItem><QuestionKey>q</QuestionKey><OptionIds>{chosen}</OptionIds>"
        "</SelectedItem></SelectedItems>"
    )
    inner = (
        f"<Event>template_card_event</Event><EventKey>{cdata(pressed.key)}</EventKey>"
        f"<TaskId>{cdata(pressed.task_id)}</TaskId><CardType>{pressed.kind}</CardType>"
        f"<ResponseCode>{cdata(code)}</ResponseCode>{items if chosen else ''}"
    )
    return _app(corp, person, "event", inner)


def aibot_press(corp: Corp, chat: Chat | None, person: Person, pressed: Pressed) -> dict[str, Any]:
    """Give the event of a button that was pressed on the AI bot's card (6.2)."""
    chosen = {"question_key": "q", "option_ids": {"option_id": list(pressed.options)}}
    about: dict[str, Any] = {
        "card_type": pressed.kind,
        "event_key": pressed.key,
        "task_id": pressed.task_id,
        **({"selected_items": {"selected_item": [chosen]}} if pressed.options else {}),
    }
    event = {"eventtype": "template_card_event", "template_card_event": about}
    told = {"msgtype": "event", "create_time": corp.now() // 1000, "event": event}
    return {"msgid": secrets.token_urlsafe(18), **aibot_sender(corp, chat, person), **told}


def customer_change(corp: Corp, chat_id: str, kind: str, **fields: str) -> str:
    """Give the event of a customer group's change (2.2): nobody sent it, and to no agent."""
    told = {"Event": "change_external_chat", "ChatId": chat_id, "ChangeType": kind} | fields
    ids = (each for each in told.pop("MemChangeList", "").split(",") if each)
    listed = "".join(f"<Item>{cdata(each)}</Item>" for each in ids)
    return (
        f"<xml><ToUserName>{cdata(corp.identity.corp_id)}</ToUserName>"
        f"<FromUserName>sys</FromUserName><CreateTime>{corp.now() // 1000}</CreateTime>"
        "<MsgType>event</MsgType>"
        + "".join(f"<{name}>{cdata(value)}</{name}>" for name, value in told.items())
        + (f"<MemChangeList>{listed}</MemChangeList></xml>" if listed else "</xml>")
    )


def _app(corp: Corp, person: Person, msgtype: str, inner: str) -> str:
    return (
        f"<xml><ToUserName>{cdata(corp.identity.corp_id)}</ToUserName>"
        f"<FromUserName>{cdata(person.userid)}</FromUserName>"
        f"<CreateTime>{corp.now() // 1000}</CreateTime><MsgType>{msgtype}</MsgType>{inner}"
        f"<AgentID>{corp.identity.agent_id}</AgentID></xml>"
    )


def robot_message(corp: Corp, robot: Robot, chat: Chat | None, person: Person, text: str) -> str:
    """Give a text that mentions the group robot, or (no chat) is written to it alone (5.2)."""
    info = chat_info_url(corp, chat.chatid if chat else "", person.userid)
    chatid = chat.bot_chatid if chat else ""
    return (
        f"<xml><WebhookUrl>{cdata(corp.webhook_url(robot.key))}</WebhookUrl>"
        f"<ChatId>{cdata(chatid)}</ChatId><ChatType>{_chat_type(chat)}</ChatType>"
        f"<MsgId>{cdata(secrets.token_urlsafe(18))}</MsgId>"
        f"<GetChatInfoUrl>{cdata(info)}</GetChatInfoUrl>"
        f"<From><UserId>{cdata(person.userid)}</UserId><Name>{cdata(person.name)}</Name>"
        f"<Alias></Alias></From><MsgType>text</MsgType>"
        f"<Text><Content>{cdata(text)}</Content></Text></xml>"
    )


def aibot_message(
    corp: Corp, chat: Chat | None, person: Person, text: str, quote: str
) -> dict[str, Any]:
    """Give a text for the AI bot, with the quoted text where there is one (6.1)."""
    quoted = {"quote": {"msgtype": "text", "text": {"content": quote}}} if quote else {}
    said = {"msgtype": "text", "text": {"content": text}, **quoted}
    return {"msgid": secrets.token_urlsafe(18), **aibot_sender(corp, chat, person), **said}


def aibot_poll(corp: Corp, chat: Chat | None, person: Person, stream: str) -> dict[str, Any]:
    """Ask again for a stream that was not finished (6.3)."""
    asked = {"msgtype": "stream", "stream": {"id": stream}}
    return {"msgid": secrets.token_urlsafe(18), **aibot_sender(corp, chat, person), **asked}


def aibot_sender(corp: Corp, chat: Chat | None, person: Person) -> dict[str, Any]:
    """Who spoke to the AI bot and where; a private conversation has no chatid."""
    group = {"chatid": chat.bot_chatid} if chat else {}
    sender = {"userid": aibot_userid(corp, person)}
    here = {"chattype": _chat_type(chat), "from": sender}
    return {"aibotid": corp.identity.aibot_id, **group, **here}


def aibot_userid(corp: Corp, person: Person) -> str:
    """Give the id the AI bot is told: encrypted or plain (6.7)."""
    return person.open_userid if corp.encrypt_userids else person.userid


def _chat_type(chat: Chat | None) -> str:
    return "group" if chat else "single"
