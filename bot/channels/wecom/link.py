"""The AI bot's long connection: hearing and speaking without a public address.

It holds one WebSocket, keeps it alive and comes back after a loss, but never by itself after
another process took over: two processes would throw each other out for ever.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import weakref
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal

import aiohttp

from bot.channels.wecom import errors
from bot.channels.wecom.api import Answer
from bot.channels.wecom.raw_json import Json, encoded
from bot.channels.wecom.rhythm import Rhythm

State = Literal["connecting", "up", "down", "refused", "taken over"]
OnFrame = Callable[[Answer, str, str], Awaitable[None]]

# Delays in seconds. A subscribe is rate-protected, hence the long pause after several refusals.
_FIRST_DELAY, _LONGEST_DELAY, _REFUSED_DELAY = 1.0, 30.0, 300.0
_REFUSALS = 5
# Pauses are shortened by up to this share, so that many clients do not come back together.
_JITTER = 0.3
_CONNECT_S = 10.0
_CLOSE_S = 1.0
_PING_S = 30.0
_UNANSWERED_PINGS = 2
# Frames carry text and links to media, never media: far larger than any honest frame.
_MAX_FRAME = 1 << 20
# More callbacks than this at work at once is a flood; the rest is dropped and counted.
_MAX_AT_WORK = 1_000
_CALLBACKS = frozenset({"aibot_msg_callback", "aibot_event_callback"})

_log = logging.getLogger(__name__)


class AiBotLink:
    """One bot's connection. `on_frame(body, req_id, cmd)` gets every callback.

    Callbacks start in the order they came, each in a task of its own, so that a slow one keeps
    neither the reader nor the others waiting. `dropped` counts what a flood made us drop.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        bot_id: str,
        secret: str,
        on_frame: OnFrame,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._session = session
        self._url = url
        self._credentials = {"bot_id": bot_id, "secret": secret}
        self._on_frame = on_frame
        self._rhythm = rhythm or Rhythm()
        self._state: State = "connecting"
        self._taken_over = False
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._numbers = itertools.count(1)
        # Of one req_id the first answer belongs to the first frame, also if nobody waits any more.
        self._waiting: defaultdict[str, deque[asyncio.Future[Json | None]]] = defaultdict(deque)
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._at_work: set[asyncio.Task[None]] = set()
        self._losses = 0
        self._refusals = 0
        self.dropped = 0

    @property
    def state(self) -> State:
        """Where the link stands; only `up` hears and speaks."""
        return "taken over" if self._taken_over else self._state

    async def run(self) -> None:
        """Keep the link up until cancelled; return only when it was taken over.

        After a take-over it may be called again, by whoever knows that this process is to lead.
        """
        self._losses = self._refusals = 0
        self._taken_over = False
        try:
            await self._attempt()
            while not self._taken_over:
                await self._rhythm.sleep(self._pause())
                await self._attempt()
            self._rhythm.alarm("the AI bot's link was taken over by another connection")
        finally:
            self._state = "down"
            await self._dismiss()

    async def try_once(self) -> None:
        """Subscribe and hang up; raises whatever keeps the link from being up.

        Whoever holds the bot's link is thrown off by it.
        """
        async with self._subscribed():
            pass

    async def respond(self, req_id: str, body: Json) -> Answer:
        """Answer the callback `req_id`, within 24 h; answers to one callback go one at a time."""
        return await self._in_turn("aibot_respond_msg", req_id, body)

    async def welcome(self, req_id: str, body: Json) -> Answer:
        """Answer the callback `req_id` of an `enter_chat`, within 5 s and only once."""
        return await self._in_turn("aibot_respond_welcome_msg", req_id, body)

    async def update(self, req_id: str, body: Json) -> Answer:
        """Replace the card whose press was the callback `req_id`, within 5 s and only once."""
        return await self._in_turn("aibot_respond_update_msg", req_id, body)

    async def send(self, chatid: str, chat_type: int, body: Json) -> Answer:
        """Speak first: chat_type 1 to a userid, 2 to a group; only where somebody spoke before."""
        whole = {"chatid": chatid, "chat_type": chat_type, **body}
        return await self._asked("aibot_send_msg", self._number("send"), whole)

    async def _in_turn(self, cmd: str, req_id: str, body: Json) -> Answer:
        turn = self._turns.setdefault(req_id, asyncio.Lock())
        async with turn:
            return await self._asked(cmd, req_id, body)

    def _number(self, what: str) -> str:
        return f"{what}-{next(self._numbers)}"

    def _pause(self) -> float:
        """Return the seconds until the next attempt, and tell of a link refused too often."""
        if self._refusals > _REFUSALS:
            self._rhythm.alarm(f"WeCom refused the AI bot's link {self._refusals} times")
            return _REFUSED_DELAY
        doubled = _FIRST_DELAY * (1 << min(max(self._refusals, self._losses) - 1, 10))
        return min(doubled, _LONGEST_DELAY) * (1 - _JITTER * self._rhythm.jitter())

    async def _attempt(self) -> None:
        """Connect and live until the connection ends; leave the state that says how."""
        self._state = "connecting"
        try:
            await self._live()
            self._state = "down"
        except (aiohttp.ClientError, OSError, errors.WeComError) as problem:
            refused = isinstance(problem, errors.WeComError) and problem.errcode != 0
            self._state = "refused" if refused else "down"
            self._refusals += refused
            # Only our own errors are sure to hold no secret.
            what = problem if isinstance(problem, errors.WeComError) else type(problem).__name__
            _log.warning("no link: %s", what, extra={"action": "aibot-link-failed"})
        self._losses += 1

    async def _live(self) -> None:
        async with self._subscribed() as (socket, reading):
            self._socket, self._state, self._refusals = socket, "up", 0
            beating = asyncio.create_task(self._beat(socket))
            try:
                ended, _ = await asyncio.wait(
                    (reading, beating), return_when=asyncio.FIRST_COMPLETED
                )
                for task in ended:
                    task.result()
            finally:
                self._socket = None
                await _ended(beating)

    @contextlib.asynccontextmanager
    async def _subscribed(
        self,
    ) -> AsyncIterator[tuple[aiohttp.ClientWebSocketResponse, asyncio.Task[None]]]:
        """Connect and subscribe; gives the socket and what reads it, until the block ends."""
        async with asyncio.timeout(_CONNECT_S):
            closing = aiohttp.ClientWSTimeout(ws_close=_CLOSE_S)
            socket = await self._session.ws_connect(
                self._url, max_msg_size=_MAX_FRAME, timeout=closing
            )
        reading = asyncio.create_task(self._read(socket))
        try:
            await self._exchange(socket, "aibot_subscribe", self._number("sub"), self._credentials)
            yield socket, reading
        finally:
            await _ended(reading)
            await socket.close()

    async def _beat(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Ping until too many pings in a row stay unanswered."""
        unanswered = 0
        while unanswered < _UNANSWERED_PINGS:
            await self._rhythm.sleep(_PING_S)
            try:
                await self._exchange(socket, "ping", self._number("ping"), None)
            except errors.WeComError:
                unanswered += 1
            else:
                # Only a link that has lasted makes the next loss a first one.
                unanswered = self._losses = 0

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._heard(message.data)
                if self._taken_over:
                    return
        finally:
            for answer in itertools.chain.from_iterable(self._waiting.values()):
                if not answer.done():
                    answer.set_result(None)
            self._waiting.clear()

    def _heard(self, data: str) -> None:
        try:
            frame = json.loads(data)
        except (ValueError, RecursionError):
            frame = None
        headers = frame.get("headers") if isinstance(frame, dict) else None
        req_id = headers.get("req_id") if isinstance(headers, dict) else None
        if not isinstance(req_id, str):
            _log.warning("unreadable frame", extra={"action": "aibot-link-unreadable"})
        elif str(frame.get("cmd")) in _CALLBACKS:
            self._called(frame, req_id)
        elif waiting := self._waiting.get(req_id):
            answer = waiting.popleft()
            if not waiting:
                del self._waiting[req_id]
            if not answer.done():
                answer.set_result(frame)

    def _called(self, frame: Answer, req_id: str) -> None:
        body = frame.get("body")
        if not isinstance(body, dict) or len(self._at_work) >= _MAX_AT_WORK:
            self.dropped += 1
            self._rhythm.alarm("a callback of the AI bot's link was dropped")
            return
        event = body.get("event")
        if isinstance(event, dict) and event.get("eventtype") == "disconnected_event":
            self._taken_over = True
        task = asyncio.create_task(self._handled(body, req_id, frame["cmd"]))
        self._at_work.add(task)
        task.add_done_callback(self._finished)

    async def _handled(self, body: Answer, req_id: str, cmd: str) -> None:
        await self._on_frame(body, req_id, cmd)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # Its text may quote a member: only its name is logged.
            name = type(error).__name__
            _log.error("callback failed: %s", name, extra={"action": "aibot-link-callback"})

    async def _asked(self, cmd: str, req_id: str, body: Json) -> Answer:
        socket = self._socket
        if socket is None or socket.closed or self._taken_over:
            raise errors.Retryable(cmd, f"the link is {self.state}")
        try:
            return await self._exchange(socket, cmd, req_id, body)
        except errors.WeComError as error:
            if error.fate is errors.Fate.RESUBSCRIBE:
                await socket.close()
            raise

    async def _exchange(
        self, socket: aiohttp.ClientWebSocketResponse, cmd: str, req_id: str, body: Json | None
    ) -> Answer:
        """Send a frame and return its answer; whatever is not an answer is an unknown outcome."""
        frame = {"cmd": cmd, "headers": {"req_id": req_id}} | ({"body": body} if body else {})
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[req_id].append(answer)
        try:
            async with asyncio.timeout(self._rhythm.ack_s):
                await socket.send_str(encoded(frame).decode())
                given = await answer
        except (aiohttp.ClientError, OSError) as problem:
            raise errors.Unknown(cmd, f"no answer ({type(problem).__name__})") from None
        if given is None:
            raise errors.Unknown(cmd, "the link was cut before the answer")
        return errors.checked(cmd, given, [self._credentials["secret"]])

    async def _dismiss(self) -> None:
        """Let callbacks end that are nearly done; cancel the others."""
        tasks = set(self._at_work)
        if tasks:
            await asyncio.wait(tasks, timeout=self._rhythm.ack_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
