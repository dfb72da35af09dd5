import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import bot.web
from bot.channels.sandbox import direct
from bot.channels.sandbox.model import Chat
from bot.web import playground, playground_stream
from bot.web.playground import TaskState, capabilities_of
from tests.integration.playgrounds import (
    MENTIONS_ONLY,
    PLAYGROUND,
    START,
    Client,
    Stage,
    get,
    play,
    post,
    told,
)

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
PAGE = Path(bot.web.__file__).parent / "playground"


def names(rows: list[dict[str, Any]], key: str = "userid") -> list[Any]:
    return [row[key] for row in rows]


async def status_of(client: Client, method: str, path: str, **options: Any) -> int:
    async with client.request(method, path, **options) as response:
        return response.status


# Speaking, coming and going


def test_what_is_said_in_the_group_reaches_the_bot_as_a_real_callback():
    async def run(stage: Stage, client: Client) -> None:
        done = await post(client, "say", **{"as": "xiao.yu", "text": "签到", "mention": True})

        assert done == (200, {"ok": True})
        assert stage.bot.bodies()[0]["text"]["content"] == "@Qunyun 签到"
        assert stage.bot.bodies()[0]["from"] == {"userid": "xiao.yu"}

    play(run)


def test_a_private_word_goes_to_the_app_and_its_answer_is_seen_by_that_person_only():
    async def run(stage: Stage, client: Client) -> None:
        await post(client, "say", **{"as": "a.zhe", "text": "积分", "private": True})
        said, answered = (await get(client))["conversation"]

        assert names(stage.bot.heard, 0) == ["app"]
        assert (said["kind"], said["chat"], said["heard"]) == ("said", "", True)
        assert (answered["kind"], answered["to"], answered["text"]) == (
            "passive",
            ["a.zhe"],
            "好的",
        )

    play(run)


def test_a_quote_is_told_to_the_bot_with_the_message():
    async def run(stage: Stage, client: Client) -> None:
        await post(client, "say", **{"as": "a.zhe", "text": "同感", "quote": "读到第三章"})

        assert stage.bot.bodies()[0]["quote"]["text"]["content"] == "读到第三章"

    play(run)


def test_the_page_is_told_what_the_bot_did_not_hear():
    async def run(stage: Stage, client: Client) -> None:
        await post(client, "channel", hears_all=False)
        await post(client, "say", **{"as": "a.zhe", "text": "有人吗"})
        await post(client, "say", **{"as": "a.zhe", "text": "有人吗", "mention": True})

        said = (await get(client))["conversation"]
        assert names(said, "heard") == [False, True]
        assert len(stage.bot.heard) == 1

    play(run)


def test_a_newcomer_joins_leaves_and_comes_back():
    async def run(stage: Stage, client: Client) -> None:
        joined = await post(client, "join", name="林晚")
        members = stage.corp.chats["core"].userlist
        left = await post(client, "leave", userid="guest-1")
        without = stage.corp.chats["core"].userlist
        again = await post(client, "join", userid="guest-1")
        second = await post(client, "join", name="苏禾")

        assert joined == (200, {"ok": True, "userid": "guest-1"})
        assert "guest-1" in members
        assert left == (200, {"ok": True})
        assert "guest-1" not in without
        assert again == joined
        assert second[1]["userid"] == "guest-2"
        assert stage.corp.chats["core"].userlist[-2:] == ("guest-1", "guest-2")

    play(run)


def test_a_newcomer_may_bring_an_id_of_their_own():
    async def run(stage: Stage, client: Client) -> None:
        assert (await post(client, "join", userid="Su.He", name="苏禾"))[0] == 200
        person = stage.corp.person("su.he")
        assert person
        assert (person.userid, person.name) == ("Su.He", "苏禾")

    play(run)


@pytest.mark.parametrize(
    ("what", "body", "refused"),
    [
        ("say", {"as": "nobody", "text": "hi"}, (404, "unknown-person")),
        ("say", {"as": "outsider", "text": "hi"}, (409, "impossible")),
        ("say", {"as": "a.zhe", "text": "hi", "group": "other"}, (404, "unknown-group")),
        ("say", {"as": "a.zhe", "text": "hi", "group": "hidden"}, (404, "unknown-group")),
        ("join", {"userid": "a.zhe"}, (409, "impossible")),
        ("join", {"userid": "nobody"}, (404, "unknown-person")),
        ("leave", {"userid": "outsider"}, (409, "impossible")),
        ("leave", {"userid": "nobody"}, (404, "unknown-person")),
        ("task", {"as": "nobody", "number": 7, "choice": "done"}, (404, "unknown-person")),
    ],
)
def test_what_no_client_would_allow_is_refused(
    what: str, body: dict[str, Any], refused: tuple[int, str]
):
    async def run(stage: Stage, client: Client) -> None:
        stage.corp.add_person("outsider")
        stage.corp.add_chat(
            Chat(
                chatid="hidden",
                bot_chatid="",
                name="还没开",
                owner="a.zhe",
                userlist=("a.zhe",),
                visible=False,
            )
        )
        status, answer = await post(client, what, **body)

        assert (status, answer["error"]) == refused
        assert stage.bot.heard == []

    play(run)


def test_until_there_is_a_group_the_page_is_told_that_the_program_is_starting():
    async def run(stage: Stage, client: Client) -> None:
        stage.corp.change_chat("core", visible=False)
        said = {"as": "a.zhe", "text": "签到"}
        async with client.get("/play/state") as response:
            assert (response.status, (await response.json())["error"]) == (503, "starting")
        for what, body in (
            ("say", said),
            ("join", {"name": "苏禾"}),
            ("leave", {"userid": "a.zhe"}),
        ):
            status, answer = await post(client, what, **body)
            assert (status, answer["error"]) == (503, "starting")

        stage.corp.change_chat("core", visible=True)
        assert names((await get(client))["groups"], "id") == ["core"]
        assert await post(client, "say", **said) == (200, {"ok": True})

    play(run)


def test_the_last_member_cannot_leave():
    async def run(stage: Stage, client: Client) -> None:
        stage.corp.change_chat("core", userlist=("wang.min",))

        assert (await post(client, "leave", userid="wang.min"))[0] == 409

    play(run)


def test_a_corp_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(playground, "MOST_PEOPLE", 5)

    async def run(_stage: Stage, client: Client) -> None:
        assert (await post(client, "join", name="一"))[0] == 200
        status, answer = await post(client, "join", name="二")
        assert (status, answer["error"]) == (409, "full")

    play(run)


def test_more_speech_than_the_bot_takes_in_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(playground, "MOST_SPEAKING", 1)

    async def run(stage: Stage, client: Client) -> None:
        stage.bot.delay_s = 0.05
        say = {"as": "a.zhe", "text": "hi"}
        done = await asyncio.gather(post(client, "say", **say), post(client, "say", **say))

        assert sorted(status for status, _ in done) == [200, 429]

    play(run)


def test_a_bot_that_takes_long_does_not_keep_the_page_waiting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(playground, "ANSWER_S", 0.01)

    async def run(stage: Stage, client: Client) -> None:
        stage.bot.delay_s = 30
        status, _ = await post(client, "say", **{"as": "a.zhe", "text": "hi"})

        assert status == 200

    play(run)


# Tasks, time, hearing


@pytest.mark.parametrize(
    ("choice", "words"), [("done", "完成 7"), ("approve", "同意 7"), ("reject", "拒绝 7")]
)
def test_a_task_is_answered_in_words_to_the_bot_by_a_member_of_staff(choice: str, words: str):
    async def run(stage: Stage, client: Client) -> None:
        body = {"as": "wang.min", "number": 7, "choice": choice}
        assert (await post(client, "task", **body))[0] == 200

        (surface, plain), *_ = stage.bot.heard
        assert surface == "app"
        assert f"<Content><![CDATA[{words}]]></Content>" in plain
        assert "<FromUserName><![CDATA[wang.min]]></FromUserName>" in plain

    play(run)


@pytest.mark.parametrize(
    ("body", "ms"),
    [
        ({"minutes": 10}, 10 * MINUTE),
        ({"hours": 1}, HOUR),
        ({"days": 60}, 60 * DAY),
        ({"days": 1, "hours": 2, "minutes": 3}, DAY + 2 * HOUR + 3 * MINUTE),
    ],
)
def test_the_time_of_the_whole_program_moves_on(body: dict[str, int], ms: int):
    async def run(stage: Stage, client: Client) -> None:
        status, answer = await post(client, "advance", **body)

        assert (status, answer) == (200, {"ok": True, "now": START + ms})
        assert (await get(client))["now"] == START + ms
        assert stage.clock.moved == [ms]

    play(run)


def test_the_time_is_not_moved_twice_at_once():
    async def run(stage: Stage, client: Client) -> None:
        stage.clock.hold = asyncio.Event()
        first = asyncio.create_task(post(client, "advance", days=1))
        await asyncio.sleep(0.03)
        second = await post(client, "advance", days=1)
        stage.clock.hold.set()

        assert (await first)[0] == 200
        assert (second[0], second[1]["error"]) == (409, "busy")
        assert stage.clock.moved == [DAY]

    play(run)


def test_the_time_ends_before_calendars_do():
    async def run(stage: Stage, client: Client) -> None:
        stage.clock.at = playground.LATEST_MS - MINUTE
        assert (await post(client, "advance", minutes=2))[1]["error"] == "too-late"
        assert (await post(client, "advance", minutes=1))[0] == 200

    play(run)


def test_switching_what_the_bot_hears_tells_both_the_bot_and_the_group():
    async def run(stage: Stage, client: Client) -> None:
        assert (await post(client, "channel", hears_all=False))[0] == 200
        state = await get(client)

        assert stage.switched == [False]
        assert stage.corp.chats["core"].hears_all is False
        assert state["bot"]["hears_all"] is False
        assert state["bot"]["capabilities"] == dict(capabilities_of(MENTIONS_ONLY))
        assert state["bot"]["capabilities"]["hear_all"] is False
        assert state["bot"]["capabilities"]["dm"] is True

    play(run)


# What is sent to the page, and when


def test_the_state_has_everything_to_draw():
    async def run(_stage: Stage, client: Client) -> None:
        state = await get(client)

        assert state["bot_name"] == "Qunyun"
        assert state["bot"]["title"] == "晨读一群"
        assert names(state["bot"]["members"], "role") == ["owner", "staff", "member", "member"]
        assert state["bot"]["tasks"][0]["number"] == 7
        assert state["bot"]["words"]["open_group"] == "开群"
        assert names(state["groups"], "members") == [["wang.min", "li.si", "xiao.yu", "a.zhe"]]
        assert names(state["people"], "name") == ["王敏", "李思", "小雨", "阿哲"]

    play(run)


def test_the_page_has_every_word_its_suggestions_ask_for():
    words = re.findall(r'word: "(\w+)"', (PAGE / "texts.js").read_text())

    async def run(_stage: Stage, client: Client) -> None:
        known = (await get(client))["bot"]["words"]

        assert len(words) > 5
        assert [word for word in words if not known.get(word)] == []

    play(run)


def test_everything_that_happens_is_told_live():
    async def run(stage: Stage, client: Client) -> None:
        cursor = (await get(client))["cursor"]
        async with client.get("/play/events", params={"after": cursor}) as live:
            assert live.headers["Content-Type"] == "text/event-stream; charset=utf-8"
            await post(client, "say", **{"as": "a.zhe", "text": "积分", "private": True})
            said, answered = await told(live, "change"), await told(live, "change")
            await post(client, "join", name="林晚")
            joined, state = await told(live, "change"), await told(live, "state")
            await post(client, "advance", hours=1)
            time = await told(live, "time")

        assert (said.data["kind"], said.data["from"]) == ("said", "a.zhe")
        assert (answered.data["kind"], answered.data["to"]) == ("passive", ["a.zhe"])
        assert (joined.data["kind"], joined.data["to"]) == ("join", ["guest-1"])
        assert state.data["groups"][0]["members"][-1] == "guest-1"
        assert time.data == {"now": START + HOUR}

    play(run)


def test_points_and_tasks_that_change_are_told_live():
    async def run(stage: Stage, client: Client) -> None:
        cursor = (await get(client))["cursor"]
        async with client.get("/play/events", params={"after": cursor}) as live:
            stage.award("xiao.yu", 2)
            task = TaskState(number=8, to="李思", text="请看看")
            stage.state = replace(stage.state, tasks=(*stage.state.tasks, task))
            await post(client, "say", **{"as": "xiao.yu", "text": "签到"})
            points, opened, state = [await told(live, k) for k in ("points", "task", "state")]

        assert points.data == {"userid": "xiao.yu", "before": 0, "now": 2}
        assert (opened.data["number"], opened.data["status"]) == (8, "open")
        assert state.data["bot"]["members"][2]["balance"] == 2

    play(run)


def test_a_state_that_cannot_be_read_is_told_once_it_can(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.web.playground_watch.LOOK_AGAIN_S", 0.02)
    monkeypatch.setattr("bot.web.playground_watch.SETTLE_S", 0.0)

    async def run(stage: Stage, client: Client) -> None:
        cursor = (await get(client))["cursor"]
        async with client.get("/play/events", params={"after": cursor}) as live:
            stage.broken = True
            stage.award("xiao.yu", 2)
            await asyncio.sleep(0.05)
            stage.broken = False

            assert (await told(live, "points")).data["now"] == 2

    play(run)


def test_a_page_that_lost_the_connection_misses_nothing_and_sees_nothing_twice():
    async def run(stage: Stage, client: Client) -> None:
        cursor = (await get(client))["cursor"]
        async with client.get("/play/events", params={"after": cursor}) as live:
            stage.corp.tell("post", "core", text="一")
            stage.corp.tell("post", "core", text="二")
            first = await told(live, "change")
        stage.corp.tell("post", "core", text="三")
        async with client.get("/play/events", headers={"Last-Event-ID": first.id}) as live:
            rest = [(await told(live, "change")).data["text"] for _ in range(2)]

        assert (first.data["text"], rest) == ("一", ["二", "三"])

    play(run)


@pytest.mark.parametrize(
    "cursor",
    [
        "00000000-0",
        "nonsense",
        "{epoch}-99999",
        "{epoch}--1",
        "{epoch}-" + "9" * 5000,
        "{epoch}-٣",
        "{epoch}-0",
    ],
    ids=["another start", "nonsense", "the future", "negative", "huge", "other digits", "too old"],
)
def test_a_page_that_cannot_be_caught_up_is_told_to_draw_itself_anew(
    cursor: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(playground_stream, "KEPT_EVENTS", 3)

    async def run(stage: Stage, client: Client) -> None:
        epoch = (await get(client))["cursor"].partition("-")[0]
        for number in range(5):
            stage.corp.tell("post", "core", text=str(number))
        asked = {"after": cursor.format(epoch=epoch)}
        async with client.get("/play/events", params=asked) as live:
            await told(live, "reset")
            stage.corp.tell("post", "core", text="later")
            assert (await told(live, "change")).data["text"] == "later"

    play(run)


def test_a_silent_stream_is_kept_alive():
    async def run(_stage: Stage, client: Client) -> None:
        async with client.get("/play/events") as live:
            beats = [await live.content.readline() for _ in range(3)]

        assert beats[::2] == [b": still here\n"] * 2

    play(run, heartbeat_s=0.01)


def test_no_more_pages_listen_than_are_allowed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(playground_stream, "MOST_LISTENERS", 1)

    async def run(_stage: Stage, client: Client) -> None:
        async with client.get("/play/events") as first:
            await first.content.readline()
            assert await status_of(client, "GET", "/play/events") == 503
        # The one that left makes room as soon as its connection is found closed.
        async with asyncio.timeout(5):
            while True:
                async with client.get("/play/events") as again:
                    if again.status == 200:
                        return
                await asyncio.sleep(0.01)

    play(run, heartbeat_s=0.01)


def test_what_is_kept_is_bounded():
    async def run(stage: Stage, client: Client) -> None:
        for number in range(500):
            stage.corp.tell("post", "core", text=str(number))

        said = (await get(client))["conversation"]
        assert (len(said), said[-1]["text"]) == (400, "499")

    play(run)


# Bad input


SAY: dict[str, Any] = {"as": "a.zhe", "text": "hi"}


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("say", {"text": "hi"}, "as"),
        ("say", {"as": "a.zhe"}, "text"),
        ("say", {**SAY, "as": 7}, "as"),
        ("say", {**SAY, "as": ""}, "as"),
        ("say", {**SAY, "as": "a" * 65}, "as"),
        ("say", {**SAY, "as": "a.zhe\n"}, "as"),
        ("say", {**SAY, "as": "../etc"}, "as"),
        ("say", {**SAY, "text": " \n "}, "text"),
        ("say", {**SAY, "text": "字" * 2001}, "text"),
        ("say", {**SAY, "text": "a\x00b"}, "text"),
        ("say", {**SAY, "text": "a\x1bb"}, "text"),
        ("say", {**SAY, "text": ["hi"]}, "text"),
        ("say", {**SAY, "mention": "yes"}, "mention"),
        ("say", {**SAY, "mention": 1}, "mention"),
        ("say", {**SAY, "private": None}, "private"),
        ("say", {**SAY, "quote": "字" * 2001}, "quote"),
        ("say", {**SAY, "group": "a/b"}, "group"),
        ("say", {**SAY, "extra": 1}, "extra"),
        ("say", {**SAY, "private": True, "quote": "x"}, None),
        ("join", {}, None),
        ("join", {"name": ""}, "name"),
        ("join", {"name": "   "}, "name"),
        ("join", {"name": "名" * 21}, "name"),
        ("join", {"name": "两\n行"}, "name"),
        ("join", {"name": "\u202e倒"}, "name"),
        ("join", {"userid": "有字"}, "userid"),
        ("leave", {}, "userid"),
        ("leave", {"userid": None}, "userid"),
        ("advance", {}, None),
        ("advance", {"minutes": 0}, None),
        ("advance", {"minutes": -5}, "minutes"),
        ("advance", {"minutes": 1.5}, "minutes"),
        ("advance", {"minutes": "10"}, "minutes"),
        ("advance", {"minutes": True}, "minutes"),
        ("advance", {"days": 61}, "days"),
        ("advance", {"days": 60, "minutes": 1}, None),
        ("advance", {"days": 10**400}, "days"),
        ("channel", {}, "hears_all"),
        ("channel", {"hears_all": "false"}, "hears_all"),
        ("task", {"as": "wang.min", "number": 0, "choice": "done"}, "number"),
        ("task", {"as": "wang.min", "number": 10**10, "choice": "done"}, "number"),
        ("task", {"as": "wang.min", "number": "7", "choice": "done"}, "number"),
        ("task", {"as": "wang.min", "number": 7, "choice": "移出 @小雨"}, "choice"),
        ("task", {"number": 7, "choice": "done"}, "as"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_happens(
    what: str, body: dict[str, Any], field: str | None
):
    async def run(stage: Stage, client: Client) -> None:
        status, answer = await post(client, what, **body)

        assert (status, answer["error"]) == (400, "field")
        assert answer["fields"] == ([field] if field else [])
        assert list(stage.corp.transcript) == []
        assert (stage.clock.moved, stage.switched) == ([], [])

    play(run)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"as": "a.zhe", "text": "\xff"}', 400),
        (b'{"as": "a.zhe", "text": "\\ud800"}', 400),
        (b"[" * 20_000, 400),
        (b" " * 40_000, 413),
    ],
    ids=["empty", "cut", "a list", "null", "no UTF-8", "half a character", "deep", "large"],
)
def test_a_body_that_is_no_form_is_refused(raw: bytes, status: int):
    async def run(stage: Stage, client: Client) -> None:
        kind = {"Content-Type": "application/json"}
        assert await status_of(client, "POST", "/play/say", data=raw, headers=kind) == status
        assert list(stage.corp.transcript) == []

    play(run)


def test_a_body_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.web.playground_guard.BODY_S", 0.02)

    async def run(_stage: Stage, client: Client) -> None:
        reader, writer = await asyncio.open_connection(client.host, client.port)
        head = "Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        writer.write(f"POST /play/say HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}".encode())
        status = await reader.readline()
        writer.close()
        await writer.wait_closed()

        assert status.split()[1] == b"408"

    play(run)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(kind: str):
    async def run(stage: Stage, client: Client) -> None:
        sent = {"data": json.dumps(SAY).encode(), "headers": {"Content-Type": kind}}
        assert await status_of(client, "POST", "/play/say", **sent) == 415
        assert list(stage.corp.transcript) == []

    play(run)


# Who may ask


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=["site", "null", "port", "broken", "fetch-cross", "fetch-same-site"],
)
@pytest.mark.parametrize("what", ["say", "join", "leave", "advance", "channel", "task"])
def test_a_page_of_another_site_cannot_post(what: str, headers: dict[str, str]):
    async def run(stage: Stage, client: Client) -> None:
        sent = {"json": SAY, "headers": headers}
        assert await status_of(client, "POST", f"/play/{what}", **sent) == 403
        assert list(stage.corp.transcript) == []

    play(run)


def test_the_page_itself_can_post():
    async def run(_stage: Stage, client: Client) -> None:
        own = {"Origin": f"http://{client.host}:{client.port}", "Sec-Fetch-Site": "same-origin"}
        assert await status_of(client, "POST", "/play/say", json=SAY, headers=own) == 200

    play(run)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:8080", 200),
        ("LOCALHOST", 200),
        ("[::1]:8080", 200),
        ("bot.example.org", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
        ("10.0.0.7", 403),
        ("[broken", 403),
        ("evil.example@localhost", 403),
        ("localhost/evil.example", 403),
    ],
)
@pytest.mark.parametrize("path", ["/play", "/play/state", "/play/main.js"])
def test_only_names_of_this_machine_are_served(path: str, host: str, status: int):
    async def run(_stage: Stage, client: Client) -> None:
        assert await status_of(client, "GET", path, headers={"Host": host}) == status

    play(run, hosts=("Bot.example.org",))


# The page


def test_the_page_and_its_files_come_with_headers_that_keep_it_to_itself():
    async def run(_stage: Stage, client: Client) -> None:
        await _check_file(client, "/play", "text/html")
        kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
        for file in PAGE.iterdir():
            await _check_file(client, f"/play/{file.name}", kinds.get(file.suffix, "text/html"))

    play(run)


async def _check_file(client: Client, path: str, kind: str) -> None:
    async with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]

        assert (response.status, response.content_type) == (200, kind)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"


def test_answers_refusals_and_events_carry_the_same_headers():
    async def run(_stage: Stage, client: Client) -> None:
        for path in ("/play/state", "/play/events"):
            async with client.get(path) as response:
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Cache-Control"] == "no-store"
        async with client.get("/play", headers={"Host": "evil.example"}) as refused:
            assert refused.headers["X-Content-Type-Options"] == "nosniff"

    play(run)


@pytest.mark.parametrize("path", ["/play/../settings.py", "/play/nothing.js", "/play/%2e%2e/x"])
def test_no_other_file_is_served(path: str):
    async def run(_stage: Stage, client: Client) -> None:
        assert await status_of(client, "GET", path) == 404

    play(run)


def test_the_page_needs_nothing_from_elsewhere_and_makes_no_markup_of_text():
    code = "".join(file.read_text() for file in PAGE.glob("*.js"))
    page = (PAGE / "index.html").read_text()

    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", code)
    assert not re.search(r"(?:src|href)=\"(?!/play/|#)", page)
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"@import|url\(", (PAGE / "style.css").read_text())


def test_every_part_the_code_looks_for_is_on_the_page():
    code = "".join(file.read_text() for file in PAGE.glob("*.js"))
    page = (PAGE / "index.html").read_text()
    wanted = set(re.findall(r'byId\("([\w-]+)"\)', code))

    assert len(wanted) > 20
    assert {one for one in wanted if f'id="{one}"' not in page} == set()


def test_every_refusal_has_words_on_the_page():
    python = "".join(file.read_text() for file in PAGE.parent.glob("playground*.py"))
    told_by_texts = (PAGE / "texts.js").read_text()
    codes = set(re.findall(r'Refusal\(\d+, "([\w-]+)"', python))
    # What only another site or another program can meet needs no words.
    shown = codes - {"host", "origin", "not-json", "too-large", "slow"}

    assert shown
    for code in shown:
        assert re.search(rf'^\s+"?{code}"?:', told_by_texts, re.MULTILINE), code


def test_nothing_is_served_once_it_is_closed():
    async def run(stage: Stage, client: Client) -> None:
        async with client.get("/play/events") as live:
            await live.content.readline()
            watchers = len(stage.corp._watchers)
            assert client.app
            await client.app[PLAYGROUND].close()

            assert await live.content.read() == b"\n"
        assert await status_of(client, "GET", "/play/events") == 503
        assert (watchers, len(stage.corp._watchers)) == (1, 0)

    play(run)


def test_a_picture_the_bot_sent_can_be_looked_at() -> None:
    async def run(stage: Stage, client: Client) -> None:
        kinds = {b"\x89PNG picture": "image/png", b"<svg onload=x>": "application/octet-stream"}
        for data, kind in kinds.items():
            name = stage.corp.keep_picture(data)
            async with client.get(f"/play/pictures/{name}") as response:
                assert (response.status, response.content_type) == (200, kind)
                assert await response.read() == data
                assert response.headers["X-Content-Type-Options"] == "nosniff"
        async with client.get("/play/pictures/none") as response:
            assert response.status == 404

    play(run)


# Cards


BUTTONS = [{"text": "同意", "key": "同意 7"}, {"text": "不同意", "key": "拒绝 7"}]
CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "请看一下"},
    "button_list": BUTTONS,
    "task_id": "card-7",
}


def carded(stage: Stage) -> None:
    """The app has sent the owner a card."""
    sent = {"msgtype": "template_card", "template_card": CARD, "touser": "wang.min"}
    direct.send(stage.corp, {**sent, "agentid": stage.corp.identity.agent_id})


def test_a_button_is_pressed_by_who_sees_it_and_reaches_the_bot_as_a_real_callback():
    async def run(stage: Stage, client: Client) -> None:
        carded(stage)
        shown = (await get(client))["conversation"][-1]
        assert (shown["kind"], shown["card"]["buttons"]) == ("dm", BUTTONS)

        press = {"card": "card-7", "key": "同意 7"}
        assert await post(client, "press", **{"as": "wang.min", **press}) == (200, {"ok": True})
        _, plain = stage.bot.heard[-1]
        assert "<Event>template_card_event</Event>" in plain
        assert "<EventKey><![CDATA[同意 7]]></EventKey>" in plain
        pressed = next(
            each for each in (await get(client))["conversation"] if each["kind"] == "pressed"
        )
        assert (pressed["from"], pressed["text"]) == ("wang.min", "同意")

    play(run)


@pytest.mark.parametrize(
    ("press", "answer"),
    [
        ({"as": "xiao.yu", "card": "card-7", "key": "同意 7"}, (409, "impossible")),
        ({"as": "wang.min", "card": "card-8", "key": "同意 7"}, (409, "impossible")),
        ({"as": "wang.min", "card": "card-7", "key": "加分 @我 1000"}, (409, "impossible")),
        ({"as": "nobody", "card": "card-7", "key": "同意 7"}, (404, "unknown-person")),
        ({"as": "wang.min", "card": "<card>", "key": "同意 7"}, (400, "field")),
        ({"as": "wang.min", "card": "card-7", "key": ""}, (400, "field")),
    ],
)
def test_what_nobody_sees_cannot_be_pressed(press: dict[str, Any], answer: tuple[int, str]):
    async def run(stage: Stage, client: Client) -> None:
        carded(stage)
        status, body = await post(client, "press", **press)

        assert (status, body["error"]) == answer
        assert stage.bot.heard == []

    play(run)
