"""A program of the operator's tells the running bot who pays: all lines, or none."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.setting_forms import TOKEN as FORM
from bot.web import paid_api
from bot.web.bearers import WRONG
from sop.model import Person
from tests.integration.live import ALPHA, BETA, COMMUNITY, Live, bindings, hasty, locked, play

TOKEN = "0123456789abcdef" * 2
BOTH = bindings(ALPHA) + bindings(BETA, name="other", title="别处")
LI = {"userid": "li", "paid": True, "until": "2099-01-31"}
WANG = {"userid": "Wang", "paid": False}

Story = Callable[[Live], Awaitable[None]]


def told(folder: Path, story: Story, groups: str = "") -> None:
    """Run the story where a token is set and li and wang are known."""

    async def with_token(live: Live) -> None:
        await live.stop()
        live.settings = replace(live.settings, api_token=TOKEN)
        await live.again()
        for userid in ("li", "wang"):
            await live.speak(userid, "早上好")
        await live.settle()
        await story(live)

    play(folder, groups or bindings(ALPHA), with_token)


async def tell(
    live: Live, body: Any, query: str = "", token: str = TOKEN, **headers: str
) -> tuple[int, dict[str, Any]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {token}",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    url = f"{live.sandbox.caller.bot_url}{paid_api.PATH}{query}"
    async with live.client.post(url, data=data, headers=sent) as response:
        return response.status, await response.json()


async def paying(live: Live) -> dict[str, bool]:
    rows = await live.rows(Person, community=COMMUNITY)
    return {each.userid: each.paid for each in rows if each.paid}


def test_every_line_is_noted(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        assert await tell(live, [LI, WANG]) == (
            200, {"community": COMMUNITY, "members": 2, "repeat": False},
        )  # fmt: skip
        assert await paying(live) == {"li": True}
        await tell(live, [{**LI, "paid": False}, {**WANG, "paid": True}])
        assert await paying(live) == {"wang": True}
        await tell(live, [LI, WANG])
        assert await paying(live) == {"li": True}

    told(tmp_path, story)


def test_a_late_repeat_with_its_key_changes_nothing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await tell(live, [LI], Idempotency_Key="first")
        await tell(live, [{**LI, "paid": False}], Idempotency_Key="second")
        status, body = await tell(live, [LI], Idempotency_Key="first")
        assert (status, body["repeat"]) == (200, True)
        assert await paying(live) == {}
        status, body = await tell(live, [LI], Idempotency_Key="third")
        assert (status, body["repeat"]) == (200, False)
        assert await paying(live) == {"li": True}
        assert (await tell(live, [LI], Idempotency_Key="x" * 201))[0] == 400

    told(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        pytest.param([LI, {"userid": "nobody", "paid": True}], 2, "no member", id="unknown"),
        pytest.param([LI, {**LI, "userid": "LI"}], 2, "line 1", id="twice"),
        pytest.param([LI, {"userid": "wang", "paid": "yes"}], 2, "paid", id="a word"),
        pytest.param([LI, {"userid": "wang"}], 2, "paid", id="not said"),
        pytest.param([LI, {**LI, "until": "2099-02-30"}], 2, "until", id="no such day"),
        pytest.param([LI, {**LI, "until": "9999-12-31"}], 2, "until", id="beyond all days"),
        pytest.param([LI, {**LI, "price": 3}], 2, "price", id="unknown key"),
        pytest.param([LI, {"userid": "王五", "paid": True}], 2, "userid", id="a name"),
    ],
)
def test_one_wrong_line_and_nothing_is_noted(
    tmp_path: Path, body: Any, line: int, said: str
) -> None:
    async def story(live: Live) -> None:
        status, answer = await tell(live, body)
        assert status == 400
        (fault,) = answer["lines"]
        assert fault["line"] == line
        assert said in fault["error"]
        assert await paying(live) == {}
        assert await live.dead() == []

    told(tmp_path, story)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b"[1]", b"\xff", b'["' + b"[" * 9_000, b"[" * 200_000]
)
def test_what_is_no_list_of_lines_is_refused(tmp_path: Path, body: bytes) -> None:
    async def story(live: Live) -> None:
        assert (await tell(live, body))[0] == 400

    told(tmp_path, story)


def test_a_body_has_bounds(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        assert (await tell(live, b" " * (paid_api.LARGEST + 1)))[0] == 413
        assert (await tell(live, [LI] * (paid_api.MOST + 1)))[0] == 400
        assert (await tell(live, [LI], Content_Encoding="gzip"))[0] == 415
        assert (await tell(live, [LI], Content_Type="text/csv"))[0] == 415

    told(tmp_path, story)


def test_whom_nobody_knows_is_taken_where_that_is_said(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        new = {"userid": "zhao", "paid": True}
        assert (await tell(live, [new], "?new=maybe"))[0] == 400
        assert (await tell(live, [new], "?new=1"))[0] == 200
        assert await paying(live) == {"zhao": True}

    told(tmp_path, story)


def test_which_community_is_meant_must_be_certain(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        assert (await tell(live, [LI]))[0] == 400
        assert (await tell(live, [LI], "?community=nowhere"))[0] == 400
        assert (await tell(live, [LI], f"?community={COMMUNITY}"))[0] == 200
        assert await paying(live) == {"li": True}

    told(tmp_path, story, BOTH)


def test_who_has_no_token_is_refused_and_then_waits(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        for _ in range(WRONG):
            assert (await tell(live, b"", token="guess"))[0] == 401
        assert (await tell(live, [LI]))[0] == 429
        assert await paying(live) == {}
        live.clock.skip(61_000)
        assert (await tell(live, [LI]))[0] == 200

    told(tmp_path, story)


def test_without_a_token_in_the_settings_there_is_no_such_page(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        url = f"{live.sandbox.caller.bot_url}{paid_api.PATH}"
        async with live.client.post(url, headers={"Authorization": "Bearer "}) as response:
            assert response.status == 404

    play(tmp_path, bindings(ALPHA), story)


def test_a_database_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)

    async def story(live: Live) -> None:
        with locked(live):
            assert (await tell(live, [LI]))[0] == 503
        assert (await tell(live, [LI]))[0] == 200
        assert await paying(live) == {"li": True}

    told(tmp_path, story)


@pytest.mark.parametrize("short", ["x" * 64, TOKEN[:-1], f"{TOKEN} ", f"{TOKEN}\u5b57", "ab" * 20])
def test_a_token_that_could_be_guessed_is_no_setting(short: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        FORM.read(short)

    assert FORM.read(TOKEN) == TOKEN
