"""Sending without a token: group robots by their webhook, the AI bot by a response_url."""

import secrets
from collections.abc import Mapping
from typing import Any

from bot.channels.sandbox import content, limits
from bot.channels.sandbox.appchat import show_post
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Chat, Refused, ReplyUrl, Robot

Body = Mapping[str, Any]

# How long the GetChatInfoUrl of a robot's callback works, once (wecom-protocol.md 5.2).
CHAT_INFO_MS = 5 * limits.MINUTE


def webhook(corp: Corp, key: str, body: Body) -> dict[str, Any]:
    """`webhook/send`: 20 a minute per robot, then 45009."""
    robot, chat = robot_of(corp, key)
    message = content.read(corp, body, content.WEBHOOK)
    if not corp.windows.take(("webhook", robot.key), limits.WEBHOOK_PER_ROBOT):
        raise Refused(45009)
    show_post(corp, chat, message, channel="webhook", to=chat.userlist)
    return {}


def robot_of(corp: Corp, key: str) -> tuple[Robot, Chat]:
    """Give the robot with this webhook key and its group; 93000, 93004 or 93008."""
    robot = corp.robots.get(key)
    if robot is None:
        raise Refused(93000)
    if robot.disabled:
        raise Refused(93004)
    chat = corp.chats.get(robot.chatid)
    if chat is None:
        raise Refused(93008)
    return robot, chat


def response(corp: Corp, code: str, body: Body) -> dict[str, Any]:
    """`aibot/response`: one answer within an hour; a refused body does not spend the URL.

    WeCom's own code for a spent URL is not documented; 40058 stands for it.
    """
    reply = corp.reply_urls.get(code)
    if reply is None or reply.expires_at <= corp.now():
        raise Refused(40058, "response_code")
    message = content.read(corp, body, content.RESPONSE)
    if message.msgtype == "template_card" and reply.chatid:
        # Page 101138: only in a private conversation.
        raise Refused(40008, message.msgtype)
    corp.cards.check(message.face)
    del corp.reply_urls[code]
    show_reply(corp, reply.chatid, reply.userid, message)
    return {}


def chat_info_url(corp: Corp, chatid: str, userid: str) -> str:
    """Make a fresh single-use URL that tells a robot who is in the group it was spoken to in."""
    code = secrets.token_urlsafe(12)
    ends = corp.now() + CHAT_INFO_MS
    found = ReplyUrl(code=code, chatid=chatid, userid=userid, expires_at=ends)
    corp.chat_info_codes[code] = found
    return f"{corp.api_base}/cgi-bin/webhook/get_chat_info?code={code}"


def chat_info(corp: Corp, code: str) -> dict[str, Any]:
    """`webhook/get_chat_info`: the whole member list; a private chat has the one who wrote."""
    found = corp.chat_info_codes.pop(code, None)
    if found is None or found.expires_at <= corp.now():
        raise Refused(40058, "code")
    chat = corp.chats.get(found.chatid)
    people = [corp.person(userid) for userid in (chat.userlist if chat else (found.userid,))]
    members = [{"userid": p.userid, "alias": "", "name": p.name} for p in people if p]
    about = {"chatid": chat.bot_chatid, "name": chat.name} if chat else {"chatid": "", "name": ""}
    return {**about, "chattype": "group" if chat else "single", "members": members}


def reply_url(corp: Corp, chatid: str, userid: str) -> str:
    """Make a fresh single-use response_url for what `userid` said (`chatid` empty: in private)."""
    code = secrets.token_urlsafe(24)
    ends = corp.now() + limits.HOUR
    corp.reply_urls[code] = ReplyUrl(code=code, chatid=chatid, userid=userid, expires_at=ends)
    return f"{corp.api_base}/cgi-bin/aibot/response?response_code={code}"


def show_reply(corp: Corp, chatid: str, userid: str, message: content.Content) -> None:
    """Let the AI bot's answer be seen: by the group, or by the one it talks to."""
    chat = corp.chats.get(chatid)
    readers = chat.userlist if chat else (userid,)
    corp.cards.keep(message.face, sender="aibot", chatid=chatid, to=readers)
    if chat:
        show_post(corp, chat, message, channel="aibot", to=chat.userlist)
        return
    corp.tell("dm", sender="bot", to=[userid], channel="aibot", **message.shown)
