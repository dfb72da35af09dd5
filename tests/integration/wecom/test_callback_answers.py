"""Callbacks as WeCom sends them, over HTTP: what the intake is told and what goes back."""

import asyncio
import json

import pytest
from aiohttp.test_utils import TestClient

from bot.channels.wecom.callbacks import Answer, Replay
from bot.channels.wecom.payloads import parse_xml
from tests.wecom_callback_door import (
    CORP,
    CRYPTO,
    NOW,
    TEXTS,
    Got,
    Intake,
    Request,
    post,
    with_door,
)

FORMS = ["app", "aibot", "robot", "robot-json"]


def said(text: str, *mentions: str) -> Intake:
    return Intake(answer=Answer(status=200, text=text, mentions=mentions))


def opened(got: Got, surface: str) -> str:
    """Check the answer's envelope and give what is inside."""
    crypto = CRYPTO[surface]
    if got.content_type == "application/json":
        sealed = json.loads(got.text)
        stamp, names = sealed["timestamp"], ("msgsignature", "nonce", "encrypt")
        assert isinstance(stamp, int)
    else:
        sealed = parse_xml(got.text)
        stamp, names = sealed["TimeStamp"], ("MsgSignature", "Nonce", "Encrypt")
    signature, nonce, encrypt = (sealed[name] for name in names)
    assert nonce == "n0nce42"
    crypto.verify(signature, str(stamp), nonce, encrypt)
    return crypto.decrypt(encrypt)


def event(name: str, **details: object) -> str:
    body = {"eventtype": name, name: details}
    chat = {"chattype": "single", "from": {"userid": "li.si"}}
    return json.dumps({"msgid": "e-1", "msgtype": "event", "event": body, **chat})


@pytest.mark.parametrize("form", FORMS)
def test_a_message_reaches_the_intake_once_and_nothing_goes_back(form: str) -> None:
    intake = Intake()
    got = post(Request(form), intake)

    assert (got.status, got.text) == (200, "")
    [(heard, replay)] = intake.heard
    assert (heard.surface, heard.text) == (form.partition("-")[0], "签到")
    assert replay == Replay(surface=heard.surface, timestamp=NOW, nonce="n0nce42")


def test_the_aibot_is_answered_with_a_finished_stream() -> None:
    got = post(Request("aibot"), said("签到成功"))
    reply = json.loads(opened(got, "aibot"))

    assert reply["stream"] | {"id": ""} == {"id": "", "finish": True, "content": "签到成功"}


def test_a_retry_of_a_message_is_answered_on_the_same_stream() -> None:
    first, again = (json.loads(opened(post(Request("aibot"), said("早")), "aibot")) for _ in "12")

    assert first == again


def test_the_app_is_answered_in_xml() -> None:
    got = post(Request("app"), said("签到成功 ]]> <b>"))
    reply = parse_xml(opened(got, "app"))

    assert got.content_type == "text/xml"
    assert (reply["ToUserName"], reply["FromUserName"]) == ("zhang.san", CORP)
    assert reply["Content"] == "签到成功 ]]> <b>"


def test_the_robot_is_answered_in_the_family_it_asked_in() -> None:
    in_xml = parse_xml(opened(post(Request("robot"), said("早", "T100")), "robot"))
    in_json = json.loads(opened(post(Request("robot-json"), said("早", "T100")), "robot"))

    assert in_xml["Text"] == {"Content": "早", "MentionedList": {"Item": "T100"}}
    assert in_json["text"] == {"content": "早", "mentioned_list": ["T100"]}


def test_opening_the_aibots_chat_is_answered_with_a_text() -> None:
    got = post(Request("aibot", text=event("enter_chat")), said("欢迎"))

    assert json.loads(opened(got, "aibot")) == {"msgtype": "text", "text": {"content": "欢迎"}}


def test_a_stream_poll_is_answered_on_its_own_stream() -> None:
    poll = '{"msgtype":"stream","stream":{"id":"s-9"}}'
    got = post(Request("aibot", text=poll), said("好了"))

    assert json.loads(opened(got, "aibot"))["stream"]["id"] == "s-9"


@pytest.mark.parametrize("name", ["template_card_event", "feedback_event"])
def test_an_event_that_takes_no_text_gets_an_empty_answer(name: str) -> None:
    got = post(Request("aibot", text=event(name)), said("不能这样回"))

    assert (got.status, got.text) == (200, "")


@pytest.mark.parametrize("status", [403, 503])
def test_the_intakes_refusal_is_passed_on_without_text(status: int) -> None:
    got = post(Request(), Intake(answer=Answer(status=status, text="never")))

    assert (got.status, got.text) == (status, "")


def test_an_intake_that_fails_asks_wecom_to_send_again() -> None:
    got = post(Request(), Intake(answer=RuntimeError("disk full")))

    assert (got.status, got.text) == (503, "")


@pytest.mark.parametrize("kind", ["hologram", ""])
def test_an_unknown_type_is_accepted_as_ignored(kind: str) -> None:
    intake = Intake()
    got = post(Request(text=json.dumps({"msgtype": kind})), intake)

    assert got.status == 200
    assert [heard.kind for heard, _ in intake.heard] == ["ignored"]


@pytest.mark.parametrize(
    ("form", "text", "reason"),
    [
        ("app", TEXTS["app"].replace("<MsgId>42</MsgId>", ""), "no id"),
        ("aibot", TEXTS["aibot"].replace("userid", "user"), "no sender"),
        ("robot", TEXTS["robot"].replace("wrk1", ""), "no group"),
        ("robot-json", TEXTS["robot-json"].replace('"C7"', "null"), "no id"),
    ],
)
def test_what_is_signed_but_unusable_is_kept_as_dead(form: str, text: str, reason: str) -> None:
    intake = Intake()
    got = post(Request(form, text=text), intake)

    assert (got.status, got.text) == (200, "")
    assert intake.dead == [(form.partition("-")[0], text, reason)]
    assert not intake.heard


def test_the_intake_is_told_when_the_answer_is_on_its_way() -> None:
    told: list[str] = []
    answer = Answer(status=200, text="早", written=lambda: told.append("written"))
    got = post(Request(), Intake(answer=answer))

    assert opened(got, "aibot")
    assert told == ["written"]


def test_an_answer_that_cannot_travel_is_never_told_as_written() -> None:
    told: list[str] = []
    answer = Answer(status=200, text="早", written=lambda: told.append("written"))
    post(Request(text=event("feedback_event")), Intake(answer=answer))

    assert told == []


def test_one_connection_carries_many_callbacks() -> None:
    intake = said("早")

    async def use(client: TestClient) -> None:
        async def send(number: int) -> int:
            params, body = Request(nonce=f"n{number}").built()
            async with client.post("/callback/aibot", params=params, data=body) as response:
                await response.read()
                return response.status

        assert set(await asyncio.gather(*map(send, range(40)))) == {200}

    with_door(intake, use)

    assert {replay.nonce for _, replay in intake.heard} == {f"n{number}" for number in range(40)}


@pytest.mark.parametrize("surface", CRYPTO)
def test_the_address_is_verified_with_the_bare_echo(surface: str) -> None:
    intake = Intake()
    echo = "hello-echo 早"

    async def use(client: TestClient) -> None:
        request = Request(surface, text=echo)
        encrypt = request.encrypt
        params = request.signed(encrypt) | {"echostr": encrypt}
        async with client.get(request.path, params=params) as response:
            assert response.status == 200
            assert await response.read() == echo.encode()

    with_door(intake, use)
    assert intake.untouched


def test_a_plus_sign_that_became_a_blank_still_verifies() -> None:
    request = Request("app", text="echo")

    async def use(client: TestClient) -> None:
        encrypt = next(found for found in iter(lambda: request.encrypt, "") if "+" in found)
        params = request.signed(encrypt) | {"echostr": encrypt.replace("+", " ")}
        async with client.get(request.path, params=params) as response:
            assert await response.text() == "echo"

    with_door(Intake(), use)


def test_an_answer_to_somebody_who_hung_up_is_not_told_as_written() -> None:
    told: list[str] = []
    intake = Intake(answer=Answer(status=200, text="早", written=lambda: told.append("written")))
    params, body = Request().built()
    query = "&".join(f"{key}={value}" for key, value in params.items())
    head = f"POST /callback/aibot?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"

    async def use(client: TestClient) -> None:
        intake.pause_s = 0.03
        _, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(head.encode() + b"\r\n" + body)
        await writer.drain()
        await intake.arrived.wait()
        writer.transport.abort()
        await asyncio.sleep(0.05)

    with_door(intake, use)

    assert len(intake.heard) == 1
    assert told == []


def test_a_byte_order_mark_before_the_envelope_is_passed_over() -> None:
    intake = Intake()
    signed, body = Request("app").built()
    request = Request("app", signature=signed["msg_signature"])

    assert post(request, intake, b"\xef\xbb\xbf" + body).status == 200
    assert len(intake.heard) == 1
