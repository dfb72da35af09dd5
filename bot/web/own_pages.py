"""`/m/{key}`: a member's own page. What is pressed there is said in the member's name, in private.

A press is handled as that message would be if it had been typed, by the same dispatcher; its
answer stands on the page, and counts as delivered with the commit.
"""

import re
import secrets
from dataclasses import dataclass, fields
from functools import partial
from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import parse_qsl

from aiohttp import web

from bot.dispatcher import Handled
from bot.intake.writer import Job
from bot.replays import dated
from bot.web import page_texts
from bot.web.doors import PublicDesk, page
from handlers.accounts import own_page
from handlers.links import short_links
from handlers.people import people
from handlers.ports import Context, Store
from sop.events import MessageReceived, ReplyRoute
from sop.frozen import replace
from sop.links.page_keys import PageKey, read_key
from sop.model import DeadEvent
from sop.texts import text

CHANNEL: Final = "page"

LONGEST_FORM: Final = 4_096
"""Bytes of what a page may send."""

_MARK_BYTES: Final = 16
_ONCE: Final = re.compile("[A-Za-z0-9_-]{22}")
"""So many bytes in base64."""

Verdict = Literal["open", "unknown", "expired"]
_STATUS: Final = {
    "open": HTTPStatus.OK,
    "unknown": HTTPStatus.NOT_FOUND,
    "expired": HTTPStatus.GONE,
}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What who comes with a key gets to see; `answers` are for what was pressed."""

    verdict: Verdict
    page: own_page.Page | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pressed:
    """What was pressed; the same on a page that was shown `once` is the same press, sent again."""

    do: str
    argument: str
    group: str
    price: str
    once: str


def page_routes(desk: PublicDesk) -> list[web.RouteDef]:
    """Give the routes: the page, and what is pressed on it; 404 for a key that is not ours."""

    async def looked(request: web.Request) -> web.Response:
        return await desk.door.admit(request, "page", partial(_look, desk))

    async def pressed(request: web.Request) -> web.Response:
        return await desk.door.admit(request, "page", partial(_press, desk))

    path = "/m/{key:[A-Za-z0-9_.-]{1,400}}"
    return [web.get(path, looked), web.post(path, pressed)]


async def _look(desk: PublicDesk, request: web.Request, _address: str) -> web.Response:
    key = request.match_info["key"]
    seen: _Seen = await desk.submit(Job(run=lambda store: _seen(desk, store, key)))
    return _shown(seen)


async def _press(desk: PublicDesk, request: web.Request, _address: str) -> web.Response:
    length = request.content_length
    if length is None or length > LONGEST_FORM:
        return _told("unknown", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    packed = request.headers.get("Content-Encoding", "identity") != "identity"
    if packed or request.content_type != "application/x-www-form-urlencoded":
        return _told("unknown", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    # Pages are in UTF-8, and so is what they send, whatever a request says of itself.
    given = dict(parse_qsl((await request.read()).decode("utf-8", "replace")))
    pressed = _Pressed(*(given.get(each.name, "") for each in fields(_Pressed)))
    return _shown(await desk.submit(_pressing(desk, request.match_info["key"], pressed)))


def _shown(seen: _Seen) -> web.Response:
    if seen.page is None:
        return _told(seen.verdict, _STATUS[seen.verdict])
    once = secrets.token_urlsafe(_MARK_BYTES)
    return page(page_texts.own(seen.page, seen.answers, once))


def _told(name: str, status: HTTPStatus) -> web.Response:
    return page(page_texts.told(f"own-page.page-{name}"), status)


def _pressing(desk: PublicDesk, key: str, pressed: _Pressed) -> Job:
    """Say in the member's name what was pressed; what its handler dies of is kept, as ever."""

    def run(store: Store) -> _Seen:
        event = _said(desk, store, key, pressed)
        if event is None:
            return _seen(desk, store, key)
        objection = _objection(desk, store, key, pressed)
        if objection:
            return replace(_seen(desk, store, key), answers=(objection,))
        handled = desk.dispatcher.handle(store, event)
        if handled.repeat and store.get(DeadEvent, event.key) is not None:
            return replace(_seen(desk, store, key), answers=(text("own-page.failed"),))
        answers = _answers(desk, store, handled)
        return replace(_seen(desk, store, key), answers=answers)

    def rescue(store: Store, error: Exception) -> _Seen:
        event = _said(desk, store, key, pressed)
        if event is not None:
            # Nobody looks at the page any more when it is handled again.
            later = replace(event, channel="app", route=ReplyRoute())
            desk.dispatcher.bury(store, later, error)
        return replace(_seen(desk, store, key), answers=(text("own-page.failed"),))

    return Job(run=run, rescue=rescue)


def _said(desk: PublicDesk, store: Store, key: str, pressed: _Pressed) -> MessageReceived | None:
    """Return the press as a message; None where it may not be, or no page of ours sent it."""
    _, context = _entered(desk, store, key)
    if context is None or not _ONCE.fullmatch(pressed.once):
        return None
    said = own_page.said(context, pressed.do, pressed.argument, pressed.group)
    # Every button of a page sends the same mark.
    return _message(context, said, f"{CHANNEL}:{pressed.once}:{said}") if said else None


def _objection(desk: PublicDesk, store: Store, key: str, pressed: _Pressed) -> str:
    """Return why what was pressed is not done, though it might be: it is another thing by now."""
    _, context = _entered(desk, store, key)
    if context is None:
        return ""
    return own_page.objection(context, pressed.do, pressed.argument, pressed.price)


def _answers(desk: PublicDesk, store: Store, handled: Handled) -> tuple[str, ...]:
    """Return what the bot answers; what is shown here is not sent anywhere else."""
    told = []
    for sent in handled.outgoing:
        if sent.klass != "reply" or sent.channel != CHANNEL:
            continue
        store.put(replace(sent, status="sent", attempts=1, done_at=desk.now()))
        told.append(desk.opened(str(sent.body.get("text", ""))))
    return tuple(told) or (text("own-page.done"),)


def _entered(desk: PublicDesk, store: Store, key: str) -> tuple[Verdict, Context | None]:
    """Return whether a key opens a page now, and for whom."""
    found = read_key(short_links.secret_of(store), key)
    if found is None:
        return "unknown", None
    context = _context(desk, store, found)
    over = own_page.is_over(store, found, desk.now())
    if context is None or over or not own_page.is_theirs(context):
        return "expired", None
    return "open", context


def _context(desk: PublicDesk, store: Store, key: PageKey) -> Context | None:
    book = desk.library.book_of(key.community)
    person = people.current(store, key.community, key.person)
    if book is None or person is None:
        return None
    return Context(
        store=store, book=book, community=key.community, now=desk.now(), person_id=person.id
    )


def _seen(desk: PublicDesk, store: Store, key: str) -> _Seen:
    verdict, context = _entered(desk, store, key)
    if context is None:
        return _Seen(verdict)
    place = desk.library.shelf.titles[context.community]
    return _Seen(verdict, own_page.shown(_message(context, "", ""), context, place))


def _message(context: Context, said: str, key: str) -> MessageReceived:
    person = context.person
    assert person is not None
    return MessageReceived(
        key=dated(key, context.now), community=context.community, group="", at=context.now,
        sender=person.userid, text=said, message_id=key, channel=CHANNEL, mentions_bot=True,
        route=ReplyRoute(waiting=True),
    )  # fmt: skip
