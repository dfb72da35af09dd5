"""What the AI bot may say over its long connection, and into which conversation."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.sandbox import cards, content, limits
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.direct import show_change
from bot.channels.sandbox.model import Refused
from bot.channels.sandbox.robots import show_reply

# wecom-protocol.md 6.6.
ANSWER_MS = 24 * limits.HOUR
WELCOME_MS = 5_000
STREAM_MS = 6 * limits.MINUTE

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A callback that went down the link; `chatid` is empty for a private conversation.

    `pressed` is the task_id of the card on which a button was pressed.
    """

    chatid: str
    userid: str
    at: int
    entered: bool = False
    pressed: str = ""


class Conversations:
    """The rules of answering and of speaking first; it holds every req_id for its 24 hours."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._asked: dict[str, Asked] = {}
        self._streams: dict[str, int] = {}

    def asked(self, chatid: str, userid: str, *, entered: bool = False, pressed: str = "") -> str:
        """Give the req_id under which this callback may be answered."""
        now = self._corp.now()
        req_id = secrets.token_urlsafe(18)
        self._asked = {r: a for r, a in self._asked.items() if now - a.at <= ANSWER_MS}
        self._asked[req_id] = Asked(
            chatid=chatid, userid=userid, at=now, entered=entered, pressed=pressed
        )
        return req_id

    def respond(self, req_id: str, body: Body) -> None:
        """`aibot_respond_msg`: 846605 for an unknown or old req_id; streams end in 6 minutes."""
        asked = self._find(req_id, ANSWER_MS)
        if asked.pressed:
            # A press takes a card in its place, and nothing else.
            raise Refused(846605)
        message = content.read(self._corp, body, content.LINK_RESPOND)
        self._corp.cards.check(message.face)
        stream = body.get("stream") if message.msgtype == "stream" else None
        if not isinstance(stream, dict):
            self._take(asked.chatid, asked.userid)
            show_reply(self._corp, asked.chatid, asked.userid, message)
        elif self._continue(asked, str(stream.get("id", "")), finish=bool(stream.get("finish"))):
            show_reply(self._corp, asked.chatid, asked.userid, message)

    def welcome(self, req_id: str, body: Body) -> None:
        """`aibot_respond_welcome_msg`: within 5 s of an enter_chat, and only then."""
        asked = self._find(req_id, WELCOME_MS)
        if not asked.entered:
            raise Refused(846605)
        message = content.read(self._corp, body, content.WELCOME)
        show_reply(self._corp, asked.chatid, asked.userid, message)

    def update(self, req_id: str, body: Body) -> None:
        """`aibot_respond_update_msg`: within 5 s of a press, once, and with the card's task_id."""
        asked = self._find(req_id, WELCOME_MS)
        if not asked.pressed:
            raise Refused(846605)
        face, userids = read_update(body, asked.pressed)
        del self._asked[req_id]
        replace_card(self._corp, asked.pressed, face, userids)

    def send(self, body: Body) -> None:
        """`aibot_send_msg`: 93006 unless somebody has spoken to the bot in that conversation."""
        target = str(body.get("chatid", ""))
        chat = self._corp.chat_of_bot(target)
        if target not in self._corp.spoken or (chat and not chat.aibot):
            raise Refused(93006)
        if body.get("chat_type", 0) not in (0, 2 if chat else 1):
            raise Refused(40058, "chat_type")
        message = content.read(self._corp, body, content.LINK_SEND)
        self._corp.cards.check(message.face)
        chatid, userid = chat.chatid if chat else "", self._corp.spoken[target]
        self._take(chatid, userid)
        show_reply(self._corp, chatid, userid, message)

    def _find(self, req_id: str, within_ms: int) -> Asked:
        asked = self._asked.get(req_id)
        if asked is None or self._corp.now() - asked.at > within_ms:
            raise Refused(846605)
        return asked

    def _take(self, chatid: str, userid: str) -> None:
        key = ("aibot", chatid or userid)
        if not self._corp.windows.take(key, limits.AIBOT_PER_CONVERSATION):
            raise Refused(45009)

    def _continue(self, asked: Asked, stream_id: str, *, finish: bool) -> bool:
        """Whether this frame completes its stream; a stream counts once against the limit."""
        if not stream_id:
            raise Refused(40063, "stream.id")
        now = self._corp.now()
        if stream_id not in self._streams:
            self._take(asked.chatid, asked.userid)
        if now - self._streams.setdefault(stream_id, now) > STREAM_MS:
            raise Refused(846608)
        if finish:
            # A finished stream takes no further frame: as if begun too long ago.
            self._streams[stream_id] = now - STREAM_MS - 1
        return finish


def read_update(body: Body, task_id: str) -> tuple[cards.Face, tuple[str, ...]]:
    """Give the card that shall stand in another's place, and for whom (nobody named: for all)."""
    part = body.get("template_card")
    if body.get("response_type") != "update_template_card" or not isinstance(part, dict):
        raise Refused(40058, "response_type")
    face = cards.read(part)
    if part.get("task_id") != task_id:
        raise Refused(40058, "task_id")
    return replace(face, task_id=task_id), content.strings(body.get("userids"))


def replace_card(corp: Corp, task_id: str, face: cards.Face, userids: tuple[str, ...]) -> None:
    """Let the AI bot's card look otherwise to those people, or to all who see it."""
    card = corp.cards.find(task_id)
    if card is None:
        raise Refused(40058, "task_id")
    named = (corp.person_behind(each) for each in userids)
    to = tuple(filter(None, named)) if userids else card.to
    show_change(corp, card, face, to)
