import asyncio

import pytest
from aiohttp import web

from bot.channels.wecom.api import Sent
from bot.channels.wecom.errors import Permanent, Retryable
from bot.channels.wecom.rosters import Roster
from tests.integration.wecom.fake_wecom import OK, code, world

TEXT = {"msgtype": "text", "text": {"content": "早上好"}}


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/cgi-bin/aibot/response?rc=1",
        "http://127.0.0.1/cgi-bin/aibot/response?rc=1",
        "{base}.evil.example/x",
        "https://{host}/x",
        "http://user@{host}/x",
        "http://:pw@{host}/x",
        "http://evil.example\\@{host}/x",
        "http://{host}:1/x",
        "file:///etc/passwd",
        "//{host}/x",
        "",
        "http://[::1/x",
    ],
)
def test_addresses_elsewhere_are_refused(address: str):
    async def play() -> None:
        async with world() as w:
            given = address.format(base=w.base, host=w.base.removeprefix("http://"))
            with pytest.raises(Permanent):
                await w.api.respond(given, TEXT)
            if "://" in given:
                with pytest.raises(Permanent):
                    await w.api.webhook_send(given, TEXT)
            assert w.wecom.asked == []

    asyncio.run(play())


def test_a_robot_is_reached_by_its_key_or_by_its_whole_address():
    async def play() -> None:
        async with world() as w:
            await w.api.webhook_send("key&1", TEXT)
            await w.api.webhook_send(f"{w.base}/cgi-bin/webhook/send?key=key%261", TEXT)
            assert w.wecom.asked == [("webhook/send", {"key": "key&1"}, TEXT)] * 2

    asyncio.run(play())


def test_bodies_travel_as_raw_utf8():
    async def play() -> None:
        async with world() as w:
            await w.api.webhook_send("k", TEXT)
            assert "早上好".encode() in w.wecom.raw[-1]

    asyncio.run(play())


def test_people_a_private_message_did_not_reach_are_named_as_we_wrote_them():
    partly = {**OK, "invaliduser": "li.si|wang.wu", "unlicenseduser": "zhao.liu"}

    async def play() -> None:
        async with world(message__send=[partly]) as w:
            users = ("Zhang.San", "Li.Si", "Zhao.Liu")
            sent = await w.api.message_send(7, users, TEXT, duplicate_s=99_999)
            assert sent == Sent(unreachable=("Li.Si", "Zhao.Liu"))
            (body,) = w.wecom.calls("message/send")
            assert (body["touser"], body["agentid"]) == ("Zhang.San|Li.Si|Zhao.Liu", 7)
            assert body["enable_duplicate_check"] == 1
            assert body["duplicate_check_interval"] == 14_400

    asyncio.run(play())


def test_the_duplicate_check_is_off_unless_asked_for():
    async def play() -> None:
        async with world() as w:
            assert await w.api.message_send(7, ["a"], TEXT) == Sent()
            assert "enable_duplicate_check" not in w.wecom.calls("message/send")[0]

    asyncio.run(play())


@pytest.mark.parametrize("users", [[], [""], ["a|b"], ["@all"], ["@ALL"], ["a"] * 1001])
def test_a_private_message_never_goes_to_more_people_than_named(users: list[str]):
    async def play() -> None:
        async with world() as w:
            with pytest.raises(Permanent):
                await w.api.message_send(7, users, TEXT)
            assert w.wecom.asked == []

    asyncio.run(play())


def unfit(*bad: str):
    """Refuse, as WeCom does, a whole change in which one id is unfit."""

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        ids = [*body.get("add_user_list", ()), *body.get("del_user_list", ())]
        return web.json_response(code(86216) if set(ids) & set(bad) else OK)

    return answer


def test_unfit_members_are_left_out_and_all_others_changed():
    async def play() -> None:
        async with world(appchat__update=[unfit("u3", "u8")]) as w:
            add, remove = [f"u{n}" for n in range(6)], ["u7", "u8"]
            assert await w.api.appchat_update("c1", add=add, remove=remove) == ("u3", "u8")
            done = [
                body
                for body in w.wecom.calls("appchat/update")
                if not {"u3", "u8"}
                & {*body.get("add_user_list", ()), *body.get("del_user_list", ())}
            ]
            added = {user for body in done for user in body.get("add_user_list", ())}
            removed = {user for body in done for user in body.get("del_user_list", ())}
            assert (added, removed) == ({"u0", "u1", "u2", "u4", "u5"}, {"u7"})

    asyncio.run(play())


def test_a_new_owner_is_not_lost_with_an_unfit_member():
    async def play() -> None:
        async with world(appchat__update=[unfit("gone")]) as w:
            assert await w.api.appchat_update("c1", remove=["gone"], owner="o") == ("gone",)
            assert w.wecom.calls("appchat/update")[-1] == {"chatid": "c1", "owner": "o"}

    asyncio.run(play())


def test_another_refusal_of_a_change_is_raised():
    async def play() -> None:
        async with world(appchat__update=[code(86008)]) as w:
            with pytest.raises(Permanent):
                await w.api.appchat_update("c1", add=["a", "b"])
            assert len(w.wecom.calls("appchat/update")) == 1

    asyncio.run(play())


def test_creating_and_reading_a_group():
    info = {"chatid": "c1", "name": "n", "owner": "o", "userlist": ["o", "a"]}

    async def play() -> None:
        async with world(appchat__get=[{**OK, "chat_info": info}, OK]) as w:
            await w.api.appchat_create("c1", "n", "o", ("o", "a"))
            assert w.wecom.calls("appchat/create") == [info]
            assert await w.api.appchat_get("c1") == Roster(owner="o", members=("o", "a"))
            with pytest.raises(Retryable):
                await w.api.appchat_get("c1")

    asyncio.run(play())


def test_encrypted_ids_are_resolved_a_thousand_at_a_time():
    async def resolved(request: web.Request) -> web.StreamResponse:
        ids = (await request.json())["open_userid_list"]
        rows = [{"open_userid": one, "userid": f"u-{one}"} for one in ids if one != "plain"]
        return web.json_response({**OK, "userid_list": rows, "invalid_open_userid_list": []})

    async def play() -> None:
        async with world(batch__openuserid_to_userid=[resolved]) as w:
            ids = [*map(str, range(1000)), "plain"]
            found = await w.api.openuserids_to_userids(ids)
            assert (len(found), found["7"]) == (1000, "u-7")
            sizes = [
                len(body["open_userid_list"])
                for body in w.wecom.calls("batch/openuserid_to_userid")
            ]
            assert sizes == [1000, 1]
            assert await w.api.openuserids_to_userids([]) == {}

    asyncio.run(play())


def test_an_upload_is_sent_again_with_a_renewed_token():
    async def play() -> None:
        async with world(media__upload=[code(42001), {**OK, "media_id": "m1"}]) as w:
            assert await w.api.media_upload("file", "一周.pdf", b"%PDF") == "m1"
            assert all(b"%PDF" in body for body in w.wecom.calls("media/upload"))
            assert len(w.wecom.calls("media/upload")) == 2

    asyncio.run(play())
