"""The address that is printed, and what strangers may write into the log."""

import asyncio

import pytest
from aiohttp import web

from bot.serving import origin_of, serving


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("localhost", "http://localhost:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("fe80::1", "http://[fe80::1]:8080"),
    ],
)
def test_who_listens_is_found_under_the_origin_that_is_told(host: str, origin: str):
    assert origin_of(host, 8080) == origin


def test_bytes_that_are_no_http_are_refused_and_no_error_of_ours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(_request: web.Request) -> web.Response:
        raise ZeroDivisionError

    async def asked(port: int, said: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        line = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
        await writer.wait_closed()
        return line

    async def main() -> None:
        async with serving([web.get("/broken", broken)], "127.0.0.1", 0) as origin:
            port = int(origin.rpartition(":")[2])
            assert b" 400 " in await asked(port, b"\x16\x03\x01 hello\r\n\r\n")
            assert caplog.records == []
            assert b" 500 " in await asked(port, b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n")
            assert [each.levelname for each in caplog.records] == ["ERROR"]

    asyncio.run(main())
