"""`/s/{code}`: where a short link leads, told to everybody alike, and counted for people.

What is opened is an event in its community's lane; only after it is kept the browser is led on.
Crawlers and people get the same: nobody is shown another page than the next one.
`/s/{code}.png` and `.svg` are the QR code of the link, with its label.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from importlib import import_module
from typing import Any, Final

from aiohttp import web

from bot.intake.writer import Job
from bot.web import page_texts
from bot.web.doors import HEADERS, PublicDesk, page
from handlers.invitations import link_desk
from handlers.links import short_links, visits
from handlers.links.short_links import Opened
from handlers.links.visits import Visit
from handlers.ports import Context, Store
from sop.links import short_links as policy
from sop.model import ShortLink

CODES: Final = "bot.pictures.qr"
"""Loaded by the first code that is asked for: Pillow is six megabytes that few programs need."""

_log = logging.getLogger(__name__)


def link_routes(desk: PublicDesk) -> list[web.RouteDef]:
    """Give the routes: 302 where the link leads somewhere now, else a small page that says why."""

    async def opened(request: web.Request) -> web.Response:
        return await desk.door.admit(request, "link", partial(_open, desk))

    async def drawn(request: web.Request) -> web.Response:
        return await desk.door.admit(request, "link", partial(_draw, desk))

    return [
        web.get("/s/{code:[A-Za-z0-9]{1,64}}", opened),
        web.get("/s/{code:[A-Za-z0-9]{1,64}}.{form:png|svg}", drawn),
    ]


def _visit(request: web.Request, address: str) -> Visit:
    return visits.seen(request.method, request.headers, address)


def _code(request: web.Request) -> str:
    return policy.as_code(request.match_info["code"])


async def _open(desk: PublicDesk, request: web.Request, address: str) -> web.Response:
    job = _opening(desk, _code(request), _visit(request, address))
    found: _Told = await desk.submit(job)
    if found.opened.verdict != "open":
        return page(found.page, _STATUS[found.opened.verdict])
    if found.page:
        return page(found.page, HTTPStatus.OK)
    headers = {**HEADERS, "Location": found.opened.target}
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


def _opening(desk: PublicDesk, code: str, visit: Visit) -> Job:
    """In the lane: look at the link, count who opens it, and say what they get."""

    def run(store: Store) -> _Told:
        context, link = _looked_up(desk, store, code)
        if context is None:
            return _Told(Opened("unknown"), page_texts.link("unknown"))
        found, click = visits.come(context, link, visit)
        if click is not None:
            desk.dispatcher.handle(store, click)
        return _Told(found, _shown(context, found))

    return Job(run=run)


def _shown(context: Context, found: Opened) -> str:
    if found.verdict != "open":
        return page_texts.link(found.verdict, found.link.platforms if found.link else ())
    if found.link is not None and found.link.kind == "invitation":
        return page_texts.invitation(link_desk.invited(context, found.link))
    return ""


def _looked_up(
    desk: PublicDesk, store: Store, code: str
) -> tuple[Context | None, ShortLink | None]:
    link = store.get(ShortLink, code) if code else None
    book = desk.library.book_of(link.community) if link else None
    if link is None or book is None:
        return None, None
    context = Context(
        store=store, book=book, community=link.community, now=desk.now(), group_id=link.group
    )
    return context, link


async def _draw(desk: PublicDesk, request: web.Request, address: str) -> web.Response:
    visit = _visit(request, address)

    def look(store: Store) -> dict[str, Any]:
        context, link = _looked_up(desk, store, _code(request))
        alive = context and link and short_links.opening(context, link, visit.platform)
        if context is None or link is None or not alive or alive.verdict == "ended":
            return {}
        return link_desk.qr(context, link)

    wish: dict[str, Any] = await desk.submit(Job(run=look))
    if not wish:
        return page(page_texts.link("unknown"), HTTPStatus.NOT_FOUND)
    if request.match_info["form"] == "svg":
        qr = import_module(CODES)
        drawn, kind = qr.svg(wish["url"], wish["label"]).encode(), "image/svg+xml"
    else:
        drawn, kind = await _png(desk, wish), "image/png"
    return web.Response(body=drawn, content_type=kind, headers=HEADERS)


async def _png(desk: PublicDesk, wish: Mapping[str, Any]) -> bytes:
    try:
        return await desk.draw(wish)
    except OSError as error:
        _log.info("a code is drawn without words: %s", error)
        return await asyncio.to_thread(import_module(CODES).bare, wish["url"])
