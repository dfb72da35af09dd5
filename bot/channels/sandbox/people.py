"""What people do in their WeCom client: speak, come, go, open a private chat with the bot."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.channels.sandbox import passive, payloads
from bot.channels.sandbox.callbacks import Answered, Caller
from bot.channels.sandbox.cards import Card
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.direct import show_change
from bot.channels.sandbox.limits import MINUTE
from bot.channels.sandbox.link import Link, event_body
from bot.channels.sandbox.model import Chat, Person
from bot.channels.sandbox.passive import BadReply, Passive
from bot.channels.sandbox.robots import reply_url

Surface = Literal["app", "aibot", "robot"]

# An unfinished stream is asked for again until 6 minutes after the message (6.3).
STREAM_MS = 6 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    """Who speaks, and where: in a group, or (no chat) alone with the bot."""

    person: Person
    chat: Chat | None = None

    @property
    def chatid(self) -> str:
        return self.chat.chatid if self.chat else ""

    @property
    def readers(self) -> tuple[str, ...]:
        return self.chat.userlist if self.chat else (self.person.userid,)


class Impossible(ValueError):
    """A client would not let this person do that; the message says why."""


class People:
    """The people of one sandbox corp. Every method returns when the bot has been told.

    They can do only what a client lets them: speak in groups they are in and can see. What the
    bot answers in the same breath is in the transcript as `passive`.
    """

    def __init__(self, corp: Corp, caller: Caller, link: Link) -> None:
        self._corp = corp
        self._caller = caller
        self._link = link
        # Seconds between the polls for an unfinished stream; WeCom's own figure is not known.
        self.poll_s = 0.5

    async def speak(
        self,
        userid: str,
        chatid: str | None,
        text: str,
        *,
        mention_bot: bool = False,
        quote: str | None = None,
        to: Surface | None = None,
    ) -> None:
        """Say `text` in a group, or (`chatid` None) privately to the bot.

        to: which bot is meant. In a group the default is the AI bot, else the listening robot;
            privately it is the app. Only the AI bot can be told a `quote`.
        mention_bot: puts `@BotName ` before the text. Without it a bot in a group hears
            nothing, unless the group's `hears_all` is set.
        """
        person = self._person(userid)
        chat = self._own_chat(person, chatid) if chatid is not None else None
        talk = _Talk(person=person, chat=chat)
        surface = to or self._ear(chat)
        spoken = f"@{self._bot_name(chat, surface)} {text}" if chat and mention_bot else text
        told: dict[str, Any] = {"text": spoken, "channel": surface, "quote": quote or ""}
        self._corp.tell("said", talk.chatid, sender=person.userid, to=talk.readers, **told)
        if surface == "aibot" and (chat is None or mention_bot):
            self._remember(talk)
        if chat is None or mention_bot or (chat.hears_all and surface == "aibot"):
            await self._tell_bot(surface, talk, spoken, quote or "")

    async def enter(self, userid: str, to: Literal["app", "aibot"] = "aibot") -> None:
        """Open the private chat with the AI bot (enter_chat) or the app (enter_agent)."""
        talk = _Talk(person=self._person(userid))
        if to == "app":
            await self._tell_app(talk, payloads.app_event(self._corp, talk.person, "enter_agent"))
            return
        body = event_body(self._corp, "enter_chat")
        body |= payloads.aibot_sender(self._corp, None, talk.person)
        await self._tell_aibot(talk, body, entered=True)

    async def press(
        self, userid: str, task_id: str, key: str, options: Sequence[str] = ()
    ) -> None:
        """Press a button of a card that this person sees, with the options they have chosen."""
        person, card = self._person(userid), self._corp.cards.find(task_id)
        if card is None or person.userid not in card.to:
            raise Impossible(f"{userid} sees no card {task_id}")
        face = card.face_of(person.userid)
        label = next((text for text, own in face.buttons if own == key), "")
        if not label or not {*options} <= {own for _, own in face.options}:
            raise Impossible(f"there is no button {key} on the card any more")
        talk = _Talk(person=person, chat=self._corp.chats.get(card.chatid))
        told: dict[str, Any] = {"to": talk.readers, "text": label, "channel": card.sender}
        self._corp.tell("pressed", card.chatid, sender=person.userid, **told)
        pressed = payloads.Pressed(
            task_id=task_id, key=key, kind=face.kind, options=tuple(options)
        )
        if card.sender == "app":
            plain = payloads.app_press(self._corp, person, pressed)
            answer = await self._caller.call("app", plain)
        elif self._corp.aibot_mode == "link":
            await self._press_on_link(talk, pressed)
            return
        else:
            body = payloads.aibot_press(self._corp, talk.chat, person, pressed)
            body["response_url"] = reply_url(self._corp, talk.chatid, person.userid)
            # It is delivered once, and lost where nobody answers.
            answer = await self._caller.call(
                "aibot", json.dumps(body, ensure_ascii=False), tries=1
            )
        self._replace(talk, card, answer, task_id)

    async def _press_on_link(self, talk: _Talk, pressed: payloads.Pressed) -> None:
        body = payloads.aibot_press(self._corp, talk.chat, talk.person, pressed)
        asked = self._link.conversations.asked(
            talk.chatid, talk.person.userid, pressed=pressed.task_id
        )
        if not await self._link.tell("aibot_event_callback", asked, body):
            self._corp.tell("unheard", talk.chatid, channel="aibot", status=0)

    def _replace(self, talk: _Talk, card: Card, answer: Answered | None, task_id: str) -> None:
        """Show what the answer to a press puts in the card's place, for who pressed it."""
        if answer is None or answer.text.strip() in ("", "success"):
            return
        try:
            if card.sender == "app":
                reply = passive.read_app(self._corp, answer.text, talk.person.userid)
            else:
                reply = passive.read_aibot_press(self._corp, answer.text, answer.nonce, task_id)
        except BadReply as bad:
            self._corp.tell("bad_reply", talk.chatid, channel=card.sender, text=str(bad))
            return
        if reply.replaced is not None:
            face = replace(reply.replaced, task_id=task_id)
            show_change(self._corp, card, face, (talk.person.userid,))

    def join(self, chatid: str, userid: str) -> None:
        """Come into a group by hand, unseen by the bot until it asks for the roster."""
        person, chat = self._person(userid), self._visible(chatid)
        if person.userid in chat.userlist:
            raise Impossible(f"{userid} is already in {chatid}")
        self._corp.change_chat(chatid, userlist=(*chat.userlist, person.userid))
        self._corp.tell("join", chatid, sender=person.userid, to=[person.userid])

    def leave(self, chatid: str, userid: str) -> None:
        """Leave a group by hand, unseen by the bot; an owner is followed by the next member."""
        person = self._person(userid)
        chat = self._own_chat(person, chatid)
        stay = tuple(m for m in chat.userlist if m != person.userid)
        if not stay:
            raise Impossible("the last member cannot leave")
        owner = stay[0] if chat.owner == person.userid else chat.owner
        self._corp.chats[chatid] = replace(chat, userlist=stay, owner=owner)
        self._corp.tell("leave", chatid, sender=person.userid, to=[person.userid])

    def _person(self, userid: str) -> Person:
        person = self._corp.person(userid)
        if person is None:
            raise Impossible(f"{userid} is not in the corp")
        return person

    def _visible(self, chatid: str) -> Chat:
        chat = self._corp.chats.get(chatid)
        if chat is None or not chat.visible:
            raise Impossible(f"no client shows a group {chatid} yet")
        return chat

    def _own_chat(self, person: Person, chatid: str) -> Chat:
        chat = self._visible(chatid)
        if person.userid not in chat.userlist:
            raise Impossible(f"{person.userid} is not in {chatid}")
        return chat

    def _ear(self, chat: Chat | None) -> Surface:
        if chat is None:
            return "app"
        return "aibot" if chat.aibot or not self._corp.robot_in(chat.chatid) else "robot"

    def _bot_name(self, chat: Chat, surface: Surface) -> str:
        robot = self._corp.robot_in(chat.chatid)
        return robot.name if robot and surface == "robot" else self._corp.identity.bot_name

    async def _tell_bot(self, surface: Surface, talk: _Talk, text: str, quote: str) -> None:
        if surface == "app":
            await self._tell_app(talk, payloads.app_message(self._corp, talk.person, text))
        elif surface == "robot":
            await self._tell_robot(talk, text)
        elif talk.chat is None or talk.chat.aibot:
            said = payloads.aibot_message(self._corp, talk.chat, talk.person, text, quote)
            await self._tell_aibot(talk, said)

    async def _tell_app(self, talk: _Talk, plain: str) -> None:
        answer = await self._caller.call("app", plain)
        userid = talk.person.userid
        self._show(talk, "app", answer, lambda a: passive.read_app(self._corp, a.text, userid))

    async def _tell_robot(self, talk: _Talk, text: str) -> None:
        listening = (r for r in self._corp.robots.values() if r.listens)
        robot = self._corp.robot_in(talk.chatid) if talk.chat else next(listening, None)
        if robot is None:
            return
        plain = payloads.robot_message(self._corp, robot, talk.chat, talk.person, text)
        answer = await self._caller.call("robot", plain)
        self._show(talk, "robot", answer, lambda a: passive.read_robot(self._corp, a.text))

    def _remember(self, talk: _Talk) -> None:
        """From now on the AI bot may speak first in this conversation."""
        if talk.chat:
            self._corp.spoken[talk.chat.bot_chatid] = ""
            return
        for known_as in (talk.person.userid, talk.person.open_userid):
            self._corp.spoken[known_as] = talk.person.userid

    async def _tell_aibot(
        self, talk: _Talk, body: dict[str, Any], *, entered: bool = False
    ) -> None:
        if self._corp.aibot_mode == "link":
            await self._tell_link(talk, body, entered=entered)
            return
        if not entered:
            url = reply_url(self._corp, talk.chatid, talk.person.userid)
            body = {**body, "response_url": url}
        began = self._corp.now()
        while body and self._corp.now() - began <= STREAM_MS:
            body = await self._ask_aibot(talk, body, entered=entered)

    async def _tell_link(self, talk: _Talk, body: dict[str, Any], *, entered: bool) -> None:
        cmd = "aibot_event_callback" if entered else "aibot_msg_callback"
        asked = self._link.conversations.asked(talk.chatid, talk.person.userid, entered=entered)
        if not await self._link.tell(cmd, asked, body):
            self._corp.tell("unheard", talk.chatid, channel="aibot", status=0)

    async def _ask_aibot(
        self, talk: _Talk, body: dict[str, Any], *, entered: bool
    ) -> dict[str, Any]:
        """Call once; gives the poll to call with next, empty when the answer is complete."""
        answer = await self._caller.call("aibot", json.dumps(body, ensure_ascii=False))
        stream = self._show(
            talk,
            "aibot",
            answer,
            lambda a: passive.read_aibot(self._corp, a.text, a.nonce, entered=entered),
        )
        if not stream:
            return {}
        await asyncio.sleep(self.poll_s)
        return payloads.aibot_poll(self._corp, talk.chat, talk.person, stream)

    def _show(
        self,
        talk: _Talk,
        surface: Surface,
        answer: Answered | None,
        reader: Callable[[Answered], Passive],
    ) -> str:
        """Show a passive reply, if there is one; gives the stream that is not finished yet."""
        if answer is None or answer.text.strip() in ("", "success"):
            return ""
        try:
            reply = reader(answer)
        except BadReply as bad:
            self._corp.tell("bad_reply", talk.chatid, channel=surface, text=str(bad))
            return ""
        if not reply.poll:
            to = reply.visible_to or talk.readers
            told: dict[str, Any] = {"text": reply.text, "mentions": reply.mentions}
            if reply.face is not None:
                self._corp.cards.keep(reply.face, sender=surface, chatid=talk.chatid, to=to)
                told["card"] = reply.face.shown
            self._corp.tell("passive", talk.chatid, sender="bot", to=to, channel=surface, **told)
        return reply.poll
