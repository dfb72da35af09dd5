"""The door of the pages that anybody may ask for (so often, within some time), and their desk."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from bot.dispatcher import Dispatcher
from bot.intake.local import Overloaded
from bot.intake.writer import Job
from bot.library.library import Library
from bot.setting_forms import Network
from bot.web import page_texts
from bot.web.addresses import caller
from bot.web.pace import WINDOW_MS, Pace
from storage.unit_of_work import Unwritable

PER_MINUTE: Final = 600
"""Requests of one address: an office of hundreds behind one address opens a link at once."""

UNKNOWN_PER_MINUTE: Final = 20
"""What does not exist that one address may ask for: who guesses has to wait."""

LANE_S: Final = 5.0

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Of every page: kept by nobody, found by nobody, and its address told to nobody."""

Answer = Callable[[web.Request, str], Awaitable[web.Response]]
"""What a request from an address gets."""


def page(html: str, status: int = HTTPStatus.OK) -> web.Response:
    """Return a page as a response."""
    return web.Response(
        text=html, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
    )


@dataclass(kw_only=True)
class Door:
    """Lets requests in. `refused` counts those turned away; `now` gives ms UTC."""

    trusted: tuple[Network, ...]
    now: Callable[[], int]
    refused: Callable[[str, int], None]
    _every: Pace = field(init=False)
    _unknown: Pace = field(init=False)

    def __post_init__(self) -> None:
        self._every = Pace(PER_MINUTE, self.now)
        self._unknown = Pace(UNKNOWN_PER_MINUTE, self.now)

    async def admit(self, request: web.Request, surface: str, answer: Answer) -> web.Response:
        """Answer a request; 429 to who comes too often, 503 where there is no room or no time."""
        address = caller(request, self.trusted)
        if self._every.exceeded(address) or self._unknown.exceeded(address):
            return self._turned_away(surface, "slow", HTTPStatus.TOO_MANY_REQUESTS)
        self._every.note(address)
        try:
            async with asyncio.timeout(LANE_S):
                response = await answer(request, address)
        except (Overloaded, Unwritable, TimeoutError):
            return self._turned_away(surface, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
        if response.status == HTTPStatus.NOT_FOUND:
            self._unknown.note(address)
            self.refused(surface, response.status)
        return response

    def _turned_away(self, surface: str, why: str, status: HTTPStatus) -> web.Response:
        self.refused(surface, int(status))
        response = page(page_texts.link(why), status)
        response.headers["Retry-After"] = str(WINDOW_MS // 1_000)
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDesk:
    """What pages behind the door need: the lane that knows, `draw` for pictures, and the time.

    `opened` opens what stands sealed in words: a code is shown once. `now` gives ms UTC.
    """

    door: Door
    library: Library
    dispatcher: Dispatcher
    submit: Callable[[Job], Awaitable[Any]]
    now: Callable[[], int]
    draw: Callable[[Mapping[str, Any]], Awaitable[bytes]]
    opened: Callable[[str], str]
