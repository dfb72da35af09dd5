"""The running sandbox: its HTTP and WebSocket server on a port of this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import formatdate

from aiohttp import ClientSession, hdrs, web

from bot.channels.sandbox.api import api_routes
from bot.channels.sandbox.callbacks import ANSWER_S, Caller
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.customers import Customers
from bot.channels.sandbox.link import Link
from bot.channels.sandbox.people import People

LINK = web.AppKey("sandbox_link", Link)
CORP = web.AppKey("sandbox_corp", Corp)
LINK_PATH = "/aibot-link"

# More than the largest upload (20 MB), so that it is refused with an errcode.
LARGEST_REQUEST = 24 << 20
# Hanging answers that a test ordered must not hold up the end.
SHUTDOWN_S = 0.1


def sandbox_app(corp: Corp) -> web.Application:
    """Build the server: `/cgi-bin/...` and the long connection; `app[LINK]` is its other end."""
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app[LINK] = Link(corp)
    app[CORP] = corp
    app.add_routes(api_routes(corp))
    app.router.add_get(LINK_PATH, app[LINK].handle)
    app.on_response_prepare.append(_dated)
    app.on_shutdown.append(_close_link)
    return app


async def _dated(request: web.Request, response: web.StreamResponse) -> None:
    """Let the answer bear the corp's time, which may be another than this machine's."""
    now = request.app[CORP].now()
    response.headers[hdrs.DATE] = formatdate(now / 1000, usegmt=True)


async def _close_link(app: web.Application) -> None:
    await app[LINK].close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A running sandbox.

    api_base goes into WECOM_API_BASE, link_url into WECOM_AIBOT_WS. Set `caller.bot_url` to the
    bot's origin once it listens; `caller.verify(surface)` checks it as the console would.
    """

    corp: Corp
    people: People
    customers: Customers
    caller: Caller
    link: Link
    api_base: str
    link_url: str


@asynccontextmanager
async def running(
    corp: Corp, *, bot_url: str = "", port: int = 0, answer_s: float = ANSWER_S
) -> AsyncIterator[Sandbox]:
    """Serve `corp` on 127.0.0.1 (port 0: any free one) until the block ends."""
    app = sandbox_app(corp)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, bound = runner.addresses[0][:2]
        corp.api_base = f"http://{host}:{bound}"
        async with ClientSession() as session:
            caller = Caller(corp, session, bot_url, answer_s)
            yield Sandbox(
                corp=corp,
                people=People(corp, caller, app[LINK]),
                customers=Customers(corp, caller),
                caller=caller,
                link=app[LINK],
                api_base=corp.api_base,
                link_url=f"ws://{host}:{bound}{LINK_PATH}",
            )
    finally:
        await runner.cleanup()
