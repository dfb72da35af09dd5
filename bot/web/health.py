"""What machines ask: is the process alive, may it get traffic, what has it counted."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.metrics import Metrics

# Load balancers and HEALTHCHECKs commonly give up after 3 to 5 s.
PROBE_TIMEOUT_S: Final = 2.0

_log: Final = logging.getLogger("qunyun.health")

_NOT_STORED: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How every component is, as JSON-able values, and why the program is not ready, if so.

    `components` is shown to anyone who asks: states and counts, nothing secret. Dead events
    are a component of their own, `{"dead_events": {"count": 3}}`.
    """

    components: Mapping[str, Mapping[str, object]]
    reasons: tuple[str, ...]


Probe = Callable[[], Awaitable[Health]]

_BROKEN: Final = Health(components={"probe": {"state": "broken"}}, reasons=("probe-broken",))
_SLOW: Final = Health(components={"probe": {"state": "slow"}}, reasons=("probe-slow",))


def health_routes(
    probe: Probe, metrics: Metrics, *, timeout_s: float = PROBE_TIMEOUT_S
) -> list[web.RouteDef]:
    """Give `/healthz` (200 while the process answers), `/readyz` (503 with reasons), `/metrics`.

    A probe that raises or needs longer than `timeout_s` is itself a reason not to be ready.
    """
    shared = _SharedProbe(probe, timeout_s)

    async def healthz(_request: web.Request) -> web.Response:
        return _answer(await shared.health(), 200)

    async def readyz(_request: web.Request) -> web.Response:
        health = await shared.health()
        return _answer(health, 503 if health.reasons else 200)

    async def figures(_request: web.Request) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE_LATEST, **_NOT_STORED}
        return web.Response(body=metrics.render(), headers=headers)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", figures)]


class _SharedProbe:
    """Runs one probe at a time: whoever asks meanwhile gets the same answer.

    A probe that hangs, on a locked disk say, would otherwise take one thread per request.
    """

    def __init__(self, probe: Probe, timeout_s: float) -> None:
        self._probe = probe
        self._timeout_s = timeout_s
        self._running: asyncio.Task[Health] | None = None

    async def health(self) -> Health:
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._safe())
        running = self._running
        await asyncio.wait({running}, timeout=self._timeout_s)
        return running.result() if running.done() else _SLOW

    async def _safe(self) -> Health:
        try:
            return await self._probe()
        except Exception:  # noqa: BLE001 - whatever is broken, /healthz must still say so
            _log.exception("the health probe failed")
            return _BROKEN


def _answer(health: Health, status: int) -> web.Response:
    body = {
        "status": "not ready" if health.reasons else "ready",
        "reasons": list(health.reasons),
        "components": {name: dict(state) for name, state in health.components.items()},
    }
    text = json.dumps(body, ensure_ascii=False, default=str)
    return web.json_response(text=text, status=status, headers=_NOT_STORED)
