"""The playground at /play: a group one can talk in, join, leave and move through time.

Mounted in sandbox mode only. Everything done here goes the way real messages go: through the
sandbox's WeCom and its encrypted callbacks to the bot, never around them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final, Protocol

from aiohttp import web

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Chat, Person
from bot.channels.sandbox.people import Impossible, People
from bot.web import playground_forms as forms
from bot.web.playground_files import page_routes
from bot.web.playground_guard import Handler, Refusal, answer, guarded, read
from bot.web.playground_stream import HEARTBEAT_S, Stream
from bot.web.playground_watch import Watch, drawn_corp
from sop.activities.commands import Words, words_for
from sop.channels import CAPABILITIES, can

# A bot that answers slowly is waited for as long as WeCom waits; what it says later is seen live.
ANSWER_S: Final = 5.0
# Enough for a flood typed by one person, too little to exhaust anything.
MOST_SPEAKING: Final = 50
MOST_PEOPLE: Final = 200
# 2100-01-01: dates far beyond are of no use, and calendars end.
LATEST_MS: Final = 4_102_444_800_000


class Clock(Protocol):
    """The time of the whole program: the bot's and the sandbox's."""

    def now(self) -> int:
        """Give milliseconds UTC, moved as far as the playground has moved it."""

    async def advance(self, ms: int) -> None:
        """Move the time on and wake the bot's clock; returns when it has been woken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberState:
    """What the bot knows of one member; `score` is None where it is unknown.

    role: owner, staff, leader or member. level: its title. layer: core or regular.
    """

    userid: str
    name: str
    present: bool = True
    role: str = "member"
    balance: int = 0
    score: int | None = 0
    level: str = ""
    layer: str = "regular"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """A human task; `to` says in words whom it is for, `status` as in `sop.model.Task`."""

    number: int
    to: str
    text: str
    status: str = "open"


def capabilities_of(channels: Mapping[str, str]) -> Mapping[str, bool]:
    """Tell for every capability whether a group with these channels has it."""
    return {name: can(channels, name) for name in sorted(CAPABILITIES["sandbox"])}


@dataclass(frozen=True, slots=True, kw_only=True)
class BotState:
    """What the bot knows, read from its database when the page is drawn.

    capabilities: by name as in `sop.channels`; the page has the plain words for them.
    words: the command words in force.
    """

    title: str
    pack: str
    hears_all: bool
    members: tuple[MemberState, ...] = ()
    tasks: tuple[TaskState, ...] = ()
    channels: tuple[str, ...] = ()
    capabilities: Mapping[str, bool] = field(default_factory=dict)
    timezone: str = "Asia/Shanghai"
    words: Words = field(default_factory=words_for)


class Playground:
    """The page, its JSON API and its live events over one sandbox corp.

    `switch` rebinds the group in the bot: it hears all messages, or only what mentions it.
    `hosts` are names under which the page may be asked for, besides this machine's own.
    Everything must be used in the event loop that serves the routes.
    """

    def __init__(
        self,
        corp: Corp,
        people: People,
        clock: Clock,
        state: Callable[[], Awaitable[BotState]],
        switch: Callable[[bool], Awaitable[None]],
        log: logging.Logger,
        *,
        hosts: Collection[str] = (),
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._corp = corp
        self._people = people
        self._clock = clock
        self._state = state
        self._switch = switch
        self._log = log
        self._hosts = frozenset(host.casefold() for host in hosts)
        self._stream = Stream(heartbeat_s)
        self._watch = Watch(corp, self._picture, self._stream, log)
        self._speaking: set[asyncio.Task[None]] = set()
        self._turning = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """Give `/play` and everything below it."""
        posts: Mapping[str, Handler] = {
            "say": self._say, "press": self._press, "join": self._join, "leave": self._leave,
            "advance": self._advance, "channel": self._channel, "task": self._task,
        }  # fmt: skip
        guard = partial(guarded, hosts=self._hosts)
        return [
            *page_routes(guard),
            web.get("/play/state", guard(self._show), allow_head=False),
            web.get("/play/events", guard(self._events), allow_head=False),
            web.get("/play/pictures/{name}", guard(self._shown_picture), allow_head=False),
            *(web.post(f"/play/{name}", guard(handler)) for name, handler in posts.items()),
        ]

    async def close(self) -> None:
        """End the live events and whatever is still being said; may be called twice."""
        self._stream.close()
        speaking = tuple(self._speaking)
        for task in speaking:
            task.cancel()
        await asyncio.gather(*speaking, return_exceptions=True)
        await self._watch.close()

    async def _picture(self) -> dict[str, Any]:
        state = await self._state()
        known = asdict(state)
        known["words"] = {name: state.words.shown(name) for name in state.words.names}
        return {"now": self._clock.now(), "bot": known, **drawn_corp(self._corp)}

    async def _show(self, _request: web.Request) -> web.Response:
        self._groups()
        picture = await self._watch.look()
        # Nothing may happen between these two, or the page would miss or repeat it.
        said, cursor = list(self._watch.conversation), self._stream.cursor
        return answer({**picture, "conversation": said, "cursor": cursor})

    async def _shown_picture(self, request: web.Request) -> web.Response:
        """A picture the bot sent: as a file of the kind its bytes say, else of none."""
        data = self._corp.pictures.get(request.match_info["name"])
        if data is None:
            return web.Response(status=404)
        kinds = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
        kind = next((kind for head, kind in kinds.items() if data.startswith(head)), "")
        return web.Response(body=data, content_type=kind or "application/octet-stream")

    async def _events(self, request: web.Request) -> web.StreamResponse:
        self._watch.start()
        return await self._stream.feed(request)

    async def _say(self, request: web.Request) -> web.Response:
        body = await read(request, forms.Say)
        speaker = self._person(body.speaker)
        chatid = None if body.private else self._chat(body.group).chatid
        await self._spoken(
            self._people.speak(
                speaker.userid, chatid, body.text, mention_bot=body.mention, quote=body.quote
            )
        )
        return answer({"ok": True})

    async def _press(self, request: web.Request) -> web.Response:
        body = await read(request, forms.Press)
        speaker = self._person(body.speaker)
        chosen = [body.option] if body.option else []
        await self._spoken(self._people.press(speaker.userid, body.card, body.key, chosen))
        return answer({"ok": True})

    async def _task(self, request: web.Request) -> web.Response:
        body = await read(request, forms.Answer)
        speaker = self._person(body.speaker)
        word = (await self._state()).words.shown(body.choice)
        await self._spoken(self._people.speak(speaker.userid, None, f"{word} {body.number}"))
        return answer({"ok": True})

    async def _join(self, request: web.Request) -> web.Response:
        body = await read(request, forms.Join)
        chat = self._chat(body.group)
        person = self._corp.person(body.userid) if body.userid else None
        if person is None:
            person = self._newcomer(body)
        with _possible():
            self._people.join(chat.chatid, person.userid)
        return answer({"ok": True, "userid": person.userid})

    async def _leave(self, request: web.Request) -> web.Response:
        body = await read(request, forms.Leave)
        person = self._person(body.userid)
        with _possible():
            self._people.leave(self._chat(body.group).chatid, person.userid)
        return answer({"ok": True})

    async def _advance(self, request: web.Request) -> web.Response:
        body = await read(request, forms.Advance)
        if self._turning.locked():
            raise Refusal(409, "busy")
        if self._clock.now() + body.ms > LATEST_MS:
            raise Refusal(409, "too-late")
        async with self._turning:
            await self._clock.advance(body.ms)
        self._stream.publish("time", {"now": self._clock.now()})
        self._watch.touch()
        return answer({"ok": True, "now": self._clock.now()})

    async def _channel(self, request: web.Request) -> web.Response:
        body = await read(request, forms.Channel)
        # First the bot: where it cannot be rebound, nothing has changed.
        await self._switch(body.hears_all)
        for chatid in tuple(self._corp.chats):
            self._corp.change_chat(chatid, hears_all=body.hears_all)
        await self._watch.look()
        return answer({"ok": True})

    def _person(self, userid: str) -> Person:
        person = self._corp.person(userid)
        if person is None:
            raise Refusal(404, "unknown-person")
        return person

    def _newcomer(self, body: forms.Join) -> Person:
        if not body.name:
            raise Refusal(404, "unknown-person")
        if len(self._corp.people) >= MOST_PEOPLE:
            raise Refusal(409, "full")
        free = (f"guest-{number}" for number in range(1, MOST_PEOPLE + 1))
        userid = body.userid or next(one for one in free if not self._corp.person(one))
        return self._corp.add_person(userid, body.name)

    def _groups(self) -> list[Chat]:
        """Give the groups that clients show; the first is there once the bot has said a word."""
        seen = [chat for chat in self._corp.chats.values() if chat.visible]
        if not seen:
            raise Refusal(503, "starting")
        return seen

    def _chat(self, chatid: str) -> Chat:
        """Give the group meant; an empty id means the first one that clients show."""
        chat = next((one for one in self._groups() if chatid in ("", one.chatid)), None)
        if chat is None:
            raise Refusal(404, "unknown-group")
        return chat

    async def _spoken(self, speech: Coroutine[Any, Any, None]) -> None:
        """Let it be said; returns when the bot has been told, or is taking long."""
        if len(self._speaking) >= MOST_SPEAKING:
            speech.close()
            raise Refusal(429, "busy")
        task = asyncio.create_task(speech)
        self._speaking.add(task)
        task.add_done_callback(self._ended)
        await asyncio.wait({task}, timeout=ANSWER_S)
        if task.done() and not task.cancelled() and task.exception():
            raise Refusal(409, "impossible") from task.exception()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._speaking.discard(task)
        self._watch.touch()
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, Impossible):
            self._log.error("what was said did not reach the bot", exc_info=error)


@contextmanager
def _possible() -> Iterator[None]:
    try:
        yield
    except Impossible as impossible:
        raise Refusal(409, "impossible") from impossible
