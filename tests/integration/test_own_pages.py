"""A member's own page on the running program: shown to who has the key, pressed in their name."""

import asyncio
import gzip
import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.sandbox.failures import Failure
from bot.operations import maintenance
from bot.web import doors
from handlers.accounts import own_page
from sop.model import Claim, DeadEvent, Like, Outgoing, Person
from tests.integration.live import ALPHA, BETA, DAY, MINUTE, Live, bindings, pack, play

PUBLIC = "https://q.example.com"
FORM = "application/x-www-form-urlencoded"
MORE = (
    "    share: {points: 5}\n    like-given: {points: 1}\n    like-received: {points: 2}\n"
    "benefits:\n"
    "  - {id: plan, title: 共读计划表, kind: link, value: 'https://example.com/plan'}\n"
    "  - {id: mark, title: 书签, price: 3, kind: link, value: 'https://example.com/mark'}\n"
    "  - {id: lamp, title: 台灯, price: 500, kind: link, value: 'https://example.com/lamp'}\n"
)

Story = Callable[[Live], Awaitable[None]]


def told(folder: Path, story: Story, *groups: str) -> None:
    """Run the story where members can reach the program by a public address."""

    async def with_address(live: Live) -> None:
        await live.stop()
        live.settings = replace(live.settings, public_url=PUBLIC)
        await live.again()
        await live.speak("li", "早上好")
        await live.speak("wang", "分享 <b>夜航船</b> 读后：一晚上读完了张岱的笔记，值得")
        await live.settle()
        await story(live)

    play(folder, bindings(*(groups or (ALPHA,))), with_address, pack(more=MORE))


async def address(live: Live, userid: str = "li") -> str:
    """The path of the page that the bot tells somebody in private."""
    await live.speak(userid, "我的主页", None)
    await live.settle()
    return re.findall(rf"{PUBLIC}(/m/\S+)", "\n".join(live.shown()))[-1]


async def look(live: Live, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Open the page, or send a form to it."""
    url = f"{live.sandbox.caller.bot_url}{path}"
    method = "GET" if form is None else "POST"
    async with live.client.request(method, url, data=form) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        return answer.status, await answer.text()


def forms(page: str) -> list[dict[str, str]]:
    """The forms of a page, each as what it would send."""
    found = re.findall(r"<form.*?</form>", page, re.DOTALL)
    fields = (re.findall(r'name="(\w+)" value="(.*?)"', each) for each in found)
    return [{name: html.unescape(value) for name, value in each} for each in fields]


def form(page: str, do: str, argument: str) -> dict[str, str]:
    return next(each for each in forms(page) if (each["do"], each["argument"]) == (do, argument))


async def person(live: Live, userid: str) -> Person:
    (found,) = await live.rows(Person, userid=userid)
    return found


def test_a_member_sees_how_they_stand_and_what_they_may_do(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        status, page = await look(live, await address(live))
        assert status == 200
        shown = html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]))
        for words in (
            "成员 01",
            "书友会",
            "共读计划表",
            "500 积分，还差 499 分",
            "成员 02",
            "夜航船",
        ):
            assert words in shown
        assert "<b>" not in page
        assert {(each["do"], each["argument"]) for each in forms(page)} == {
            ("claim", "plan"), ("like", "1"),
        }  # fmt: skip
        assert await live.rows(DeadEvent) == []

    told(tmp_path, story)


def test_what_is_pressed_is_done_once_and_answered_on_the_page_alone(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        path = await address(live)
        page = (await look(live, path))[1]
        told_before = len(live.shown())
        pressed = form(page, "like", "1")
        for _ in range(2):  # sent again, as a browser does when a page is loaded anew
            status, page = await look(live, path, pressed)
            assert status == 200
            assert "点了个赞" in re.findall(r'class="told" role="status">(.*?)<', page)[0]
        (like,) = await live.rows(Like)
        assert like.status == "counted"
        assert "已赞" in page
        assert not [each for each in forms(page) if each["do"] == "like"]
        await live.skip(MINUTE)
        await live.settle()
        assert len(live.shown()) == told_before
        assert {each.status for each in await live.rows(Outgoing, channel="page")} == {"sent"}

    told(tmp_path, story)


def test_a_benefit_is_redeemed_for_its_price_and_never_twice_at_once(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        for said in ("今天读到第三章了", "作者的比喻真好", "晚上继续读下一章吧"):
            await live.speak("li", said)
        await live.settle()
        path = await address(live)
        before = (await person(live, "li")).balance
        pressed = form((await look(live, path))[1], "redeem", "mark")
        found = await asyncio.gather(*(look(live, path, pressed) for _ in range(8)))
        assert all("https://example.com/mark" in page for _, page in found)
        assert (await person(live, "li")).balance == before - 3
        assert len(await live.rows(Claim)) == 1

    told(tmp_path, story)


@pytest.mark.parametrize(
    "changed",
    [
        {"do": "award"}, {"do": "points"}, {"do": ""}, {"argument": ""}, {"argument": "1" * 201},
        {"argument": "1\n移出 @王五"}, {"once": "short"}, {"once": "é" * 22}, {"once": ""},
    ],
)  # fmt: skip
def test_no_other_command_is_given_by_a_page(tmp_path: Path, changed: dict[str, str]) -> None:
    async def story(live: Live) -> None:
        path = await address(live)
        pressed = form((await look(live, path))[1], "like", "1")
        status, page = await look(live, path, pressed | changed)
        assert status == 200
        assert 'class="told"' not in page
        assert await live.rows(Like) == []
        assert await live.rows(DeadEvent) == []

    told(tmp_path, story)


def test_a_page_is_over_after_a_day_and_for_who_has_left(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        path, other = await address(live), await address(live, "wang")
        await live.skip(own_page.LIFE_MS)
        status, page = await look(live, path)
        assert (status, "过期了" in page) == (410, True)
        pressed = {"do": "like", "argument": "1", "group": "alpha", "once": "a" * 22}
        assert (await look(live, other, pressed))[0] == 410
        assert await live.rows(Like) == []
        assert own_page.LIFE_MS == DAY

    told(tmp_path, story)


def test_a_new_address_ends_the_one_before(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        before, other = await address(live), await address(live, "wang")
        await live.skip(MINUTE)
        now = await address(live)
        assert [(await look(live, each))[0] for each in (before, now, other)] == [410, 200, 200]

    told(tmp_path, story)


def test_who_guesses_keys_sees_nothing_and_has_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "UNKNOWN_PER_MINUTE", 3)

    async def story(live: Live) -> None:
        path = await address(live)
        forged = path[:-1] + ("A" if path[-1] != "A" else "Q")
        found = [(await look(live, forged))[0] for _ in range(5)]
        assert found == [404, 404, 404, 429, 429]

    told(tmp_path, story)


def test_what_is_no_small_form_is_refused(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        url = f"{live.sandbox.caller.bot_url}{await address(live)}"
        large = {"data": b"do=" + b"x" * 5_000, "headers": {"Content-Type": FORM}}
        async with live.client.post(url, **large) as answer:
            assert answer.status == 413
        async with live.client.post(url, json={"do": "like"}) as answer:
            assert answer.status == 415
        packed = {"Content-Type": FORM, "Content-Encoding": "gzip"}
        async with live.client.post(
            url, data=gzip.compress(b"a&" * 9_000), headers=packed
        ) as answer:
            assert answer.status == 415
        for odd in (f"{FORM}; charset=bogus", f"{FORM}; charset=utf-16"):
            async with live.client.post(
                url, data=b"do=\xff&\xfe", headers={"Content-Type": odd}
            ) as answer:
                assert answer.status == 200
        assert await live.rows(DeadEvent) == []

    told(tmp_path, story)


def test_where_there_are_several_groups_the_right_one_is_meant(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "二群的大家好", "beta")
        await live.speak("zhao", "分享 二群的书单整理好了，一共十二本", "beta")
        await live.settle()
        path = await address(live)
        page = (await look(live, path))[1]
        pressed = next(each for each in forms(page) if each["group"] == "beta")
        status, page = await look(live, path, pressed)
        assert (status, "点了个赞" in page) == (200, True)
        (like,) = await live.rows(Like)
        assert like.group == "beta"

    told(tmp_path, story, ALPHA, BETA)


def test_a_press_that_dies_is_kept_and_said_kindly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise ZeroDivisionError

    async def story(live: Live) -> None:
        path = await address(live)
        pressed = form((await look(live, path))[1], "like", "1")
        monkeypatch.setattr("handlers.likes.liking.give", dies)
        status, page = await look(live, path, pressed)
        assert (status, "这次没有成功" in page) == (200, True)
        (dead,) = await live.rows(DeadEvent)
        assert "ZeroDivisionError" in dead.error
        assert "这次没有成功" in (await look(live, path, pressed))[1]
        monkeypatch.undo()
        await live.stop()
        assert [each[1] for each in maintenance.replay_dead(live.settings)] == ["handled"]
        await live.again()
        await live.skip(MINUTE)
        assert "点了个赞" in live.seen("dm")[-1]

    told(tmp_path, story)


def test_a_like_that_was_taken_back_is_none(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        path = await address(live)
        await look(live, path, form((await look(live, path))[1], "like", "1"))
        await live.speak("li", "取消赞 1")
        await live.settle()
        page = (await look(live, path))[1]
        assert "已赞" not in page
        assert not [each for each in forms(page) if each["do"] == "like"]

    told(tmp_path, story)


def test_an_address_that_does_not_arrive_is_nobody_elses(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.corp.failures.order("message/send", Failure(errcode=81013), times=9)
        await live.speak("li", "我的主页")
        await live.settle()
        assert [each.body["confidential"] for each in await live.rows(Outgoing, status="failed")]
        assert await live.tasks() == []

    told(tmp_path, story)


def test_where_no_address_is_set_the_words_name_the_commands(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "早上好")
        await live.speak("li", "我的主页", None)
        await live.settle()
        assert "还没有开通个人主页" in live.shown()[-1]

    play(tmp_path, bindings(ALPHA), story, pack(more=MORE))
