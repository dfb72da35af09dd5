import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.metrics import Metrics
from bot.web.health import Health, health_routes

WELL = Health(components={"database": {"state": "up"}, "dead_events": {"count": 0}}, reasons=())
ILL = Health(
    components={"database": {"state": "read-only"}, "dead_events": {"count": 3}},
    reasons=("database-not-writable", "clock-stands-still"),
)

Client = TestClient[web.Request, web.Application]


def serve(
    probe: Callable[[], Awaitable[Health]],
    ask: Callable[[Client], Awaitable[None]],
    metrics: Metrics | None = None,
) -> None:
    async def main() -> None:
        app = web.Application()
        app.add_routes(health_routes(probe, metrics or Metrics(), timeout_s=0.03))
        async with TestClient(TestServer(app)) as client:
            await ask(client)

    asyncio.run(main())


async def answer(client: Client, path: str) -> tuple[int, dict[str, object]]:
    async with client.get(path) as response:
        assert response.headers["Cache-Control"] == "no-store"
        return response.status, json.loads(await response.text())


def always(health: Health) -> Callable[[], Awaitable[Health]]:
    async def probe() -> Health:
        return health

    return probe


@pytest.mark.parametrize(("health", "ready"), [(WELL, 200), (ILL, 503)], ids=["well", "ill"])
def test_a_process_that_answers_is_alive_and_ready_only_without_a_reason(
    health: Health, ready: int
) -> None:
    async def ask(client: Client) -> None:
        alive, body = await answer(client, "/healthz")
        status, same = await answer(client, "/readyz")

        assert (alive, status) == (200, ready)
        assert body == same
        assert body["components"] == health.components
        assert body["reasons"] == list(health.reasons)
        assert body["status"] == ("ready" if ready == 200 else "not ready")

    serve(always(health), ask)


def test_a_probe_that_raises_is_a_reason_and_hides_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def probe() -> Health:
        raise OSError("/secret/path")

    async def ask(client: Client) -> None:
        alive, _ = await answer(client, "/healthz")
        status, body = await answer(client, "/readyz")

        assert (alive, status) == (200, 503)
        assert body["reasons"] == ["probe-broken"]
        assert "secret" not in str(body)

    serve(probe, ask)
    assert "probe" in caplog.text


def test_a_probe_that_hangs_is_a_reason_and_runs_only_once() -> None:
    started = 0
    release = asyncio.Event()

    async def probe() -> Health:
        nonlocal started
        started += 1
        await release.wait()
        return WELL

    async def ask(client: Client) -> None:
        answers = await asyncio.gather(*(answer(client, "/readyz") for _ in range(5)))

        assert {status for status, _ in answers} == {503}
        assert answers[0][1]["reasons"] == ["probe-slow"]
        assert (await answer(client, "/healthz"))[0] == 200
        assert started == 1

        release.set()
        assert (await answer(client, "/readyz"))[0] == 200
        assert (await answer(client, "/readyz"))[0] == 200
        assert started > 1

    serve(probe, ask)


def test_metrics_are_prometheus_text() -> None:
    metrics = Metrics()
    metrics.rejected("app", 403)

    async def ask(client: Client) -> None:
        async with client.get("/metrics") as response:
            text = await response.text()

            assert response.status == 200
            assert response.content_type == "text/plain"
            assert "version=" in response.headers["Content-Type"]
            assert 'qunyun_callbacks_rejected_total{status="403",surface="app"} 1.0' in text

    serve(always(ILL), ask, metrics)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nothing_can_be_posted(path: str) -> None:
    async def ask(client: Client) -> None:
        async with client.post(path) as response:
            assert response.status == 405

    serve(always(WELL), ask)
