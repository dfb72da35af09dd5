"""Who may ask the playground for anything, and how every answer is dressed.

The page can speak as anybody, so a page of another site must not be able to use it: not by
posting to it, and not by giving this machine a name of its own (DNS rebinding).
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final, TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import ValidationError

from bot.web.playground_forms import Form, fields_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FormType = TypeVar("FormType", bound=Form)

# Two thousand characters of text and as many of a quote, each at most six bytes of JSON escapes.
LARGEST_BODY: Final = 32 << 10
BODY_S: Final = 5.0

_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(?::[0-9]{1,5})?")
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Refusal(Exception):
    """The request is answered `status` with `code`, for which the page has words."""

    def __init__(self, status: int, code: str, fields: Collection[str] = ()) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.fields = tuple(fields)


def answer(body: object, status: int = 200) -> web.Response:
    """Give a JSON answer."""
    return web.json_response(text=json.dumps(body, ensure_ascii=False), status=status)


def guarded(handler: Handler, hosts: Collection[str]) -> Handler:
    """Let only requests of the page itself through; refusals become JSON answers."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            _check_host(request, hosts)
            if request.method == "POST":
                _check_origin(request)
            response = await handler(request)
        except Refusal as refusal:
            body = {"error": refusal.code, "fields": list(refusal.fields)}
            response = answer(body, refusal.status)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return handle


async def read(request: web.Request, form: type[FormType]) -> FormType:
    """Read a small JSON body of the given form; 400, 413 or 415 where it is none."""
    if request.content_type != "application/json":
        raise Refusal(415, "not-json")
    try:
        return form.model_validate_json(await _body(request))
    except ValidationError as error:
        raise Refusal(400, "field", fields_of(error.errors())) from None


async def _body(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(BODY_S):
            await request.content.readexactly(LARGEST_BODY + 1)
    except asyncio.IncompleteReadError as whole:
        return whole.partial
    except TimeoutError:
        raise Refusal(408, "slow") from None
    raise Refusal(413, "too-large")


def _check_host(request: web.Request, hosts: Collection[str]) -> None:
    found = _HOST.fullmatch(request.host)
    host = found[1].strip("[]").lower() if found else ""
    if host not in LOOPBACK and host not in hosts and host != _own_address(request):
        raise Refusal(403, "host")


def _own_address(request: web.Request) -> str:
    """Give the address of this machine that the request came to."""
    own = request.get_extra_info("sockname")
    return str(own[0]) if isinstance(own, tuple) and own else ""


def _check_origin(request: web.Request) -> None:
    # A program that is no browser sends neither header, and cannot be tricked by a page. A
    # browser asks before it posts JSON to another site, and is given no permission here.
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site != "same-origin" or (origin is not None and _netloc(origin) != request.host.lower()):
        raise Refusal(403, "origin")


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
