"""`POST /admin/api/paid`: a program of the operator's tells who pays, all lines or none.

The body is a JSON list of `{"userid": "li.si", "paid": true, "until": "2027-01-31"}`; `until` is
the last day that is paid for and may be left out. It is handled in the community's lane, by what
`qunyun paid` does with a table.

A request says what holds, not what changes: it may be sent again. `Idempotency-Key` protects from
one that is late, after another has said otherwise: with it, the same body counts once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.dispatcher import Dispatcher, Handled
from bot.intake.local import Overloaded
from bot.intake.writer import Job
from bot.library.library import Library
from bot.setting_forms import Network
from bot.web.addresses import caller
from bot.web.bearers import Doorkeeper
from handlers.people import payments
from handlers.ports import Context, Store
from sop.activities.payments import YEARS, Payment, day_of
from sop.activities.tables import Fault
from sop.told_events import PaymentsTold
from storage.unit_of_work import Unwritable

PATH: Final = "/admin/api/paid"

LARGEST: Final = 256 << 10
"""Bytes of a body."""

MOST: Final = 1_000
"""Lines of a body: the lane is held up for no longer than that takes."""

TOLD: Final = 100
"""Faults an answer names at most."""

BODY_S: Final = 5.0
LANE_S: Final = 10.0
"""Seconds a body may take to arrive, and the lane to do what it says."""

LONGEST_KEY: Final = 200
"""Characters of an `Idempotency-Key`."""

RETRY_S: Final = 5

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_log = logging.getLogger(__name__)

Submit = Callable[[Job], Awaitable[Any]]


class Line(BaseModel):
    """Whether one member pays, and the last day that is paid for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    userid: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$")]
    paid: Annotated[bool, Field(strict=True)]
    until: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None


_LINES: Final = TypeAdapter(Annotated[list[Line], Field(min_length=1, max_length=MOST)])


class Refusal(Exception):
    """The request is answered `status`, with a sentence and the lines that are wrong."""

    def __init__(
        self, status: HTTPStatus, error: str, faults: Sequence[Fault] = (), *, retry_s: int = 0
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.faults = tuple(faults)
        self.retry_s = retry_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the route needs: who may come, and the lane that does what they say."""

    keeper: Doorkeeper
    trusted: tuple[Network, ...]
    library: Library
    dispatcher: Dispatcher
    submit: Submit
    now: Callable[[], int]
    refused: Callable[[str, int], None]
    body_s: float = BODY_S
    lane_s: float = LANE_S


def paid_routes(desk: Desk) -> list[web.RouteDef]:
    """Give the route; every answer is JSON, and what is refused changed nothing.

    400 body, line or community, 401 token, 408 slow, 413 large, 415 no JSON, 429 after several
    wrong tokens, 503 where it cannot be done now. A 503 may have been done all the same.
    """

    async def told(request: web.Request) -> web.Response:
        try:
            body = await _take(desk, request)
            return web.json_response(body, headers=_HEADERS)
        except Refusal as refusal:
            desk.refused("api", int(refusal.status))
            _log.info("api refused", extra={"status": int(refusal.status)})
            return _refused(refusal)

    return [web.post(PATH, told)]


def _refused(refusal: Refusal) -> web.Response:
    lines = [{"line": each.line, "error": each.message} for each in refusal.faults[:TOLD]]
    headers = dict(_HEADERS)
    if refusal.retry_s:
        headers["Retry-After"] = str(refusal.retry_s)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"error": refusal.error, "lines": lines}
    response = web.json_response(body, status=refusal.status, headers=headers)
    response.force_close()  # what was refused unread must not be read later
    return response


async def _take(desk: Desk, request: web.Request) -> Mapping[str, object]:
    _admit(desk, request)
    community = _community(desk, request)
    data = await _body(desk, request)
    told = _payments(data)
    job = _job(desk, community, told, _mark(request, data), new=_is_new(request))
    handled = await _handled(desk, job)
    return {"community": community, "members": len(told), "repeat": handled.repeat}


def _admit(desk: Desk, request: web.Request) -> None:
    address = caller(request, desk.trusted)
    wait = desk.keeper.wait_s(address)
    if wait:
        raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too many wrong tokens", retry_s=wait)
    if not desk.keeper.admits(address, request.headers.get("Authorization", "")):
        raise Refusal(HTTPStatus.UNAUTHORIZED, "the token is missing or wrong")


def _community(desk: Desk, request: web.Request) -> str:
    known = sorted(desk.library.shelf.books)
    wanted = request.query.get("community", "")
    if wanted in known:
        return wanted
    if not wanted and len(known) == 1:
        return known[0]
    raise Refusal(HTTPStatus.BAD_REQUEST, f"say ?community=: {', '.join(known) or 'none'}")


def _is_new(request: web.Request) -> bool:
    given = request.query.get("new", "0")
    if given not in ("0", "1"):
        raise Refusal(HTTPStatus.BAD_REQUEST, "new must be 0 or 1")
    return given == "1"


async def _body(desk: Desk, request: web.Request) -> bytes:
    if request.content_type != "application/json" or "Content-Encoding" in request.headers:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json, not compressed")
    try:
        async with asyncio.timeout(desk.body_s):
            await request.content.readexactly(LARGEST + 1)
    except asyncio.IncompleteReadError as whole:
        return whole.partial
    except TimeoutError:
        raise Refusal(HTTPStatus.REQUEST_TIMEOUT, "the body took too long") from None
    raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {LARGEST >> 10} KiB")


def _payments(data: bytes) -> tuple[Payment, ...]:
    try:
        lines = _LINES.validate_json(data)
    except ValidationError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, _SHAPE, _faults(error)) from None
    found = [_payment(number, line) for number, line in enumerate(lines, start=1)]
    faults = [each for each in found if isinstance(each, Fault)]
    if faults:
        raise Refusal(HTTPStatus.BAD_REQUEST, _SHAPE, faults)
    return tuple(each for each in found if isinstance(each, Payment))


_SHAPE: Final = (
    f'the body must be a JSON list of 1 to {MOST} of {{"userid", "paid", "until" (may be absent)}}'
)


def _faults(error: ValidationError) -> list[Fault]:
    """Name the lines that are wrong, without what was written in them."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [
        Fault(each["loc"][0] + 1, f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}")
        for each in found
        if each["loc"] and isinstance(each["loc"][0], int)
    ]


def _payment(number: int, line: Line) -> Payment | Fault:
    until = day_of(*map(int, line.until.split("-"))) if line.until else None
    if line.until and until is None:
        return Fault(number, f"until: no day of {YEARS[0]} to {YEARS[-1]}")
    return Payment(line=number, member=line.userid, paid=line.paid, until=until)


def _mark(request: web.Request, data: bytes) -> str:
    """Return what tells a repeat; empty where nothing was said that could."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not 0 < len(key) <= LONGEST_KEY:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"Idempotency-Key: 1 to {LONGEST_KEY} characters")
    digest = blake2b(data, digest_size=16)
    digest.update(key.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _job(desk: Desk, community: str, told: Sequence[Payment], mark: str, *, new: bool) -> Job:
    now = desk.now()
    once = mark or blake2b(repr(told).encode(), digest_size=16).hexdigest() + f":{now}"

    def run(store: Store) -> Handled:
        book = desk.library.shelf.books.get(community)
        if book is None:
            raise Refusal(HTTPStatus.BAD_REQUEST, "the community has just been taken away")
        context = Context(store=store, book=book, community=community, now=now)
        found = payments.resolve(context, told, new=new, named=False)
        if found.faults:
            raise Refusal(HTTPStatus.BAD_REQUEST, "nothing was changed", found.faults)
        event = PaymentsTold(
            key=f"paid:api:{community}:{once}", community=community, at=now, payments=found.told
        )
        return desk.dispatcher.handle(store, event)

    return Job(run=run)


async def _handled(desk: Desk, job: Job) -> Handled:
    try:
        async with asyncio.timeout(desk.lane_s):
            handled: Handled = await desk.submit(job)
    except Refusal:
        raise
    except (Overloaded, Unwritable, TimeoutError):
        raise _later() from None
    except Exception:  # noqa: BLE001 - the boundary: whoever called is to send it again
        _log.exception("api request failed")
        raise _later() from None
    return handled


def _later() -> Refusal:
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "not now: send it again", retry_s=RETRY_S)
