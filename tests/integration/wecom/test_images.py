"""Pictures of the AI bot: fetched from a real server, decrypted, and read, or let be."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from PIL import Image

from bot.channels.wecom.images import LARGEST, Images, Seen, decrypted
from bot.channels.wecom.translate import heard_from_aibot
from bot.pictures import qr

SECRET = bytes(range(32))
KEY = base64.b64encode(SECRET).decode().rstrip("=")
TARGET = "https://weixin.qq.com/g/AwYAAAbcd"


def encrypted(plain: bytes, key: str = KEY) -> bytes:
    """A picture as WeCom keeps it for the surface with this key."""
    secret, pad = base64.b64decode(key + "="), 32 - len(plain) % 32
    closing = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return closing.update(plain + bytes((pad,)) * pad) + closing.finalize()


def blank(side: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), 255).save(out, "PNG")
    return out.getvalue()


@asynccontextmanager
async def served(data: bytes, status: int = 200) -> AsyncIterator[tuple[Images, str]]:
    async def give(_: web.Request) -> web.Response:
        headers = {"Location": "/elsewhere"} if status == 302 else {}
        return web.Response(body=data, status=status, headers=headers)

    app = web.Application()
    app.router.add_get("/picture", give)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        origin = str(server.make_url("/")).rstrip("/")
        yield Images(session, origin, KEY, qr.read), f"{origin}/picture"


def read(data: bytes, *pictures: tuple[str, str | None], status: int = 200) -> Seen:
    """What is read of pictures on a server with these bytes; an empty address is its own."""

    async def run() -> Seen:
        async with served(data, status) as (images, own):
            return await images.look([(address or own, key) for address, key in pictures])

    return asyncio.run(run())


def test_a_code_in_a_picture_is_read():
    assert read(encrypted(qr.bare(TARGET)), ("", "")) == ((TARGET,), "yes")
    assert read(encrypted(qr.bare(TARGET)), *[("", KEY)] * 9) == ((TARGET,), "yes")
    assert read(qr.bare(TARGET), ("", None)) == ((TARGET,), "yes")


@pytest.mark.parametrize(
    ("data", "status", "key", "looked"),
    [
        pytest.param(encrypted(blank()), 200, "", "yes", id="no code"),
        pytest.param(encrypted(b"no picture"), 200, "", "lost", id="no picture"),
        pytest.param(b"x" * 31, 200, "", "lost", id="cut"),
        pytest.param(b"", 200, "", "lost", id="empty"),
        pytest.param(encrypted(blank()), 404, "", "lost", id="gone"),
        pytest.param(encrypted(blank()), 302, "", "lost", id="sent elsewhere"),
        pytest.param(encrypted(blank()), 200, "short", "lost", id="a wrong key"),
        pytest.param(encrypted(blank()), 200, "ä" * 43, "lost", id="no base64"),
        pytest.param(b"x" * (LARGEST + 32), 200, "", "large", id="too large"),
        pytest.param(encrypted(blank(7_000)), 200, "", "large", id="too many pixels"),
    ],
)
def test_a_picture_that_cannot_be_had_is_unknown(data: bytes, status: int, key: str, looked: str):
    assert read(data, ("", key), status=status) == ((), looked)


def test_a_picture_that_takes_too_long_takes_no_code_of_another_away(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("bot.channels.wecom.images.PATIENCE_S", 0.5)

    async def run() -> Seen:
        async def give(_: web.Request) -> web.Response:
            return web.Response(body=encrypted(b"read"))

        async def hang(_: web.Request) -> web.Response:
            await asyncio.sleep(5)
            return web.Response()

        app = web.Application()
        app.router.add_get("/picture", give)
        app.router.add_get("/slow", hang)
        async with TestServer(app) as server, aiohttp.ClientSession() as session:
            origin = str(server.make_url("/")).rstrip("/")
            images = Images(session, origin, KEY, lambda plain: (plain.decode(),))
            return await images.look([(f"{origin}/picture", ""), (f"{origin}/slow", "")])

    assert asyncio.run(run()) == (("read",), "lost")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x",
        "https://evil.example/x",
        "http://a.myqcloud.com/x",
        "https://myqcloud.com.evil.example/x",
        "file:///etc/passwd",
        "not an address",
    ],
)
def test_no_other_door_is_knocked_at(address: str):
    assert read(encrypted(qr.bare(TARGET)), (address, "")) == ((), "lost")


def test_only_whole_padding_is_taken():
    with pytest.raises(ValueError, match="padding"):
        decrypted(encrypted(b"x" * 32)[:32], KEY)


@pytest.mark.parametrize(
    ("body", "images"),
    [
        ({"msgtype": "image", "image": {"url": "u", "aeskey": "k"}}, (("u", "k"),)),
        (
            {
                "msgtype": "mixed",
                "mixed": {
                    "msg_item": [
                        {"msgtype": "text", "text": {"content": "看"}},
                        {"msgtype": "image", "image": {"url": "v"}},
                    ]
                },
            },
            (("v", ""),),
        ),
        ({"msgtype": "text", "text": {"content": "看"}}, ()),
    ],
)
def test_addresses_and_keys_of_pictures_are_heard(
    body: dict[str, object], images: tuple[tuple[str, str], ...]
):
    common = {"msgid": "m", "chatid": "c", "chattype": "group", "from": {"userid": "li"}}

    assert heard_from_aibot({**common, **body}).images == images
