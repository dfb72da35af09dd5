"""The appchat calls: groups made by the app, and only those (wecom-protocol.md section 3)."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.sandbox import content, limits
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Chat, Refused

NAME_CHARACTERS = 50
CHATID_CHARACTERS = 32
SMALLEST, LARGEST = 2, 2000

Body = Mapping[str, Any]


def create(corp: Corp, body: Body) -> dict[str, Any]:
    """`appchat/create`: an invisible group until its first message, without the AI bot.

    No call can put the AI bot in; a person does that in the client (`Corp.change_chat`).
    """
    _need_root(corp)
    chatid = _new_chatid(corp, body)
    userlist = _members(corp, body.get("userlist"), missing=86204)
    _check_size(userlist)
    owner = _owner(corp, body.get("owner") or secrets.choice(userlist), userlist)
    chat = Chat(
        chatid=chatid,
        bot_chatid="",
        name=_name(body.get("name")),
        owner=owner,
        userlist=userlist,
        made_by_app=True,
        visible=False,
        aibot=False,
    )
    if not corp.windows.take("appchat/create", limits.APPCHAT_CREATE):
        raise Refused(45009)
    corp.add_chat(chat)
    corp.tell("created", chatid, sender="bot", to=userlist, text=chat.name, channel="appchat")
    return {"chatid": chatid}


def update(corp: Corp, body: Body) -> dict[str, Any]:
    """`appchat/update`: name, owner and members change together or not at all."""
    _need_root(corp)
    chat = _own_chat(corp, body.get("chatid"))
    gone = _leavers(corp, chat, body.get("del_user_list", []))
    added = _members(corp, body.get("add_user_list", []), missing=0)
    stay = tuple(m for m in chat.userlist if m not in gone)
    come = tuple(m for m in added if m not in stay)
    _check_size((*stay, *come))
    changed = replace(
        chat,
        name=_name(body["name"]) if body.get("name") else chat.name,
        owner=_owner(corp, body.get("owner") or chat.owner, (*stay, *come)),
        userlist=(*stay, *come),
    )
    if not corp.windows.take("appchat/update", limits.APPCHAT_UPDATE):
        raise Refused(45009)
    corp.chats[chat.chatid] = changed
    _tell_differences(corp, chat, changed)
    return {}


def get(corp: Corp, query: Body) -> dict[str, Any]:
    """`appchat/get`: the only way to learn who is in a group."""
    _need_root(corp)
    chat = _own_chat(corp, query.get("chatid"))
    info = {"chatid": chat.chatid, "name": chat.name, "owner": chat.owner}
    return {"chat_info": {**info, "userlist": list(chat.userlist)}}


def send(corp: Corp, body: Body) -> dict[str, Any]:
    """`appchat/send`: members above their limit silently do not get the message."""
    _need_root(corp)
    chat = _own_chat(corp, body.get("chatid"))
    message = content.read(corp, body, content.APPCHAT)
    size = len(chat.userlist)
    if not corp.windows.take("appchat/send", limits.APPCHAT_PER_CORP, weight=size):
        raise Refused(45009)
    got = tuple(m for m in chat.userlist if _reaches(corp, m))
    corp.change_chat(chat.chatid, visible=True)
    show_post(corp, chat, message, channel="appchat", to=got)
    if missed := tuple(m for m in chat.userlist if m not in got):
        corp.tell("dropped", chat.chatid, to=missed, text=message.text, channel="appchat")
    return {}


def show_post(
    corp: Corp, chat: Chat, message: content.Content, *, channel: str, to: tuple[str, ...]
) -> None:
    """Let `to` see the bot's message in the group; only members can be mentioned."""
    members = {m.lower(): m for m in chat.userlist} | {"@all": "@all"}
    mentions = [members[m.lower()] for m in message.mentions if m.lower() in members]
    told = {**message.shown, "mentions": mentions}
    corp.tell("post", chat.chatid, sender="bot", to=to, channel=channel, **told)


def _reaches(corp: Corp, userid: str) -> bool:
    return corp.windows.take(("appchat/send", userid), limits.APPCHAT_PER_MEMBER)


def _need_root(corp: Corp) -> None:
    if not corp.scope_is_root:
        raise Refused(60011)


def _own_chat(corp: Corp, chatid: object) -> Chat:
    if not isinstance(chatid, str) or not chatid:
        raise Refused(86001)
    chat = corp.chats.get(chatid)
    if chat is None:
        raise Refused(86003)
    if not chat.made_by_app:
        raise Refused(86008)
    return chat


def _new_chatid(corp: Corp, body: Body) -> str:
    chatid = body.get("chatid") or secrets.token_hex(12)
    if not isinstance(chatid, str) or not re.fullmatch(r"[0-9a-zA-Z]+", chatid):
        raise Refused(86001)
    if len(chatid) > CHATID_CHARACTERS:
        raise Refused(86205)
    if chatid in corp.chats:
        raise Refused(86215)
    return chatid


def _name(name: object) -> str:
    if not isinstance(name, str) or not name:
        raise Refused(86202 if not name else 86004)
    return name[:NAME_CHARACTERS]


def _members(corp: Corp, userlist: object, *, missing: int) -> tuple[str, ...]:
    if not userlist and missing:
        raise Refused(missing)
    if not isinstance(userlist, list):
        raise Refused(86216)
    found = [corp.person(str(userid)) for userid in userlist]
    known = tuple(dict.fromkeys(p.userid for p in found if p and p.in_scope))
    if None in found or any(p and not p.in_scope for p in found):
        raise Refused(86216)
    return known


def _leavers(corp: Corp, chat: Chat, userlist: object) -> tuple[str, ...]:
    leavers = _members(corp, userlist, missing=0)
    if not set(leavers) <= set(chat.userlist):
        raise Refused(86216)
    return leavers


def _check_size(userlist: tuple[str, ...]) -> None:
    if not SMALLEST <= len(userlist) <= LARGEST:
        raise Refused(86006)


def _owner(corp: Corp, userid: object, userlist: tuple[str, ...]) -> str:
    person = corp.person(str(userid))
    if person is None:
        raise Refused(86005)
    if person.userid not in userlist:
        raise Refused(86207)
    return person.userid


def _tell_differences(corp: Corp, before: Chat, after: Chat) -> None:
    removed = [m for m in before.userlist if m not in after.userlist]
    joined = [m for m in after.userlist if m not in before.userlist]
    for kind, changed, to, text in (
        ("removed", bool(removed), removed, ""),
        ("join", bool(joined), joined, ""),
        ("owner", before.owner != after.owner, [after.owner], ""),
        ("renamed", before.name != after.name, [], after.name),
    ):
        if changed:
            told = {"sender": "bot", "to": to, "text": text, "channel": "appchat"}
            corp.tell(kind, after.chatid, **told)
