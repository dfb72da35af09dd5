import json
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout, FormData

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.limits import BASE_PER_API
from bot.channels.sandbox.server import Sandbox
from tests.integration.sandbox.bots import with_client
from tests.unit.bot.sandbox.corps import Clock, a_corp, kinds, told


def _raw(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _post(chatid: str = "core", content: str = "\u4f60\u597d") -> bytes:
    return _raw({"chatid": chatid, "msgtype": "text", "text": {"content": content}})


async def _token(client: ClientSession, corp: Corp) -> dict[str, Any]:
    who = {"corpid": corp.identity.corp_id, "corpsecret": corp.identity.app_secret}
    async with client.get("/cgi-bin/gettoken", params=who) as response:
        return await response.json()


async def _call(client: ClientSession, api: str, body: Any, **query: str) -> dict[str, Any]:
    async with client.post(f"/cgi-bin/{api}", params=query, data=body) as response:
        assert response.status == 200
        return await response.json()


def test_a_message_travels_from_secret_to_group():
    corp = a_corp()

    async def play(_: Sandbox, client: ClientSession) -> None:
        got = await _token(client, corp)
        assert (got["errcode"], got["expires_in"]) == (0, 7200)
        assert (await _token(client, corp))["access_token"] == got["access_token"]

        sent = await _call(client, "appchat/send", _post(), access_token=got["access_token"])

        assert sent == {"errcode": 0, "errmsg": "ok"}

    with_client(corp, play)
    assert told(corp, "post")[0]["text"] == "\u4f60\u597d"


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [({"corpid": "ww0"}, 40013), ({"corpsecret": "wrong"}, 40001), ({"corpid": ""}, 40013)],
)
def test_a_token_needs_corp_and_secret(fields: dict[str, Any], errcode: int):
    corp = a_corp()
    who = {"corpid": corp.identity.corp_id, "corpsecret": corp.identity.app_secret}

    async def play(_: Sandbox, client: ClientSession) -> None:
        async with client.get("/cgi-bin/gettoken", params=who | fields) as response:
            answer = await response.json()
        assert response.status == 200
        assert answer["errcode"] == errcode
        assert "access_token" not in answer

    with_client(corp, play)


def test_tokens_are_missing_unknown_expired_or_ended_early():
    clock = Clock()
    corp = a_corp(clock)

    async def play(_: Sandbox, client: ClientSession) -> None:
        first = (await _token(client, corp))["access_token"]
        codes = [(await _call(client, "appchat/send", _post()))["errcode"]]
        codes.append((await _call(client, "appchat/send", _post(), access_token="x"))["errcode"])
        clock.pass_ms(7_200_000)
        codes.append((await _call(client, "appchat/send", _post(), access_token=first))["errcode"])
        second = (await _token(client, corp))["access_token"]
        corp.expire_token(40014)
        codes.append(
            (await _call(client, "appchat/send", _post(), access_token=second))["errcode"]
        )

        assert codes == [41001, 40014, 42001, 40014]

    with_client(corp, play)
    assert kinds(corp) == []


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        pytest.param(json.dumps({"text": "\u4f60"}).encode(), 40033, id="escaped characters"),
        pytest.param(b'{"text": "\xff"}', 40033, id="not UTF-8"),
        pytest.param(b"{", 40058, id="not JSON"),
        pytest.param(b"[]", 40058, id="not an object"),
        pytest.param(b"[" * 100_000, 40058, id="nested too deep"),
        pytest.param(b'{"text": "C:\\\\users", "msgtype": "x"}', 40008, id="a backslash and a u"),
    ],
)
def test_bodies_that_cannot_be_read(body: Any, errcode: int):
    corp = a_corp()
    key = corp.add_robot("core", "Robot").key

    async def play(_: Sandbox, client: ClientSession) -> None:
        assert (await _call(client, "webhook/send", body, key=key))["errcode"] == errcode

    with_client(corp, play)


def test_reading_and_changing_a_group():
    corp = a_corp()

    async def play(_: Sandbox, client: ClientSession) -> None:
        token = (await _token(client, corp))["access_token"]
        body = _raw({"chatid": "core", "add_user_list": ["zhao.liu"]})
        assert (await _call(client, "appchat/update", body, access_token=token))["errcode"] == 0
        asked = {"access_token": token, "chatid": "core"}
        async with client.get("/cgi-bin/appchat/get", params=asked) as response:
            answer = await response.json()

        assert answer["chat_info"]["userlist"] == ["zhang.san", "Li.Si", "wang.wu", "zhao.liu"]

    with_client(corp, play)


def test_every_path_is_served_and_asks_for_a_token_where_it_must():
    corp = a_corp()
    gets = {"appchat/get", "user/get"}
    paths = {"appchat/create", "appchat/update", "appchat/send", "message/send"}
    paths |= {"message/recall", "batch/openuserid_to_userid", "media/upload"}

    async def play(_: Sandbox, client: ClientSession) -> None:
        for api in gets:
            async with client.get(f"/cgi-bin/{api}") as response:
                assert (api, (await response.json())["errcode"]) == (api, 41001)
        for api in paths:
            assert (api, (await _call(client, api, b"{}"))["errcode"]) == (api, 41001)
        assert (await _call(client, "aibot/response", b"{}"))["errcode"] == 40058
        assert (await _call(client, "webhook/upload_media", b"{}"))["errcode"] == 93000

    with_client(corp, play)


def test_a_file_is_uploaded_and_posted():
    corp = a_corp()

    async def play(_: Sandbox, client: ClientSession) -> None:
        token = (await _token(client, corp))["access_token"]
        form = FormData()
        form.add_field("media", b"%PDF-1.7", filename="week.pdf")
        kept = await _call(client, "media/upload", form, access_token=token, type="file")
        file = {"media_id": kept["media_id"]}
        body = _raw({"chatid": "core", "msgtype": "file", "file": file})
        await _call(client, "appchat/send", body, access_token=token)

        assert kept["type"] == "file"

    with_client(corp, play)
    assert told(corp, "post")[0]["text"] == "[file] week.pdf"


def test_a_form_without_media_is_empty():
    corp = a_corp()
    key = corp.add_robot("core", "Robot").key

    async def play(_: Sandbox, client: ClientSession) -> None:
        form = FormData()
        form.add_field("other", b"1234567", filename="x")
        answer = await _call(client, "webhook/upload_media", form, key=key, type="file")
        assert answer["errcode"] == 44001

    with_client(corp, play)


def test_the_base_frequency_counts_every_call_of_an_api():
    corp = a_corp()
    for _ in range(10_000):
        assert corp.windows.take("user/get", BASE_PER_API)

    async def play(_: Sandbox, client: ClientSession) -> None:
        token = (await _token(client, corp))["access_token"]
        asked = {"access_token": token, "userid": "zhang.san"}
        async with client.get("/cgi-bin/user/get", params=asked) as response:
            assert (await response.json())["errcode"] == 45009
        assert (await _call(client, "appchat/send", _post(), access_token=token))["errcode"] == 0

    with_client(corp, play)


def test_an_ordered_errcode_or_status_has_no_effect_and_passes():
    corp = a_corp()
    key = corp.add_robot("core", "Robot").key
    corp.fail_next("webhook/send", errcode=-1, times=2)
    corp.fail_next("webhook/send", status=503)

    async def play(_: Sandbox, client: ClientSession) -> None:
        codes = [(await _call(client, "webhook/send", _post(), key=key))["errcode"] for _ in "ab"]
        async with client.post(f"/cgi-bin/webhook/send?key={key}", data=_post()) as response:
            codes.append(response.status)
        assert kinds(corp) == []
        codes.append((await _call(client, "webhook/send", _post(), key=key))["errcode"])

        assert codes == [-1, -1, 503, 0]

    with_client(corp, play)
    assert kinds(corp) == ["post"]


def test_a_cut_connection_hides_an_effect_that_took_place():
    corp = a_corp()
    key = corp.add_robot("core", "Robot").key
    corp.fail_next("webhook/send", drop=True)

    async def play(_: Sandbox, client: ClientSession) -> None:
        with pytest.raises(ClientError):
            await _call(client, "webhook/send", _post(), key=key)

    with_client(corp, play)
    assert kinds(corp) == ["post"]


def test_a_slow_answer_comes_after_its_effect():
    corp = a_corp()
    key = corp.add_robot("core", "Robot").key
    corp.fail_next("webhook/send", hang=60)

    async def play(_: Sandbox, client: ClientSession) -> None:
        url = f"/cgi-bin/webhook/send?key={key}"
        with pytest.raises(TimeoutError):
            await client.post(url, data=_post(), timeout=ClientTimeout(total=0.04))
        assert kinds(corp) == ["post"]

    with_client(corp, play)
