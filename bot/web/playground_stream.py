"""The playground's live events: numbered, kept for a while, sent to every open page."""

import asyncio
import json
import secrets
from collections import deque
from contextlib import suppress
from typing import Any, Final, NamedTuple

from aiohttp import web

from bot.web.playground_guard import HEADERS, Refusal

# Proxies close a silent connection after 30 s or more.
HEARTBEAT_S: Final = 15.0
KEPT_EVENTS: Final = 1000
MOST_LISTENERS: Final = 32

_HEADERS: Final = {
    **HEADERS,
    "Content-Type": "text/event-stream; charset=utf-8",
    "X-Accel-Buffering": "no",
}
_HEARTBEAT: Final = b": still here\n\n"
_RESET: Final = b"event: reset\ndata: {}\n\n"


class Sent(NamedTuple):
    """One event as it goes over the wire, and its number."""

    number: int
    wire: bytes


class Stream:
    """Events `publish`ed are seen by whoever is being fed, and for a while after.

    An id is `<epoch>-<number>`; the epoch differs after each start, so that a page that outlived
    the program is told to draw itself anew (`event: reset`) and does not miss anything. So is
    one that asks for events no longer kept.
    """

    def __init__(self, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._heartbeat_s = heartbeat_s
        self._epoch = secrets.token_hex(4)
        self._number = 0
        self._kept: deque[Sent] = deque(maxlen=KEPT_EVENTS)
        self._news = asyncio.Event()
        self._closed = False
        self.listeners = 0

    @property
    def cursor(self) -> str:
        """The id of the newest event."""
        return f"{self._epoch}-{self._number}"

    def publish(self, kind: str, data: Any) -> None:
        """Send an event; `data` must be JSON-able."""
        self._number += 1
        text = json.dumps(data, ensure_ascii=False)
        wire = f"id: {self.cursor}\nevent: {kind}\ndata: {text}\n\n"
        self._kept.append(Sent(self._number, wire.encode("utf-8", "replace")))
        self._wake()

    def close(self) -> None:
        """End all feeding."""
        self._closed = True
        self._wake()

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """Answer with the events after `Last-Event-ID` (or `?after=`), then with all to come.

        Without either only what happens from now on is sent.
        """
        if self.listeners >= MOST_LISTENERS or self._closed:
            raise Refusal(503, "busy")
        response = web.StreamResponse(headers=_HEADERS)
        self.listeners += 1
        try:
            await response.prepare(request)
            await self._feed(response, self._asked(request))
        except ConnectionError:
            # The page has gone: nobody is left to be told.
            pass
        finally:
            self.listeners -= 1
        return response

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _asked(self, request: web.Request) -> int | None:
        asked = request.headers.get("Last-Event-ID") or request.query.get("after")
        if not asked:
            return self._number
        epoch, _, number = asked.partition("-")
        known = epoch == self._epoch and number.isascii() and number.isdecimal()
        # Longer numbers than this one has are not its own, and int() would refuse huge ones.
        return int(number) if known and len(number) <= len(str(self._number)) else None

    async def _feed(self, response: web.StreamResponse, after: int | None) -> None:
        while not self._closed:
            news = self._news
            wires, after = self._since(after)
            await response.write(wires or _HEARTBEAT)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._heartbeat_s):
                    await news.wait()

    def _since(self, after: int | None) -> tuple[bytes, int]:
        oldest = self._kept[0].number if self._kept else self._number + 1
        if after is None or not oldest - 1 <= after <= self._number:
            return _RESET, self._number
        return b"".join(sent.wire for sent in self._kept if sent.number > after), self._number
