"""Callbacks as nobody should send them, over HTTP: refused, with nothing kept, never a 500."""

import asyncio
import gzip
import logging
from typing import Literal

import pytest
from aiohttp.test_utils import TestClient

from bot.channels.wecom.callbacks import RUNNER_OPTIONS, Surface, callback_routes
from bot.channels.wecom.crypto import CallbackCrypto
from bot.channels.wecom.incoming import MAX_SKEW_MS
from bot.channels.wecom.payloads import MAX_BYTES
from tests import wecom_callback_door
from tests.wecom_callback_door import CRYPTO, ENVELOPES, NOW, Intake, Request, post, with_door

SKEW_S = MAX_SKEW_MS // 1000
FORMS = ["app", "aibot", "robot", "robot-json"]
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE"


def status_of(request: Request, body: bytes | None = None, **options: object) -> int:
    """Post it, make sure that nobody heard of it, and give the status."""
    intake = Intake()
    got = post(request, intake, body, **options)

    assert intake.untouched
    assert got.text == ""
    return got.status


def signed_body(text: str) -> tuple[Request, bytes]:
    """Sign any text at all as the ciphertext of an AI-bot callback."""
    signature = CRYPTO["aibot"].signature(str(NOW), "n0nce42", text)
    return Request("aibot", signature=signature), ENVELOPES["aibot"].format(text).encode()


def raw(head: str, *rest: bytes, body_s: float = 5.0) -> tuple[bytes, Intake]:
    """Speak bytes to the server, one piece after the other, and give the answer's first line."""
    lines: list[bytes] = []
    intake = Intake()

    async def use(client: TestClient) -> None:
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(head.encode())
        for piece in rest:
            await writer.drain()
            writer.write(piece)
        lines.append(await asyncio.wait_for(reader.readline(), 5))
        writer.close()
        await writer.wait_closed()

    with_door(intake, use, body_s=body_s)
    return lines[0], intake


def head(*headers: str, query: str | None = None) -> str:
    params = "&".join(f"{key}={value}" for key, value in Request().signed("x").items())
    lines = [f"POST /callback/aibot?{query or params} HTTP/1.1", "Host: x", *headers, "", ""]
    return "\r\n".join(lines)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "signature", ["0" * 40, "签名", "\udcff", "x" * 5000, "%00"], ids=lambda text: ascii(text[:9])
)
def test_a_wrong_signature_is_403(form: str, signature: str) -> None:
    request = Request(form, signature=signature.encode(errors="replace").decode())

    assert status_of(request) == 403


@pytest.mark.parametrize("form", ["app", "aibot", "robot"])
def test_a_foreign_receiveid_is_403(form: str) -> None:
    ours = CRYPTO[form]
    foreign = CallbackCrypto("any", AES_KEY, "wwFOREIGN")
    foreign._cipher = ours._cipher

    assert status_of(Request(form, crypto=foreign)) == 403


@pytest.mark.parametrize(
    ("timestamp", "status"),
    [
        (NOW - SKEW_S, 200),
        (NOW + SKEW_S, 200),
        (NOW - SKEW_S - 1, 403),
        (NOW + SKEW_S + 1, 403),
        (NOW * 1000, 403),
        (-NOW, 403),
        ("soon", 403),
        ("1760000000.0", 403),
        ("١٧٦٠٠٠٠٠٠٠", 403),
        ("9" * 5000, 403),
    ],
)
def test_the_clock_may_be_off_by_ten_minutes(timestamp: object, status: int) -> None:
    assert post(Request(timestamp=str(timestamp)), Intake()).status == status


@pytest.mark.parametrize("missing", ["msg_signature", "timestamp", "nonce"])
@pytest.mark.parametrize("how", ["left out", "empty", "twice"])
def test_each_parameter_must_be_there_once(missing: str, how: str) -> None:
    intake = Intake()

    async def use(client: TestClient) -> None:
        params, body = Request().built()
        value = params.pop(missing)
        pairs = {"left out": [], "empty": [""], "twice": [value, value]}[how]
        query = [*params.items(), *((missing, value) for value in pairs)]
        async with client.post("/callback/aibot", params=query, data=body) as response:
            assert response.status == 400

    with_door(intake, use)
    assert intake.untouched


@pytest.mark.parametrize(
    "nonce", ["n" * 129, "n\x00", "随机", "n\n"], ids=["long", "NUL", "not ASCII", "line feed"]
)
def test_a_nonce_that_cannot_be_kept_is_400(nonce: str) -> None:
    assert status_of(Request(nonce=nonce)) == 400


@pytest.mark.parametrize(
    ("form", "body"),
    [
        pytest.param("aibot", b"", id="empty"),
        pytest.param("aibot", b"{", id="JSON not closed"),
        pytest.param("aibot", b"[]", id="JSON list"),
        pytest.param("aibot", b'{"encrypt":null}', id="null"),
        pytest.param("aibot", b'{"encrypt":["a"]}', id="list of ciphertexts"),
        pytest.param("aibot", b'{"Encrypt":"x"}', id="another key"),
        pytest.param("aibot", b"\xff\xfe{}", id="no UTF-8"),
        pytest.param("aibot", b'{"a":' * 100_000, id="JSON nested deep"),
        pytest.param("aibot", b"<xml><Encrypt>x</Encrypt></xml>", id="XML to the AI bot"),
        pytest.param("app", b'{"encrypt":"x"}', id="JSON to the app"),
        pytest.param("app", b"<xml><Encrypt>x</xml>", id="XML closed wrongly"),
        pytest.param("app", b"<xml><ToUserName>ww</ToUserName></xml>", id="no Encrypt"),
        pytest.param("app", b"<xml><Encrypt/></xml>", id="empty Encrypt"),
        pytest.param(
            "app", b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>", id="two Encrypts"
        ),
        pytest.param("app", b"<a>" * 100_000, id="XML nested deep"),
        pytest.param(
            "robot",
            b'<!DOCTYPE xml [<!ENTITY e "x">]><xml><Encrypt>&e;</Encrypt></xml>',
            id="entity",
        ),
        pytest.param(
            "robot",
            b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/"><xml><Encrypt>x</Encrypt></xml>',
            id="DOCTYPE",
        ),
    ],
)
def test_a_malformed_envelope_is_400(form: str, body: bytes) -> None:
    assert status_of(Request(form), body) == 400


@pytest.mark.parametrize("text", ["no base64!", "abc", "AAAA", "A" * 44 + "="])
def test_rightly_signed_ciphertext_that_is_none_is_400(text: str) -> None:
    assert status_of(*signed_body(text)) == 400


DEEP = '{"a":' * 50 + "1" + "}" * 50
ENTITY = '<!DOCTYPE xml [<!ENTITY e "x">]><xml><MsgType>&e;</MsgType></xml>'


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("aibot", "not JSON"),
        ("aibot", "[1]"),
        ("aibot", DEEP),
        ("aibot", '{"msgid":' + "9" * 5000 + "}"),
        ("app", "not XML"),
        ("app", ENTITY),
        ("app", "<xml>" + "<a>" * 50 + "</a>" * 50 + "</xml>"),
        ("robot", ENTITY),
        ("robot-json", DEEP),
    ],
)
def test_a_rightly_signed_but_malformed_payload_is_400(form: str, text: str) -> None:
    assert status_of(Request(form, text=text)) == 400


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 3 * MAX_BYTES])
def test_a_body_over_1_mib_is_413(size: int) -> None:
    assert status_of(Request(), b"x" * size) == 413


def test_a_body_that_announces_more_than_1_mib_is_not_waited_for() -> None:
    line, intake = raw(head(f"Content-Length: {MAX_BYTES + 1}"), b"{", body_s=0.02)

    assert b" 413 " in line
    assert intake.untouched


def test_a_body_of_1_mib_is_read() -> None:
    assert status_of(Request(), b"x" * MAX_BYTES) == 400


def test_a_body_that_does_not_tell_its_size_is_cut_off_at_1_mib() -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    line, intake = raw(head("Transfer-Encoding: chunked"), *([chunk] * 17))

    assert b" 413 " in line
    assert intake.untouched


def test_a_body_that_trickles_is_cut_off() -> None:
    line, intake = raw(head("Content-Length: 100"), b"{", body_s=0.02)

    assert b" 408 " in line
    assert intake.untouched


def test_broken_chunks_are_400() -> None:
    line, intake = raw(head("Transfer-Encoding: chunked"), b"zz\r\nhello\r\n")

    assert b" 400 " in line
    assert intake.untouched


def test_an_endless_query_is_400() -> None:
    line, intake = raw(head("Content-Length: 0", query="nonce=" + "n" * 100_000))

    assert b" 400 " in line
    assert intake.untouched


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "x-unknown"])
def test_a_compressed_body_is_415(coding: str) -> None:
    body = gzip.compress(Request().built()[1])
    line, intake = raw(head(f"Content-Encoding: {coding}", f"Content-Length: {len(body)}"), body)

    assert b" 415 " in line
    assert intake.untouched


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"echostr": ""}, 400),
        ({"echostr": "AAAA"}, 403),
        ({"msg_signature": "签名"}, 403),
        ({"nonce": "other"}, 403),
        ({"timestamp": str(NOW - 3600)}, 403),
    ],
)
def test_a_verification_is_checked_like_a_message(change: dict[str, str], status: int) -> None:
    request = Request("app", text="echo")

    async def use(client: TestClient) -> None:
        encrypt = request.encrypt
        params = request.signed(encrypt) | {"echostr": encrypt} | change
        async with client.get(request.path, params=params) as response:
            assert response.status == status
            assert (await response.text() == "echo") is (status == 200)

    with_door(Intake(), use)


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE"])
def test_other_methods_are_405(method: str) -> None:
    async def use(client: TestClient) -> None:
        async with client.request(method, "/callback/app") as response:
            assert response.status == 405

    with_door(Intake(), use)


def test_a_surface_that_is_not_configured_has_no_address() -> None:
    intake = Intake()
    surface = Surface(crypto=CRYPTO["app"])
    routes = callback_routes({"app": surface}, intake.accept, lambda: 0, reject=intake.reject)

    assert {route.path for route in routes} == {"/callback/app"}


def test_a_refusal_is_logged_without_what_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="bot.channels.wecom.callbacks"):
        status_of(Request(signature="5ecret"))

    [record] = [record for record in caplog.records if record.message == "callback refused"]
    assert (record.surface, record.status) == ("aibot", 403)
    assert "5ecret" not in str(record.__dict__)


def test_a_head_that_never_ends_is_waited_for_no_longer_than_an_idle_connection(
    monkeypatch: pytest.MonkeyPatch,
):
    assert RUNNER_OPTIONS["keepalive_timeout"] <= 75
    shorter = {**RUNNER_OPTIONS, "keepalive_timeout": 0.1}
    monkeypatch.setattr(wecom_callback_door, "RUNNER_OPTIONS", shorter)

    line, intake = raw("POST /callback/aibot HTTP/1.1\r\nHost: x\r\n")

    assert line == b""
    assert intake.untouched


def another(name: Literal["token", "key", "corp"]) -> CallbackCrypto:
    """What WeCom has, where one of our settings is another."""
    token, key, corp = "tok-app", AES_KEY, wecom_callback_door.CORP
    return {
        "token": CallbackCrypto("tok-other", key, corp),
        "key": CallbackCrypto(token, "z" * 42 + "E", corp),
        "corp": CallbackCrypto(token, key, "wwOTHER"),
    }[name]


@pytest.mark.parametrize(
    ("differs", "named"),
    [("token", "WECOM_APP_TOKEN"), ("key", "WECOM_APP_AES_KEY"), ("corp", "WECOM_CORP_ID")],
)
def test_an_address_that_cannot_be_saved_names_the_setting_to_look_at(
    caplog: pytest.LogCaptureFixture, differs: Literal["token", "key", "corp"], named: str
) -> None:
    theirs = another(differs)
    encrypt = theirs.encrypt("hello-echo")
    signature = theirs.signature(str(NOW), "n0nce42", encrypt)
    asked = {"msg_signature": signature, "timestamp": str(NOW), "nonce": "n0nce42"}

    async def use(client: TestClient) -> None:
        async with client.get("/callback/app", params={**asked, "echostr": encrypt}) as answer:
            assert answer.status in (400, 403)

    with caplog.at_level(logging.INFO, logger="bot.channels.wecom.callbacks"):
        with_door(Intake(), use)

    [record] = [each for each in caplog.records if each.message == "callback refused"]
    assert named in vars(record)["reason"]


def test_a_callback_of_another_hour_asks_for_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="bot.channels.wecom.callbacks"):
        status_of(Request("app", timestamp=str(NOW - 3600)))

    [record] = [each for each in caplog.records if each.message == "callback refused"]
    assert "clock" in vars(record)["reason"]
