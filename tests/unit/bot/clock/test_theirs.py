"""Whether the machine's clock is WeCom's."""

import asyncio
from email.utils import formatdate

import aiohttp
import pytest
from aiohttp import hdrs, web
from aiohttp.test_utils import TestServer

from bot.clock.theirs import TheirClock
from bot.clock.wall import WallClock

MINUTE = 60_000


class Machine(WallClock):
    """A machine whose clock somebody sets."""

    def __init__(self, off_ms: int) -> None:
        super().__init__()
        self.off_ms = off_ms

    def now(self) -> int:
        return super().now() + self.off_ms


async def asked(machine: Machine, *, date: str = "", elsewhere: bool = False) -> TheirClock:
    """Ask a server once, which says that time (its own where none is given)."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(headers={hdrs.DATE: date or formatdate(usegmt=True)})

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestServer(app) as server:
        address = "https://wecom.invalid" if elsewhere else str(server.make_url("/"))
        theirs = TheirClock(machine, address)
        async with (
            aiohttp.ClientSession(trace_configs=[theirs.tracing()]) as session,
            session.get(server.make_url("/")),
        ):
            return theirs


@pytest.mark.parametrize(
    ("off_ms", "told"),
    [
        (0, ""),
        (45_000, ""),
        (-45_000, ""),
        (47 * MINUTE + 30_000, "47 minutes ahead of"),
        (-47 * MINUTE - 30_000, "47 minutes behind"),
    ],
)
def test_a_clock_is_wrong_where_it_differs_by_more_than_a_minute(off_ms: int, told: str):
    theirs = asyncio.run(asked(Machine(off_ms)))

    assert theirs.known
    assert (told in theirs.told(), bool(theirs.told())) == (True, bool(told))
    assert abs(theirs.ahead_ms - (off_ms if told else 0)) < 30_000


def test_a_clock_that_is_set_right_or_wrong_is_seen_without_another_answer():
    machine = Machine(47 * MINUTE)
    theirs = asyncio.run(asked(machine))

    machine.off_ms = 0
    assert theirs.ahead_ms == 0
    machine.off_ms = -20 * MINUTE
    assert abs(theirs.ahead_ms + 20 * MINUTE) < MINUTE


@pytest.mark.parametrize("date", ["yesterday", "Thu, 99 Zzz 2026 00:00:00 GMT"])
def test_a_date_that_cannot_be_read_tells_nothing(date: str):
    theirs = asyncio.run(asked(Machine(47 * MINUTE), date=date))

    assert (theirs.known, theirs.ahead_ms, theirs.told()) == (False, 0, "")


def test_what_others_say_of_the_time_is_not_believed():
    theirs = asyncio.run(asked(Machine(47 * MINUTE), elsewhere=True))

    assert not theirs.known
