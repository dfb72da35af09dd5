"""`/s/{code}`: where a short link leads, told to everybody alike, and counted for people.

What is opened is an event in its community's lane; only after it is kept the browser is led on.
Crawlers and people get the same: nobody is shown another page than the next one.
`/s/{code}.png` and `.svg` are the QR code of the link, with its label.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Any, Final

from aiohttp import web

from bot.dispatcher import Dispatcher
from bot.intake.local import Overloaded
from bot.intake.writer import Job
from bot.library.library import Library
from bot.setting_forms import Network
from bot.web import link_pages
from bot.web.addresses import caller
from bot.web.pace import WINDOW_MS, Pace
from handlers.invitations import link_desk
from handlers.links import short_links, visits
from handlers.links.short_links import Opened
from handlers.links.visits import Visit
from handlers.ports import Context, Store
from sop.links import short_links as policy
from sop.model import ShortLink
from storage.unit_of_work import Unwritable

PER_MINUTE: Final = 600
"""Requests of one address: an office of hundreds behind one address opens a link at once."""

UNKNOWN_PER_MINUTE: Final = 20
"""Codes that do not exist which one address may ask for: who guesses has to wait."""

LANE_S: Final = 5.0

CODES: Final = "bot.pictures.qr"
"""Loaded by the first code that is asked for: Pillow is six megabytes that few programs need."""

_log = logging.getLogger(__name__)

Submit = Callable[[Job], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDesk:
    """What the routes need: the lane that counts, and who may come how often."""

    trusted: tuple[Network, ...]
    library: Library
    dispatcher: Dispatcher
    submit: Submit
    now: Callable[[], int]
    draw: Callable[[Mapping[str, Any]], Awaitable[bytes]]
    refused: Callable[[str, int], None]


def link_routes(desk: LinkDesk) -> list[web.RouteDef]:
    """Give the routes: 302 where the link leads somewhere now, else a small page that says why."""
    paces = Pace(PER_MINUTE, desk.now), Pace(UNKNOWN_PER_MINUTE, desk.now)

    async def opened(request: web.Request) -> web.Response:
        return await _answered(desk, paces, request, _open)

    async def drawn(request: web.Request) -> web.Response:
        return await _answered(desk, paces, request, _draw)

    return [
        web.get("/s/{code:[A-Za-z0-9]{1,64}}", opened),
        web.get("/s/{code:[A-Za-z0-9]{1,64}}.{form:png|svg}", drawn),
    ]


Answer = Callable[[LinkDesk, web.Request, Visit], Awaitable[web.Response]]


async def _answered(
    desk: LinkDesk, paces: tuple[Pace, Pace], request: web.Request, answer: Answer
) -> web.Response:
    address, (every, unknown) = caller(request, desk.trusted), paces
    if every.exceeded(address) or unknown.exceeded(address):
        return _refused(desk, link_pages.page("slow"), HTTPStatus.TOO_MANY_REQUESTS)
    every.note(address)
    try:
        async with asyncio.timeout(LANE_S):
            visit = visits.seen(request.method, request.headers, address)
            response = await answer(desk, request, visit)
    except (Overloaded, Unwritable, TimeoutError):
        return _refused(desk, link_pages.page("busy"), HTTPStatus.SERVICE_UNAVAILABLE)
    if response.status == HTTPStatus.NOT_FOUND:
        unknown.note(address)
        desk.refused("link", response.status)
    return response


def _refused(desk: LinkDesk, page: str, status: HTTPStatus) -> web.Response:
    desk.refused("link", int(status))
    response = _page(page, status)
    response.headers["Retry-After"] = str(WINDOW_MS // 1_000)
    return response


def _page(page: str, status: int) -> web.Response:
    return web.Response(
        text=page, status=status, content_type="text/html", charset="utf-8",
        headers=link_pages.HEADERS,
    )  # fmt: skip


def _code(request: web.Request) -> str:
    return policy.as_code(request.match_info["code"])


async def _open(desk: LinkDesk, request: web.Request, visit: Visit) -> web.Response:
    found: _Told = await desk.submit(_opening(desk, _code(request), visit))
    if found.opened.verdict != "open":
        return _page(found.page, _STATUS[found.opened.verdict])
    if found.page:
        return _page(found.page, HTTPStatus.OK)
    headers = {**link_pages.HEADERS, "Location": found.opened.target}
    return web.Response(status=HTTPStatus.FOUND, headers=headers)


_STATUS: Final[Mapping[policy.Verdict, HTTPStatus]] = {
    "unknown": HTTPStatus.NOT_FOUND,
    "ended": HTTPStatus.GONE,
    "expired": HTTPStatus.GONE,
    "full": HTTPStatus.GONE,
    "elsewhere": HTTPStatus.OK,
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of a visit, and the page that says so; empty where the browser is led on."""

    opened: Opened
    page: str = ""


def _opening(desk: LinkDesk, code: str, visit: Visit) -> Job:
    """In the lane: look at the link, count who opens it, and say what they get."""

    def run(store: Store) -> _Told:
        context, link = _looked_up(desk, store, code)
        if context is None:
            return _Told(Opened("unknown"), link_pages.page("unknown"))
        found, click = visits.come(context, link, visit)
        if click is not None:
            desk.dispatcher.handle(store, click)
        return _Told(found, _shown(context, found))

    return Job(run=run)


def _shown(context: Context, found: Opened) -> str:
    if found.verdict != "open":
        return link_pages.page(found.verdict, found.link.platforms if found.link else ())
    if found.link is not None and found.link.kind == "invitation":
        return link_pages.invitation(link_desk.invited(context, found.link))
    return ""


def _looked_up(desk: LinkDesk, store: Store, code: str) -> tuple[Context | None, ShortLink | None]:
    link = store.get(ShortLink, code) if code else None
    book = desk.library.book_of(link.community) if link else None
    if link is None or book is None:
        return None, None
    context = Context(
        store=store, book=book, community=link.community, now=desk.now(), group_id=link.group
    )
    return context, link


async def _draw(desk: LinkDesk, request: web.Request, visit: Visit) -> web.Response:
    def look(store: Store) -> dict[str, Any]:
        context, link = _looked_up(desk, store, _code(request))
        alive = context and link and short_links.opening(context, link, visit.platform)
        if context is None or link is None or not alive or alive.verdict == "ended":
            return {}
        return link_desk.qr(context, link)

    wish: dict[str, Any] = await desk.submit(Job(run=look))
    if not wish:
        return _page(link_pages.page("unknown"), HTTPStatus.NOT_FOUND)
    if request.match_info["form"] == "svg":
        qr = import_module(CODES)
        drawn, kind = qr.svg(wish["url"], wish["label"]).encode(), "image/svg+xml"
    else:
        drawn, kind = await _png(desk, wish), "image/png"
    return web.Response(body=drawn, content_type=kind, headers=link_pages.HEADERS)


async def _png(desk: LinkDesk, wish: Mapping[str, Any]) -> bytes:
    try:
        return await desk.draw(wish)
    except OSError as error:
        _log.info("a code is drawn without words: %s", error)
        return await asyncio.to_thread(import_module(CODES).bare, wish["url"])
