"""A picture with a QR code: from WeCom's encrypted callback to what the group's rule does.

And in private: to the short link that staff are offered.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.pictures import qr
from sop.model import Member, Strike
from tests.integration.live import ALPHA, Live, bindings, pack, play
from tests.integration.wecom.test_images import TARGET, encrypted

Told = tuple[list[str], int]

RULES = """\
rules:
  checks: [{id: codes, detect: qr, posts: POSTS, allow_domains: [good.example]}]
  ladder: [remind]
  appeal: {within: 72h}
"""


def mixed(live: Live, address: str) -> dict[str, Any]:
    """The payload of words and a picture in a group."""
    body = live.message("li", "看这里")
    words = {"msgtype": "text", "text": body.pop("text")}
    picture = {"msgtype": "image", "image": {"url": address}}
    return {**body, "msgtype": "mixed", "mixed": {"msg_item": [words, picture]}}


def told(folder: Path, posts: str, target: str, *, elsewhere: bool = False) -> Told:
    """The rules struck and the tasks opened for a picture; `elsewhere`: at another origin."""
    found: list[Told] = []

    async def give(_: web.Request) -> web.Response:
        return web.Response(body=encrypted(qr.bare(target), key[0]))

    key: list[str] = []

    async def story(live: Live) -> None:
        app = web.Application()
        app.router.add_get("/picture", give)
        key.append(live.settings.wecom_aibot_aes_key)
        async with TestServer(app) as server:
            origin = str(server.make_url("/")).rstrip("/")
            if not elsewhere:
                await live.stop()
                live.settings = replace(live.settings, wecom_api_base=origin)
                await live.again()
            status, _ = await live.post(mixed(live, f"{origin}/picture"))
            assert status == 200
            await live.until(lambda: live.rows(Member, group="alpha"))
            struck = [each.rule for each in await live.rows(Strike)]
            found.append((struck, len(await live.tasks())))

    play(folder, bindings(ALPHA), story, pack(more=RULES.replace("POSTS", posts)))
    return found[0]


@pytest.mark.parametrize(
    ("posts", "target", "struck"),
    [
        pytest.param("forbid", TARGET, ["codes"], id="forbidden"),
        pytest.param("ask", TARGET, [], id="staff are asked"),
    ],
)
def test_a_code_in_a_picture_is_judged(tmp_path: Path, posts: str, target: str, struck: list[str]):
    rules, tasks = told(tmp_path, posts, target)

    assert rules == struck
    assert posts == "forbid" or tasks == 1


def test_a_code_that_leads_to_an_allowed_site_is_let_be(tmp_path: Path):
    assert told(tmp_path, "ask", "https://good.example/a") == ([], 0)


def test_a_picture_at_another_origin_is_not_fetched_and_unknown(tmp_path: Path):
    assert told(tmp_path, "ask", TARGET, elsewhere=True) == ([], 0)


@pytest.mark.parametrize(
    ("sender", "said", "fetched"),
    [
        pytest.param("boss", "短链 https://good.example/a", True, id="the owner"),
        pytest.param("helper", "短链 https://good.example/a", True, id="staff"),
        pytest.param("li", "只看得懂文字", False, id="a member"),
    ],
)
def test_a_picture_sent_in_private_is_read_for_staff_alone(
    tmp_path: Path, sender: str, said: str, *, fetched: bool
):
    asked: list[str] = []

    async def story(live: Live) -> None:
        async def give(request: web.Request) -> web.Response:
            asked.append(request.path)
            key = live.settings.wecom_aibot_aes_key
            return web.Response(body=encrypted(qr.bare("https://good.example/a"), key))

        app = web.Application()
        app.router.add_get("/picture", give)
        async with TestServer(app) as server:
            origin = str(server.make_url("/")).rstrip("/")
            await live.post(live.message("li", "签到"))
            await live.stop()
            live.settings = replace(
                live.settings, wecom_api_base=origin, public_url="https://q.example.com"
            )
            await live.again()
            body = live.message(sender, "", None)
            picture = {"msgtype": "image", "image": {"url": f"{origin}/picture"}}
            del body["text"]
            status, answer = await live.post({**body, **picture})
            assert status == 200
            assert said in answer
        assert bool(asked) == fetched

    play(tmp_path, bindings(ALPHA), story, pack())
